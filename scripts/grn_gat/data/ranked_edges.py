"""Ranked edges in BEELINE's format: one row per ordered gene pair, tab-separated.

A file `rankedEdges.csv` has the columns Gene1 (regulator), Gene2 (target) and EdgeWeight, a signed
or unsigned score whose magnitude says how sure a method is of the edge. BEELINE is Pratapa et al.,
Nature Methods 17 (2020) 147; what is read is what its version 1.1.0 scores.
"""

import csv
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike, atomic_path
from grn_gat.data.text_rows import number, read_rows

COLUMNS = ("Gene1", "Gene2", "EdgeWeight")
_DIGITS = "{:.9g}"
_LAYOUT = f"tab-separated text with columns {', '.join(COLUMNS)}"


def write_ranked_edges(
    path: str | Path, genes1: Iterable[str], genes2: Iterable[str], weights: Iterable[float]
) -> None:
    """Write ranked edges, sorted by |weight| descending, then Gene1, Gene2.

    Args:
        path: file to write; it appears complete or not at all.
        genes1: regulator of each pair.
        genes2: target of each pair.
        weights: score of each pair, finite; written with 9 significant digits.

    Raises:
        InputError: the three differ in length, or a weight is NaN or infinite.
    """
    first, second, numbers = list(genes1), list(genes2), [float(w) for w in weights]
    if not len(first) == len(second) == len(numbers):
        raise InputError(
            f"{path}: {len(first)} regulators, {len(second)} targets and {len(numbers)} weights; "
            "expected one of each per pair"
        )
    columns = dict(zip(COLUMNS, (first, second, numbers), strict=True))
    table = pd.DataFrame(columns).astype({"Gene1": object, "Gene2": object, "EdgeWeight": float})
    table = in_order(table.assign(EdgeWeight=as_written(table, path)))
    rows = zip(table["Gene1"], table["Gene2"], table["EdgeWeight"].tolist(), strict=True)
    with atomic_path(path) as temporary, open(temporary, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((a, b, _DIGITS.format(weight)) for a, b, weight in rows)


def as_written(ranked: pd.DataFrame, path: PathLike) -> np.ndarray:
    """Return the weights of ranked edges as a file holds them: with 9 significant digits.

    Raises:
        InputError: a weight is NaN or infinite; it names `path`.
    """
    weights = ranked["EdgeWeight"].to_numpy(dtype=float)
    wrong = np.flatnonzero(~np.isfinite(weights))
    if len(wrong):
        gene1, gene2, weight = (ranked[column].iloc[wrong[0]] for column in COLUMNS)
        raise InputError(f"{path}: pair {gene1} -> {gene2} has weight {weight}")
    rounded = np.array([float(_DIGITS.format(weight)) for weight in weights.tolist()], dtype=float)
    return rounded + 0.0  # -0.0 becomes 0


def in_order(ranked: pd.DataFrame) -> pd.DataFrame:
    """Return ranked edges with the largest |weight| first, equal ones by Gene1, then Gene2."""
    first, second = (pd.factorize(ranked[c], sort=True)[0] for c in ("Gene1", "Gene2"))
    places = np.lexsort((second, first, -ranked["EdgeWeight"].abs().to_numpy()))
    return ranked.iloc[places].reset_index(drop=True)


def _weight(text: str, where: str) -> float:
    try:
        weight = number(text)
    except ValueError as error:
        raise InputError(f"{where}: EdgeWeight {text!r} is not a number") from error
    if not math.isfinite(weight):
        raise InputError(f"{where}: EdgeWeight is {text}; expected a finite number")
    return weight


def ranked_rows(path: PathLike) -> Iterator[tuple[str, str, float]]:
    """Yield regulator, target and weight of each row of a file, as it stands there.

    The order of the columns is free, others are ignored. Names are text without surrounding blanks:
    a gene called NA or nan keeps its name.

    Raises:
        InputError: the file is missing, empty, not tab-separated or lacks a column, or a row has a
            wrong number of fields, no gene name or a weight that is not a finite number.
    """
    path = Path(path)
    rows = read_rows(path, _LAYOUT, separator="\t")
    _, header = next(rows, (0, []))
    if len(header) == 1 and "," in header[0]:
        raise InputError(f"{path}: line 1 is separated by commas; expected {_LAYOUT}")
    for column in COLUMNS:
        if header.count(column) != 1:
            problem = "no column" if column not in header else "more than one column"
            raise InputError(f"{path}: line 1 has {problem} {column}; expected {_LAYOUT}")
    places = [header.index(column) for column in COLUMNS]
    for line, fields in rows:
        where = f"{path}: line {line}"
        if len(fields) != len(header):
            raise InputError(f"{where} has {len(fields)} fields, the header has {len(header)}")
        gene1, gene2, text = (fields[place] for place in places)
        if not gene1 or not gene2:
            raise InputError(f"{where} lacks a gene name")
        yield gene1, gene2, _weight(text, where)


def best_rows(rows: Iterable[tuple[str, str, float]]) -> pd.DataFrame:
    """Return rows of `ranked_rows` as BEELINE scores them.

    Self-loops are dropped. Of rows with the same pair the one with the largest |weight| is kept,
    with its sign (of equal ones the first).

    Returns:
        Columns Gene1, Gene2, EdgeWeight (float64, signed), sorted by |EdgeWeight| descending, ties
        in the order of the rows.
    """
    kept: dict[tuple[str, str], float] = {}
    for gene1, gene2, weight in rows:
        pair = gene1, gene2
        if gene1 != gene2 and (pair not in kept or abs(weight) > abs(kept[pair])):
            kept.pop(pair, None)  # so that the pair moves to the place of this row
            kept[pair] = weight
    ranked = sorted(kept.items(), key=lambda item: -abs(item[1]))
    return pd.DataFrame(
        {
            "Gene1": pd.Series([pair[0] for pair, _ in ranked], dtype=object),
            "Gene2": pd.Series([pair[1] for pair, _ in ranked], dtype=object),
            "EdgeWeight": np.array([weight for _, weight in ranked], dtype=np.float64),
        }
    )


def read_ranked_edges(path: str | Path) -> pd.DataFrame:
    """Read ranked edges as BEELINE scores them: `best_rows` of `ranked_rows`."""
    return best_rows(ranked_rows(path))


def scores_of_pairs(ranked: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    """Return the signed weight of each pair of a table, 0 where a pair is not listed.

    Listed pairs that are not in the table do not count. (BEELINE's early precision counts those
    with a gene outside of the reference network as wrong, its other metrics drop them as well.)

    Args:
        ranked: ranked edges as `read_ranked_edges` returns them, each pair once.
        pairs: table with columns Gene1, Gene2, e.g. of `splits.candidate_pairs`.

    Returns:
        Array (n,) float64 in the order of `pairs`; metrics that want magnitudes take its absolute
        values.

    Raises:
        InputError: a table lacks a column, or a pair is listed more than once.
    """
    for name, table, columns in (("ranked", ranked, COLUMNS), ("pairs", pairs, COLUMNS[:2])):
        missing = [column for column in columns if column not in table]
        if missing:
            raise InputError(f"{name} lacks the column {', '.join(missing)}")
    listed = zip(ranked["Gene1"], ranked["Gene2"], strict=True)
    weights = dict(zip(listed, ranked["EdgeWeight"], strict=True))
    if len(weights) != len(ranked):
        raise InputError("ranked lists a pair more than once; read it with read_ranked_edges")
    wanted = zip(pairs["Gene1"], pairs["Gene2"], strict=True)
    return np.array([weights.get(pair, 0.0) for pair in wanted], dtype=np.float64)
