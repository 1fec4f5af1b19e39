"""Where the numbers of the documentation come from, and how they are read."""

import csv
import shutil
import sys
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
DEFAULT, CURATED, PRETRAINING = "config.yaml", "config/curated.yaml", "config/pretraining.yaml"
TABLES = "docs/results"
CARD = "workflow/resources/zeroshot/any_data.md"
CARD_SCORES = "workflow/resources/zeroshot/any_data.tsv"
# Of the weights of levels, which were the default before those of any data.
LEVELS_CARD = "workflow/resources/zeroshot/levels.md"
LEVELS_SCORES = "workflow/resources/zeroshot/levels.tsv"
CALIBRATION = "workflow/resources/zeroshot/calibration.tsv"
# Rows of the last runs in which they were the default: no command makes these tables anew.
LEVELS = "levels"
BEELINE_VALUES = "workflow/resources/beeline_values.tsv"
# A data set of BEELINE's release, which target infer was given with its reference: all methods.
RELEASED = "mCAD-2000-1"
REAL = ("real", "hematopoiesis")  # studies of real cells: make real, make hematopoiesis
# Of the default study (make reproduce), of make bench, make ablation and make curated.
SOURCES = {
    "summary.tsv": "results/tables/summary.tsv",
    "comparison.tsv": "results/tables/comparison.tsv",
    "hubs.tsv": "results/tables/hubs.tsv",
    "consequences.tsv": "results/perturbations/HSC/consequences.tsv",
    "fates.tsv": "results/perturbations/HSC/fates.tsv",
    "hub_worth.tsv": "hub-worth-study/results/hub_worth/hub_worth.tsv",
    "hub_worth.png": "hub-worth-study/results/hub_worth/hub_worth.png",
    "simulation.tsv": "results/bench/simulation.tsv",
    "reading.tsv": "results/bench/reading.tsv",
    "views.tsv": "results/bench/views.tsv",
    "views_whole.tsv": "results/bench/views_whole.tsv",
    "transcriptional.tsv": "results/bench/transcriptional.tsv",
    "measurement.tsv": "results/bench/measurement.tsv",
    "methods.tsv": "results/bench/methods.tsv",
    "infer_files.tsv": "results/bench/infer_files.tsv",
    "atlas.h5ad.txt": "results/bench/atlas.h5ad.txt",
    "regdiffusion.tsv": "results/bench/regdiffusion.tsv",
    "zeroshot.tsv": "results/bench/zeroshot.tsv",
    "finetuning.tsv": "results/bench/finetuning.tsv",
    "coverage.tsv": "results/bench/coverage.tsv",
    "coverage_regulators.tsv": "results/bench/coverage_regulators.tsv",
    "study.tsv": "results/bench/study.tsv",
    "cluster.tsv": "results/bench/cluster.tsv",
    "trust.tsv": "trust-study/results/tables/trust.tsv",
    "realism/realism.tsv": "realism-study/results/realism/realism.tsv",
    "realism/summary.tsv": "realism-study/results/realism/summary.tsv",
    "realism/realism.png": "realism-study/results/realism/realism.png",
    **{
        f"held_out/{name}": f"held-out-study/results/held_out/{name}"
        for name in ("held_out.tsv", "held_out.png", "probabilities.png")
    },
    **{
        f"knock_outs/{name}": f"knock-outs-study/results/knock_outs/{name}"
        for name in ("knock_outs.tsv", "knock_outs.png")
    },
    "ablation/summary.tsv": "results/pretraining/ablation/summary.tsv",
    "ablation/training_curve.tsv": "results/pretraining/members/member-1.curve.tsv",
    "ablation/ablation.png": "results/pretraining/ablation/ablation.png",
    "any_data/kinds.tsv": "any-data-study/results/tables/kinds.tsv",
    "curated/summary.tsv": "curated-study/results/tables/summary.tsv",
    "curated/comparison.tsv": "curated-study/results/tables/comparison.tsv",
    "curated/beeline.tsv": "curated-study/results/tables/beeline.tsv",
    "curated/stability.tsv": "curated-study/results/tables/stability.tsv",
    "curated/usage.tsv": "curated-study/results/tables/usage.tsv",
    "curated/failures.tsv": "curated-study/results/tables/failures.tsv",
    **{
        f"{study}/{table}.tsv": f"{study}-study/results/tables/{table}.tsv"
        for study in REAL
        for table in ("kinds", "leaders", "comparison", "usage")
    },
    **{f"{study}/kinds.png": f"{study}-study/results/figures/kinds/drop-000.png" for study in REAL},
    "curated/study.tsv": "curated-study/results/bench/study.tsv",
}
# Of the summaries, which are long, the rows with these metrics are kept.
KEPT = {
    "prevalence", "accuracy", "f1", "auroc", "average_precision", "average_precision_ratio",
    "auprc_beeline", "early_precision_ratio", "label_free_accuracy", "label_free_f1",
    "functional_average_precision",
}  # fmt: skip
SUMMARIES = {"summary.tsv", "curated/summary.tsv"}
FIRST = (
    "make reproduce, make bench, make bench-curated, make real, make hematopoiesis, make pretrain, "
    "make ablation, make trust, make hub-worth, make realism, make held-out and target infer with "
    f"BEELINE's {RELEASED} (name={RELEASED} reference=refNetwork.csv methods=all)"
)


def path(name: str) -> Path:
    """A file of the repository; ends the program where there is none."""
    if not (REPOSITORY / name).is_file():
        sys.exit(f"error: no {name}: {FIRST} and make readme first")
    return REPOSITORY / name


def read(name: str) -> list[dict[str, str]]:
    """Rows of a tab-separated table of the repository."""
    with open(path(name), newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def result(name: str) -> list[dict[str, str]]:
    """Rows of a table in docs/results."""
    return read(f"{TABLES}/{name}")


def config(name: str) -> dict:
    """A config file of the repository."""
    return yaml.safe_load(path(name).read_text(encoding="utf-8"))


def replicates(summary: list[dict]) -> int:
    """Number of data sets that a study has of each network: its values without a seed."""
    (number,) = {
        int(r["n"])
        for r in summary
        if (r["protocol"], r["method"]) == ("unsupervised", "gat-zeroshot")
    }
    return number


def released_methods() -> list[str]:
    """Names of the methods with scores on the released data set."""
    return sorted(file.stem for file in (REPOSITORY / TABLES / RELEASED).glob("*.tsv"))


def copy_results() -> None:
    """Copy the tables of the last runs to docs/results; ends the program where one is missing."""
    metrics = (REPOSITORY / f"results/inferred/{RELEASED}").glob("*/metrics.tsv")
    released = {f"{RELEASED}/{file.parent.name}.tsv": file for file in sorted(metrics)}
    absent = [source for source in SOURCES.values() if not (REPOSITORY / source).is_file()]
    absent += [] if released else [f"results/inferred/{RELEASED}"]
    if absent:
        sys.exit(f"error: no {', '.join(absent)}: {FIRST} first")
    for name, source in (SOURCES | released).items():
        target = REPOSITORY / TABLES / name
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = _keep_metrics if name in SUMMARIES else shutil.copyfile
        copy(REPOSITORY / source, target)


def _keep_metrics(source: Path, target: Path) -> None:
    """Copy the rows of a summary with the metrics in KEPT."""
    head, *lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    column = head.rstrip("\n").split("\t").index("metric")
    kept = [line for line in lines if line.split("\t")[column] in KEPT]
    target.write_text("".join([head, *kept]), encoding="utf-8")
