"""Checks of parameters. Each raises ValueError with the first fault that it finds."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from stratem._core import max_layers
from stratem.tem1d.models import (
    EarthModel,
    Instrument,
    IPModel,
    PolygonLoop,
    ResponseConfig,
    Waveform,
)

MAX_POINTS = 512  # corners of a polygon, points of a waveform
MAX_FILTERS = 16

_POLARITIES = [-1, 0, 1]


def _require(condition: object, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _require_finite(values: ArrayLike, what: str) -> None:
    _require(np.all(np.isfinite(values)), f"{what} must be finite")


def validate_earth_model(model: EarthModel) -> None:
    count = model.nlay
    _require(count >= 1, "Must have at least 1 layer")
    _require(count <= max_layers, f"Number of layers ({count}) exceeds maximum ({max_layers})")
    _require(
        model.depths.shape == model.resistivities.shape,
        f"depths length ({len(model.depths)}) must match nlay ({count})",
    )
    _require(not np.any(model.resistivities <= 0), "All resistivities must be positive")
    _require_finite(model.resistivities, "All resistivities")
    _require(model.depths[0] == 0, "First depth must be 0 (surface)")
    _require(not np.any(np.diff(model.depths) <= 0), "Depths must be monotonically increasing")
    _require_finite(model.depths, "All depths")
    _require(model.imlm in (0, 1), "imlm must be 0 or 1")


def validate_ip_model(ip_model: IPModel, nlay: int) -> None:
    for name in ("chargeabilities", "time_constants", "powers"):
        count = len(getattr(ip_model, name))
        _require(count == nlay, f"{name} length ({count}) must match nlay ({nlay})")
    chargeability, power = ip_model.chargeabilities, ip_model.powers
    _require(
        not np.any((chargeability < 0) | (chargeability > 1)),
        "Chargeabilities must be between 0 and 1",
    )
    _require(not np.any(ip_model.time_constants <= 0), "Time constants must be positive")
    _require_finite(ip_model.time_constants, "Time constants")
    _require(not np.any((power < 0) | (power > 1)), "Cole-Cole powers must be between 0 and 1")


def validate_instrument(instrument: Instrument) -> None:
    _require(not instrument.tx_area <= 0, "Transmitter area must be positive")
    _require_finite(instrument.tx_area, "Transmitter area")
    _require(not instrument.tx_rx_separation < 0, "TX-RX separation must be non-negative")
    _require_finite(instrument.tx_rx_separation, "TX-RX separation")
    for name, polarity in (
        ("TX", instrument.tx_polarity),
        ("RX", instrument.rx_polarity),
        ("TX2", instrument.tx_polarity2),
        ("RX2", instrument.rx_polarity2),
    ):
        _require(polarity in _POLARITIES, f"{name} polarity must be one of {_POLARITIES}")
    heights = (
        instrument.tx_height,
        instrument.rx_height,
        instrument.tx_height2,
        instrument.rx_height2,
    )
    _require_finite(heights, "All heights")


def validate_polygon_loop(polygon: PolygonLoop) -> None:
    count = polygon.n_vertices
    _require(count >= 3, f"Polygon must have at least 3 vertices (got {count})")
    _require(count <= MAX_POINTS, f"Number of vertices ({count}) exceeds maximum ({MAX_POINTS})")
    _require_finite(polygon.vertices, "All polygon vertices")
    _require_finite(polygon.rx_position, "Receiver position")


def validate_response_config(config: ResponseConfig) -> None:
    if config.apply_filters:
        frequencies = config.filter_frequencies
        if frequencies is None:
            raise ValueError("filter_frequencies required when apply_filters=True")
        count = len(frequencies)
        _require(
            count <= MAX_FILTERS, f"Number of filters ({count}) exceeds maximum ({MAX_FILTERS})"
        )
        _require(not np.any(frequencies <= 0), "All filter frequencies must be positive")
        _require_finite(frequencies, "All filter frequencies")
    if config.model_repetition:
        _require(not config.repetition_frequency <= 0, "Repetition frequency must be positive")
        _require_finite(config.repetition_frequency, "Repetition frequency")


def validate_waveform(waveform: Waveform) -> None:
    count = waveform.nwave
    _require(count >= 2, f"Waveform must have at least 2 points (got {count})")
    _require(
        count <= MAX_POINTS, f"Number of waveform points ({count}) exceeds maximum ({MAX_POINTS})"
    )
    _require_finite(waveform.times, "All waveform times")
    _require_finite(waveform.amplitudes, "All waveform amplitudes")
    _require(not np.any(np.diff(waveform.times) <= 0), "Waveform times must be strictly increasing")


def validate_all(
    model: EarthModel,
    instrument: Instrument,
    ip_model: IPModel | None = None,
    polygon: PolygonLoop | None = None,
    response_config: ResponseConfig | None = None,
    waveform: Waveform | None = None,
) -> None:
    """Checks everything that is given, and that a convolved response has a waveform."""
    validate_earth_model(model)
    validate_instrument(instrument)
    if ip_model is not None and ip_model.enabled:
        validate_ip_model(ip_model, model.nlay)
    if polygon is not None:
        validate_polygon_loop(polygon)
    if response_config is not None:
        validate_response_config(response_config)
    if waveform is not None:
        validate_waveform(waveform)
    if response_config is not None and response_config.response_type == "convolved":
        _require(waveform is not None, "Waveform required for convolved response type")
