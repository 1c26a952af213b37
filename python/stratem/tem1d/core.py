"""Computes one model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from stratem import _core
from stratem._arrays import FloatArray
from stratem.models import Models
from stratem.tem1d._survey import Survey, make_survey
from stratem.tem1d.models import (
    EarthModel,
    Instrument,
    IPModel,
    PolygonLoop,
    ResponseConfig,
    TEM1DResult,
    Waveform,
    result_metadata,
)
from stratem.tem1d.validation import validate_all

# Steps of derivatives by central differences: the errors of the differences and of rounding in the
# reference are about the same, 1e-6 of a derivative.
_STEP = 1e-3
_HEIGHT_STEP = 1e-2  # m


def load_library() -> Any:
    """The extension that computes. It is loaded with the package; this is for scripts that ask."""
    return _core


def call_tem1d(
    model: EarthModel,
    instrument: Instrument,
    ip_model: IPModel | None = None,
    polygon: PolygonLoop | None = None,
    response_config: ResponseConfig | None = None,
    waveform: Waveform | None = None,
) -> TEM1DResult:
    """Computes the response of one model.

    Raises
    ------
    ValueError
        If a parameter is not allowed.
    """
    validate_all(model, instrument, ip_model, polygon, response_config, waveform)
    config = response_config or ResponseConfig()
    ip = ip_model if ip_model is not None and ip_model.enabled else None

    def survey_of(changed: Instrument) -> Survey:
        return make_survey(changed, polygon, config, waveform, polarizable=ip is not None)

    survey = survey_of(instrument)
    responses = _compute(survey, _as_models([model.resistivities], [model.depths], ip))
    derivatives = None
    if config.calculate_derivatives:
        derivatives = np.concatenate(
            [
                _earth_derivatives(survey, model, ip),
                _height_derivatives(survey_of, instrument, model, ip),
            ],
            axis=1,
        )
    metadata = result_metadata(
        model.nlay,
        model.imlm,
        has_ip=ip is not None,
        has_polygon=polygon is not None,
        response_type=config.response_type,
    )
    return TEM1DResult(survey.times.copy(), responses[0], derivatives, metadata)


def _as_models(
    resistivity: list[FloatArray], depth: list[FloatArray], ip: IPModel | None
) -> Models:
    rho = np.array(resistivity)
    if ip is None:
        return Models(rho, depth=np.array(depth))
    # With an exponent of 0 the resistivity is the same at all frequencies.
    constant = ip.powers == 0
    rho = np.where(constant, rho * (1.0 - 0.5 * ip.chargeabilities), rho)
    return Models(
        rho,
        depth=np.array(depth),
        chargeability=np.where(constant, 0.0, ip.chargeabilities),
        time_constant=ip.time_constants,
        exponent=np.where(constant, 1.0, ip.powers),
    )


def _compute(survey: Survey, models: Models, *, by_reference: bool = False) -> FloatArray:
    responses = survey.forward(models, by_reference=by_reference)
    if responses is None:
        return np.zeros((len(models), len(survey.times)))
    bad = np.flatnonzero(responses.status)
    if bad.size > 0:
        raise ValueError(str(responses.reasons[bad[0]]))
    return responses.values


def _earth_derivatives(survey: Survey, model: EarthModel, ip: IPModel | None) -> FloatArray:
    """With respect to the conductivities and, with imlm 0, the thicknesses, shape (times, n)."""
    conductivity = model.conductivities
    thickness = np.diff(model.depths)
    parameters = np.concatenate([conductivity, thickness if model.imlm == 0 else []])
    resistivities, depths = [], []
    for number, value in enumerate(parameters):
        for step in (_STEP * value, -_STEP * value):
            changed = np.concatenate([conductivity, thickness])
            changed[number] += step
            resistivities.append(1.0 / changed[: model.nlay])
            depths.append(np.concatenate([[0.0], np.cumsum(changed[model.nlay :])]))
    values = _compute(survey, _as_models(resistivities, depths, ip), by_reference=True)
    differences = values[0::2] - values[1::2]
    return (differences / (2.0 * _STEP * parameters[:, None])).T


def _height_derivatives(
    survey_of: Any, instrument: Instrument, model: EarthModel, ip: IPModel | None
) -> FloatArray:
    """With respect to the height of the transmitter, shape (times, 1)."""
    height = instrument.tx_height
    lower, upper = max(height - _HEIGHT_STEP, 0.0), height + _HEIGHT_STEP
    models = _as_models([model.resistivities], [model.depths], ip)

    def response_at(tx_height: float) -> FloatArray:
        survey = survey_of(replace(instrument, tx_height=tx_height))
        return _compute(survey, models, by_reference=True)

    slope: FloatArray = (response_at(upper) - response_at(lower)).T / (upper - lower)
    return slope
