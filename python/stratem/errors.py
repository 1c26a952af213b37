"""The exceptions of stratem. Each carries the library's one-line message unchanged."""

from __future__ import annotations

__all__ = [
    "CancelledError",
    "DeviceError",
    "Error",
    "InputError",
    "IoError",
    "UnavailableError",
]


class Error(Exception):
    """Base of all exceptions of stratem."""


class InputError(Error, ValueError):
    """A system, option, prior, array or file contains something that is not allowed."""


class IoError(Error, OSError):
    """A file could not be opened, read or written."""


class UnavailableError(Error, RuntimeError):
    """A backend or feature is not built or not usable on this machine."""


class DeviceError(Error, RuntimeError):
    """An accelerator failed while computing."""


class CancelledError(Error):
    """The caller's callback asked to stop."""
