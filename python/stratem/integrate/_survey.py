"""The survey of a .gex file as INTEGRATE's methods read it, and its plan."""

from __future__ import annotations

import functools
import json
import math
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from stratem._arrays import FloatArray
from stratem.errors import InputError, IoError
from stratem.plan import Plan
from stratem.system import System

#: Largest relative error of a response.
TOLERANCE = 1e-4

#: Height of the transmitter in m under which the package computes an airborne survey without one.
AIRBORNE_HEIGHT = 40.0

# Every plan covers these resistivities in ohm-m, so that most priors share one plan.
_RESISTIVITIES = (0.1, 10000.0)

_COIL_FILTERS = ("first-order", "second-order")

_BACKENDS = ("cpu", "cuda", "reference")

AnyPath = str | os.PathLike[str]
Pair = tuple[float, float]


def read_system(file_gex: AnyPath | None, height: float | None, coil_filter: str) -> System:
    """The system of a .gex file; of height None if every model brings its own."""
    if file_gex is None:
        raise InputError("file_gex: not given, allowed is the path of a .gex file")
    if coil_filter not in _COIL_FILTERS:
        raise InputError(f"coil_filter: {coil_filter!r}, allowed is one of {_COIL_FILTERS}")
    system = System.from_gex(file_gex, transmitter_height=height)
    return system if coil_filter == "second-order" else _with_first_order_coils(system)


def _with_first_order_coils(system: System) -> System:
    """RxCoilLPFilter's first number taken as an order, not as the damping of a second-order coil"""
    facts = json.loads(system.to_json())
    for moment in facts["moments"]:
        filters = []
        for low_pass in moment.get("low_pass", []):
            if "damping" in low_pass:
                low_pass["order"] = round(low_pass.pop("damping"))
            if low_pass["order"] > 0:
                filters.append(low_pass)
        moment["low_pass"] = filters
    return System.from_json(json.dumps(facts))


def default_height(file_gex: AnyPath) -> float:
    """The height in m of a transmitter whose position the file has, otherwise AIRBORNE_HEIGHT."""
    try:
        lines = Path(file_gex).read_text(errors="replace").splitlines()
    except OSError as error:
        raise IoError(f"{os.fspath(file_gex)}: cannot be opened ({error})") from None
    for line in lines:
        key, _, value = line.partition("=")
        if key.strip() == "TxCoilPosition1":
            return -float(value.split()[2])  # z is positive downwards
    return AIRBORNE_HEIGHT


def _round_outward(value: float, to_whole: Callable[[float], int]) -> float:
    """The value with two digits, so that similar priors share a plan."""
    if value <= 0.0:
        return value
    exponent = math.floor(math.log10(value)) - 1
    return float(f"{to_whole(value / 10.0**exponent)}e{exponent}")


class Range:
    """The smallest and the largest of many values; those no model can have are left out."""

    def __init__(self) -> None:
        self._lowest, self._highest = math.inf, -math.inf

    def add(self, values: FloatArray, *, zero_is_allowed: bool = False) -> None:
        good = values[np.isfinite(values) & ((values > 0.0) | ((values == 0.0) & zero_is_allowed))]
        if good.size > 0:
            self._lowest = min(self._lowest, float(good.min()))
            self._highest = max(self._highest, float(good.max()))

    def of_resistivities(self) -> Pair:
        """In ohm-m: _RESISTIVITIES, widened to whole decades where the values go beyond."""
        if self._lowest > self._highest:
            return _RESISTIVITIES
        below = float(f"1e{math.floor(math.log10(self._lowest))}")
        above = float(f"1e{math.ceil(math.log10(self._highest))}")
        return min(_RESISTIVITIES[0], below), max(_RESISTIVITIES[1], above)

    def of_heights(self) -> Pair:
        """In m: both ends rounded outwards, unless all heights are the same."""
        if self._lowest > self._highest:
            return AIRBORNE_HEIGHT, AIRBORNE_HEIGHT
        if self._lowest == self._highest:
            return self._lowest, self._highest
        return _round_outward(self._lowest, math.floor), _round_outward(self._highest, math.ceil)


def range_of(values: FloatArray, *, zero_is_allowed: bool = False) -> Range:
    found = Range()
    found.add(values, zero_is_allowed=zero_is_allowed)
    return found


def _backend(device: str | None) -> str:
    if device is None:
        return "auto"
    backend = str(device)
    if backend not in _BACKENDS:
        raise InputError(f"device: {device!r}, allowed is None or one of {_BACKENDS}")
    return backend


@functools.lru_cache(maxsize=4)
def make_plan(
    system: System,
    tolerance: float,
    resistivities: Pair,
    heights: Pair | None,
    device: str | None,
    threads: int,
) -> Plan:
    return Plan(
        system,
        tolerance,
        resistivity_range=resistivities,
        heights=heights,
        backend=_backend(device),
        threads=threads,
    )
