#!/usr/bin/env python3
"""How far the responses of stratem.tem1d and of pytem1d are apart, as a table in Markdown.

Both need to be installed: pip install . and pytem1d==0.1.2.
"""

from __future__ import annotations

import numpy as np
import pytem1d
from stratem.tem1d import run_tem1d

MODELS = 40
LIMITS = [1e-8, 1e-7, 1e-5, 1e-3, 1e-2, 1e-1]  # s


def random_model(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Resistivities and depths of three layers."""
    resistivities = 10 ** rng.uniform(0, 3, 3)
    return resistivities, np.concatenate([[0.0], np.cumsum(rng.uniform(5, 60, 2))])


def differences(kind: str, models: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Relative, shape (models, times)."""
    pairs = [
        (
            run_tem1d(*model, response_type=kind).responses,
            pytem1d.run_tem1d(*model, response_type=kind).responses,
        )
        for model in models
    ]
    return np.array([np.abs(theirs / ours - 1.0) for ours, theirs in pairs])


def main() -> None:
    rng = np.random.default_rng(1)
    models = [random_model(rng) for _ in range(MODELS)]
    kinds = ("step", "impulse")
    found = {kind: differences(kind, models) for kind in kinds}
    times = run_tem1d(*models[0]).times
    print("| times in s | step | impulse |\n| --- | --- | --- |")
    for first, last in zip(LIMITS[:-1], LIMITS[1:], strict=True):
        some = (times >= 0.999 * first) & (times <= 1.001 * last)
        cells = [f"{np.max(d[:, some]):.1e}, {np.median(d[:, some]):.1e}" for d in found.values()]
        print(f"| {first:.0e} to {last:.0e} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
