"""Imports of optional packages."""

from __future__ import annotations

import importlib
from typing import Any

from stratem.errors import UnavailableError


def optional(module: str, message: str | None = None) -> Any:
    """Imports a module. Raises UnavailableError with this message if it is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise UnavailableError(message or f"{package} is not installed") from None


def for_pictures(module: str) -> Any:
    """Imports a module of matplotlib."""
    return optional(module, "matplotlib is not installed, and pictures need it")
