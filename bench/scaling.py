#!/usr/bin/env python3
"""How stratem's cost grows with layers, models, threads and waveform points; prints Markdown."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import numpy as np

from stratem_rate import (
    Rate,
    RateError,
    Setting,
    add_program_options,
    add_setting_options,
    band,
    device,
    print_header,
    print_row,
    processor,
    setting_of,
    significant,
)

LAYERS = [3, 5, 8, 15, 30, 60, 100, 200]
LATENCY_LAYERS = [3, 8, 30]
VARYING_LAYERS = 30
UNIFORM_LAYERS = [1, 2, 3, 5, 8, 12, 16, 20, 25, 30]


class Scaling:
    """Measures with one plan setting; every number is from several repetitions."""

    def __init__(self, rate: Rate, setting: Setting, arguments: argparse.Namespace) -> None:
        self.rate = rate
        self.setting = setting
        self.rounds: int = arguments.rounds
        self.seconds: float = arguments.seconds
        self.models: int = arguments.models
        self.most_models: int = arguments.most_models

    def measure(self, **options: Any) -> list[float]:
        """Models a second of every repetition."""
        given = {
            "models": self.models,
            "repetitions": self.rounds,
            "seconds": self.seconds,
            **options,
        }
        return self.rate.measure(**self.setting.options(), **given).rates

    def seconds_a_model(self, **options: Any) -> float:
        return 1.0 / float(np.median(self.measure(**options)))

    def ratios(self, first: dict[str, Any], second: dict[str, Any]) -> list[float]:
        """Rate of the second over rate of the first, measured in turn."""
        found = []
        for _ in range(self.rounds):
            before = self.measure(**first, repetitions=1)[0]
            found.append(self.measure(**second, repetitions=1)[0] / before)
        return found

    def print_layers(self) -> None:
        print("\nCost against layers, one thread:\n")
        print_header("layers", "models/s", "microseconds a model", "nanoseconds a model and layer")
        for layers in LAYERS:
            rates = self.measure(layers=layers)
            seconds = 1.0 / float(np.median(rates))
            print_row(
                layers, band(rates), significant(1e6 * seconds), significant(1e9 * seconds / layers)
            )

    def print_models(self) -> None:
        print("\nCost against models in one call, three layers, one thread:\n")
        print_header("models", "models/s", "seconds a call")
        count = 100
        while count <= self.most_models:
            rates = self.measure(layers=3, models=count)
            print_row(f"{count:,}", band(rates), significant(count / float(np.median(rates))))
            count *= 10

    def print_threads(self) -> None:
        print("\nTwo threads against one, in turn:\n")
        print_header("layers", "models in a call", "ratio")
        for layers in LATENCY_LAYERS:
            count = 10 * self.models
            ratios = self.ratios(
                {"layers": layers, "models": count, "threads": 1},
                {"layers": layers, "models": count, "threads": 2},
            )
            print_row(layers, f"{count:,}", band(ratios))

    def print_latency(self) -> None:
        print("\nOne model in a call, one thread:\n")
        print_header("layers", "milliseconds")
        for layers in LATENCY_LAYERS:
            print_row(layers, band([1e3 / rate for rate in self.measure(layers=layers, models=1)]))

    def print_waveform(self) -> None:
        print("\nA waveform of 2,000 points against one of 4, in turn: time per model, ratio:\n")
        print_header("layers", "ratio")
        for layers in LATENCY_LAYERS:
            print_row(
                layers,
                band(
                    self.ratios(
                        {"layers": layers, "waveform_points": 2000},
                        {"layers": layers, "waveform_points": 4},
                    )
                ),
            )

    def print_varying(self) -> None:
        """The time of a mixed batch, relative to batches of equal layer counts."""
        uniform = [self.seconds_a_model(layers=layers) for layers in UNIFORM_LAYERS]
        counts = np.arange(1, VARYING_LAYERS + 1)
        expected = float(np.mean(np.interp(counts, UNIFORM_LAYERS, uniform)))
        losses = [
            100.0 * (1.0 / rate / expected - 1.0)
            for rate in self.measure(layers=VARYING_LAYERS, varying=1)
        ]
        print("\nLayer counts from 1 to 30 mixed in a batch, against models among their like:\n")
        print_header("models in a call", "loss, per cent")
        low, high = min(losses), max(losses)
        print_row(f"{self.models:,}", f"{np.median(losses):.1f} [{low:.1f}..{high:.1f}]")


def parse_arguments(tables: dict[str, Any]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", nargs="+", choices=list(tables), default=list(tables))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--seconds", type=float, default=1.0, help="that each repetition lasts at least"
    )
    parser.add_argument(
        "--models", type=int, default=2000, help="in a call, where the table does not vary it"
    )
    parser.add_argument("--most-models", type=int, default=1_000_000)
    add_setting_options(parser)
    add_program_options(parser)
    return parser.parse_args()


def main() -> int:
    tables = {
        "layers": Scaling.print_layers,
        "models": Scaling.print_models,
        "threads": Scaling.print_threads,
        "latency": Scaling.print_latency,
        "waveform": Scaling.print_waveform,
        "varying": Scaling.print_varying,
    }
    arguments = parse_arguments(tables)
    setting = setting_of(arguments)
    rate = Rate(arguments.program, arguments.cache)
    try:
        print(
            f"{processor()}, {device(rate)}; {setting}; median [lowest..highest] of "
            f"{arguments.rounds} repetitions of {arguments.seconds:g} s."
        )
        scaling = Scaling(rate, setting, arguments)
        for name in arguments.tables:
            tables[name](scaling)
    except RateError as error:
        print(f"scaling.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
