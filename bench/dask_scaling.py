#!/usr/bin/env python3
"""What Dask costs: two workers of one thread each against one process of two threads; prints Markdown.

The models are in the memory of those that compute them, and responses stay there. Both are measured in turn. The
package needs to be installed with what it needs for Dask: pip install ".[dask]".
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import stratem
import stratem.dask
from dask.distributed import Client, LocalCluster, wait
from stratem_rate import band, print_header, print_row, processor

DATA = Path(__file__).parents[1] / "data"


def seconds_with_dask(plan: stratem.Plan, models: stratem.dask.Models) -> float:
    start = time.perf_counter()
    lazy = stratem.dask.forward(plan, models)
    held = lazy.values.persist()
    wait(held)
    return time.perf_counter() - start


def seconds_alone(plan: stratem.Plan, models: stratem.Models, threads: int) -> float:
    start = time.perf_counter()
    plan.forward(models, threads=threads)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--system", type=Path, default=DATA / "systems" / "skytem312.json")
    parser.add_argument("--prior", type=Path, default=DATA / "priors" / "three_layer.json")
    parser.add_argument("--models", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="that a task takes")
    arguments = parser.parse_args()

    plan = stratem.Plan(stratem.System.from_file(arguments.system))
    prior = stratem.Prior.from_file(arguments.prior)
    with (
        LocalCluster(
            n_workers=arguments.workers, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        layers = prior.sample(1).resistivity.shape[1]
        chunks = stratem.dask.models_per_task(plan, layers, seconds=arguments.seconds)
        lazy = stratem.dask.sample(prior, arguments.models, chunks=chunks)
        names = [name for name in vars(lazy) if getattr(lazy, name) is not None]
        arrays = client.persist([getattr(lazy, name) for name in names])
        wait(arrays)
        on_workers = stratem.dask.Models(**dict(zip(names, arrays, strict=True)))
        here = prior.sample(arguments.models)
        seconds_with_dask(plan, on_workers)  # the plan reaches the workers
        seconds_alone(plan, here, arguments.workers)
        alone, together = [], []
        for _ in range(arguments.rounds):
            alone.append(seconds_alone(plan, here, arguments.workers))
            together.append(seconds_with_dask(plan, on_workers))

    efficiency = [one / other for one, other in zip(alone, together, strict=True)]
    print(
        f"{processor()}; {arguments.system.stem}; {arguments.models:,} models of {layers} layers, "
        f"{chunks:,} a task; median [lowest..highest] of {arguments.rounds} rounds:\n"
    )
    print_header(
        f"one process, {arguments.workers} threads, s",
        f"{arguments.workers} workers, s",
        "efficiency",
    )
    print_row(
        f"{statistics.median(alone):.2f}", f"{statistics.median(together):.2f}", band(efficiency)
    )


if __name__ == "__main__":
    main()
