"""Pictures show what was computed."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from conftest import DATA

import stratem
from stratem import Models, Prior

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from stratem import _picture, plot  # noqa: E402


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


def test_soundings_show_the_median_and_a_band(plan, model_arrays):
    responses = plan.forward(*model_arrays)
    axes = plot.soundings(responses)
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), responses.statistics().percentile[1])
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert "V/(A m^2)" in axes.get_ylabel()
    assert len(axes.collections) == 1


def test_one_sounding_is_a_curve_and_dashed_where_negative(plan):
    responses = plan.forward([50.0, 5.0], [10.0])
    responses.values[0, 4:] *= -1.0
    axes = plot.soundings(responses)
    solid, dashed = (line.get_ydata() for line in axes.lines)
    np.testing.assert_array_equal(np.isnan(solid), responses.values[0] < 0)
    np.testing.assert_array_equal(dashed[4:], -responses.values[0, 4:])
    assert axes.lines[1].get_linestyle() == "--"


def test_layers_are_steps_down_to_the_bottom():
    axes = plot.layers(Models([[50.0, 5.0], [7.0, np.nan]], [[10.0], [np.nan]]), depth=30.0)
    first, second = axes.lines
    np.testing.assert_array_equal(first.get_xdata(), [50, 50, 5, 5])
    np.testing.assert_array_equal(first.get_ydata(), [0, 10, 10, 30])
    np.testing.assert_array_equal(second.get_ydata(), [0, 30])
    assert axes.get_ylim() == (30.0, 0.0)


def test_a_posterior_has_the_percentiles_of_its_models():
    models = Prior.from_file(DATA / "priors" / "three_layer.json").sample(400, seed=2)
    axes = plot.posterior(models, depth=200.0)
    median = next(line for line in axes.lines if line.get_label() == "median")
    top = np.sort(models.resistivity[:, 0])
    assert top[190] <= median.get_xdata()[0] <= top[210]
    weights = np.zeros(400)
    weights[17] = 1.0
    one = plot.posterior(models, weights=weights, depth=200.0)
    np.testing.assert_allclose(one.lines[0].get_xdata()[0], models.resistivity[17, 0], rtol=1e-12)
    with pytest.raises(stratem.InputError, match="weights"):
        plot.posterior(models, weights=[1.0])


def test_misfit_shows_the_largest_difference(plan, model_arrays):
    arrays = [array[:10] for array in model_arrays]
    fast, exact = plan.forward(*arrays), plan.forward(*arrays, backend="reference")
    axes = plot.misfit(fast, exact)
    largest = next(line for line in axes.lines if line.get_label() == "largest")
    expected = np.max(np.abs(fast.values / exact.values - 1), axis=0)
    np.testing.assert_allclose(largest.get_ydata(), expected, rtol=1e-12)
    with pytest.raises(stratem.InputError, match="shapes"):
        plot.misfit(fast, plan.forward([50.0]))


def test_errors_stand_over_tolerances(plan):
    axes = plot.errors([plan])
    assert axes.lines[1].get_ydata()[0] == plan.accuracy.worst
    assert axes.lines[1].get_xdata()[0] == plan.tolerance


def test_the_program_draws_files(plan, model_arrays, program, tmp_path):
    pytest.importorskip("h5py")
    plan.forward(*model_arrays).to_file(tmp_path / "responses.h5")
    Models(*model_arrays).to_file(tmp_path / "models.h5")
    for name in ("responses", "models"):
        program("plot", tmp_path / f"{name}.h5")
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    program("plot", tmp_path / "models.h5", "-o", tmp_path / "models.svg")
    assert b"<svg" in (tmp_path / "models.svg").read_bytes()


def test_the_program_says_why_it_does_not_draw(tmp_path, capsys):
    (tmp_path / "text.h5").write_text("not HDF5")
    picture = str(tmp_path / "picture.png")
    assert _picture.main(str(tmp_path / "text.h5"), picture) == 3
    assert "stratem: plot: " in capsys.readouterr().err
    assert _picture.main(str(tmp_path / "models.csv"), picture) == 2
    assert "allowed are names that end in .h5" in capsys.readouterr().err


def test_the_program_says_that_matplotlib_is_missing(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert _picture.main(str(tmp_path / "models.h5"), str(tmp_path / "models.png")) == 2
    error = capsys.readouterr().err
    assert error == "stratem: plot: matplotlib is not installed, and pictures need it\n"
