"""Controls that see labels only, or nothing: what a score must be compared with.

Each control takes a table of roles (`splits.split_pairs`) and returns one score per row and fold,
(items, folds). Labels of test and validation rows are never read.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from grn_gat.core.protocols import COPY_PROTOCOLS, PAPER
from grn_gat.core.seeds import generator
from grn_gat.evaluate.metrics import CONSTANT_LOGIT, LABEL_FREE_CALL, best_f1_threshold
from grn_gat.evaluate.splits import TEST, TRAIN, VALIDATION, fold_columns

_DIGITS = 9  # as in the files of predictions


def _training(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the masks (items, folds) of training items and of training edges."""
    train = (table[fold_columns(table)] == TRAIN).to_numpy()
    return train, train & (table["edge"].to_numpy() == 1)[:, None]


def constant(table: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Score every pair the same; called as the majority of the training pairs."""
    return np.full((len(table), len(fold_columns(table))), 0.5)


def random(table: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Score every pair with a uniform random number."""
    shape = (len(table), len(fold_columns(table)))
    return rng.random(shape)


def _degrees(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Out-degree of each row's regulator and in-degree of its target in the training edges."""
    _, edges = _training(table)
    names = pd.unique(pd.concat([table["Gene1"], table["Gene2"]]))
    out, into = np.empty(edges.shape), np.empty(edges.shape)
    for degrees, column in ((out, "Gene1"), (into, "Gene2")):
        code = pd.Categorical(table[column], names).codes
        for i, fold in enumerate(edges.T):
            degrees[:, i] = np.bincount(code, weights=fold, minlength=len(names))[code]
    return out, into


def degree_product(table: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Score u -> v with out-degree(u) x in-degree(v) in the training edges; no expression.

    Under protocols gene and regulator one of the two is 0 for every test pair: see `degree_sum`.
    """
    out, into = _degrees(table)
    return out * into


def degree_sum(table: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Score u -> v with out-degree(u) + in-degree(v): also ranks pairs of a held-out gene."""
    out, into = _degrees(table)
    return out + into


def reverse_edge(table: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Score u -> v with 1 where v -> u is a training edge, else 0.

    Under protocols pair and gene the reverse of a test pair is never in training: constant 0. Under
    regulator it is, where the target is a regulator that was not held out.
    """
    _, edges = _training(table)
    pairs = pd.MultiIndex.from_frame(table[["Gene1", "Gene2"]])
    reverse = pd.MultiIndex.from_frame(table[["Gene2", "Gene1"]])
    return np.stack([reverse.isin(pairs[fold]) for fold in edges.T], axis=1).astype(float)


def naive_bayes(table: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Probability of an edge from the share of edges of its regulator and of its target.

    logit P(edge) = logit r(u) + logit r(v) - logit r, where r is the share of edges among the
    training pairs, r(u) that among pairs with regulator u and r(v) that among pairs with target v,
    both drawn towards r as if one more pair had been seen. No expression.
    """
    train, edges = _training(table)
    logits = np.empty(edges.shape)
    rate = edges.sum(axis=0) / np.maximum(train.sum(axis=0), 1)
    rate = np.clip(rate, 1e-6, 1 - 1e-6)
    logits[:] = -np.log(rate / (1 - rate))
    for column in ("Gene1", "Gene2"):
        code, names = pd.factorize(table[column])
        for i in range(edges.shape[1]):
            seen = np.bincount(code, weights=train[:, i], minlength=len(names))
            linked = np.bincount(code, weights=edges[:, i], minlength=len(names))
            share = (linked + rate[i]) / (seen + 1)
            logits[:, i] += np.log(share / (1 - share))[code]
    return 1 / (1 + np.exp(-logits))


def pair_lookup(table: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Score a pair with the mean label of its copies in the training set; no expression, no model.

    Pairs without a training copy get the share of edges. Where this control is perfect, the
    protocol asks for nothing but memory.
    """
    train, edges = _training(table)
    code = table.groupby(["Gene1", "Gene2"], sort=False).ngroup().to_numpy()
    scores = np.empty(edges.shape)
    for i in range(edges.shape[1]):
        seen = np.bincount(code, weights=train[:, i])
        linked = np.bincount(code, weights=edges[:, i])
        rate = edges[:, i].sum() / train[:, i].sum()
        share = np.divide(linked, seen, out=np.full(len(seen), rate), where=seen > 0)
        scores[:, i] = share[code]
    return scores


def constant_logit(table: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Score every pair with the same number, under which the published scoring finds no mistake."""
    return np.full((len(table), len(fold_columns(table))), 1 / (1 + np.exp(-CONSTANT_LOGIT)))


CONTROLS: dict[str, Callable[[pd.DataFrame, np.random.Generator], np.ndarray]] = {
    "constant": constant,
    "random": random,
    "degree-product": degree_product,
    "degree-sum": degree_sum,
    "reverse-edge": reverse_edge,
    "naive-bayes": naive_bayes,
    "pair-lookup": pair_lookup,
    "constant-logit": constant_logit,
}


def controls_for(protocol: str) -> list[str]:
    """Return the controls that a protocol is scored with."""
    names = ["constant", "random", "degree-product", "degree-sum", "reverse-edge", "naive-bayes"]
    if protocol in COPY_PROTOCOLS:
        names.append("pair-lookup")
    if protocol == PAPER:
        names.append("constant-logit")
    return names


def predict_controls(
    table: pd.DataFrame,
    protocol: str,
    replicates: Sequence[int],
    seed: int,
    names: tuple[str | int, ...],
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Score the test pairs of every fold and replicate with the controls of a protocol.

    Args:
        table: roles of the pairs (`splits.split_pairs`).
        protocol: its protocol.
        replicates: replicate numbers; rows for all replicates (0) are repeated for each.
        seed: seed of the workflow; `names` and the control's name name the random stream.
        names: see `seed`.

    Yields:
        Name and predictions of each control, one at a time, as they are large: columns replicate,
        fold, Gene1, Gene2, edge, score, threshold as the predictions of the GATv2. The threshold is
        the one of largest F1 on the fold's validation pairs (training pairs where a protocol has
        none); `constant` calls what most training pairs are. Those of constant-logit also have
        `called` and `negated_called` (`metrics.label_free_metrics`). Nothing where the table has no
        row: the protocol cannot be carried out.
    """
    if table.empty:
        return
    if (table["replicate"] == 0).all():
        table = pd.concat([table.assign(replicate=r) for r in replicates], ignore_index=True)
    edge = table["edge"].to_numpy() == 1
    for method in controls_for(protocol):
        scores = CONTROLS[method](table, generator(seed, "control", method, *names))
        parts = []
        for fold, column in enumerate(fold_columns(table)):
            role = table[column].to_numpy()
            held = role == (VALIDATION if (role == VALIDATION).any() else TRAIN)
            if method == "constant":  # calls what most training pairs are
                threshold = 0.5 if edge[role == TRAIN].mean() > 0.5 else 1.0
            elif method == "constant-logit":
                threshold = 0.5
            else:
                threshold = best_f1_threshold(edge[held], scores[held, fold])
            rows = table.loc[role == TEST, ["replicate", "Gene1", "Gene2", "edge"]]
            score = scores[role == TEST, fold]
            rows.insert(1, "fold", fold + 1)
            rows["score"] = _rounded(score)
            rows["threshold"] = _rounded(np.array([threshold]))[0]
            if method == "constant-logit":
                rows["called"] = (score >= LABEL_FREE_CALL).astype(float)
                rows["negated_called"] = (1 - score >= LABEL_FREE_CALL).astype(float)
            parts.append(rows)
        yield method, pd.concat(parts, ignore_index=True)


def _rounded(values: np.ndarray) -> np.ndarray:
    """Values with the digits of predictions in files: what differs by rounding only is a tie."""
    distinct, place = np.unique(values, return_inverse=True)
    return np.array([float(f"{value:.{_DIGITS}g}") for value in distinct])[place]
