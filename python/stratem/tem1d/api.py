"""A function and a class that compute one model after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from stratem.tem1d.core import call_tem1d
from stratem.tem1d.models import (
    EarthModel,
    Instrument,
    IPModel,
    PolygonLoop,
    ResponseConfig,
    TEM1DResult,
    Waveform,
)

_INSTRUMENT_OPTIONS = (
    "tx_polarity",
    "rx_polarity",
    "tx_height2",
    "rx_height2",
    "tx_polarity2",
    "rx_polarity2",
    "zero_coupled",
)


def _instrument(options: Mapping[str, Any], **parameters: Any) -> Instrument:
    """Other options are ignored."""
    known = {name: options[name] for name in _INSTRUMENT_OPTIONS if name in options}
    return Instrument(**parameters, **known)


def run_tem1d(
    resistivities: ArrayLike,
    depths: ArrayLike,
    tx_area: float = 314.16,
    tx_rx_separation: float = 0.0,
    tx_height: float = 1.0,
    rx_height: float = 1.0,
    calculate_derivatives: bool = False,
    imlm: int = 0,
    ip_params: Mapping[str, ArrayLike] | None = None,
    polygon_vertices: ArrayLike | None = None,
    rx_position: tuple[float, float] = (0.0, 0.0),
    response_type: str = "step",
    waveform: Mapping[str, ArrayLike] | None = None,
    filter_frequencies: ArrayLike | None = None,
    model_repetition: bool = False,
    repetition_frequency: float = 0.0,
    **kwargs: Any,
) -> TEM1DResult:
    """Computes the response of one model.

    Parameters
    ----------
    resistivities, depths : array_like, shape (layers,)
        Resistivity in ohm-m, and depth of each layer's top in m, the first of them 0.
    tx_area, tx_rx_separation, tx_height, rx_height
        As in `Instrument`, and so are ``kwargs``.
    calculate_derivatives : bool
        Whether the result has derivatives.
    imlm : int
        0: derivatives with respect to thicknesses, too; 1: without them.
    ip_params : mapping, optional
        "chargeabilities", "time_constants" and "powers" of all layers.
    polygon_vertices : array_like, shape (corners, 2), optional
        A polygon in place of the circle, with its receiver at ``rx_position``.
    response_type : str
        "step", "impulse" or "convolved"; see `ResponseConfig`.
    waveform : mapping, optional
        "times" and "amplitudes".
    filter_frequencies, model_repetition, repetition_frequency
        As in `ResponseConfig`.
    """
    return call_tem1d(
        EarthModel(np.asarray(resistivities), np.asarray(depths), imlm),
        _instrument(
            kwargs,
            tx_area=tx_area,
            tx_rx_separation=tx_rx_separation,
            tx_height=tx_height,
            rx_height=rx_height,
        ),
        ip_model=None
        if ip_params is None
        else IPModel(
            np.asarray(ip_params["chargeabilities"]),
            np.asarray(ip_params["time_constants"]),
            np.asarray(ip_params["powers"]),
        ),
        polygon=None
        if polygon_vertices is None
        else PolygonLoop(np.asarray(polygon_vertices), rx_position),
        response_config=ResponseConfig(
            response_type,
            calculate_derivatives=calculate_derivatives,
            apply_filters=filter_frequencies is not None,
            filter_frequencies=None
            if filter_frequencies is None
            else np.asarray(filter_frequencies),
            model_repetition=model_repetition,
            repetition_frequency=repetition_frequency,
        ),
        waveform=None
        if waveform is None
        else Waveform(np.asarray(waveform["times"]), np.asarray(waveform["amplitudes"])),
    )


class TEM1DModel:
    """Keeps parameters from one computation to the next. All setters return the object.

    Examples
    --------
    >>> tem = TEM1DModel().set_earth_model([100, 10], [0, 50]).set_instrument(tx_area=314.16)
    >>> tem.run()
    TEM1DResult(n_times=71)
    """

    def __init__(self) -> None:
        self._model: EarthModel | None = None
        self._ip_model: IPModel | None = None
        self._instrument: Instrument | None = None
        self._polygon: PolygonLoop | None = None
        self._response_config = ResponseConfig()
        self._waveform: Waveform | None = None

    def set_earth_model(
        self, resistivities: ArrayLike, depths: ArrayLike, imlm: int = 0
    ) -> TEM1DModel:
        """Layers; see `EarthModel`."""
        self._model = EarthModel(np.asarray(resistivities), np.asarray(depths), imlm)
        return self

    def set_ip_model(
        self, chargeabilities: ArrayLike, time_constants: ArrayLike, powers: ArrayLike
    ) -> TEM1DModel:
        """Cole-Cole parameters of all layers; see `IPModel`."""
        self._ip_model = IPModel(
            np.asarray(chargeabilities), np.asarray(time_constants), np.asarray(powers)
        )
        return self

    def disable_ip(self) -> TEM1DModel:
        self._ip_model = None
        return self

    def set_instrument(
        self,
        tx_area: float,
        tx_rx_separation: float = 0.0,
        tx_height: float = 1.0,
        rx_height: float = 1.0,
        **kwargs: Any,
    ) -> TEM1DModel:
        """Transmitter and receiver; see `Instrument`."""
        self._instrument = _instrument(
            kwargs,
            tx_area=tx_area,
            tx_rx_separation=tx_rx_separation,
            tx_height=tx_height,
            rx_height=rx_height,
        )
        return self

    def set_polygon_loop(
        self, vertices: ArrayLike, rx_position: tuple[float, float] = (0.0, 0.0)
    ) -> TEM1DModel:
        """A polygon in place of the circle; see `PolygonLoop`."""
        self._polygon = PolygonLoop(np.asarray(vertices), rx_position)
        return self

    def set_waveform(self, times: ArrayLike, amplitudes: ArrayLike) -> TEM1DModel:
        """A waveform; responses are convolved from now on."""
        self._waveform = Waveform(np.asarray(times), np.asarray(amplitudes))
        return self.set_response_type("convolved")

    def enable_derivatives(self, enable: bool = True) -> TEM1DModel:
        self._response_config.calculate_derivatives = enable
        return self

    def set_response_type(self, response_type: str) -> TEM1DModel:
        """ "step", "impulse" or "convolved"."""
        self._response_config.response_type = response_type
        return self

    def run(self) -> TEM1DResult:
        """Computes the model. Raises ValueError if a parameter is missing or not allowed."""
        if self._model is None:
            raise ValueError("Earth model not set. Call set_earth_model() first.")
        if self._instrument is None:
            raise ValueError("Instrument not set. Call set_instrument() first.")
        return call_tem1d(
            self._model,
            self._instrument,
            ip_model=self._ip_model,
            polygon=self._polygon,
            response_config=self._response_config,
            waveform=self._waveform,
        )

    def run_batch(
        self,
        resistivity_sets: Sequence[ArrayLike],
        depths_sets: Sequence[ArrayLike] | None = None,
    ) -> list[TEM1DResult]:
        """Computes several models, with the depths of the present one unless others are given."""
        if self._model is None and depths_sets is None:
            raise ValueError("Must set earth model or provide depths_sets")
        results = []
        for number, resistivities in enumerate(resistivity_sets):
            if depths_sets is not None:
                depths = depths_sets[number]
            else:
                assert self._model is not None
                depths = self._model.depths
            imlm = self._model.imlm if self._model is not None else 0
            results.append(self.set_earth_model(resistivities, depths, imlm).run())
        return results
