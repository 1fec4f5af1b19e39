# Config, axes and path helpers: functions and constraints only.
#
# Paths: results/<stage>/<network>/rep-<replicate>/drop-<dropout>/<protocol>/seed-<seed>/...,
# of which a stage has the axes that matter to it.
import re
import sys
from pathlib import Path

import yaml
from snakemake.exceptions import WorkflowError

SCRIPTS = Path(workflow.current_basedir).parents[1] / "scripts"
sys.path.insert(0, str(SCRIPTS))

from grn_gat.code_dependencies import package_code
from grn_gat.config import check_config, check_inputs, check_writable, in_release
from grn_gat.errors import InputError

RELEASE = "resources/beeline"

try:
    schema = Path(workflow.current_basedir).parent / "schemas" / "config.schema.yaml"
    config.update(check_config(config, yaml.safe_load(schema.read_text())))
    check_inputs(config, RELEASE)
    check_writable("results")
except InputError as error:
    raise WorkflowError(str(error)) from None

NETWORKS = config["networks"]
SIMULATED = [name for name, entry in NETWORKS.items() if "model" in entry]
IMPORTED = [name for name in NETWORKS if name not in SIMULATED]
DROPOUTS = [f"{level:03d}" for level in config["dropout"]]
SEEDS = config["seeds"]
PROTOCOLS = config["protocols"]


wildcard_constraints:
    network="|".join(map(re.escape, NETWORKS)),
    replicate=r"\d+",
    dropout=r"\d{3}",
    protocol="|".join(PROTOCOLS),
    seed=r"\d+",


DATASET = "results/expression/{network}/rep-{replicate}/drop-{dropout}"
EXPRESSION = f"{DATASET}/ExpressionData.csv"
PSEUDOTIME = f"{DATASET}/PseudoTime.csv"
EDGES = f"{DATASET}/refNetwork.csv"
REGULATORS = f"{DATASET}/regulators.csv"
TRAINING = "results/training/{network}/drop-{dropout}/{protocol}/seed-{seed}"
SPLIT = "results/splits/{network}/{protocol}/seed-{seed}/folds.tsv"
CONTROLS = "results/controls/{network}/{protocol}/seed-{seed}/predictions.tsv"
SCORES = "results/scores/{network}/{protocol}"
HUBS = "results/hubs/{network}"
RANKED = (
    "results/predictions/gat/{network}/rep-{replicate}/drop-{dropout}/{protocol}/seed-{seed}/"
    "rankedEdges.csv"
)
GRAPH = "results/graphs/{network}/rep-{replicate}/drop-{dropout}/graph.safetensors"


FIGURES = "results/figures/{network}"
FIGURE_NAMES = ["metrics", "curves", "hubs", "network", "training"]
TABLE_NAMES = ["summary", "comparison", "metrics", "hubs", "metrics_by_replicate"]
TABLES = ["results/tables/overview.html", *expand("results/tables/{table}.tsv", table=TABLE_NAMES)]


def only(names):
    """Regular expression that matches these names and nothing else."""
    return "|".join(map(re.escape, names)) if names else "(?!)"


def code(script):
    """Package files that a script depends on: editing one of them reruns the rule."""
    return package_code(SCRIPTS / f"{script}.py")


def clean(pattern):
    """The data set before dropout."""
    return pattern.replace("{dropout}", "000")


def replicates(network):
    """Replicate numbers of a network."""
    entry = NETWORKS[network]
    return range(1, entry.get("replicates", len(entry.get("folders", [0]))) + 1)


def entry_of(wildcards):
    """Config entry of a network."""
    return NETWORKS[wildcards.network]


def model_description(wildcards):
    """The .yaml file beside a model's rules, where there is one."""
    path = Path(entry_of(wildcards)["model"]).with_suffix(".yaml")
    return [str(path)] if path.is_file() else []


def source_files(wildcards):
    """Files that an imported data set is read from."""
    entry = entry_of(wildcards)
    if "h5ad" in entry:
        return [entry[key] for key in ("h5ad", "edges", "regulators") if key in entry]
    folder = Path(entry["folders"][int(wildcards.replicate) - 1])
    if in_release(str(folder), RELEASE):
        return [f"{RELEASE}/verified.tsv"]
    names = ["ExpressionData.csv", "ExpressionData.csv.gz", "PseudoTime.csv"]
    names += [entry.get("edges", "refNetwork.csv"), entry.get("regulators", "")]
    files = [folder / name for name in names if name]
    return [str(file) for file in files if file.is_file()]


def memory(base, per_input=4):
    """Memory in MB: `base` plus a multiple of the input's size, doubled with each attempt."""
    return lambda wildcards, input, attempt: int(base + per_input * input.size_mb) * 2 ** (
        attempt - 1
    )


def runtime(minutes):
    """Run time in minutes, growing with each attempt."""
    return lambda wildcards, attempt: minutes * attempt


def over_replicates(pattern):
    """Input function: `pattern` for every replicate of the network."""
    return lambda wildcards: expand(
        pattern, replicate=replicates(wildcards.network), allow_missing=True
    )


def over_networks(pattern, **axes):
    """Files of a pattern for all networks (and other axes)."""
    return expand(pattern, network=list(NETWORKS), **axes)


def ranked_edges():
    """BEELINE's rankedEdges.csv of every network, replicate, dropout level, protocol and seed."""
    axes = {"dropout": DROPOUTS, "protocol": PROTOCOLS, "seed": SEEDS}
    return [
        path
        for network in NETWORKS
        for path in expand(RANKED, network=network, replicate=replicates(network), **axes)
    ]


def study_targets():
    """Everything that a full run makes: tables, figures and ranked edges."""
    figures = over_networks(f"{FIGURES}/{{figure}}.png", figure=FIGURE_NAMES)
    return [*TABLES, *figures, *ranked_edges()]
