"""The program stratem-plot: a picture of a file of models or responses."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from stratem import plot
from stratem._optional import for_pictures
from stratem.errors import Error
from stratem.models import Models
from stratem.responses import Responses

_PIXELS_PER_INCH = 120


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="stratem-plot",
        description="Draws responses over time, or models over depth.",
    )
    parser.add_argument("file", type=Path, help="responses or models in HDF5")
    parser.add_argument(
        "-o", "--output", type=Path, help="picture to write (default: FILE with the ending .png)"
    )
    return parser.parse_args(words)


def _is_of_responses(path: Path) -> bool:
    from stratem import _files

    with _files.existing(path) as file:
        return "response" in file


def _draw(path: Path, output: Path) -> None:
    for_pictures("matplotlib").use("Agg")
    if _is_of_responses(path):
        axes = plot.soundings(Responses.from_file(path))
    else:
        axes = plot.layers(Models.from_file(path))
    axes.set_title(path.name)
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.savefig(output, dpi=_PIXELS_PER_INCH)


def main(words: Sequence[str] | None = None) -> int:
    """Returns an exit status as stratem's verbs do: 2 for bad input, 3 for a file that failed."""
    arguments = _arguments(words)
    output = arguments.output or arguments.file.with_suffix(".png")
    try:
        _draw(arguments.file, output)
    except (Error, OSError) as error:
        print(f"stratem-plot: {error}", file=sys.stderr)
        return 2 if isinstance(error, ValueError) else 3
    return 0
