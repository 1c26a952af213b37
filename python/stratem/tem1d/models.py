"""The parameters of a computation, and its result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from stratem._arrays import FloatArray

_RESPONSE_TYPES = ("step", "impulse", "convolved")


def _floats(values: ArrayLike) -> FloatArray:
    return np.asarray(values, dtype=np.float64)


@dataclass
class EarthModel:
    """Layers: resistivities in ohm-m, and depths of their tops in m, the first of them 0.

    ``imlm`` says which derivatives are computed: 0 with those of the thicknesses, 1 without.
    """

    resistivities: FloatArray
    depths: FloatArray
    imlm: int = 0

    def __post_init__(self) -> None:
        self.resistivities = _floats(self.resistivities)
        self.depths = _floats(self.depths)

    @property
    def nlay(self) -> int:
        """Number of layers."""
        return len(self.resistivities)

    @property
    def conductivities(self) -> FloatArray:
        """In S/m."""
        return 1.0 / self.resistivities


@dataclass
class IPModel:
    """Cole-Cole parameters of every layer: chargeability, time constant in s, exponent."""

    chargeabilities: FloatArray
    time_constants: FloatArray
    powers: FloatArray
    enabled: bool = True

    def __post_init__(self) -> None:
        self.chargeabilities = _floats(self.chargeabilities)
        self.time_constants = _floats(self.time_constants)
        self.powers = _floats(self.powers)


@dataclass
class Instrument:
    """A circular transmitter of ``tx_area`` in m^2, and a receiver ``tx_rx_separation`` m away.

    Heights are in m above the ground. A second transmitter and a second receiver take part if their
    polarities are not 0; the response is the sum over all pairs. ``zero_coupled`` has no effect.
    """

    tx_area: float
    tx_rx_separation: float = 0.0
    tx_height: float = 1.0
    rx_height: float = 1.0
    tx_height2: float = 0.0
    rx_height2: float = 0.0
    tx_polarity: int = 1
    rx_polarity: int = 1
    tx_polarity2: int = 0
    rx_polarity2: int = 0
    zero_coupled: bool = False


@dataclass
class PolygonLoop:
    """A transmitter with these corners, x and y in m, in place of the circle."""

    vertices: FloatArray
    rx_position: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        self.vertices = _floats(self.vertices)
        if self.vertices.ndim != 2 or self.vertices.shape[1] != 2:
            raise ValueError("vertices must be Nx2 array")

    @property
    def n_vertices(self) -> int:
        return len(self.vertices)

    @property
    def x_coords(self) -> FloatArray:
        return self.vertices[:, 0]

    @property
    def y_coords(self) -> FloatArray:
        return self.vertices[:, 1]


@dataclass
class ResponseConfig:
    """What is computed: B of a step ("step"), its -dB/dt ("impulse"), or -dB/dt of a waveform
    ("convolved"); with filters of the first order at ``filter_frequencies`` in Hz, and with the
    waveform repeated at ``repetition_frequency`` in Hz.
    """

    response_type: str = "step"
    calculate_derivatives: bool = False
    apply_filters: bool = False
    filter_frequencies: FloatArray | None = None
    model_repetition: bool = False
    repetition_frequency: float = 0.0

    def __post_init__(self) -> None:
        if self.response_type not in _RESPONSE_TYPES:
            raise ValueError(f"response_type must be one of {list(_RESPONSE_TYPES)}")
        if self.filter_frequencies is not None:
            self.filter_frequencies = _floats(self.filter_frequencies)

    @property
    def iresptype(self) -> int:
        """0 for step, 1 for impulse, 2 for convolved."""
        return _RESPONSE_TYPES.index(self.response_type)

    @property
    def ideriv(self) -> int:
        """1 if derivatives are computed."""
        return int(self.calculate_derivatives)

    @property
    def nfilt(self) -> int:
        """Number of filters that are applied."""
        if self.filter_frequencies is None or not self.apply_filters:
            return 0
        return len(self.filter_frequencies)


@dataclass
class Waveform:
    """Currents at times in s, straight lines between them, constant before and after."""

    times: FloatArray
    amplitudes: FloatArray

    def __post_init__(self) -> None:
        self.times = _floats(self.times)
        self.amplitudes = _floats(self.amplitudes)
        if len(self.times) != len(self.amplitudes):
            raise ValueError("times and amplitudes must have same length")

    @property
    def nwave(self) -> int:
        """Number of points."""
        return len(self.times)


@dataclass
class TEM1DResult:
    """Responses per unit moment of the transmitter at times in s.

    ``derivatives``, shape (n_times, n_params), are those with respect to the conductivities, the
    thicknesses (``imlm`` 0) and the height of the transmitter; None unless asked for.
    """

    times: FloatArray
    responses: FloatArray
    derivatives: FloatArray | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.times = _floats(self.times)
        self.responses = _floats(self.responses)
        if self.derivatives is not None:
            self.derivatives = _floats(self.derivatives)

    @property
    def n_times(self) -> int:
        return len(self.times)

    @property
    def n_params(self) -> int:
        """Number of derivatives at each time; 0 without them."""
        return 0 if self.derivatives is None else int(self.derivatives.shape[1])

    def __repr__(self) -> str:
        parameters = "" if self.derivatives is None else f", n_params={self.n_params}"
        return f"TEM1DResult(n_times={self.n_times}{parameters})"


def result_metadata(
    nlay: int,
    imlm: int = 0,
    *,
    has_ip: bool = False,
    has_polygon: bool = False,
    response_type: str = "step",
) -> dict[str, Any]:
    """What a result says of its model and its instrument."""
    return {
        "nlay": nlay,
        "imlm": imlm,
        "has_ip": has_ip,
        "has_polygon": has_polygon,
        "response_type": response_type,
    }
