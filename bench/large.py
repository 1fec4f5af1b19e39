"""What one seed of the supervised protocols costs on a made network of a thousand genes.

Runs the workflow in a new folder on one core: the GATv2 and its control with shuffled expression
under protocols pair, regulator and gene, one method without labels, scores and hubs. The data are
those of a made data set (hidden factors, counts, logarithms) and made edges between correlated
genes, with few regulators that have many of them.

Columns of the table: rule, jobs, cpu_seconds (of all its jobs), peak_memory_mb (of the largest, as
Snakemake saw it); the last row is that of all rules.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from grn_gat.core.files import read_table, write_table

REPOSITORY = Path(__file__).resolve().parents[1]
ACCOUNT = "GRN_GAT_JOB_USAGE"  # as in scripts/grn_gat/core/job.py
CONFIG = {
    "networks": {"large": {"folders": ["large"], "regulators": "regulators.csv"}},
    "dropout": [0],
    "seeds": [1],
    "methods": ["pearson"],
    "protocols": ["pair", "regulator", "gene"],
    "model_controls": ["gat-shuffled"],
    "fine_tuning": {"protocols": []},
    "training": {"device": "cpu"},
}


def make_data(folder: Path, genes: int, cells: int, regulators: int, edges: int) -> None:
    """Write a data set in BEELINE's layout, the same each time."""
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((genes, 12)) * rng.gamma(1, 1, (genes, 12))
    hidden = 0.5 * weights @ rng.standard_normal((12, cells)) + rng.standard_normal((genes, cells))
    mean = np.exp(np.clip(hidden + rng.normal(1.5, 1, (genes, 1)), -5, 7))
    values = np.log1p(rng.poisson(mean)).round(4)
    names = [f"GENE{i:04d}" for i in range(genes)]
    near = np.corrcoef(values) ** 2 + 0.02
    np.fill_diagonal(near, 0)
    near /= near.sum(axis=1, keepdims=True)
    chosen = rng.choice(genes, regulators, replace=False)
    share = np.arange(1, regulators + 1) ** -0.7
    found: set[tuple[int, int]] = set()
    while len(found) < edges:
        source = int(rng.choice(chosen, p=share / share.sum()))
        found.add((source, int(rng.choice(genes, p=near[source]))))
    folder.mkdir()
    cell_names = [f"c{i}" for i in range(cells)]
    pd.DataFrame(values, names, cell_names).to_csv(folder / "ExpressionData.csv")
    table = pd.DataFrame(
        [(names[a], names[b]) for a, b in sorted(found)], columns=["Gene1", "Gene2"]
    )
    table.to_csv(folder / "refNetwork.csv", index=False)
    listed = pd.DataFrame({"gene": [names[i] for i in sorted(chosen)]})
    listed.to_csv(folder / "regulators.csv", index=False)


def by_rule(usage: Path, benchmarks: Path) -> pd.DataFrame:
    """The table, from the CPU seconds that jobs said and Snakemake's benchmark files."""
    jobs = pd.DataFrame(json.loads(line) for line in usage.read_text().splitlines())
    jobs["rule"] = [Path(log).with_suffix("").parts[2] for log in jobs["log"]]
    table = jobs.groupby("rule", sort=False)["cpu_seconds"].agg(jobs="size", cpu_seconds="sum")
    memory: dict[str, float] = {}
    for path in benchmarks.rglob("*.tsv"):
        rule = path.relative_to(benchmarks).with_suffix("").parts[0]
        seen = pd.to_numeric(read_table(path)["max_rss"], errors="coerce").max()
        memory[rule] = np.fmax(memory.get(rule, np.nan), seen)
    table["peak_memory_mb"] = table.index.map(memory)
    table.loc["all rules"] = [len(jobs), jobs["cpu_seconds"].sum(), table["peak_memory_mb"].max()]
    return table.reset_index().astype({"jobs": int})


def main() -> None:
    """Make the data, run the study, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for option, default in (("genes", 1120), ("cells", 421), ("regulators", 495), ("edges", 7762)):
        parser.add_argument(f"--{option}", type=int, default=default)
    parser.add_argument("--output", required=True)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_data(folder / "large", given.genes, given.cells, given.regulators, given.edges)
        (folder / "config.json").write_text(json.dumps(CONFIG))
        command = [sys.executable, "-m", "snakemake", "tables", "--cores", "1"]
        command += ["--configfile", str(folder / "config.json"), "--directory", place]
        environment = os.environ | {ACCOUNT: str(folder / "usage.jsonl")}
        subprocess.run(command, cwd=REPOSITORY, env=environment, check=True)
        write_table(by_rule(folder / "usage.jsonl", folder / "results/benchmarks"), given.output, 4)


if __name__ == "__main__":
    main()
