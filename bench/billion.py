#!/usr/bin/env python3
"""What a billion models cost, from rates that were measured; prints Markdown.

The rates are those of README.md. The prices are examples: give your provider's.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from stratem_rate import print_header, print_row

MODELS = 10**9


@dataclass(frozen=True)
class Measured:
    what: str
    models: float
    seconds: float
    units: int  #: cores or GPUs
    unit: str
    gates: int  #: of the responses that are kept; 0 for percentiles alone

    def row(self, price: float, storage: float) -> list[str]:
        hours = MODELS / self.models * self.seconds / 3600 * self.units
        size = MODELS * (8 * self.gates + 1) if self.gates else 0
        return [
            self.what,
            f"{self.models / 1e6:g} million in {self.seconds:g} s",
            f"{hours:.2f} {self.unit}-hours",
            f"{size / 1e9:,.0f} GB" if size else "none",
            f"{hours * price:.2f} + {size / 1e9 * storage:.2f} a month",
        ]


MEASURED = [
    Measured("two cores, responses to HDF5, 31 gates", 10e6, 53.5, 2, "core", 31),
    Measured("two cores, percentiles alone, skytem312", 1e6, 6.5, 2, "core", 0),
    Measured("one H200, responses to HDF5, skytem312, 46 gates", 10e6, 1.7, 1, "GPU", 46),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--core-hour", type=float, default=0.05, help="price of a core for an hour")
    parser.add_argument("--gpu-hour", type=float, default=4.0, help="price of a GPU for an hour")
    parser.add_argument("--storage", type=float, default=0.02, help="price of a GB for a month")
    arguments = parser.parse_args()
    prices = {"core": arguments.core_hour, "GPU": arguments.gpu_hour}
    header = ["on", "measured", "a billion models", "bytes kept", "price"]
    print_header(*header)
    for measured in MEASURED:
        print_row(*measured.row(prices[measured.unit], arguments.storage))


if __name__ == "__main__":
    main()
