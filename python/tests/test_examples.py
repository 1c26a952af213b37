"""The examples run unchanged and write their pictures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.py")))
def test_an_example_writes_its_picture(name, tmp_path):
    pytest.importorskip("matplotlib")
    pytest.importorskip("tqdm")
    assert len((EXAMPLES / name).read_text().splitlines()) <= 80
    picture = tmp_path / "picture.png"
    done = subprocess.run(
        [sys.executable, EXAMPLES / name, picture], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 10_000
