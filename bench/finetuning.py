"""What is fine-tuning worth on networks that nothing else was chosen or trained on?

Random Boolean networks of config/pretraining.yaml, drawn from a stream of their own, with 6 to 20
genes and 2000 cells without dropout. Their edges are split as under protocol `pair`; the zero-shot
model is scored on all pairs, and fine-tuned per fold with the settings of config.yaml: one model
of the ensemble alone, and the ensemble as the workflow does it. The settings of fine-tuning are
judged here, never on the networks of a study. A row per network.

    python bench/finetuning.py [--networks N] [--cores N] [--output results.tsv]
"""

import argparse
import csv
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]

SEED = 1
GENES = [6, 20]
CELLS = 2000
WEIGHTS = REPOSITORY / "workflow/resources/zeroshot/levels.safetensors"
COLUMNS = ["network", "genes", "edges", "method", "learning_rate", "average_precision"]


def config(name: str) -> dict:
    """A config file of the repository."""
    import yaml

    return yaml.safe_load((REPOSITORY / name).read_text())


def networks(number: int) -> list:
    """Simulated networks with edges enough for every fold."""
    import numpy as np

    from grn_gat.simulate.boolean_model import read_model
    from grn_gat.simulate.chunks import Excluded, as_samples, draw_chunk

    settings = config("config/pretraining.yaml")["pretraining"]["networks"]
    settings = settings | {"sizes": [{"genes": GENES, "share": 1}]}
    models = sorted((REPOSITORY / "workflow/resources/models").glob("*.tsv"))
    excluded = Excluded(map(read_model, models))
    drawn, _ = draw_chunk(settings, excluded, SEED, ("bench fine-tuning",), 2 * number)
    found = []
    for sample in as_samples(drawn):
        edges = int((sample.signs * (1 - np.eye(len(sample.signs)))).astype(bool).sum())
        enough = 8 <= edges <= len(sample.signs) * (len(sample.signs) - 1) - 8
        if enough and len(sample.time) >= CELLS:
            found.append(sample)
    return found[:number]


def scored(task: tuple, weights: Path, rates: list[float]) -> list[dict]:
    """Average precision of the zero-shot model, its fine-tuned forms and the controls."""
    import numpy as np
    import pandas as pd

    from grn_gat.core.device import deterministic
    from grn_gat.core.seeds import generator
    from grn_gat.evaluate.label_controls import degree_product, degree_sum
    from grn_gat.evaluate.metrics import average_precision
    from grn_gat.evaluate.splits import TEST, fold_columns, split_pairs
    from grn_gat.zeroshot.ensemble import Ensemble, edge_probabilities, load_ensemble
    from grn_gat.zeroshot.finetuning import FineTuning, fine_tune

    deterministic()
    number, sample = task
    study = config("config.yaml")
    settings = {k: v for k, v in study["fine_tuning"].items() if k != "protocols"}
    settings["cells"] = study["method_settings"]["gat-zeroshot"]["cells"]
    ensemble = load_ensemble(weights)
    rng = generator(SEED, "bench fine-tuning", number)
    cells = np.sort(rng.permutation(len(sample.time))[:CELLS])
    expression = np.ascontiguousarray(sample.expression[cells].T, np.float32)
    genes = [f"g{k}" for k in range(len(sample.signs))]
    at = [(u, v) for u, v in zip(*np.nonzero(sample.signs), strict=True) if u != v]
    edges = pd.DataFrame([(genes[u], genes[v], "+") for u, v in at]).set_axis(
        ["Gene1", "Gene2", "Type"], axis=1
    )
    folds, share = (study["cross_validation"][key] for key in ("folds", "validation_share"))
    table = split_pairs("pair", genes, edges, genes, [1], folds, share, rng)
    labels = table["edge"].to_numpy() == 1
    place = {gene: k for k, gene in enumerate(genes)}
    u, v = (table[column].map(place).to_numpy() for column in ("Gene1", "Gene2"))
    probability, _ = edge_probabilities(ensemble, expression, None, SEED, settings["cells"])
    tested = (table[fold_columns(table)] == TEST).to_numpy()

    rows = []

    def add(method: str, scores, truth=labels, rate: float | str = "") -> None:
        rows.append(
            dict(zip(COLUMNS[:3], (number, len(genes), len(at)), strict=True))
            | {"method": method, "learning_rate": rate}
            | {"average_precision": f"{average_precision(truth, scores):.6f}"}
        )

    add("gat-zeroshot", probability[u, v])
    add("random", np.full(len(labels), 0.5))
    for name, control in (("degree-product", degree_product), ("degree-sum", degree_sum)):
        add(name, control(table, rng)[tested])
    single = Ensemble(
        ensemble.members[:1], ensemble.temperature, ensemble.shift, ensemble.sign_temperature
    )
    for rate in rates:
        for name, start in (("one model", single), ("gat-finetuned", ensemble)):
            found, _ = fine_tune(
                start, [expression], genes, table,
                FineTuning(**settings | {"learning_rate": rate}), SEED, (name, number),
            )  # fmt: skip
            add(name, found["score"], found["edge"] == 1, rate)
    return rows


def main() -> None:
    """Score all networks, print the means and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--networks", type=int, default=60)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument(
        "--rates",
        type=float,
        nargs="+",
        default=[config("config.yaml")["fine_tuning"]["learning_rate"]],
    )
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    tasks = list(enumerate(networks(arguments.networks), start=1))
    one = partial(scored, weights=arguments.weights, rates=arguments.rates)
    rows: list[dict] = []
    with ProcessPoolExecutor(arguments.cores, mp_context=get_context("spawn")) as pool:
        for number, found in enumerate(pool.map(one, tasks), start=1):
            rows += found
            print(f"{number} of {len(tasks)} networks", flush=True)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    with open(arguments.output, "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for key in dict.fromkeys((row["method"], row["learning_rate"]) for row in rows):
        values = [
            float(r["average_precision"]) for r in rows if (r["method"], r["learning_rate"]) == key
        ]
        print(*key, f"{sum(values) / len(values):.4f}", sep="\t")


if __name__ == "__main__":
    main()
