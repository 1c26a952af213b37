"""Shared systems and plans. Plans are small, and kept for the whole run of the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import stratem

DATA = Path(__file__).parents[2] / "data"
FIXTURES = Path(__file__).parents[2] / "tests" / "io" / "fixtures"
TIMES = np.geomspace(1e-5, 1e-3, 11)
RANGE = (1.0, 1000.0)
PLAN_OPTIONS = {"tolerance": 1e-2, "resistivity_range": RANGE, "layers": 5}


@pytest.fixture(scope="session", autouse=True)
def plan_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the plans of this run only."""
    folder = tmp_path_factory.mktemp("plans")
    os.environ["STRATEM_CACHE"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def system() -> stratem.System:
    return stratem.System(10.0, TIMES, height=30.0)


@pytest.fixture(scope="session")
def plan(system: stratem.System) -> stratem.Plan:
    return stratem.Plan(system, heights=(30.0, 40.0), **PLAN_OPTIONS)


@pytest.fixture(scope="session")
def model_arrays() -> tuple[np.ndarray, np.ndarray]:
    """Resistivities and thicknesses of many models of three layers."""
    rng = np.random.default_rng(7)
    return 10 ** rng.uniform(0.1, 2.9, (500, 3)), rng.uniform(2.0, 80.0, (500, 2))


@pytest.fixture(scope="session")
def program() -> Callable[..., None]:
    """Runs the command line program that was installed with the package."""
    path = Path(sysconfig.get_path("scripts")) / "stratem"
    found = str(path) if path.exists() else shutil.which("stratem")
    assert found, "the program stratem is not installed"

    def run(*arguments: object) -> None:
        subprocess.run([found, *map(str, arguments)], check=True, capture_output=True, text=True)

    return run


@pytest.fixture
def python() -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Runs Python code in a process of its own."""

    def run(code: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=120
        )

    return run
