"""The data of all models of a prior's file."""

from __future__ import annotations

import hashlib
import json
import os
import time
import warnings
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from stratem import _core, _files
from stratem.errors import InputError, IoError
from stratem.integrate._calls import Callback, refuse_unknown, tell
from stratem.integrate._forward import as_written
from stratem.integrate._prior_file import (
    PriorModels,
    UnfinishedData,
    copy_rows,
    dataset,
    unfinished_run,
)
from stratem.integrate._survey import (
    TOLERANCE,
    AnyPath,
    default_height,
    make_plan,
    read_system,
)
from stratem.models import Models
from stratem.plan import Plan


def prior_data(
    f_prior_h5: AnyPath,
    file_gex: AnyPath | None = None,
    N: int = 0,
    doMakePriorCopy: bool = True,
    im: int = 1,
    id: int = 1,
    im_height: int = 0,
    is_log: bool = False,
    force_replace: bool = False,
    f_prior_data_h5: AnyPath = "",
    randomize: bool = True,
    *,
    device: str | None = None,
    Ncpu: int = 0,
    tolerance: float = TOLERANCE,
    coil_filter: str = "first-order",
    showInfo: int = 0,
    progress_callback: Callback | None = None,
    **others: Any,
) -> str:
    """Computes the data of a prior, as `integrate.prior_data_em` does.

    Reads the models /M{im} in pieces, computes them and writes the data /D{id}. Memory does not
    grow with the number of models. After a crash or Ctrl-C the same call continues: the data are
    those of an uninterrupted run. Until they are complete they are named /unfinished_D{id}.

    Parameters
    ----------
    f_prior_h5 : path
        The prior: resistivities in ohm-m as /M{im}, shape (models, layers), whose attribute x, or
        z without it, has the depths in m of the layers' tops. Neighbouring layers of equal
        resistivity are computed as one.
    file_gex : path
        The survey, an Aarhus Workbench .gex file.
    N : int
        Number of models that a copy has; 0 for all. Without a copy all are computed.
    doMakePriorCopy : bool
        Write to a copy of the prior. A copy that has unfinished data of the same call is kept,
        any other file of its name is replaced.
    im, id : int
        Numbers of the models and of the data.
    im_height : int
        Number of the models that hold the transmitter's height in m, shape (models,) or
        (models, 1). With 0 the height is that of TxCoilPosition1 in the .gex file, and 40 m if the
        file has none.
    is_log : bool
        Write the logarithms to the base 10; NaN where the data are negative.
    force_replace : bool
        Replace data of that number. Without it nothing is computed where there are some.
    f_prior_data_h5 : path
        The copy; without it <prior>_<gex>[_N<N>]_stratem.h5, in the folder of the prior.
    randomize : bool
        Whether a copy of fewer models has random ones, drawn by numpy.random.choice, or the first.
    device, Ncpu, tolerance, coil_filter
        As in `forward`.
    showInfo : int
        Below 0: prints nothing.
    progress_callback : function, optional
        Called with the numbers of models done and in all and a dict of a phase, "computing",
        "saving" or "completed", and a status. What it raises is ignored.
    **others
        Keywords of the package's other methods about their numerics; ignored.

    Returns
    -------
    str
        The file that has the data: -dB/dt per unit transmitter moment in V/(A m^4), float64, shape
        (models, gates), gates as in `forward`. Models that cannot be computed have NaN, and a
        warning tells how many they are.

    Raises
    ------
    InputError
        If a file, its contents or an option is not allowed.
    IoError
        If a file cannot be read or written, or another process has it open.
    UnavailableError
        If the device cannot be used here, or h5py is not installed.
    """
    refuse_unknown(others)
    prior = os.fspath(f_prior_h5)
    height = None if im_height > 0 or file_gex is None else default_height(file_gex)
    system = read_system(file_gex, height, coil_filter)
    run: dict[str, Any] = {
        "system": system.to_json(),
        "tolerance": float(tolerance),
        "device": device,
        "is_log": bool(is_log),
        "im": int(im),
        "im_height": int(im_height),
        "version": _core.version,
    }
    path = prior
    if doMakePriorCopy:
        path = _make_copy(prior, f_prior_data_h5, _stem(file_gex), N, im, id, randomize, run)
    start = time.perf_counter()
    with _files.existing(path, "r+") as file:
        if f"D{id}" in file and not force_replace:
            if showInfo >= 0:
                print(f"/D{id} exists already in {path}; force_replace=True replaces it")
            return path
        models = PriorModels(file, im, im_height)
        resistivities, heights = models.ranges()
        plan = make_plan(system, float(tolerance), resistivities, heights, device, int(Ncpu))
        data = UnfinishedData(file, id, _identity(run), len(models), plan.gates)
        done_before = data.done
        _compute(plan, models, data, is_log, progress_callback)
        tell(progress_callback, len(models), len(models), "saving", f"/D{id} of {path}")
        failed = data.failed
        data.finish(
            {
                "method": "stratem",
                "type": "TDEM",
                "im": int(im),
                "id": int(id),
                "im_height": int(im_height),
                "is_log": bool(is_log),
                "file_gex": f"{_stem(file_gex)}.gex",
                "units": f"log10 of {system.units}" if is_log else system.units,
                "tolerance": float(tolerance),
                "coil_filter": coil_filter,
                "backend": plan.backend,
                "stratem_version": _core.version,
            }
        )
    seconds = time.perf_counter() - start
    if showInfo >= 0:
        computed = len(models) - done_before
        rate = computed / max(seconds, 1e-9)
        print(f"stratem: {computed} models in {seconds:.1f} s, {rate:.0f} models/s")
    if failed > 0:
        warnings.warn(
            f"{path}: /D{id}: {failed} of {len(models)} models could not be computed and have NaN",
            stacklevel=2,
        )
    tell(progress_callback, len(models), len(models), "completed", f"/D{id} of {path}")
    return path


def _identity(run: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(run).encode()).hexdigest()


def _stem(file_gex: AnyPath | None) -> str:
    return Path(file_gex or "").stem


def _make_copy(
    prior: str,
    name: AnyPath,
    survey: str,
    N: int,
    im: int,
    id: int,
    randomize: bool,
    run: dict[str, Any],
) -> str:
    """The path of the copy; what it is made of becomes a part of what identifies the run.

    A copy that has unfinished data of the same run stays as it is.
    """
    with _files.existing(prior) as file:
        models = len(dataset(file, f"M{im}"))
    count = models if N <= 0 else min(N, models)
    is_part = count < models
    path = os.fspath(name) or (
        f"{os.path.splitext(prior)[0]}_{survey}{f'_N{count}' if is_part else ''}_stratem.h5"
    )
    if os.path.realpath(path) == os.path.realpath(prior):
        raise InputError(f"f_prior_data_h5: {path}: is the prior, allowed is another file")
    facts = os.stat(prior)
    run["prior"] = [os.path.realpath(prior), facts.st_size, facts.st_mtime_ns]
    run["rows"] = [count, bool(randomize)]
    if _has_unfinished(path, id, _identity(run)):
        return path
    rows = None
    if is_part and randomize:
        rows = np.sort(np.random.choice(models, count, replace=False)).astype(np.int64)
    elif is_part:
        rows = np.arange(count)
    copy_rows(prior, path, models, rows)
    return path


def _has_unfinished(path: str, id: int, run: str) -> bool:
    if not os.path.exists(path):
        return False
    try:
        with _files.existing(path) as file:
            return unfinished_run(file, id) == run
    except IoError:
        return False  # not a file that could be continued


def _compute(
    plan: Plan,
    models: PriorModels,
    data: UnfinishedData,
    is_log: bool,
    callback: Callback | None,
) -> None:
    """Computes the models that are missing."""
    tell(callback, data.done, len(models), "computing", "stratem")
    for piece in _read_ahead(models, data.done):
        responses = plan.forward(piece)
        values = as_written(responses.values, is_log)
        data.append(values, int(np.count_nonzero(responses.status)))
        tell(callback, data.done, len(models), "computing", "stratem")


def _read_ahead(models: PriorModels, first: int) -> Iterator[Models]:
    """The models from `first` on, in pieces. The next one is read while the caller uses one."""
    ahead: deque[Future[Models]] = deque()
    with ThreadPoolExecutor(1) as reader:
        for piece in models.pieces(first):
            ahead.append(reader.submit(models.read, *piece))
            if len(ahead) > 1:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
