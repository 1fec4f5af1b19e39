"""Scores of all pairs in one small file, for the command that comes back to them.

A table (safetensors) of candidate regulators and genes takes a quarter of BEELINE's ranked edges
and a fraction of a second to read. What comes back is what a file of ranked edges would give.
"""

import json

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike, atomic_path
from grn_gat.data.ranked_edges import COLUMNS, as_written, in_order

_NAMES = "names"


def write_scores(path: PathLike, ranked: pd.DataFrame) -> None:
    """Write scores of pairs; the same pairs give the same bytes.

    Args:
        path: file to write; it appears complete or not at all.
        ranked: columns Gene1 (regulator), Gene2 (target), EdgeWeight (finite), each pair once, in
            any order; no row where the method failed.

    Raises:
        InputError: a weight is NaN or infinite.
    """
    from safetensors.numpy import save_file

    first, regulators = pd.factorize(ranked["Gene1"], sort=True)
    second, targets = pd.factorize(ranked["Gene2"], sort=True)
    scores = np.full((len(regulators), len(targets)), np.nan)
    scores[first, second] = as_written(ranked, path)
    names = {_NAMES: json.dumps([list(regulators), list(targets)])}
    with atomic_path(path) as temporary:
        save_file({"scores": scores}, temporary, names)


def read_scores(path: PathLike) -> pd.DataFrame:
    """Read scores as `ranked_edges.read_ranked_edges` returns them: the strongest first.

    Raises:
        InputError: the file is not one that `write_scores` wrote.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as held:
            scores = held.get_tensor("scores")
            listed = json.loads(held.metadata()[_NAMES])
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise InputError(f"{path}: holds no scores of pairs ({error}); remove it") from None
    regulators, targets = (np.array(names, dtype=object) for names in listed)
    first, second = np.nonzero(~np.isnan(scores))
    values = (regulators[first], targets[second], scores[first, second])
    return in_order(pd.DataFrame(dict(zip(COLUMNS, values, strict=True))))
