"""The first program of the README prints what the README says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]


def numbers(text: str) -> list[float]:
    return [float(word) for word in re.findall(r"\d+\.?\d*(?:e[+-]?\d+)?", text)]


def test_the_first_lines_of_python_print_what_stands_below_them(monkeypatch):
    found = re.search(
        r"```python\n(.*?)```\n\n```\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL
    )
    assert found
    code, expected = found.groups()
    assert len([line for line in code.splitlines() if line]) <= 8
    monkeypatch.chdir(ROOT)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, "README.md", "exec"), {})
    # Processors round differently.
    np.testing.assert_allclose(numbers(output.getvalue()), numbers(expected), rtol=1e-3)
    assert re.sub(r"[\d.e+-]+", "", output.getvalue()) == re.sub(r"[\d.e+-]+", "", expected)
