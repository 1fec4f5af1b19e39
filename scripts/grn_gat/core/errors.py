"""The one exception that says "what you gave is wrong" rather than "the program is wrong"."""

from reprlib import Repr

_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_QUOTED = 80  # characters of a long text that a message repeats


class InputError(ValueError):
    """Bad input: one sentence that names the file, key or gene and what would be right."""


def excerpt(text: str, position: int = 0) -> str:
    """Return what a message repeats of a text: all of a short one, else what is around `position`.

    `position` counts characters from 0.
    """
    start = max(0, min(position - _QUOTED // 2, len(text) - _QUOTED))
    end = start + _QUOTED
    return ("... " if start else "") + text[start:end] + (" ..." if end < len(text) else "")


def short_repr(value: object) -> str:
    """Return `repr` of a value that a message repeats, abridged where it is long or deep."""
    return _SHORT.repr(value)
