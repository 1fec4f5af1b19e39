"""The objective and scoring of arXiv 2409.13664, reproduced to show what its headline measures.

The notebook trains on graphs of one gene pair each (all genes as nodes, one-hot identities as
features, one edge), copied once per replicate; expression is never read. Its loss is

    BCE(sigmoid(o), 1) + BCE(sigmoid(-o), 0) = 2 softplus(-o)

for every node of every graph: the label of the pair does not occur. Its scores label sigmoid(o)
as 1 and sigmoid(-o) as 0 and threshold both at 0.99: a false positive is impossible, precision is
1 by construction and accuracy (1 + recall) / 2. `metrics.label_free_metrics` computes these; they
are the same for any labels. Against the labels, the same models are scored like any other.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch.nn.functional import softplus

from grn_gat.core.checkpoint import origin
from grn_gat.core.seeds import generator, integer_seed
from grn_gat.evaluate.metrics import LABEL_FREE_CALL
from grn_gat.evaluate.splits import TEST, fold_columns
from grn_gat.supervised.gat import PaperGAT
from grn_gat.supervised.training import Trained, cross_validated

EPOCHS = 10
LEARNING_RATE = 0.01
BATCH_SIZE = 8


def label_free_objective(logits: torch.Tensor) -> torch.Tensor:
    """Return the notebook's loss, the mean of 2 softplus(-o); there is no label in it."""
    return 2 * softplus(-logits).mean()


def _batch(pairs: np.ndarray, genes: int) -> tuple[torch.Tensor, torch.Tensor]:
    """One graph per pair: one-hot nodes (pairs * genes, genes) and edges (2, pairs)."""
    x = torch.eye(genes).repeat(len(pairs), 1)
    shift = torch.arange(len(pairs)) * genes
    return x, torch.as_tensor(pairs.T.copy()) + shift


def _train_fold(
    table: pd.DataFrame, pairs: np.ndarray, genes: Sequence[str], fold: int, seed: int, names: tuple
) -> Trained:
    column = fold_columns(table)[fold]
    test = np.flatnonzero((table[column] == TEST).to_numpy())
    train = np.flatnonzero((table[column] != TEST).to_numpy())
    rng = generator(seed, *names, fold, "batches")
    torch.manual_seed(integer_seed(seed, *names, fold, "weights"))
    model = PaperGAT(len(genes))
    untrained = PaperGAT(len(genes))
    untrained.load_state_dict(model.state_dict())
    optimiser = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    x_test, edges_test = _batch(pairs[test], len(genes))
    curve = []
    for epoch in range(1, EPOCHS + 1):
        losses = []
        for part in np.array_split(rng.permutation(train), max(1, len(train) // BATCH_SIZE)):
            loss = label_free_objective(model(*_batch(pairs[part], len(genes))))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        # No validation set and no stopping, as in the notebook.
        curve.append((fold + 1, epoch, float(np.mean(losses)), float("nan")))
    with torch.no_grad():
        logits = model(x_test, edges_test).double().reshape(len(test), len(genes))
    probability, negated = torch.sigmoid(logits), torch.sigmoid(-logits)
    ends = torch.as_tensor(pairs[test])
    predictions = pd.DataFrame(
        {
            "replicate": table["replicate"].to_numpy()[test],
            "row": test,
            "fold": fold + 1,
            # The score of a pair against the labels: mean logit of its two genes.
            "score": torch.sigmoid(logits.gather(1, ends).mean(dim=1)).numpy(),
            "threshold": 0.5,
            "called": (probability >= LABEL_FREE_CALL).double().mean(dim=1).numpy(),
            "negated_called": (negated >= LABEL_FREE_CALL).double().mean(dim=1).numpy(),
        }
    )
    name = np.array(genes, dtype=object)
    attention = []
    before = untrained.attention(x_test, edges_test)
    for layer, (edges, weights) in enumerate(model.attention(x_test, edges_test), start=1):
        source, target = edges.numpy()
        # Of the self-loops only those of the pair's own genes: the others are 1 by definition.
        graph = source // len(genes)
        local = source % len(genes)
        keep = (source != target) | (pairs[test][graph] == local[:, None]).any(axis=1)
        attention.append(
            pd.DataFrame(
                {
                    "fold": fold + 1,
                    "replicate": table["replicate"].to_numpy()[test][graph],
                    "layer": layer,
                    "Gene1": name[local],
                    "Gene2": name[target % len(genes)],
                    "kind": np.where(source == target, "self", "forward"),
                    "head_1": weights.numpy()[:, 0],
                    "untrained": before[layer - 1][1].numpy()[:, 0],
                }
            )[keep]
        )
    return Trained(
        weights={f"fold_{fold + 1}.{key}": value for key, value in model.state_dict().items()},
        curve=pd.DataFrame(curve, columns=["fold", "epoch", "train_loss", "validation_loss"]),
        predictions=predictions,
        attention=pd.concat(attention),
    )


def train_paper(
    table: pd.DataFrame,
    genes: Sequence[str],
    seed: int,
    names: tuple,
    folder: Path | None = None,
    code: Sequence[str | Path] = (),
) -> Trained:
    """Train and score the paper's protocol; arguments and result as `training.train_folds`.

    Predictions have two more columns, the arguments of `metrics.label_free_metrics`.
    """
    position = {gene: i for i, gene in enumerate(genes)}
    pairs = np.stack(
        [table[c].map(position).to_numpy(dtype=np.int64) for c in ("Gene1", "Gene2")], 1
    )
    return cross_validated(
        lambda fold: _train_fold(table, pairs, genes, fold, seed, names),
        table,
        folder,
        origin([seed, names, genes, table.to_csv(index=False)], [], code),
    )
