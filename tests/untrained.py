"""A small zero-shot model of any data as nobody trained it, and evidence of every kind for it."""

from pathlib import Path

import numpy as np
import torch

from grn_gat.data.evidence import NO_TARGET, UNSEEN, Evidence
from grn_gat.zeroshot.aggregator import Aggregator
from grn_gat.zeroshot.ensemble import Ensemble
from grn_gat.zeroshot.gat import Architecture, ZeroShotGAT
from grn_gat.zeroshot.likeness import FEATURES, Likeness
from grn_gat.zeroshot.prepared import NODE_INPUTS, PAIR_INPUTS
from grn_gat.zeroshot.zeroshot_model import Calibration, ZeroShotModel, save_model


def untrained_model(seed: int = 1, genes: int = 8) -> ZeroShotModel:
    """Whatever it is shown changes its scores, as random weights ignore nothing.

    `genes` of a subset.
    """
    torch.manual_seed(seed)
    sizes = Architecture(
        layers=1, heads=2, width=8, pair_width=8, path_width=2, triple_layers=(), candidates=6
    )
    aggregator = Aggregator(width=8, layers=1).eval()
    with torch.no_grad():  # so that scores differ, and so do their signs
        aggregator.input_sd.fill_(0.1)
        torch.nn.init.normal_(aggregator.decode[-1].weight, std=0.3)
        aggregator.decode[-1].bias[1] -= 0.55  # else all would activate
    points = np.random.default_rng(seed).normal(size=(3 * len(FEATURES), len(FEATURES)))
    return ZeroShotModel(
        ZeroShotGAT(sizes, len(NODE_INPUTS), len(PAIR_INPUTS)).eval(),
        Ensemble([ZeroShotGAT(sizes).half().float().eval()]),  # as a file has them
        aggregator,
        genes,
        Likeness.of(points),
        Calibration(shift=-1.0),
    )


def save_untrained(path: Path, seed: int = 1) -> str:
    """Write its weights file; return the path."""
    save_model(path, untrained_model(seed), {"seed": seed, "commit": "0123456789ab"})
    return str(path)


def evidence_of(genes: int, cells: int, seed: int = 2) -> Evidence:
    """Evidence of every kind: the first genes knocked out, random values."""
    rng = np.random.default_rng(seed)
    target = np.full(cells, NO_TARGET)
    target[: cells // 4] = 0
    target[cells // 4 : cells // 3] = 1
    target[-2:] = UNSEEN
    prior = rng.random((genes, genes)) < 0.3
    prior[0, 1], prior[1, 0] = True, False
    np.fill_diagonal(prior, False)
    return Evidence(
        target=target,
        fold=np.where(target == NO_TARGET, 1.0, 0.0),
        protein=rng.gamma(2, size=(2, cells)),
        protein_genes=np.array([0, genes - 1]),
        activity=rng.poisson(2, (genes, cells)).astype(float),
        velocity=rng.normal(size=(genes, cells)),
        priors=(prior, prior.T),
    )
