"""What a worker of Dask does: plans that are kept, threads, blocks of models."""

from __future__ import annotations

import os
import pickle
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from stratem import _files
from stratem._arrays import FloatArray
from stratem.errors import CancelledError, Error
from stratem.models import Models
from stratem.plan import Plan, restored_plan
from stratem.responses import Responses
from stratem.sampling import Prior

# A plan on a GPU keeps memory there, so that a worker cannot keep any number of them.
_MOST_PLANS = 4
_plans: OrderedDict[tuple[bytes, int], Plan] = OrderedDict()
_plans_lock = threading.Lock()


def _worker() -> Any:
    """The worker whose task this thread runs; None under Dask's schedulers in one process."""
    distributed = sys.modules.get("distributed")
    if distributed is None:
        return None
    try:
        return distributed.get_worker()
    except ValueError:
        return None


def task_threads() -> int:
    """How many threads a task computes with.

    Dask runs as many tasks at once as a worker has threads, so one task gets the worker's cores
    divided by its threads. The resource "cores" says how many cores the worker has; without it,
    they are as many as its threads, and a task gets one.
    """
    worker = _worker()
    if worker is None:
        return 1
    slots = worker.state.nthreads
    cores = worker.state.total_resources.get("cores", slots)
    return max(1, int(cores // slots))


def plan_of(parcel: bytes, threads: int | None = None) -> Plan:
    """The plan of a parcel: the pickled arguments of `restored_plan`.

    It is unpacked once in a process and then kept.
    """
    with _plans_lock:
        key = (parcel, task_threads() if threads is None else threads)
        plan = _plans.pop(key, None) or _unpacked(*key)
        _plans[key] = plan
        while len(_plans) > _MOST_PLANS:
            _plans.popitem(last=False)
    return plan


def _unpacked(parcel: bytes, threads: int) -> Plan:
    system, options, built = pickle.loads(parcel)
    options = {**options, "threads": str(threads)}
    worker = _worker()
    if worker is not None and os.environ.get("CUDA_VISIBLE_DEVICES"):
        options["devices"] = "0"  # the first visible one; dask-cuda lists the others behind it
    try:
        return restored_plan(system, options, built)
    except Error as error:
        where = "" if worker is None else f"worker {worker.address}: "
        raise type(error)(f"{where}{error}") from None


def _stop_if_cancelled() -> Callable[[int, int], None] | None:
    """A function that ends the computation of a task that nobody waits for any more."""
    worker = _worker()
    if worker is None:
        return None
    key = worker.get_current_task()

    def look(done: int, models: int) -> None:
        task = worker.state.tasks.get(key)
        if task is None or task.state == "cancelled":
            raise CancelledError(f"the task was cancelled after {done} of {models} models")

    return look


def forward_block(
    parcel: bytes,
    threads: int | None,
    options: Mapping[str, Any],
    names: Sequence[str],
    *arrays: FloatArray,
) -> FloatArray:
    """Responses of a block, [models, gates + 1]; the last column is the status."""
    plan = plan_of(parcel, threads)
    models = Models(**dict(zip(names, arrays, strict=True)))
    block = np.empty((len(models), plan.gates + 1))
    responses = plan.forward(
        models, out=block[:, :-1], progress=_stop_if_cancelled(), **dict(options)
    )
    block[:, -1] = responses.status
    return block


def sample_block(prior: str, seed: int, first: Sequence[int], count: Sequence[int]) -> FloatArray:
    """Models of a prior; their parameters, one behind the other, are the columns."""
    n = int(count[0])
    models = Prior.from_json(prior).sample(max(n, 1), seed=seed, first=int(first[0]))
    return np.column_stack(list(models._arrays().values()))[:n]


def write_part(
    parcel: bytes, threads: int | None, options: Mapping[str, str], block: FloatArray, path: str
) -> tuple[str, int]:
    """Writes a block's responses as a file of their own; its path and number of models."""
    plan = plan_of(parcel, threads)
    status = block[:, -1].astype(np.uint8)
    provenance = plan._provenance(plan._on(options["backend"]))
    _files.write_responses(
        path, Responses(block[:, :-1], status, plan.system, provenance), overwrite=True
    )
    return path, len(block)


def join_parts(parts: Sequence[tuple[str, int]], path: str, overwrite: bool) -> str:
    _files.join_responses(path, parts, overwrite=overwrite)
    return path


def models_per_second(parcel: bytes, threads: int | None, layers: int, backend: str) -> float:
    """Measured with random models over the plan's range, for about 0.2 s."""
    plan = plan_of(parcel, threads)
    rng = np.random.default_rng(1)
    low, high = np.log(plan.resistivity_range)
    height = None if plan.heights is None else float(np.mean(plan.heights))
    count = 64
    while True:
        resistivity = np.exp(rng.uniform(low, high, (count, layers)))
        models = Models(resistivity, rng.uniform(5.0, 50.0, (count, layers - 1)), height=height)
        started = time.perf_counter()
        plan.forward(models, backend=backend)
        seconds = time.perf_counter() - started
        if seconds > 0.1:
            return count / seconds
        count *= 2
