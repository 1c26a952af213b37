"""Statistics of responses, gate by gate over the models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stratem import _core
from stratem._arrays import FloatArray, finite_list, numbers
from stratem.errors import InputError

if TYPE_CHECKING:
    from stratem.responses import Responses

__all__ = ["EnsembleStatistics", "ResponseStatistics", "statistics"]

DEFAULT_PERCENTILES = (10.0, 50.0, 90.0)


@dataclass(frozen=True, eq=False)
class ResponseStatistics:
    """Statistics over the models whose status is ok; NaN at gates without such a model.

    Attributes
    ----------
    models : int
        All models of the ensemble.
    failed : int
        Those left out because their status is not ok.
    counted : ndarray, shape (gates,)
        Models that count for a gate.
    percentiles : ndarray, shape (percentiles,)
        As asked for, 0 to 100.
    percentile : ndarray, shape (percentiles, gates)
    percentile_error : float
        0 if percentiles are exact. Otherwise the largest relative error of each of the two sorted
        responses that a percentile lies between.
    mean, standard_deviation : ndarray, shape (gates,)
    """

    models: int
    failed: int
    counted: NDArray[np.int64]
    percentiles: FloatArray
    percentile: FloatArray
    percentile_error: float
    mean: FloatArray
    standard_deviation: FloatArray


def _responses(
    values: ArrayLike | Responses, status: ArrayLike | None
) -> tuple[FloatArray, NDArray[np.uint8]]:
    from stratem.responses import Responses

    if isinstance(values, Responses):
        return values.values, values.status
    array = numbers("values", values)
    if array.ndim != 2:
        raise InputError(f"values: shape is {list(array.shape)}, allowed is [models, gates]")
    return array, _statuses(status, len(array))


def _statuses(status: ArrayLike | None, models: int) -> NDArray[np.uint8]:
    if status is None:
        return np.zeros(models, dtype=np.uint8)
    array = np.asarray(status)
    if array.dtype != np.uint8:
        raise InputError(f"status: an array of {array.dtype}, allowed is uint8")
    return np.ascontiguousarray(array)


def statistics(
    values: ArrayLike | Responses,
    status: ArrayLike | None = None,
    percentiles: Sequence[float] = DEFAULT_PERCENTILES,
) -> ResponseStatistics:
    """Exact statistics of responses.

    Parameters
    ----------
    values : Responses, or array_like of shape (models, gates)
    status : array_like of uint8, shape (models,), optional
        0 for models that count. Without it all count. `Responses` have their own status.
    percentiles : sequence of float
        0 to 100, interpolated linearly between sorted responses.
    """
    array, statuses = _responses(values, status)
    return ResponseStatistics(
        **_core.statistics(array, statuses, finite_list("percentiles", percentiles))
    )


class EnsembleStatistics:
    """Statistics of responses that are added batch by batch, in bounded memory.

    As long as the responses fit into `memory` bytes the results are exact; once they do not,
    percentiles have a relative error of at most 2^-13. `Plan.accumulate` adds responses without
    keeping them.

    Parameters
    ----------
    gates : int
    memory : int
        Bytes of responses that are kept, 0 or above.
    """

    def __init__(self, gates: int, memory: int = _core.default_statistics_memory) -> None:
        self._native = _core.EnsembleStatistics(gates, memory)

    @property
    def gates(self) -> int:
        """Gates of the responses that can be added."""
        return self._native.gates

    @property
    def models(self) -> int:
        """Models added so far."""
        return self._native.models

    def add(self, values: ArrayLike | Responses, status: ArrayLike | None = None) -> None:
        """Adds responses, shape (models, gates), with a status for each model."""
        self._native.add(*_responses(values, status))

    def merge(self, other: EnsembleStatistics) -> None:
        """Adds all responses of another object."""
        self._native.merge(other._native)

    def result(self, percentiles: Sequence[float] = DEFAULT_PERCENTILES) -> ResponseStatistics:
        """The statistics of all responses added so far."""
        facts: dict[str, Any] = self._native.result(finite_list("percentiles", percentiles))
        return ResponseStatistics(**facts)
