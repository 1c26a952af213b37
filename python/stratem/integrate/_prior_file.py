"""A prior's HDF5 file: models read in pieces, a copy of some of its rows, and data that are written
in place, so that a run that was killed can go on."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stratem import _files
from stratem._arrays import FloatArray, numbers
from stratem.errors import InputError
from stratem.integrate._survey import Pair, Range
from stratem.models import Models

# Models that are read at a time: these at least, and whole chunks of the file if they fit.
_MODELS = 1 << 15
_MOST_MODELS = 1 << 18

# Attributes of data that are not complete.
_RUN = "stratem_run"
_DONE = "stratem_models_done"
_FAILED = "stratem_models_failed"


def dataset(file: Any, name: str) -> Any:
    """A dataset with a row for each model."""
    if name not in file or not hasattr(file[name], "shape"):
        raise InputError(f"{file.filename}: {name}: missing")
    found = file[name]
    if found.ndim == 0:
        raise InputError(f"{file.filename}: {name}: one number, allowed is a row for each model")
    return found


def _depths(models: Any) -> FloatArray:
    """The depths in m of the layers' tops: the attribute x, or z where there is no x."""
    for name in ("x", "z"):
        if name in models.attrs:
            return numbers(f"{models.name}: {name}", models.attrs[name]).ravel()
    raise InputError(f"{models.file.filename}: {models.name}: attributes x and z: missing")


def _pieces(data: Any, first: int = 0) -> list[tuple[int, int]]:
    """First rows and ends of pieces from a row on, which fit to the chunks of the file."""
    chunk = data.chunks[0] if data.chunks else 1
    size = min(-(-_MODELS // chunk) * chunk, _MOST_MODELS)
    starts = [first, *range((first // size + 1) * size, len(data), size)]
    return [(a, b) for a, b in zip(starts, [*starts[1:], len(data)], strict=True) if a < b]


class PriorModels:
    """The models /M{im} of a file, with the heights /M{im_height} if that is above 0."""

    def __init__(self, file: Any, im: int, im_height: int) -> None:
        self._models = dataset(file, f"M{im}")
        self._heights = dataset(file, f"M{im_height}") if im_height > 0 else None
        self._thickness = np.diff(_depths(self._models))
        shape = self._models.shape
        if len(shape) != 2 or shape[1] != len(self._thickness) + 1:
            raise InputError(
                f"{file.filename}: /M{im}: shape is {list(shape)}, "
                f"allowed is [models, {len(self._thickness) + 1}], as many as there are depths"
            )
        if self._heights is not None and self._heights.size != shape[0]:
            raise InputError(
                f"{file.filename}: /M{im_height}: {self._heights.size} heights, "
                f"allowed are {shape[0]}, one for each model"
            )

        self._count = int(shape[0])

    def __len__(self) -> int:
        return self._count

    def pieces(self, first: int = 0) -> list[tuple[int, int]]:
        """First models and ends of pieces to be read one after the other."""
        return _pieces(self._models, first)

    def read(self, first: int, end: int) -> Models:
        """Some of the models, with equal neighbouring layers merged."""
        heights = self._read_heights(first, end)
        return Models(self._models[first:end], self._thickness, height=heights).merged()

    def _read_heights(self, first: int, end: int) -> FloatArray | None:
        if self._heights is None:
            return None
        return numbers(self._heights.name, self._heights[first:end]).ravel()

    def ranges(self) -> tuple[Pair, Pair | None]:
        """Ranges that hold all resistivities in ohm-m and all heights in m; reads all models."""
        resistivities, heights = Range(), Range()
        for first, end in self.pieces():
            resistivities.add(self._models[first:end])
            own = self._read_heights(first, end)
            if own is not None:
                heights.add(own, zero_is_allowed=True)
        of_heights = None if self._heights is None else heights.of_heights()
        return resistivities.of_resistivities(), of_heights


def copy_rows(source: str, target: str, models: int, rows: NDArray[np.int64] | None) -> None:
    """A new file with these rows of all datasets that have a row for each model, and with all else.

    The file appears whole or not at all. Without rows everything is copied.
    """
    with _files.existing(source) as old, _files.writing(target, overwrite=True) as new:
        for name, item in old.items():
            if rows is None or getattr(item, "shape", (0,))[:1] != (models,):
                old.copy(name, new)
                continue
            _copy_some(item, new, name, rows)
        new.attrs.update(old.attrs)


def _copy_some(old: Any, file: Any, name: str, rows: NDArray[np.int64]) -> None:
    new = file.create_dataset(
        name,
        shape=(len(rows), *old.shape[1:]),
        dtype=old.dtype,
        chunks=True if old.chunks else None,
        compression=old.compression,
        compression_opts=old.compression_opts,
        shuffle=old.shuffle if old.chunks else None,
    )
    for first, end in _pieces(old):
        start, stop = np.searchsorted(rows, [first, end])
        if start < stop:
            new[start:stop] = old[first:end][rows[start:stop] - first]
    new.attrs.update(old.attrs)


class UnfinishedData:
    """Data under a name of their own, in which they are computed. They get the name /D1, /D2, ...
    when they are complete, so that no program takes a part for the whole.

    Parameters
    ----------
    file : h5py.File
        Open for writing.
    id : int
    run : str
        What tells runs apart. Unfinished data of another run are discarded.
    """

    def __init__(self, file: Any, id: int, run: str, models: int, gates: int) -> None:
        self._file = file
        self._name = f"/D{id}"
        self._working_name = unfinished_name(id)
        if unfinished_run(file, id) != run:
            if self._working_name in file:
                del file[self._working_name]
            self._create(run, (models, gates))
        self._data = file[self._working_name]

    def _create(self, run: str, shape: tuple[int, int]) -> None:
        from h5py import h5d, h5p, h5s, h5t

        # The file has its final length and layout from the start. What is written to it later
        # changes numbers in place only, and a process that is killed leaves a file that opens.
        properties = h5p.create(h5p.DATASET_CREATE)
        properties.set_alloc_time(h5d.ALLOC_TIME_EARLY)
        properties.set_fill_time(h5d.FILL_TIME_NEVER)
        h5d.create(
            self._file.id,
            self._working_name.encode(),
            h5t.NATIVE_DOUBLE,
            h5s.create_simple(shape),
            properties,
        )
        attributes = self._file[self._working_name].attrs
        attributes[_DONE] = np.int64(0)
        attributes[_FAILED] = np.int64(0)
        attributes[_RUN] = run
        self._to_disk()

    @property
    def done(self) -> int:
        """The number of models that are computed; the first ones."""
        return int(self._data.attrs[_DONE])

    @property
    def failed(self) -> int:
        """The number of them that could not be computed."""
        return int(self._data.attrs[_FAILED])

    def append(self, values: FloatArray, failed: int) -> None:
        """Data of the next models. They are on the disk when this returns."""
        first = self.done
        self._data[first : first + len(values)] = values
        self._to_disk()
        self._data.attrs.modify(_FAILED, np.int64(self.failed + failed))
        self._data.attrs.modify(_DONE, np.int64(first + len(values)))
        self._to_disk()

    def finish(self, facts: dict[str, Any]) -> None:
        """Gives the data their name and attributes; data that had this name before are deleted."""
        self._data.attrs.update(facts)
        if self._name in self._file:
            del self._file[self._name]
        self._file.move(self._working_name, self._name)
        for name in (_DONE, _FAILED, _RUN):
            del self._data.attrs[name]
        self._to_disk()

    def _to_disk(self) -> None:
        self._file.flush()
        os.fsync(self._file.id.get_vfd_handle())


def unfinished_name(id: int) -> str:
    return f"/unfinished_D{id}"


def unfinished_run(file: Any, id: int) -> str | None:
    """The run of which a file has unfinished data."""
    name = unfinished_name(id)
    return str(file[name].attrs.get(_RUN)) if name in file else None
