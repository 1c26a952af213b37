"""Converts callers' arguments to arrays that the extension takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stratem.errors import InputError, UnavailableError

FloatArray = NDArray[np.float64]

_ON_HOST = (1, 3)  # DLPack's numbers for memory of the host, and for pinned memory of the host
_ITEM = np.dtype(np.float64).itemsize


def is_on_device(value: Any) -> bool:
    """Whether the value is an array in a device's memory."""
    if isinstance(value, np.ndarray):
        return False
    if hasattr(value, "__dlpack_device__"):
        return value.__dlpack_device__()[0] not in _ON_HOST
    return hasattr(value, "__cuda_array_interface__")


def _refuse_device_arrays(name: str, value: Any) -> None:
    if is_on_device(value):
        raise UnavailableError(
            f"{name}: an array in a device's memory, allowed are arrays on the host"
        )


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def numbers(name: str, value: ArrayLike) -> FloatArray:
    """The value as an array of float64; an array that is one already is not copied."""
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        array = value
    else:
        _refuse_device_arrays(name, value)
        try:
            array = np.asarray(value)
        except Exception as error:  # whatever the value's own conversion raises
            raise InputError(f"{name}: not an array of numbers ({first_line(error)})") from error
        if array.dtype.kind not in "fiu" and (array.size > 0 or array.dtype.kind != "O"):
            raise InputError(f"{name}: an array of {array.dtype}, allowed are numbers")
        array = array.astype(np.float64, copy=False)
    if not array.flags.aligned or any(stride % _ITEM for stride in array.strides):
        array = array.copy()
    return array


def finite(name: str, value: Any) -> float:
    """One finite number."""
    array = numbers(name, value)
    if array.ndim != 0:
        raise InputError(f"{name}: shape is {list(array.shape)}, allowed is one number")
    number = float(array)
    if not np.isfinite(number):
        raise InputError(f"{name}: {number}, allowed is a finite number")
    return number


def finite_list(name: str, value: ArrayLike) -> list[float]:
    """A list of finite numbers."""
    array = numbers(name, value)
    if array.ndim != 1:
        raise InputError(f"{name}: shape is {list(array.shape)}, allowed is one dimension")
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size > 0:
        raise InputError(f"{name}[{bad[0]}]: {array[bad[0]]}, allowed is a finite number")
    return [float(number) for number in array]


def is_list_of_rows(value: Any) -> bool:
    """Whether the value is a list or tuple of arrays, lists or tuples."""
    return (
        isinstance(value, (list, tuple))
        and len(value) > 0
        and all(
            isinstance(row, (list, tuple)) or (isinstance(row, np.ndarray) and row.ndim == 1)
            for row in value
        )
    )


def pack_rows(
    name: str, rows: Sequence[ArrayLike], lengths: NDArray[np.intp], width: int
) -> FloatArray:
    """Rows of these lengths, one below the other, filled up with NaN to `width`."""
    if len(rows) != len(lengths):
        raise InputError(
            f"{name}: {len(rows)} models, allowed are {len(lengths)} as in resistivity"
        )
    arrays = [numbers(f"{name}[{i}]", row) for i, row in enumerate(rows)]
    for i, array in enumerate(arrays):
        if array.shape != (lengths[i],):
            raise InputError(
                f"{name}[{i}]: shape is {list(array.shape)}, allowed is [{lengths[i]}]"
            )
    packed = np.full((len(rows), width), np.nan)
    if arrays:
        packed[np.arange(width) < lengths[:, None]] = np.concatenate(arrays)
    return packed
