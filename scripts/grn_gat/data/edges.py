"""Read a reference network in BEELINE's layout (`refNetwork.csv`)."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.names import first_duplicate, mismatch_hint, some
from grn_gat.data.text_rows import MISSING, SEPARATED, read_table_rows


def no_edges() -> pd.DataFrame:
    """Return the edges of a dataset without a reference network: the columns, and no row."""
    return pd.DataFrame(columns=["Gene1", "Gene2", "Type"], dtype=object)


def read_edges(
    path: PathLike,
    genes: Sequence[str],
    cells: Sequence[str] | None = None,
    regulators: Sequence[str] | None = None,
    may_be_empty: bool = False,
    remarks: Remarks | None = None,
) -> pd.DataFrame:
    """Read a reference network: columns Gene1 (regulator), Gene2 (target) and optionally Type.

    The order of the columns is free, others are ignored. Returns a table with text columns Gene1,
    Gene2, Type, one row per ordered pair in the order of the file, self-loops included. Type is
    '+', '-' or '' (unknown; in the file empty or NA). A pair listed with both signs has unknown
    sign; a known sign wins over an unknown one.

    `genes` are those of the matrix; `cells`, if given, only serve to recognise a transposed one.
    The universe of candidate edges is all ordered pairs of different genes that the file names
    (self-loops included, as BEELINE counts them); with `regulators`, the pairs that start at one.
    `may_be_empty` accepts a file with a header only, which `write_dataset` writes for a dataset
    without a reference network. With `remarks` the file is one of a user: edges with a gene that
    the matrix lacks are left out.

    Raises InputError where the file is missing, empty or damaged, lacks a column, has an unknown
    Type or a gene that is not in the matrix (with `remarks`: no edge between two genes of the
    matrix), or has none or all of the candidate edges.
    """
    path = Path(path)
    signs = read_pairs(path)
    if may_be_empty and not signs:
        return no_edges()
    signs = {pair: signs[pair] for pair in known_edges(path, list(signs), genes, cells, remarks)}
    _check_universe(path, signs, regulators)
    _tell_of_others(path, signs, regulators, remarks)
    kinds = [kind - {""} if len(kind) > 1 else kind for kind in signs.values()]
    return pd.DataFrame(
        {
            "Gene1": [pair[0] for pair in signs],
            "Gene2": [pair[1] for pair in signs],
            "Type": [next(iter(kind)) if len(kind) == 1 else "" for kind in kinds],
        },
        dtype=object,
    )


def read_pairs(path: Path) -> dict[tuple[str, str], set[str]]:
    """Read the pairs of a table with columns Gene1, Gene2[, Type], with all Types of each.

    A Type is +, - or nothing. Raises InputError where the file is missing, empty or damaged, lacks
    a column, or has a row without a gene or with another Type.
    """
    layout = f"{SEPARATED} text with columns Gene1 (regulator), Gene2 (target)[, Type]"
    header, rows = read_table_rows(path, layout)
    for column in ("Gene1", "Gene2"):
        if column not in header:
            raise InputError(
                f"{path}: no column {column} (found: {', '.join(header)}); expected {layout}"
            )
    duplicate = first_duplicate(name for name in header if name in ("Gene1", "Gene2", "Type"))
    if duplicate is not None:
        raise InputError(f"{path}: column {duplicate} occurs more than once")
    source, target = header.index("Gene1"), header.index("Gene2")
    sign = header.index("Type") if "Type" in header else None
    signs: dict[tuple[str, str], set[str]] = {}
    for line, fields in rows:
        pair = fields[source], fields[target]
        if "" in pair:
            raise InputError(f"{path}: line {line} lacks a gene; expected {layout}")
        kind = "" if sign is None or fields[sign] in MISSING else fields[sign]
        if kind not in ("+", "-", ""):
            raise InputError(
                f"{path}: edge {pair[0]} -> {pair[1]} (line {line}) has Type {kind!r}; expected +, "
                "- or nothing"
            )
        signs.setdefault(pair, set()).add(kind)
    return signs


def known_edges(
    path: PathLike,
    pairs: list[tuple[str, str]],
    genes: Sequence[str],
    cells: Sequence[str] | None,
    remarks: Remarks | None,
) -> list[tuple[str, str]]:
    """Return the pairs of genes of the matrix; the others are refused or, with `remarks`, said.

    Raises InputError where one (with `remarks`: each) has a gene that the matrix lacks.
    """
    known = set(genes)
    unknown = list(dict.fromkeys(name for pair in pairs for name in pair if name not in known))
    kept = [pair for pair in pairs if known.issuperset(pair)]
    left_out = len(pairs) - len(kept)
    if not left_out:
        return kept
    if remarks is not None and kept:
        remarks.left_out(
            path,
            f"{left_out} of {len(pairs)} edges, as the expression matrix lacks {len(unknown)} of "
            f"their genes: {some(unknown)}",
        )
        return kept
    hint = mismatch_hint(unknown, genes, cells, "expected genes in rows, cells in columns")
    raise InputError(
        f"{path}: {left_out} of {len(pairs)} edges name genes that are not in the expression "
        f"matrix ({len(unknown)} genes: {some(unknown)})"
        + (hint or "; drop these edges or add the genes")
    )


def _tell_of_others(
    path: Path,
    pairs: Iterable[tuple[str, str]],
    regulators: Sequence[str] | None,
    remarks: Remarks | None,
) -> None:
    """Say which edges start at a gene that is no candidate regulator: they are not scored."""
    if remarks is None or regulators is None:
        return
    edges = [pair for pair in pairs if pair[0] != pair[1]]
    known = set(regulators)
    others = [pair for pair in edges if pair[0] not in known]
    if others:
        genes = list(dict.fromkeys(source for source, _ in others))
        remarks.left_out(
            path,
            f"{len(others)} of {len(edges)} edges from what is scored, as they start at "
            f"{len(genes)} genes that are no candidate regulators: {some(genes)}",
        )


def _check_universe(
    path: Path, pairs: Iterable[tuple[str, str]], regulators: Sequence[str] | None
) -> None:
    pairs = list(pairs)
    named = {name for pair in pairs for name in pair}
    sources = named if regulators is None else named & set(regulators)
    edges = sum(a != b and a in sources for a, b in pairs)
    possible = len(sources) * (len(named) - 1)
    of_whom = "" if regulators is None else " from a listed regulator"
    if edges == 0:
        raise InputError(
            f"{path}: the reference network has no edge{of_whom} (self-loops do not count); "
            "scores need at least one"
        )
    if edges == possible:
        raise InputError(
            f"{path}: the reference network has all {possible} possible edges{of_whom} among its "
            f"{len(named)} genes; scores need at least one pair without an edge"
        )
