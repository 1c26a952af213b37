"""stratem as a method of the package integrate-module."""

from __future__ import annotations

import functools
import importlib
import os
from typing import Any

from stratem._optional import optional
from stratem.integrate._forward import forward
from stratem.integrate._prior_data import prior_data

_METHOD = "stratem"
_VARIABLE = "EM_FORWARD_METHOD"


def _is_asked_for(method: Any) -> bool:
    asked = os.environ.get(_VARIABLE, "").strip() if method is None else method
    return str(asked).lower() == _METHOD


def register() -> None:
    """Makes `method="stratem"` and EM_FORWARD_METHOD=stratem work in the package integrate-module.

    `integrate.forward_em` and `integrate.prior_data_em` then call `forward` and `prior_data` of
    this module where the method is stratem, and do what they did before otherwise. Nothing is
    written to the package's files, and calling this twice does no harm. Names that were taken from
    the package before, by `from integrate import prior_data_em`, are not changed.

    Raises
    ------
    UnavailableError
        If the package is not installed.
    """
    inner: Any = optional("integrate.integrate", "the package integrate-module is not installed")
    outer: Any = importlib.import_module("integrate")
    if getattr(inner.prior_data_em, "calls_stratem", False):
        return
    theirs_forward, theirs_prior_data = inner.forward_em, inner.prior_data_em

    @functools.wraps(theirs_forward)
    def forward_em(
        M: Any, thickness: Any, file_gex: Any = None, method: Any = None, **others: Any
    ) -> Any:
        if _is_asked_for(method):
            return forward(M, thickness, file_gex, **others)
        return theirs_forward(M, thickness, file_gex, method, **others)

    @functools.wraps(theirs_prior_data)
    def prior_data_em(
        f_prior_h5: Any, file_gex: Any = None, method: Any = None, device: Any = None, **others: Any
    ) -> Any:
        if not _is_asked_for(method):
            return theirs_prior_data(f_prior_h5, file_gex, method, device, **others)
        path = prior_data(f_prior_h5, file_gex, device=device, **others)
        inner.integrate_update_prior_attributes(path)
        return path

    prior_data_em.calls_stratem = True  # type: ignore[attr-defined]
    for module in (inner, outer):
        module.forward_em = forward_em
        module.prior_data_em = prior_data_em
