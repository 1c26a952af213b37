"""Pictures of models, responses and errors, with matplotlib.

Every function draws into `ax`, or into a new figure without it, and returns the axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from stratem._arrays import FloatArray
from stratem._optional import for_pictures
from stratem.errors import InputError
from stratem.models import Models
from stratem.plan import Plan
from stratem.responses import Responses

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["errors", "layers", "misfit", "posterior", "soundings"]

_GRID: dict[str, Any] = {"which": "both", "alpha": 0.25, "linewidth": 0.5}


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    pyplot = for_pictures("matplotlib.pyplot")
    axes: Axes = pyplot.subplots(figsize=(8, 5.5), layout="constrained")[1]
    return axes


def _signed(axes: Axes, times: FloatArray, values: FloatArray, label: str, **style: Any) -> Any:
    """Moduli as a line, solid where values are positive and dashed where they are negative."""
    (line,) = axes.plot(times, np.where(values > 0, values, np.nan), label=label, **style)
    if np.any(values < 0):
        negative = np.where(values < 0, -values, np.nan)
        axes.plot(times, negative, "--", color=line.get_color(), **style)
    return line


def _bottom(tops: FloatArray) -> float:
    """Where a picture of layers ends: half as deep again as the deepest interface."""
    deepest = float(np.nanmax(tops))
    return 1.5 * deepest if deepest > 0.0 else 100.0


def _tops(models: Models) -> FloatArray:
    """Depths of the layers' tops, shape (models, layers); NaN beyond a model's last layer."""
    if models.depth is not None:
        tops = np.array(models.depth)
    else:
        tops = np.zeros(models.resistivity.shape)
        if models.thickness is not None:
            tops[:, 1:] = np.cumsum(models.thickness, axis=1)
    if models.layers is not None:
        tops[np.arange(tops.shape[1]) >= models.layers[:, None]] = np.nan
    return tops


def _resistivity_at(models: Models, depths: FloatArray) -> FloatArray:
    """Resistivities of all models at these depths, shape (models, depths)."""
    tops = _tops(models)
    layer = (tops[:, None, :] <= depths[None, :, None]).sum(axis=2) - 1
    return np.take_along_axis(models.resistivity, np.maximum(layer, 0), axis=1)


def soundings(
    responses: Responses,
    *,
    percentiles: tuple[float, float, float] = (10.0, 50.0, 90.0),
    ax: Axes | None = None,
) -> Axes:
    """Responses over time: one curve of a single model, or the median and a percentile band.

    Each moment has its colour. Negative responses are dashed.
    """
    axes = _axes(ax)
    single = len(responses) == 1
    bands = responses.values if single else responses.statistics(percentiles).percentile
    for number, name in enumerate(responses.moment_names):
        gates = responses.moment == number
        times = responses.times[gates]
        moment = bands[:, gates]
        label = name or (f"moment {number + 1}" if len(responses.moment_names) > 1 else "")
        middle = moment[0] if single else moment[1]
        line = _signed(axes, times, middle, label if single else f"{label} median".strip())
        if not single:
            low, _, high = percentiles
            axes.fill_between(
                times,
                np.abs(moment[0]),
                np.abs(moment[2]),
                where=list(moment[0] * moment[2] > 0),
                color=line.get_color(),
                alpha=0.25,
                linewidth=0,
                label=f"{label} percentiles {low:g} to {high:g}".strip(),
            )
    axes.set(xscale="log", yscale="log", xlabel="Time (s)")
    axes.set_ylabel(f"Response ({responses.units}), dashed where negative")
    axes.grid(**_GRID)
    if axes.get_legend_handles_labels()[1]:
        axes.legend()
    return axes


def layers(
    models: Models,
    *,
    most: int = 50,
    depth: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Resistivity over depth, as steps, of the first models.

    Parameters
    ----------
    models : Models
    most : int
        Models that are drawn.
    depth : float, optional
        Where the picture ends, in m.
    """
    axes = _axes(ax)
    tops = _tops(models)
    bottom = _bottom(tops) if depth is None else depth
    drawn = min(most, len(models))
    for number in range(drawn):
        count = int(np.count_nonzero(np.isfinite(tops[number])))
        edges = np.append(tops[number, :count], bottom)
        axes.plot(
            np.repeat(models.resistivity[number, :count], 2),
            np.repeat(edges, 2)[1:-1],
            color="tab:blue",
            alpha=max(1.0 / drawn, 0.15),
        )
    axes.set(xscale="log", xlabel="Resistivity (ohm-m)", ylabel="Depth (m)", ylim=(bottom, 0.0))
    axes.grid(**_GRID)
    return axes


def posterior(
    models: Models,
    *,
    weights: ArrayLike | None = None,
    depth: float | None = None,
    bins: int = 60,
    ax: Axes | None = None,
) -> Axes:
    """How often each resistivity occurs at each depth, with the median, 10th and 90th percentiles.

    Parameters
    ----------
    models : Models
        Drawn from the posterior.
    weights : array_like, shape (models,), optional
        Weights of the models; all the same without them.
    depth : float, optional
        Where the picture ends, in m.
    bins : int
        Bins of resistivity.
    """
    axes = _axes(ax)
    bottom = _bottom(_tops(models)) if depth is None else depth
    edges = np.linspace(0.0, bottom, 101)
    middles = 0.5 * (edges[1:] + edges[:-1])
    values = np.log10(_resistivity_at(models, middles))
    share = np.ones(len(models)) if weights is None else np.asarray(weights, dtype=np.float64)
    if share.shape != (len(models),):
        raise InputError(f"weights: shape is {list(share.shape)}, allowed is [{len(models)}]")
    levels = np.linspace(values.min() - 0.05, values.max() + 0.05, bins + 1)
    density = np.array([np.histogram(row, levels, weights=share)[0] for row in values.T])
    image = axes.pcolormesh(10**levels, edges, density / share.sum(), cmap="Blues")
    axes.figure.colorbar(image, ax=axes, label="Share of models")
    for rank, style in ((10, ":"), (50, "-"), (90, ":")):
        curve = 10 ** _weighted_percentile(values, share, rank)
        label = "median" if rank == 50 else f"percentile {rank}"
        axes.plot(curve, middles, style, color="black", label=label)
    axes.set(xscale="log", xlabel="Resistivity (ohm-m)", ylabel="Depth (m)", ylim=(bottom, 0.0))
    axes.legend()
    return axes


def _weighted_percentile(values: FloatArray, weights: FloatArray, rank: float) -> FloatArray:
    """The percentile of each column of values, shape (models, columns)."""
    order = np.argsort(values, axis=0)
    summed = np.cumsum(weights[order], axis=0)
    first = (summed < rank / 100.0 * summed[-1]).sum(axis=0)
    ranked = np.take_along_axis(values, order, axis=0)
    chosen: FloatArray = ranked[np.minimum(first, len(values) - 1), np.arange(values.shape[1])]
    return chosen


def misfit(first: Responses, second: Responses, *, ax: Axes | None = None) -> Axes:
    """Relative differences of two computations of the same models, such as by two backends.

    Draws the median, the 99th percentile and the largest difference over all models, at each time.
    """
    if first.values.shape != second.values.shape:
        raise InputError(
            f"responses: shapes are {list(first.values.shape)} and {list(second.values.shape)}, "
            "allowed are two of the same shape"
        )
    axes = _axes(ax)
    ok = first.ok & second.ok
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = np.abs(first.values[ok] / second.values[ok] - 1.0)
    for number, name in enumerate(first.moment_names):
        gates = first.moment == number
        for rank, style in ((50, ":"), (99, "--"), (100, "-")):
            label = "largest" if rank == 100 else "median" if rank == 50 else f"percentile {rank}"
            axes.plot(
                first.times[gates],
                np.nanpercentile(difference[:, gates], rank, axis=0),
                style,
                color=f"C{number}",
                label=f"{name} {label}".strip(),
            )
    axes.axhline(first.provenance.tolerance, color="black", linewidth=1, label="tolerance")
    axes.set(xscale="log", yscale="log", xlabel="Time (s)")
    backends = f"{first.provenance.backend} against {second.provenance.backend}"
    axes.set_ylabel(f"Relative difference, {backends}")
    axes.grid(**_GRID)
    axes.legend()
    return axes


def errors(plans: Sequence[Plan], *, ax: Axes | None = None) -> Axes:
    """The errors that were measured for plans, over their tolerances."""
    axes = _axes(ax)
    ordered = sorted(plans, key=lambda plan: plan.tolerance)
    tolerances = np.array([plan.tolerance for plan in ordered])
    accuracies = [plan.accuracy for plan in ordered]
    axes.plot(tolerances, tolerances, color="black", linewidth=1, label="tolerance")
    axes.plot(tolerances, [a.worst for a in accuracies], "o-", label="largest error")
    axes.plot(tolerances, [a.median for a in accuracies], "s:", label="median error")
    axes.set(xscale="log", yscale="log", xlabel="Tolerance", ylabel="Relative error")
    axes.grid(**_GRID)
    axes.legend()
    return axes
