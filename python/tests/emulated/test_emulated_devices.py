"""Models in the memory of emulated devices, by both protocols. ctest runs this: see README.md."""

from __future__ import annotations

import ctypes
import gc
import importlib.machinery
import importlib.util
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import stratem
from stratem import DeviceResponses, InputError, Plan, UnavailableError, _core

_loader = importlib.machinery.ExtensionFileLoader("_emulated", _core.__file__)
_spec = importlib.util.spec_from_loader("_emulated", _loader)
assert _spec is not None
try:
    emulated = importlib.util.module_from_spec(_spec)
except ImportError:
    pytest.skip("the extension module has no emulated devices", allow_module_level=True)
_loader.exec_module(emulated)

OPTIONS: dict[str, Any] = {
    "tolerance": 1e-2,
    "resistivity_range": (1.0, 1000.0),
    "layers": 5,
    "heights": (30.0, 40.0),
}
LAUNCH_FAILURE = 719  # cudaErrorLaunchFailure


def at(address: int, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    """Memory of an emulated device, which is memory of the process."""
    count = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if count == 0:
        return np.empty(shape, dtype)
    return np.frombuffer((ctypes.c_char * count).from_address(address), dtype).reshape(shape)


def to_host(array: Any) -> np.ndarray:
    facts = array.__cuda_array_interface__
    assert facts["version"] == 3
    assert facts["strides"] is None
    assert facts["stream"] is None
    return at(facts["data"][0], facts["shape"], facts["typestr"]).copy()


class Interface:
    """An array that has the CUDA array interface alone, as Numba's."""

    def __init__(self, values: np.ndarray, device: int = 0, **facts: Any) -> None:
        self.shape = values.shape
        self.address = emulated.allocate(device, values.nbytes) if values.size > 0 else 0
        at(self.address, values.shape, values.dtype)[...] = values
        self.__cuda_array_interface__ = {
            "shape": values.shape,
            "typestr": values.dtype.str,
            "data": (self.address, False),
            "version": 3,
            **facts,
        }

    def __del__(self) -> None:
        emulated.release(self.address)


class Dlpack:
    """An array that has DLPack alone."""

    def __init__(self, values: np.ndarray, device: int = 0) -> None:
        self.inner = Interface(values, device)
        facts = self.inner.__cuda_array_interface__
        self.array = _core.DeviceArray.from_address(
            facts["data"][0], facts["shape"], None, self.inner
        )
        self.streams: list[Any] = []

    def __dlpack__(self, *, stream: Any = None) -> Any:
        self.streams.append(stream)
        return self.array.__dlpack__(stream=stream)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self.array.__dlpack_device__()


@pytest.fixture()
def plan(system: stratem.System) -> Iterator[Plan]:
    """A plan on two devices, which must be left without errors and without anything on them."""
    emulated.start(2)
    plan = Plan(system, backend="cuda", **OPTIONS)
    yield plan
    plan._native = None  # type: ignore[assignment]
    plan._variants.clear()
    gc.collect()
    assert emulated.stop() == []


def models(count: int = 200) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(7)
    arrays = {
        "resistivity": 10 ** rng.uniform(0.1, 2.9, (count, 3)),
        "thickness": rng.uniform(2.0, 80.0, (count, 2)),
        "height": rng.uniform(30.0, 40.0, count),
    }
    arrays["resistivity"][0, 0] = -1.0
    arrays["resistivity"][1, 0] = 1e6
    arrays["resistivity"][2, 1:] = np.nan  # of one layer
    arrays["thickness"][2] = np.nan
    return arrays


def expect_same(found: DeviceResponses, expected: stratem.Responses) -> None:
    assert isinstance(found, DeviceResponses)
    assert len(found) == len(expected)
    np.testing.assert_array_equal(to_host(found.status), expected.status)
    np.testing.assert_array_equal(to_host(found.values), expected.values)


@pytest.mark.parametrize("kind", [Interface, Dlpack])
@pytest.mark.parametrize("device", [0, 1])
def test_responses_are_those_of_arrays_on_the_host(plan, kind, device):
    arrays = models()
    expected = plan.forward(**arrays)
    assert sorted(set(expected.status)) == [0, 1, 9]
    copied = {name: kind(value, device) for name, value in arrays.items()}
    found = plan.forward(**copied)
    expect_same(found, expected)
    assert found.values.__dlpack_device__() == (2, device)
    assert found.provenance.backend == "cuda"
    assert repr(found) == f"DeviceResponses(200 models, 11 gates, on device {device})"
    assert repr(found.status) == f"DeviceArray([200] of |u1 on device {device})"


def test_responses_outlive_the_plan_and_can_be_given_on(plan):
    arrays = models(20)
    expected = plan.forward(**arrays)
    found = plan.forward(**{name: Interface(value) for name, value in arrays.items()})
    again = _core.DeviceArray.from_capsule(found.values.__dlpack__(stream=2))
    del found
    gc.collect()
    np.testing.assert_array_equal(to_host(again), expected.values)
    again_versioned = _core.DeviceArray.from_capsule(again.__dlpack__(max_version=(1, 0)))
    del again
    assert to_host(again_versioned).shape == (20, 11)


def test_depths_are_taken(plan):
    resistivity = np.full((3, 3), 50.0)
    depth = np.array([[0.0, 10.0, 30.0]] * 3)
    depth[1, 0] = 1.0
    expected = plan.forward(resistivity, depth=depth)
    expect_same(plan.forward(Interface(resistivity), depth=Interface(depth)), expected)


def test_half_spaces_need_no_thicknesses(plan):
    resistivity = np.geomspace(1.0, 1000.0, 5)[:, None]
    expected = plan.forward(resistivity)
    expect_same(plan.forward(Dlpack(resistivity)), expected)
    expect_same(plan.forward(Interface(resistivity)), expected)


def test_out_takes_the_responses(plan):
    arrays = models(20)
    expected = plan.forward(**arrays)
    out = Interface(np.zeros((20, 11)))
    copied = {name: Dlpack(value) for name, value in arrays.items()}
    found = plan.forward(**copied, out=out)
    assert found.values is out
    np.testing.assert_array_equal(at(out.address, (20, 11), "<f8"), expected.values)


def test_no_models_give_no_responses(plan):
    found = plan.forward(Interface(np.empty((0, 1))))
    assert len(found) == 0
    assert found.values.shape == (0, 11)


def test_arrays_are_asked_to_be_complete_in_the_stream_that_computes(plan):
    resistivity = Dlpack(np.full((3, 1), 50.0))
    plan.forward(resistivity)
    assert resistivity.streams == [1]
    stream = emulated.new_stream()
    with_stream = Interface(np.full((3, 1), 50.0), stream=stream)
    height = Dlpack(np.full(3, 35.0))
    expected = plan.forward(np.full((3, 1), 50.0), height=np.full(3, 35.0))
    expect_same(plan.forward(with_stream, height=height), expected)
    assert height.streams == [stream]
    other = Interface(np.full(3, 35.0), stream=1)
    with pytest.raises(InputError, match="of several streams"):
        plan.forward(with_stream, height=other)
    with pytest.raises(InputError, match="of stream 0, allowed is 1 or more"):
        plan.forward(Interface(np.full((3, 1), 50.0), stream=0))
    emulated.end_stream(stream)


def test_progress_is_reported(plan):
    calls = []
    plan.forward(Interface(np.full((3, 1), 50.0)), progress=lambda *done: calls.append(done))
    assert calls == [(3, 3)]


def test_strides_are_told_in_bytes(plan):
    inner = Interface(np.arange(6.0).reshape(2, 3))
    array = _core.DeviceArray.from_address(inner.address, [2, 2], [3, 1], inner)
    assert array.__cuda_array_interface__["strides"] == (24, 8)


def bad_arrays() -> dict[str, tuple[Any, str]]:
    good = np.full((4, 3), 50.0)
    return {
        "host": (
            lambda: {"resistivity": Interface(good), "thickness": good[:, 1:]},
            "thickness: on the host",
        ),
        "device": (
            lambda: {"resistivity": good, "thickness": Interface(good[:, 1:])},
            "resistivity: on the host",
        ),
        "out on the host": (
            lambda: {"resistivity": Interface(good[:, :1]), "out": np.zeros((4, 11))},
            "out: on the host",
        ),
        "other device": (
            lambda: {"resistivity": Interface(good), "thickness": Dlpack(good[:, 1:], 1)},
            "thickness: in the memory of device 1, allowed is that of the resistivities, 0",
        ),
        "type": (
            lambda: {"resistivity": Interface(good.astype(np.float32))},
            "resistivity: an array of <f4, allowed on a device is float64",
        ),
        "dimensions": (
            lambda: {"resistivity": Interface(good[0])},
            r"resistivity: shape is \[3\], allowed on a device is \[models, layers\]",
        ),
        "shape": (
            lambda: {"resistivity": Interface(good), "thickness": Interface(good)},
            r"thickness: shape is \[4, 3\], allowed is \[4, 2\]",
        ),
        "height": (
            lambda: {"resistivity": Interface(good[:, :1]), "height": Interface(good[0])},
            r"height: shape is \[3\], allowed is \[4\]",
        ),
        "out": (
            lambda: {"resistivity": Interface(good[:, :1]), "out": Interface(good)},
            r"out: shape is \[4, 3\], allowed is \[4, 11\]",
        ),
        "strides": (
            lambda: {"resistivity": Interface(good, shape=(2, 3), strides=(48, 8))},
            "resistivity: rows with gaps, allowed on a device are C-contiguous arrays",
        ),
        "columns": (
            lambda: {"resistivity": Interface(good, shape=(3, 4), strides=(8, 24))},
            "resistivity: rows with gaps",
        ),
        "missing": (lambda: {"resistivity": Interface(good)}, "depth or thickness: one is needed"),
        "mask": (
            lambda: {"resistivity": Interface(good, mask=Interface(good))},
            "resistivity: a masked array",
        ),
        "read-only": (
            lambda: {
                "resistivity": Interface(good[:, :1]),
                "out": Interface(np.zeros((4, 11)), data=(8, True)),
            },
            "out: read-only",
        ),
        "no device": (
            lambda: {"resistivity": Interface(good, data=(good.ctypes.data, False))},
            "in the host's memory",
        ),
    }


@pytest.mark.parametrize("name", bad_arrays())
def test_arrays_that_do_not_fit_are_named(plan, name):
    make, message = bad_arrays()[name]
    with pytest.raises(InputError, match=message) as caught:
        plan.forward(**make())
    assert "\n" not in str(caught.value)
    del caught
    expect_same(plan.forward(Interface(np.full((3, 1), 50.0))), plan.forward(np.full((3, 1), 50.0)))


def test_the_reference_takes_no_models_on_a_device(plan):
    resistivity = Interface(np.full((3, 1), 50.0))
    with pytest.raises(UnavailableError, match="out_of_range: 'reference', allowed for models in"):
        plan.forward(resistivity, out_of_range="reference")
    for backend in ("cpu", "reference", "hybrid"):
        with pytest.raises(UnavailableError, match=f"backend {backend}: models in a device's mem"):
            plan.forward(resistivity, backend=backend)


def test_a_device_that_fails_is_an_error(plan):
    resistivity = Interface(np.full((3, 1), 50.0))
    emulated.lose(LAUNCH_FAILURE)
    with pytest.raises(stratem.DeviceError, match=r"device 0 \(Emulated GPU\): cudaLaunchKernel"):
        plan.forward(resistivity)


def test_nothing_is_copied(plan):
    arrays = {name: Interface(value) for name, value in models(50).items()}
    before = emulated.calls("cudaMemcpy"), emulated.calls("cudaMemcpyAsync")
    plan.forward(**arrays)
    assert (emulated.calls("cudaMemcpy"), emulated.calls("cudaMemcpyAsync")) == before


def test_models_that_another_backend_computes_are_warned_of(plan):
    expected = plan.forward(**models())
    emulated.lose(LAUNCH_FAILURE)
    with pytest.warns(RuntimeWarning, match="cuda: gave up Emulated GPU: cudaLaunchKernel"):
        found = plan.forward(**models())  # the other device computes all
    np.testing.assert_array_equal(found.values, expected.values)
    emulated.lose(LAUNCH_FAILURE)
    with pytest.warns(RuntimeWarning, match="the cpu computed 200 models in place of devices"):
        plan.forward(**models())
