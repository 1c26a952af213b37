"""Pictures of models and results, with matplotlib."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from stratem._optional import for_pictures
from stratem.tem1d.models import EarthModel, TEM1DResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PER_SECOND = {"us": 1e6, "ms": 1e3, "s": 1.0}
_RESPONSE_LABEL = {
    "step": "|B| per unit moment (T/(A m²))",
    "impulse": "|dB/dt| per unit moment (V/(A m⁴))",
    "convolved": "|dB/dt| per unit moment (V/m⁴)",
}


def _axes(ax: Axes | None, width: float, height: float) -> tuple[Any, Any]:
    """Figure and axes: new ones unless axes are given."""
    if ax is not None:
        return ax.figure, ax
    pyplot = for_pictures("matplotlib.pyplot")
    figure, axes = pyplot.subplots(figsize=(width, height), layout="constrained")
    return figure, axes


def _label(result: TEM1DResult) -> str:
    return _RESPONSE_LABEL.get(str(result.metadata.get("response_type")), "|response|")


def _draw_response(axes: Any, times: Any, responses: Any, **style: Any) -> None:
    """Moduli as a line; where the response is negative it is dashed."""
    (line,) = axes.loglog(times, np.abs(responses), **style)
    negative = np.where(responses < 0, np.abs(responses), np.nan)
    if np.any(responses < 0) and np.any(responses > 0):
        line.set_ydata(np.where(responses >= 0, np.abs(responses), np.nan))
        axes.loglog(times, negative, linestyle="--", color=line.get_color())


def plot_response(
    result: TEM1DResult,
    ax: Axes | None = None,
    time_unit: str = "ms",
    xlabel: str | None = None,
    ylabel: str | None = None,
    title: str | None = None,
    **kwargs: Any,
) -> Figure:
    """The response over time, both axes logarithmic; dashed where it is negative.

    ``time_unit`` is "us", "ms" or "s"; ``kwargs`` are those of loglog.
    """
    figure, axes = _axes(ax, 8, 6)
    _draw_response(axes, result.times * _PER_SECOND[time_unit], result.responses, **kwargs)
    axes.set_xlabel(f"Time ({time_unit})" if xlabel is None else xlabel)
    axes.set_ylabel(_label(result) if ylabel is None else ylabel)
    if title is not None:
        axes.set_title(title)
    axes.grid(True, which="both", alpha=0.3)
    return figure  # type: ignore[no-any-return]


def plot_derivatives(
    result: TEM1DResult,
    param_labels: Sequence[str] | None = None,
    ax: Axes | None = None,
    time_unit: str = "ms",
    cmap: str = "viridis",
    **kwargs: Any,
) -> Figure:
    """Derivatives over time: a curve for each parameter; ``plot_type="heatmap"`` gives an image."""
    if result.derivatives is None:
        raise ValueError("Result does not contain derivatives")
    kind = kwargs.pop("plot_type", "curves")
    figure, axes = _axes(ax, 10, 6)
    times = result.times * _PER_SECOND[time_unit]
    labels = param_labels or [f"p{i}" for i in range(result.n_params)]
    if kind == "heatmap":
        edges = np.arange(result.n_params + 1)
        image = axes.pcolormesh(
            _edges(times), edges, result.derivatives.T, cmap=cmap, shading="flat"
        )
        axes.set_xscale("log")
        axes.set_yticks(edges[:-1] + 0.5, labels[: result.n_params])
        figure.colorbar(image, ax=axes, label="Derivative")
    else:
        for column, label in zip(result.derivatives.T, labels, strict=False):
            axes.semilogx(times, column, label=label, **kwargs)
        axes.set_ylabel("Derivative")
        axes.legend()
        axes.grid(True, alpha=0.3)
    axes.set_xlabel(f"Time ({time_unit})")
    axes.set_title("Derivatives of the response")
    return figure  # type: ignore[no-any-return]


def _edges(times: Any) -> Any:
    """Times halfway between these, on a logarithmic axis, and one beyond each end."""
    ratio = np.sqrt(times[1] / times[0])
    middles = np.sqrt(times[1:] * times[:-1])
    return np.concatenate([[times[0] / ratio], middles, [times[-1] * ratio]])


def plot_comparison(
    results: Mapping[str, TEM1DResult],
    ax: Axes | None = None,
    time_unit: str = "ms",
    **kwargs: Any,
) -> Figure:
    """Several responses in one picture, under the names that they are given with."""
    figure, axes = _axes(ax, 10, 6)
    for name, result in results.items():
        times = result.times * _PER_SECOND[time_unit]
        _draw_response(axes, times, result.responses, label=name, **kwargs)
    labels = {_label(result) for result in results.values()}
    axes.set_xlabel(f"Time ({time_unit})")
    axes.set_ylabel(labels.pop() if len(labels) == 1 else "|response|")
    axes.set_title("Responses")
    axes.legend()
    axes.grid(True, which="both", alpha=0.3)
    return figure  # type: ignore[no-any-return]


def plot_model_schematic(
    model: EarthModel,
    ax: Axes | None = None,
    show_resistivity: bool = True,
    max_depth: float | None = None,
    **kwargs: Any,
) -> Figure:
    """The layers as coloured bands down to ``max_depth`` in m; ``kwargs`` may have cmap."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LogNorm

    figure, axes = _axes(ax, 6, 8)
    if max_depth is None:
        max_depth = 1.5 * float(model.depths[-1]) if model.nlay > 1 else 100.0
    lowest, highest = float(model.resistivities.min()), float(model.resistivities.max())
    if lowest == highest:
        lowest, highest = lowest / 10.0, highest * 10.0
    colours = ScalarMappable(LogNorm(lowest, highest), kwargs.pop("cmap", "RdYlBu"))
    bottoms = [*model.depths[1:], max_depth]
    for resistivity, top, bottom in zip(model.resistivities, model.depths, bottoms, strict=True):
        axes.axhspan(
            top, bottom, facecolor=colours.to_rgba(resistivity), edgecolor="black", linewidth=1.5
        )
        if show_resistivity and top < max_depth:
            middle = 0.5 * (top + min(bottom, max_depth))
            box = {"boxstyle": "round", "facecolor": "white", "alpha": 0.8}
            text = f"{resistivity:.4g} Ω·m"
            axes.text(0.5, middle, text, ha="center", va="center", fontsize=10, bbox=box)
    axes.set_xlim(0, 1)
    axes.set_ylim(max_depth, 0)
    axes.set_xticks([])
    axes.set_ylabel("Depth (m)")
    axes.set_title("Layered earth")
    figure.colorbar(colours, ax=axes, label="Resistivity (Ω·m)")
    return figure  # type: ignore[no-any-return]


def plot_decay_curve(
    result: TEM1DResult,
    gate_times: ArrayLike | None = None,
    ax: Axes | None = None,
    **kwargs: Any,
) -> Figure:
    """The response over a linear axis of time in ms; ``gate_times`` in s are marked."""
    figure, axes = _axes(ax, 10, 6)
    axes.semilogy(result.times * 1e3, np.abs(result.responses), **kwargs)
    if gate_times is not None:
        gates = np.asarray(gate_times, dtype=np.float64)
        responses = np.interp(gates, result.times, result.responses)
        axes.scatter(gates * 1e3, np.abs(responses), s=50, c="red", zorder=5)
    axes.set_xlabel("Time (ms)")
    axes.set_ylabel(_label(result))
    axes.set_title("Decay of the response")
    axes.grid(True, alpha=0.3)
    return figure  # type: ignore[no-any-return]
