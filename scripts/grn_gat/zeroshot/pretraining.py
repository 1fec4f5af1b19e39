"""Training of the zero-shot model on simulated random networks, resumable after any epoch.

Every epoch shows each network once, with its own draw of cells, dropouts, pseudotime and gene
order. All draws of an epoch come from the stream of that epoch, so that a training that was
interrupted and resumed gives the same bytes as one that was not.
"""

import math
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as bce
from torch.optim import Optimizer

from grn_gat.core.checkpoint import Checkpoint, State, origin
from grn_gat.core.device import choose_device
from grn_gat.core.errors import InputError
from grn_gat.core.seeds import generator, integer_seed
from grn_gat.evaluate.metrics import average_precision
from grn_gat.simulate.chunks import Sample
from grn_gat.simulate.dropout import apply_dropout
from grn_gat.zeroshot.gat import Architecture, ZeroShotGAT
from grn_gat.zeroshot.muon import Muon
from grn_gat.zeroshot.statistics import WINDOWS, node_and_pair_statistics

Batch = tuple[Tensor, Tensor, Tensor | None, Tensor]
_STANDARDISED_ON = 400  # networks whose statistics set mean and sd of the inputs


def batches(
    sizes: np.ndarray, rng: np.random.Generator, largest: int, pairs: int
) -> list[np.ndarray]:
    """Group networks of similar size: at most `largest`, and `pairs` gene pairs, to a batch."""
    order = np.lexsort([rng.random(len(sizes)), sizes])
    groups, start = [], 0
    while start < len(order):
        stop = start + 1
        while (
            stop < len(order)
            and stop - start < largest
            and (stop + 1 - start) * sizes[order[stop]] ** 2 <= pairs
        ):
            stop += 1
        groups.append(order[start:stop])
        start = stop
    return [groups[k] for k in rng.permutation(len(groups))]


def augmented(samples: Sequence[Sample], settings: Mapping, rng: np.random.Generator) -> Batch:
    """Draw cells, dropouts, scales and gene order of some networks, padded to one batch.

    Returns expression (batch, cells, genes), which genes are real (batch, genes), pseudotime
    (batch, cells) or None, and signs (batch, genes, genes).
    """
    low, high = np.log(settings["cells"])
    cells = min(round(np.exp(rng.uniform(low, high))), *(len(s.expression) for s in samples))
    with_time = rng.random() < settings["pseudotime_share"]
    parts = []
    for sample in samples:
        genes = sample.expression.shape[1]
        chosen = rng.choice(len(sample.expression), cells, replace=False)
        order = rng.permutation(genes)
        values = sample.expression[chosen][:, order].astype(np.float32)
        if rng.random() < settings["dropout_share"]:
            level = rng.uniform(*settings["dropout"])
            values = apply_dropout(values.T, level, level, rng).T
        if rng.random() < settings["gene_scale_share"]:
            values = values * np.exp(rng.normal(0, settings["gene_scale_sd"], genes))
        times = sample.time[chosen].astype(np.float32)
        times = times + rng.normal(0, rng.uniform(*settings["pseudotime_noise"]), cells)
        parts.append((values, times, sample.signs[np.ix_(order, order)]))
    return padded(parts, with_time)


def padded(parts: Sequence[tuple], with_time: bool) -> Batch:
    """One batch of (expression (cells, genes), time, signs) with equally many cells."""
    number, cells = len(parts), len(parts[0][0])
    genes = max(values.shape[1] for values, _, _ in parts)
    expression = np.zeros((number, cells, genes), np.float32)
    real = np.zeros((number, genes), bool)
    signs = np.zeros((number, genes, genes), np.int8)
    for k, (values, _, edges) in enumerate(parts):
        size = values.shape[1]
        expression[k, :, :size] = values
        real[k, :size] = True
        signs[k, :size, :size] = edges
    times = np.stack([t for _, t, _ in parts]).astype(np.float32) if with_time else None
    return (
        torch.from_numpy(expression),
        torch.from_numpy(real),
        None if times is None else torch.from_numpy(times),
        torch.from_numpy(signs),
    )


def scored_pairs(real: Tensor) -> Tensor:
    """(batch, genes, genes): True for the ordered pairs of different real genes."""
    eye = torch.eye(real.shape[1], dtype=torch.bool, device=real.device)
    return real[:, :, None] & real[:, None, :] & ~eye


def losses(edge: Tensor, sign: Tensor, signs: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
    """Cross-entropy of edges, and of the signs of the true edges, each network weighing the same.

    Args:
        edge, sign: logits (batch, genes, genes).
        signs: the truth: +1, -1, 0 (no edge).
        real: (batch, genes).
    """
    counted = scored_pairs(real).float()
    is_edge = (signs != 0).float()
    of_edges = (bce(edge, is_edge, reduction="none") * counted).sum((1, 2)) / counted.sum((1, 2))
    true = counted * is_edge
    of_signs = (bce(sign, (signs > 0).float(), reduction="none") * true).sum((1, 2))
    return of_edges.mean(), (of_signs / true.sum((1, 2)).clamp_min(1)).mean()


def standardise(
    model: ZeroShotGAT, samples: Sequence[Sample], settings: Mapping, rng: np.random.Generator
) -> None:
    """Set mean and sd of the model's inputs from some training networks."""
    chosen = np.linspace(0, len(samples) - 1, min(len(samples), _STANDARDISED_ON)).astype(int)
    some = [samples[k] for k in chosen]  # evenly spread: chunks of one kind follow one another
    sizes = np.array([s.expression.shape[1] for s in some])
    nodes, pairs = [], []
    for group in batches(sizes, rng, 32, 6000):
        expression, real, times, _ = augmented([some[k] for k in group], settings, rng)
        node, pair, _ = node_and_pair_statistics(expression, real, times)
        nodes.append(node[real])
        pairs.append(pair[scored_pairs(real)])
    model.standardise(torch.cat(nodes), torch.cat(pairs))


def optimisers_of(model: ZeroShotGAT, settings: Mapping) -> list[Optimizer]:
    """Muon for the weight matrices of the layers, AdamW for everything else."""
    named = dict(model.layers.named_parameters())
    matrices = [
        p for name, p in named.items() if p.dim() == 2 and not name.endswith("attention.attention")
    ]
    taken = {id(p) for p in matrices}
    others = [p for p in model.parameters() if id(p) not in taken]
    rates = {"lr": settings["learning_rate"], "weight_decay": settings["weight_decay"]}
    return [Muon(matrices, **rates), torch.optim.AdamW(others, fused=True, **rates)]


def state_of(
    model: ZeroShotGAT, optimisers: Sequence[Optimizer], curve: list[list[float]]
) -> State:
    """Everything that the next epoch starts from."""
    tensors = {f"model.{name}": value for name, value in model.state_dict().items()}
    for which, optimiser in enumerate(optimisers):
        for number, values in optimiser.state_dict()["state"].items():
            for name, value in values.items():
                tensors[f"optimiser.{which}.{number}.{name}"] = value
    return State(tensors, values=curve)


def restore(state: State, model: ZeroShotGAT, optimisers: Sequence[Optimizer]) -> None:
    """Put what `_state` took into a model and its optimisers."""
    weights: dict[str, Tensor] = {}
    moments: list[dict[int, dict[str, Tensor]]] = [{} for _ in optimisers]
    for key, value in state.tensors.items():
        kind, name = key.split(".", 1)
        if kind == "model":
            weights[name] = value
        else:
            which, number, name = name.split(".")
            moments[int(which)].setdefault(int(number), {})[name] = value
    model.load_state_dict(weights)
    for optimiser, found in zip(optimisers, moments, strict=True):
        optimiser.load_state_dict(optimiser.state_dict() | {"state": found})


def _moved(batch: Batch, device: torch.device) -> Batch:
    """The batch on a device."""
    expression, real, times, signs = batch
    times = None if times is None else times.to(device)
    return expression.to(device), real.to(device), times, signs.to(device)


def train_member(
    samples: Sequence[Sample],
    validation: Sequence[Sample],
    config: Mapping,
    member: int,
    path: Path,
    code: Sequence[str | Path] = (),
) -> tuple[ZeroShotGAT, pd.DataFrame]:
    """Train one model of the ensemble.

    Args:
        samples, validation: networks to train on, and to follow the training with (they choose
            nothing: the last state is the result).
        config: the block `pretraining` of the config.
        member: number of the model, names its random streams.
        path: file that the state is saved to after each epoch, and resumed from.
        code: files that the model is made by; a state of others is not resumed from.

    Returns:
        The model on the CPU and its curve: epoch, train_loss, validation_loss, validation_ap.

    Raises:
        InputError: the loss is not finite.
    """
    settings, augmentation = config["training"], config["augmentation"]
    seed, names = config["seed"], ("pretraining", "member", member)
    device = choose_device(settings["device"])
    torch.manual_seed(integer_seed(seed, *names, "weights"))
    model = ZeroShotGAT(Architecture(**config["model"]))
    standardise(model, samples, augmentation, generator(seed, *names, "standardise"))
    model.to(device)
    optimisers = optimisers_of(model, settings)
    made_from = origin(
        [config["model"], settings, augmentation, seed, member, str(device)],
        (values for s in [*samples, *validation] for values in (s.signs, s.time, s.expression)),
        code,
    )
    checkpoint = Checkpoint(path, made_from)
    curve: list[list[float]] = []
    if state := checkpoint.load():
        restore(state, model, optimisers)
        curve = state.values
        print(f"resumed after epoch {len(curve)}", file=sys.stderr)
    sizes = np.array([s.expression.shape[1] for s in samples])
    steps = len(batches(sizes, generator(0), settings["batch"], settings["batch_pairs"]))
    total = steps * settings["epochs"]
    for epoch in range(len(curve), settings["epochs"]):
        rng = generator(seed, *names, "epoch", epoch)
        start, summed, seen = time.perf_counter(), 0.0, 0
        groups = batches(sizes, rng, settings["batch"], settings["batch_pairs"])
        for number, group in enumerate(groups):
            step = epoch * steps + number
            rate = min(
                (step + 1) / settings["warmup"], 0.5 + 0.5 * math.cos(math.pi * step / total)
            )
            for optimiser in optimisers:
                for parameters in optimiser.param_groups:
                    parameters["lr"] = settings["learning_rate"] * max(rate, 0.0)
            batch = augmented([samples[k] for k in group], augmentation, rng)
            expression, real, times, signs = _moved(batch, device)
            with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
                edge, sign = model(expression, real, times)
            of_edges, of_signs = losses(edge.float(), sign.float(), signs, real)
            loss = of_edges + settings["sign_weight"] * of_signs
            model.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            for optimiser in optimisers:
                optimiser.step()
            summed, seen = summed + of_edges.item() * len(group), seen + len(group)
            if not math.isfinite(summed):
                raise InputError(
                    f"pretraining diverged in epoch {epoch + 1}: the loss is not finite; lower "
                    "pretraining.training.learning_rate"
                )
        held = validate(model, validation)
        curve.append([epoch + 1, summed / seen, *held])
        seconds = time.perf_counter() - start
        print(
            f"epoch {epoch + 1} of {settings['epochs']}: training loss {curve[-1][1]:.4f}, "
            f"validation loss {held[0]:.4f}, average precision {held[1]:.4f}, {seconds:.0f} s",
            file=sys.stderr,
        )
        checkpoint.save(state_of(model, optimisers, curve))
    columns = ["epoch", "train_loss", "validation_loss", "validation_ap"]
    return model.cpu().eval(), pd.DataFrame(curve, columns=columns)


def unchanged(samples: Sequence[Sample], cells: int, with_time: bool = False) -> Batch:
    """A batch of the first `cells` cells (of all runs in turn) as they were simulated."""
    parts = []
    for sample in samples:
        step = np.linspace(0, len(sample.expression) - 1, cells).astype(int)
        parts.append((sample.expression[step].astype(np.float32), sample.time[step], sample.signs))
    return padded(parts, with_time)


@torch.no_grad()
def validate(
    model: ZeroShotGAT, samples: Sequence[Sample], cells: int = 1000
) -> tuple[float, float]:
    """Mean edge loss and mean average precision on networks without dropout or pseudotime."""
    device = next(model.parameters()).device
    cells = max(WINDOWS, min(cells, *(len(s.expression) for s in samples)))
    sizes = np.array([s.expression.shape[1] for s in samples])
    found, lost = [], []
    model.eval()
    for group in batches(sizes, generator(0), 32, 6000):
        batch = unchanged([samples[k] for k in group], cells)
        expression, real, _, signs = _moved(batch, device)
        edge, sign = model(expression, real)
        lost.append(losses(edge, sign, signs, real)[0].item() * len(group))
        for logits, truth, counted in zip(edge, signs != 0, scored_pairs(real), strict=True):
            labels = truth[counted].cpu().numpy()
            if labels.any() and not labels.all():
                scores = torch.sigmoid(logits[counted].double()).cpu().numpy()
                found.append(average_precision(labels, scores))
    model.train()
    return sum(lost) / len(samples), float(np.mean(found))
