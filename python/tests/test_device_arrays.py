"""Models in a device's memory where there is no device: what is refused, and in which words."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import stratem
from stratem import InputError, Models, UnavailableError

pytestmark = pytest.mark.skipif(
    stratem.backends()[0].usable, reason="this machine has a device, or an emulated one"
)


class OnDevice:
    """As CuPy's arrays announce themselves."""

    __cuda_array_interface__ = {"shape": (2,), "typestr": "<f8", "data": (1, False), "version": 3}


class ByDlpack:
    """As PyTorch's tensors announce themselves."""

    def __init__(self, kind: int) -> None:
        self.kind = kind

    def __dlpack_device__(self) -> tuple[int, int]:
        return self.kind, 0

    def __dlpack__(self, **_: Any) -> Any:
        raise AssertionError("an array that cannot be used was taken")


@pytest.mark.parametrize("value", [OnDevice(), ByDlpack(2), ByDlpack(13)])
@pytest.mark.parametrize("name", ["resistivity", "thickness", "height"])
def test_arrays_on_a_device_need_the_cuda_backend(plan, value, name):
    arguments = {"resistivity": [[50.0, 5.0]], "thickness": [[10.0]], name: value}
    reason = re.escape(f"which cannot run here ({stratem.backends()[0].reason})")
    with pytest.raises(
        UnavailableError, match=f"backend cpu: models in a device's memory, .*{reason}"
    ):
        plan.forward(**arguments)


def test_arrays_on_a_device_are_no_models_on_the_host(plan):
    with pytest.raises(UnavailableError, match="resistivity: an array in a device's memory"):
        Models(OnDevice())
    with pytest.raises(InputError, match="out: OnDevice, allowed is a numpy array of float64"):
        plan.forward([[50.0]], out=OnDevice())


@pytest.mark.parametrize("kind", [1, 3])  # 3: pinned memory of the host
def test_arrays_of_the_host_are_taken_whatever_the_protocol(plan, kind):
    class Shared:
        def __dlpack_device__(self) -> tuple[int, int]:
            return kind, 0

        def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
            return np.full((2, 1), 50.0)

    assert plan.forward(Shared()).ok.all()


def taken(array: np.ndarray) -> stratem.DeviceArray:
    return stratem.DeviceArray.from_capsule(array.__dlpack__())


def test_an_array_says_what_it_is():
    array = taken(np.arange(6.0).reshape(2, 3))
    assert array.shape == (2, 3)
    assert len(array) == 2
    assert array.type == "<f8"
    assert taken(np.zeros(2, np.uint8)).type == "|u1"
    assert array.__dlpack_device__() == (1, 0)
    assert not hasattr(array, "__cuda_array_interface__")  # it is on the host
    np.testing.assert_array_equal(np.from_dlpack(array), np.arange(6.0).reshape(2, 3))


@pytest.mark.parametrize(
    ("part", "contiguous"),
    [
        (lambda a: a, True),
        (lambda a: a[:, :2], False),
        (lambda a: a[:, :1], False),
        (lambda a: a.T, False),
        (lambda a: a[::2], False),
        (lambda a: a[1:2, 1:], True),
        (lambda a: a[:0, ::2], True),
    ],
)
def test_gaps_are_seen(part, contiguous):
    assert taken(part(np.arange(9.0).reshape(3, 3))).contiguous == contiguous
