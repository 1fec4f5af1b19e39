"""Cost of data sets to train on, by kind: CPU time beside drawing normals, and bytes on disk.

Each is drawn (network, cells, measurement, evidence), written into a chunk and read back. The
normals are as many as a view has values. All is measured in one process with one thread, in turn.

    python bench/views.py [--views N] [--output results.tsv]

With a folder, in which `snakemake training_views` is run: what all of them cost together, the
start of every job with it. An hour of a core, 11 GB of disk for the 100,000 of the config.

    python bench/views.py --whole views-study [--cores N] [--output results.tsv]
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from grn_gat.core.files import write_table
from grn_gat.core.markdown import markdown_table
from grn_gat.core.seeds import generator
from grn_gat.simulate.boolean_model import read_model
from grn_gat.simulate.chunks import Excluded
from grn_gat.simulate.training_views import draw_views
from grn_gat.simulate.view_chunks import load_views, save_views
from grn_gat.simulate.view_sources import KINDS

REPOSITORY = Path(__file__).resolve().parents[1]
SEED = 1
AT_A_TIME = 50  # views of a chunk here
COLUMNS = [
    "kind", "views", "genes_mean", "cells_mean", "draw_ms", "write_ms", "read_ms", "normals_ms",
    "ratio", "cpu_minutes_per_100000", "kilobytes", "gigabytes_per_100000",
]  # fmt: skip
OF_ALL = ["views", "networks", "jobs", "cpu_minutes", "minutes", "cores", "gigabytes"]


def settings() -> dict:
    """The block `pretraining` of both config files."""
    blocks: dict = {}
    for name in ("pretraining", "measurement"):
        text = (REPOSITORY / f"config/{name}.yaml").read_text()
        blocks |= yaml.safe_load(text)["pretraining"]
    return blocks


def measure(pretraining: dict, kind: str, number: int, file: Path) -> dict[str, float]:
    """Means of one kind over `number` views."""
    models = sorted((REPOSITORY / "workflow/resources/models").glob("*.tsv"))
    excluded = Excluded(map(read_model, models))
    draw_views(pretraining, kind, ("first",), excluded, 1)  # imports
    seconds = dict.fromkeys(("draw", "write", "read", "normals"), 0.0)
    genes, cells, written = [], [], 0
    for start in range(0, number, AT_A_TIME):
        clock = [time.process_time()]
        size = min(AT_A_TIME, number - start)
        views = draw_views(pretraining, kind, ("bench", start), excluded, size)
        clock.append(time.process_time())
        save_views(file, views)
        clock.append(time.process_time())
        list(load_views(file))
        clock.append(time.process_time())
        rng = generator(SEED, "normals")
        for view in views:
            rng.standard_normal(view.values.shape)
        clock.append(time.process_time())
        for name, took in zip(seconds, np.diff(clock), strict=True):
            seconds[name] += took
        genes += [len(view.values) for view in views]
        cells += [view.values.shape[1] for view in views]
        written += file.stat().st_size
    return {
        **{name: 1e3 * total / number for name, total in seconds.items()},
        "genes": float(np.mean(genes)),
        "cells": float(np.mean(cells)),
        "kilobytes": written / number / 1e3,
    }


def row(kind: str, number: int, found: dict[str, float]) -> list[str]:
    """One row of the table."""
    made = found["draw"] + found["write"]
    return [
        kind, str(number), f"{found['genes']:.0f}", f"{found['cells']:.0f}", f"{found['draw']:.2f}",
        f"{found['write']:.2f}", f"{found['read']:.2f}", f"{found['normals']:.2f}",
        f"{made / found['normals']:.1f}", f"{made * 100 / 60:.1f}", f"{found['kilobytes']:.1f}",
        f"{found['kilobytes'] / 10:.2f}",
    ]  # fmt: skip


def whole(folder: Path, cores: int) -> list[str]:
    """Draw all views of the config in an empty folder; the row of the table."""
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"{folder} is not empty: what lies in it would not be drawn")
    folder.mkdir(parents=True, exist_ok=True)
    configs = [f"config/{name}.yaml" for name in ("pretraining", "measurement")]
    command = ["snakemake", "training_views", "--cores", str(cores), "--quiet", "progress"]
    command += ["--directory", str(folder), "--configfile", *configs]
    command[0] = str(Path(sys.executable).with_name("snakemake"))
    start = time.perf_counter()
    subprocess.run(command, check=True, cwd=REPOSITORY)
    minutes = (time.perf_counter() - start) / 60
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    chunks = sorted((folder / "results/pretraining/views").glob("*/*.safetensors"))
    views, networks = 0, set()
    for chunk in chunks:
        for view in load_views(chunk):
            views += 1
            networks.add(hash((view.kind, view.signs.shape, view.signs.tobytes())))
    size = sum(chunk.stat().st_size for chunk in chunks)
    spent = (used.ru_utime + used.ru_stime) / 60
    return [
        str(views), str(len(networks)), str(len(chunks)), f"{spent:.1f}", f"{minutes:.1f}",
        str(cores), f"{size / 1e9:.1f}",
    ]  # fmt: skip


def main() -> None:
    """Measure, print, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--views", type=int, default=300)
    parser.add_argument("--whole", type=Path, metavar="FOLDER", help="empty, or not there yet")
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    columns = OF_ALL if options.whole else COLUMNS
    if options.whole:
        table = [whole(options.whole.resolve(), options.cores)]
    else:
        pretraining = settings()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "views.safetensors"
            table = [
                row(kind, options.views, measure(pretraining, kind, options.views, file))
                for kind in KINDS
            ]
    print(markdown_table(columns, table))
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        write_table(pd.DataFrame(table, columns=columns), options.output)


if __name__ == "__main__":
    main()
