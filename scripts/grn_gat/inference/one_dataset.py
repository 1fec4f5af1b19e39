"""All of one data set, in this process: the files that target infer of the workflow makes."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import load_method, method_names
from grn_gat.core.checksums import sha256
from grn_gat.core.errors import InputError
from grn_gat.core.files import atomic_path, read_table, write_table
from grn_gat.core.job import warn
from grn_gat.core.provenance import FILE, provenance, write_provenance
from grn_gat.core.remarks import Remarks
from grn_gat.data.dataset import Dataset
from grn_gat.data.edges import no_edges, read_edges
from grn_gat.data.evidence import Evidence
from grn_gat.data.evidence_files import as_evidence
from grn_gat.data.file_kinds import expression_files
from grn_gat.data.network_h5ad import write_network_h5ad
from grn_gat.data.ranked_edges import COLUMNS as RANKED
from grn_gat.data.ranked_edges import write_ranked_edges
from grn_gat.data.remark_table import write_remarks
from grn_gat.data.score_file import read_scores, write_scores
from grn_gat.data.user_data import read_cells
from grn_gat.data.user_evidence import read_user_evidence
from grn_gat.evaluate import shuffled_null
from grn_gat.evaluate.inferred import METRIC_COLUMNS, metric_table, number_of_edges
from grn_gat.inference.attempt import Cells, attempt, method_seed, ranked_edges
from grn_gat.inference.cell_parts import Parts
from grn_gat.inference.description import (
    FIGURES,
    FILES,
    Beside,
    describe,
    no_description,
    write_description,
)
from grn_gat.inference.donors import read_donors
from grn_gat.inference.folder import ResultFolder, digest
from grn_gat.inference.null import null_of
from grn_gat.inference.page import MethodFiles, write_page
from grn_gat.inference.plan import Limits, planned
from grn_gat.inference.stability import number_of_runs, stability_table
from grn_gat.inference.trust import COLUMNS, of_methods, trusted, warnings
from grn_gat.report.inferred_report import data_facts
from grn_gat.report.inferred_summary import failures, remove_others, summarise_methods
from grn_gat.study.study import Study

# What further runs of a method are for.
NULL, NULL_EDGES, STABILITY = "null", "null_edges", "stability"
Shown = Callable[[str], AbstractContextManager[None]]
Told = Callable[[str], None]


@dataclass(frozen=True)
class _Asked:
    """What is asked for.

    Attributes:
        study: a study of one data set without a reference network.
        name: of the data set.
        dataset: its cells, as they are read back from files.
        reference: known edges, or None.
        remarks: on the files that were read.
        folder: of the results.
        evidence: what else is known of the cells, as far as some method sees it.
        donors: of each cell, or None.
    """

    study: Study
    name: str
    dataset: Dataset
    reference: pd.DataFrame | None
    remarks: Remarks
    folder: ResultFolder
    evidence: Evidence
    donors: np.ndarray | None

    @property
    def cells(self) -> Cells:
        """What methods see."""
        data = self.dataset
        return Cells.named(
            data.genes,
            data.expression,
            data.pseudotime,
            self.regulators,
            self.evidence,
            self.name,
        )

    @property
    def entry(self) -> Mapping[str, Any]:
        """What the user gave, by key."""
        return self.study.sources[self.name].entry

    @property
    def known(self) -> pd.DataFrame:
        """Known edges; none without a reference."""
        return no_edges() if self.reference is None else self.reference

    @property
    def regulators(self) -> list[str]:
        """Candidate regulators."""
        return list(self.dataset.regulators or self.dataset.genes)


def infer_dataset(
    study: Study,
    name: str,
    folder: Path,
    threads: int,
    overwrite: bool,
    shown: Shown,
    told: Told = print,
) -> Path:
    """Infer the networks of a data set with every method of a study, and describe them.

    Methods that have ended in this folder, for the same data and settings, are not run again; those
    that were not asked for this time stay.

    Args:
        study: has the data set as one without a reference network (`infer`).
        name: of the data set.
        folder: for the results.
        threads: processes for the methods that use more than one.
        overwrite: whether results of other data in the folder may be replaced.
        shown: a context that shows the user how far the work of its label is.
        told: says a line to the user: what will be done, and what it takes.

    Returns:
        The page to begin with.

    Raises:
        InputError: a file is wrong, the folder holds something else, it would take more than the
            config's `limits`, or no method gave a network.
    """
    entry = study.source_entry(name, 1)
    results = ResultFolder.claim(folder, _identity(study, name), overwrite)
    remarks = Remarks()
    with shown(f"reading {entry['expression']}"):
        dataset = read_cells(remarks, **entry)
        known = study.sources[name].reference
        if known is not None:
            edges = read_edges(known, dataset.genes, dataset.cells, remarks=remarks)
        donors = read_donors_of(study, name, dataset, remarks)
        evidence = read_evidence(study, name, dataset, remarks)
    for remark in remarks:
        warn(str(remark))
    results.choose(digest([dataset.genes, dataset.cells]))
    _tell_plan(study, name, dataset, donors, results, threads, told)
    results.save()
    reference = None if known is None else _kept_reference(edges, dataset, folder)
    asked = _Asked(study, name, dataset, reference, remarks, results, evidence, donors)
    for method in study.methods:
        _run(asked, method, threads, shown)
    methods = [m for m in method_names() if m in study.methods or results.ended(m)]
    nulls = [method for method in methods if _has_null(asked, method, threads, shown)]
    for method in methods:
        _find_stability(asked, method, threads, shown)
    with shown("tables, figures and the page"):
        return _describe(asked, methods, nulls)


def _tell_plan(
    study: Study,
    name: str,
    dataset: Dataset,
    donors: np.ndarray | None,
    results: ResultFolder,
    threads: int,
    told: Told,
) -> None:
    """Say what has still to be done; InputError where it is more than the limits allow."""
    methods = [m for m in study.methods if not results.ended(m, _settings(study, name, m))]
    if not methods:
        return
    plan = planned(study, name, dataset, donors, methods, threads)
    plan.check(Limits.of(study.config["limits"]))
    for line in plan.lines():
        told(line)


def read_donors_of(
    study: Study, name: str, dataset: Dataset, remarks: Remarks
) -> np.ndarray | None:
    """Read the donor of each cell of a data set; None where nobody named any.

    Raises:
        InputError: `stability.read_donors`.
    """
    named, entry = study.donors(name), study.sources[name].entry
    return read_donors(named, entry["expression"], dataset.cells, remarks) if named else None


def read_evidence(study: Study, name: str, dataset: Dataset, remarks: Remarks) -> Evidence:
    """Read the evidence of a data set that some method of the study sees.

    Raises:
        InputError: a file is wrong.
    """
    genes, cells = dataset.genes, dataset.cells
    found = {
        kind: read_user_evidence(kind, study.evidence_entry(name, 1, kind), genes, cells, remarks)
        for kind in study.evidence_that_is_read(name)
    }
    return as_evidence(found, genes, cells)


def _identity(study: Study, name: str) -> dict[str, Any]:
    """What tells the data of one result folder from those of another."""
    entry = study.source_entry(name, 1)
    files = study.source_files(name, 1)
    others = {
        key: sha256(value) if value in files else value
        for key, value in entry.items()
        if key != "expression"
    }
    sums = [sha256(file) for file in expression_files(entry["expression"])]
    expression = {"expression": entry["expression"], "sha256": " ".join(sums)}
    return expression | {"name": name, "seed": study.config["seed"]} | others


def _kept_reference(edges: pd.DataFrame, dataset: Dataset, folder: Path) -> pd.DataFrame:
    """Known edges, written as BEELINE's refNetwork.csv and read back."""
    path = folder / "refNetwork.csv"
    with atomic_path(path) as temporary:
        edges[["Gene1", "Gene2", "Type"]].to_csv(temporary, index=False)
    return read_edges(path, dataset.genes)


def _settings(study: Study, name: str, method: str) -> str:
    """Digest of what a method's scores depend on beside expression, pseudotime and regulators.

    That is settings, weights, code and the evidence that it sees.
    """
    settings = study.method_settings(method)
    files = [*_weights(study, [method]), *study.method_code(method)]
    named = {key: value for key, value in settings.items() if key != "weights"}
    found: list[Any] = [named, [sha256(file) for file in files]]
    for kind in study.evidence_of(name, method):
        sums = [sha256(file) for file in study.evidence_sources(name, 1, kind)]
        found.append([study.evidence_entry(name, 1, kind), sums])
    return digest(found)


def _weights(study: Study, methods: Sequence[str]) -> list[str]:
    """The weights file that methods read, in a list: empty where they read none."""
    return [path for path in map(study.weights, methods) if isinstance(path, str)][:1]


def _run(asked: _Asked, method: str, threads: int, shown: Shown) -> None:
    """Run a method, unless it has ended, and write its scores."""
    study, folder, cells = asked.study, asked.folder, asked.cells
    settings = _settings(study, asked.name, method)
    if folder.ended(method, settings):
        return
    seed = method_seed(study.config["seed"], method, asked.name)
    with shown(load_method(method).title):
        found = attempt(method, cells, seed, threads, study.method_settings(method))
    write_scores(folder.scores(method), ranked_edges(found, cells))
    folder.end(method, settings, found.reason)


def _has_null(asked: _Asked, method: str, threads: int, shown: Shown) -> bool:
    """Run a method on shuffled genes too, if that is asked for and has not been done.

    Returns whether there is a null of the network that is drawn now. That of a method which was not
    asked for this time stays, unless the number of drawn edges is another one.
    """
    study, folder = asked.study, asked.folder
    ended, number = folder.methods[method], _number(asked, method)
    of = digest([ended["settings"], ended["scores"], number])
    wanted = method in study.null_methods(asked.name)
    if folder.beside_ended(method, NULL, of):
        return wanted or method not in study.methods
    if not wanted:
        return False
    cells = asked.cells
    ranked = read_scores(folder.scores(method))
    seed, settings = study.config["seed"], study.method_settings(method)
    with shown(f"{load_method(method).title}, genes shuffled"):
        found = null_of(method, ranked, number, cells, asked.name, seed, threads, settings)
    write_table(found.edges, folder.beside(method, NULL_EDGES))
    write_table(found.table, folder.beside(method, NULL))
    folder.end_beside(method, NULL, of)
    return True


def _number(asked: _Asked, method: str) -> int:
    """Edges of the network of a method; 0 where it failed."""
    if asked.folder.methods[method]["reason"]:
        return 0
    per_gene = asked.study.config["hubs"]["edges_per_gene"]
    return number_of_edges(asked.dataset.genes, asked.known, asked.regulators, per_gene)


def _find_stability(asked: _Asked, method: str, threads: int, shown: Shown) -> None:
    """Run a method on parts of the cells, if that is asked for and has not been done.

    What was found of a method which was not asked for this time stays, of the same edges.
    """
    study, folder = asked.study, asked.folder
    ended, number = folder.methods[method], _number(asked, method)
    wanted, runs = method in study.methods, 0
    if wanted:
        size = (len(asked.regulators), len(asked.dataset.genes))
        runs = number_of_runs(study.stability_runs(asked.name, method), *size)
    parts = digest([runs, None if asked.donors is None else list(asked.donors)])
    before = [ended["settings"], ended["scores"], number]
    of = digest([*before, parts if wanted else ended.get("parts", "")])
    if folder.beside_ended(method, STABILITY, of):
        return
    folder.beside(method, STABILITY).unlink(missing_ok=True)
    if not runs:
        return
    ranked, cells = read_scores(folder.scores(method)), asked.cells
    cut = Parts(runs, asked.donors)
    seed, settings = study.config["seed"], study.method_settings(method)
    label = f"{runs} parts of the cells"
    if asked.donors is not None:
        label += f" and {len(cut.of_donors())} donors"
    with shown(f"{load_method(method).title}, {label}"):
        table = stability_table(
            method, ranked, number, cells, asked.name, seed, threads, settings, cut
        )
    write_table(table, folder.beside(method, STABILITY))
    ended["parts"] = parts
    folder.end_beside(method, STABILITY, of)


def _describe(asked: _Asked, methods: Sequence[str], nulls: Sequence[str]) -> Path:
    """Write all files but the ranked edges and nulls of methods; return the page."""
    study, folder, reference = asked.study, asked.folder.path, asked.reference
    status, conditions = [], {}
    for method in methods:
        reason = asked.folder.methods[method]["reason"]
        conditions[method] = _describe_method(asked, method, reason)
        state = {"method": method, "status": "failed" if reason else "ok", "reason": reason}
        status.append((pd.Series(state), read_table(folder / method / "hubs.tsv")))
    table = summarise_methods(status, {m: trusted(held) for m, held in conditions.items()})
    page = folder / "report.html"
    page.unlink(missing_ok=True)  # written anew from this table
    failed = failures(table)
    if len(failed) == len(table):
        raise InputError("no method gave a network; " + "; ".join(failed))
    for reason in failed:
        warn(f"no network of {reason}")
    for text in warnings(of_methods(conditions)):
        warn(text)
    pairs = study.pairs(asked.name)
    remove_others(folder, methods, nulls, methods, reference is not None, pairs)
    _write_pairs(asked, methods)
    tables = {method: read_table(asked.folder.beside(method, NULL)) for method in nulls}
    write_table(shuffled_null.of_methods(tables), folder / "null.tsv")
    write_table(of_methods(conditions), folder / "trust.tsv")
    write_table(table, folder / "methods.tsv")
    ours = [method for method in methods if method not in study.own_methods]
    weights = next(iter(_weights(study, ours)), None)
    data = asked.dataset
    facts = data_facts(
        data.expression, data.pseudotime, asked.regulators, dict(asked.entry), list(asked.remarks)
    )
    write_remarks(asked.remarks, folder / "remarks.tsv")
    write_provenance(folder / FILE, _provenance(asked, weights))
    write_page(
        page,
        study.place.bundled("workflow/report/inferred.html.j2"),
        {"name": asked.name} | facts,
        table,
        read_table(folder / "trust.tsv"),
        read_table(folder / "null.tsv"),
        {
            method: MethodFiles.in_folder(
                folder / method, asked.folder.scores(method), reference is not None
            )
            for method in methods
        },
        reference,
        weights,
    )
    return page


def _write_pairs(asked: _Asked, methods: Sequence[str]) -> None:
    """Write the list of all pairs of each method in the form that is asked for."""
    folder, form = asked.folder, asked.study.pairs(asked.name)
    if form == "none":
        return
    scores = {method: read_scores(folder.scores(method)) for method in methods}
    if form == "csv":
        for method, ranked in scores.items():
            file = folder.path / method / "rankedEdges.csv"
            write_ranked_edges(file, *(ranked[column] for column in RANKED))
    else:
        file = folder.path / "network.h5ad"
        hubs = {method: read_table(folder.path / method / "hubs.tsv") for method in methods}
        data, source = asked.dataset, asked.entry["expression"]
        write_network_h5ad(file, data.genes, data.cells, data.expression, scores, hubs, source)


def _describe_method(asked: _Asked, method: str, reason: str) -> pd.DataFrame:
    """Write hubs, network, figure and, with a reference, metrics of one method.

    Returns what speaks against its scores, judged where they are probabilities; else no row.
    """
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
    if asked.reference is not None:
        metrics = pd.DataFrame(columns=METRIC_COLUMNS)
        if not reason:
            metrics = metric_table(ranked, known, regulators, asked.study.config["seed"])
        write_table(metrics, folder / "metrics.tsv")
    return conditions


def _beside(asked: _Asked, method: str) -> Beside:
    """What else is known of the edges of a method."""
    study = asked.study
    files = [asked.folder.beside(method, what) for what in (STABILITY, NULL_EDGES)]
    stability, null = (read_table(file) if file.is_file() else None for file in files)
    evidence = asked.evidence.only(study.evidence_of(asked.name, method))
    return Beside(stability, null, evidence, *study.least_shares())


def _judged(asked: _Asked, method: str, ranked: pd.DataFrame) -> pd.DataFrame:
    if method in asked.study.own_methods or not load_method(method).probabilities:
        return pd.DataFrame(columns=COLUMNS)
    from grn_gat.inference.judge import judged  # with torch, which others do not need

    config, data = asked.study.config, asked.dataset
    per_gene = config["hubs"]["edges_per_gene"]
    (weights,) = _weights(asked.study, [method])
    return judged(ranked, data.genes, data.expression, config["trust"], per_gene, weights)


def _provenance(asked: _Asked, weights: str | None) -> dict[str, Any]:
    """As the workflow has it, scripts/report_inferred.py."""
    study, name = asked.study, asked.name
    files = study.inferred_from(name)
    return provenance(files, weights, study.config["seed"], study.not_default(name))
