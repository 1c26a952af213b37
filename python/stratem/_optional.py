"""Packages that stratem does without until something needs them."""

from __future__ import annotations

import importlib
from typing import Any

from stratem.errors import UnavailableError


def optional(module: str, message: str | None = None) -> Any:
    """The module; UnavailableError with this message if its package is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise UnavailableError(message or f"{package} is not installed") from None


def for_pictures(module: str) -> Any:
    """A module of matplotlib."""
    return optional(module, "matplotlib is not installed, and pictures need it")
