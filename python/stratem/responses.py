"""Responses as numpy arrays."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stratem import _core
from stratem._arrays import FloatArray
from stratem._optional import optional
from stratem.statistics import DEFAULT_PERCENTILES, ResponseStatistics, statistics
from stratem.system import System

if TYPE_CHECKING:
    import pandas
    import xarray

__all__ = ["Provenance", "Responses"]


@functools.cache
def _words() -> NDArray[np.str_]:
    """What each status means."""
    return np.array([_core.describe_status(status) for status in range(_core.status_count)])


@dataclass(frozen=True)
class Provenance:
    """What computed the responses.

    Attributes
    ----------
    backend, device : str
    tolerance : float
        The plan's, relative and per gate.
    plan_error : float
        The largest relative error that was measured for the plan; 0 for the reference.
    version : str
        Version of stratem.
    """

    backend: str
    device: str
    tolerance: float
    plan_error: float
    version: str = _core.version


@dataclass(frozen=True, eq=False)
class Responses:
    """Responses of many models.

    Attributes
    ----------
    values : ndarray, shape (models, gates)
        In `units`; NaN for a model that could not be computed.
    status : ndarray of uint8, shape (models,)
        0 for models that were computed.
    system : System
    provenance : Provenance
    """

    values: FloatArray
    status: NDArray[np.uint8]
    system: System
    provenance: Provenance

    @property
    def times(self) -> FloatArray:
        """Centres of the gates in s after t = 0, shape (gates,)."""
        return self.system.times

    @property
    def gate_open(self) -> FloatArray:
        """Opening times of the gates in s, shape (gates,)."""
        return self.system.gate_open

    @property
    def gate_close(self) -> FloatArray:
        """Closing times of the gates in s, shape (gates,)."""
        return self.system.gate_close

    @property
    def moment(self) -> NDArray[np.int32]:
        """Number of each gate's moment, shape (gates,)."""
        return self.system.moment

    @property
    def moment_names(self) -> list[str]:
        """Names of the moments."""
        return self.system.moment_names

    @property
    def units(self) -> str:
        """Units of the responses, such as "V/(A m^2)"."""
        return self.system.units

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Whether each model was computed, shape (models,)."""
        return np.equal(self.status, 0)

    @property
    def reasons(self) -> NDArray[np.str_]:
        """What the status of each model means in words, shape (models,)."""
        return _words()[self.status]

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        failed = int(np.count_nonzero(self.status))
        models, gates = self.values.shape
        return f"Responses({models} models, {gates} gates, {failed} failed)"

    def statistics(self, percentiles: Sequence[float] = DEFAULT_PERCENTILES) -> ResponseStatistics:
        """Percentiles, mean and standard deviation of each gate."""
        return statistics(self, percentiles=percentiles)

    def to_xarray(self) -> xarray.Dataset:
        """A Dataset with the dimensions model and gate. Needs xarray."""
        module = optional("xarray")
        gates = {"units": "s"}
        dataset: xarray.Dataset = module.Dataset(
            {
                "response": (("model", "gate"), self.values, {"units": self.units}),
                "status": (("model",), self.status),
            },
            coords={
                "time": (("gate",), self.times, gates),
                "gate_open": (("gate",), self.gate_open, gates),
                "gate_close": (("gate",), self.gate_close, gates),
                "moment": (("gate",), self.moment),
            },
            attrs={
                "system": self.system.to_json(),
                "backend": self.provenance.backend,
                "tolerance": self.provenance.tolerance,
                "version": self.provenance.version,
            },
        )
        return dataset

    def to_dataframe(self) -> pandas.DataFrame:
        """A DataFrame: a row for each model, a column for each moment and time. Needs pandas."""
        module = optional("pandas")
        columns = module.MultiIndex.from_arrays([self.moment, self.times], names=["moment", "time"])
        index = module.RangeIndex(len(self), name="model")
        table: pandas.DataFrame = module.DataFrame(self.values, index=index, columns=columns)
        return table

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Responses:
        """Reads all responses from the HDF5 file of a complete run. Needs h5py."""
        from stratem import _files

        return _files.read_responses(path)

    def to_file(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Writes the responses as HDF5, which `stratem stats` reads. Needs h5py."""
        from stratem import _files

        _files.write_responses(path, self, overwrite=overwrite)
