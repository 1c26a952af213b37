"""Layered-earth models as arrays."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stratem import _core
from stratem._arrays import FloatArray, is_list_of_rows, numbers, pack_rows
from stratem.errors import InputError

__all__ = ["ModelInput", "Models"]

#: One model, many models of the same number of layers, or a list of models of different ones.
ModelInput = ArrayLike | Sequence[ArrayLike]

# Arrays that say what a layer is made of.
_MATERIAL = ("resistivity", "chargeability", "time_constant", "exponent")

# Arrays with a number for each layer of each model, and how many layers at the bottom have none.
_LAYER_ARRAYS = {
    "resistivity": 0,
    "thickness": 1,
    "depth": 0,
    "chargeability": 0,
    "time_constant": 0,
    "exponent": 0,
}


def full_shapes(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """The shapes that arrays of these shapes have when each is repeated for every model.

    `resistivity` is one of them. Raises InputError unless they fit together.
    """
    for name, shape in shapes.items():
        fewest = 1 if name == "resistivity" else 0
        most, allowed = (1, "[models]") if name == "height" else (2, "[layers] or [models, layers]")
        if not fewest <= len(shape) <= most:
            raise InputError(f"{name}: {len(shape)} dimensions, allowed is {allowed}")
    layers = shapes["resistivity"][-1]
    counts = [shape[0] for name, shape in shapes.items() if len(shape) == 1 + (name != "height")]
    models = counts[0] if counts else 1
    full: dict[str, tuple[int, ...]] = {}
    for name, shape in shapes.items():
        own = () if name == "height" else (max(layers - _LAYER_ARRAYS[name], 0),)
        full[name] = (models, *own)
        for_all = len(shape) == 0 or shape == own
        if shape != full[name] and not for_all:
            raise InputError(
                f"{name}: shape is {list(shape)}, allowed is {list(full[name])} or {list(own)}"
            )
    return full


class Models:
    """Models of horizontal layers.

    Parameters
    ----------
    resistivity : array_like, shape (layers,) or (models, layers), or a list of models
        Resistivity in ohm-m. Models of different numbers of layers are a list of arrays, or an
        array whose rows end in NaN; there the thicknesses or depths must be NaN, too.
    thickness : array_like, shape (layers - 1,) or (models, layers - 1), or a list
        Thickness of all layers but the last in m. Give this or `depth`; a half-space needs neither.
    depth : array_like, shape (layers,) or (models, layers), or a list
        Depth of each layer's top in m. The first must be 0.
    chargeability, time_constant, exponent : array_like, as `resistivity`
        Cole-Cole parameters by Pelton: without unit, in s and without unit. Give all or none.
    height : float or array_like, shape (models,)
        Height of the first transmitter above the ground in m. Without it the system's height
        applies.

    Attributes
    ----------
    resistivity, thickness, depth, chargeability, time_constant, exponent : ndarray or None
        Two-dimensional, or None if not given.
    layers : ndarray of int32, shape (models,), or None
        Number of layers of each model; None if all have the same.
    height : ndarray, shape (models,), or None

    Notes
    -----
    A one-dimensional array applies to all models. Arrays of float64 are not copied;
    others are. Values are not checked here: a bad value gives its own model a status.

    Raises
    ------
    InputError
        If shapes do not fit together or an array does not contain numbers.
    """

    resistivity: FloatArray
    thickness: FloatArray | None
    depth: FloatArray | None
    layers: NDArray[np.int32] | None
    chargeability: FloatArray | None
    time_constant: FloatArray | None
    exponent: FloatArray | None
    height: FloatArray | None

    def __init__(
        self,
        resistivity: ModelInput,
        thickness: ModelInput | None = None,
        *,
        depth: ModelInput | None = None,
        chargeability: ModelInput | None = None,
        time_constant: ModelInput | None = None,
        exponent: ModelInput | None = None,
        height: ArrayLike | None = None,
    ) -> None:
        given: dict[str, Any] = {
            "resistivity": resistivity,
            "thickness": thickness,
            "depth": depth,
            "chargeability": chargeability,
            "time_constant": time_constant,
            "exponent": exponent,
        }
        self.layers = None
        if is_list_of_rows(resistivity):
            self.layers = self._pack_lists(given)
        arrays = {
            name: None if value is None else numbers(name, value) for name, value in given.items()
        }
        heights = None if height is None else numbers("height", height)
        self._spread(arrays, heights)
        if self.layers is None:
            self.layers = self._count_layers()
        self._native = self._make_native()

    @classmethod
    def _from_native(cls, arrays: dict[str, Any]) -> Models:
        layers = arrays.pop("layers", None)
        models = cls(**arrays)
        if layers is not None:
            models.layers = layers
            models._native = models._make_native()
        return models

    @staticmethod
    def _pack_lists(given: dict[str, Any]) -> NDArray[np.int32] | None:
        """Replaces lists of rows by arrays. Returns the numbers of layers, None if equal."""
        counts = np.array([len(row) for row in given["resistivity"]], dtype=np.intp)
        width = int(counts.max())
        for name, value in given.items():
            if is_list_of_rows(value):
                missing = _LAYER_ARRAYS[name]
                lengths = np.maximum(counts - missing, 0)
                given[name] = pack_rows(name, value, lengths, max(width - missing, 0))
        return None if np.all(counts == width) else counts.astype(np.int32)

    def _spread(self, arrays: dict[str, FloatArray | None], heights: FloatArray | None) -> None:
        """Gives all arrays the same number of models. What applies to all of them is not copied."""
        given = {name: array for name, array in arrays.items() if array is not None}
        if heights is not None:
            given["height"] = heights
        shapes = full_shapes({name: array.shape for name, array in given.items()})
        for name in (*arrays, "height"):
            spread = None
            if name in given:
                spread = given[name]
                if spread.shape != shapes[name]:
                    spread = np.broadcast_to(spread, shapes[name])
                if name == "thickness" and shapes["resistivity"][1] <= 1:
                    spread = None  # a half-space has none
            setattr(self, name, spread)

    def _count_layers(self) -> NDArray[np.int32] | None:
        """The numbers of layers of models that are filled up with NaN; None if there are none."""
        resistivity = self.resistivity
        models, width = resistivity.shape
        if width < 2 or models < 1 or not np.isnan(resistivity[:, -1]).any():
            return None
        padding = np.isnan(resistivity[:, 1:])
        if self.thickness is not None:
            padding &= np.isnan(self.thickness)
        if self.depth is not None:
            padding &= np.isnan(self.depth[:, 1:])
        tails = np.logical_and.accumulate(padding[:, ::-1], axis=1).sum(axis=1)
        return (width - tails).astype(np.int32) if tails.any() else None

    def _make_native(self) -> _core.Models | None:
        """Returns None without models: the extension cannot refer to empty arrays."""
        if self.resistivity.size == 0 and self.resistivity.shape[1] > 0:
            return None
        return _core.Models(
            self.resistivity,
            self.thickness,
            self.depth,
            self.layers,
            self.chargeability,
            self.time_constant,
            self.exponent,
            self.height,
        )

    def __len__(self) -> int:
        return int(self.resistivity.shape[0])

    def __repr__(self) -> str:
        models, layers = self.resistivity.shape
        return f"Models({models} of up to {layers} layers)"

    def merged(self) -> Models:
        """The same models, with neighbouring layers of equal values made one layer.

        The time of a computation grows with the number of layers. A model on a grid of 90 thin
        layers that has only five different ones therefore takes as long as a model of five layers.
        The responses are those of the unmerged models but for rounding.

        Returns
        -------
        Models
            These models themselves if no model has equal neighbours. Otherwise new arrays, in
            which the rows of shorter models end in NaN.
        """
        models, width = self.resistivity.shape
        starts = np.ones((models, width), dtype=bool)  # where a merged layer begins
        starts[:, 1:] = False
        for name in _MATERIAL:
            array = getattr(self, name)
            if array is not None:
                starts[:, 1:] |= array[:, 1:] != array[:, :-1]
        layers = models * width
        if self.layers is not None:
            starts &= np.arange(width) < self.layers[:, np.newaxis]
            layers = int(self.layers.sum())
        counts = np.count_nonzero(starts, axis=1)
        if counts.sum() == layers:
            return self
        width = int(counts.max(initial=1))
        filled = np.arange(width) < counts[:, np.newaxis]

        def pack(values: FloatArray) -> FloatArray:
            packed = np.full((models, width), np.nan)
            packed[filled] = values
            return packed

        arrays: dict[str, Any] = {
            name: pack(array[starts])
            for name in (*_MATERIAL, "depth")
            if (array := getattr(self, name)) is not None
        }
        if self.thickness is not None:
            whole = np.zeros(starts.shape)
            whole[:, :-1] = self.thickness
            packed = pack(np.add.reduceat(whole.ravel(), np.flatnonzero(starts)))
            packed[np.arange(models), counts - 1] = np.nan  # the bottom layer has no thickness
            arrays["thickness"] = packed[:, :-1]
        return Models._from_native(
            {**arrays, "height": self.height, "layers": counts.astype(np.int32)}
        )

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Models:
        """The models of an HDF5 file. Needs h5py."""
        from stratem import _files

        return cls._from_native(_files.read_models(path))

    def to_file(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Writes the models as HDF5, which `stratem forward` reads. Needs h5py."""
        from stratem import _files

        _files.write_models(path, self, overwrite=overwrite)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays that are there, by their names."""
        names = [*_LAYER_ARRAYS, "layers", "height"]
        return {name: value for name in names if (value := getattr(self, name)) is not None}
