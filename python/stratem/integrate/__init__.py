"""The data of a prior of INTEGRATE (the package integrate-module), computed by stratem.

>>> import integrate as ig
>>> import stratem.integrate
>>> stratem.integrate.register()
>>> ig.prior_data_em("PRIOR.h5", "system.gex", method="stratem")
"""

from __future__ import annotations

from stratem.integrate._forward import forward
from stratem.integrate._prior_data import prior_data
from stratem.integrate._register import register

__all__ = ["forward", "prior_data", "register"]
