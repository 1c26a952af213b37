"""Models and responses in the memory of a device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from stratem._arrays import first_line, is_on_device
from stratem._core import DeviceArray, expect_device_plan, forward_on_device
from stratem.errors import InputError, UnavailableError

if TYPE_CHECKING:
    from stratem import _core
    from stratem.responses import Provenance
    from stratem.system import System

__all__ = ["DeviceArray", "DeviceInput", "DeviceResponses"]

_CUDA = (2, 13)  # DLPack's numbers for memory of a device, and for managed memory
_DEFAULT_STREAM = 1  # in both protocols
_FLOAT64 = "<f8"


class _Dlpack(Protocol):
    def __dlpack__(self, *, stream: Any = ...) -> Any: ...
    def __dlpack_device__(self) -> tuple[Any, int]: ...


class _CudaArray(Protocol):
    @property
    def __cuda_array_interface__(self) -> dict[str, Any]: ...


#: An array in a device's memory by one of the two protocols, as those of CuPy, PyTorch and Numba.
DeviceInput = _Dlpack | _CudaArray


@dataclass(frozen=True, eq=False)
class DeviceResponses:
    """Responses of many models, in the memory of the device that computed them.

    Both arrays have `__dlpack__` and `__cuda_array_interface__`: `cupy.asarray(responses.values)`
    and `torch.from_dlpack(responses.values)` take them without copying. They are complete, so no
    stream has to wait for them.

    Attributes
    ----------
    values : DeviceArray of float64, shape (models, gates)
        In the system's units; NaN for a model that could not be computed. What was given as `out`
        is that same object.
    status : DeviceArray of uint8, shape (models,)
        0 for models that were computed; the other numbers are those of `Responses.status`.
    system : System
    provenance : Provenance
    """

    values: Any
    status: DeviceArray
    system: System
    provenance: Provenance

    def __len__(self) -> int:
        return len(self.status)

    def __repr__(self) -> str:
        models, gates = self.status.shape[0], len(self.system.times)
        return f"DeviceResponses({models} models, {gates} gates, on device {self.status.device})"


def _interface(name: str, value: Any) -> dict[str, Any] | None:
    """The CUDA array interface of arrays that do not have DLPack."""
    if hasattr(value, "__dlpack__"):
        return None
    try:
        facts: dict[str, Any] = value.__cuda_array_interface__
    except Exception as error:  # whatever the array's own property raises
        raise InputError(f"{name}: not an array on a device ({first_line(error)})") from error
    return facts


def _common_stream(interfaces: dict[str, dict[str, Any] | None]) -> int:
    """The stream in which the arrays are complete."""
    named = {
        facts["stream"]
        for facts in interfaces.values()
        if facts is not None and facts.get("stream") is not None
    }
    if len(named) > 1:
        raise InputError("arrays on a device: of several streams, allowed is one")
    stream = int(named.pop()) if named else _DEFAULT_STREAM
    if stream < 1:
        raise InputError(f"arrays on a device: of stream {stream}, allowed is 1 or more")
    return stream


def _from_interface(name: str, facts: dict[str, Any], owner: Any, *, write: bool) -> DeviceArray:
    if facts["typestr"] != _FLOAT64:
        raise InputError(f"{name}: an array of {facts['typestr']}, allowed on a device is float64")
    if facts.get("mask") is not None:
        raise InputError(f"{name}: a masked array, allowed on a device is one without a mask")
    address, read_only = facts["data"]
    if write and read_only:
        raise InputError(f"{name}: read-only, allowed is an array that can be written to")
    strides = facts.get("strides")
    if strides is not None:
        if any(stride % 8 for stride in strides):
            raise InputError(f"{name}: not aligned, allowed are strides of whole numbers")
        strides = [stride // 8 for stride in strides]
    return DeviceArray.from_address(address or 0, list(facts["shape"]), strides, owner)


def _from_dlpack(name: str, value: Any, stream: int) -> DeviceArray:
    kind = int(value.__dlpack_device__()[0])
    if kind not in _CUDA:
        raise InputError(f"{name}: on a device of DLPack's kind {kind}, allowed is CUDA")
    try:
        return DeviceArray.from_capsule(value.__dlpack__(stream=stream))
    except Exception as error:  # whatever the array's own export raises
        raise InputError(f"{name}: cannot be taken by DLPack ({first_line(error)})") from error


def _taken(given: dict[str, Any], out: Any) -> tuple[dict[str, DeviceArray], int]:
    """The arrays by their names, and the stream in which they are complete."""
    values = {name: value for name, value in given.items() if value is not None}
    if out is not None:
        values["out"] = out
    for name, value in values.items():
        if not is_on_device(value):
            raise InputError(
                f"{name}: on the host, allowed is memory of a device as for the others"
            )
    interfaces = {name: _interface(name, value) for name, value in values.items()}
    stream = _common_stream(interfaces)
    arrays = {}
    for name, facts in interfaces.items():
        if facts is None:
            arrays[name] = _from_dlpack(name, values[name], stream)
        else:
            arrays[name] = _from_interface(name, facts, values[name], write=name == "out")
    return arrays, stream


def _check(name: str, array: DeviceArray, shape: tuple[int, ...]) -> None:
    if array.type != _FLOAT64:
        raise InputError(f"{name}: an array of {array.type}, allowed on a device is float64")
    if array.shape != shape:
        raise InputError(f"{name}: shape is {list(array.shape)}, allowed is {list(shape)}")
    if not array.contiguous:
        raise InputError(f"{name}: rows with gaps, allowed on a device are C-contiguous arrays")


def compute(
    plan: _core.Plan, given: dict[str, Any], out: Any, out_of_range: str
) -> tuple[Any, DeviceArray]:
    """The responses of models on a device, `out` if that is given, and the statuses."""
    expect_device_plan(plan)
    if out_of_range != "flag":
        raise UnavailableError(
            "out_of_range: 'reference', allowed for models in a device's memory is 'flag'"
        )
    arrays, stream = _taken(given, out)
    resistivity = arrays["resistivity"]
    if len(resistivity.shape) != 2:
        raise InputError(
            f"resistivity: shape is {list(resistivity.shape)}, allowed on a device is "
            "[models, layers]"
        )
    models, layers = resistivity.shape
    shapes = {
        "thickness": (models, layers - 1),
        "height": (models,),
        "out": (models, plan.gates),
    }
    for name, array in arrays.items():
        _check(name, array, shapes.get(name, (models, layers)))
    target = arrays.pop("out", None)
    values, status = forward_on_device(plan, arrays, target, stream)
    return values if out is None else out, status
