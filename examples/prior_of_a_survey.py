"""What an airborne survey sees of a prior: a million models under its system, in bounded memory.

usage: python prior_of_a_survey.py [PICTURE [SYSTEM]]      SYSTEM: .gex, .stm or .json
"""

import sys
from pathlib import Path

import matplotlib
import numpy as np

import stratem

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
MODELS = 1_000_000
AT_A_TIME = 100_000


def read_system(path: Path) -> stratem.System:
    """Files of other programs do not say how high the transmitter is."""
    height = None if path.suffix == ".json" else 30.0
    return stratem.System.from_file(path, transmitter_height=height)


def main(picture: str, path: Path) -> None:
    system = read_system(path)
    prior = stratem.Prior.from_file(ROOT / "data" / "priors" / "three_layer.json")
    plan = stratem.Plan(system, tolerance=1e-3, progress=True)
    print(plan)
    statistics = stratem.EnsembleStatistics(plan.gates)
    for first in range(0, MODELS, AT_A_TIME):
        plan.accumulate(prior.sample(AT_A_TIME, seed=1, first=first), statistics)
    found = statistics.result([5, 50, 95])
    print(f"{found.models:,} models, percentiles exact to {found.percentile_error:.1e}")

    figure, axes = plt.subplots(figsize=(8, 5.5), layout="constrained")
    for number, name in enumerate(system.moment_names):
        gates = system.moment == number
        low, median, high = found.percentile[:, gates]
        (line,) = axes.loglog(system.times[gates], median, label=f"{name} median")
        axes.fill_between(
            system.times[gates],
            low,
            high,
            color=line.get_color(),
            alpha=0.25,
            label=f"{name} percentiles 5 to 95",
        )
    axes.set(xlabel="Time (s)", ylabel=f"Response ({system.units})")
    axes.set_title(
        f"{np.sum(found.models):,} models of a prior under {system.name or 'the system'}"
    )
    axes.grid(which="both", alpha=0.25)
    axes.legend()
    figure.savefig(picture, dpi=120)


if __name__ == "__main__":
    main(
        sys.argv[1] if len(sys.argv) > 1 else "prior_of_a_survey.png",
        Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "data" / "systems" / "skytem312.json",
    )
