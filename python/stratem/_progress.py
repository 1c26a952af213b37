"""Progress bars and callbacks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from stratem._optional import optional

#: True shows a bar of tqdm; a function is called with the numbers of models done and in all.
Progress = bool | Callable[[int, int], Any] | None


def _new_bar(total: int, unit: str) -> Any:
    tqdm = optional("tqdm.auto", "progress: tqdm is not installed").tqdm
    return tqdm(total=total, unit=unit, unit_scale=True)


@contextlib.contextmanager
def reporter(
    progress: Progress, total: int, unit: str
) -> Iterator[Callable[[int, int], Any] | None]:
    """Gives the function that a computation reports its progress to; closes a bar afterwards."""
    if not progress:
        yield None
        return
    if callable(progress):
        yield progress
        return
    with contextlib.closing(_new_bar(total, unit)) as bar:

        def advance(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield advance
