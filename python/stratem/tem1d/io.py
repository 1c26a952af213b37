"""Results in files, and the text files of the program TEMTEST."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from stratem._arrays import FloatArray
from stratem.tem1d.models import (
    EarthModel,
    Instrument,
    IPModel,
    PolygonLoop,
    ResponseConfig,
    TEM1DResult,
    Waveform,
)

_METADATA = "metadata_"


def save_result(result: TEM1DResult, filepath: str | os.PathLike[str], format: str = "npz") -> None:
    """Writes a result as "npz" (which `load_result` reads), "csv" or "json"."""
    if format == "npz":
        arrays: dict[str, Any] = {"times": result.times, "responses": result.responses}
        if result.derivatives is not None:
            arrays["derivatives"] = result.derivatives
        for name, value in result.metadata.items():
            arrays[_METADATA + name] = np.array([value])
        np.savez(filepath, **arrays)
    elif format == "csv":
        names = ["time", "response", *(f"deriv_{i}" for i in range(result.n_params))]
        columns = [result.times, result.responses]
        if result.derivatives is not None:
            columns.extend(result.derivatives.T)
        np.savetxt(
            filepath, np.column_stack(columns), delimiter=",", header=",".join(names), comments=""
        )
    elif format == "json":
        facts: dict[str, Any] = {
            "times": result.times.tolist(),
            "responses": result.responses.tolist(),
            "metadata": result.metadata,
        }
        if result.derivatives is not None:
            facts["derivatives"] = result.derivatives.tolist()
        Path(filepath).write_text(json.dumps(facts, indent=2), encoding="utf-8")
    else:
        raise ValueError(f"Unknown format: {format}. Use 'npz', 'csv', or 'json'")


def load_result(filepath: str | os.PathLike[str]) -> TEM1DResult:
    """Reads a result that `save_result` wrote as npz."""
    if Path(filepath).suffix != ".npz":
        raise ValueError("Only .npz format supported for loading")
    with np.load(filepath) as arrays:
        metadata = {
            name[len(_METADATA) :]: arrays[name].item() if arrays[name].size == 1 else arrays[name]
            for name in arrays.files
            if name.startswith(_METADATA)
        }
        derivatives = arrays["derivatives"] if "derivatives" in arrays.files else None
        return TEM1DResult(arrays["times"], arrays["responses"], derivatives, metadata)


def read_forwrite(filepath: str | os.PathLike[str] = "FORWRITE") -> TEM1DResult:
    """Reads a file of TEMTEST's: a line of times, a line of responses, and a line for each
    parameter's derivatives, if there are any."""
    lines = Path(filepath).read_text(encoding="ascii").splitlines()
    rows = [[float(word) for word in line.split()] for line in lines]
    derivatives = [row for row in rows[2:] if row]
    return TEM1DResult(
        np.array(rows[0]),
        np.array(rows[1]),
        np.array(derivatives).T if derivatives else None,
        {"source": "FORWRITE"},
    )


def _numbers(*values: float) -> str:
    return "   ".join(f"{value:.6e}" for value in values)


def _rows(*columns: FloatArray) -> list[str]:
    return [_numbers(*row) for row in zip(*columns, strict=True)]


def _ip_lines(ip_model: IPModel | None) -> list[str]:
    if ip_model is None or not ip_model.enabled:
        return ["0"]
    return ["1", *_rows(ip_model.chargeabilities, ip_model.time_constants, ip_model.powers)]


def _instrument_lines(instrument: Instrument) -> list[str]:
    return [
        _numbers(instrument.tx_area),
        str(instrument.tx_polarity),
        str(instrument.rx_polarity),
        str(instrument.tx_polarity2),
        str(instrument.rx_polarity2),
        _numbers(instrument.tx_height),
        _numbers(instrument.rx_height),
        _numbers(instrument.tx_height2),
        _numbers(instrument.rx_height2),
        _numbers(instrument.tx_rx_separation),
        str(int(instrument.zero_coupled)),
    ]


def _polygon_lines(polygon: PolygonLoop | None) -> list[str]:
    if polygon is None:
        return ["0"]
    x, y = polygon.rx_position
    corners = _rows(polygon.x_coords, polygon.y_coords)
    return [str(polygon.n_vertices), *corners, _numbers(x), _numbers(y), "0.0"]


def _response_lines(config: ResponseConfig | None, waveform: Waveform | None) -> list[str]:
    if config is None:
        return ["0"] * 5
    repetition = [_numbers(config.repetition_frequency)] if config.model_repetition else []
    filters: list[str] = []
    if config.filter_frequencies is not None and config.nfilt > 0:
        filters = [_numbers(frequency) for frequency in config.filter_frequencies]
    return [
        str(config.iresptype),
        str(config.ideriv),
        str(int(waveform is not None)),
        str(int(config.model_repetition)),
        *repetition,
        str(config.nfilt),
        *filters,
    ]


def _waveform_lines(waveform: Waveform | None) -> list[str]:
    if waveform is None:
        return ["0"]
    return [str(waveform.nwave), *_rows(waveform.times, waveform.amplitudes)]


def write_forread(
    model: EarthModel,
    instrument: Instrument,
    filepath: str | os.PathLike[str] = "FORREAD",
    **kwargs: Any,
) -> None:
    """Writes a file that TEMTEST reads. ``kwargs`` may have ip_model, polygon, response_config and
    waveform."""
    waveform = kwargs.get("waveform")
    sections = {
        "MODEL": [str(model.imlm), str(model.nlay), *_rows(model.resistivities, model.depths)],
        "IP": _ip_lines(kwargs.get("ip_model")),
        "INSTRUMENT": _instrument_lines(instrument),
        "POLYGON": _polygon_lines(kwargs.get("polygon")),
        "RESPONSE": _response_lines(kwargs.get("response_config"), waveform),
        "WAVEFORM": _waveform_lines(waveform),
    }
    lines = [line for name, body in sections.items() for line in [f"{name} PARAMETERS", *body]]
    Path(filepath).write_text("\n".join(lines) + "\n", encoding="ascii")


def model_to_dict(model: EarthModel) -> dict[str, Any]:
    """The model as lists and numbers, for JSON."""
    return {
        "resistivities": model.resistivities.tolist(),
        "depths": model.depths.tolist(),
        "imlm": model.imlm,
        "nlay": model.nlay,
    }


def model_from_dict(data: Mapping[str, Any]) -> EarthModel:
    """The model that `model_to_dict` gave."""
    return EarthModel(
        np.array(data["resistivities"]), np.array(data["depths"]), data.get("imlm", 0)
    )
