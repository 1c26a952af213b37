"""The instruments of TEM1D as stratem's systems, and the plans that are made for them."""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence

import numpy as np

from stratem._arrays import FloatArray
from stratem.models import Models
from stratem.plan import Plan
from stratem.responses import Responses
from stratem.system import Circle, Loop, LowPass, Moment, Polygon, Receiver, System, Transmitter
from stratem.tem1d.models import Instrument, PolygonLoop, ResponseConfig, Waveform

#: Largest relative error of responses that a plan computes.
TOLERANCE = 1e-4

#: The reference computes this many models of one instrument, in 0.01 s each. Only then a plan is
#: made, which takes tens of seconds.
MODELS_BEFORE_PLAN = 2000

_PER_DECADE = 10
_FIRST_TIME = 1e-8
_DECADES = 7.0
_DECADES_WITH_IP = 7.9


def _all_times(polarizable: bool) -> FloatArray:
    decades = _DECADES_WITH_IP if polarizable else _DECADES
    exponents = np.arange(round(decades * _PER_DECADE) + 1) / _PER_DECADE
    times: FloatArray = _FIRST_TIME * 10.0**exponents
    return times


def _times(polarizable: bool, config: ResponseConfig, waveform: Waveform | None) -> FloatArray:
    """The times of the responses. With a waveform, they end where the response to its first point
    ends, and before a repeated waveform begins again."""
    times = _all_times(polarizable)
    if config.response_type != "convolved" or waveform is None:
        return times
    since_first_point = times - waveform.times[0]
    latest = times[-1] * (1.0 + 1e-9)
    if config.model_repetition:
        latest = min(latest, 0.5 / config.repetition_frequency)
    reached: FloatArray = times[since_first_point <= latest]
    return reached


def _ends(polarities: Sequence[int], heights: Sequence[float]) -> list[tuple[int, float]]:
    return [(p, h) for p, h in zip(polarities, heights, strict=True) if p != 0]


class Survey:
    """One instrument with one kind of response."""

    def __init__(self, times: FloatArray, system: System | None, factor: float) -> None:
        self.times = times
        self._system = system
        self._factor = factor
        self._models = 0
        self._plan: Plan | None = None
        self._lock = threading.Lock()

    @functools.cached_property
    def _reference(self) -> Plan:
        assert self._system is not None
        return Plan(self._system, backend="reference")

    def _plan_for(self, models: int) -> Plan:
        """The plan, if the cache has it or there have been enough models; the reference before."""
        assert self._system is not None
        with self._lock:
            if self._models == 0:
                self._plan = Plan._from_cache(self._system, TOLERANCE)
            self._models += models
            if self._plan is None and self._models > MODELS_BEFORE_PLAN:
                self._plan = Plan(self._system, TOLERANCE)
            return self._plan or self._reference

    def forward(
        self, models: Models, *, threads: int | None = None, by_reference: bool = False
    ) -> Responses | None:
        """Responses in TEM1D's units; None if all transmitters or receivers have polarity 0.

        Polarizable models are always computed by the reference.
        """
        if self._system is None:
            return None
        by_reference = by_reference or models.chargeability is not None
        plan = self._reference if by_reference else self._plan_for(len(models))
        responses = plan.forward(models, threads=threads, out_of_range="reference")
        np.multiply(responses.values, self._factor, out=responses.values)
        return responses


def make_survey(
    instrument: Instrument,
    polygon: PolygonLoop | None,
    config: ResponseConfig,
    waveform: Waveform | None,
    *,
    polarizable: bool,
) -> Survey:
    """The survey of these validated parameters. Equal parameters give the same object."""
    used = waveform if config.response_type == "convolved" else None
    filters = config.filter_frequencies if config.nfilt > 0 else None
    repeated = config.model_repetition and used is not None
    return _cached(
        (
            float(instrument.tx_area),
            float(instrument.tx_rx_separation),
            (int(instrument.tx_polarity), int(instrument.tx_polarity2)),
            (float(instrument.tx_height), float(instrument.tx_height2)),
            (int(instrument.rx_polarity), int(instrument.rx_polarity2)),
            (float(instrument.rx_height), float(instrument.rx_height2)),
        ),
        None if polygon is None else tuple(map(tuple, polygon.vertices.tolist())),
        None if polygon is None else (float(polygon.rx_position[0]), float(polygon.rx_position[1])),
        config.response_type,
        () if filters is None else tuple(filters.tolist()),
        float(config.repetition_frequency) if repeated else None,
        None if used is None else (tuple(used.times.tolist()), tuple(used.amplitudes.tolist())),
        polarizable,
    )


_Ends = tuple[
    float, float, tuple[int, int], tuple[float, float], tuple[int, int], tuple[float, float]
]


@functools.lru_cache(maxsize=64)
def _cached(
    ends: _Ends,
    vertices: tuple[tuple[float, float], ...] | None,
    rx_position: tuple[float, float] | None,
    response_type: str,
    filters: tuple[float, ...],
    repetition_frequency: float | None,
    waveform: tuple[tuple[float, ...], tuple[float, ...]] | None,
    polarizable: bool,
) -> Survey:
    area, separation, tx_polarities, tx_heights, rx_polarities, rx_heights = ends
    loop: Loop
    if vertices is None:
        loop = Circle(float(np.sqrt(area / np.pi)))
        position = (separation, 0.0)
    else:
        assert rx_position is not None
        loop = Polygon(np.array(vertices))
        position = rx_position
        area = _polygon_area(np.array(vertices))
    config = ResponseConfig(
        response_type,
        model_repetition=repetition_frequency is not None,
        repetition_frequency=repetition_frequency or 0.0,
    )
    points = None if waveform is None else Waveform(np.array(waveform[0]), np.array(waveform[1]))
    times = _times(polarizable, config, points)
    peak = 1.0 if points is None else float(np.max(np.abs(points.amplitudes)))
    transmitters = _ends(tx_polarities, tx_heights)
    receivers = _ends(rx_polarities, rx_heights)
    if not transmitters or not receivers or peak == 0.0:
        return Survey(times, None, 0.0)
    moment = Moment(
        [Transmitter(loop, height, polarity=polarity) for polarity, height in transmitters],
        [Receiver(position, height, polarity=polarity) for polarity, height in receivers],
        times=times,
        quantity="b" if response_type == "step" else "dbdt",
        waveform=None if points is None else (points.times, points.amplitudes),
        base_frequency=repetition_frequency,
        low_pass=[LowPass(frequency) for frequency in filters],
    )
    # The system's responses are per ampere of peak current.
    return Survey(times, System.from_moments(moment), peak / area)


def _polygon_area(corners: FloatArray) -> float:
    """The area of a polygon without crossings, by the shoelace formula."""
    x, y = corners.T
    return float(0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))))
