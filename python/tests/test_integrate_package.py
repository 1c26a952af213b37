"""The package integrate-module with stratem as its method: scripts/test-integrate installs it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import FIXTURES

import stratem
import stratem.integrate

pytestmark = pytest.mark.slow

ig = pytest.importorskip("integrate", reason="integrate-module is not installed")
h5py = pytest.importorskip("h5py")

import matplotlib  # noqa: E402

matplotlib.use("Agg")

MODELS = 3000
TOLERANCE = 1e-3
EARLIER_PULSES = 40


@pytest.fixture(scope="module", autouse=True)
def registered():
    stratem.integrate.register()


@pytest.fixture(scope="module")
def gex(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A survey that the package's own methods can compute, too: z components, and two filters."""
    text = (FIXTURES / "two_moments.gex").read_text()
    for old, new in (
        ("   # a comment", ""),
        ("PolarizationXYZ=X", "PolarizationXYZ=Z"),
        ("TiBLowPassFilter=-1 1.0", "TiBLowPassFilter=1 3.0E+5"),
    ):
        assert old in text
        text = text.replace(old, new)
    path = tmp_path_factory.mktemp("survey") / "two_moments.gex"
    path.write_text(text)
    return str(path)


@pytest.fixture(scope="module")
def prior(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("prior") / "PRIOR.h5"
    np.random.seed(1)
    return ig.prior_model_layered(
        N=MODELS, NLAY_min=2, NLAY_max=5, z_max=89, RHO_min=1, RHO_max=1000,
        f_prior_h5=str(path), showInfo=-1,
    )  # fmt: skip


@pytest.fixture(scope="module")
def prior_data(prior: str, gex: str) -> str:
    return ig.prior_data_em(prior, gex, method="stratem", tolerance=TOLERANCE, showInfo=-1)


def models_of(path: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    with h5py.File(path) as file:
        return file["M1"][:count].astype(float), np.diff(file["M1"].attrs["x"])


def with_earlier_pulses(gex: str) -> dict:
    """The package's system with the pulses that precede those of the file."""
    system = ig.gex_to_em_system(gex)
    listed = json.loads(stratem.System.from_gex(gex).to_json())["moments"]
    for moment, facts in zip(system["moments"], listed, strict=True):
        times = np.array(facts["waveform"]["times"])
        currents = np.array(facts["waveform"]["currents"])
        half = 0.5 / facts["base_frequency"]
        moment["waveform"] = np.vstack(
            [
                np.column_stack([times - k * half, (-1.0) ** k * currents])
                for k in range(EARLIER_PULSES, -1, -1)
            ]
        )
    return system


def test_data_are_those_of_simpeg_but_for_its_own_errors(prior, prior_data, gex):
    pytest.importorskip("simpeg")
    models, thickness = models_of(prior, 10)
    with h5py.File(prior_data) as file:
        data = file["D1"][:10]
    theirs = ig.forward_em(models, thickness, gex, method="simpeg", parallel=False)
    # The same method without its errors: all earlier pulses, and filters of 201 points.
    exact = ig.forward_simpeg(
        models,
        thickness,
        GEX=with_earlier_pulses(gex),
        hankel_filter="key_201_2012",
        time_filter="key_201_2012",
        parallel=False,
    )
    assert theirs.shape == exact.shape == data.shape == (10, 6)
    reference = ig.forward_em(models, thickness, gex, method="stratem", device="reference")
    np.testing.assert_allclose(reference[:, 1:], exact[:, 1:], rtol=1e-5)
    # The first gate is where the response of some models changes sign.
    size = np.maximum(np.abs(exact), np.abs(exact[:, [1, 1, 2, 3, 4, 5]]))
    assert np.max(np.abs(reference - exact) / size) < 1e-3
    own_error = np.abs(theirs - exact) / size
    assert np.max(np.abs(data - theirs) / size - own_error) < 2 * TOLERANCE


def test_data_have_the_layout_that_the_package_reads(prior, prior_data, gex):
    data, indices = ig.load_prior_data(prior_data)
    assert data[0].shape == (MODELS, 6)
    assert np.isfinite(data[0]).all()
    models, thickness = models_of(prior, MODELS)
    np.testing.assert_array_equal(
        data[0], ig.forward_em(models, thickness, gex, method="stratem", tolerance=TOLERANCE)
    )


def test_a_call_without_a_method_takes_that_of_the_environment(prior, gex, monkeypatch, tmp_path):
    monkeypatch.setenv("EM_FORWARD_METHOD", "stratem")
    path = ig.prior_data_em(
        prior, gex, N=20, f_prior_data_h5=str(tmp_path / "part.h5"), device="reference", showInfo=-1
    )
    with h5py.File(path) as file:
        assert file["D1"].shape == (20, 6)
        assert file["D1"].attrs["method"] == "stratem"


def test_the_rejection_sampler_finds_the_models_of_the_data(prior_data, monkeypatch):
    import matplotlib.pyplot as plt

    monkeypatch.chdir(Path(prior_data).parent)  # pictures are named after the files
    name = Path(prior_data).name
    true = np.array([100, 700, 2500])
    with h5py.File(name) as file:
        observed = file["D1"][:][true]
    observations = ig.save_data_gaussian(
        observed, D_std=0.03 * np.abs(observed), f_data_h5="observed.h5", showInfo=-1
    )
    posterior = ig.integrate_rejection(
        name, observations, f_post_h5="posterior.h5", nr=200, autoT=0, parallel=False, showInfo=-1
    )
    with h5py.File(posterior) as file:
        drawn = file["i_use"][:]
    for index, own in zip(true, drawn, strict=True):
        assert index in own
    for draw in (
        lambda: ig.plot_data_prior(name, observations, nr=100),
        lambda: ig.plot_data_prior_post(posterior, i_plot=0, nr=50),
    ):
        plt.close("all")
        draw()
        assert sum(len(axes.lines) for axes in plt.gcf().axes) > 0
