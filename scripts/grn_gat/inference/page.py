"""The page of one data set, from the files of its methods."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from grn_gat.algorithms._registry import load_method
from grn_gat.core.files import atomic_path, read_table
from grn_gat.core.version import VERSION
from grn_gat.data.network_export import read_graphml_edges
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.data.score_file import read_scores
from grn_gat.inference.trust import reasons
from grn_gat.report.inferred_report import (
    Inferred,
    all_probabilities,
    in_order,
    render_report,
)
from grn_gat.zeroshot.weights_metadata import read_metadata

TIMES = "hub_times.png"


@dataclass(frozen=True)
class MethodFiles:
    """Files of one method; `ranked`, `metrics` and `times` are None where the page shows none.

    `ranked` are ranked edges, or the scores of the command (`score_file`).
    """

    graphml: str | Path
    hubs: str | Path
    figure: str | Path
    dark: str | Path
    bars: str | Path
    ranked: str | Path | None
    metrics: str | Path | None
    times: str | Path | None = None

    @classmethod
    def in_folder(cls, folder: Path, ranked: Path, scored: bool) -> "MethodFiles":
        """Return those of the folder of a method, and the scores of its pairs."""
        return cls(
            folder / "network.graphml",
            folder / "hubs.tsv",
            folder / "network.png",
            folder / "network-dark.png",
            folder / "hubs.png",
            ranked,
            folder / "metrics.tsv" if scored else None,
            folder / TIMES if (folder / TIMES).is_file() else None,
        )


def _inferred(
    row: Mapping[str, Any], conditions: pd.DataFrame, nulls: pd.DataFrame, files: MethodFiles
) -> Inferred:
    record = load_method(row["method"])
    null = nulls[nulls["method"] == row["method"]].to_dict("records")
    against = reasons(conditions[conditions["method"] == row["method"]])
    probabilities = None
    if record.probabilities and files.ranked is not None:
        read = read_scores if str(files.ranked).endswith(".safetensors") else read_ranked_edges
        probabilities = all_probabilities(read(files.ranked), trusted=not against)
    return Inferred(
        row["method"],
        record,
        row,
        read_graphml_edges(files.graphml),
        read_table(files.hubs),
        Path(files.figure).read_bytes(),
        Path(files.dark).read_bytes(),
        Path(files.bars).read_bytes(),
        None if files.metrics is None else read_table(files.metrics),
        probabilities,
        against,
        null[0] if null else None,
        None if files.times is None else Path(files.times).read_bytes(),
    )


def write_page(
    path: str | Path,
    template: str | Path,
    facts: Mapping[str, Any],
    table: pd.DataFrame,
    conditions: pd.DataFrame,
    nulls: pd.DataFrame,
    files: Mapping[str, MethodFiles],
    reference: pd.DataFrame | None,
    weights: str | Path | None,
) -> None:
    """Write one HTML file without links to others on the network.

    Args:
        path: file to write.
        template: workflow/report/inferred.html.j2; the style of pages is beside it.
        facts: `name` of the data set and what `inferred_report.data_facts` says of it.
        table: methods.tsv.
        conditions: trust.tsv (`trust.of_methods`).
        nulls: null.tsv (`shuffled_null.of_methods`).
        files: of each method.
        reference: known edges, or None.
        weights: the weights file that a method read, or None.
    """
    rows = table.to_dict("records")
    methods = [_inferred(row, conditions, nulls, files[row["method"]]) for row in rows]
    page = render_report(
        Path(template).read_text(encoding="utf-8"),
        facts,
        in_order(methods),
        reference,
        None if weights is None else read_metadata(weights)["provenance"],
        VERSION,
        Path(template).with_name("page.css").read_text(encoding="utf-8"),
    )
    with atomic_path(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
