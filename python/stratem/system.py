"""Survey systems: transmitters, receivers, waveforms, filters and gates, in SI units."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stratem import _core
from stratem._arrays import FloatArray, finite, finite_list, numbers
from stratem.errors import InputError

__all__ = [
    "Circle",
    "Dipole",
    "Loop",
    "LowPass",
    "Moment",
    "Polygon",
    "Receiver",
    "System",
    "Transmitter",
]


@dataclass(frozen=True)
class Circle:
    """A horizontal circular loop.

    Parameters
    ----------
    radius : float
        In m, above 0.
    """

    radius: float

    def _json(self) -> dict[str, Any]:
        return {"type": "circle", "radius": finite("radius", self.radius)}


@dataclass(frozen=True, eq=False)
class Polygon:
    """A horizontal loop of straight sides, whose last side closes it.

    Parameters
    ----------
    vertices : array_like, shape (corners, 2)
        x (forward) and y of the corners in m, clockwise or anticlockwise; at least 3.
    """

    vertices: ArrayLike

    def _json(self) -> dict[str, Any]:
        corners = numbers("vertices", self.vertices)
        if corners.ndim != 2 or corners.shape[1] != 2:
            raise InputError(f"vertices: shape is {list(corners.shape)}, allowed is [corners, 2]")
        return {
            "type": "polygon",
            "vertices": [finite_list(f"vertices[{i}]", corner) for i, corner in enumerate(corners)],
        }


@dataclass(frozen=True)
class Dipole:
    """A vertical magnetic dipole of 1 A m^2 per ampere and turn."""

    def _json(self) -> dict[str, Any]:
        return {"type": "dipole"}


Loop = Circle | Polygon | Dipole


@dataclass(frozen=True)
class Transmitter:
    """A transmitter loop.

    Parameters
    ----------
    loop : Circle, Polygon or Dipole
    height : float
        In m above the ground, 0 or above.
    position : (float, float)
        x, y of the loop's origin in m.
    turns : float
        Above 0.
    polarity : int
        1 or -1.
    """

    loop: Loop
    height: float
    position: tuple[float, float] = (0.0, 0.0)
    turns: float = 1.0
    polarity: int = 1

    def _json(self) -> dict[str, Any]:
        return {
            "loop": self.loop._json(),
            "height": finite("height", self.height),
            "position": finite_list("position", self.position),
            "turns": finite("turns", self.turns),
            "polarity": int(self.polarity),
        }


@dataclass(frozen=True)
class Receiver:
    """A receiver of one component.

    Parameters
    ----------
    position : (float, float)
        x, y in m.
    height : float
        In m above the ground, 0 or above.
    component : str
        "x", "y" or "z" (up).
    polarity : int
        1 or -1.
    """

    position: tuple[float, float]
    height: float
    component: str = "z"
    polarity: int = 1

    def _json(self) -> dict[str, Any]:
        return {
            "position": finite_list("position", self.position),
            "height": finite("height", self.height),
            "component": self.component,
            "polarity": int(self.polarity),
        }


@dataclass(frozen=True)
class LowPass:
    """A low-pass filter of the receiver.

    Parameters
    ----------
    cutoff : float
        In Hz, above 0.
    order : int, optional
        Number of first-order sections; 1, or 2 with `damping`.
    damping : float, optional
        Makes it one second-order coil 1 / (1 + 2 damping s/w + (s/w)^2) with w = 2 pi cutoff.
    """

    cutoff: float
    order: int | None = None
    damping: float | None = None

    def _json(self) -> dict[str, Any]:
        filter_: dict[str, Any] = {"cutoff": finite("cutoff", self.cutoff)}
        if self.order is not None:
            filter_["order"] = int(self.order)
        if self.damping is not None:
            filter_["damping"] = finite("damping", self.damping)
        return filter_


@dataclass(frozen=True, eq=False)
class Moment:
    """What is measured with one waveform.

    Parameters
    ----------
    transmitter : Transmitter or sequence of them
    receiver : Receiver or sequence of them
        The response is the sum over all pairs of transmitter and receiver.
    times : array_like, shape (gates,), optional
        Times of the responses in s after t = 0. Give this or `gates`.
    gates : (array_like, array_like), optional
        Opening and closing times of the gates in s; a response is the mean over its gate.
    waveform : (array_like, array_like), optional
        Times in s and currents, straight lines between them. Without it the current is a step-off:
        1 A until t = 0.
    quantity : str
        "dbdt": minus the time derivative of the field's component; "b": the component.
    base_frequency : float, optional
        In Hz. The pulse is repeated with the opposite sign every half period, without end.
    low_pass : sequence of LowPass
    scale : float
        A factor on all responses of the moment, not 0.
    name : str
    """

    transmitter: Transmitter | Sequence[Transmitter]
    receiver: Receiver | Sequence[Receiver]
    times: ArrayLike | None = None
    gates: tuple[ArrayLike, ArrayLike] | None = None
    waveform: tuple[ArrayLike, ArrayLike] | None = None
    quantity: str = "dbdt"
    base_frequency: float | None = None
    low_pass: Sequence[LowPass] = ()
    scale: float = 1.0
    name: str = ""

    def _json(self) -> dict[str, Any]:
        moment: dict[str, Any] = {
            "name": self.name,
            "transmitter": _one_or_more(self.transmitter, Transmitter),
            "receiver": _one_or_more(self.receiver, Receiver),
            "quantity": self.quantity,
            "waveform": "step_off",
            "low_pass": [filter_._json() for filter_ in self.low_pass],
            "scale": finite("scale", self.scale),
        }
        if self.waveform is not None:
            times, currents = self.waveform
            moment["waveform"] = {
                "times": finite_list("waveform.times", times),
                "currents": finite_list("waveform.currents", currents),
            }
        if self.base_frequency is not None:
            moment["base_frequency"] = finite("base_frequency", self.base_frequency)
        if self.times is not None:
            moment["times"] = finite_list("times", self.times)
        if self.gates is not None:
            opening, closing = self.gates
            moment["gates"] = {
                "open": finite_list("gates.open", opening),
                "close": finite_list("gates.close", closing),
            }
        return moment


def _one_or_more(value: Any, kind: type[Any]) -> list[dict[str, Any]]:
    items = [value] if isinstance(value, kind) else list(value)
    return [item._json() for item in items]


def _as_loop(loop: Loop | float | ArrayLike) -> Loop:
    if isinstance(loop, (Circle, Polygon, Dipole)):
        return loop
    array = numbers("loop", loop)
    return Circle(float(array)) if array.ndim == 0 else Polygon(array)


class System:
    """A survey system of one moment, from plain arguments.

    `System.from_moments` makes one of several moments, transmitters or receivers, and
    `System.from_file` reads one.

    Parameters
    ----------
    loop : Circle, Polygon or Dipole, float, or array_like of shape (corners, 2)
        The transmitter: a number is the radius of a circle in m, an array the corners of a polygon.
    times : array_like, shape (gates,), optional
        Times of the responses in s after t = 0. Give this or `gates`.
    gates : (array_like, array_like), optional
        Opening and closing times of the gates in s.
    waveform : (array_like, array_like), optional
        Times in s and currents. Default: a step-off at t = 0.
    height : float
        Height of the transmitter above the ground in m.
    receiver : (float, float)
        x, y of the receiver in m, from the loop's origin.
    receiver_height : float, optional
        Height of the receiver above the ground in m. Default: the transmitter's.
    component, quantity, base_frequency, low_pass, turns, name
        As in `Receiver`, `Moment` and `Transmitter`.
    normalization : str
        "current": responses per ampere of peak current; "moment": per ampere and square metre of
        loop area, all turns.

    Raises
    ------
    InputError
        Naming the key, the value and what is allowed.

    Attributes
    ----------
    name : str
    notes : list of str
        What was read from a file and not used, and facts that are kept but not modelled.
    gate_open, gate_close : ndarray, shape (gates,)
        Opening and closing times of the gates of all moments in s.
    moment : ndarray of int32, shape (gates,)
        Number of each gate's moment.
    moment_names : list of str
    units : str
        Units of the responses, such as "V/(A m^2)".

    Examples
    --------
    >>> import numpy as np
    >>> system = System(10.0, np.geomspace(1e-6, 1e-3, 31), height=30.0)
    """

    name: str
    notes: list[str]
    gate_open: FloatArray
    gate_close: FloatArray
    moment: NDArray[np.int32]
    moment_names: list[str]
    units: str

    def __init__(
        self,
        loop: Loop | float | ArrayLike,
        times: ArrayLike | None = None,
        *,
        gates: tuple[ArrayLike, ArrayLike] | None = None,
        waveform: tuple[ArrayLike, ArrayLike] | None = None,
        height: float = 0.0,
        receiver: tuple[float, float] = (0.0, 0.0),
        receiver_height: float | None = None,
        component: str = "z",
        quantity: str = "dbdt",
        base_frequency: float | None = None,
        low_pass: Sequence[LowPass] = (),
        turns: float = 1.0,
        normalization: str = "current",
        name: str = "",
    ) -> None:
        moment = Moment(
            Transmitter(_as_loop(loop), height, turns=turns),
            Receiver(receiver, height if receiver_height is None else receiver_height, component),
            times=times,
            gates=gates,
            waveform=waveform,
            quantity=quantity,
            base_frequency=base_frequency,
            low_pass=low_pass,
        )
        self._set(_native_of([moment], name, normalization, False))

    def _set(self, native: _core.System, notes: Sequence[str] = ()) -> None:
        self._native = native
        self._text = native.to_json()
        self.notes = list(notes)
        facts = json.loads(self._text)
        moments = facts["moments"]
        gates = [_gates_of(moment) for moment in moments]
        self.name = facts.get("name", "")
        self.gate_open = np.concatenate([opening for opening, _ in gates])
        self.gate_close = np.concatenate([closing for _, closing in gates])
        counts = [len(opening) for opening, _ in gates]
        self.moment = np.repeat(np.arange(len(moments), dtype=np.int32), counts)
        self.moment_names = [moment.get("name", "") for moment in moments]
        self.units = _units(moments, facts.get("normalization", "current"))

    @classmethod
    def _from_native(cls, native: _core.System, notes: Sequence[str] = ()) -> System:
        system = cls.__new__(cls)
        system._set(native, notes)
        return system

    @classmethod
    def from_moments(
        cls,
        moments: Moment | Sequence[Moment],
        *,
        normalization: str = "current",
        height_from_models: bool = False,
        name: str = "",
    ) -> System:
        """A system of one or several moments.

        Parameters
        ----------
        moments : Moment or sequence of them
        normalization : str
            "current" or "moment"; see `System`.
        height_from_models : bool
            Heights are relative to the first transmitter, whose height is 0, and every model brings
            its own.
        name : str
        """
        listed = [moments] if isinstance(moments, Moment) else list(moments)
        return cls._from_native(_native_of(listed, name, normalization, height_from_models))

    @classmethod
    def from_file(
        cls,
        path: str | os.PathLike[str],
        *,
        transmitter_height: float | None = None,
        receiver: tuple[float, float, float] | None = None,
        components: Sequence[str] | None = None,
        all_gates: bool = False,
    ) -> System:
        """Reads a system file. The ending of its name tells the format: .json, .gex or .stm.

        Parameters
        ----------
        path : path
        transmitter_height : float, optional
            In m above the ground, for .gex and .stm files, which do not contain it.
        receiver : (float, float, float), optional
            dx, dy, dz from the transmitter in m, z up; .stm only.
        components : sequence of str, optional
            .stm only: one moment for each of "x", "y", "z". Default: "z".
        all_gates : bool
            .gex only: keep the gates that RemoveInitialGates drops.

        Raises
        ------
        InputError
            Naming file, line or key, the value and what is allowed.
        IoError
            If the file cannot be opened.
        """
        native, notes = _core.read_system(
            os.fspath(path),
            transmitter_height,
            receiver,
            None if components is None else list(components),
            all_gates,
        )
        return cls._from_native(native, notes)

    @classmethod
    def from_gex(
        cls,
        path: str | os.PathLike[str],
        *,
        transmitter_height: float | None = None,
        all_gates: bool = False,
    ) -> System:
        """Reads an Aarhus Workbench .gex file; see `from_file`."""
        _require_ending(path, ".gex")
        return cls.from_file(path, transmitter_height=transmitter_height, all_gates=all_gates)

    @classmethod
    def from_stm(
        cls,
        path: str | os.PathLike[str],
        *,
        receiver: tuple[float, float, float],
        transmitter_height: float | None = None,
        components: Sequence[str] | None = None,
    ) -> System:
        """Reads a GA-AEM .stm file; see `from_file`."""
        _require_ending(path, ".stm")
        return cls.from_file(
            path,
            transmitter_height=transmitter_height,
            receiver=receiver,
            components=components,
        )

    @classmethod
    def from_json(cls, text: str) -> System:
        """A system from the JSON text of its file format."""
        return cls._from_native(_core.System.from_json(text, "system"))

    def to_json(self) -> str:
        """The system as JSON text. Reading it gives the same system to the last bit."""
        return self._text

    def to_file(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Writes the system as a JSON file."""
        _core.write_system(os.fspath(path), self._native, overwrite)

    @property
    def times(self) -> FloatArray:
        """Centres of the gates of all moments in s, shape (gates,)."""
        return 0.5 * (self.gate_open + self.gate_close)

    def __repr__(self) -> str:
        gates = len(self.gate_open)
        return f"System({self.name!r}, {len(self.moment_names)} moments, {gates} gates)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, System) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self._text, self.notes)


def _restored(text: str, notes: list[str]) -> System:
    return System._from_native(_core.System.from_json(text, "pickled system"), notes)


def _require_ending(path: str | os.PathLike[str], ending: str) -> None:
    if not os.fspath(path).lower().endswith(ending):
        raise InputError(f"{os.fspath(path)}: allowed are names that end in {ending}")


def _native_of(
    moments: Sequence[Moment], name: str, normalization: str, height_from_models: bool
) -> _core.System:
    facts: dict[str, Any] = {
        "name": name,
        "moments": [moment._json() for moment in moments],
        "normalization": normalization,
    }
    if height_from_models:
        facts["height_from_models"] = True
    return _core.System.from_json(json.dumps(facts), "system")


def _gates_of(moment: dict[str, Any]) -> tuple[FloatArray, FloatArray]:
    if "times" in moment:
        times = np.array(moment["times"], dtype=np.float64)
        return times, times
    gates = moment["gates"]
    return np.array(gates["open"], dtype=np.float64), np.array(gates["close"], dtype=np.float64)


def _units(moments: list[dict[str, Any]], normalization: str) -> str:
    """Units of the responses in the words of the library's files."""
    per_current = normalization == "current"
    units = []
    for moment in moments:
        if moment.get("quantity", "dbdt") == "dbdt":
            unit = "V/(A m^2)" if per_current else "V/(A m^4)"
        else:
            unit = "T/A" if per_current else "T/(A m^2)"
        scale = moment.get("scale", 1.0)
        units.append(unit if scale == 1.0 else f"{unit} times {scale:g}")
    if all(unit == units[0] for unit in units):
        return units[0]
    names = [moment.get("name") or f"moment {i + 1}" for i, moment in enumerate(moments)]
    return "; ".join(f"{name}: {unit}" for name, unit in zip(names, units, strict=True))
