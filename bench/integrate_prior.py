#!/usr/bin/env python3
"""Measures the data of a prior by stratem.integrate and by the other methods of integrate-module; prints Markdown.

The package makes the prior: layers on a grid of 90 cells of 1 m. Its methods compute a few of the models and stratem
all of them, in turn, with the same number of processes or threads. scripts/test-integrate makes an environment that
has what this needs.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py
import integrate as ig

# stratem in a process of its own, which does not have the package's memory.
COMPUTE = """
import json, resource, sys, time
from stratem.integrate import prior_data
path, gex, cores, device = sys.argv[1:]
start = time.perf_counter()
prior_data(path, gex, doMakePriorCopy=False, force_replace=True, Ncpu=int(cores), device=device, showInfo=-1)
seconds = time.perf_counter() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def make_prior(models: int, path: Path) -> str:
    return str(
        ig.prior_model_layered(
            N=models,
            NLAY_min=3,
            NLAY_max=8,
            z_max=89,
            dz=1,
            RHO_min=1,
            RHO_max=1000,
            save_sparse=False,
            f_prior_h5=str(path),
            showInfo=-1,
        )
    )


def run_stratem(prior: str, options: argparse.Namespace) -> tuple[float, float]:
    """Seconds, and the largest memory in MiB."""
    command = [sys.executable, "-c", COMPUTE, prior, options.gex, str(options.cores), options.device]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, memory = json.loads(done.stdout)
    return seconds, memory


def package_rate(method: str, prior: str, options: argparse.Namespace) -> float:
    """Models a second of one of the package's methods."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        few = str(Path(folder) / "few.h5")
        ig.copy_hdf5_file(prior, few, options.package_models, randomize=False)
        start = time.perf_counter()
        ig.prior_data_em(
            few, options.gex, method=method, doMakePriorCopy=False, Ncpu=options.cores, showInfo=-1
        )
        return options.package_models / (time.perf_counter() - start)


def usable_methods() -> list[str]:
    methods = []
    for method in ("ga-aem", "anemone", "simpeg"):
        available, reason = ig.integrate._em_method_available(method)
        if available:
            methods.append(method)
        else:
            print(f"{method} is left out: {reason}", file=sys.stderr)
    return methods


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gex", help="the survey, a .gex file")
    parser.add_argument("--models", type=int, default=1_000_000, help="of the prior")
    parser.add_argument("--package-models", type=int, default=200, help="for each other method")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", type=int, default=os.cpu_count())
    parser.add_argument("--device", default="cpu", help="of stratem: cpu or cuda")
    return parser.parse_args()


def spread(values: list[float], digits: int = 0) -> str:
    middle, low, high = statistics.median(values), min(values), max(values)
    return f"{middle:,.{digits}f} [{low:,.{digits}f}..{high:,.{digits}f}]"


def main() -> None:
    options = parse_options()
    methods = usable_methods()
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(io.StringIO()):
            small = make_prior(options.package_models, Path(folder) / "small.h5")
            prior = make_prior(options.models, Path(folder) / "prior.h5")
        plan, _ = run_stratem(small, options)
        print(f"The first call took {plan:.1f} s, in which the plan was made or read.\n")
        seconds, memory, rates = [], [], {method: [] for method in methods}
        for _ in range(options.rounds):
            for method in methods:
                rates[method].append(package_rate(method, prior, options))
            took, used = run_stratem(prior, options)
            seconds.append(took)
            memory.append(used)
        with h5py.File(prior) as file:
            gates = file["D1"].shape[1]
    print(f"{options.models:,} models, {gates} gates, {options.cores} cores\n")
    print("| method | models a second | stratem's ratio |")
    print("| --- | --- | --- |")
    own = [options.models / took for took in seconds]
    for method in methods:
        ratios = [a / b for a, b in zip(own, rates[method], strict=True)]
        print(f"| {method} | {spread(rates[method], 1)} | {spread(ratios)} |")
    print(f"| stratem | {spread(own)} | |\n")
    print(f"stratem took {spread(seconds, 1)} s and {max(memory):,.0f} MiB of memory.")


if __name__ == "__main__":
    main()
