"""The ways in which scripts compute many models with pytem1d's `parallel_utils`: each works here
when its imports are changed."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from stratem.tem1d import TEM1DResult, _survey, run_tem1d
from stratem.tem1d.core import load_library
from stratem.tem1d.parallel_utils import (
    adaptive_chunk_size,
    compute_chunk,
    parallel_tem1d,
    worker_init,
)

pytestmark = pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"
)


@pytest.fixture(scope="module")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("quick_plans"))


@pytest.fixture
def quick_plans(own_cache: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Plans of one decade of time and 1e-2, which take over after ten models."""
    monkeypatch.setenv("STRATEM_CACHE", own_cache)
    monkeypatch.setattr(_survey, "MODELS_BEFORE_PLAN", 10)
    monkeypatch.setattr(_survey, "TOLERANCE", 1e-2)
    monkeypatch.setattr(_survey, "_FIRST_TIME", 1e-5)
    monkeypatch.setattr(_survey, "_DECADES", 1.0)
    _survey._cached.cache_clear()
    yield
    _survey._cached.cache_clear()


def random_models(count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(11)
    depths = np.zeros((count, 3))
    depths[:, 1:] = np.cumsum(rng.uniform(5.0, 50.0, (count, 2)), axis=1)
    return 10 ** rng.uniform(0, 3, (count, 3)), depths


def in_chunks(resistivities: np.ndarray, depths: np.ndarray, size: int) -> list[tuple[Any, ...]]:
    starts = range(0, len(resistivities), size)
    return [
        (number, resistivities[start : start + size], depths[start : start + size], 314.16)
        for number, start in enumerate(starts)
    ]


def test_quick_start(capsys):
    results = parallel_tem1d(*random_models(20), n_workers=2, chunk_size=5, verbose=True)
    assert len(results) == 20
    assert all(isinstance(result, TEM1DResult) for result in results)
    assert {result.responses.shape for result in results} == {(71,)}
    assert "20 models with 2 threads" in capsys.readouterr().out


def test_strategy_chunk_sizes_change_no_result():
    models = random_models(20)
    automatic = adaptive_chunk_size(len(models[0]), multiprocessing.cpu_count())
    expected = parallel_tem1d(*models, chunk_size=automatic, verbose=False)
    for size in (1, 7, 1000):
        start = time.time()
        results = parallel_tem1d(*models, chunk_size=size, verbose=False)
        assert time.time() > start
        for result, other in zip(results, expected, strict=True):
            np.testing.assert_array_equal(result.responses, other.responses)


def test_strategy_few_models_one_after_another():
    resistivities, depths = random_models(5)
    many = parallel_tem1d(resistivities, depths, verbose=False)
    few = [run_tem1d(rho, depth) for rho, depth in zip(resistivities, depths, strict=True)]
    for one, other in zip(few, many, strict=True):
        np.testing.assert_array_equal(one.responses, other.responses)


def initialize_with_library() -> None:
    os.environ["WORKER_ID"] = str(os.getpid())
    assert load_library() is not None


@pytest.mark.parametrize("initializer", [worker_init, initialize_with_library])
def test_strategy_a_pool_of_ones_own(initializer):
    resistivities, depths = random_models(10)
    chunks = in_chunks(resistivities, depths, 3)
    with multiprocessing.Pool(2, initializer=initializer) as pool:
        computed = sorted(pool.imap_unordered(compute_chunk, chunks))
    results = [result for _, chunk in computed for result in chunk]
    assert len(results) == 10
    np.testing.assert_array_equal(
        results[9].responses, run_tem1d(resistivities[9], depths[9]).responses
    )


def test_monte_carlo_has_the_percentiles_of_single_models(quick_plans, monkeypatch):
    rng = np.random.default_rng(42)
    count = 2000
    resistivities = 10 ** rng.normal(2.0, 0.5, (count, 3))
    thicknesses = np.abs(rng.normal([30.0, 70.0], [5.0, 10.0], (count, 2)))
    depths = np.zeros((count, 3))
    depths[:, 1] = thicknesses[:, 0]
    depths[:, 2] = thicknesses[:, 0] + thicknesses[:, 1]
    results = parallel_tem1d(resistivities, depths, n_workers=2, chunk_size=1000, verbose=False)
    responses = np.array([result.responses for result in results])
    assert responses.shape == (count, 11)
    p10, median, p90 = np.percentile(responses, [10, 50, 90], axis=0)
    assert (p10 < median).all() and (median < p90).all()
    _survey._cached.cache_clear()
    near = np.argsort(responses[:, 5])[count // 2]
    monkeypatch.setenv("STRATEM_CACHE", "none")  # one model is then computed by the reference
    exact = run_tem1d(resistivities[near], depths[near])
    np.testing.assert_allclose(responses[near], exact.responses, rtol=1e-2)
    np.testing.assert_allclose(median[5], exact.responses[5], rtol=3e-2)


def test_parameter_grids_keep_their_order(quick_plans):
    axes = (np.logspace(1, 3, 5), np.logspace(0, 2, 4), np.linspace(10.0, 100.0, 3))
    rho1, rho2, thickness = (values.ravel() for values in np.meshgrid(*axes, indexing="ij"))
    results = parallel_tem1d(
        np.column_stack([rho1, rho2]),
        np.column_stack([np.zeros(60), thickness]),
        chunk_size=7,
        verbose=False,
    )
    grid = np.array([result.responses for result in results]).reshape(5, 4, 3, -1)
    one = parallel_tem1d([[axes[0][3], axes[1][1]]], [[0.0, axes[2][2]]], verbose=False)[0]
    np.testing.assert_array_equal(grid[3, 1, 2], one.responses)
    assert (grid[1:, 0, 0, 0] < grid[:-1, 0, 0, 0]).all()  # early fields of resistive ground


def test_increments_are_saved_and_read_again(tmp_path):
    resistivities, depths = random_models(10)
    for first in range(0, 10, 4):
        some = slice(first, first + 4)
        batch = parallel_tem1d(resistivities[some], depths[some], verbose=False)
        np.savez(tmp_path / f"batch_{first}.npz", results=batch)
    again = [
        result
        for first in range(0, 10, 4)
        for result in np.load(tmp_path / f"batch_{first}.npz", allow_pickle=True)["results"]
    ]
    expected = parallel_tem1d(resistivities, depths, verbose=False)
    assert len(again) == 10
    for result, other in zip(again, expected, strict=True):
        np.testing.assert_array_equal(result.responses, other.responses)
        assert result.metadata == other.metadata


def compute_and_count(arguments: tuple[Any, ...]) -> tuple[int, list[TEM1DResult | None]]:
    *chunk, progress = arguments
    done = compute_chunk(tuple(chunk))
    progress[chunk[0]] = len(chunk[1])
    return done


def test_progress_is_counted_while_a_pool_computes():
    resistivities, depths = random_models(12)
    with multiprocessing.Manager() as manager, multiprocessing.Pool(2) as pool:
        progress = manager.dict()
        chunks = [(*chunk, progress) for chunk in in_chunks(resistivities, depths, 3)]
        pending = pool.map_async(compute_and_count, chunks)
        seen = [0]
        while not pending.ready():
            seen.append(sum(progress.values()))
            time.sleep(0.01)
        assert seen == sorted(seen)
        assert sum(progress.values()) == 12
        assert [index for index, _ in pending.get()] == [0, 1, 2, 3]


@pytest.mark.parametrize("by_plan", [False, True])
def test_parallel_and_sequential_results_are_the_same(by_plan, request):
    if by_plan:
        request.getfixturevalue("quick_plans")
        parallel_tem1d(*random_models(20), verbose=False)  # the plan takes over
    resistivities, depths = random_models(15)
    sequential = [run_tem1d(resistivities[i], depths[i]) for i in range(10)]
    parallel = parallel_tem1d(resistivities, depths, verbose=False)
    for one, other in zip(sequential, parallel[:10], strict=True):
        np.testing.assert_array_equal(one.responses, other.responses)
