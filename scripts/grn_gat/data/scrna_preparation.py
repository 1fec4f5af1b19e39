"""BEELINE's scRNA-seq sets, as its paper prepares them: TFs and the genes that vary most.

Its release has seven data sets whole, each with `GeneOrdering.csv`: gene, p-value of its variation
(`VGAMpValue`) and variance. The paper (Pratapa et al., Nature Methods 2020, Methods) takes all TFs
and the 500 or 1,000 other genes of largest variance among those whose p-value, after Bonferroni's
correction, is below 0.01, and of a reference network the edges from one of the TFs to one of the
genes. What it leaves open is as in BEELINE's script generateExpInputs.py:

- genes that were tested are those of the ordering that the expression matrix has; their number is
  that of the correction, those without a p-value included (which never pass);
- a gene passes where its p-value is below, not at, 0.01 / number of genes tested;
- TFs do not count among the 500 or 1,000; where fewer genes pass, all of them are taken;
- edges from a gene to itself, and all but the first of equal ones, are left out (the STRING
  networks that BEELINE publishes have every line twice).

Different here: genes of equal variance come in the order of the file (in the script in none that
is sure), genes are written in the order of the matrix, edges from a gene that is no TF are left out
(the script leaves that to the evaluation), and names may differ in case (`match_names`).
"""

import csv
import gzip
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike, atomic_path
from grn_gat.core.remarks import Remarks
from grn_gat.data.names import check_names, mismatch_hint, some
from grn_gat.data.regulators import REGULATOR_HEADERS
from grn_gat.data.text_rows import (
    MISSING,
    SEPARATED,
    number,
    read_first_column,
    read_rows,
    read_table_rows,
)

LIMIT = 0.01  # of the corrected p-value
_ORDERING = f"{SEPARATED} text with gene, p-value and variance (BEELINE's GeneOrdering.csv)"
_MATRIX = f"{SEPARATED} text with genes in rows and cells in columns"
_EDGES = f"{SEPARATED} text with columns Gene1 (regulator), Gene2 (target)[, Type]"


@dataclass(frozen=True)
class OrderedGene:
    """A gene of `GeneOrdering.csv`.

    Attributes:
        name: the gene.
        p_value: of its variation over pseudotime, not corrected, 0 to 1; NaN where there is none.
        variance: of its expression, in the squared unit of the matrix; NaN where there is none.
    """

    name: str
    p_value: float
    variance: float


@dataclass(frozen=True)
class Choice:
    """The genes that were chosen.

    Attributes:
        tested: number of genes that Bonferroni's correction counts.
        passing: number of genes whose corrected p-value is below the limit.
        tfs: TFs among them, in the order of the ordering.
        varying: the other genes that were taken, those of largest variance first.
    """

    tested: int
    passing: int
    tfs: list[str]
    varying: list[str]

    @property
    def genes(self) -> list[str]:
        """All genes that were chosen."""
        return [*self.tfs, *self.varying]


@dataclass(frozen=True)
class Reference:
    """The part of a reference network that lies among the chosen genes.

    Attributes:
        header: Gene1, Gene2 and, where the file has it, Type.
        edges: its rows, with the genes named as in the matrix, in the order of the file.
    """

    header: list[str]
    edges: list[tuple[str, ...]]


def read_ordering(path: PathLike) -> list[OrderedGene]:
    """Read `GeneOrdering.csv`: gene, p-value and variance are its first three columns.

    Raises:
        InputError: the file is missing or damaged, has fewer columns, a gene twice, or a value that
            is no number (empty or NA: NaN), or a p-value beyond 0 to 1.
    """
    path = Path(path)
    header, rows = read_table_rows(path, _ORDERING)
    if len(header) < 3:
        raise InputError(f"{path}: has {len(header)} columns; expected {_ORDERING}")
    found = []
    for line, fields in rows:
        p_value, variance = (_value(path, line, text) for text in fields[1:3])
        if p_value < 0 or p_value > 1:
            raise InputError(
                f"{path}: line {line}: {fields[1]} is no p-value; expected {_ORDERING}"
            )
        found.append(OrderedGene(fields[0], p_value, variance))
    check_names([gene.name for gene in found], "gene", str(path))
    return found


def _value(path: Path, line: int, text: str) -> float:
    if text in MISSING:
        return math.nan
    try:
        return number(text)
    except ValueError:
        raise InputError(
            f"{path}: line {line}: {text!r} is no number; expected {_ORDERING}"
        ) from None


def read_tfs(path: PathLike) -> list[str]:
    """Read a list of TFs: one per line, or the first column of a table as BEELINE's mouse-tfs.csv.

    A first line such as TF, Gene or Symbol (any case) is a header. Returns each name once, in the
    order of the file.

    Raises:
        InputError: the file is missing, empty or damaged, or has no name.
    """
    path = Path(path)
    names = [fields[0] for _, fields in read_rows(path) if fields[0]]
    if names and names[0].lower() in REGULATOR_HEADERS:
        del names[0]
    if not names:
        raise InputError(f"{path}: no transcription factor; expected one gene name per line")
    return list(dict.fromkeys(names))


def match_names(
    names: Collection[str], genes: Sequence[str], about: PathLike, remarks: Remarks
) -> dict[str, str]:
    """Return the gene that each name of a file means; names of none of the genes are left out.

    Names are taken as they are. Where fewer than half of those that would be genes without regard
    to upper and lower case are genes as they are (a file in upper case, a matrix of mouse genes),
    case does not count; a name that would then be that of several genes is none of them.

    Raises:
        InputError: no name is a gene either way.
    """
    known = set(genes)
    same = {name: name for name in names if name in known}
    upper: dict[str, set[str]] = {}
    for gene in genes:
        upper.setdefault(gene.upper(), set()).add(gene)
    alike = {
        name: next(iter(upper[name.upper()]))
        for name in names
        if name not in same and len(upper.get(name.upper(), ())) == 1
    }
    if not same and not alike:
        hint = mismatch_hint(list(names), genes, None, "")
        raise InputError(
            f"{about}: none of its {len(names)} names ({some(list(names))}) is one of the "
            f"{len(genes)} genes ({some(genes)}){hint or '; name a file of the same organism'}"
        )
    differing = [f"{name} there, {gene} here" for name, gene in alike.items()]
    if len(same) < len(alike):
        remarks.guessed(
            about,
            f"{len(alike)} names are genes in another case, and were taken for them: "
            f"{some(differing)}",
        )
        return {name: same.get(name) or alike[name] for name in names if name in {**same, **alike}}
    if alike:
        remarks.doubtful(
            about,
            [
                f"{len(alike)} names are genes in another case, and were not taken for them, as "
                f"most names are written as the genes are: {some(differing)}"
            ],
        )
    return same


def choose_genes(
    ordering: Sequence[OrderedGene],
    genes: Sequence[str],
    tfs: Collection[str],
    varying: int,
    about: PathLike,
    remarks: Remarks,
) -> Choice:
    """Return the TFs that vary, and the other genes that vary most.

    Args:
        ordering: what is known of the genes; ties in variance keep this order.
        genes: those of the expression matrix.
        tfs: TFs, named as in the matrix.
        varying: number of other genes.
        about: the file of the ordering, for messages.
        remarks: takes what its owner should know.

    Raises:
        InputError: the matrix has none of the genes, or no TF passes.
    """
    known = set(genes)
    tested = [gene for gene in ordering if gene.name in known]
    absent = [gene.name for gene in ordering if gene.name not in known]
    if not tested:
        raise InputError(
            f"{about}: none of its {len(ordering)} genes is in the expression matrix "
            f"({some(absent)} there, {some(genes)} here)"
        )
    if absent:
        remarks.left_out(about, f"{len(absent)} genes that the matrix lacks: {some(absent)}")
    unknown = [gene.name for gene in tested if math.isnan(gene.p_value)]
    if unknown:
        remarks.left_out(about, f"{len(unknown)} genes without a p-value: {some(unknown)}")
    passing = [gene for gene in tested if gene.p_value < LIMIT / len(tested)]
    factors = set(tfs)
    chosen = [gene.name for gene in passing if gene.name in factors]
    if not chosen:
        raise InputError(
            f"{about}: none of the {len(factors)} transcription factors of the matrix has a "
            f"p-value below {LIMIT} / {len(tested)} (Bonferroni): no edge could be scored; name "
            "another list of them"
        )
    others = [gene for gene in passing if gene.name not in factors]
    if len(others) < varying:
        remarks.left_out(
            about,
            f"{varying - len(others)} of the {varying} varying genes that were asked for: only "
            f"{len(others)} that are no transcription factors have a corrected p-value below "
            f"{LIMIT}",
        )
    # Stable, so that ties keep their order; those without a variance come last.
    others.sort(key=lambda gene: math.inf if math.isnan(gene.variance) else -gene.variance)
    return Choice(len(tested), len(passing), chosen, [gene.name for gene in others[:varying]])


def restrict_reference(
    path: PathLike, genes: Sequence[str], tfs: Sequence[str], remarks: Remarks
) -> Reference:
    """Read a reference network (columns Gene1, Gene2[, Type]) and keep what lies among some genes.

    Files of millions of edges are read row by row. Edges with the same genes and Type are one.

    Args:
        path: the network.
        genes: those that were chosen.
        tfs: the TFs among them.
        remarks: takes what was left out.

    Raises:
        InputError: the file is missing or damaged, lacks a column, names none of the genes, or has
            no edge from one of the TFs to another of the genes.
    """
    path = Path(path)
    header, rows = read_table_rows(path, _EDGES)
    for column in ("Gene1", "Gene2"):
        if header.count(column) != 1:
            raise InputError(
                f"{path}: needs one column {column} (found: {', '.join(header)}); expected {_EDGES}"
            )
    kept = ["Gene1", "Gene2", *(["Type"] if "Type" in header else [])]
    columns = [header.index(column) for column in kept]
    # Which names are genes is known at the end only: of millions of rows those are kept that may
    # lie among the genes, in whatever case.
    upper = {gene.upper() for gene in genes}
    names: dict[str, bool] = {}
    possible: list[tuple[str, ...]] = []
    total = 0
    for _, fields in rows:
        total += 1
        row = tuple(fields[column] for column in columns)
        for name in row[:2]:
            if name not in names:
                names[name] = name.upper() in upper
        if names[row[0]] and names[row[1]]:
            possible.append(row)
    if not total:
        raise InputError(f"{path}: has no edge; expected {_EDGES}")
    gene_of = match_names(names, genes, path, remarks)
    edges = _sorted(possible, gene_of, set(tfs))
    _remark_on_edges(path, total, edges, remarks)
    found = edges["kept"]
    if not found:
        raise InputError(
            f"{path}: none of its {total} edges goes from one of the {len(tfs)} chosen "
            f"transcription factors to another of the {len(genes)} chosen genes; name another "
            "network, or more varying genes"
        )
    return Reference(kept, list(found))


def _sorted(
    rows: Iterable[tuple[str, ...]], gene_of: Mapping[str, str], tfs: Collection[str]
) -> dict[str, Counter[tuple[str, ...]]]:
    """Sort edges by what becomes of them: `kept` (how often each was there), or why not.

    Those with a name that is none of the genes are in no part.
    """
    found: dict[str, Counter[tuple[str, ...]]] = {
        what: Counter() for what in ("kept", "itself", "no TF")
    }
    for row in rows:
        if row[0] not in gene_of or row[1] not in gene_of:
            continue
        source, target = gene_of[row[0]], gene_of[row[1]]
        what = "itself" if source == target else "kept" if source in tfs else "no TF"
        found[what][source, target, *row[2:]] += 1
    return found


def _remark_on_edges(
    path: Path, total: int, edges: Mapping[str, Counter[tuple[str, ...]]], remarks: Remarks
) -> None:
    """Say how many edges were left out, and why."""
    kept = edges["kept"]
    counts = {
        "with a gene that was not chosen": total - sum(map(Counter.total, edges.values())),
        "of a gene with itself": edges["itself"].total(),
        "from a gene that is no transcription factor": edges["no TF"].total(),
        "that were there before": kept.total() - len(kept),
    }
    reasons = ", ".join(f"{count} {why}" for why, count in counts.items() if count)
    if reasons:
        remarks.left_out(path, f"{total - len(kept)} of {total} edges: {reasons}")


def read_gene_names(path: PathLike) -> list[str]:
    """Read the genes of an expression matrix, each once and in its order, as `read_first_column`.

    Raises:
        InputError: the file is missing, damaged or no table, or a gene is there twice.
    """
    _, genes = read_first_column(Path(path), _MATRIX)
    check_names(genes, "gene", str(path))
    return genes


def write_names(names: Iterable[str], path: PathLike) -> None:
    """Write names, one per line."""
    with atomic_path(path) as temporary:
        temporary.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


def write_rows_of_genes(source: PathLike, target: PathLike, genes: Collection[str]) -> None:
    """Write the rows of some genes of a matrix, gzip-compressed; values stay as they are written.

    Args:
        source: comma- or tab-separated matrix, genes in rows.
        target: .csv.gz, comma-separated, the first field of its header empty.
        genes: names of the rows.

    Raises:
        InputError: the source is missing, damaged or no table.
    """
    header, rows = read_table_rows(Path(source), _MATRIX)
    wanted = set(genes)
    with (
        atomic_path(target) as temporary,
        open(temporary, "wb") as file,
        # Without the name and the time of the file, so that the same rows are the same bytes.
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
        TextIOWrapper(packed, encoding="utf-8", newline="") as stream,
    ):
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["", *header[1:]])
        writer.writerows(fields for _, fields in rows if fields[0] in wanted)


def write_reference(reference: Reference, path: PathLike) -> None:
    """Write a reference network, comma-separated with its header."""
    with atomic_path(path) as temporary, open(temporary, "w", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([reference.header, *reference.edges])


def counts(choice: Choice) -> list[tuple[str, int]]:
    """Return what was chosen as rows of a table: what, and how many."""
    return [
        ("genes tested", choice.tested),
        (f"genes with a corrected p-value below {LIMIT}", choice.passing),
        ("transcription factors taken", len(choice.tfs)),
        ("other genes taken", len(choice.varying)),
    ]
