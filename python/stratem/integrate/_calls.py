"""The package's calls: keywords that its methods share, and its callbacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

#: Called with the numbers of models done and in all, and a dict of a phase and a status.
Callback = Callable[[int, int, dict[str, str]], Any]

# Keywords of the package's methods about their numerics, which mean nothing here.
_OF_OTHER_METHODS = frozenset(
    {
        "Nfreq",
        "Nhank",
        "altitude_bin_width",
        "batch_size",
        "calibration",
        "calibration_factor",
        "calibration_reference",
        "calibration_tol",
        "doCompress",
        "gate_integration",
        "gate_quad",
        "hankel_filter",
        "n_points_per_path",
        "parallel",
        "showtime",
        "time_filter",
    }
)


def refuse_unknown(given: Mapping[str, Any]) -> None:
    """TypeError for keywords that none of the package's methods has."""
    unknown = sorted(set(given) - _OF_OTHER_METHODS)
    if unknown:
        raise TypeError(f"unexpected keyword {unknown[0]!r}")


def tell(callback: Callback | None, done: int, total: int, phase: str, status: str) -> None:
    """Calls a callback of the package's kind, whose faults never end a computation."""
    if callback is None:
        return
    try:
        callback(done, total, {"phase": phase, "status": status})
    except Exception:
        return
