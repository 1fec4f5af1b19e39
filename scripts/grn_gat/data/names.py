"""Checks of gene and cell names, and what to say of names that do not fit together."""

from collections.abc import Iterable, Sequence

from grn_gat.core.errors import InputError


def first_duplicate(names: Iterable[str]) -> str | None:
    """The first name that was there before, None where each is there once."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def check_names(names: Sequence[str], kind: str, where: str) -> None:
    """Raise InputError for a missing or repeated gene or cell name."""
    if "" in names:
        raise InputError(f"{where}: {kind} number {names.index('') + 1} has no name")
    duplicate = first_duplicate(names)
    if duplicate is not None:
        raise InputError(
            f"{where}: {kind} {duplicate} occurs more than once; {kind} names must be unique"
        )


def some(names: Sequence[str], count: int = 3) -> str:
    """The first few names, for a message."""
    return ", ".join(names[:count]) + (", ..." if len(names) > count else "")


def mismatch_hint(
    unknown: Sequence[str], known: Sequence[str], others: Sequence[str] | None, axis: str
) -> str:
    """Say what the mismatch of names looks like, '' where it looks like nothing in particular."""
    if others is not None and set(unknown) & set(others):
        return f"; they are names on the other axis, so the matrix looks transposed: {axis}"
    folded = {name.lower(): name for name in known}
    for name in unknown:
        if name.lower() in folded:
            return f"; upper and lower case differ: {name} there, {folded[name.lower()]} here"
    return ""
