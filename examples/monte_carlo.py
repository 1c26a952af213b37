"""Uncertainty of a sounding: percentiles of the responses of 100,000 models of three layers.

usage: python monte_carlo.py [PICTURE]
"""

import sys

import matplotlib
import numpy as np

import stratem
from stratem import plot

matplotlib.use("Agg")

MODELS = 100_000


def random_models(count: int) -> stratem.Models:
    """Resistivities log-normal around 100 ohm-m, thicknesses normal around 30 and 70 m."""
    rng = np.random.default_rng(42)
    resistivity = 10 ** rng.normal(2.0, 0.5, (count, 3))
    thickness = rng.normal([30.0, 70.0], [5.0, 10.0], (count, 2))
    return stratem.Models(resistivity, thickness)


def main(picture: str) -> None:
    system = stratem.System(10.0, np.geomspace(1e-5, 1e-2, 31), name="loop of 10 m radius")
    plan = stratem.Plan(system, tolerance=1e-3, progress=True)
    responses = plan.forward(random_models(MODELS), out_of_range="reference", progress=True)
    found = responses.statistics([10, 50, 90])
    print("time (s)      p10           median        p90")
    for gate in range(0, plan.gates, 10):
        numbers = [plan.times[gate], *found.percentile[:, gate]]
        print("  ".join(f"{number:.4e}" for number in numbers))
    axes = plot.soundings(responses)
    axes.set_title(f"{len(responses):,} models of three layers")
    axes.get_figure().savefig(picture, dpi=120)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "monte_carlo.png")
