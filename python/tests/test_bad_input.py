"""What is not allowed gets an exception in one sentence, or a status."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

import stratem
from stratem import InputError, Models, Plan


def read_only(shape: tuple[int, int]) -> np.ndarray:
    array = np.zeros(shape)
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([50.0, 5.0], [10.0, 20.0]), r"thickness: shape is \[2\]"),
        (
            (np.full((3, 2), 50.0), np.ones((2, 1))),
            r"thickness: shape is \[2, 1\], allowed is \[3, 1\]",
        ),
        (([50.0, 5.0],), "thickness"),
        (([],), "layers"),
        ((np.ones((1, 1, 1)),), "resistivity: 3 dimensions"),
        ((5.0,), "resistivity"),
        ((["fifty", "five"], [10.0]), "resistivity: an array of .*, allowed are numbers"),
        ((np.array([50.0, None], dtype=object), [10.0]), "resistivity: an array of object"),
        ((np.array([50.0 + 1j, 5.0]), [10.0]), "resistivity: an array of complex128"),
        (
            ([[50.0, 5.0], [50.0]], [[10.0], [10.0]]),
            r"thickness\[1\]: shape is \[1\], allowed is \[0\]",
        ),
        (([[50.0, 5.0], [50.0]], [[10.0]]), "thickness: 1 models, allowed are 2"),
        ((np.ones(1_000_000), np.ones(999_999)), "layers"),
    ],
    ids=lambda value: None if isinstance(value, tuple) else value[:24],
)
def test_arrays_that_do_not_fit_are_named(plan, arguments, message):
    with pytest.raises(stratem.Error, match=message) as caught:
        plan.forward(*arguments)
    assert "\n" not in str(caught.value)


def test_depths_and_thicknesses_are_not_taken_together(plan):
    with pytest.raises(InputError, match="depth"):
        plan.forward([50.0, 5.0], [10.0], depth=[0.0, 10.0])


def test_arrays_besides_models_are_refused(plan):
    with pytest.raises(InputError, match="height: given besides Models"):
        plan.forward(Models([50.0]), height=31.0)


@pytest.mark.parametrize(
    ("out", "message"),
    [
        (lambda gates: read_only((2, gates)), "out: read-only"),
        (lambda gates: np.zeros((3, gates)), r"out: shape is \[3, "),
        (lambda gates: np.zeros((2, gates), np.float32), "out: float32"),
        (lambda gates: [[0.0] * gates] * 2, "out: list"),
        (lambda gates: np.zeros((2, gates), ">f8"), "out: >f8"),
    ],
)
def test_an_out_that_cannot_be_written_to_is_refused(plan, out, message):
    with pytest.raises(InputError, match=message):
        plan.forward([[50.0], [5.0]], out=out(plan.gates))


def test_bad_values_give_their_model_a_status(plan):
    responses = plan.forward(
        [[50.0, 5.0], [-1.0, 5.0], [0.0, 5.0], [np.inf, 5.0], [50.0, 5.0]],
        [[10.0], [10.0], [10.0], [10.0], [-10.0]],
    )
    assert responses.ok.tolist() == [True, False, False, False, False]
    assert np.isfinite(responses.values[0]).all()
    assert np.isnan(responses.values[1:]).all()
    assert "thickness" in responses.reasons[4]


def test_no_models_give_no_responses(plan):
    responses = plan.forward(np.empty((0, 3)), np.empty((0, 2)))
    assert responses.values.shape == (0, plan.gates)
    with pytest.raises(InputError):
        plan.forward(np.empty((0, 3)), np.empty((1, 2)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tolerance": 5.0}, "tolerance: 5, allowed is 1e-7 to 1e-1"),
        ({"precision": "half"}, "precision: half, allowed is double or single"),
        ({"resistivity_range": (10.0, 1.0)}, "resistivity-range: 10,1"),
        ({"heights": (1.0, 2.0, 3.0)}, "heights: shape is"),
        ({"layers": 0}, "layers: 0"),
        ({"backend": "abacus"}, "backend: abacus"),
        ({"threads": -1}, "threads: -1"),
    ],
)
def test_options_are_refused_in_the_words_of_the_library(system, options, message):
    with pytest.raises(InputError, match=message):
        Plan(system, **options)


def test_a_plan_needs_a_system():
    with pytest.raises(InputError, match="system: a str"):
        Plan("system.json")


def test_a_dataset_of_a_closed_file_is_refused(plan, tmp_path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "models.h5", "w") as file:
        dataset = file.create_dataset("resistivity", data=np.full((2, 1), 50.0))
    with pytest.raises(InputError, match="resistivity: not an array of numbers"):
        plan.forward(dataset)


def test_a_pickle_cut_short_is_an_exception(plan):
    data = pickle.dumps(plan)
    for length in range(0, len(data), 97):
        with pytest.raises((pickle.UnpicklingError, EOFError, ValueError, IndexError)):
            pickle.loads(data[:length])


def in_child(plan: Plan, arrays: tuple[np.ndarray, np.ndarray], queue: object) -> None:
    queue.put(plan.forward(*arrays).values)  # type: ignore[attr-defined]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_after_threads_ran_computes_the_same(plan, model_arrays):
    expected = plan.forward(*model_arrays, threads=2).values
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=in_child, args=(plan, model_arrays, queue))
    child.start()
    values = queue.get(timeout=60)
    child.join(timeout=60)
    assert child.exitcode == 0
    np.testing.assert_array_equal(values, expected)


def interrupt(code: str, tmp_path: Path, *, expected: str) -> float:
    """Runs code, sends it SIGINT once it prints a line, and returns the seconds until it ended."""
    script = tmp_path / "interrupted.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import signal, sys
            # A shell has what it runs in the background ignore the signal, which is inherited.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            sys.path.insert(0, {str(Path(__file__).parent)!r})
            import numpy as np, stratem
            from conftest import PLAN_OPTIONS, TIMES
            system = stratem.System(10.0, TIMES, height=30.0)
            """
        )
        + textwrap.dedent(code)
    )
    process = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.communicate()[1]
    time.sleep(0.5)
    assert process.poll() is None, "ended before it was interrupted"
    sent = time.perf_counter()
    os.kill(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=30)
    elapsed = time.perf_counter() - sent
    assert expected in error
    assert process.returncode != 0
    return elapsed


def test_ctrl_c_ends_a_computation(plan, tmp_path):
    elapsed = interrupt(
        """
        plan = stratem.Plan(system, heights=(30.0, 40.0), **PLAN_OPTIONS)
        resistivity = np.broadcast_to([50.0, 5.0, 100.0], (10_000_000, 3))
        out = np.empty((1, plan.gates))
        print("ready", flush=True)
        plan.forward(resistivity, [10.0, 20.0])
        """,
        tmp_path,
        expected="KeyboardInterrupt",
    )
    assert elapsed < 2.0  # a second, and the end of the process


def test_ctrl_c_ends_the_reference(tmp_path):
    elapsed = interrupt(
        """
        plan = stratem.Plan(system, backend="reference")
        print("ready", flush=True)
        plan.forward(np.full((10_000, 1), 50.0))
        """,
        tmp_path,
        expected="KeyboardInterrupt",
    )
    assert elapsed < 2.0


def test_ctrl_c_ends_the_construction_of_a_plan(tmp_path):
    elapsed = interrupt(
        """
        times = np.geomspace(1e-8, 1e-1, 71)
        print("ready", flush=True)
        stratem.Plan(stratem.System(10.0, times), 1e-6, cache="none")
        """,
        tmp_path,
        expected="KeyboardInterrupt",
    )
    assert elapsed < 2.0


OUTSIDE = """
        plan = stratem.Plan(system, heights=(30.0, 40.0), **PLAN_OPTIONS)
        resistivity = np.full((20_000, 2), 50.0)
        resistivity[10_000:] = 1e5  # computed by the reference
"""


@pytest.mark.parametrize(
    "call",
    [
        "plan.forward(resistivity, [10.0], out_of_range='reference')",
        """
        plan.accumulate(
            stratem.Models(resistivity, [10.0]),
            stratem.EnsembleStatistics(plan.gates),
            out_of_range="reference",
        )
        """,
        "plan.validate(stratem.Models(resistivity, [10.0]), reference_models=20_000)",
        "plan.hardest_models(10)",
    ],
    ids=["forward", "accumulate", "validate", "hardest_models"],
)
def test_ctrl_c_ends_long_calls_of_a_plan(plan, call, tmp_path):
    code = textwrap.dedent(OUTSIDE) + 'print("ready", flush=True)\n' + textwrap.dedent(call)
    assert interrupt(code, tmp_path, expected="KeyboardInterrupt") < 2.0
