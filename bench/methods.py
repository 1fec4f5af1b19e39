"""CPU time and scores of GENIE3 and GRNBoost2, beside arboreto's on the same data.

arboreto 0.1.6 needs packages that the workflow does not: it gets a virtual environment of its own,
made on the first run and reused as long as the pinned versions stay the same. Both implementations
run there, in one process and in alternation, with one thread and the same scikit-learn; arboreto's
regressions are called one by one, without dask. Both get the same integer for a target, so that
with a fixed number of trees the importances must be identical; the bench fails if they are not.

    python bench/methods.py [--expression ExpressionData.csv] [--output results.tsv]
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[1]

ARBORETO = "arboreto==0.1.6"
# arboreto.core still imports with this version; only arboreto's own scheduling with dask fails.
DASK = "dask[dataframe]==2026.8.0"
SHARED = ("joblib", "numpy", "pandas", "pyyaml", "scikit-learn", "scipy", "threadpoolctl")
SEED = 1
CELLS = 2000
TREES = 50
ROUNDS = 200
INSIDE = "GRN_GAT_BENCH_INSIDE"


class Case(NamedTuple):
    """One comparison: calls without arguments that return importances (genes, genes)."""

    name: str
    ours: Callable
    arboreto: Callable
    identical: bool


# --------------------------------------------------------------------------------- the environment


def requirements() -> list[str]:
    """Return the pinned packages: those of the workflow where both need them, and dask."""
    locked = (REPOSITORY / "requirements.lock").read_text().split()
    return [line for line in locked if line.split("==")[0].lower() in SHARED] + [DASK]


def environment_python(folder: Path) -> Path:
    """Return the interpreter of arboreto's environment; make the environment where it is not."""
    python, stamp = folder / "bin/python", folder / "installed.txt"
    wanted = "\n".join([*requirements(), ARBORETO]) + "\n"
    if not (stamp.exists() and stamp.read_text() == wanted):
        print(f"making the environment {folder}", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, *requirements()], check=True)
        # Its other requirements (distributed, dask's extras) are for its scheduling only.
        subprocess.run([*install, "--no-deps", ARBORETO], check=True)
        stamp.write_text(wanted)
    return python


# ------------------------------------------------------------------------------------- measurement


def expression_matrix(path: Path | None, genes: int):
    """Return the first `genes` rows of a file, or of a simulated HSC data set, and their names."""
    import numpy as np

    if path:
        from grn_gat.data.expression import read_expression

        names, _, values = read_expression(path)
    else:
        from grn_gat.simulate.boolean_model import read_model
        from grn_gat.simulate.simulator import simulate

        model = read_model(REPOSITORY / "workflow/resources/models/HSC.tsv")
        names = list(model.genes)
        values = simulate(model, CELLS, np.random.SeedSequence(SEED)).expression[:, 0].T
    return names[:genes], np.ascontiguousarray(values[:genes], dtype=np.float64)


def arboreto_scores(kind: str, settings: dict, names: list[str], expression, **options):
    """Return arboreto's importances (genes, genes), all genes being candidate regulators."""
    import numpy as np
    from arboreto.core import infer_partial_network

    from grn_gat.algorithms._tree_importance import target_seed

    cells = np.ascontiguousarray(expression.T)
    index = {name: i for i, name in enumerate(names)}
    scores = np.zeros((len(names),) * 2)
    for target, name in enumerate(names):
        links = infer_partial_network(
            kind,
            settings,
            cells,
            names,
            name,
            cells[:, target],
            seed=target_seed(SEED, target),
            **options,
        )
        scores[links["TF"].map(index), target] = links["importance"]
    return scores


def cases(names: list[str], expression) -> list[Case]:
    """Return the comparisons."""
    import numpy as np
    from arboreto.core import RF_KWARGS, SGBM_KWARGS

    from grn_gat.algorithms._registry import genie3, grnboost2

    ours = {"regulators": np.arange(len(names)), "seed": SEED, "threads": 1}
    never = ROUNDS + 1  # a window that the rounds never fill
    return [
        Case(
            f"GENIE3, {TREES} trees",
            lambda: genie3.infer(expression, trees=TREES, **ours),
            lambda: arboreto_scores("RF", RF_KWARGS | {"n_estimators": TREES}, names, expression),
            identical=True,
        ),
        Case(
            f"GRNBoost2, {ROUNDS} rounds",
            lambda: grnboost2.infer(expression, estimators=ROUNDS, early_stop_window=never, **ours),
            lambda: arboreto_scores(
                "GBM",
                SGBM_KWARGS | {"n_estimators": ROUNDS},
                names,
                expression,
                early_stop_window_length=never,
            ),
            identical=True,
        ),
        # The whole method. Since scikit-learn 1.3 arboreto stops at other rounds: see grnboost2.
        Case(
            "GRNBoost2, early stop",
            lambda: grnboost2.infer(expression, **ours),
            lambda: arboreto_scores("GBM", SGBM_KWARGS, names, expression),
            identical=False,
        ),
    ]


def cpu_seconds(task: Callable) -> tuple[float, object]:
    """Return the CPU seconds of one call, and its result."""
    start = time.process_time()
    result = task()
    return time.process_time() - start, result


def compare(case: Case, pairs: int) -> list[list[str]]:
    """Run both in alternation, `pairs` times; return the two rows of the table.

    Once only where the two do different work, which makes a ratio of times mean little.
    """
    import numpy as np
    from scipy.stats import spearmanr

    tasks = {"ours": case.ours, "arboreto": case.arboreto}
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    scores = {}
    for pair in range(pairs if case.identical else 1):
        for name in sorted(tasks, reverse=pair % 2 == 0):
            spent, scores[name] = cpu_seconds(tasks[name])
            seconds[name].append(spent)
    ours, theirs = scores["ours"], scores["arboreto"]
    targets = len(ours)
    if case.identical and not (ours == theirs).all():
        largest = np.abs(ours - theirs).max()
        sys.exit(f"{case.name}: importances differ from arboreto's by up to {largest:.3g}")
    between = ~np.eye(targets, dtype=bool)
    ratio = statistics.median(
        a / b for a, b in zip(seconds["ours"], seconds["arboreto"], strict=True)
    )
    checks = [
        f"{ratio:.3f}",
        f"{spearmanr(ours[between], theirs[between]).statistic:.4f}",
        f"{np.abs(ours - theirs).max():.3g}",
    ]
    rows = []
    for name, implementation in (("ours", "grn-gat"), ("arboreto", ARBORETO.replace("==", " "))):
        per_target = statistics.median(seconds[name]) / targets
        # The importances of boosting sum to the number of its trees, those of a forest to 1.
        trees = TREES if case.name.startswith("GENIE3") else np.median(scores[name].sum(axis=0))
        rows.append([case.name, implementation, f"{trees:.0f}", f"{per_target:.4f}"])
        rows[-1] += checks if name == "ours" else ["", "", ""]
    return rows


HEADER = [
    "method",
    "implementation",
    "trees_per_target_median",
    "cpu_s_per_target_median",
    "ratio_median",
    "spearman",
    "max_abs_difference",
]


def measure(arguments: argparse.Namespace) -> None:
    """Measure, print the table and write it where asked; runs in arboreto's environment."""
    names, expression = expression_matrix(arguments.expression, arguments.genes)
    table = [HEADER]
    for case in cases(names, expression):
        table += compare(case, arguments.pairs)
    widths = [max(len(row[k]) for row in table) for k in range(len(HEADER))]
    for row in table:
        print(
            "  ".join(value.ljust(width) for value, width in zip(row, widths, strict=True)).rstrip()
        )
    print(
        f"\n{len(names)} genes, {expression.shape[1]} cells, {arguments.pairs} pairs of runs, one "
        "thread. Ratio: ours to arboreto, median of the pairs.\nGoal: at most 1 with the same "
        "number of trees, where the importances are identical."
    )
    if arguments.output:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text("".join("\t".join(row) + "\n" for row in table))


def main() -> None:
    """Make the environment if need be and measure in it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--expression", type=Path, help="genes in rows; default: a simulated HSC")
    parser.add_argument("--genes", type=int, default=11, help="take so many genes of the file")
    parser.add_argument("--pairs", type=int, default=5, help="runs of each implementation")
    parser.add_argument("--environment", type=Path, default=REPOSITORY / ".bench/arboreto")
    parser.add_argument("--output", type=Path, help="write the table here, tab-separated")
    arguments = parser.parse_args()
    if arguments.pairs < 1 or arguments.genes < 2:
        parser.error("--pairs must be at least 1 and --genes at least 2")
    if INSIDE in os.environ:
        measure(arguments)
        return
    python = environment_python(arguments.environment.resolve())
    # The environment has arboreto, not this package.
    ours = {"PYTHONPATH": str(REPOSITORY / "scripts")}
    variables = os.environ | {INSIDE: "1", "OMP_NUM_THREADS": "1"} | ours
    sys.exit(subprocess.run([str(python), *sys.argv], env=variables).returncode)


if __name__ == "__main__":
    main()
