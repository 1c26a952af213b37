"""A small computation with the installed package, to try a wheel where no tests are installed.

usage: python installed_wheel.py
"""

import numpy as np

import stratem

system = stratem.System(10.0, np.geomspace(1e-5, 1e-3, 11), height=30.0)
plan = stratem.Plan(system, tolerance=1e-2, resistivity_range=(1.0, 1000.0), layers=5, cache="none")
resistivity = 10 ** np.random.default_rng(1).uniform(0.1, 2.9, (20, 3))
responses = plan.forward(resistivity, [20.0, 50.0])
exact = plan.forward(resistivity, [20.0, 50.0], backend="reference")
print(stratem.__version__, plan, responses)
np.testing.assert_allclose(responses.values, exact.values, rtol=1e-2)
