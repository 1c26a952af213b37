"""The calls of pytem1d: right by independent values, and near pytem1d where that is right."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from conftest import DATA

from stratem.tem1d import (
    EarthModel,
    Instrument,
    IPModel,
    PolygonLoop,
    ResponseConfig,
    TEM1DModel,
    TEM1DResult,
    Waveform,
    _survey,
    load_result,
    model_from_dict,
    model_to_dict,
    read_forwrite,
    run_tem1d,
    save_result,
)
from stratem.tem1d.parallel_utils import adaptive_chunk_size, compute_chunk, parallel_tem1d

MODEL = ([100.0, 10.0, 50.0], [0.0, 30.0, 100.0])
AREA = np.pi * 10.0**2
IP = {
    "chargeabilities": [0.1, 0.3, 0.05],
    "time_constants": [0.01, 0.05, 0.001],
    "powers": [0.5, 0.4, 0.6],
}
PULSE = {"times": [-1e-3, -9e-4, 0.0, 4e-6], "amplitudes": [0.0, 2.0, 2.0, 0.0]}


def independent(name: str) -> dict:
    return json.loads((DATA / "reference" / f"{name}.json").read_text())


def pytem1d_results(cases: list[dict]) -> list[TEM1DResult]:
    """What pytem1d computes, in a process of its own."""
    pytest.importorskip("pytem1d")
    script = Path(__file__).with_name("pytem1d_values.py")
    with tempfile.TemporaryDirectory() as folder:  # it leaves files where it runs
        done = subprocess.run(
            [sys.executable, script, json.dumps(cases)],
            capture_output=True,
            text=True,
            check=True,
            cwd=folder,
        )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [TEM1DResult(times, responses, None, facts) for times, responses, facts in lines]


def at_common_times(result: TEM1DResult, case: dict) -> tuple[np.ndarray, np.ndarray]:
    """Indices of equal times in the result and in the case."""
    near = np.isclose(result.times[:, None], case["time_s"], rtol=1e-12, atol=0.0)
    ours, theirs = np.nonzero(near)
    assert len(ours) >= 1
    return ours, theirs


def check_against(result: TEM1DResult, case: dict, key: str, factor: float) -> None:
    ours, theirs = at_common_times(result, case)
    expected = factor * np.array(case[key])[theirs]
    np.testing.assert_allclose(result.responses[ours], expected, rtol=1e-6)


@pytest.mark.parametrize(("kind", "key"), [("step", "bz_T"), ("impulse", "minus_dbz_dt_T_per_s")])
@pytest.mark.parametrize(
    "name", ["three_layer_0", "eight_layer", "offset_30m", "polarizable_sign_reversal"]
)
def test_circles_are_right_by_independent_values(name, kind, key):
    case = independent(name)
    cole_cole = case["cole_cole"]
    result = run_tem1d(
        case["resistivity_ohm_m"],
        case["depth_to_top_m"],
        tx_area=AREA,
        tx_rx_separation=case["geometry"]["receiver_offset_m"],
        response_type=kind,
        ip_params=cole_cole
        and {
            "chargeabilities": cole_cole["chargeability"],
            "time_constants": cole_cole["time_constant_s"],
            "powers": cole_cole["exponent"],
        },
    )
    check_against(result, case, key, 1.0 / AREA)


@pytest.mark.parametrize("name", ["square_loop_centre", "square_loop_offset"])
def test_polygons_are_right_at_all_times(name):
    case = independent(name)
    result = run_tem1d(
        case["resistivity_ohm_m"],
        case["depth_to_top_m"],
        polygon_vertices=case["geometry"]["transmitter_polygon_m"],
        rx_position=tuple(case["geometry"]["receiver_xy_m"]),
    )
    assert len(result.times) == 71
    check_against(result, case, "bz_T", 1.0 / 1600.0)


@pytest.mark.parametrize("name", ["waveform_trapezoid_1ms", "waveform_half_sine_like_5_points"])
def test_waveforms_are_right_by_independent_values(name):
    case, model = independent(name), independent("three_layer_0")
    times, amplitudes = np.array(case["waveform_points_s_A"]).T
    result = run_tem1d(
        model["resistivity_ohm_m"],
        model["depth_to_top_m"],
        tx_area=AREA,
        response_type="convolved",
        waveform={"times": times, "amplitudes": 3.0 * amplitudes},
    )
    check_against(result, case, "minus_dbz_dt_T_per_s", 3.0 / AREA)


def test_repeated_waveforms_are_right_by_independent_values():
    case, model = independent("waveform_bipolar_train"), independent("three_layer_0")
    times, amplitudes = np.array(case["pulse_points_s_A"]).T
    result = run_tem1d(
        model["resistivity_ohm_m"],
        model["depth_to_top_m"],
        tx_area=AREA,
        response_type="convolved",
        waveform={"times": times, "amplitudes": amplitudes},
        model_repetition=True,
        repetition_frequency=0.5 / case["half_period_s"],
    )
    assert result.times[-1] <= 0.006
    check_against(result, case, "minus_dbz_dt_T_per_s", 1.0 / AREA)


def test_steps_are_those_of_pytem1d_where_it_is_accurate():
    cases = [
        {"resistivities": MODEL[0], "depths": MODEL[1], **options}
        for options in (
            {},
            {"tx_rx_separation": 40.0},
            {"tx_height": 30.0, "rx_height": 35.0},
            {"tx_polarity2": 1, "tx_height2": 5.0},
            {"rx_polarity": -1, "rx_polarity2": 1, "rx_height2": 2.0},
            {"filter_frequencies": [3e5]},
            {"ip_params": IP},
            {"zero_coupled": True, "tx_area": 1e4},
        )
    ]
    for case, theirs in zip(cases, pytem1d_results(cases), strict=True):
        ours = run_tem1d(**case)
        np.testing.assert_allclose(ours.times, theirs.times, rtol=1e-12)
        assert ours.metadata == theirs.metadata
        # Its own error is larger at later times, and under filters.
        accurate = (ours.times >= 1e-7) & (ours.times <= 1e-3)
        tolerance = 3e-3 if "filter_frequencies" in case else 1e-3
        np.testing.assert_allclose(
            ours.responses[accurate], theirs.responses[accurate], rtol=tolerance, err_msg=str(case)
        )


def test_impulses_and_waveforms_are_near_those_of_pytem1d():
    cases = [
        {"resistivities": MODEL[0], "depths": MODEL[1], **options}
        for options in (
            {"response_type": "impulse"},
            {"response_type": "impulse", "tx_height": 30.0, "rx_height": 35.0},
            {"response_type": "convolved", "waveform": PULSE},
        )
    ]
    for case, theirs in zip(cases, pytem1d_results(cases), strict=True):
        ours = run_tem1d(**case)
        np.testing.assert_allclose(ours.times, theirs.times, rtol=1e-12)
        accurate = (ours.times >= 1e-5) & (ours.times <= 1e-3)
        np.testing.assert_allclose(
            ours.responses[accurate], theirs.responses[accurate], rtol=4e-2, err_msg=str(case)
        )


def test_polarities_of_zero_switch_off():
    assert not run_tem1d(*MODEL, tx_polarity=0).responses.any()
    second = run_tem1d(*MODEL, tx_polarity=0, tx_polarity2=-1, tx_height2=1.0)
    np.testing.assert_array_equal(second.responses, -run_tem1d(*MODEL).responses)


def test_an_exponent_of_zero_is_a_constant_resistivity():
    powers = {"chargeabilities": [0.2], "time_constants": [1.0], "powers": [0.0]}
    result = run_tem1d([100.0], [0.0], ip_params=powers)
    plain = run_tem1d([90.0], [0.0])
    np.testing.assert_allclose(result.responses[:71], plain.responses, rtol=1e-12)


def test_derivatives_of_conductivities_add_up_to_the_impulse():
    # Fields depend on time and conductivities only by their ratio.
    step = run_tem1d(*MODEL, calculate_derivatives=True)
    impulse = run_tem1d(*MODEL, response_type="impulse")
    assert step.derivatives.shape == (71, 6)
    total = step.derivatives[:, :3] @ (1.0 / np.array(MODEL[0]))
    np.testing.assert_allclose(total, step.times * impulse.responses, rtol=2e-5)


def test_derivatives_of_thicknesses_and_height_are_slopes():
    derivatives = run_tem1d(*MODEL, calculate_derivatives=True).derivatives
    base = run_tem1d(*MODEL).responses

    def slope(step: float, depths: list[float] = MODEL[1], **options: float) -> np.ndarray:
        return (run_tem1d(MODEL[0], depths, **options).responses - base) / step

    scale = np.max(np.abs(derivatives[:, 3:]), axis=0)
    slopes = [slope(0.02, [0.0, 30.02, 100.02]), slope(0.02, [0.0, 30.0, 100.02])]
    slopes.append(slope(0.002, tx_height=1.002))
    for number, expected in enumerate(slopes):
        near = 2e-3 * scale[number]
        np.testing.assert_allclose(derivatives[:, 3 + number], expected, rtol=5e-3, atol=near)
    few = run_tem1d(*MODEL, calculate_derivatives=True, imlm=1).derivatives
    np.testing.assert_allclose(few, derivatives[:, [0, 1, 2, 5]], rtol=1e-9)


def test_the_class_gives_what_the_function_gives():
    tem = TEM1DModel()
    with pytest.raises(ValueError, match="Earth model not set"):
        tem.run()
    tem.set_earth_model(*MODEL)
    with pytest.raises(ValueError, match="Instrument not set"):
        tem.run()
    result = tem.set_instrument(tx_area=314.16, rx_polarity=-1).enable_derivatives(False).run()
    np.testing.assert_array_equal(result.responses, run_tem1d(*MODEL, rx_polarity=-1).responses)
    tem.set_ip_model(*IP.values())
    np.testing.assert_array_equal(
        tem.run().responses, run_tem1d(*MODEL, rx_polarity=-1, ip_params=IP).responses
    )
    tem.disable_ip().set_polygon_loop([[-5, -5], [5, -5], [5, 5], [-5, 5]])
    tem.set_waveform(**PULSE)
    assert tem.run().metadata["response_type"] == "convolved"
    batch = tem.set_response_type("step").run_batch([[100, 10, 50], [50, 5, 20]])
    assert len(batch) == 2
    np.testing.assert_array_equal(batch[1].responses, tem.run().responses)
    with pytest.raises(ValueError, match="depths_sets"):
        TEM1DModel().run_batch([[100]])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"depths": [10.0, 30.0, 100.0]}, r"First depth must be 0 \(surface\)"),
        ({"resistivities": [-100.0, 10.0, 50.0]}, "All resistivities must be positive"),
        ({"resistivities": [np.nan, 10.0, 50.0]}, "All resistivities must be finite"),
        ({"depths": [0.0, 30.0, 20.0]}, "Depths must be monotonically increasing"),
        ({"depths": [0.0, 30.0]}, "depths length"),
        ({"imlm": 2}, "imlm must be 0 or 1"),
        ({"tx_area": 0.0}, "Transmitter area must be positive"),
        ({"tx_rx_separation": -1.0}, "TX-RX separation must be non-negative"),
        ({"tx_polarity": 2}, "TX polarity must be one of"),
        ({"ip_params": {**IP, "powers": [0.5]}}, "powers length"),
        ({"ip_params": {**IP, "powers": [0.5, 0.4, 1.6]}}, "Cole-Cole powers"),
        ({"polygon_vertices": [[0, 0], [1, 1]]}, "Polygon must have at least 3 vertices"),
        ({"polygon_vertices": [0, 0, 1]}, "vertices must be Nx2 array"),
        ({"response_type": "ramp"}, "response_type must be one of"),
        ({"response_type": "convolved"}, "Waveform required"),
        ({"waveform": {"times": [0, 0], "amplitudes": [1, 0]}}, "strictly increasing"),
        ({"filter_frequencies": [-1.0]}, "All filter frequencies must be positive"),
        ({"model_repetition": True}, "Repetition frequency must be positive"),
        (
            {
                "waveform": PULSE,
                "response_type": "convolved",
                "model_repetition": True,
                "repetition_frequency": 1000.0,
            },
            "half",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_what_is_not_allowed_is_a_value_error(arguments, message):
    parameters = {"resistivities": MODEL[0], "depths": MODEL[1], **arguments}
    with pytest.raises(ValueError, match=message):
        run_tem1d(**parameters)


def test_results_read_back_the_same(tmp_path):
    result = run_tem1d(*MODEL, calculate_derivatives=True)
    save_result(result, tmp_path / "result.npz")
    again = load_result(tmp_path / "result.npz")
    np.testing.assert_array_equal(again.responses, result.responses)
    np.testing.assert_array_equal(again.derivatives, result.derivatives)
    assert again.metadata == result.metadata
    save_result(result, tmp_path / "result.csv", format="csv")
    table = np.genfromtxt(tmp_path / "result.csv", delimiter=",", names=True)
    np.testing.assert_array_equal(table["response"], result.responses)
    assert table.dtype.names[2:] == tuple(f"deriv_{i}" for i in range(6))
    save_result(result, tmp_path / "result.json", format="json")
    facts = json.loads((tmp_path / "result.json").read_text())
    assert facts["responses"] == result.responses.tolist()
    with pytest.raises(ValueError, match="Unknown format"):
        save_result(result, tmp_path / "result.txt", format="txt")
    with pytest.raises(ValueError, match="npz"):
        load_result(tmp_path / "result.csv")


def test_files_of_temtest_are_those_of_pytem1d(tmp_path):
    pytem1d = pytest.importorskip("pytem1d")
    square = [[-5.0, -5.0], [5.0, -5.0], [5.0, 5.0], [-5.0, 5.0]]
    for everything in (False, True):
        for package in (pytem1d, None):
            make = package or __import__("stratem.tem1d", fromlist=["tem1d"])
            options = {}
            if everything:
                options = {
                    "ip_model": make.IPModel(*IP.values()),
                    "polygon": make.PolygonLoop(square, (1.0, 2.0)),
                    "response_config": make.ResponseConfig(
                        "convolved",
                        apply_filters=True,
                        filter_frequencies=[1e5],
                        model_repetition=True,
                        repetition_frequency=25.0,
                    ),
                    "waveform": make.Waveform(PULSE["times"], PULSE["amplitudes"]),
                }
            name = "theirs" if package else "ours"
            make.write_forread(
                make.EarthModel(*MODEL), make.Instrument(314.16), tmp_path / name, **options
            )
        assert (tmp_path / "ours").read_text() == (tmp_path / "theirs").read_text()
    (tmp_path / "FORWRITE").write_text("1e-6 1e-5\n2e-9 1e-9\n1 2\n3 4\n")
    result = read_forwrite(tmp_path / "FORWRITE")
    np.testing.assert_array_equal(result.derivatives, [[1, 3], [2, 4]])


def test_models_become_dictionaries_and_back():
    model = EarthModel(*MODEL, imlm=1)
    facts = json.loads(json.dumps(model_to_dict(model)))
    again = model_from_dict(facts)
    np.testing.assert_array_equal(again.depths, model.depths)
    assert (again.imlm, again.nlay) == (1, 3)
    np.testing.assert_array_equal(model.conductivities, [0.01, 0.1, 0.02])


def test_parameters_have_the_numbers_of_the_fortran_code():
    config = ResponseConfig("impulse", True, True, [1e5, 2e5])
    assert (config.iresptype, config.ideriv, config.nfilt) == (1, 1, 2)
    assert ResponseConfig(filter_frequencies=[1e5]).nfilt == 0
    assert PolygonLoop([[0, 0], [1, 0], [0, 1]]).n_vertices == 3
    assert Waveform([0, 1], [1, 0]).nwave == 2
    assert IPModel([0.1], [1], [0.5]).enabled
    assert Instrument(1.0).rx_height == 1.0
    assert repr(TEM1DResult([1.0], [2.0])) == "TEM1DResult(n_times=1)"


def random_models(count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    depths = np.zeros((count, 3))
    depths[:, 1:] = np.cumsum(rng.uniform(5.0, 50.0, (count, 2)), axis=1)
    return 10 ** rng.uniform(0, 3, (count, 3)), depths


def test_many_models_are_those_of_one_by_one(capsys):
    resistivities, depths = random_models(30)
    results = parallel_tem1d(resistivities, depths, n_workers=2, verbose=False)
    for i in (0, 7, 29):
        alone = run_tem1d(resistivities[i], depths[i])
        np.testing.assert_array_equal(results[i].responses, alone.responses)
        np.testing.assert_array_equal(results[i].times, alone.times)
        assert results[i].metadata == alone.metadata
    assert capsys.readouterr().out == ""
    results[0].times *= 2.0
    assert results[1].times[0] == 1e-8


def test_failed_models_are_none_and_a_line_on_stderr(capsys):
    resistivities, depths = random_models(10)
    resistivities[3, 0] = -1.0
    resistivities[5] = np.nan
    depths[5] = np.nan
    depths[8, 0] = 1.0
    results = parallel_tem1d(resistivities, depths, chunk_size=4)
    assert [i for i, result in enumerate(results) if result is None] == [3, 5, 8]
    output = capsys.readouterr()
    assert len(output.err.splitlines()) == 3
    assert "Model 1 in chunk 1 failed" in output.err
    assert "3 failed" in output.out


def test_models_of_different_numbers_of_layers_are_a_list(capsys):
    resistivities = [[100.0, 10.0], [50.0], [1.0, 2.0], [10.0, 20.0, 30.0]]
    depths = [[0.0, 20.0], [0.0], [0.0], [0.0, 5.0, 9.0]]
    results = parallel_tem1d(resistivities, depths, verbose=False)
    assert [result is None for result in results] == [False, False, True, False]
    np.testing.assert_array_equal(
        results[3].responses, run_tem1d(resistivities[3], depths[3]).responses
    )
    assert results[3].metadata["nlay"] == 3
    assert "depths length" in capsys.readouterr().err
    assert parallel_tem1d([], [], verbose=False) == []


def test_a_pool_of_processes_computes_chunks():
    resistivities, depths = random_models(6)
    chunks = [
        (0, resistivities[:3], depths[:3], 314.16),
        (1, resistivities[3:], depths[3:], 314.16),
    ]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        done = pool.map(compute_chunk, chunks)
    assert [index for index, _ in done] == [0, 1]
    np.testing.assert_array_equal(
        done[1][1][2].responses, run_tem1d(resistivities[5], depths[5]).responses
    )


def test_chunk_sizes():
    sizes = [adaptive_chunk_size(n, 8) for n in (100, 10_000, 100_000)]
    assert sizes == [100, 150, 1250]


def test_a_plan_takes_over_when_there_are_many_models(monkeypatch, capsys):
    monkeypatch.setattr(_survey, "MODELS_BEFORE_PLAN", 20)
    monkeypatch.setattr(_survey, "TOLERANCE", 1e-2)
    monkeypatch.setattr(_survey, "_FIRST_TIME", 1e-5)
    monkeypatch.setattr(_survey, "_DECADES", 1.0)
    _survey._cached.cache_clear()
    resistivities, depths = random_models(100)
    exact = [run_tem1d(resistivities[i], depths[i]) for i in range(20)]
    resistivities[50] = 1e6  # outside the plan's range
    results = parallel_tem1d(resistivities, depths)
    errors = [
        np.max(np.abs(r.responses / e.responses - 1))
        for r, e in zip(results[:20], exact, strict=True)
    ]
    assert 0 < max(errors) < 1e-2
    assert np.isfinite(results[50].responses).all()
    assert "100 models" in capsys.readouterr().out
    _survey._cached.cache_clear()
