"""What a word that is unknown may have been meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches

_CUTOFF = 0.7  # similarity, of 1 for equal words: one or two letters of a short word differ


def did_you_mean(word: object, known: Iterable[object]) -> str:
    """Return ` (did you mean pair?)` where a known word looks like it, else an empty text."""
    # Of words that differ in their capitals only, the first.
    plain = {str(one).lower(): str(one) for one in reversed([*known])}
    similar = get_close_matches(str(word).lower(), plain, n=1, cutoff=_CUTOFF)
    return f" (did you mean {plain[similar[0]]}?)" if similar else ""
