"""Random models from a prior, and grids of models."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from stratem import _core
from stratem._arrays import FloatArray
from stratem.errors import IoError
from stratem.models import Models

__all__ = ["Grid", "Prior"]


def _read_text(path: str | os.PathLike[str]) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise IoError(f"{os.fspath(path)}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise IoError(f"{os.fspath(path)}: not a text in UTF-8") from None


class Prior:
    """Distributions that random models are drawn from.

    Parameters
    ----------
    facts : dict
        The JSON object of data/priors/README.md: ``layers``, a list of layers with a distribution
        for each of their parameters, and optionally ``height``.

    Examples
    --------
    >>> prior = Prior({"layers": [{"resistivity": {"distribution": "log-uniform",
    ...                                            "min": 1, "max": 1000}}]})
    >>> len(prior.sample(100, seed=1))
    100
    """

    def __init__(self, facts: dict[str, Any]) -> None:
        self._native = _core.Prior.from_json(json.dumps(facts), "prior")

    @classmethod
    def from_json(cls, text: str, origin: str = "prior") -> Prior:
        """A prior from JSON text; `origin` is its name in messages."""
        prior = cls.__new__(cls)
        prior._native = _core.Prior.from_json(text, origin)
        return prior

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Prior:
        """Reads a prior's JSON file."""
        return cls.from_json(_read_text(path), os.fspath(path))

    def to_json(self) -> str:
        """The prior as JSON text. Reading it gives the same prior to the last bit."""
        return self._native.to_json()

    def sample(self, count: int, *, seed: int = 1, first: int = 0) -> Models:
        """Models first .. first + count - 1 of the sequence that `seed` starts.

        They are the same on every machine, and those that ``stratem sample`` draws.
        """
        return Models._from_native(self._native.sample(seed, first, count))

    def __reduce__(self) -> tuple[Any, ...]:
        return Prior.from_json, (self.to_json(),)


class Grid:
    """Models of every combination of listed values.

    Parameters
    ----------
    facts : dict
        The JSON object of data/grids/README.md: ``layers``, a list of layers with a value or
        several values for each of their parameters, and optionally ``height``.
    """

    def __init__(self, facts: dict[str, Any]) -> None:
        self._set(json.dumps(facts), "grid")

    def _set(self, text: str, origin: str) -> None:
        self._text = text
        self._native = _core.Grid.from_json(text, origin)

    @classmethod
    def from_json(cls, text: str, origin: str = "grid") -> Grid:
        """A grid from JSON text; `origin` is its name in messages."""
        grid = cls.__new__(cls)
        grid._set(text, origin)
        return grid

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Grid:
        """Reads a grid's JSON file."""
        return cls.from_json(_read_text(path), os.fspath(path))

    @property
    def axes(self) -> dict[str, FloatArray]:
        """The parameters with several values, slowest first."""
        return {name: np.array(values) for name, values in self._native.axes()}

    @property
    def shape(self) -> tuple[int, ...]:
        """Numbers of values of the axes; responses to the whole grid can be reshaped to it."""
        return tuple(len(values) for values in self.axes.values())

    def __len__(self) -> int:
        return self._native.size()

    def models(self, first: int = 0, count: int | None = None) -> Models:
        """Models first .. first + count - 1, the last axis varying fastest; all without `count`."""
        return Models._from_native(
            self._native.models(first, len(self) - first if count is None else count)
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return Grid.from_json, (self._text,)
