"""All of one data set, in this process: the files that target infer of the workflow makes."""

from collections.abc import Callable, Mapping, Sequence
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
from grn_gat.data.edges import read_edges
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
from grn_gat.inference.asked import Asked
from grn_gat.inference.attempt import attempt, method_seed, ranked_edges
from grn_gat.inference.cell_parts import number_of_donors
from grn_gat.inference.describe_method import describe_method
from grn_gat.inference.donors import read_donors
from grn_gat.inference.folder import ResultFolder, digest
from grn_gat.inference.further_runs import (
    DONORS,
    NULL,
    NULL_EDGES,
    STABILITY,
    Shown,
    find_donors,
    find_null,
    find_stability,
)
from grn_gat.inference.page import MethodFiles, write_page
from grn_gat.inference.plan import Limits, planned
from grn_gat.inference.trust import of_methods, trusted, warnings
from grn_gat.report.inferred_report import data_facts
from grn_gat.report.inferred_summary import failures, remove_others, summarise_methods
from grn_gat.study.study import Study

Told = Callable[[str], None]


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
    that were not asked for this time stay. What an earlier command asked for beside the methods
    (donors, further runs, a list of all pairs) holds until another one says otherwise.

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
    study = study.with_options(name, results.options)
    results.options = study.options(name)
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
    asked = Asked(study, name, dataset, reference, remarks, results, evidence, donors)
    for method in study.methods:
        _run(asked, method, threads, shown)
    methods = [m for m in method_names() if m in study.methods or results.ended(m)]
    further = {
        what: [method for method in methods if find(asked, method, threads, shown)]
        for what, find in ((NULL, find_null), (STABILITY, find_stability), (DONORS, find_donors))
    }
    with shown("tables, figures and the page"):
        return _describe(asked, methods, further)


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


def _run(asked: Asked, method: str, threads: int, shown: Shown) -> None:
    """Run a method, unless it has ended, and write its scores."""
    study, folder, cells = asked.study, asked.folder, asked.cells
    settings = _settings(study, asked.name, method)
    if folder.ended(method, settings):
        return
    seed = method_seed(asked.seed, method)
    with shown(load_method(method).title):
        found = attempt(method, cells, seed, threads, study.method_settings(method))
    write_scores(folder.scores(method), ranked_edges(found, cells))
    own = f"method_settings.{study.settings_block(method)}."
    not_default = {k: v for k, v in study.not_default(asked.name).items() if k.startswith(own)}
    folder.end(method, settings, found.reason, not_default)


def _describe(asked: Asked, methods: Sequence[str], further: Mapping[str, list[str]]) -> Path:
    """Write all files but those of `_run` and of `further` runs; return the page."""
    study, folder, reference = asked.study, asked.folder.path, asked.reference
    status, conditions = [], {}
    for method in methods:
        reason = asked.folder.methods[method]["reason"]
        conditions[method] = describe_method(asked, method)
        state = {"method": method, "status": "failed" if reason else "ok", "reason": reason}
        status.append((pd.Series(state), read_table(folder / method / "hubs.tsv")))
    asked.folder.save()
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
    pairs, nulls = study.pairs(asked.name), further[NULL]
    stable = {what: further[what] for what in (STABILITY, DONORS)}
    timed = asked.dataset.pseudotime is not None
    remove_others(folder, methods, nulls, stable, reference is not None, pairs, timed)
    _write_pairs(asked, methods)
    tables = {method: _null_of_drawn(folder / method) for method in nulls}
    write_table(shuffled_null.of_methods(tables), folder / "null.tsv")
    write_table(of_methods(conditions), folder / "trust.tsv")
    write_table(table, folder / "methods.tsv")
    ours = [method for method in methods if method not in study.own_methods]
    weights = next(iter(_weights(study, ours)), None)
    data = asked.dataset
    donors = number_of_donors(read_table(asked.folder.beside(m, DONORS)) for m in further[DONORS])
    given, remarks = dict(asked.entry), list(asked.remarks)
    facts = data_facts(data.expression, data.pseudotime, asked.regulators, given, remarks, donors)
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


def _write_pairs(asked: Asked, methods: Sequence[str]) -> None:
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


def _null_of_drawn(folder: Path) -> pd.DataFrame:
    """The null of the edges that are drawn, from the files of a method."""
    null, edges, null_edges = (
        read_table(folder / f"{name}.tsv") for name in (NULL, "edges", NULL_EDGES)
    )
    return shuffled_null.of_drawn(null, edges, null_edges)


def _provenance(asked: Asked, weights: str | None) -> dict[str, Any]:
    """As the workflow has it, scripts/report_inferred.py."""
    study, name = asked.study, asked.name
    files = study.inferred_from(name)
    settings = study.not_default(name)
    for method, ended in asked.folder.methods.items():
        if method not in study.methods:  # as it was asked for by an earlier command
            settings |= ended.get("not_default", {})
    return provenance(files, weights, asked.seed, settings)
