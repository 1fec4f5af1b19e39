"""What of each reference network is scored, and what the references of a data set share."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from grn_gat.evaluate.degree_controls import overlap
from grn_gat.evaluate.splits import candidate_counts


def scored_facts(
    entries: Mapping[str, Mapping[str, Any]], files: Mapping[str, tuple[str, str]]
) -> dict[str, dict[str, Any]]:
    """Return for each network its counts, and how much of it is in the other references.

    Args:
        entries: as `Study.network_entries` describes networks.
        files: edges and candidate regulators of each, as `dataset.write_dataset` writes them.

    Returns:
        By network: regulators, genes, pairs, edges (`splits.candidate_counts`), and overlaps, the
        share of its edges that another reference of the same cells has too, by its name.
    """
    edges = {
        name: pd.read_csv(path, dtype=str, keep_default_na=False)
        for name, (path, _) in files.items()
    }
    found: dict[str, dict[str, Any]] = {}
    for name, (_, path) in files.items():
        regulators = pd.read_csv(path, dtype=str, keep_default_na=False)["TF"].to_list()
        data_set = entries[name]["data_set"]
        siblings = [n for n in files if entries[n]["data_set"] == data_set and n != name]
        found[name] = {
            **candidate_counts(edges[name], regulators),
            "overlaps": {
                sibling.removeprefix(f"{data_set}."): overlap(edges[name], edges[sibling])
                for sibling in siblings
            },
        }
    return found
