"""Where results are: results/<stage>/<method>/<network>/rep-<replicate>/drop-<dropout>/...

Patterns in Snakemake's notation. A stage has the axes that matter to it, in the order method,
network, replicate, dropout, protocol, seed. `clean` gives the data set before dropout. Where a data
set has several references, `network` is the data set up to the ranked edges of the methods, and one
of its references, `<data set>.<reference>`, from then on.
"""

from collections.abc import Iterable
from itertools import product

RELEASE = "resources/beeline"  # BEELINE's data release, unpacked by a rule
# Files of a folder that is made of one of its scRNA-seq sets, by what they are.
PREPARED = {
    "expression": "{folder}/ExpressionData.csv.gz",
    "pseudotime": "{folder}/PseudoTime.csv",
    "tfs": "{folder}/TFs.txt",
    "counts": "{folder}/prepared.tsv",  # which no folder of a user has
    "remarks": "{folder}/remarks.tsv",
}
PREPARED_REFERENCE = {  # the same of each reference network
    "edges": "{folder}/refNetwork-{reference}.csv",
    "remarks": "{folder}/remarks-{reference}.tsv",
}

DATASET = "results/expression/{network}/rep-{replicate}/drop-{dropout}"
EXPRESSION = f"{DATASET}/ExpressionData.csv"
PSEUDOTIME = f"{DATASET}/PseudoTime.csv"
EDGES = f"{DATASET}/refNetwork.csv"
REGULATORS = f"{DATASET}/regulators.csv"
REMARKS = f"{DATASET}/remarks.tsv"
# Of all dropout levels: what cells come with beside their expression, by kind.
EVIDENCE = "results/expression/{network}/rep-{replicate}/evidence/{evidence}.csv"
EVIDENCE_REMARKS = "results/expression/{network}/rep-{replicate}/evidence/{evidence}_remarks.tsv"
GRAPH = "results/graphs/{network}/rep-{replicate}/drop-{dropout}/graph.safetensors"
SPLIT = "results/splits/{network}/{protocol}/seed-{seed}/folds.tsv"
SPLIT_STATUS = "results/splits/{network}/{protocol}/seed-{seed}/status.tsv"

TRAINING = "results/training/{network}/drop-{dropout}/{protocol}/seed-{seed}"
FINE_TUNING = "results/fine_tuning/{network}/drop-{dropout}/{protocol}/seed-{seed}"
# Models that see no expression are trained once for all dropout levels, under drop-000.
CONTROL_MODEL = (
    "results/control_models/{control}/{network}/drop-{dropout}/{protocol}/seed-{seed}/"
    "predictions.tsv"
)

METHOD = "results/predictions/{method}/{network}/rep-{replicate}/drop-{dropout}"
TRUST = f"{METHOD}/trust.tsv"  # of methods whose scores are probabilities
RANKED = (  # of the GATv2
    "results/predictions/gat/{network}/rep-{replicate}/drop-{dropout}/{protocol}/seed-{seed}/"
    "rankedEdges.csv"
)
SCORES = "results/scores/{network}/{protocol}"
FAILURES = "results/scores/{network}/unsupervised/failures.tsv"
HUBS = "results/hubs/{network}"
PERTURBED = "results/perturbations/{network}/rep-{replicate}/cells.safetensors"
PERTURBATIONS = "results/perturbations/{network}"

INFERRED = "results/inferred/{network}"
REFERENCE_REMARKS = "results/expression/{network}/reference_remarks.tsv"
DONORS = "results/expression/{network}/donors.csv"  # of each cell, on demand
DONOR_REMARKS = "results/expression/{network}/donor_remarks.tsv"
INFERRED_REMARKS = f"{INFERRED}/remarks.tsv"
INFERRED_METRICS = f"{INFERRED}/{{method}}/metrics.tsv"
INFERRED_NULL = f"{INFERRED}/{{method}}/null.tsv"
INFERRED_NULL_EDGES = f"{INFERRED}/{{method}}/null_edges.tsv"
INFERRED_STABILITY = f"{INFERRED}/{{method}}/stability.tsv"
INFERRED_DONORS = f"{INFERRED}/{{method}}/donors.tsv"
# Of groups of cells of one data set; the data set of each group is `<grouped>.<group>`.
COMPARED = "results/inferred/{grouped}"
COMPARISON = f"{COMPARED}/comparison/{{method}}"
COMPARISON_PAGE = f"{COMPARED}/comparison.html"
INFERRED_TIMES = f"{INFERRED}/{{method}}/hub_times.png"  # with pseudotime
INFERRED_PAIRS = f"{INFERRED}/{{method}}/rankedEdges.csv"  # on demand
INFERRED_H5AD = f"{INFERRED}/network.h5ad"  # on demand

TABLE = "results/tables/{table}.tsv"
ALL_REMARKS = "results/tables/remarks.tsv"
OVERVIEW = "results/tables/overview.html"
LANDING = "results/tables/landing.rst"  # what the report opens with
PROVENANCE = "results/provenance.json"
FIGURES = "results/figures/{network}"
METHOD_SUMMARY = "results/figures/method_summary/drop-{dropout}.png"
FOCUS_FIGURE = "results/figures/focus/drop-{dropout}.png"
KINDS_FIGURE = "results/figures/kinds/drop-{dropout}.png"
BEELINE_FIGURE = "results/figures/beeline.png"

EXPORT = "results/exports/{benchmark}"  # predictions as another benchmark reads them

BENCHMARK = "results/benchmarks/{job}.tsv"

CHAPTERS = {  # of the report, in the order of the story
    "overview": "Overview",
    "data": "What was simulated",
    "paper": "What the protocol of the paper measures",
    "honest": "What honest protocols give",
    "methods": "Methods and controls",
    "hubs": "Hubs",
    "perturbations": "What perturbations do",
    "run": "Run statistics",
    "numbers": "All numbers, versions",
}


def clean(pattern: str) -> str:
    """Return the pattern of a data set before dropout."""
    return pattern.replace("{dropout}", "000")


def single(pattern: str) -> str:
    """Return the pattern of a data set with one replicate, before dropout."""
    return clean(pattern).replace("{replicate}", "1")


# Files of the cells: of a data set, whichever of its references a network is scored with.
OF_CELLS = {place(file) for place in (str, clean, single) for file in (EXPRESSION, PSEUDOTIME)}


def fill(pattern: str, **axes: object) -> list[str]:
    """Return `pattern` for all combinations of the axes, the last one changing fastest.

    As Snakemake's `expand(..., allow_missing=True)`: an axis is a list of values, or one value;
    wildcards that are no axis stay as they are, axes that are no wildcard count nothing.
    """
    used = {name: axis for name, axis in axes.items() if f"{{{name}}}" in pattern}
    values = [
        list(axis) if isinstance(axis, Iterable) and not isinstance(axis, str) else [axis]
        for axis in used.values()
    ]
    filled = []
    for chosen in product(*values):
        path = pattern
        for name, value in zip(used, chosen, strict=True):
            path = path.replace(f"{{{name}}}", str(value))
        filled.append(path)
    return filled
