"""The calls of pytem1d, computed by stratem: scripts written for it run with this import.

from stratem.tem1d import run_tem1d
result = run_tem1d([100, 10], [0, 50])
"""

from __future__ import annotations

from stratem._core import version as __version__
from stratem.tem1d.api import TEM1DModel, run_tem1d
from stratem.tem1d.io import (
    load_result,
    model_from_dict,
    model_to_dict,
    read_forwrite,
    save_result,
    write_forread,
)
from stratem.tem1d.models import (
    EarthModel,
    Instrument,
    IPModel,
    PolygonLoop,
    ResponseConfig,
    TEM1DResult,
    Waveform,
)
from stratem.tem1d.plotting import (
    plot_comparison,
    plot_decay_curve,
    plot_derivatives,
    plot_model_schematic,
    plot_response,
)

__all__ = [
    "EarthModel",
    "IPModel",
    "Instrument",
    "PolygonLoop",
    "ResponseConfig",
    "TEM1DModel",
    "TEM1DResult",
    "Waveform",
    "__version__",
    "load_result",
    "model_from_dict",
    "model_to_dict",
    "plot_comparison",
    "plot_decay_curve",
    "plot_derivatives",
    "plot_model_schematic",
    "plot_response",
    "read_forwrite",
    "run_tem1d",
    "save_result",
    "write_forread",
]
