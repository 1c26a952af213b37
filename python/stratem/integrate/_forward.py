"""The data of models in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from stratem._arrays import FloatArray, numbers
from stratem.integrate._calls import Callback, refuse_unknown, tell
from stratem.integrate._survey import (
    TOLERANCE,
    AnyPath,
    Pair,
    default_height,
    make_plan,
    range_of,
    read_system,
)
from stratem.models import Models


def as_written(responses: FloatArray, is_log: bool) -> FloatArray:
    if not is_log:
        return responses
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithms: FloatArray = np.log10(responses)
    return logarithms


def forward(
    M: ArrayLike,
    thickness: ArrayLike,
    file_gex: AnyPath | None = None,
    *,
    tx_height: ArrayLike = (),
    is_log: bool = False,
    device: str | None = None,
    Ncpu: int = 0,
    tolerance: float = TOLERANCE,
    coil_filter: str = "first-order",
    showInfo: int = 0,
    progress_callback: Callback | None = None,
    **others: Any,
) -> FloatArray:
    """The data of models, as `integrate.forward_em` gives them.

    Parameters
    ----------
    M : array_like, shape (layers,) or (models, layers)
        Resistivities in ohm-m. Neighbouring layers of equal resistivity are computed as one.
    thickness : array_like, shape (layers - 1,)
        Thicknesses in m.
    file_gex : path
        The survey, an Aarhus Workbench .gex file.
    tx_height : float or array_like, shape (models,), optional
        Height of the transmitter in m. Without it, that of TxCoilPosition1 in the file, and 40 m if
        the file has none.
    is_log : bool
        Give the logarithms to the base 10; NaN where the data are negative.
    device : str, optional
        "cpu", "cuda" or "reference", which needs no plan and takes 0.01 s or more for a model; the
        fastest that can run here without it.
    Ncpu : int
        Threads; 0 for one on every core.
    tolerance : float
        Largest relative error of the data, as in `stratem.Plan`.
    coil_filter : str
        What RxCoilLPFilter1 means. "first-order": its first number, rounded, is an order, as the
        package's methods have it. "second-order": it is the damping of a coil, as
        `System.from_gex` has it.
    showInfo : int
        Ignored, as are the keywords of the package's other methods about their numerics.
    progress_callback : function, optional
        Called with the numbers of models done and in all and a dict of a phase and a status.

    Returns
    -------
    ndarray of float64, shape (gates,) or (models, gates)
        -dB/dt per unit transmitter moment in V/(A m^4). The gates of the first channel precede
        those of the second; those that RemoveInitialGates and NoGates leave out are not computed.
        A model that cannot be computed has NaN.

    Raises
    ------
    InputError
        If the file, a shape or an option is not allowed.
    IoError
        If the file cannot be opened.
    UnavailableError
        If the device cannot be used here.

    Notes
    -----
    The first call for a survey makes a plan, which takes tens of seconds. Later ones take it from
    the cache. Any number of threads may call this function.
    """
    refuse_unknown(others)
    resistivity = numbers("M", M)
    thicknesses = numbers("thickness", thickness)
    given = numbers("tx_height", tx_height).ravel()
    height: float | None = None
    heights: Pair | None = None
    if given.size == 0:
        height = None if file_gex is None else default_height(file_gex)
    elif np.all(given == given[0]):
        height = float(given[0])
    else:
        heights = range_of(given, zero_is_allowed=True).of_heights()
    plan = make_plan(
        read_system(file_gex, height, coil_filter),
        float(tolerance),
        range_of(resistivity).of_resistivities(),
        heights,
        device,
        int(Ncpu),
    )
    models = Models(resistivity, thicknesses, height=None if heights is None else given)

    def report(done: int, total: int) -> None:
        tell(progress_callback, done, total, "computing", "stratem")

    values = as_written(plan.forward(models.merged(), progress=report).values, is_log)
    return values[0] if resistivity.ndim == 1 and len(values) == 1 else values
