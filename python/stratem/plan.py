"""Plans: everything that depends on the survey system alone."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from stratem import _core
from stratem._arrays import FloatArray, is_on_device
from stratem._progress import Progress, reporter
from stratem.device_arrays import DeviceInput, DeviceResponses, compute
from stratem.errors import InputError
from stratem.models import ModelInput, Models
from stratem.responses import Provenance, Responses
from stratem.statistics import EnsembleStatistics
from stratem.system import System

__all__ = ["Backend", "Comparison", "Device", "Plan", "PlanAccuracy", "backends", "devices"]

_PERCENT = 100
_RESISTIVITY_RANGE = (0.1, 10000.0)  # ohm-m

# A forked process has lost the library's threads and computes on its only thread.
_forked = False


def _after_fork() -> None:
    global _forked
    _forked = True


os.register_at_fork(after_in_child=_after_fork)


@dataclass(frozen=True)
class PlanAccuracy:
    """A plan's errors, measured when it was made.

    Attributes
    ----------
    worst, median : float
        Relative errors over held-out models and gates; 0 for the reference.
    worst_gate : int
        The gate with the largest error.
    worst_time : float
        That gate's time after the last change of current in s.
    search_worst : float
        The largest error that the last searches for hard models found.
    searched_models, held_out_models : int
    evaluations : int
        Evaluations of the reflection coefficient for one model.
    seconds : float
        Time that building the plan took, in s.
    from_cache : bool
    """

    worst: float
    median: float
    worst_gate: int
    worst_time: float
    search_worst: float
    searched_models: int
    held_out_models: int
    evaluations: int
    seconds: float
    from_cache: bool


@dataclass(frozen=True)
class Comparison:
    """How the responses of one backend differ from those of another.

    Attributes
    ----------
    backend, against : str
    allowed : float
        Largest relative difference that is allowed.
    models : int
        Compared.
    out_of_range : int
        How many of them the backend leaves out because they are outside the plan's range.
    worst, median : float
        Relative differences over models and gates.
    worst_gate : int
    worst_models : list of int
        Numbers of the models with the largest differences, worst first.
    device_faults : list of str
        Devices that the backend gave up meanwhile. The comparison has not passed then.
    models_on_cpu : int
        Models that the cpu computed in their place.
    """

    backend: str
    against: str
    allowed: float
    models: int
    out_of_range: int
    worst: float
    median: float
    worst_gate: int
    worst_models: list[int]
    device_faults: list[str]
    models_on_cpu: int

    @property
    def passed(self) -> bool:
        """Whether `worst` is allowed and no device failed."""
        faulty = bool(self.device_faults) or self.models_on_cpu > 0
        return self.worst <= self.allowed and not faulty


@dataclass(frozen=True)
class Backend:
    """A backend, and whether it can run here; `reason` says why not."""

    name: str
    description: str
    usable: bool
    reason: str


@dataclass(frozen=True)
class Device:
    """A device of the cuda backend; `memory` is in bytes."""

    ordinal: int
    name: str
    memory: int
    compute_capability: str
    driver: str


def backends() -> list[Backend]:
    """All backends, in the order in which "auto" prefers them."""
    return [Backend(*facts) for facts in _core.backends()]


def devices() -> list[Device]:
    """All devices that the cuda backend can use; none where it is not usable."""
    return [Device(*facts) for facts in _core.devices()]


def _pair(name: str, value: Any) -> str:
    """A range as the text of an option; one number is the range of that number alone."""
    array = np.asarray(value, dtype=np.float64)
    if array.ndim == 0:
        array = np.array([array, array])
    if array.shape != (2,):
        raise InputError(
            f"{name}: shape is {list(array.shape)}, allowed is [2], lowest and highest"
        )
    return f"{float(array[0])!r},{float(array[1])!r}"


def _range(text: str) -> tuple[float, float]:
    """The range that such a text gives."""
    low, high = map(float, text.split(","))
    return low, high


class Plan:
    """Everything that depends on the survey system alone.

    Making a plan takes seconds. The plan is kept in the user's cache folder and taken from there
    the next time. Any number of threads may use one plan.

    Parameters
    ----------
    system : System
    tolerance : float
        Largest relative error of a response, per gate; 1e-7 to 1e-1.
    precision : str
        Arithmetic of the reflection coefficient: "double" or "single".
    resistivity_range : (float, float)
        Resistivities in ohm-m that the plan is made for.
    heights : (float, float) or float, optional
        Transmitter heights in m that the plan is made for. Without them models must not have
        heights other than the system's.
    layers : int
        Largest layer count that the plan is measured with, 1 to 200; above 30 it counts as 30.
        Models of more layers are computed, too.
    polarizable : bool
        Whether the plan also covers layers with a chargeability. Such plans take minutes to build.
    backend : str
        "auto" (the fastest that can run here), "cpu", "cuda", "hybrid" or "reference".
    threads : int
        0: one for every core.
    cache : path, optional
        Folder that plans are kept in, or "none".
    progress : bool or function, optional
        True shows a bar of tqdm while a plan is built; a function is called with the percentage
        that is done, and 100. Ctrl-C ends the construction.

    Raises
    ------
    InputError
        If the system or an option is not allowed.
    UnavailableError
        If the backend cannot run here.

    Examples
    --------
    >>> import numpy as np, stratem
    >>> system = stratem.System(10.0, np.geomspace(1e-5, 1e-3, 21))
    >>> plan = stratem.Plan(system, tolerance=1e-3)
    >>> plan.forward([100.0, 10.0], [50.0]).values.shape
    (1, 21)
    """

    def __init__(
        self,
        system: System,
        tolerance: float = 1e-4,
        *,
        precision: str = "double",
        resistivity_range: tuple[float, float] = _RESISTIVITY_RANGE,
        heights: tuple[float, float] | float | None = None,
        layers: int = 30,
        polarizable: bool = False,
        backend: str = "auto",
        threads: int = 0,
        cache: str | os.PathLike[str] | None = None,
        progress: Progress = None,
    ) -> None:
        if not isinstance(system, System):
            raise InputError(f"system: a {type(system).__name__}, allowed is a System")
        options = {
            "tolerance": repr(float(tolerance)),
            "precision": precision,
            "resistivity-range": _pair("resistivity_range", resistivity_range),
            "layers": str(int(layers)),
            "polarizable": "yes" if polarizable else "no",
            "backend": backend,
            "threads": str(int(threads)),
        }
        if heights is not None:
            options["height-range"] = _pair("heights", heights)
        if cache is not None:
            options["cache"] = os.fspath(cache)

        with reporter(progress, _PERCENT, " %") as report:

            def report_part(fraction: float) -> None:
                if report is not None:
                    report(int(_PERCENT * fraction), _PERCENT)

            native = _core.build_plan(system._native, _in_this_process(options), report_part)
        self._set(system, options, native)

    def _set(self, system: System, options: dict[str, str], native: _core.Plan) -> None:
        self._system = system
        self._options = options
        self._native = native
        self._variants: dict[tuple[str | None, ...], _core.Plan] = {}

    @classmethod
    def _from_cache(cls, system: System, tolerance: float) -> Plan | None:
        """The plan if the cache has it; nothing is built."""
        range_text = _pair("resistivity_range", _RESISTIVITY_RANGE)
        options = {"tolerance": repr(tolerance), "resistivity-range": range_text}
        native = _core.plan_from_cache(system._native, _in_this_process(options))
        if native is None:
            return None
        plan = cls.__new__(cls)
        plan._set(system, options, native)
        return plan

    @property
    def system(self) -> System:
        """The system that the plan was made for."""
        return self._system

    @property
    def backend(self) -> str:
        """The backend that computes; never "auto"."""
        return self._native.backend

    @property
    def device(self) -> str:
        """The backend's instruction set or devices."""
        return self._native.device

    @property
    def gates(self) -> int:
        """Second dimension of the responses."""
        return self._native.gates

    @property
    def times(self) -> FloatArray:
        """Centres of the gates in s after t = 0, shape (gates,)."""
        return self._system.times

    @property
    def tolerance(self) -> float:
        """Largest relative error of a response, per gate."""
        return float(self._options["tolerance"])

    @property
    def resistivity_range(self) -> tuple[float, float]:
        """Resistivities in ohm-m that the plan is made for."""
        return _range(self._options["resistivity-range"])

    @property
    def heights(self) -> tuple[float, float] | None:
        """Transmitter heights in m that the plan is made for; None for the system's alone."""
        text = self._options.get("height-range")
        return None if text is None else _range(text)

    @property
    def accuracy(self) -> PlanAccuracy:
        """The measured error that the tolerance limits, and what it was measured on."""
        return PlanAccuracy(**self._native.accuracy)

    def __repr__(self) -> str:
        return f"Plan({self._system!r}, tolerance={self.tolerance:g}, backend={self.backend!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        built = b"" if self.backend == "reference" else self._native.to_bytes()
        return restored_plan, (self._system, self._options, built)

    def _on(self, backend: str | None = None, threads: int | None = None) -> _core.Plan:
        """The same nodes and weights with other options."""
        if backend == "auto":
            backend = None
        if _forked:
            threads = 1
        if backend is None and threads is None:
            return self._native
        words = {
            "backend": backend,
            "threads": None if threads is None else str(int(threads)),
        }
        key = (*words.values(), "forked" if _forked else None)
        found = self._variants.get(key)
        if found is None:
            found = self._native.on(
                {name: word for name, word in words.items() if word is not None}
            )
            self._variants[key] = found
        return found

    @overload
    def forward(
        self,
        resistivity: ModelInput | Models,
        thickness: ModelInput | None = None,
        *,
        depth: ModelInput | None = None,
        chargeability: ModelInput | None = None,
        time_constant: ModelInput | None = None,
        exponent: ModelInput | None = None,
        height: ArrayLike | None = None,
        out: FloatArray | None = None,
        threads: int | None = None,
        backend: str = "auto",
        out_of_range: str = "flag",
        progress: Progress = None,
    ) -> Responses: ...

    @overload
    def forward(
        self,
        resistivity: DeviceInput,
        thickness: DeviceInput | None = None,
        *,
        depth: DeviceInput | None = None,
        chargeability: DeviceInput | None = None,
        time_constant: DeviceInput | None = None,
        exponent: DeviceInput | None = None,
        height: DeviceInput | None = None,
        out: DeviceInput | None = None,
        threads: int | None = None,
        backend: str = "auto",
        out_of_range: str = "flag",
        progress: Progress = None,
    ) -> DeviceResponses: ...

    def forward(
        self,
        resistivity: Any,
        thickness: Any = None,
        *,
        depth: Any = None,
        chargeability: Any = None,
        time_constant: Any = None,
        exponent: Any = None,
        height: Any = None,
        out: Any = None,
        threads: int | None = None,
        backend: str = "auto",
        out_of_range: str = "flag",
        progress: Progress = None,
    ) -> Responses | DeviceResponses:
        """Computes the responses of models. Ctrl-C ends the computation.

        Parameters
        ----------
        resistivity, thickness, depth, chargeability, time_constant, exponent, height
            As in `Models`; or `resistivity` alone, as Models.
        out : ndarray of float64, shape (models, gates), optional
            Where the responses are written.
        threads : int, optional
            1 to 1024, or 0 for one on every core. Default: as the plan.
        backend : str
            "cpu", "cuda", "hybrid" or "reference"; "auto" is the plan's.
        out_of_range : str
            What happens to models outside the plan's range. "flag": they get a status and NaN;
            "reference": the reference computes them.
        progress : bool or function, optional
            True shows a bar of tqdm; a function is called with the numbers of models done and in
            all.

        Returns
        -------
        Responses
            A model's responses are bitwise the same whatever the batch, its order and the threads.
            A model that cannot be computed has a status and NaN.
        DeviceResponses
            The same for models in a device's memory, where they stay.

        Raises
        ------
        InputError
            If shapes do not fit together or `out` cannot be written to.
        UnavailableError
            If the backend cannot run here.

        Notes
        -----
        Arrays in a device's memory, with `__dlpack__` or `__cuda_array_interface__`, are computed
        there by the cuda backend and not copied. All arrays, and `out`, must then be C-contiguous
        float64 on one device of the plan: `resistivity` and the other layers' parameters
        (models, layers), `thickness` (models, layers - 1), `height` (models,). Rows may end in NaN,
        as on the host. The work is queued behind that of the arrays' stream, and the call returns
        when it is done; Ctrl-C is seen to after that. `threads` has no effect, and `out_of_range`
        cannot be "reference".
        """
        others = {
            "depth": depth,
            "chargeability": chargeability,
            "time_constant": time_constant,
            "exponent": exponent,
            "height": height,
        }
        given = {"resistivity": resistivity, "thickness": thickness, **others}
        if any(is_on_device(value) for value in given.values()):
            return self._forward_on_device(given, out, backend, out_of_range, progress)
        models = _as_models(resistivity, thickness, **others)
        native = self._on(backend, threads)
        reference = self._reference_for(out_of_range, threads)
        count = len(models)
        values = self._output(out, count)
        status = np.zeros(count, dtype=np.uint8)
        if models._native is not None:
            with _warning_of_faults(native), reporter(progress, count, " models") as report:
                native.forward(reference, models._native, values, status, report)
        return Responses(values, status, self._system, self._provenance(native))

    def _forward_on_device(
        self, given: dict[str, Any], out: Any, backend: str, out_of_range: str, progress: Progress
    ) -> DeviceResponses:
        native = self._on(backend)
        values, status = compute(native, given, out, out_of_range)
        with reporter(progress, len(status), " models") as report:
            if report is not None:
                report(len(status), len(status))
        return DeviceResponses(values, status, self._system, self._provenance(native))

    def _reference_for(self, out_of_range: str, threads: int | None) -> _core.Plan | None:
        """The plan that computes models outside the range, where they are computed."""
        if out_of_range not in ("flag", "reference"):
            raise InputError(f"out_of_range: {out_of_range!r}, allowed is 'flag' or 'reference'")
        return self._on("reference", threads) if out_of_range == "reference" else None

    def _output(self, out: FloatArray | None, models: int) -> FloatArray:
        shape = (models, self.gates)
        if out is None:
            return np.empty(shape)
        if not isinstance(out, np.ndarray) or out.dtype != np.float64:
            kind = out.dtype if isinstance(out, np.ndarray) else type(out).__name__
            raise InputError(f"out: {kind}, allowed is a numpy array of float64")
        if out.shape != shape:
            raise InputError(f"out: shape is {list(out.shape)}, allowed is {list(shape)}")
        if not out.flags.writeable:
            raise InputError("out: read-only, allowed is an array that can be written to")
        if not out.flags.aligned or any(stride % out.itemsize for stride in out.strides):
            raise InputError("out: not aligned, allowed are rows and columns of whole numbers")
        return out

    def _provenance(self, native: _core.Plan) -> Provenance:
        backend = native.backend
        error = 0.0 if backend == "reference" else self._native.accuracy["worst"]
        return Provenance(backend, native.device, self.tolerance, error)

    def accumulate(
        self,
        models: Models,
        statistics: EnsembleStatistics,
        *,
        threads: int | None = None,
        backend: str = "auto",
        out_of_range: str = "flag",
        progress: Progress = None,
    ) -> None:
        """Computes models and adds their responses to the statistics, without keeping them.

        Parameters
        ----------
        models : Models
        statistics : EnsembleStatistics
            With as many gates as the plan. After Ctrl-C it contains an unknown part of the models.
        threads, backend, out_of_range, progress
            As in `forward`.
        """
        native = self._on(backend, threads)
        reference = self._reference_for(out_of_range, threads)
        if models._native is None:
            return
        with (
            _warning_of_faults(native),
            reporter(progress, len(models), " models") as report,
        ):
            native.accumulate(reference, models._native, statistics._native, report)

    def validate(
        self,
        models: Models | None = None,
        *,
        backends: Sequence[str] = (),
        reference_models: int = 100,
        seed: int = 1,
        worst_models: int = 5,
    ) -> list[Comparison]:
        """Compares backends with each other, and each with the reference.

        Parameters
        ----------
        models : Models, optional
            Default: 1,000 random models over the plan's range.
        backends : sequence of str
            Default: all that can run here.
        reference_models : int
            Models compared with the reference, which takes about a second for ten of them.
        seed : int
            Seed of the random models, and of the choice of models compared with the reference.
        worst_models : int
            Models that a comparison names.
        """
        if models is None:
            models = self.validation_models(1000, seed=seed)
        if models._native is None:
            raise InputError("models: 0 models, allowed is 1 or more")
        facts = self._on().validate(
            models._native, list(backends), reference_models, seed, worst_models
        )
        return [Comparison(**comparison) for comparison in facts]

    def validation_models(self, count: int, *, seed: int = 1) -> Models:
        """Random models over the plan's range, of 1, 2, 3, 8 and 30 layers in turn."""
        return Models._from_native(self._native.validation_models(count, seed))

    def hardest_models(self, count: int, *, seed: int = 1) -> Models:
        """The models of the plan's range with the largest errors that a fresh search finds."""
        return Models._from_native(self._on().hardest_models(count, seed))


@contextlib.contextmanager
def _warning_of_faults(native: _core.Plan) -> Iterator[None]:
    """Warns if a device fails: its models are computed elsewhere, and nothing else would tell."""
    before = native.device_faults
    yield
    devices, models = native.device_faults
    if (devices, models) == before:
        return
    lines = [f"gave up {device}" for device in devices[len(before[0]) :]]
    if models > before[1]:
        lines.append(f"the cpu computed {models - before[1]} models in place of devices")
    warnings.warn(f"{native.backend}: {'; '.join(lines)}", RuntimeWarning, stacklevel=4)


def _in_this_process(options: dict[str, str]) -> dict[str, str]:
    return {**options, "threads": "1"} if _forked else options


def restored_plan(system: System, options: dict[str, str], built: bytes) -> Plan:
    """A plan from what its pickle holds. One on the reference has nothing built."""
    here = _in_this_process(options)
    if built:
        native = _core.plan_from_bytes(built, system._native, here)
    else:
        native = _core.build_plan(system._native, here, lambda fraction: None)
    plan = Plan.__new__(Plan)
    plan._set(system, options, native)
    return plan


def _as_models(resistivity: Any, thickness: Any, **others: Any) -> Models:
    if not isinstance(resistivity, Models):
        return Models(resistivity, thickness, **others)
    for name, value in {"thickness": thickness, **others}.items():
        if value is not None:
            raise InputError(f"{name}: given besides Models, allowed is one of the two")
    return resistivity
