"""What would be read of a data set, what is doubtful about it, and what inference would cost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from grn_gat.algorithms._registry import load_method, stated
from grn_gat.core.remarks import DOUBTFUL, Remarks
from grn_gat.data.dataset import Dataset
from grn_gat.data.doubts import kind_of_values
from grn_gat.data.edges import read_edges
from grn_gat.data.evidence_names import WORDS, listed
from grn_gat.data.file_kinds import is_h5ad
from grn_gat.data.h5ad import other_content
from grn_gat.data.names import some
from grn_gat.data.tf_lists import factors_among
from grn_gat.data.user_data import read_cells
from grn_gat.inference.group_plan import Groups, GroupsPlan, plan_groups
from grn_gat.inference.one_dataset import read_donors_of, read_evidence
from grn_gat.inference.plan import Plan, planned
from grn_gat.study.study import Study

_COST = "cost (one core of the machine it was measured on; rough)"


def preview(study: Study, name: str) -> dict[str, list[str]]:
    """Return lines under the titles read, to know, doubts and cost; no title without a line.

    Of a data set with groups also what these are, and what comparing them would cost.

    Raises InputError where the data could not be read.
    """
    of_groups = name in study.groups
    one = next(iter(study.groups[name].values())) if of_groups else name
    entry, source = study.source_entry(one, 1), study.sources[one]
    remarks = Remarks()
    groups = Groups.read(study, name, remarks) if of_groups else None
    dataset = read_cells(remarks, **entry) if groups is None else groups.dataset
    if source.reference is not None:
        edges = read_edges(source.reference, dataset.genes, dataset.cells, remarks=remarks)
        dataset = replace(dataset, edges=edges)
    donors = read_donors_of(study, one, dataset, remarks) if groups is None else groups.donors
    seen = read_evidence(study, one, dataset, remarks).kinds
    told = [f"{remark.kind}: {remark}" for remark in remarks if remark.kind != DOUBTFUL]
    plan: Plan | GroupsPlan
    if groups is None:
        plan, of = planned(study, name, dataset, donors, study.methods, 1), []
    else:
        plan = plan_groups(study, name, groups, study.permutations(name), 1)
        of = plan.lines_of_groups()
    found = {
        "read": [
            *_read(dataset, entry, source.reference),
            *_evidence_read(source.entry, seen),
            *of,
        ],
        "to know": [
            *told,
            *_left_out(dataset, entry, study.methods),
            *_evidence_left_out(source.evidence, seen, study.methods),
        ],
        "doubts": [str(remark) for remark in remarks if remark.kind == DOUBTFUL],
        _COST: plan.lines_of_methods(),
    }
    return {title: lines for title, lines in found.items() if lines}


def _read(dataset: Dataset, entry: Mapping[str, Any], reference: str | None) -> list[str]:
    values = dataset.expression
    zeros = 100 * float((values == 0).mean())
    genes, cells = values.shape
    layer = f", layer {entry['layer']}" if "layer" in entry else ""
    lines = [
        f"{entry['expression']}{layer}: {genes} genes x {cells} cells",
        f"genes: {some(dataset.genes, 5)}; cells: {some(dataset.cells, 3)}",
        f"values: {values.min():.4g} to {values.max():.4g}, {zeros:.0f} % of them 0; they look "
        f"like {kind_of_values(values)}",
    ]
    named = dataset.regulators or []
    lines.append(
        f"candidate regulators: {len(named)} ({some(named)})" if named else _every(dataset.genes)
    )
    if dataset.pseudotime is not None:
        off = int(dataset.pseudotime.isna().all(axis=1).sum())
        columns = [str(column) for column in dataset.pseudotime.columns]
        lines.append(f"pseudotime: {', '.join(columns)}; {off} cells on no trajectory")
    if reference is not None:
        lines.append(f"known edges: {len(dataset.edges)} ({reference})")
    return lines


def _every(genes: Sequence[str]) -> str:
    """What is said where every gene is a candidate regulator."""
    species, factors = factors_among(genes)
    words = f"{species} takes the {len(factors)} transcription factors among them"
    return f"candidate regulators: every gene (--regulators {words if factors else 'names them'})"


def _left_out(dataset: Dataset, entry: Mapping[str, Any], methods: Sequence[str]) -> list[str]:
    lines = []
    if is_h5ad(entry["expression"]):
        lines += other_content(entry["expression"], entry.get("layer"))
    records = {method: load_method(method) for method in methods}
    if dataset.pseudotime is None:
        needing = [name for name, record in records.items() if record.needs_pseudotime]
        if needing:
            lines.append(f"without pseudotime there is no network of {', '.join(needing)}")
    elif not any(record.needs_pseudotime for record in records.values()):
        lines.append(f"pseudotime: {', '.join(methods)} does not read it")
    return lines


def _evidence_read(entry: Mapping[str, Any], kinds: Sequence[str]) -> list[str]:
    return [f"{WORDS[kind]}: {', '.join(listed(entry, kind))}" for kind in kinds]


def _evidence_left_out(
    there: Sequence[str], seen: Sequence[str], methods: Sequence[str]
) -> list[str]:
    names = ", ".join(methods)
    lines = [f"{kind}: {names} does not read it" for kind in there if kind not in seen]
    needed = {method: str(stated(method).get("needs_evidence", "")) for method in methods}
    for method, kind in needed.items():
        if kind in WORDS and kind not in there:
            lines.append(f"without {WORDS[kind]} there is no network of {method}")
    return lines
