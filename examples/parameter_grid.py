"""Two layers on a grid of 50 x 30 resistivities and 40 thicknesses: 60,000 models at once.

usage: python parameter_grid.py [PICTURE]
"""

import sys

import matplotlib
import numpy as np

import stratem

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

GRID = {
    "layers": [
        {
            "resistivity": {"from": 10, "to": 1000, "count": 50, "scale": "log"},
            "thickness": {"from": 10, "to": 100, "count": 40},
        },
        {"resistivity": {"from": 1, "to": 100, "count": 30, "scale": "log"}},
    ]
}


def main(picture: str) -> None:
    grid = stratem.Grid(GRID)
    system = stratem.System(10.0, np.geomspace(1e-5, 1e-2, 31))
    plan = stratem.Plan(system, tolerance=1e-3, progress=True)
    responses = plan.forward(grid.models(), progress=True)
    cube = responses.values.reshape(*grid.shape, plan.gates)
    print("axes:", {name: len(values) for name, values in grid.axes.items()})

    thickness, basement = grid.axes["thickness_1"], grid.axes["resistivity_2"]
    cover = int(np.argmin(np.abs(grid.axes["resistivity_1"] - 100.0)))
    gates = np.searchsorted(plan.times, [3e-5, 1e-4, 1e-3])
    figure, panels = plt.subplots(1, len(gates), figsize=(11, 4), sharey=True, layout="constrained")
    for axes, gate in zip(panels, gates, strict=True):
        image = axes.pcolormesh(basement, thickness, np.log10(cube[cover, :, :, gate]))
        figure.colorbar(image, ax=axes, label=f"log10 of -dB/dt in {responses.units}")
        axes.set_title(f"{plan.times[gate]:.1e} s")
        axes.set(xscale="log", xlabel="Resistivity below (ohm-m)")
    panels[0].set_ylabel("Thickness of the cover of 100 ohm-m (m)")
    figure.savefig(picture, dpi=120)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "parameter_grid.png")
