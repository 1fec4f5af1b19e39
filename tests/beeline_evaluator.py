"""What BEELINE 1.1 computes from its files, written anew from its definitions, file by file.

Nothing here uses our metrics or our readers: rankedEdges.csv and the reference network are read
with pandas as BEELINE reads them, and each metric is taken as plainly as its definition reads:
BLEval's AUPRC, AUROC, EarlyPrecision, SignedEarlyPrecision, Jaccard, Spearman and Motifs (Pratapa
et al., Nature Methods 17 (2020) 147; version 1.1.0).
"""

from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import spearmanr
from sklearn.metrics import auc, precision_recall_curve, roc_auc_score

Pair = tuple[str, str]


class Reference:
    """A reference network: its genes, those of self-loops too, and its edges without self-loops."""

    def __init__(self, path: Path) -> None:
        table = pd.read_csv(path)
        self.genes = sorted(set(table["Gene1"]) | set(table["Gene2"]))
        self.universe = list(permutations(self.genes, 2))
        edges = table[table["Gene1"] != table["Gene2"]]
        self.rows = len(edges)  # with those that are listed twice
        self.edges = set(zip(edges["Gene1"], edges["Gene2"], strict=True))
        self.of_sign = {
            sign: set(zip(part["Gene1"], part["Gene2"], strict=True))
            for sign, part in edges.groupby("Type")
        }


def read_predictions(path: Path) -> dict[Pair, float]:
    """Signed weight of each pair, in the order of the file; of several rows the largest |weight|.

    Self-loops are left out.
    """
    table = pd.read_csv(path, sep="\t")
    table = table[table["Gene1"] != table["Gene2"]]
    largest = table["EdgeWeight"].abs().sort_values(ascending=False, kind="stable").index
    table = table.loc[largest].drop_duplicates(["Gene1", "Gene2"])
    return dict(
        zip(zip(table["Gene1"], table["Gene2"], strict=True), table["EdgeWeight"], strict=True)
    )


def early_selection(weights: dict[Pair, float], k: int) -> set[Pair]:
    """Pairs of at least the weight at rank k, and of at least the smallest that is not zero."""
    sizes = sorted((abs(weight) for weight in weights.values()), reverse=True)
    at_rank = sizes[min(len(sizes), k) - 1]
    smallest = min((size for size in sizes if size > 0), default=0)
    return {pair for pair, weight in weights.items() if abs(weight) >= max(at_rank, smallest)}


def evaluate(weights: dict[Pair, float], reference: Reference) -> dict[str, float]:
    """Metrics of one run, by the names of our columns."""
    labels = [pair in reference.edges for pair in reference.universe]
    scores = [abs(weights.get(pair, 0)) for pair in reference.universe]
    precision, recall, _ = precision_recall_curve(labels, scores)
    share = len(reference.edges) / len(reference.universe)
    chosen = early_selection(weights, len(reference.edges))
    early = len(chosen & reference.edges) / len(chosen)
    found = {
        "auprc_beeline": auc(recall, precision),
        "auprc_ratio": auc(recall, precision) / share,
        "auroc": roc_auc_score(labels, scores),
        "early_precision": early,
        "early_precision_ratio": early / share,
    }
    for name, sign, other in (("activation", "+", "-"), ("repression", "-", "+")):
        column = f"early_precision_ratio_{name}_beeline"
        found[column] = _signed(weights, reference, sign, other)
    ranked = sorted(weights, key=lambda pair: -abs(weights[pair]))[: reference.rows]
    motifs, wanted = motif_numbers(set(ranked)), motif_numbers(reference.edges)
    for motif, number in wanted.items():
        found[f"{motif}_ratio"] = motifs[motif] / number if number else np.nan
    return found


def _signed(weights: dict[Pair, float], reference: Reference, sign: str, other: str) -> float:
    """Early precision of the edges of one sign over their share of all pairs."""
    true, removed = (reference.of_sign.get(s, set()) for s in (sign, other))
    candidates = {pair: weight for pair, weight in weights.items() if pair not in removed}
    if not true or not candidates:
        return np.nan
    chosen = early_selection(candidates, len(true))
    return len(chosen & true) / len(chosen) / (len(true) / len(reference.universe))


def motif_numbers(edges: set[Pair]) -> dict[str, int]:
    """Loops of three genes, feed-forward loops and mutual pairs, counted one by one."""
    genes = {gene for pair in edges for gene in pair}
    triples = list(permutations(genes, 3))
    loops = sum({(a, b), (b, c), (c, a)} <= edges for a, b, c in triples)
    return {
        "feedback_loops": loops // 3,  # each is met from its three genes
        "feed_forward_loops": sum({(a, b), (b, c), (a, c)} <= edges for a, b, c in triples),
        "mutual_pairs": sum((b, a) in edges for a, b in edges) // 2,
    }


def stability(runs: list[dict[Pair, float]], reference: Reference) -> dict[str, float]:
    """Agreement of the runs of a data set, by the names of our columns."""
    chosen = [early_selection(weights, reference.rows) for weights in runs]
    jaccard = [len(a & b) / len(a | b) for a, b in combinations(chosen, 2)]
    vectors = [[weights.get(pair, 0) for pair in reference.universe] for weights in runs]
    spearman = [spearmanr(a, b).statistic for a, b in combinations(vectors, 2)]
    found: dict[str, float] = {}
    for name, values in (("jaccard", jaccard), ("spearman", spearman)):
        found[name] = float(np.median(values))
        found[f"{name}_mad"] = float(np.abs(np.array(values) - np.mean(values)).mean())
    return found
