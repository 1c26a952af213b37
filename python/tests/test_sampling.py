"""Priors, grids and statistics."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest
from conftest import DATA

import stratem
from stratem import EnsembleStatistics, Grid, Models, Prior


def test_models_are_those_that_the_command_line_draws(program, tmp_path):
    pytest.importorskip("h5py")
    path = DATA / "priors" / "airborne_thirty_layer.json"
    program("sample", path, "-n", 50, "--seed", 7, "-o", tmp_path / "models.h5")
    theirs = Models.from_file(tmp_path / "models.h5")
    ours = Prior.from_file(path).sample(50, seed=7)
    np.testing.assert_array_equal(ours.resistivity, theirs.resistivity)
    np.testing.assert_array_equal(ours.height, theirs.height)
    for name in ("thickness", "depth"):
        mine, other = getattr(ours, name), getattr(theirs, name)
        assert (mine is None) == (other is None)
        if mine is not None:
            np.testing.assert_array_equal(mine, other)
    later = Prior.from_file(path).sample(10, seed=7, first=40)
    np.testing.assert_array_equal(later.resistivity, ours.resistivity[40:])


def test_priors_come_from_objects_and_pickle():
    facts = {"layers": [{"resistivity": {"distribution": "log-uniform", "min": 1, "max": 1000}}]}
    prior = Prior(facts)
    models = prior.sample(1000, seed=3)
    assert models.resistivity.min() >= 1 and models.resistivity.max() <= 1000
    again = pickle.loads(pickle.dumps(prior))
    np.testing.assert_array_equal(again.sample(1000, seed=3).resistivity, models.resistivity)
    with pytest.raises(stratem.InputError, match='unknown key "resistivty"'):
        Prior({"layers": [{"resistivty": 1}]})
    with pytest.raises(stratem.IoError, match="nowhere.json"):
        Prior.from_file("nowhere.json")


def test_a_grid_has_every_combination_in_the_order_of_its_axes():
    grid = Grid(
        {
            "layers": [
                {"resistivity": [1, 10, 100], "thickness": {"from": 5, "to": 15, "count": 3}},
                {"resistivity": [20, 30]},
            ]
        }
    )
    assert grid.shape == (3, 3, 2)
    assert list(grid.axes) == ["resistivity_1", "thickness_1", "resistivity_2"]
    models = grid.models()
    assert len(models) == len(grid) == 18
    np.testing.assert_array_equal(
        models.resistivity[:, 0].reshape(grid.shape)[:, 0, 0], [1, 10, 100]
    )
    np.testing.assert_array_equal(grid.models(6, 3).resistivity, models.resistivity[6:9])
    shipped = Grid.from_file(DATA / "grids" / "two_layer.json")
    assert len(shipped) == 60000
    assert len(pickle.loads(pickle.dumps(shipped))) == 60000


def test_statistics_are_those_of_numpy(plan, model_arrays):
    resistivity, thickness = model_arrays
    resistivity = resistivity.copy()
    resistivity[5] = -1.0
    responses = plan.forward(resistivity, thickness)
    found = responses.statistics([5, 50, 95])
    good = responses.values[responses.ok]
    np.testing.assert_allclose(
        found.percentile, np.percentile(good, [5, 50, 95], axis=0), rtol=1e-12
    )
    np.testing.assert_allclose(found.mean, good.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.standard_deviation, good.std(axis=0), rtol=1e-9)
    assert (found.models, found.failed, found.percentile_error) == (500, 1, 0.0)
    with pytest.raises(stratem.InputError, match="101"):
        responses.statistics([101])
    with pytest.raises(stratem.InputError, match="status: an array of int64"):
        stratem.statistics(responses.values, np.zeros(500, dtype=np.int64))


def test_statistics_in_parts_are_those_of_the_whole(plan, model_arrays):
    models = Models(*model_arrays)
    exact = plan.forward(models).statistics()
    accumulated = EnsembleStatistics(plan.gates)
    plan.accumulate(models, accumulated)
    np.testing.assert_array_equal(accumulated.result().percentile, exact.percentile)
    assert accumulated.models == 500

    counted = EnsembleStatistics(plan.gates, memory=0)
    rest = EnsembleStatistics(plan.gates, memory=0)
    plan.accumulate(Models(*(array[:200] for array in model_arrays)), counted)
    rest.add(plan.forward(*(array[200:] for array in model_arrays)))
    counted.merge(rest)
    near = counted.result()
    assert 0 < near.percentile_error < 1.3e-4
    np.testing.assert_allclose(near.percentile, exact.percentile, rtol=2 * near.percentile_error)
    with pytest.raises(stratem.InputError, match="gates"):
        plan.accumulate(models, EnsembleStatistics(plan.gates + 1))


def test_shipped_priors_are_read():
    for path in (DATA / "priors").glob("*.json"):
        prior = Prior.from_file(path)
        assert json.loads(Prior.from_json(prior.to_json()).to_json()) == json.loads(prior.to_json())
