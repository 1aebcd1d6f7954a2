"""Where long work asks whether it may go on. What is asked is a plain callable that raises what ends the work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Pause = Callable[[], None]
T = TypeVar("T")


def go_on() -> None:
    """The pause of those who never stop anything."""


def each(items: Iterable[T], pause: Pause) -> Iterator[T]:
    """The items, with ``pause`` called before each of them."""
    for item in items:
        pause()
        yield item
