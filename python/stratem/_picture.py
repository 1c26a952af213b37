"""What the program's verb `stratem plot` calls: a picture of a file of responses or models."""

from __future__ import annotations

import sys
from pathlib import Path

from stratem import plot
from stratem._optional import for_pictures
from stratem.errors import Error
from stratem.models import Models
from stratem.responses import Responses

_PIXELS_PER_INCH = 120


def _is_of_responses(path: Path) -> bool:
    from stratem import _files

    with _files.existing(path) as file:
        return "response" in file


def _draw(path: Path, picture: Path) -> None:
    for_pictures("matplotlib").use("Agg")
    if _is_of_responses(path):
        axes = plot.soundings(Responses.from_file(path))
    else:
        axes = plot.layers(Models.from_file(path))
    axes.set_title(path.name)
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.savefig(picture, dpi=_PIXELS_PER_INCH)


def main(path: str, picture: str) -> int:
    """Returns an exit status as the program's verbs do: 2 for bad input or a package that is
    missing, 3 for a file that could not be read or written."""
    try:
        _draw(Path(path), Path(picture))
    except (Error, OSError) as error:
        print(f"stratem: plot: {error}", file=sys.stderr)
        return 3 if isinstance(error, OSError) else 2
    return 0
