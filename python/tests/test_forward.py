"""Responses: right, the same however models are given, and without copies."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from conftest import DATA, PLAN_OPTIONS

import stratem
from stratem import Models, Plan, System


def independent_cases() -> list[dict]:
    names = ["three_layer_0", "three_layer_2", "halfspace_10"]
    return [json.loads((DATA / "reference" / f"{name}.json").read_text()) for name in names]


@pytest.mark.parametrize("case", independent_cases(), ids=lambda case: case["name"])
def test_the_reference_agrees_with_independent_values(case):
    geometry = case["geometry"]
    system = System(
        geometry["transmitter_radius_m"],
        case["time_s"],
        height=geometry["height_sum_m"] / 2,
        receiver=(geometry["receiver_offset_m"], 0.0),
    )
    plan = Plan(system, backend="reference")
    responses = plan.forward(case["resistivity_ohm_m"], depth=case["depth_to_top_m"])
    np.testing.assert_allclose(responses.values[0], case["minus_dbz_dt_T_per_s"], rtol=1e-6)


def test_the_plan_keeps_its_tolerance(plan, model_arrays):
    resistivity, thickness = (array[:20] for array in model_arrays)
    fast = plan.forward(resistivity, thickness)
    exact = plan.forward(resistivity, thickness, backend="reference")
    np.testing.assert_allclose(fast.values, exact.values, rtol=plan.tolerance)
    assert np.any(fast.values != exact.values)
    assert exact.provenance.backend == "reference"


def test_responses_are_bitwise_those_of_the_command_line(plan, model_arrays, program, tmp_path):
    pytest.importorskip("h5py")
    resistivity, thickness = model_arrays
    height = np.linspace(30.0, 40.0, len(resistivity))
    Models(resistivity, thickness, height=height).to_file(tmp_path / "models.h5")
    plan.system.to_file(tmp_path / "system.json")
    program(
        "forward", tmp_path / "system.json", tmp_path / "models.h5", "-o", tmp_path / "out.h5",
        "--tolerance", PLAN_OPTIONS["tolerance"], "--resistivity-range", "1,1000",
        "--layers", PLAN_OPTIONS["layers"], "--height-range", "30,40",
    )  # fmt: skip
    theirs = stratem.Responses.from_file(tmp_path / "out.h5")
    ours = plan.forward(resistivity, thickness, height=height)
    np.testing.assert_array_equal(ours.values, theirs.values)
    assert theirs.provenance.plan_error == ours.provenance.plan_error


def test_one_model_many_models_and_lists_give_the_same_bits(plan, model_arrays):
    resistivity, thickness = model_arrays
    many = plan.forward(resistivity, thickness)
    assert many.values.shape == (500, plan.gates)
    one = plan.forward(resistivity[3], thickness[3])
    assert one.values.shape == (1, plan.gates)
    np.testing.assert_array_equal(one.values[0], many.values[3])
    depth = np.insert(np.cumsum(thickness, axis=1), 0, 0.0, axis=1)
    np.testing.assert_allclose(
        plan.forward(resistivity, depth=depth).values, many.values, rtol=1e-12
    )
    listed = plan.forward(list(resistivity[:9]), [list(row) for row in thickness[:9]])
    np.testing.assert_array_equal(listed.values, many.values[:9])


def test_ragged_and_padded_models_are_those_of_their_own_layers(plan):
    models = [([50.0, 5.0, 200.0], [10.0, 20.0]), ([100.0], []), ([10.0, 300.0], [33.0])]
    alone = np.concatenate([plan.forward(*model).values for model in models])
    ragged = plan.forward([model[0] for model in models], [model[1] for model in models])
    np.testing.assert_array_equal(ragged.values, alone)
    nan = np.nan
    padded = plan.forward(
        [[50.0, 5.0, 200.0], [100.0, nan, nan], [10.0, 300.0, nan]],
        [[10.0, 20.0], [nan, nan], [33.0, nan]],
    )
    np.testing.assert_array_equal(padded.values, alone)
    by_depth = plan.forward(
        [np.array(model[0]) for model in models], depth=[[0.0, 10.0, 30.0], [0.0], [0.0, 33.0]]
    )
    np.testing.assert_array_equal(by_depth.values, alone)


def test_nan_that_is_not_padding_gives_the_model_a_status(plan):
    responses = plan.forward([[50.0, np.nan], [50.0, 5.0]], [[10.0], [10.0]])
    assert responses.ok.tolist() == [False, True]
    assert "resistivity" in responses.reasons[0]
    assert np.isnan(responses.values[0]).all()
    assert np.isfinite(responses.values[1]).all()


def test_what_holds_for_all_models_is_given_once(plan, model_arrays):
    resistivity, _ = model_arrays
    each = plan.forward(resistivity, np.tile([10.0, 20.0], (500, 1)), height=np.full(500, 33.0))
    once = plan.forward(resistivity, [10.0, 20.0], height=33.0)
    np.testing.assert_array_equal(once.values, each.values)
    heights = np.linspace(30.0, 40.0, 7)
    moved = plan.forward([50.0, 5.0], [10.0], height=heights)
    assert moved.values.shape == (7, plan.gates)
    assert np.all(np.diff(np.abs(moved.values[:, 0])) < 0)


@pytest.mark.parametrize(
    "other",
    [
        np.asfortranarray,
        lambda array: array.astype(">f8"),
        lambda array: np.repeat(array, 2, axis=1)[:, ::2],
        lambda array: array[::-1].copy()[::-1],
        lambda array: array.tolist(),
    ],
    ids=["fortran", "big-endian", "strided", "reversed", "list"],
)
def test_layout_and_type_do_not_change_the_bits(plan, model_arrays, other):
    resistivity, thickness = model_arrays
    expected = plan.forward(resistivity, thickness).values
    np.testing.assert_array_equal(
        plan.forward(other(resistivity), other(thickness)).values, expected
    )


def test_integers_and_single_precision_are_converted(plan):
    expected = plan.forward([50.0, 5.0], [10.0]).values
    for kind in (np.int32, np.float32, np.uint8):
        given = plan.forward(np.array([50, 5], dtype=kind), np.array([10], dtype=kind))
        np.testing.assert_array_equal(given.values, expected)


def test_arrays_of_float64_are_not_copied(model_arrays):
    resistivity, thickness = model_arrays
    models = Models(resistivity, thickness, height=40.0)
    assert models.resistivity.ctypes.data == resistivity.ctypes.data
    assert models.thickness.ctypes.data == thickness.ctypes.data
    assert models.height.strides == (0,)
    single = thickness.astype(np.float32)
    assert not np.shares_memory(Models(resistivity, single).thickness, single)


def test_a_large_batch_takes_no_memory_but_its_own(plan, python):
    code = """
import resource, sys
import numpy as np, stratem
sys.path.insert(0, "{tests}")
from conftest import PLAN_OPTIONS, TIMES
plan = stratem.Plan(stratem.System(10.0, TIMES, height=30.0), heights=(30.0, 40.0), **PLAN_OPTIONS)
resistivity = np.full((400_000, 3), 50.0)
thickness = np.full((400_000, 2), 10.0)
out = np.zeros((400_000, plan.gates))
plan.forward(resistivity[:4000], thickness[:4000])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
responses = plan.forward(resistivity, thickness, out=out)
assert responses.values is out
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    from pathlib import Path

    done = python(code.replace("{tests}", str(Path(__file__).parent)))
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 8 * 1024  # KiB; the resistivities alone have 9,375


def test_out_is_written_in_place(plan, model_arrays):
    resistivity, thickness = model_arrays
    expected = plan.forward(resistivity, thickness).values
    out = np.empty((500, plan.gates))
    assert plan.forward(resistivity, thickness, out=out).values is out
    np.testing.assert_array_equal(out, expected)
    wide = np.zeros((500, 2 * plan.gates))
    plan.forward(resistivity, thickness, out=wide[:, ::2])
    np.testing.assert_array_equal(wide[:, ::2], expected)
    assert not wide[:, 1::2].any()


def test_models_outside_the_range_are_flagged_or_computed_by_the_reference(plan):
    models = Models([[50.0, 5.0], [5e5, 5.0]], [10.0])
    flagged = plan.forward(models)
    assert flagged.status.tolist() == [0, 9]
    assert "outside the range" in flagged.reasons[1]
    computed = plan.forward(models, out_of_range="reference")
    assert computed.ok.all()
    np.testing.assert_array_equal(computed.values[0], flagged.values[0])
    exact = plan.forward(models, backend="reference")
    np.testing.assert_array_equal(computed.values[1], exact.values[1])


def test_statistics_count_the_models_that_the_reference_computes(plan, model_arrays):
    resistivity, thickness = (array[:60].copy() for array in model_arrays)
    resistivity[::20] = 1e5
    models = Models(resistivity, thickness)
    statistics = stratem.EnsembleStatistics(plan.gates)
    seen = []
    plan.accumulate(
        models, statistics, out_of_range="reference", progress=lambda *counts: seen.append(counts)
    )
    assert seen[-1] == (60, 60)
    expected = plan.forward(models, out_of_range="reference").statistics()
    found = statistics.result()
    assert (found.models, found.failed) == (60, 0)
    np.testing.assert_array_equal(found.percentile, expected.percentile)
    flagged = stratem.EnsembleStatistics(plan.gates)
    plan.accumulate(models, flagged)
    assert flagged.result().failed == 3
    with pytest.raises(stratem.InputError, match="out_of_range: 'drop', allowed is"):
        plan.accumulate(models, statistics, out_of_range="drop")


def test_polarizable_layers_reach_the_library(plan):
    model = {"resistivity": [50.0, 5.0], "thickness": [10.0]}
    polarizable = {"chargeability": [0.3, 0.0], "time_constant": 1e-3, "exponent": 0.5}
    plain = plan.forward(**model, backend="reference").values
    changed = plan.forward(**model, **polarizable, backend="reference").values
    assert np.max(np.abs(changed / plain - 1)) > 0.01
    with pytest.raises(stratem.InputError, match="time_constant"):
        plan.forward(**model, chargeability=0.3)


def test_threads_do_not_change_the_bits(plan, model_arrays):
    one = plan.forward(*model_arrays, threads=1)
    two = plan.forward(*model_arrays, threads=2)
    np.testing.assert_array_equal(one.values, two.values)


def test_progress_counts_up_to_all_models(plan, model_arrays):
    seen: list[tuple[int, int]] = []
    plan.forward(*model_arrays, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (500, 500)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_progress_of_a_plan_rises_to_a_hundred(system):
    seen: list[tuple[int, int]] = []
    Plan(system, cache="none", progress=lambda *parts: seen.append(parts), **PLAN_OPTIONS)
    assert seen[-1] == (100, 100)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert len({done for done, _ in seen}) > 3


def test_an_exception_of_the_callback_ends_the_construction_of_a_plan(system):
    def stop(done: int, total: int) -> None:
        raise RuntimeError("stop")

    started = time.perf_counter()
    with pytest.raises(RuntimeError, match="^stop$"):
        Plan(system, 1e-6, cache="none", progress=stop)
    assert time.perf_counter() - started < 2.0


def test_a_bar_is_shown_and_closed(plan, model_arrays, capsys):
    pytest.importorskip("tqdm")
    plan.forward(*model_arrays, progress=True)
    assert "100%" in capsys.readouterr().err


def test_an_exception_of_the_callback_ends_the_computation(plan, model_arrays):
    def stop(done: int, total: int) -> None:
        raise RuntimeError(f"stop at {done} of {total}")

    with pytest.raises(RuntimeError, match="stop at"):
        plan.forward(*model_arrays, progress=stop)


def test_other_threads_run_while_models_are_computed(plan):
    resistivity = np.full((200_000, 3), 50.0)
    ticks = 0
    done = threading.Event()

    def count() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    started = time.perf_counter()
    plan.forward(resistivity, [10.0, 20.0])
    elapsed = time.perf_counter() - started
    done.set()
    counter.join()
    assert ticks > 20 * elapsed


def test_several_threads_use_one_plan(plan, model_arrays):
    expected = plan.forward(*model_arrays).values
    results: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: results.append(plan.forward(*model_arrays).values))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    for values in results:
        np.testing.assert_array_equal(values, expected)


def test_a_pickled_plan_is_not_built_again_where_there_is_no_cache(plan, model_arrays, tmp_path):
    data = pickle.dumps(plan)
    assert len(data) < 200_000
    path = tmp_path / "plan.pickle"
    path.write_bytes(data)
    models = tmp_path / "models.npz"
    np.savez(models, *model_arrays)
    code = (
        "import pickle, numpy as np\n"
        f"plan = pickle.loads(open({str(path)!r}, 'rb').read())\n"
        f"values = plan.forward(*np.load({str(models)!r}).values()).values\n"
        f"np.save({str(tmp_path / 'values.npy')!r}, values)\n"
        "print(plan.accuracy.from_cache)\n"
    )
    environment = {**os.environ, "STRATEM_CACHE": "none"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=120
    )
    assert done.stdout == "True\n", done.stderr
    values = np.load(tmp_path / "values.npy")
    assert values.tobytes() == plan.forward(*model_arrays).values.tobytes()


def test_a_pickled_plan_on_the_reference_has_nothing_built(system):
    data = pickle.dumps(stratem.Plan(system, backend="reference"))
    assert len(data) < 4096
    assert pickle.loads(data).backend == "reference"


def test_backends_say_why_they_cannot_run(plan):
    for backend in stratem.backends():
        assert backend.usable or backend.reason
        if not backend.usable:
            with pytest.raises(stratem.UnavailableError, match=backend.name):
                plan.forward([50.0], backend=backend.name)


def test_validation_finds_the_plan_within_its_tolerance(plan):
    comparisons = plan.validate(plan.validation_models(40), reference_models=8)
    assert {comparison.against for comparison in comparisons} == {"reference"}
    for comparison in comparisons:
        assert comparison.models == 8
        assert 0 < comparison.worst <= comparison.allowed == plan.tolerance
        assert comparison.passed


def test_tables_have_the_responses(plan, model_arrays):
    responses = plan.forward(*model_arrays)
    pandas = pytest.importorskip("pandas")
    table = responses.to_dataframe()
    assert isinstance(table, pandas.DataFrame)
    np.testing.assert_array_equal(table.to_numpy(), responses.values)
    pytest.importorskip("xarray")
    dataset = responses.to_xarray()
    np.testing.assert_array_equal(dataset["response"], responses.values)
    np.testing.assert_array_equal(dataset["time"], responses.times)
    assert dataset["response"].attrs["units"] == "V/(A m^2)"
