"""Many models at once, on all cores."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stratem._arrays import FloatArray
from stratem.models import Models
from stratem.tem1d._survey import Survey, make_survey
from stratem.tem1d.api import run_tem1d
from stratem.tem1d.models import (
    EarthModel,
    Instrument,
    ResponseConfig,
    TEM1DResult,
    result_metadata,
)
from stratem.tem1d.validation import validate_earth_model, validate_instrument

__all__ = ["adaptive_chunk_size", "compute_chunk", "parallel_tem1d", "worker_init"]

_CHUNKS_PER_WORKER = 10
_SMALLEST_CHUNK = 100
_ROUND_TO = 50


def worker_init() -> None:
    """For the pools of scripts that name it. A process needs no preparation."""


def compute_chunk(
    args: tuple[int, Sequence[ArrayLike], Sequence[ArrayLike], float],
) -> tuple[int, list[TEM1DResult | None]]:
    """Computes (chunk index, resistivities, depths, transmitter area) one model after another, for
    the pools of scripts. Returns the index and the results, None for a model that failed."""
    index, resistivities, depths, tx_area = args
    results: list[TEM1DResult | None] = []
    for number, resistivity in enumerate(resistivities):
        try:
            results.append(run_tem1d(resistivity, depths[number], tx_area=tx_area))
        except (ValueError, TypeError, IndexError) as error:
            _report(number, index, str(error))
            results.append(None)
    return index, results


def parallel_tem1d(
    resistivities_all: ArrayLike | Sequence[ArrayLike],
    depths_all: ArrayLike | Sequence[ArrayLike],
    tx_area: float = 314.16,
    n_workers: int | None = None,
    chunk_size: int = 500,
    verbose: bool = True,
) -> list[TEM1DResult | None]:
    """Computes the step responses of many models in one call.

    Parameters
    ----------
    resistivities_all, depths_all : array_like, shape (models, layers), or lists of models
        As in `run_tem1d`.
    tx_area : float
        Area of the circular transmitter in m^2.
    n_workers : int, optional
        Number of threads. Default: one for every core.
    chunk_size : int
        Models are numbered by chunks of this size in messages.
    verbose : bool
        Whether progress is printed.

    Returns
    -------
    list of TEM1DResult
        In the order of the models. A model that fails is None, and a line on stderr says why.
    """
    survey = _step_survey(tx_area)
    count = len(resistivities_all)  # type: ignore[arg-type]
    threads = n_workers or os.cpu_count() or 1
    if verbose:
        print(f"Computing {count} models with {threads} threads")
    results: list[TEM1DResult | None] = [None] * count
    arrays = _as_arrays(resistivities_all, depths_all)
    if arrays is not None:
        _compute_arrays(survey, *arrays, threads, chunk_size, results)
    else:
        _compute_rows(survey, resistivities_all, depths_all, threads, chunk_size, results)
    if verbose:
        failed = sum(result is None for result in results)
        print(f"Computed {count - failed} models" + (f", {failed} failed" if failed else ""))
    return results


def adaptive_chunk_size(n_models: int, n_workers: int) -> int:
    """About ten chunks for each worker, of 100 models or more, to the nearest 50.

    Examples
    --------
    >>> adaptive_chunk_size(10000, 8)
    150
    >>> adaptive_chunk_size(1000, 4)
    100
    """
    size = max(_SMALLEST_CHUNK, n_models // (_CHUNKS_PER_WORKER * n_workers))
    return (size + _ROUND_TO // 2) // _ROUND_TO * _ROUND_TO


def _report(number: int, chunk: int, reason: str) -> None:
    print(f"Warning: Model {number} in chunk {chunk} failed: {reason}", file=sys.stderr)


def _step_survey(tx_area: float) -> Survey:
    instrument = Instrument(tx_area)
    validate_instrument(instrument)
    return make_survey(instrument, None, ResponseConfig(), None, polarizable=False)


def _as_arrays(resistivities: Any, depths: Any) -> tuple[FloatArray, FloatArray] | None:
    """Arrays of the same shape, or None where models have different numbers of layers."""
    try:
        rho = np.asarray(resistivities, dtype=np.float64)
        depth = np.asarray(depths, dtype=np.float64)
    except (ValueError, TypeError):
        return None
    return (rho, depth) if rho.ndim == 2 and rho.shape == depth.shape else None


def _store(
    survey: Survey,
    models: Models,
    numbers: NDArray[np.intp],
    layers: Sequence[int],
    threads: int,
    chunk_size: int,
    results: list[TEM1DResult | None],
) -> None:
    """Computes models and stores their results under their numbers."""
    responses = survey.forward(models, threads=threads)
    assert responses is not None
    failed = responses.status.tolist()
    times = np.tile(survey.times, (len(models), 1))
    for row, number in enumerate(numbers.tolist()):
        if failed[row]:
            reason = str(responses.reasons[row])
            _report(number % chunk_size, number // chunk_size, reason)
        else:
            results[number] = TEM1DResult(
                times[row], responses.values[row], None, result_metadata(layers[row])
            )


def _compute_arrays(
    survey: Survey,
    rho: FloatArray,
    depth: FloatArray,
    threads: int,
    chunk_size: int,
    results: list[TEM1DResult | None],
) -> None:
    # NaN is a fault here, not the end of a model.
    finite = np.isfinite(rho).all(axis=1) & np.isfinite(depth).all(axis=1)
    for number in np.flatnonzero(~finite).tolist():
        _report(number % chunk_size, number // chunk_size, "All values must be finite")
    good = np.flatnonzero(finite)
    if good.size == 0:
        return
    whole = good.size == len(rho)
    models = Models(rho if whole else rho[good], depth=depth if whole else depth[good])
    layers = [rho.shape[1]] * good.size
    _store(survey, models, good, layers, threads, chunk_size, results)


def _compute_rows(
    survey: Survey,
    resistivities: Any,
    depths: Any,
    threads: int,
    chunk_size: int,
    results: list[TEM1DResult | None],
) -> None:
    rho, depth, numbers = [], [], []
    for number, resistivity in enumerate(resistivities):
        try:
            model = EarthModel(resistivity, depths[number])
            validate_earth_model(model)
        except (ValueError, TypeError, IndexError) as error:
            _report(number % chunk_size, number // chunk_size, str(error))
            continue
        rho.append(model.resistivities)
        depth.append(model.depths)
        numbers.append(number)
    if not numbers:
        return
    models = Models(rho, depth=depth)
    layers = [len(row) for row in rho]
    _store(survey, models, np.array(numbers, dtype=np.intp), layers, threads, chunk_size, results)
