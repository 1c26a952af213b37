"""Models and responses on the workers of Dask.

`forward` and `sample` take and give lazy arrays of Dask. A plan is built once, where `forward` is
called, and sent to each worker once. Nothing here needs the package `dask` until it is called.
See docs/dask.md.
"""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from stratem import _core, _files
from stratem._arrays import numbers
from stratem._optional import optional
from stratem.errors import InputError
from stratem.models import full_shapes
from stratem.plan import Plan
from stratem.sampling import Prior
from stratem.system import System

__all__ = ["Models", "Responses", "forward", "models_per_task", "sample"]

# What the responses and models of one task may take.
_TASK_BYTES = 256 * 2**20


def _dask(module: str) -> Any:
    package = module.partition(".")[0]
    return optional(module, f"{package} is not installed, and stratem.dask needs it")


def _on_worker(name: str) -> Callable[..., Any]:
    """A function of `_dask_worker`, for a task.

    A function inside another is pickled with its code. The scheduler and the workers can therefore
    read it where stratem is not installed, and the worker that misses it says so.
    """

    def task(*arguments: Any) -> Any:
        try:
            from stratem import _dask_worker
        except ImportError as error:
            from distributed import get_worker

            raise ImportError(
                f"worker {get_worker().address}: stratem cannot be imported ({error})"
            ) from None
        return getattr(_dask_worker, name)(*arguments)

    task.__name__ = task.__qualname__ = f"stratem_{name}"
    return task


def _parcel(plan: Plan) -> bytes:
    """What `_dask_worker.plan_of` takes: bytes, which any process can pass on."""
    _, arguments = plan.__reduce__()
    return pickle.dumps(arguments)


@dataclass(frozen=True, eq=False)
class Models:
    """Lazy models: arrays of Dask with the names and shapes of those of `stratem.Models`."""

    resistivity: Any
    thickness: Any = None
    depth: Any = None
    chargeability: Any = None
    time_constant: Any = None
    exponent: Any = None
    height: Any = None

    def __len__(self) -> int:
        return int(self.resistivity.shape[0])


@dataclass(frozen=True, eq=False)
class Responses:
    """Lazy responses.

    Computing `values` and `status` in one call of ``dask.compute`` computes every model once.

    Attributes
    ----------
    values : dask array of float64, shape (models, gates)
        In the system's units; NaN for a model that could not be computed.
    status : dask array of uint8, shape (models,)
        0 for models that were computed.
    plan : Plan
    """

    values: Any
    status: Any
    plan: Plan
    _blocks: Any  # values and, in the last column, status
    _parcel: Any
    _threads: int | None
    _options: dict[str, str]

    def __len__(self) -> int:
        return int(self.values.shape[0])

    def to_zarr(
        self, path: str | os.PathLike[str], *, overwrite: bool = False, compute: bool = True
    ) -> Any:
        """Writes the responses as a group of Zarr. Needs zarr 3.

        The workers write their blocks; only the description, a few kilobytes, is written by the
        calling process. All of them must reach `path`: a shared folder, or an object store's URL.

        Parameters
        ----------
        path : path or URL
        overwrite : bool
            Whether a group that is there may be replaced.
        compute : bool
            False returns a Delayed object, which writes the blocks once it is computed.
        """
        zarr = _dask("zarr")
        array = _dask("dask.array")
        blocks = _of_equal_size(self._blocks)
        models, gates = self.values.shape
        rows = max(blocks.chunks[0][0], 1)
        system = self.plan.system
        try:
            group = zarr.open_group(os.fspath(path), mode="w" if overwrite else "w-")
        except FileExistsError:
            raise InputError(f"{os.fspath(path)}: exists already") from None
        response = group.create_array(
            "response",
            shape=(models, gates),
            chunks=(rows, gates),
            dtype="float64",
            fill_value=np.nan,
            dimension_names=("model", "gate"),
        )
        # A block that was not written is not a response.
        status = group.create_array(
            "status",
            shape=(models,),
            chunks=(rows,),
            dtype="uint8",
            fill_value=255,
            dimension_names=("model",),
        )
        for name in ("times", "gate_open", "gate_close", "moment"):
            values = getattr(system, name)
            stored = group.create_array(
                name.rstrip("s"), shape=values.shape, dtype=values.dtype, dimension_names=("gate",)
            )
            stored[:] = values
            if name != "moment":
                stored.attrs["units"] = "s"
        response.attrs["units"] = system.units
        status.attrs["meaning"] = _files.status_meaning()
        group.attrs.update(
            {
                "system": system.to_json(),
                "tolerance": self.plan.tolerance,
                "plan_error": self.plan.accuracy.worst,
                "version": _core.version,
            }
        )
        return array.store(
            [blocks[:, :-1], blocks[:, -1].astype(np.uint8)],
            [response, status],
            lock=False,
            compute=compute,
        )

    def to_hdf5(
        self, path: str | os.PathLike[str], *, overwrite: bool = False, compute: bool = True
    ) -> Any:
        """Writes the responses as HDF5, which `stratem stats` and `Responses.from_file` read.

        HDF5 lets one process write a file. Each task therefore writes its block as a response file
        of its own, in the folder `path` with the ending .parts. The last task writes `path`, whose
        virtual datasets refer to these files; keep them together. All workers must reach the
        folder. Needs h5py.

        Parameters
        ----------
        path : path that ends in .h5 or .hdf5
        overwrite : bool
            Whether a file that is there, and its parts, may be replaced.
        compute : bool
            False returns a Delayed object, which writes the files once it is computed.
        """
        dask = _dask("dask")
        whole = Path(path).absolute()
        folder = whole.with_suffix(".parts")
        _files.check_ending(whole)
        for old in (whole, folder):
            if old.exists() and not overwrite:
                raise InputError(f"{old}: exists already")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        write = dask.delayed(_on_worker("write_part"), pure=False)
        blocks = self._blocks.to_delayed(optimize_graph=False).ravel()
        parts = [
            write(self._parcel, self._threads, self._options, block, str(folder / f"{i:08d}.h5"))
            for i, block in enumerate(blocks)
        ]
        joined = dask.delayed(_on_worker("join_parts"), pure=False)(parts, str(whole), overwrite)
        return joined.compute() if compute else joined


def _of_equal_size(blocks: Any) -> Any:
    """Blocks as Zarr has them: all as large as the first, but the last."""
    counts = blocks.chunks[0]
    if len(set(counts[:-1])) <= 1 and counts[-1] <= counts[0]:
        return blocks
    return blocks.rechunk({0: max(counts)})


def forward(
    system_or_plan: System | Plan,
    resistivity: Any,
    thickness: Any = None,
    *,
    depth: Any = None,
    chargeability: Any = None,
    time_constant: Any = None,
    exponent: Any = None,
    height: ArrayLike | Any = None,
    chunks: int | str | None = None,
    threads: int | None = None,
    backend: str = "auto",
    out_of_range: str = "flag",
    **plan_options: Any,
) -> Responses:
    """The responses of models in arrays of Dask; nothing is computed yet.

    Parameters
    ----------
    system_or_plan : System or Plan
        With a System the plan is built here, or taken from the cache.
    resistivity, thickness, depth, chargeability, time_constant, exponent, height
        As in `stratem.Models`, with arrays of Dask or numpy; models of fewer layers than others
        end in NaN. Or `resistivity` alone, as `stratem.dask.Models`. An array of one dimension
        holds for all models; heights have one dimension anyway. Layers are always in one chunk;
        arrays that are chunked otherwise are rechunked.
    chunks : int or "auto", optional
        Models of a task. "auto" is `models_per_task`, which measures. Without it the chunks are
        those of the arrays, and "auto" if all are numpy arrays.
    threads : int, optional
        Threads of a task. Without it they are the worker's cores, divided by the number of tasks
        that it runs at once: one, unless the worker declares the resource "cores".
    backend, out_of_range : str
        As in `Plan.forward`.
    **plan_options
        Of `Plan`, where a System is given.

    Returns
    -------
    Responses
        Lazy. The responses of a task that is run again, on any worker of the same kind, are the
        same to the last bit, whatever the chunks. A backend "auto" is chosen by each worker; cpu
        and cuda differ by up to 1e-10 at a tolerance of 1e-4.

    Raises
    ------
    InputError
        If shapes do not fit together, or options are given besides a Plan.
    UnavailableError
        If dask is not installed.

    Notes
    -----
    A worker keeps the last four plans that it was sent. If it has no stratem, or another version,
    the task's error names it. A task that is cancelled ends within about a quarter of a second.
    """
    array = _dask("dask.array")
    given = _arrays_of(
        resistivity,
        thickness=thickness,
        depth=depth,
        chargeability=chargeability,
        time_constant=time_constant,
        exponent=exponent,
        height=height,
    )
    if out_of_range not in ("flag", "reference"):
        raise InputError(f"out_of_range: {out_of_range!r}, allowed is 'flag' or 'reference'")
    shapes = full_shapes({name: value.shape for name, value in given.items()})
    plan = _as_plan(system_or_plan, plan_options)
    if chunks is None and not any(isinstance(value, array.Array) for value in given.values()):
        chunks = "auto"
    if chunks == "auto":
        layers = shapes["resistivity"][1]
        chunks = models_per_task(plan, layers, threads=threads, backend=backend)
    options = {"backend": backend, "out_of_range": out_of_range}
    names = [name for name in given if shapes[name][-1:] != (0,)]  # a half-space has no thickness
    arguments: list[Any] = []
    for number, name in enumerate(names):
        arguments += _argument(given[name], len(shapes[name]), chunks, f"layers {number}")
    if not any(arguments[1::2]):
        raise InputError("resistivity: one model, allowed are arrays with several models")

    # The plan is one item of the graph, which all tasks refer to.
    token = _dask("dask.base").tokenize
    content = _parcel(plan)
    parcel = _dask("dask").delayed(content, name=f"stratem-plan-{token(content)}", traverse=False)
    blocks = array.blockwise(
        _on_worker("forward_block"),
        ("models", "columns"),
        parcel,
        None,
        threads,
        None,
        options,
        None,
        names,
        None,
        *arguments,
        new_axes={"columns": plan.gates + 1},
        concatenate=True,
        dtype=np.float64,
        meta=np.empty((0, 0)),
        name="stratem-forward-" + token(content, threads, options, names, arguments),
    )
    values = blocks[:, :-1]
    status = blocks[:, -1].astype(np.uint8)
    return Responses(values, status, plan, blocks, parcel, threads, options)


def _argument(value: Any, dimensions: int, chunks: int | str | None, layers: str) -> list[Any]:
    """An array and its indices, as blockwise takes them; None if it holds for all models."""
    array = _dask("dask.array")
    lazy = isinstance(value, array.Array)
    if value.ndim < dimensions:
        return [value.compute() if lazy else value, None]
    rows = value.chunks[0] if lazy else -1
    whole = {0: rows if chunks is None else chunks, **({1: -1} if dimensions > 1 else {})}
    value = value.rechunk(whole) if lazy else array.from_array(value, chunks=whole)
    return [value, ("models", layers)[:dimensions]]


def _as_plan(system_or_plan: System | Plan, options: dict[str, Any]) -> Plan:
    if isinstance(system_or_plan, System):
        return Plan(system_or_plan, **options)
    if not isinstance(system_or_plan, Plan):
        kind = type(system_or_plan).__name__
        raise InputError(f"system_or_plan: a {kind}, allowed is a System or a Plan")
    if options:
        raise InputError(f"{next(iter(options))}: given besides a Plan, allowed with a System")
    return system_or_plan


def _arrays_of(resistivity: Any, **others: Any) -> dict[str, Any]:
    """The arrays that are given, by their names."""
    given = {"resistivity": resistivity, **others}
    if isinstance(resistivity, Models):
        for name, value in others.items():
            if value is not None:
                raise InputError(f"{name}: given besides Models, allowed is one of the two")
        given = {field.name: getattr(resistivity, field.name) for field in fields(resistivity)}
    array = _dask("dask.array")
    found = {}
    for name, value in given.items():
        if value is None:
            continue
        found[name] = value if isinstance(value, array.Array) else numbers(name, value)
        if any(np.isnan(length) for length in found[name].shape):
            raise InputError(f"{name}: chunks of unknown sizes; compute_chunk_sizes() finds them")
    return found


def models_per_task(
    plan: Plan,
    layers: int,
    *,
    seconds: float = 5.0,
    threads: int | None = None,
    backend: str = "auto",
) -> int:
    """How many models a task computes in about `seconds`, from a measured rate.

    The rate is measured at once, in about 0.2 s, on a worker of the current client of
    `distributed`, or here if there is none. A task's models and responses stay below 256 MiB.

    Parameters
    ----------
    plan : Plan
    layers : int
        Of each model.
    seconds : float
        Long enough that what Dask spends on a task does not count, and short enough that little is
        lost when a worker fails.
    threads, backend
        As in `forward`.
    """
    if layers < 1:
        raise InputError(f"layers: {layers}, allowed is 1 or more")
    parcel = _parcel(plan)
    measure = _on_worker("models_per_second")
    client = _current_client()
    if client is None:
        rate = measure(parcel, threads, layers, backend)
    else:
        rate = client.submit(measure, parcel, threads, layers, backend, pure=False).result()
    most = _TASK_BYTES // (8 * (plan.gates + 2 * layers + 1))
    return int(max(1, min(rate * seconds, most)))


def _current_client() -> Any:
    try:
        from distributed import get_client

        return get_client()
    except (ImportError, ValueError):
        return None


def sample(prior: Prior, n: int, seed: int = 1, *, chunks: int | str = "auto") -> Models:
    """`n` random models of a prior, drawn by the workers.

    They are those of ``prior.sample(n, seed=seed)``, whatever the chunks.

    Parameters
    ----------
    prior : Prior
    n : int
    seed : int
    chunks : int or "auto"
        Models of a task; "auto" follows Dask's setting ``array.chunk-size``.
    """
    array = _dask("dask.array")
    one = prior.sample(1, seed=seed)._arrays()
    columns = sum(values.size for values in one.values())
    counts = array.core.normalize_chunks(
        (chunks, -1), shape=(n, columns), dtype=np.dtype(np.float64)
    )[0]
    first = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    text = prior.to_json()
    blocks = array.blockwise(
        _on_worker("sample_block"),
        ("models", "columns"),
        text,
        None,
        seed,
        None,
        array.from_array(first, chunks=1),
        ("models",),
        array.from_array(np.array(counts), chunks=1),
        ("models",),
        new_axes={"columns": columns},
        adjust_chunks={"models": counts},
        dtype=np.float64,
        meta=np.empty((0, 0)),
        name="stratem-sample-" + _dask("dask.base").tokenize(text, seed, counts),
    )
    parts: dict[str, Any] = {}
    begin = 0
    for name, values in one.items():
        end = begin + values.size
        parts[name] = blocks[:, begin] if values.ndim == 1 else blocks[:, begin:end]
        begin = end
    return Models(**parts)
