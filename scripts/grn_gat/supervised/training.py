"""Cross-validated training of the pair model: labels of training pairs in, out-of-fold scores out.

What keeps the scores honest:

* messages pass over training edges and expression-derived edges only;
* in each epoch the training edges are divided anew into edges that carry messages and edges that
  are to be predicted, so that no edge is predicted from its own presence in the message graph;
* features are scaled with statistics of training pairs and of genes in training pairs;
* early stopping and the decision threshold use validation pairs; test pairs are scored once, with
  the weights of the lowest validation loss (the last that lowered it by more than 0.001).

Of large networks (a thousand genes have a million pairs) the work of an epoch does not grow with
the number of pairs: its negatives are drawn anew each time, not dealt until all had their turn, and
the validation loss, every fourth epoch, is that of a sample that stays the same. That begins with
LARGE_POOL training pairs without an edge, over all replicates.
"""

import copy
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as bce
from torch_geometric.data import Data

from grn_gat.core.checkpoint import Checkpoint, State, origin
from grn_gat.core.device import choose_device
from grn_gat.core.errors import InputError
from grn_gat.core.seeds import generator, integer_seed
from grn_gat.evaluate.metrics import best_f1_threshold
from grn_gat.evaluate.scoring import named_predictions
from grn_gat.evaluate.splits import TEST, TRAIN, VALIDATION, fold_columns
from grn_gat.supervised.early_stopping import EarlyStopping
from grn_gat.supervised.gat import PairGAT

_EDGE_KINDS = 4  # training edge forward, backward, its sign, expression-derived edge
_IMPROVEMENT = 1e-3  # of the validation loss, in nats, that resets the patience
_SCORING_CHUNK = 100_000  # pairs decoded at once
LARGE_POOL = 32_768  # training pairs without an edge that make a network a large one
_SAMPLE = 8_192  # validation pairs of each class that the loss of a large network is taken of
_LOOK_EVERY = 4  # epochs of a large network between two looks at them
_ROLES = (TRAIN, VALIDATION, TEST)
_CURVE = ["fold", "epoch", "train_loss", "validation_loss"]
_TABLES = ("curve", "predictions", "attention")  # of `Trained`


@dataclass(frozen=True)
class Settings:
    """Hyperparameters (config blocks `model` and `training`)."""

    layers: int
    heads: int
    width: int
    neuron_dropout: float
    epochs: int
    patience: int
    learning_rate: float
    weight_decay: float
    message_share: float
    pairs_per_class: int
    device: str


@dataclass
class Trained:
    """What `train_folds` returns: one row per line of the files that the rule writes."""

    weights: dict[str, Tensor]
    curve: pd.DataFrame
    predictions: pd.DataFrame
    attention: pd.DataFrame


def nothing_trained(heads: int) -> Trained:
    """Return what a training gives under a protocol that cannot be carried out: tables of no row.

    `heads`: attention heads of the model that was to be trained.
    """
    named = ["Gene1", "Gene2"]
    weights = [f"head_{k + 1}" for k in range(heads)]
    return Trained(
        weights={},
        curve=pd.DataFrame(columns=_CURVE),
        predictions=pd.DataFrame(
            columns=["replicate", "fold", *named, "edge", "score", "threshold"]
        ),
        attention=pd.DataFrame(
            columns=["fold", "replicate", "layer", *named, "kind", *weights, "untrained"]
        ),
    )


class _Copies:
    """The replicate graphs of one network as one disjoint union, node i of graph r at r * G + i."""

    def __init__(self, graphs: Sequence[Data], device: torch.device):
        first = graphs[0]
        for graph in graphs[1:]:
            if graph.genes != first.genes or not torch.equal(
                graph.edge_label_index, first.edge_label_index
            ):
                raise InputError(
                    f"network {first.network}: replicate {graph.replicate} has other genes or "
                    f"candidate pairs than replicate {first.replicate}"
                )
        self.device = device
        self.names: list[str] = first.genes
        self.replicates = [int(g.replicate) for g in graphs]
        self.genes, self.number = len(first.genes), len(graphs)
        self.x = torch.cat([g.x for g in graphs])
        pair = [g.pair_features.flatten(0, 1) for g in graphs]
        self.pair = torch.cat(pair) if len(pair) > 1 else pair[0]  # which may be large: no copy
        shifts = torch.arange(self.number) * self.genes
        self.expression_edges = torch.cat(
            [g.edge_index + shift for g, shift in zip(graphs, shifts, strict=True)], dim=1
        )
        sign = torch.zeros(self.genes, self.genes)
        sign[first.edge_label_index[0], first.edge_label_index[1]] = first.edge_sign
        self.sign = sign

    def pair_row(self, u: Tensor, v: Tensor) -> Tensor:
        """Row of `pair` that describes nodes u and v of the union (of the same graph)."""
        graph = torch.div(u, self.genes, rounding_mode="floor")
        return (graph * self.genes + u % self.genes) * self.genes + v % self.genes


class _Items:
    """The rows of the table of roles, copied to every replicate graph they apply to."""

    def __init__(self, table: pd.DataFrame, copies: _Copies):
        position = {gene: i for i, gene in enumerate(copies.names)}
        first, second = (
            torch.tensor(table[c].map(position).to_numpy(dtype=np.int64))
            for c in ("Gene1", "Gene2")
        )
        replicate = table["replicate"].to_numpy()
        index = {r: i for i, r in enumerate(copies.replicates)}
        rows, graphs = [], []
        for r, i in index.items():
            member = np.flatnonzero((replicate == 0) | (replicate == r))
            rows.append(member)
            graphs.append(np.full(len(member), i))
        self.row = np.concatenate(rows)
        graph = torch.tensor(np.concatenate(graphs))
        self.regulator = first[self.row] + graph * copies.genes
        self.target = second[self.row] + graph * copies.genes
        self.replicate = np.array(copies.replicates)[graph.numpy()]
        self.label = torch.tensor(table["edge"].to_numpy(dtype=np.float32))[self.row]
        codes = [pd.Categorical(table[c], _ROLES).codes for c in fold_columns(table)]
        self.roles = np.stack(codes, axis=1)[self.row]  # index of _ROLES

    def of(self, fold: int, role: str) -> np.ndarray:
        """Indices of the items that have a role in a fold (from 0)."""
        return np.flatnonzero(self.roles[:, fold] == _ROLES.index(role))


class _Scaled:
    """Rows of a tensor, standardised when they are asked for: of a large one few are, at a time.

    Columns are standardised with mean and sd of the rows `fit`; values beyond 5 sd are clipped.
    """

    def __init__(self, values: Tensor, fit: Tensor):
        chosen = values[fit]
        self.mean, sd = chosen.mean(dim=0), chosen.std(dim=0)
        self.sd = torch.where(sd > 1e-6, sd, torch.ones_like(sd))
        self.values = values

    def rows(self, index: Tensor | slice = slice(None)) -> Tensor:
        """Standardised rows, all by default."""
        return ((self.values[index] - self.mean) / self.sd).clamp(-5, 5)


def _message_graph(copies: _Copies, u: Tensor, v: Tensor, pair: _Scaled) -> tuple[Tensor, Tensor]:
    """Edges that messages pass over, (2, edges), and their features, (edges, kinds + pair).

    `u`, `v`: training edges (regulator and target nodes of the union). Each carries messages both
    ways, marked by direction and sign; expression-derived edges are marked as such.
    """
    e = copies.expression_edges.to(u.device)
    edge_index = torch.stack([torch.cat([u, v, e[0]]), torch.cat([v, u, e[1]])])
    n = len(u)
    kinds = torch.zeros(edge_index.shape[1], _EDGE_KINDS, device=u.device)
    kinds[:n, 0] = 1
    kinds[n : 2 * n, 1] = 1
    kinds[: 2 * n, 2] = copies.sign.to(u.device)[u % copies.genes, v % copies.genes].repeat(2)
    kinds[2 * n :, 3] = 1
    features = pair.rows(copies.pair_row(edge_index[0], edge_index[1]))
    return edge_index, torch.cat([kinds, features], dim=1)


def _score(
    model: PairGAT, h: Tensor, copies: _Copies, items: _Items, pair: _Scaled, which: np.ndarray
) -> Tensor:
    """Logits of the items `which`, in chunks."""
    device = h.device
    logits = []
    for part in torch.as_tensor(which).split(_SCORING_CHUNK):
        u, v = items.regulator[part].to(device), items.target[part].to(device)
        logits.append(model.decode(h, u, v, pair.rows(copies.pair_row(u, v))))
    return torch.cat(logits)


def _balanced_loss(logits: Tensor, label: Tensor) -> Tensor:
    """Mean binary cross-entropy with both classes weighing the same."""
    weight = torch.where(label > 0, 0.5 / (label > 0).sum(), 0.5 / (label == 0).sum())
    return (bce(logits, label, reduction="none") * weight).sum()


def _draw(pool: np.ndarray, number: int, rng: np.random.Generator) -> np.ndarray:
    """Draw `number` items without replacement, starting again whenever the pool is used up."""
    if len(pool) >= LARGE_POOL and number < len(pool):  # no permutation of all for a few
        return pool[rng.choice(len(pool), number, replace=False, shuffle=False)]
    rounds = [rng.permutation(pool) for _ in range(-(-number // len(pool)))]
    return np.concatenate(rounds)[:number]


def _sample(which: np.ndarray, label: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Of the items `which`, in their order, _SAMPLE of each class, or all where it has fewer."""
    parts = (rng.permutation(which[label[which] == value])[:_SAMPLE] for value in (1, 0))
    return np.sort(np.concatenate(list(parts)))


def _attention_table(
    model: PairGAT,
    untrained: PairGAT,
    x: Tensor,
    graph: tuple[Tensor, Tensor],
    copies: _Copies,
    fold: int,
) -> pd.DataFrame:
    """Attention per layer and message: one column per head, and the untrained model's mean.

    `kind`: forward (regulator to target of a training edge), backward (the same edge, target to
    regulator), expression (correlated genes), self.
    """
    tables = []
    names = np.array(copies.names, dtype=object)
    messages = graph[1][:, :_EDGE_KINDS].cpu().numpy()
    kind = np.select(
        [messages[:, 0] > 0, messages[:, 1] > 0], ["forward", "backward"], "expression"
    )
    before = untrained.attention(x, *graph)
    for layer, (edges, weights) in enumerate(model.attention(x, *graph), start=1):
        source, target = edges.cpu().numpy()
        heads = weights.cpu().numpy()
        loops = np.full(len(source) - len(kind), "self")  # appended by the layer
        columns = {
            "fold": fold,
            "replicate": np.array(copies.replicates)[source // copies.genes],
            "layer": layer,
            "Gene1": names[source % copies.genes],
            "Gene2": names[target % copies.genes],
            "kind": np.concatenate([kind, loops]),
        }
        columns |= {f"head_{k + 1}": heads[:, k] for k in range(heads.shape[1])}
        columns["untrained"] = before[layer - 1][1].mean(dim=1).cpu().numpy()
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables)


def _train_fold(
    copies: _Copies, items: _Items, fold: int, settings: Settings, seed: int, names: tuple
) -> Trained:
    device = copies.device
    rng = generator(seed, *names, fold, "negatives")
    label = items.label.numpy()
    train = items.of(fold, TRAIN)
    positives, negatives = train[label[train] > 0], train[label[train] == 0]
    validation, test = items.of(fold, VALIDATION), items.of(fold, TEST)
    large = len(negatives) >= LARGE_POOL
    every = _LOOK_EVERY if large else 1
    drawn = generator(seed, *names, fold, "validation")
    looked_at = _sample(validation, label, drawn) if large else validation

    u, v = items.regulator.to(device), items.target.to(device)
    target_label = items.label.to(device)
    fit = torch.as_tensor(train, device=device)
    x = _Scaled(copies.x.to(device), torch.unique(torch.cat([u[fit], v[fit]]))).rows()
    pair = _Scaled(copies.pair.to(device), copies.pair_row(u[fit], v[fit]))
    pair_features = copies.pair.shape[1]

    torch.manual_seed(integer_seed(seed, *names, fold, "weights"))
    model = PairGAT(
        x.shape[1],
        pair_features,
        _EDGE_KINDS + pair_features,
        settings.layers,
        settings.heads,
        settings.width,
        settings.neuron_dropout,
    ).to(device)
    untrained = copy.deepcopy(model).eval()
    optimiser = torch.optim.AdamW(
        model.parameters(),
        lr=settings.learning_rate,
        weight_decay=settings.weight_decay,
        fused=True,
    )
    all_edges = torch.as_tensor(positives, device=device)
    full_graph = _message_graph(copies, u[all_edges], v[all_edges], pair)
    number = min(max(len(positives), len(negatives)), settings.pairs_per_class)

    best: dict[str, Tensor] | None = None
    stopping = EarlyStopping(-(-settings.patience // every), _IMPROVEMENT)
    curve: list[tuple[int, int, float, float]] = []
    for epoch in range(1, settings.epochs + 1):
        # At least one edge is to be predicted, and at least one of several carries messages.
        carried = min(max(1, round(settings.message_share * len(positives))), len(positives) - 1)
        shuffled = rng.permutation(positives)
        messages = torch.as_tensor(shuffled[:carried], device=device)
        chosen = np.concatenate(
            [_draw(shuffled[carried:], number, rng), _draw(negatives, number, rng)]
        )
        model.train()
        h = model.encode(x, *_message_graph(copies, u[messages], v[messages], pair))
        index = torch.as_tensor(chosen, device=device)
        described = pair.rows(copies.pair_row(u[index], v[index]))
        logits = model.decode(h, u[index], v[index], described)
        loss = bce(logits, target_label[index])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

        if epoch % every and epoch < settings.epochs:
            continue
        model.eval()
        with torch.no_grad():
            h = model.encode(x, *full_graph)
            held = _score(model, h, copies, items, pair, looked_at)
            held_loss = float(_balanced_loss(held, target_label[looked_at]))
        curve.append((fold + 1, epoch, loss.item(), held_loss))
        if stopping.lower(held_loss):
            best = copy.deepcopy(model.state_dict())
        if stopping.over:
            break
    if best is None:
        raise InputError(
            f"training diverged in fold {fold + 1}: the validation loss was never finite; "
            "lower training.learning_rate"
        )
    model.load_state_dict(best)
    model.eval()
    with torch.no_grad():
        h = model.encode(x, *full_graph)
        probability, score = (
            torch.sigmoid(_score(model, h, copies, items, pair, which)).cpu().numpy()
            for which in (validation, test)
        )
    threshold = best_f1_threshold(label[validation] > 0, probability.astype(np.float64))
    predictions = pd.DataFrame(
        {
            "replicate": items.replicate[test],
            "row": items.row[test],
            "fold": fold + 1,
            "score": score,
            "threshold": threshold,
        }
    )
    return Trained(
        weights={f"fold_{fold + 1}.{name}": value.cpu() for name, value in best.items()},
        curve=pd.DataFrame(curve, columns=_CURVE),
        predictions=predictions,
        attention=_attention_table(model, untrained, x, full_graph, copies, fold + 1),
    )


def cross_validated(
    train: Callable[[int], Trained], table: pd.DataFrame, folder: Path | None, made_from: str
) -> Trained:
    """Train every fold of a table of roles and put what they give together.

    Args:
        train: trains a fold (from 0); its predictions have `row`, of the table, in place of names.
        table: roles of the pairs.
        folder: where each fold that is finished is kept; None to keep none.
        made_from: digest of what the folds are trained from (`checkpoint.origin`).
    """
    parts, number = [], len(fold_columns(table))
    for fold in range(number):
        done = f"fold {fold + 1} of {number}"
        path = None if folder is None else folder / f"fold-{fold + 1}.checkpoint.safetensors"
        checkpoint = None if path is None else Checkpoint(path, made_from)
        state = None if checkpoint is None else checkpoint.load()
        if state is not None:
            print(f"{done}: was finished", file=sys.stderr)
            parts.append(Trained(dict(state.tensors), **state.tables))
            continue
        parts.append(train(fold))
        if checkpoint is not None:
            tables = {name: getattr(parts[-1], name) for name in _TABLES}
            checkpoint.save(State(parts[-1].weights, tables))
        epochs, losses = (parts[-1].curve[c] for c in ("epoch", "validation_loss"))
        print(
            f"{done}: {epochs.iloc[-1]} epochs, "
            f"lowest validation loss {losses.min():.4f}, last {losses.iloc[-1]:.4f}",
            file=sys.stderr,
        )
    return Trained(
        weights={k: w for part in parts for k, w in part.weights.items()},
        curve=pd.concat([p.curve for p in parts], ignore_index=True),
        predictions=named_predictions(pd.concat([p.predictions for p in parts]), table),
        attention=pd.concat([p.attention for p in parts], ignore_index=True),
    )


def train_folds(
    graphs: Sequence[Data],
    table: pd.DataFrame,
    settings: Settings,
    seed: int,
    names: tuple,
    folder: Path | None = None,
    code: Sequence[str | Path] = (),
) -> Trained:
    """Train one model per fold on all replicates of a network and score its test pairs.

    Args:
        graphs: one graph per replicate, same genes and candidate pairs.
        table: roles of the pairs (`splits.split_pairs`), of any protocol but paper.
        settings: hyperparameters.
        seed: seed of the workflow; `names` names the random streams of this job.
        names: e.g. ("train", network, dropout, protocol, training seed).
        folder: where each fold that is finished is kept; one that is there already is not
            trained again.
        code: files that the models are made by; folds of others are trained again.

    Returns:
        Weights of all folds, training curve (fold, epoch, train_loss, validation_loss),
        out-of-fold predictions (replicate, fold, Gene1, Gene2, edge, score = probability,
        threshold = largest-F1 threshold on validation pairs), and attention (fold, replicate,
        layer, Gene1 = sender, Gene2 = receiver, kind, head_1.., untrained).
    """
    copies = _Copies(graphs, choose_device(settings.device))
    items = _Items(table, copies)
    arrays = (
        values.numpy()
        for graph in graphs
        for values in (
            graph.x,
            graph.pair_features,
            graph.edge_index,
            graph.edge_label_index,
            graph.edge_sign,
        )
    )
    replicates = [[graph.network, graph.replicate, graph.genes] for graph in graphs]
    rows = pd.util.hash_pandas_object(table, index=False).to_numpy()
    described = [settings, seed, names, str(copies.device), replicates, list(table)]
    return cross_validated(
        lambda fold: _train_fold(copies, items, fold, settings, seed, names),
        table,
        folder,
        origin(described, [*arrays, rows], code),
    )
