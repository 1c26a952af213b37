"""Priors in the files of INTEGRATE, without its package: see test_integrate_package.py.

The reference computes, which needs no plan.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from conftest import FIXTURES

import stratem
from stratem import integrate
from stratem.integrate import _prior_file, _survey

h5py = pytest.importorskip("h5py")

GEX = FIXTURES / "two_moments.gex"
MODELS = 40
DEPTHS = np.arange(12) * 5.0
GATES = 6


def grid_models() -> np.ndarray:
    """Resistivities of three layers each on a grid of twelve."""
    rng = np.random.default_rng(5)
    resistivity = 10 ** rng.uniform(0.0, 3.0, (MODELS, 3))
    layer = np.sort(rng.integers(0, 3, (MODELS, len(DEPTHS))), axis=1)
    return np.take_along_axis(resistivity, layer, axis=1).astype(np.float32)


GRID = grid_models()


def write_prior(path: Path) -> str:
    """A prior in the package's layout: resistivities, a class for each model, heights in m."""
    rng = np.random.default_rng(6)
    with h5py.File(path, "w") as file:
        file.create_dataset("M1", data=GRID, chunks=(8, 12), compression="gzip")
        file["M1"].attrs["x"] = DEPTHS
        file["M1"].attrs["name"] = "Resistivity"
        file["M2"] = np.arange(MODELS, dtype=np.int32)[:, np.newaxis]
        file["M3"] = rng.uniform(31.0, 39.0, (MODELS, 1)).astype(np.float32)
        file.attrs["date"] = "today"
    return str(path)


@pytest.fixture
def prior(tmp_path: Path) -> str:
    return write_prior(tmp_path / "PRIOR.h5")


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_prior_file, "_MODELS", 8)


@pytest.fixture(scope="module")
def expected() -> np.ndarray:
    return integrate.forward(GRID, np.diff(DEPTHS), GEX, device="reference")


def data_of(path: str, id: int = 1) -> np.ndarray:
    with h5py.File(path) as file:
        return file[f"D{id}"][()]


def compute(path: str, **options: object) -> str:
    return integrate.prior_data(path, GEX, device="reference", showInfo=-1, **options)


def reference(system: stratem.System, models: np.ndarray) -> np.ndarray:
    plan = stratem.Plan(system, backend="reference")
    return plan.forward(models, np.diff(DEPTHS)).values


def test_a_coil_of_first_order_is_a_pole(expected):
    system = stratem.System.from_gex(GEX, transmitter_height=40.0)
    coil = '"order": 2, "damping": 0.8'
    assert coil in system.to_json()
    pole = stratem.System.from_json(system.to_json().replace(coil, '"order": 1'))
    assert expected.shape == (MODELS, GATES)
    np.testing.assert_allclose(expected[:3], reference(pole, GRID[:3]), rtol=1e-10)
    damped = integrate.forward(
        GRID[:3], np.diff(DEPTHS), GEX, device="reference", coil_filter="second-order"
    )
    np.testing.assert_allclose(damped, reference(system, GRID[:3]), rtol=1e-10)
    assert np.abs(damped / expected[:3] - 1.0)[:, 0].min() > 0.01


@pytest.mark.slow
def test_a_plan_covers_the_resistivities_and_heights_of_the_models(monkeypatch, tmp_path):
    monkeypatch.setattr(_survey, "_RESISTIVITIES", (1.0, 1000.0))
    gex = tmp_path / "one_moment.gex"
    gex.write_text(GEX.read_text().partition("[Channel2]")[0])
    models, thickness = GRID[:20], np.diff(DEPTHS)
    heights = np.linspace(31.4, 38.2, 20)
    options = {"tx_height": heights, "tolerance": 1e-2}
    fast = integrate.forward(models, thickness, gex, **options)
    exact = integrate.forward(models, thickness, gex, **options, device="reference")
    assert 0 < np.abs(fast / exact - 1.0).max() < 1e-2


def test_ranges_have_round_ends():
    assert _survey.range_of(np.array([3.0, 40.0])).of_resistivities() == (0.1, 1e4)
    assert _survey.range_of(np.array([0.02, np.nan, 2e4])).of_resistivities() == (0.01, 1e5)
    assert _survey.range_of(np.array([-1.0])).of_resistivities() == (0.1, 1e4)
    heights = np.array([30.13, 35.0, 48.01])
    assert _survey.range_of(heights).of_heights() == (30.0, 49.0)
    assert _survey.range_of(np.array([0.431, 0.5])).of_heights() == (0.43, 0.5)
    assert _survey.range_of(heights[:1]).of_heights() == (30.13, 30.13)
    zero = _survey.range_of(np.array([0.0, 1.0]), zero_is_allowed=True)
    assert zero.of_heights() == (0.0, 1.0)


def test_one_model_gives_one_row_and_logarithms_are_to_the_base_10(expected):
    models, thickness = GRID, np.diff(DEPTHS)
    one = integrate.forward(models[7], thickness, GEX, device="reference")
    np.testing.assert_array_equal(one, expected[7])
    logarithm = integrate.forward(models[7], thickness, GEX, device="reference", is_log=True)
    np.testing.assert_array_equal(10 ** logarithm[one > 0], 10 ** np.log10(one[one > 0]))
    assert np.isnan(logarithm[one < 0]).all()


def test_heights_are_those_of_the_models_or_of_the_file(expected, tmp_path):
    models, thickness = GRID[:4], np.diff(DEPTHS)
    heights = [33.0, 35.0, 35.0, 37.0]
    varied = integrate.forward(models, thickness, GEX, tx_height=heights, device="reference")
    constant = integrate.forward(models, thickness, GEX, tx_height=35.0, device="reference")
    np.testing.assert_allclose(varied[[1, 2]], constant[[1, 2]], rtol=1e-10)
    assert np.abs(varied / constant - 1.0)[[0, 3]].min() > 1e-3
    default = integrate.forward(models, thickness, GEX, tx_height=40.0, device="reference")
    np.testing.assert_array_equal(default, expected[:4])
    text = GEX.read_text().replace("[General]", "[General]\nTxCoilPosition1= 0.0 0.0 -0.5")
    ground = tmp_path / "ground.gex"
    ground.write_text(text)
    assert _survey.default_height(ground) == 0.5
    assert _survey.default_height(GEX) == 40.0


def test_bad_arguments_are_named():
    models, thickness = GRID[:2], np.diff(DEPTHS)
    with pytest.raises(stratem.InputError, match="file_gex"):
        integrate.forward(models, thickness)
    with pytest.raises(stratem.InputError, match="coil_filter"):
        integrate.forward(models, thickness, GEX, coil_filter="none")
    with pytest.raises(stratem.InputError, match="device"):
        integrate.forward(models, thickness, GEX, device="mps")
    with pytest.raises(TypeError, match="dx_height"):
        integrate.forward(models, thickness, GEX, dx_height=3.0)
    with pytest.raises(stratem.IoError, match="cannot be opened"):
        integrate.forward(models, thickness, "missing.gex")


def test_data_are_written_to_a_copy(prior, expected, small_pieces):
    seen = []
    path = compute(prior, progress_callback=lambda *call: seen.append(call), Nhank=280)
    assert path == prior.replace(".h5", "_two_moments_stratem.h5")
    with h5py.File(path) as copy, h5py.File(prior) as old:
        assert sorted(copy) == ["D1", "M1", "M2", "M3"]
        np.testing.assert_array_equal(copy["D1"], expected)
        assert copy["D1"].dtype == np.float64
        np.testing.assert_array_equal(copy["M1"], old["M1"])
        assert copy["M1"].attrs["name"] == "Resistivity"
        assert copy.attrs["date"] == "today"
        facts = dict(copy["D1"].attrs)
        assert "D1" not in old
    assert (facts["method"], facts["type"], facts["im"], facts["id"]) == ("stratem", "TDEM", 1, 1)
    assert facts["units"] == "V/(A m^4)"
    assert not any(name.startswith("stratem_models") for name in facts)
    assert [call[0] for call in seen] == [0, 8, 16, 24, 32, 40, 40, 40]
    assert [call[2]["phase"] for call in seen[-3:]] == ["computing", "saving", "completed"]


def test_a_copy_of_some_rows_keeps_models_and_data_together(prior, expected, small_pieces):
    np.random.seed(4)
    path = compute(prior, N=10)
    np.random.seed(4)
    rows = np.sort(np.random.choice(MODELS, 10, replace=False))
    assert path.endswith("PRIOR_two_moments_N10_stratem.h5")
    with h5py.File(path) as file:
        np.testing.assert_array_equal(file["M2"][:, 0], rows)
        np.testing.assert_array_equal(file["M1"], GRID[rows])
        np.testing.assert_array_equal(file["D1"], expected[rows])
    first = compute(prior, N=10, randomize=False, f_prior_data_h5=prior + "_first.h5")
    np.testing.assert_array_equal(data_of(first), expected[:10])


def test_data_in_place_are_replaced_only_on_demand(prior, expected):
    assert compute(prior, doMakePriorCopy=False, id=2) == prior
    np.testing.assert_array_equal(data_of(prior, 2), expected)
    assert compute(prior, doMakePriorCopy=False, id=2, is_log=True) == prior
    np.testing.assert_array_equal(data_of(prior, 2), expected)
    compute(prior, doMakePriorCopy=False, id=2, is_log=True, force_replace=True)
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(data_of(prior, 2), np.log10(expected))


def test_heights_of_the_prior_are_used(prior):
    compute(prior, doMakePriorCopy=False, im_height=3)
    with h5py.File(prior) as file:
        heights = file["M3"][:, 0]
    same = integrate.forward(GRID, np.diff(DEPTHS), GEX, tx_height=heights, device="reference")
    np.testing.assert_array_equal(data_of(prior), same)


def test_models_that_cannot_be_computed_have_nan(prior, expected, small_pieces):
    with h5py.File(prior, "r+") as file:
        file["M1"][17, 3] = -1.0
        file["M1"][39, 0] = np.nan
    with pytest.warns(UserWarning, match="2 of 40 models could not be computed"):
        compute(prior, doMakePriorCopy=False)
    good = np.delete(np.arange(MODELS), [17, 39])
    np.testing.assert_array_equal(data_of(prior)[good], expected[good])
    assert np.isnan(data_of(prior)[[17, 39]]).all()


def test_faults_of_a_prior_are_named(prior, tmp_path):
    with pytest.raises(stratem.InputError, match="M7: missing"):
        compute(prior, im=7)
    with pytest.raises(stratem.InputError, match="is the prior"):
        compute(prior, f_prior_data_h5=prior)
    with h5py.File(prior, "r+") as file:
        file["M1"].attrs["x"] = DEPTHS[1:]
    with pytest.raises(stratem.InputError, match="as many as there are depths"):
        compute(prior, doMakePriorCopy=False)
    with h5py.File(prior, "r+") as file:
        del file["M1"].attrs["x"]
    with pytest.raises(stratem.InputError, match="attributes x and z"):
        compute(prior, doMakePriorCopy=False)
    with pytest.raises(stratem.IoError, match="cannot be opened"):
        compute(str(tmp_path / "missing.h5"))


KILLED_RUN = """
    import os, signal
    from stratem import integrate
    from stratem.integrate import _prior_file, _survey
    _prior_file._MODELS = 8
    def end(done, total, facts):
        if done >= 16:
            os.kill(os.getpid(), signal.SIGKILL)
    integrate.prior_data({path!r}, {gex!r}, device="reference", showInfo=-1,
                         doMakePriorCopy={copy}, progress_callback=end)
"""


@pytest.mark.parametrize("copy", [True, False])
def test_a_run_that_was_killed_continues(prior, expected, small_pieces, python, copy):
    code = KILLED_RUN.format(path=prior, gex=str(GEX), copy=copy)
    assert python(textwrap.dedent(code)).returncode == -9
    path = prior.replace(".h5", "_two_moments_stratem.h5") if copy else prior
    with h5py.File(path) as file:
        assert "D1" not in file
        np.testing.assert_array_equal(file["unfinished_D1"][:16], expected[:16])
    seen = []
    assert path == compute(
        prior, doMakePriorCopy=copy, progress_callback=lambda *call: seen.append(call[0])
    )
    assert seen[0] == 16
    np.testing.assert_array_equal(data_of(path), expected)
    with h5py.File(path) as file:
        assert "unfinished_D1" not in file


def test_unfinished_data_of_another_run_are_discarded(prior, expected, small_pieces, python):
    code = KILLED_RUN.format(path=prior, gex=str(GEX), copy=False)
    assert python(textwrap.dedent(code)).returncode == -9
    compute(prior, doMakePriorCopy=False, is_log=True)
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(data_of(prior), np.log10(expected))


def test_faults_of_a_callback_end_no_computation(prior, expected):
    def fail(*call: object) -> None:
        raise ValueError(call)

    compute(prior, doMakePriorCopy=False, progress_callback=fail)
    np.testing.assert_array_equal(data_of(prior), expected)


PACKAGE = """
def forward_em(M, thickness, file_gex=None, method=None, **kwargs):
    return "theirs", method
def prior_data_em(f_prior_h5, file_gex=None, method=None, device=None, **kwargs):
    return "theirs", method, device
updated = []
def integrate_update_prior_attributes(path):
    updated.append(path)
"""


def test_register_adds_a_method_to_the_package(prior, expected, tmp_path, monkeypatch):
    package = tmp_path / "packages" / "integrate"
    package.mkdir(parents=True)
    (package / "integrate.py").write_text(PACKAGE)
    (package / "__init__.py").write_text(
        "from integrate.integrate import forward_em, prior_data_em"
    )
    monkeypatch.syspath_prepend(package.parent)
    for name in [name for name in sys.modules if name.partition(".")[0] == "integrate"]:
        monkeypatch.delitem(sys.modules, name)
    integrate.register()
    integrate.register()
    import integrate as ig

    models, thickness = GRID[:3], np.diff(DEPTHS)
    data = ig.forward_em(models, thickness, str(GEX), method="stratem", device="reference")
    np.testing.assert_array_equal(data, expected[:3])
    assert ig.forward_em(models, thickness, GEX, method="simpeg") == ("theirs", "simpeg")
    assert ig.forward_em(models, thickness, GEX) == ("theirs", None)
    assert ig.prior_data_em(prior, GEX, "ga-aem", "cpu") == ("theirs", "ga-aem", "cpu")
    monkeypatch.setenv("EM_FORWARD_METHOD", "stratem")
    path = ig.prior_data_em(prior, str(GEX), device="reference", showInfo=-1)
    np.testing.assert_array_equal(data_of(path), expected)
    assert ig.integrate.updated == [path]
    assert ig.integrate.prior_data_em is ig.prior_data_em
    for name in [name for name in sys.modules if name.partition(".")[0] == "integrate"]:
        del sys.modules[name]


def test_without_the_package_register_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "integrate.integrate", None)
    monkeypatch.setitem(sys.modules, "integrate", None)
    with pytest.raises(stratem.UnavailableError, match="integrate-module is not installed"):
        integrate.register()
