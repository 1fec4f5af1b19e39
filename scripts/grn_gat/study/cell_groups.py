"""Groups of cells of data sets of target infer: each is a data set of its own."""

from collections.abc import Mapping
from typing import Any

from grn_gat.core.errors import InputError


def groups_of(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Return of each data set with groups the data set of each by its label.

    Args:
        entries: data sets of target infer, with their files where they are.

    Raises:
        InputError: groups cannot be read, or the name of one is that of another data set.
    """
    found = {}
    for name, entry in entries.items():
        if "groupby" not in entry:
            continue
        from grn_gat.data.cell_groups import group_names  # which reads files of cells

        try:
            words = group_names(entry["groupby"], entry["expression"])
        except InputError as error:
            raise InputError(f"config: infer.{name}.{error}") from None
        found[name] = {label: f"{name}.{word}" for label, word in words.items()}
        for label, own in found[name].items():
            if own in entries:
                raise InputError(
                    f"config: infer.{own}: is the name of group {label} of {name}, too; choose "
                    "another name"
                )
    return found


def split_groups(entries: dict[str, Any], groups: Mapping[str, Mapping[str, str]]) -> None:
    """Put the data sets of groups in the place of that which they are of."""
    for name, own in groups.items():
        entry = entries.pop(name)
        entries |= {child: {**entry, "group": label} for label, child in own.items()}
