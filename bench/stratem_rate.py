"""Runs the program stratem_rate and reads what it prints."""

from __future__ import annotations

import json
import statistics
import subprocess
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

DEFAULT_PROGRAM = (
    Path(__file__).resolve().parent.parent / "build" / "default" / "bin" / "stratem_rate"
)


class RateError(Exception):
    """stratem_rate could not be run, or reported an error; the message is one line."""


@dataclass(frozen=True)
class Setting:
    """The options of a plan."""

    tolerance: str
    resistivity_range: str
    precision: str

    def __str__(self) -> str:
        smallest, largest = (f"{float(word):,g}" for word in self.resistivity_range.split(","))
        return f"{self.tolerance}, {smallest} to {largest} ohm-m, {self.precision}"

    def options(self) -> dict[str, str]:
        return {
            "tolerance": self.tolerance,
            "resistivity_range": self.resistivity_range,
            "precision": self.precision,
        }


DEFAULT = Setting("1e-4", "0.1,10000", "double")


@dataclass(frozen=True)
class Measurement:
    """A plan and the models a second of each repetition."""

    plan: dict[str, Any]
    rates: list[float]

    @property
    def rate(self) -> float:
        """Median models a second."""
        return statistics.median(self.rates)


@dataclass(frozen=True)
class Models:
    """Resistivity [models, layers] in ohm-m, thickness [models, layers - 1] in m."""

    resistivity: np.ndarray
    thickness: np.ndarray


@dataclass(frozen=True)
class Rate:
    """The program, with a folder that plans are kept in between its runs."""

    program: Path
    cache: str | None = None

    def measure(self, **options: Any) -> Measurement:
        """Runs the program with --name value for every name_=value (underscores become dashes)."""
        words = [str(self.program)]
        if self.cache is not None:
            words += ["--cache", self.cache]
        for name, value in options.items():
            words += ["--" + name.replace("_", "-"), str(value)]
        try:
            run = subprocess.run(words, capture_output=True, text=True, check=False)
        except OSError as error:
            raise RateError(
                f"{self.program}: {error.strerror}; bench/README.md says how to build it"
            ) from error
        if run.returncode != 0:
            raise RateError(
                run.stderr.strip().removeprefix("stratem_rate: ")
                or f"{self.program}: exit status {run.returncode}"
            )
        records = [json.loads(line) for line in run.stdout.splitlines()]
        plan = next(record for record in records if record["record"] == "plan")
        rates = [
            record["models_per_second"] for record in records if record["record"] == "repetition"
        ]
        return Measurement(plan, rates)

    def models(self, folder: Path, count: int, layers: int) -> Models:
        """The first models that the program measures with."""
        path = folder / f"models_{layers}.csv"
        self.measure(
            backend="reference", layers=layers, models=count, repetitions=0, save_models=path
        )
        values = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
        return Models(values[:, :layers], values[:, layers : 2 * layers - 1])

    def responses(self, folder: Path, count: int, layers: int, **options: Any) -> np.ndarray:
        """Responses [models, times] to the first models."""
        path = folder / "responses.csv"
        self.measure(layers=layers, models=count, repetitions=0, save_responses=path, **options)
        with path.open(encoding="utf-8") as lines:
            rows = [line for line in lines if not line.startswith("#")]
        return np.loadtxt(rows[1:], delimiter=",", ndmin=2)[:, 2:]


def add_program_options(parser: ArgumentParser) -> None:
    """Adds the options by which every driver finds the program and its plans."""
    parser.add_argument(
        "--program", type=Path, default=DEFAULT_PROGRAM, help="stratem_rate (default: %(default)s)"
    )
    parser.add_argument("--cache", help="folder that plans are kept in (default: the user's)")


def add_setting_options(parser: ArgumentParser, when: str = "") -> None:
    """Adds the options of stratem's plan; `when` says when they apply."""
    note = f", {when}" if when else ""
    parser.add_argument(
        "--tolerance", default=DEFAULT.tolerance, help=f"of stratem{note} (default: %(default)s)"
    )
    parser.add_argument("--resistivity-range", default=DEFAULT.resistivity_range, help="the same")
    parser.add_argument("--precision", default=DEFAULT.precision, help="the same")


def setting_of(arguments: Namespace) -> Setting:
    return Setting(arguments.tolerance, arguments.resistivity_range, arguments.precision)


def device(rate: Rate) -> str:
    """The device that stratem computes on, from a plan that is quickly made."""
    quick = Setting("1e-2", "10,100", "double")
    return str(rate.measure(repetitions=0, models=1, **quick.options()).plan["device"])


def band(values: list[float]) -> str:
    """Median [lowest..highest]."""
    middle, low, high = statistics.median(values), min(values), max(values)
    return f"{significant(middle)} [{significant(low)}..{significant(high)}]"


def print_row(*cells: object) -> None:
    """A row of a Markdown table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def print_header(*cells: object) -> None:
    """The first two rows of a Markdown table."""
    print_row(*cells)
    print_row(*("---" for _ in cells))


def processor() -> str:
    """Name of the processor, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "unknown processor"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown processor"


def significant(value: float) -> str:
    """Three significant digits and thousands separators."""
    if value == 0.0:
        return "0"
    digits = 2 - int(np.floor(np.log10(abs(value))))
    return f"{round(value, digits):,.{max(digits, 0)}f}"
