#!/usr/bin/env python3
"""Measures the Python package against pytem1d's own process pool and against the C++ calls; prints Markdown.

Both need to be installed: pip install . and pytem1d==0.1.2. Programs are measured in turn, on the same cores.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import stratem
from stratem.tem1d.parallel_utils import adaptive_chunk_size, parallel_tem1d

AREA = 314.16
TIMES = np.geomspace(1e-8, 1e-1, 71)


def random_models(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Resistivities and depths of models of three layers."""
    rng = np.random.default_rng(1)
    depths = np.zeros((count, 3))
    depths[:, 1:] = np.cumsum(rng.uniform(5.0, 50.0, (count, 2)), axis=1)
    return 10 ** rng.uniform(0.0, 3.0, (count, 3)), depths


def peer_chunk(models: tuple[np.ndarray, np.ndarray]) -> list[object]:
    import pytem1d

    return [pytem1d.run_tem1d(*model, tx_area=AREA) for model in zip(*models, strict=True)]


def peer_rate(models: int, workers: int) -> float:
    """Models a second of pytem1d in a pool of processes, as its parallel_utils uses it."""
    resistivities, depths = random_models(models)
    size = adaptive_chunk_size(models, workers)
    chunks = [
        (resistivities[i : i + size], depths[i : i + size]) for i in range(0, models, size)
    ]
    start = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        results = [result for chunk in pool.map(peer_chunk, chunks) for result in chunk]
    assert len(results) == models
    return models / (time.perf_counter() - start)


def rate(compute: Callable[[], object], models: int) -> float:
    start = time.perf_counter()
    compute()
    return models / (time.perf_counter() - start)


def microseconds(call: Callable[[], object], calls: int = 500) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return 1e6 * (time.perf_counter() - start) / calls


def import_seconds(module: str) -> float:
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout)


def band(values: list[float]) -> str:
    return f"{statistics.median(values):.3g} [{min(values):.3g}..{max(values):.3g}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--models", type=int, default=10_000)
    parser.add_argument("--peer-models", type=int, default=2_000)
    arguments = parser.parse_args()
    workers = os.cpu_count() or 1
    count = arguments.models

    resistivities, depths = random_models(count)
    system = stratem.System(np.sqrt(AREA / np.pi), TIMES, height=1.0, quantity="b")
    plan = stratem.Plan(system)
    models = stratem.Models(resistivities, depth=depths)
    parallel_tem1d(resistivities, depths, verbose=False)  # its plan is made before it is measured

    ratios: dict[str, list[float]] = {"parallel_tem1d": [], "plan.forward": []}
    peers, rates = [], {name: [] for name in ratios}
    for _ in range(arguments.rounds):
        peers.append(peer_rate(arguments.peer_models, workers))
        rates["parallel_tem1d"].append(
            rate(lambda: parallel_tem1d(resistivities, depths, verbose=False), count)
        )
        rates["plan.forward"].append(rate(lambda: plan.forward(models), count))
        for name in ratios:
            ratios[name].append(rates[name][-1] / peers[-1])

    print(f"{workers} cores, {count} models of three layers, {len(TIMES)} times\n")
    print("| call | models/s | times the pool of pytem1d |\n| --- | --- | --- |")
    print(f"| pytem1d, {workers} processes | {band(peers)} | 1 |")
    for name in ratios:
        print(f"| {name} | {band(rates[name])} | {band(ratios[name])} |")

    one = stratem.Models(resistivities[0], depth=depths[0])
    out, status = np.empty((1, plan.gates)), np.zeros(1, np.uint8)
    native = microseconds(lambda: plan._native.forward(None, one._native, out, status, None))
    python = microseconds(lambda: plan.forward(resistivities[0], depth=depths[0]))
    print(f"\none model: {python:.0f} us, of which the library takes {native:.0f} us")
    extra = [import_seconds("stratem") - import_seconds("numpy") for _ in range(arguments.rounds)]
    print(f"import: {statistics.median(extra):.3f} s more than numpy's")


if __name__ == "__main__":
    main()
