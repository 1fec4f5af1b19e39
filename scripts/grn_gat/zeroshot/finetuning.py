"""The zero-shot model as a start: fine-tuned on the known edges of a network, per fold.

The known labels are what it is trained towards, never an input: a pair is scored from expression
alone. The start is gat-zeroshot, calibrated (`replicates` says what of it is tuned). Training stops
where the validation pairs say so, and the untrained start is one of the states that may win.
"""

import copy
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from grn_gat.core.errors import InputError
from grn_gat.core.seeds import generator
from grn_gat.evaluate.metrics import best_f1_threshold
from grn_gat.evaluate.scoring import named_predictions
from grn_gat.evaluate.splits import TEST, TRAIN, VALIDATION, fold_columns
from grn_gat.supervised.early_stopping import EarlyStopping
from grn_gat.zeroshot.ensemble import Ensemble
from grn_gat.zeroshot.replicates import OfAnyData, OfLevels, Replicates
from grn_gat.zeroshot.zeroshot_model import ZeroShotModel

PREDICTION_COLUMNS = ["replicate", "fold", "Gene1", "Gene2", "edge", "score", "threshold"]
CURVE_COLUMNS = ["fold", "step", "train_loss", "validation_loss"]


@dataclass(frozen=True)
class FineTuning:
    """Config block `fine_tuning`; see the schema."""

    learning_rate: float
    weight_decay: float
    steps: int
    check_every: int
    patience: int
    replicates_per_step: int
    max_genes: int
    cells: int  # of a data set that are used at most: key `method_settings.gat-zeroshot.cells`


def common_genes(replicates: Sequence[Sequence[str]]) -> list[str]:
    """Genes of all replicates; InputError where one has others, or another order of them."""
    first = list(replicates[0])
    for number, genes in enumerate(replicates[1:], start=2):
        if list(genes) != first:
            what = "the genes in another order" if set(genes) == set(first) else "other genes"
            raise InputError(f"replicate {number} has {what} than replicate 1")
    return first


def _fold(
    data: Replicates,
    roles: np.ndarray,
    settings: FineTuning,
    rng: np.random.Generator,
) -> tuple[nn.Module, list[tuple[int, float, float]]]:
    """Fine-tune on the training items of one fold; return the best state and its curve."""
    everyone = range(data.number)
    train, validation = roles == TRAIN, roles == VALIDATION
    model = copy.deepcopy(data.start).train()
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
    )
    # Replicates that have a training pair: a few copies of pairs may leave one without.
    trained = [k for k in everyone if train[data.rows[k]].any()]
    best: Mapping[str, Tensor] = copy.deepcopy(model.state_dict())
    # Training goes on after `patience` looks in vain: the one after them ends it.
    stopping = EarlyStopping(settings.patience + 1)
    curve: list[tuple[int, float, float]] = []
    losses: list[float] = []
    for step in range(settings.steps + 1):
        if step % settings.check_every == 0 or step == settings.steps:
            with torch.no_grad():
                held, label, *_ = data.chosen(data.logits(model, everyone), everyone, validation)
            held_loss = float(bce(held, label))
            curve.append((step, float(np.mean(losses)) if losses else np.nan, held_loss))
            if stopping.lower(held_loss):
                best = copy.deepcopy(model.state_dict())
            if stopping.over or step == settings.steps:
                break
            losses = []
        some = rng.choice(trained, min(settings.replicates_per_step, len(trained)), replace=False)
        number = sum(int(train[data.rows[k]].sum()) for k in some)
        optimiser.zero_grad()
        total = 0.0
        for batch in data.batches(some.tolist()):
            logits, label, *_ = data.chosen(data.logits(model, batch), batch, train)
            loss = bce(logits, label, reduction="sum") / number
            loss.backward()  # at once, so that no other batch is in memory
            total += loss.item()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        losses.append(total)
    model.load_state_dict(best)
    return model, curve


def fine_tune(
    start: Ensemble | ZeroShotModel,
    expressions: Sequence[np.ndarray],
    genes: Sequence[str],
    table: pd.DataFrame,
    settings: FineTuning,
    seed: int,
    names: tuple,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fine-tune the pretrained ensemble per fold on all replicates; score its test pairs.

    Args:
        start: the pretrained weights; `replicates` says what of them is fine-tuned.
        expressions: (genes, cells) of each replicate, the genes in the same order.
        genes: their names.
        table: roles of the pairs (`splits.split_pairs`).
        settings: config block `fine_tuning`.
        seed: seed of the workflow; `names` names the random streams of this job.
        names: e.g. ("fine-tune", network, dropout, protocol, training seed).

    Returns:
        Out-of-fold predictions (replicate, fold, Gene1, Gene2, edge, score = probability,
        threshold = largest-F1 threshold on validation pairs), and the curve (fold, step,
        train_loss, validation_loss; step 0 is the pretrained ensemble). Both are without rows where
        `table` is, and where there are more than `settings.max_genes` genes: time and memory grow
        with their square.
    """
    if table.empty:
        print("not fine-tuned: the protocol cannot be carried out on this network")
        return pd.DataFrame(columns=PREDICTION_COLUMNS), pd.DataFrame(columns=CURVE_COLUMNS)
    if len(genes) > settings.max_genes:
        print(
            f"not fine-tuned: {len(genes)} genes, but fine_tuning.max_genes is {settings.max_genes}"
        )
        return pd.DataFrame(columns=PREDICTION_COLUMNS), pd.DataFrame(columns=CURVE_COLUMNS)
    rng = generator(seed, *names, "cells")
    given = (expressions, genes, table, settings.cells, rng)
    data: Replicates = (
        OfLevels(start, *given) if isinstance(start, Ensemble) else OfAnyData(start, *given)
    )
    everyone = range(len(expressions))
    predictions, curves, folds = [], [], fold_columns(table)
    for number, fold in enumerate(folds, start=1):
        roles = table[fold].to_numpy()
        rng = generator(seed, *names, number, "replicates")
        model, curve = _fold(data, roles, settings, rng)
        with torch.no_grad():
            logits = data.logits(model.eval(), everyone)
            held, label, *_ = data.chosen(logits, everyone, roles == VALIDATION)
            test, _, replicate, row = data.chosen(logits, everyone, roles == TEST)
        probability, score = (torch.sigmoid(x.double()).numpy() for x in (held, test))
        predictions.append(
            pd.DataFrame(
                {
                    "replicate": replicate + 1,
                    "row": row,
                    "fold": number,
                    "score": score,
                    "threshold": best_f1_threshold(label.numpy() > 0, probability),
                }
            )
        )
        curves.append(pd.DataFrame(curve, columns=CURVE_COLUMNS[1:]))
        curves[-1].insert(0, "fold", number)
        best = curves[-1]["validation_loss"].min()
        print(
            f"fold {number} of {len(folds)}: validation loss {curve[0][2]:.4f} pretrained, "
            f"{best:.4f} fine-tuned after {curve[-1][0]} steps",
            file=sys.stderr,
        )
    return named_predictions(pd.concat(predictions), table), pd.concat(curves, ignore_index=True)
