"""How far long work is: loops say it, and whoever shows it to the user listens."""

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Listener = Callable[[float], None]

_listeners: list[Listener] = []
_parts: list[tuple[float, float]] = []  # of the loops that are under way: start and length


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Call `listener` with the share that is done (0 to 1) whenever a loop of `steps` gets on."""
    outer = _parts[:]
    _listeners.append(listener)
    _parts[:] = [(0.0, 1.0)]
    try:
        yield
    finally:
        _listeners.pop()
        _parts[:] = outer


def steps(items: Iterable[Item], number: int | None = None) -> Iterator[Item]:
    """Yield the items, each of which is an equal part of the work; loops may be nested.

    `number` is how many there are, where they are made on the way. Where nobody listens this is a
    plain loop.
    """
    if number is None:
        assert isinstance(items, Sized)
        number = len(items)
    if not _listeners or not number:
        yield from items
        return
    start, length = _parts[-1]
    part = length / number
    for place, item in enumerate(items):
        _parts.append((start + place * part, part))
        try:
            yield item
        finally:
            _parts.pop()
        _listeners[-1](start + (place + 1) * part)


def duration(seconds: float) -> str:
    """A time in words: 0.4 s, 12 s, 3 min, 2 h 5 min."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
