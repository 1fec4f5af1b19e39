# Config, axes and path helpers: functions and constraints only.
#
# Paths: results/<stage>/<method>/<network>/rep-<replicate>/drop-<dropout>/<protocol>/seed-<seed>/,
# of which a stage has the axes that matter to it.
import os
import re
import sys
from itertools import product
from pathlib import Path

import yaml
from snakemake.exceptions import WorkflowError

if not isinstance(workflow.current_basedir, str | os.PathLike):  # e.g. github(...) in a module
    raise WorkflowError(
        "grn-gat cannot be read from a remote repository: its package in scripts/ is needed when "
        "the workflow is read. Clone it and name the workflow/Snakefile of the clone."
    )
SCRIPTS = Path(workflow.current_basedir).parents[1] / "scripts"
sys.path.insert(0, str(SCRIPTS))

from grn_gat.zeroshot.ablation_plan import trainings
from grn_gat.study.code_dependencies import package_code
from grn_gat.study.config import (
    check_config,
    check_inputs,
    check_writable,
    in_release,
    inferred_network,
)
from grn_gat.data.dataset_files import find_files
from grn_gat.core.errors import InputError
from grn_gat.methods._registry import ZERO_SHOT, ZERO_SHOT_METHODS, module_path
from grn_gat.study.scheduler_timer import use_one_timer

use_one_timer()

RELEASE = "resources/beeline"


# Another workflow that uses this one as a module can give it a prefix, which Snakemake puts before
# the paths of inputs, outputs, logs and benchmarks. Those in params need it too.
placed = workflow.modifier.path_modifier.replace_prefix


def own(path):
    """A file of the user: from the working directory, whatever the prefix of a module."""
    return path if placed(path) == path else os.path.abspath(path)


def bundled(path):
    """A file of the repository: relative where the study is in it, so that both can be moved."""
    if not Path.cwd().is_relative_to(SCRIPTS.parent):
        return str(path)
    relative = os.path.relpath(path)
    return relative if placed(relative) == relative else str(path)


def here_or_bundled(path):
    """A path below the working directory or, where there is none, below the repository."""
    ours = SCRIPTS.parent / path
    return bundled(ours) if not Path(path).exists() and ours.exists() else own(path)


BEELINE_VALUES = bundled(SCRIPTS.parent / "workflow/resources/beeline_values.tsv")


def located(entry):
    """A network of the config with its files where they are, seen from the working directory."""
    if "folders" in entry:  # edges and regulators are relative to each of them
        folders = [f if in_release(f, RELEASE) else own(f) for f in entry["folders"]]
        return entry | {"folders": folders}
    files = {"h5ad", "expression", "edges", "regulators", "reference"}
    if Path(entry.get("expression", "")).suffix not in ("", ".h5ad"):  # else columns of obs
        files.add("pseudotime")
    return {
        key: here_or_bundled(value) if key == "model" else own(value) if key in files else value
        for key, value in entry.items()
    }


try:
    schema = Path(workflow.current_basedir).parent / "schemas" / "config.schema.yaml"
    config.update(check_config(config, yaml.safe_load(schema.read_text())))
    # Where the files are; the config itself keeps what the user wrote, for the report.
    ENTRIES = {name: located(entry) for name, entry in config["networks"].items()}
    check_inputs({"networks": ENTRIES}, RELEASE)
    INFERRED = inferred_network(config)  # of target infer: name and entry, or None
    if INFERRED:
        INFERRED = INFERRED[0], located(INFERRED[1])
    WEIGHTS = here_or_bundled(config["method_settings"][ZERO_SHOT]["weights"])
    if not Path(WEIGHTS).is_file():
        raise InputError(f"config: method_settings.{ZERO_SHOT}.weights: there is no file {WEIGHTS!r}")
    check_writable(placed("results").split("/")[0])
except InputError as error:
    raise WorkflowError(str(error)) from None

NETWORKS = config["networks"]
SIMULATED = [name for name, entry in NETWORKS.items() if "model" in entry]
if INFERRED:
    ENTRIES[INFERRED[0]] = INFERRED[1]
IMPORTED = [name for name in ENTRIES if name not in SIMULATED]
DROPOUTS = [f"{level:03d}" for level in config["dropout"]]
SEEDS = config["seeds"]
# In one order, so that listing them in another one reruns nothing.
PROTOCOLS = [p for p in ("paper", "pooled", "pair", "gene") if p in config["protocols"]]
SUPERVISED = [p for p in PROTOCOLS if p != "paper"]  # trained with labels
METHODS = config["methods"]
ZERO_SHOT_ASKED = [method for method in METHODS if method in ZERO_SHOT_METHODS]
# Every method on all pairs, no label used: scored like a protocol, where there is a method.
SCORED = [*PROTOCOLS, *(["unsupervised"] if METHODS else [])]
MODEL_CONTROLS = sorted(config["model_controls"]) if SUPERVISED else []
# Protocols under which the zero-shot model is fine-tuned.
FINE_TUNED = [p for p in SUPERVISED if p in config["fine_tuning"]["protocols"]]


def only(names):
    """Regular expression that matches these names and nothing else."""
    return "|".join(map(re.escape, names)) if names else "(?!)"


def is_beelines(name, entry):
    """Whether a network is simulated from the bundled model, or data of the release, of a name."""
    if "model" in entry:
        return entry["model"] == f"workflow/resources/models/{name}.tsv"
    clean_data = re.compile(rf".*/Curated/{name}/{name}-\d+-\d+/?")  # no dropout in the name
    folders = entry.get("folders", [])
    return bool(folders) and all(
        in_release(folder, RELEASE) and clean_data.fullmatch(folder) for folder in folders
    )


wildcard_constraints:
    network="|".join(map(re.escape, ENTRIES)),
    method=only(METHODS),
    control=only(MODEL_CONTROLS),
    replicate=r"\d+",
    dropout=r"\d{3}",
    protocol=only(PROTOCOLS),
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
FAILURES = "results/scores/{network}/unsupervised/failures.tsv"
HUBS = "results/hubs/{network}"
METHOD = "results/predictions/{method}/{network}/rep-{replicate}/drop-{dropout}"
RANKED = (
    "results/predictions/gat/{network}/rep-{replicate}/drop-{dropout}/{protocol}/seed-{seed}/"
    "rankedEdges.csv"
)
# The control models: those that see no expression are trained once for all dropout levels.
CONTROL_MODEL = (
    "results/control_models/{control}/{network}/drop-{dropout}/{protocol}/seed-{seed}/"
    "predictions.tsv"
)
FINE_TUNING = "results/fine_tuning/{network}/drop-{dropout}/{protocol}/seed-{seed}"
GRAPH = "results/graphs/{network}/rep-{replicate}/drop-{dropout}/graph.safetensors"
INFERRED_NETWORK = "results/inferred/{network}"
INFERRED_METRICS = f"{INFERRED_NETWORK}/{{method}}/metrics.tsv"
FIGURES = "results/figures/{network}"
METHOD_SUMMARY = "results/figures/method_summary/drop-{dropout}.png"
BEELINE_FIGURE = "results/figures/beeline.png"
# Networks that BEELINE's published values are of: bundled models, or data of its release.
BEELINE_NETWORKS = [
    name
    for name in ("mCAD", "VSC", "HSC", "GSD")
    if name in NETWORKS and 0 in config["dropout"] and is_beelines(name, NETWORKS[name])
]
# Chapters of the report. Snakemake sorts them by name: the numbers keep the order of the story.
CHAPTERS = {
    "overview": "1 Overview",
    "data": "2 What was simulated",
    "paper": "3 What the paper's protocol measures",
    "honest": "4 What honest protocols give",
    "methods": "5 Methods and controls",
    "hubs": "6 Hubs",
    "run": "7 Run statistics",
    "numbers": "8 All numbers, versions",
}
TABLE_NAMES = ["summary", "metrics", "stability", "metrics_by_replicate", "comparison"]
TABLE_NAMES += ["hubs"] if PROTOCOLS else []
TABLE_NAMES += ["usage", "time", "failures", "beeline"] if METHODS else []
COLLECTED = expand("results/tables/{table}.tsv", table=TABLE_NAMES)
TABLES = ["results/tables/overview.html", "results/tables/versions.tsv", *COLLECTED]


def code(script):
    """Package files that a script depends on: editing one of them reruns the rule."""
    return list(map(bundled, package_code(SCRIPTS / f"{script}.py")))


def train_environment(device):
    """Environment of a rule that trains on this device, seen from the folder of the rules.

    `auto` takes the CPU's: a CUDA one cannot be installed where no GPU is, as on login nodes.
    """
    return "../../envs/train-gpu.yaml" if device == "cuda" else "../../envs/train.yaml"


def clean(pattern):
    """The data set before dropout."""
    return pattern.replace("{dropout}", "000")


def replicates(network):
    """Replicate numbers of a network."""
    entry = NETWORKS[network]
    return range(1, entry.get("replicates", len(entry.get("folders", [0]))) + 1)


def entry_of(wildcards):
    """Config entry of a network."""
    return ENTRIES[wildcards.network]


def model_description(wildcards):
    """The .yaml file beside a model's rules, where there is one."""
    path = Path(entry_of(wildcards)["model"]).with_suffix(".yaml")
    return [str(path)] if path.is_file() else []


def source_folder(wildcards):
    """Folder that a replicate is read from."""
    folders = entry_of(wildcards)["folders"]
    number = int(wildcards.replicate)
    if not 1 <= number <= len(folders):
        raise WorkflowError(f"{wildcards.network} has {len(folders)} replicates, not {number}")
    return folders[number - 1]


def source_files(wildcards):
    """Files that an imported data set is read from."""
    entry = entry_of(wildcards)
    named = [entry[key] for key in ("edges", "regulators") if key in entry]
    if "expression" in entry:
        files = [entry["expression"], *map(entry.get, ("pseudotime", "regulators"))]
        return [file for file in files if file and Path(file).is_file()]
    if "h5ad" in entry:
        return [entry["h5ad"], *named]
    folder = source_folder(wildcards)
    if in_release(folder, RELEASE):
        return [f"{RELEASE}/verified.tsv", *filter(os.path.isabs, named)]
    files = find_files(folder, entry.get("edges"), entry.get("regulators"))
    return [str(file) for file in files if file is not None]


def source_entry(wildcards):
    """What an imported replicate is read from: its own folder, not those of the others."""
    entry = dict(entry_of(wildcards))
    if "expression" in entry:  # adding a reference must not repeat the inference
        entry.pop("reference", None)
    if "folders" in entry:
        entry["folder"] = placed(source_folder(wildcards))
        del entry["folders"]
    return entry


def memory(base, per_input=4, per_pair=0):
    """Memory in MB: `base` plus a multiple of the input's size, doubled with each attempt.

    `per_pair` is what an ordered pair of genes of `input.expression` takes, in kB.

    Inputs that are not there yet, because the same group job makes them, count nothing: with
    `input.size_mb` Snakemake would leave the whole job out of the group's memory.
    """

    def needed(wildcards, input, attempt):
        size = sum(os.path.getsize(path) for path in input if os.path.isfile(path))
        pairs = 0
        if per_pair and os.path.isfile(input.expression):
            with open(input.expression, "rb") as file:
                pairs = (sum(1 for _ in file) - 1) ** 2
        wanted = base + per_input * size / 2**20 + per_pair * pairs / 1000
        return int(wanted) * 2 ** (attempt - 1)

    return needed


def runtime(minutes):
    """Run time in minutes, doubled with each attempt."""
    return lambda wildcards, attempt: minutes * 2 ** (attempt - 1)


def gpus(device):
    """The resource `gpu` of a training job: only where the config insists on a CUDA device."""
    return {"gpu": 1} if device == "cuda" else {}


def over_replicates(pattern):
    """Input function: `pattern` for every replicate of the network."""
    return lambda wildcards: expand(
        pattern, replicate=replicates(wildcards.network), allow_missing=True
    )


def over_networks(pattern, **axes):
    """Files of a pattern for all networks (and other axes)."""
    return expand(pattern, network=list(NETWORKS), **axes)


def method_files(network, file, methods=METHODS):
    """A file of every method, replicate and dropout level of a network, in this order."""
    axes = {"method": methods, "replicate": replicates(network), "dropout": DROPOUTS}
    return expand(f"{METHOD}/{file}", network=network, **axes)


def method_axes(wildcards, methods=METHODS):
    """Method, replicate and dropout level of each of `method_files`."""
    return list(product(methods, replicates(wildcards.network), DROPOUTS))


def compared(wildcards):
    """Methods that a protocol is scored with: none where its pairs are no network."""
    return METHODS if wildcards.protocol in SUPERVISED else []


def control_models(wildcards):
    """Control, dropout level (None where it sees no expression) and seed of each model."""
    if wildcards.protocol not in SUPERVISED:
        return []
    return [
        (control, level, seed)
        for control in MODEL_CONTROLS
        for level in (DROPOUTS if control == "gat-shuffled" else [None])
        for seed in SEEDS
    ]


def fine_tuned(wildcards):
    """Dropout level and seed of each fine-tuned model of a protocol."""
    return list(product(DROPOUTS, SEEDS)) if wildcards.protocol in FINE_TUNED else []


def method_settings(wildcards):
    """The config's settings of a method."""
    if wildcards.method in ZERO_SHOT_METHODS:  # one block for both
        return config["method_settings"][ZERO_SHOT] | {"weights": WEIGHTS}
    return config["method_settings"].get(wildcards.method, {})


def method_code(wildcards):
    """Package files that a method depends on: editing one method reruns no other."""
    method = module_path(wildcards.method)
    return sorted({*code("infer_network"), *map(bundled, [method, *package_code(method)])})


def ranked_edges():
    """BEELINE's rankedEdges.csv of the GATv2, for every network and all axes."""
    axes = {"dropout": DROPOUTS, "protocol": PROTOCOLS, "seed": SEEDS}
    return [
        path
        for network in NETWORKS
        for path in expand(RANKED, network=network, replicate=replicates(network), **axes)
    ]


def inference_jobs():
    """Network, method, benchmark file and log file of every inference job of the study."""
    return [
        (
            network,
            method,
            placed(f"results/benchmarks/{job}.tsv"),
            placed(f"results/logs/{job}.log"),
        )
        for network in NETWORKS
        for method, replicate, dropout in product(METHODS, replicates(network), DROPOUTS)
        for job in [f"infer_network/{method}/{network}/rep-{replicate}/drop-{dropout}"]
    ]


def timed_jobs():
    """What (rule or method) and benchmark file of the jobs of the study, up to the scores."""
    jobs = [(method, benchmark) for _, method, benchmark, _ in inference_jobs()]

    def add(rule, pattern, what=None, **axes):
        files = expand(f"results/benchmarks/{rule}/{pattern}.tsv", **axes)
        jobs.extend((what or rule, placed(file)) for file in files)

    for network in NETWORKS:
        runs = {"network": network, "replicate": replicates(network)}
        models = {"network": network, "dropout": DROPOUTS, "seed": SEEDS if PROTOCOLS else []}
        source = "simulate_expression" if network in SIMULATED else "import_expression"
        levels = [level for level in DROPOUTS if level != "000"]
        add(source, "{network}/rep-{replicate}", **runs)
        add("apply_dropout", "{network}/rep-{replicate}/drop-{dropout}", dropout=levels, **runs)
        add("score_methods", "{network}", network=network)
        add("score_predictions", "{network}/{protocol}", network=network, protocol=PROTOCOLS)
        add("train_gat", "{network}/drop-{dropout}/seed-{seed}", **models)
        if FINE_TUNED:
            add("fine_tune_gat", "{network}/drop-{dropout}/seed-{seed}", **models)
        for control in MODEL_CONTROLS:
            shown = models | ({} if control == "gat-shuffled" else {"dropout": "000"})
            place = f"{control}/{{network}}/drop-{{dropout}}/seed-{{seed}}"
            add("train_control_models", place, what=control, **shown)
    return jobs


def figures():
    """Every figure of the study."""
    names = ["expression"]
    names += ["metrics", "curves", "hubs", "network", "training"] if PROTOCOLS else []
    names += ["paper_protocol"] if "paper" in PROTOCOLS else []
    found = over_networks(f"{FIGURES}/{{figure}}.png", figure=names)
    if METHODS:
        found += over_networks(f"{FIGURES}/methods.png")
        found += expand(METHOD_SUMMARY, dropout=DROPOUTS)
        found += [BEELINE_FIGURE] if BEELINE_NETWORKS else []
    return found


def inferred_files(file, methods=METHODS):
    """A file of every method of a network of target infer."""
    return expand(f"{INFERRED_NETWORK}/{{method}}/{file}", method=methods, allow_missing=True)


def with_reference():
    """Whether target infer has known edges to score its networks with."""
    return bool(INFERRED) and "reference" in INFERRED[1]


def with_metrics(**files):
    """Outputs of a network of target infer, with its metrics where a reference is given."""
    return files | ({"metrics": INFERRED_METRICS} if with_reference() else {})


def inferred_target(wildcards):
    """The report of the networks of target infer, and their metrics where a reference is given.

    Snakemake does not look for changed inputs of a job one of whose outputs it has never made: a
    reference that is added to finished networks takes effect as its metrics are asked for.
    """
    if not INFERRED:
        raise WorkflowError("target infer needs --config expression=PATH name=NAME")
    metrics = expand(INFERRED_METRICS, network=INFERRED[0], method=METHODS)
    page = f"results/inferred/{INFERRED[0]}/report.html"
    return [page, *(metrics if with_reference() else [])]


def study_targets():
    """Everything that a full run makes: tables, figures and ranked edges."""
    return [*TABLES, *figures(), *(ranked_edges() if PROTOCOLS else [])]
