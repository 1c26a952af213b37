"""How far a plan's responses are from the reference's, model by model, and what both cost.

usage: python fast_against_reference.py [PICTURE]
"""

import sys
import time

import matplotlib
import numpy as np

import stratem
from stratem import plot

matplotlib.use("Agg")

MODELS = 300


def timed(plan: stratem.Plan, models: stratem.Models, backend: str) -> stratem.Responses:
    started = time.perf_counter()
    responses = plan.forward(models, backend=backend)
    rate = len(models) / (time.perf_counter() - started)
    print(f"{responses.provenance.backend}: {rate:,.0f} models per second")
    return responses


def main(picture: str) -> None:
    system = stratem.System(10.0, np.geomspace(1e-5, 1e-2, 31))
    plan = stratem.Plan(system, tolerance=1e-3, progress=True)
    models = plan.validation_models(MODELS, seed=7)
    fast = timed(plan, models, "auto")
    exact = timed(plan, models, "reference")
    axes = plot.misfit(fast, exact)
    axes.set_title(f"{MODELS} models of 1 to 30 layers over the plan's range")
    axes.get_figure().savefig(picture, dpi=120)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "fast_against_reference.png")
