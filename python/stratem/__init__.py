"""Transient electromagnetic responses of very many layered-earth models at once.

A `Plan` is made once for a survey `System`; `Plan.forward` then takes arrays of models and returns
`Responses`.
"""

from __future__ import annotations

from stratem import _core
from stratem.device_arrays import DeviceArray, DeviceResponses
from stratem.errors import (
    CancelledError,
    DeviceError,
    Error,
    InputError,
    IoError,
    UnavailableError,
)
from stratem.models import Models
from stratem.plan import Backend, Comparison, Device, Plan, PlanAccuracy, backends, devices
from stratem.responses import Provenance, Responses
from stratem.sampling import Grid, Prior
from stratem.statistics import EnsembleStatistics, ResponseStatistics, statistics
from stratem.system import (
    Circle,
    Dipole,
    LowPass,
    Moment,
    Polygon,
    Receiver,
    System,
    Transmitter,
)

__version__: str = _core.version

__all__ = [
    "Backend",
    "CancelledError",
    "Circle",
    "Comparison",
    "Device",
    "DeviceArray",
    "DeviceError",
    "DeviceResponses",
    "Dipole",
    "EnsembleStatistics",
    "Error",
    "Grid",
    "InputError",
    "IoError",
    "LowPass",
    "Models",
    "Moment",
    "Plan",
    "PlanAccuracy",
    "Polygon",
    "Prior",
    "Provenance",
    "Receiver",
    "ResponseStatistics",
    "Responses",
    "System",
    "Transmitter",
    "UnavailableError",
    "__version__",
    "backends",
    "devices",
    "statistics",
]
