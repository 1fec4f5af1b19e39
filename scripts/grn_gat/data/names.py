"""Checks of gene and cell names, and what to say of names that do not fit together."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

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


def _unversioned(name: str) -> str:
    """An Ensembl or RefSeq name without its version: ENSG01 of ENSG01.5."""
    return re.sub(r"\.\d+$", "", name)


def _plain(name: str) -> str:
    """A name without what cannot be seen: zero-width characters, ways to write an accent."""
    composed = unicodedata.normalize("NFKC", name)
    return "".join(c for c in composed if unicodedata.category(c) != "Cf").strip()


# What may differ between two spellings of one name, in the order in which it is looked for.
_SPELLINGS: tuple[tuple[Callable[[str], str], str], ...] = (
    (str.lower, "upper and lower case differ"),
    (_unversioned, "the version (after the dot) differs"),
    (_plain, "they differ in characters that cannot be seen"),
)


def mismatch_hint(
    unknown: Sequence[str], known: Sequence[str], others: Sequence[str] | None, axis: str
) -> str:
    """Say what the mismatch of names looks like, '' where it looks like nothing in particular."""
    if others is not None and set(unknown) & set(others):
        return f"; they are names on the other axis, so the matrix looks transposed: {axis}"
    for spelling, difference in _SPELLINGS:
        spelled = {spelling(name): name for name in known}
        for name in unknown:
            if spelling(name) in spelled:
                written = ascii if spelling is _plain else str
                there, here = written(name), written(spelled[spelling(name)])
                return f"; {difference}: {there} there, {here} here"
    if are_ensembl(known) and not are_ensembl(unknown):
        return (
            "; the matrix has identifiers of Ensembl: of .h5ad the option symbols takes the names "
            "in a column of var"
        )
    return ""


def are_ensembl(names: Sequence[str]) -> bool:
    """Whether nearly all names are identifiers of Ensembl."""
    found = sum(bool(_ENSEMBL.fullmatch(name)) for name in names)
    return found >= _MOSTLY * len(names)


_ENSEMBL = re.compile(r"ENS[A-Z]*G\d{11}(\.\d+)?|FBgn\d{7}|WBGene\d{8}")
_BARCODE = re.compile(r"(.*[-_.:#])?[ACGT]{12,}([-_.:].*)?")  # AAACCTGAGAAACCAT-1
_CELL = re.compile(
    r"(cells?|barcodes?|samples?|c|s)[-_. ]?\d+|E\d+_\d+|([SED]R[RSX]|GSM)\d+", re.IGNORECASE
)
# Genes of ribosomes and mitochondria, which any matrix of a genome has, and what is counted by.
_GENE = re.compile(
    r"RP[LS](\d+[AXYL]?\d*|P[012]|A)|MRP[LS]\d+|MT-(ND|CO|ATP|CYB).*|ACTB|GAPDH|B2M|EEF1A1|TUBA1B|"
    r"genes?[-_. ]?\d+",
    re.IGNORECASE,
)
_KNOWN = 5  # such names are no chance
_MOSTLY = 0.9


def are_barcodes(names: Sequence[str]) -> bool:
    """Whether all names are barcodes, as genes never are."""
    return all(map(_BARCODE.fullmatch, names))


def look_like_cells(names: Sequence[str]) -> bool:
    """Whether nearly all names are those that programs give to cells: cell_3, barcodes, 0 to n."""
    if list(names) == [str(i + int(names[0] == "1")) for i in range(len(names))]:
        return True
    found = sum(bool(_CELL.fullmatch(name) or _BARCODE.fullmatch(name)) for name in names)
    return found >= _MOSTLY * len(names)


def look_like_genes(names: Sequence[str]) -> bool:
    """Whether names are those of genes: of Ensembl, or with some that every genome has."""
    known = sum(bool(_GENE.fullmatch(name)) for name in names)
    return known >= min(_KNOWN, len(names)) or are_ensembl(names)


def is_number(name: str) -> bool:
    """Whether a name is a number."""
    try:
        float(name)
    except ValueError:
        return False
    return True
