"""Cost of the zero-shot model: training networks, inference beside GENIE3, growth with the data.

Each figure is measured in one run beside what it is compared with, in alternation, with one thread:
simulating random networks beside drawing their normals; inference on HSC (2000 cells, features and
loading of the weights included) beside GENIE3 with 1000 trees. How time and memory grow with genes
and cells is measured in a process of its own for each size, on random data (the cost does not
depend on the values).

    python bench/zeroshot.py [--repeats N] [--output results.tsv]
"""

import argparse
import csv
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]

SEED = 1
TREES = 1000
SIZES = [(3, 500), (10, 500), (50, 500), (200, 500), (500, 500), (1000, 500), (2000, 500)]
SIZES += [(11, 100), (11, 2000), (11, 10_000), (11, 50_000), (2000, 50_000)]
COLUMNS = ["what", "genes", "cells", "cpu_s_median", "ratio_median", "of", "peak_memory_mb"]


def cpu_seconds(task: Callable) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    task()
    return time.process_time() - start


def in_turn(tasks: dict[str, Callable], repeats: int) -> dict[str, list[float]]:
    """CPU seconds of each task, called in turn."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(repeats):
        for name, task in tasks.items():
            seconds[name].append(cpu_seconds(task))
    return seconds


def simulation_tasks() -> tuple[dict[str, Callable], int]:
    """One batch of random networks, and the drawing of its normals; the number of networks."""
    import numpy as np
    import yaml

    from grn_gat.simulate.batch import simulate_batch
    from grn_gat.simulate.boolean_networks import draw_family, draw_size, random_network
    from grn_gat.simulate.simulator import BLOCK, grid

    text = (REPOSITORY / "config/pretraining.yaml").read_text()
    settings = yaml.safe_load(text)["pretraining"]["networks"]
    rng = np.random.default_rng(SEED)
    networks = []
    while sum(len(n.model.genes) for n in networks) < 250:
        size, family = draw_size(settings, rng), draw_family(settings, rng)
        networks.append(random_network(settings, rng, size, family, 8))
    models, parameters = [n.model for n in networks], [n.parameters for n in networks]
    genes, runs = sum(len(m.genes) for m in models), settings["runs"]
    points, _ = grid(models[0])

    def normals() -> None:
        generator = np.random.Generator(np.random.SFC64(SEED))
        buffer = np.empty((BLOCK, 2 * genes, runs), np.float32)
        for _ in range(-(-(points - 1) // BLOCK)):
            generator.standard_normal(dtype=np.float32, out=buffer)

    def networks_task() -> None:
        times = settings["times_per_run"]
        simulate_batch(models, parameters, runs, times, np.random.SeedSequence(SEED))

    return {"normals": normals, "networks": networks_task}, len(networks)


def inference_tasks(weights: str) -> dict[str, Callable]:
    """Inference of HSC by both methods, on one thread."""
    import numpy as np

    from grn_gat.algorithms._registry import run_method
    from grn_gat.simulate.boolean_model import read_model
    from grn_gat.simulate.simulator import simulate

    model = read_model(REPOSITORY / "workflow/resources/models/HSC.tsv")
    expression = simulate(model, 2000, np.random.SeedSequence(SEED)).expression[:, 0].T
    everyone = np.arange(len(model.genes))

    def task(name: str, settings: dict) -> Callable:
        return lambda: run_method(name, model.genes, expression, None, everyone, SEED, 1, settings)

    ours = task("gat-zeroshot", {"weights": weights, "cells": 5000, "subsamples": 1})
    ours()  # imports torch, once
    return {"gat-zeroshot": ours, "genie3": task("genie3", {"trees": TREES})}


def one_size(weights: str, genes: int, cells: int) -> None:
    """Infer from random data; print CPU seconds and peak memory as JSON."""
    import resource

    import numpy as np

    from grn_gat.algorithms.gat_zeroshot import infer

    expression = np.random.default_rng(SEED).gamma(1.0, size=(genes, cells)).astype(np.float32)
    seconds = cpu_seconds(lambda: infer(expression, SEED, weights, 5000, 1))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "memory": memory}))


def main() -> None:
    """Measure, print, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--weights", default="workflow/resources/zeroshot/levels.safetensors")
    parser.add_argument("--one-size", type=int, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one_size:
        one_size(options.weights, *options.one_size)
        return
    rows = []

    def add(*row) -> None:
        rows.append(dict(zip(COLUMNS, row, strict=True)))
        print("\t".join(map(str, row)), flush=True)

    tasks, number = simulation_tasks()
    found = in_turn(tasks, options.repeats)
    ratio = statistics.median(
        a / b for a, b in zip(found["networks"], found["normals"], strict=True)
    )
    seconds = statistics.median(found["networks"]) / number
    add("simulate one random network", "", "", f"{seconds:.4f}", f"{ratio:.2f}", "its normals", "")

    found = in_turn(inference_tasks(options.weights), options.repeats)
    ratio = statistics.median(
        b / a for a, b in zip(found["gat-zeroshot"], found["genie3"], strict=True)
    )
    for name, values in found.items():
        seconds = statistics.median(values)
        times = (f"{ratio:.0f}", "genie3 over gat-zeroshot") if name == "genie3" else ("", "")
        what = f"infer HSC: {name}" + (f", {TREES} trees" if name == "genie3" else "")
        add(what, 11, 2000, f"{seconds:.3f}", *times, "")

    for genes, cells in SIZES:
        command = [sys.executable, __file__, "--weights", options.weights]
        command += ["--one-size", str(genes), str(cells)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        size = json.loads(done.stdout)
        memory = f"{size['memory']:.0f}"
        add("gat-zeroshot, growth", genes, cells, f"{size['seconds']:.2f}", "", "", memory)

    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        with options.output.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
