"""Models with neighbouring layers of equal values made one."""

from __future__ import annotations

import numpy as np
import pytest

from stratem import Models


def test_equal_neighbours_become_one_layer():
    models = Models(
        [[5.0, 5.0, 7.0, 7.0], [5.0, 7.0, 5.0, 5.0], [3.0, 3.0, 3.0, 3.0], [1.0, 2.0, 3.0, 4.0]],
        [1.0, 2.0, 4.0],
        height=[30.0, 31.0, 32.0, 33.0],
    )
    merged = models.merged()
    nan = np.nan
    np.testing.assert_array_equal(
        merged.resistivity,
        [[5, 7, nan, nan], [5, 7, 5, nan], [3, nan, nan, nan], [1, 2, 3, 4]],
    )
    np.testing.assert_array_equal(
        merged.thickness, [[3, nan, nan], [1, 2, nan], [nan, nan, nan], [1, 2, 4]]
    )
    np.testing.assert_array_equal(merged.layers, [2, 3, 1, 4])
    np.testing.assert_array_equal(merged.height, models.height)


def test_depths_and_models_of_different_numbers_of_layers_are_kept():
    nan = np.nan
    merged = Models(
        [[5.0, 5.0, 7.0, nan], [2.0, 7.0, 7.0, 7.0]],
        depth=[[0.0, 0.7, 2.0, nan], [0.0, 0.1, 0.3, 0.6]],
    ).merged()
    np.testing.assert_array_equal(merged.resistivity, [[5, 7], [2, 7]])
    np.testing.assert_array_equal(merged.depth, [[0, 2.0], [0, 0.1]])
    assert merged.thickness is None


def test_layers_of_different_polarization_stay_apart():
    models = Models(
        [[5.0, 5.0, 5.0]],
        [[1.0, 2.0]],
        chargeability=[[0.0, 0.3, 0.3]],
        time_constant=[[1e-3, 1e-3, 1e-3]],
        exponent=[[0.5, 0.5, 0.5]],
    )
    merged = models.merged()
    np.testing.assert_array_equal(merged.chargeability, [[0.0, 0.3]])
    np.testing.assert_array_equal(merged.thickness, [[1.0]])


def test_models_without_equal_neighbours_are_the_same_object(model_arrays):
    models = Models(*model_arrays)
    assert models.merged() is models
    assert Models([[np.nan, np.nan, 3.0]], [[1.0, 2.0]]).merged().resistivity.shape == (1, 3)
    assert len(Models(np.empty((0, 3)), np.empty((0, 2))).merged()) == 0


@pytest.mark.parametrize("cells", [90, 200])
def test_responses_are_those_of_the_unmerged_models(plan, cells):
    rng = np.random.default_rng(9)
    layer = np.sort(rng.integers(0, 5, (200, cells)), axis=1)
    resistivity = np.take_along_axis(10 ** rng.uniform(0.1, 2.9, (200, 5)), layer, axis=1)
    models = Models(resistivity, np.full(cells - 1, 90.0 / cells), height=30.0)
    merged = models.merged()
    assert merged.resistivity.shape[1] == 5
    fine, coarse = plan.forward(models), plan.forward(merged)
    assert fine.ok.all()
    difference = np.abs(coarse.values / fine.values - 1.0)
    assert difference.max() < 1e-12
