#!/usr/bin/env python3
"""Measures stratem and other programs in turn, one thread each, same models; prints Markdown."""

from __future__ import annotations

import one_thread  # noqa: F401  (first: numpy reads what it sets)

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from peer_programs import PEERS, Peer
from stratem_rate import (
    DEFAULT,
    Models,
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


TABLE = (
    Setting("1e-4", "1,1000", "double"),
    DEFAULT,
    Setting("1e-6", "0.1,10000", "double"),
    Setting("1e-3", "0.1,10000", "single"),
)


@dataclass(frozen=True)
class Errors:
    """Relative errors over models and times."""

    worst: float
    median: float

    def __str__(self) -> str:
        return f"{self.worst:.0e} / {self.median:.0e}"


def errors(responses: np.ndarray, reference: np.ndarray) -> Errors:
    relative = np.abs(responses / reference - 1.0)
    return Errors(float(relative.max()), float(np.median(relative)))


@dataclass(frozen=True)
class Comparison:
    """Both programs over the rounds of one case."""

    peer_rates: list[float]
    stratem_rates: list[float]

    def ratio(self) -> str:
        rounds = zip(self.stratem_rates, self.peer_rates, strict=True)
        return band([ours / theirs for ours, theirs in rounds])


class Bench:
    """Measures one case after another with the same models and rounds."""

    def __init__(self, arguments: argparse.Namespace, folder: Path) -> None:
        self.rate = Rate(arguments.program, arguments.cache)
        self.rounds: int = arguments.rounds
        self.seconds: float = arguments.seconds
        self.count: int = arguments.models
        self.checked: int = min(arguments.checked, arguments.models)
        self.folder = folder
        self._models: dict[int, Models] = {}
        self._references: dict[tuple[int, str], np.ndarray] = {}

    def models(self, layers: int) -> Models:
        if layers not in self._models:
            self._models[layers] = self.rate.models(self.folder, self.count, layers)
        return self._models[layers]

    def reference(self, layers: int, quantity: str) -> np.ndarray:
        key = (layers, quantity)
        if key not in self._references:
            self._references[key] = self.rate.responses(
                self.folder, self.checked, layers, backend="reference", quantity=quantity
            )
        return self._references[key]

    def peer_errors(self, peer: Peer) -> Errors:
        models = self.models(peer.layers)
        responses = [
            peer.forward(models.resistivity[m], models.thickness[m]) for m in range(self.checked)
        ]
        return errors(
            np.array(responses), self.reference(peer.layers, peer.quantity)[:, peer.shared]
        )

    def stratem_errors(self, setting: Setting, peer: Peer) -> Errors:
        responses = self.rate.responses(
            self.folder, self.checked, peer.layers, quantity=peer.quantity, **setting.options()
        )
        return errors(responses, self.reference(peer.layers, peer.quantity))

    def peer_turn(self, peer: Peer) -> float:
        """Models a second, going through the models one by one for as long as a turn lasts."""
        models = self.models(peer.layers)
        done = 0
        start = time.perf_counter()
        while (elapsed := time.perf_counter() - start) < self.seconds or done == 0:
            peer.forward(models.resistivity[done % self.count], models.thickness[done % self.count])
            done += 1
        return done / elapsed

    def stratem_turn(self, setting: Setting, peer: Peer) -> float:
        return self.rate.measure(
            layers=peer.layers,
            models=self.count,
            quantity=peer.quantity,
            threads=1,
            seconds=self.seconds,
            repetitions=1,
            **setting.options(),
        ).rate

    def compare(self, setting: Setting, peer: Peer) -> Comparison:
        """Turn by turn; the plan is in the cache and the peer compiled before the first one."""
        peer_rates, stratem_rates = [], []
        for _ in range(self.rounds):
            peer_rates.append(self.peer_turn(peer))
            stratem_rates.append(self.stratem_turn(setting, peer))
        return Comparison(peer_rates, stratem_rates)

    def print_case(self, setting: Setting, peer: Peer) -> str:
        """One row of the full table, also if the plan cannot be made; returns its ratio."""
        name = f"{peer.name} {peer.version()}"
        theirs = self.peer_errors(peer)
        try:
            ours = self.stratem_errors(setting, peer)
        except RateError as error:
            print_row(name, setting, peer.layers, "", error, "none", theirs, "")
            return "none"
        comparison = self.compare(setting, peer)
        print_row(
            name,
            setting,
            peer.layers,
            significant(statistics.median(comparison.peer_rates)),
            significant(statistics.median(comparison.stratem_rates)),
            comparison.ratio(),
            theirs,
            ours,
        )
        return comparison.ratio()

    def describe(self) -> None:
        print(
            f"{processor()}, stratem on {device(self.rate)}; one thread each; {self.rounds} rounds "
            f"of {self.seconds:g} s for each program in turn; median [lowest..highest] of ratios; "
            f"errors: worst / median of {self.checked} models against stratem's reference.\n"
        )


def print_full_header() -> None:
    print_header(
        "program",
        "stratem's tolerance, range, precision",
        "layers",
        "its models/s",
        "stratem's models/s",
        "ratio",
        "its errors",
        "stratem's errors",
    )


def usable(names: list[str]) -> list[type[Peer]]:
    """The peers that are installed; prints which are not."""
    found = []
    for name in names:
        try:
            PEERS[name](3)
            found.append(PEERS[name])
        except ImportError as error:
            print(f"{name}: skipped, not installed ({error})\n", flush=True)
    return found


def print_all_peers(bench: Bench, setting: Setting, names: list[str], layers: list[int]) -> None:
    """Every peer against one plan."""
    peers = usable(names)
    if not peers:
        return
    for peer in peers:
        print(f"- {peer.name} {peer.version()}: {peer.settings}")
    print()
    print_full_header()
    for peer in peers:
        for count in layers:
            bench.print_case(setting, peer(count))


def print_settings(bench: Bench, layers: list[int]) -> None:
    """Four plans against pytem1d, then their ratios at a glance."""
    peers = usable(["pytem1d"])
    if not peers:
        return
    print_full_header()
    ratios = {
        setting: [bench.print_case(setting, peers[0](count)) for count in layers]
        for setting in TABLE
    }
    print()
    print_header("tolerance, range, precision", *(f"{count} layers" for count in layers))
    for setting, texts in ratios.items():
        print_row(setting, *texts)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--table", action="store_true", help="four settings of stratem against pytem1d"
    )
    parser.add_argument(
        "--peers", nargs="+", choices=list(PEERS), default=list(PEERS), help="without --table"
    )
    add_setting_options(parser, "without --table")
    parser.add_argument("--layers", nargs="+", type=int, default=[3, 8, 30])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="that each turn lasts")
    parser.add_argument("--models", type=int, default=2000)
    parser.add_argument("--checked", type=int, default=10, help="models whose errors are measured")
    add_program_options(parser)
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    try:
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(arguments, Path(folder))
            bench.describe()
            if arguments.table:
                print_settings(bench, arguments.layers)
            else:
                print_all_peers(bench, setting_of(arguments), arguments.peers, arguments.layers)
    except RateError as error:
        print(f"peers.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
