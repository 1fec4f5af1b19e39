"""All files of one method that one looks at, written anew only where something has changed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from grn_gat.algorithms._registry import load_method
from grn_gat.core.checksums import sha256
from grn_gat.core.files import read_table, write_table
from grn_gat.core.software import commit
from grn_gat.core.version import VERSION
from grn_gat.data.score_file import read_scores
from grn_gat.evaluate.inferred import METRIC_COLUMNS, metric_table
from grn_gat.inference.asked import Asked
from grn_gat.inference.description import (
    FIGURES,
    FILES,
    Beside,
    describe,
    no_description,
    write_description,
)
from grn_gat.inference.folder import digest
from grn_gat.inference.further_runs import DONORS, NULL_EDGES, STABILITY
from grn_gat.inference.page import TIMES
from grn_gat.inference.trust import COLUMNS, trusted
from grn_gat.report.style import save_figure

_BESIDE = (STABILITY, DONORS, NULL_EDGES)
_METRICS = "metrics.tsv"


def weights_of(asked: Asked, method: str) -> str | None:
    """The weights file that a method reads; None of one that reads none."""
    path = asked.study.weights(method)
    return path if isinstance(path, str) else None


def describe_method(asked: Asked, method: str) -> pd.DataFrame:
    """Write hubs, network, figures and, with a reference, metrics of one method.

    What is there, of the same scores, further runs and settings, is kept.

    Returns:
        What speaks against its scores, judged where they are probabilities; else no row. Columns
        `trust.COLUMNS`.
    """
    held, files = asked.folder.methods[method], _files(asked, method)
    of = _made_of(asked, method)
    there = held.get("described", {})
    if there.get("of") == of and there.get("sums") == _sums(files):
        return pd.DataFrame(there["conditions"], columns=COLUMNS)
    conditions = _write(asked, method, held["reason"])
    asked.folder.methods[method]["described"] = {
        "of": of,
        "sums": _sums(files),
        "conditions": conditions.to_dict("records"),
    }
    return conditions


def _files(asked: Asked, method: str) -> list[Path]:
    """Every file that is written."""
    folder = asked.folder.path / method
    figures = [folder / name for name in FIGURES.values()]
    if asked.dataset.pseudotime is not None:
        figures.append(folder / TIMES)
    vector = map(Path, asked.study.vector_forms(*map(str, figures)))
    found = [*(folder / name for name in FILES.values()), *figures, *vector]
    return found if asked.reference is None else [*found, folder / _METRICS]


def _sums(files: list[Path]) -> list[str]:
    """Checksum of each file; empty where it is not there."""
    return [sha256(file) if file.is_file() else "" for file in files]


def _made_of(asked: Asked, method: str) -> str:
    """Digest of what the files depend on, beside the data that the folder is of."""
    config, folder = asked.study.config, asked.folder
    held = folder.methods[method]
    reference = folder.path / "refNetwork.csv"
    further = [folder.beside(method, what) for what in _BESIDE]
    weights = weights_of(asked, method)
    return digest(
        [
            [VERSION, commit()],
            [held["settings"], held["scores"], held["reason"]],
            _sums(further),
            "" if asked.reference is None else sha256(reference),
            [config["hubs"]["edges_per_gene"], list(asked.study.least_shares()), config["trust"]],
            "" if weights is None else sha256(weights),
            config["seed"],
        ]
    )


def _write(asked: Asked, method: str, reason: str) -> pd.DataFrame:
    """Write the files of `_files`; return what speaks against the scores."""
    record, data, folder = load_method(method), asked.dataset, asked.folder.path / method
    known, regulators = asked.known, asked.regulators
    ranked = read_scores(asked.folder.scores(method))
    if reason:
        found = no_description(ranked)
    else:
        expression = None if record.signed else data.expression
        per_gene = asked.study.config["hubs"]["edges_per_gene"]
        beside = _beside(asked, method)
        found = describe(
            record, ranked, data.genes, regulators, known, expression, per_gene, beside
        )
    conditions = _judged(asked, method, ranked)
    files = {key: folder / name for key, name in FILES.items()}
    figures = {key: folder / name for key, name in FIGURES.items()}
    vector = asked.study.vector_forms(*map(str, figures.values()))
    write_description(found, record, files, figures, vector, trusted(conditions) != "no")
    _draw_times(asked, record.title, folder, found.hubs)
    if asked.reference is not None:
        metrics = pd.DataFrame(columns=METRIC_COLUMNS)
        if not reason:
            metrics = metric_table(ranked, known, regulators, asked.study.config["seed"])
        write_table(metrics, folder / _METRICS)
    return conditions


def _draw_times(asked: Asked, title: str, folder: Path, hubs: pd.DataFrame) -> None:
    """Draw the first hubs along pseudotime, where the cells have one."""
    data, file = asked.dataset, folder / TIMES
    if data.pseudotime is None:
        return
    from grn_gat.report.figures_hub_times import plot_hub_times

    figure = plot_hub_times(hubs, data.genes, data.expression, data.pseudotime, title)
    save_figure(figure, str(file), asked.study.vector_forms(str(file)))


def _beside(asked: Asked, method: str) -> Beside:
    """What else is known of the edges of a method."""
    study = asked.study
    files = [asked.folder.beside(method, what) for what in _BESIDE]
    stability, donors, null = (read_table(file) if file.is_file() else None for file in files)
    evidence = asked.evidence.only(study.evidence_of(asked.name, method))
    return Beside(stability, donors, null, evidence, *study.least_shares())


def _judged(asked: Asked, method: str, ranked: pd.DataFrame) -> pd.DataFrame:
    weights = weights_of(asked, method)
    own = method in asked.study.own_methods
    if own or weights is None or not load_method(method).probabilities:
        return pd.DataFrame(columns=COLUMNS)
    from grn_gat.inference.judge import judged  # with torch, which others do not need

    config: Mapping[str, Any] = asked.study.config
    data, per_gene = asked.dataset, config["hubs"]["edges_per_gene"]
    return judged(ranked, data.genes, data.expression, config["trust"], per_gene, weights)
