"""The recipe for Slurm, run as Slurm runs it, and the costs that docs/dask.md states."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import stratem

ROOT = Path(__file__).parents[2]
PRIOR = ROOT / "data" / "priors" / "three_layer.json"
# Those of the fixture `plan`, so that none has to be built.
OPTIONS = "--tolerance 0.01 --resistivity-range 1,1000 --height-range 30,40 --layers 5"


@pytest.fixture
def folder(tmp_path: Path, system: stratem.System, plan: stratem.Plan, plan_cache: Path) -> Path:
    """That all nodes share."""
    system.to_file(tmp_path / "system.json")
    (tmp_path / "plans").symlink_to(plan_cache)
    return tmp_path


@pytest.fixture
def recipe(folder: Path) -> Callable[..., str]:
    """Runs the recipe with what Slurm sets, and gives what it prints."""

    def run(*arguments: str, **environment: str) -> str:
        given = {
            "PATH": f"{folder}:{sysconfig.get_path('scripts')}:{os.environ['PATH']}",
            "SYSTEM": str(folder / "system.json"),
            "PRIOR": str(PRIOR),
            "MODELS": "1000",
            "SEED": "4",
            "FOLDER": str(folder),
            "OPTIONS": OPTIONS,
        }
        done = subprocess.run(
            [ROOT / "examples" / "slurm" / "run.sh", *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, **given, **environment},
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_the_parts_of_an_array_are_those_of_one_run(recipe, folder, plan):
    pytest.importorskip("h5py")
    recipe("plan")
    array = {"SLURM_ARRAY_TASK_COUNT": "3", "SLURM_CPUS_PER_TASK": "1"}
    for part in ("2", "1", "3", "2"):  # one of them is started again
        recipe("part", SLURM_ARRAY_TASK_ID=part, **array)
    recipe("merge")
    merged = stratem.Responses.from_file(folder / "responses.h5")
    expected = plan.forward(stratem.Prior.from_file(PRIOR).sample(1000, seed=4))
    assert merged.values.tobytes() == expected.values.tobytes()
    np.testing.assert_array_equal(merged.status, expected.status)


def test_jobs_are_submitted_one_after_the_other(recipe, folder):
    sbatch = folder / "sbatch"
    sbatch.write_text(f'#!/bin/sh\necho "$*" >>{folder}/jobs\nwc -l <{folder}/jobs\n')
    sbatch.chmod(0o755)
    recipe("submit", "7")
    plan, parts, merge = (folder / "jobs").read_text().splitlines()
    assert plan.endswith("run.sh plan")
    assert "--dependency" not in plan
    assert "--dependency=afterok:1 --array=1-7" in parts
    assert parts.endswith("run.sh part")
    assert "--dependency=afterok:2" in merge
    assert merge.endswith("run.sh merge")


def test_the_costs_that_are_stated_follow_from_the_rates():
    done = subprocess.run(
        [sys.executable, ROOT / "bench" / "billion.py"], capture_output=True, text=True, check=True
    )
    assert done.stdout in (ROOT / "docs" / "dask.md").read_text()
