"""Models and responses in HDF5, as the command line reads and writes them. README.md of the parent
folder says why h5py reads them and not the library."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stratem import _core
from stratem._optional import optional
from stratem.errors import InputError, IoError
from stratem.responses import Provenance, Responses
from stratem.system import System

if TYPE_CHECKING:
    from stratem.models import Models

_ENDINGS = (".h5", ".hdf5")
_ARRAYS = (
    "resistivity",
    "thickness",
    "depth",
    "layers",
    "chargeability",
    "time_constant",
    "exponent",
    "height",
)


def _h5py() -> Any:
    return optional("h5py", "h5py is not installed, and HDF5 files need it")


def check_ending(path: Path) -> None:
    if path.suffix.lower() not in _ENDINGS:
        raise InputError(f"{path}: allowed are names that end in .h5 or .hdf5")


@contextlib.contextmanager
def existing(path: str | os.PathLike[str], mode: str = "r") -> Iterator[Any]:
    """An existing file; with the mode "r+" it may be written to."""
    h5py = _h5py()
    name = Path(path)
    check_ending(name)
    try:
        file = h5py.File(name, mode)
    except OSError as error:
        raise IoError(f"{name}: cannot be opened ({error})") from None
    with file:
        try:
            yield file
        except IoError:
            raise
        except OSError as error:
            raise IoError(f"{name}: cannot be read or written ({error})") from None


@contextlib.contextmanager
def writing(path: str | os.PathLike[str], overwrite: bool) -> Iterator[Any]:
    """A new file that appears whole or not at all."""
    h5py = _h5py()
    name = Path(path)
    check_ending(name)
    if name.exists() and not overwrite:
        raise InputError(f"{name}: exists already")
    # A task that Dask runs twice may write the same file on two machines at once.
    temporary = name.with_name(f".{name.name}.{uuid.uuid4().hex}")
    try:
        with h5py.File(temporary, "w") as file:
            yield file
        os.replace(temporary, name)
    except OSError as error:
        raise IoError(f"{name}: cannot be written ({error})") from None
    finally:
        temporary.unlink(missing_ok=True)


def _dataset(file: Any, name: str) -> NDArray[Any]:
    if name not in file:
        raise InputError(f"{file.filename}: {name}: missing")
    try:
        array: NDArray[Any] = file[name][()]
    except OSError as error:
        raise IoError(f"{file.filename}: {name}: damaged ({error})") from None
    return array


def _attribute(file: Any, name: str) -> Any:
    if name not in file.attrs:
        raise InputError(f"{file.filename}: attribute {name}: missing")
    value = file.attrs[name]
    return value.decode() if isinstance(value, bytes) else value


def read_models(path: str | os.PathLike[str]) -> dict[str, NDArray[Any]]:
    """The arrays of a model file, by their names."""
    with existing(path) as file:
        arrays = {"resistivity": _dataset(file, "resistivity")}
        for name in _ARRAYS[1:]:
            if name in file:
                arrays[name] = _dataset(file, name)
    if arrays["resistivity"].ndim != 2:
        raise InputError(
            f"{os.fspath(path)}: resistivity: shape is {list(arrays['resistivity'].shape)}, "
            "allowed is [models, layers]"
        )
    if "layers" in arrays:
        arrays["layers"] = arrays["layers"].astype(np.int32)
    return arrays


def write_models(path: str | os.PathLike[str], models: Models, *, overwrite: bool) -> None:
    with writing(path, overwrite) as file:
        for name, array in models._arrays().items():
            file[name] = array


def read_responses(path: str | os.PathLike[str]) -> Responses:
    with existing(path) as file:
        if int(_attribute(file, "complete")) != 1:
            raise InputError(f"{os.fspath(path)}: of a run that is not complete")
        system = System.from_json(_attribute(file, "system"))
        values = np.ascontiguousarray(_dataset(file, "response"), dtype=np.float64)
        status = np.ascontiguousarray(_dataset(file, "status"), dtype=np.uint8)
        provenance = _provenance(file)
    if values.ndim != 2 or values.shape[1] != len(system.times) or status.shape != values.shape[:1]:
        raise InputError(
            f"{os.fspath(path)}: response and status: not of shape [models, gates] and [models] "
            "with the system's gates"
        )
    return Responses(values, status, system, provenance)


def write_responses(path: str | os.PathLike[str], responses: Responses, *, overwrite: bool) -> None:
    with writing(path, overwrite) as file:
        file["response"] = responses.values
        file["status"] = responses.status
        _describe(file, responses.system, responses.provenance)


def join_responses(
    path: str | os.PathLike[str], parts: Sequence[tuple[str, int]], *, overwrite: bool
) -> None:
    """Writes a file whose responses stay in the parts: their paths and numbers of models.

    The file names the parts relative to its own folder, so that all may be moved together.
    """
    h5py = _h5py()
    folder = Path(path).absolute().parent
    with existing(parts[0][0]) as first:
        system = System.from_json(_attribute(first, "system"))
        provenance = _provenance(first)
    models = sum(count for _, count in parts)
    gates = len(system.times)
    response = h5py.VirtualLayout((models, gates), np.float64)
    status = h5py.VirtualLayout((models,), np.uint8)
    begin = 0
    for part, count in parts:
        # HDF5 takes a single % for the beginning of a placeholder.
        name = os.path.relpath(Path(part).absolute(), folder).replace("%", "%%")
        end = begin + count
        if count > 0:
            response[begin:end] = h5py.VirtualSource(name, "response", (count, gates))
            status[begin:end] = h5py.VirtualSource(name, "status", (count,), np.uint8)
        begin = end
    with writing(path, overwrite) as file:
        # What a missing part leaves is no response.
        file.create_virtual_dataset("response", response, fillvalue=np.nan)
        file.create_virtual_dataset("status", status, fillvalue=_core.status_count - 1)
        _describe(file, system, provenance)


def _provenance(file: Any) -> Provenance:
    return Provenance(
        backend=_attribute(file, "backend"),
        device=_attribute(file, "device"),
        tolerance=float(_attribute(file, "tolerance")),
        plan_error=float(_attribute(file, "plan_error")),
        version=_attribute(file, "version"),
    )


def _describe(file: Any, system: System, provenance: Provenance) -> None:
    """All that a response file holds besides responses and statuses."""
    for name, seconds in (
        ("time", system.times),
        ("gate_open", system.gate_open),
        ("gate_close", system.gate_close),
    ):
        file[name] = seconds
        file[name].attrs["units"] = "s"
    file["moment"] = system.moment
    file["response"].attrs["units"] = system.units
    file["status"].attrs["meaning"] = status_meaning()
    file.attrs["system"] = system.to_json()
    file.attrs["tolerance"] = provenance.tolerance
    file.attrs["plan_error"] = provenance.plan_error
    file.attrs["backend"] = provenance.backend
    file.attrs["device"] = provenance.device
    file.attrs["version"] = provenance.version
    file.attrs["units"] = system.units
    file.attrs["complete"] = np.uint8(1)


def status_meaning() -> str:
    """What every status means, in a line."""
    return "; ".join(
        f"{status}: {_core.describe_status(status)}" for status in range(_core.status_count)
    )
