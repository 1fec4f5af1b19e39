"""Small views of two kinds, and a small model, for the tests of what is trained on them."""

from pathlib import Path

import torch
import yaml

from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import Excluded
from grn_gat.simulate.training_views import TrainingView, draw_views
from grn_gat.simulate.view_chunks import save_views
from grn_gat.zeroshot.aggregator import Aggregator
from grn_gat.zeroshot.gat import Architecture, ZeroShotGAT
from grn_gat.zeroshot.likeness import FEATURES, Likeness
from grn_gat.zeroshot.prepared import NODE_INPUTS, PAIR_INPUTS
from grn_gat.zeroshot.zeroshot_model import Calibration, ZeroShotModel
from workflows import REPOSITORY


def small_views(kind: str, number: int) -> list[TrainingView]:
    blocks: dict = {}
    for name in ("pretraining", "measurement"):
        text = (REPOSITORY / f"config/{name}.yaml").read_text()
        blocks |= yaml.safe_load(text)["pretraining"]
    blocks["transcriptional"] |= {"genes": [12, 25]}
    blocks["views"] |= {"cells": [80, 120]}
    blocks["evidence"]["perturbations"] |= {"most_cells": 60}
    return draw_views(blocks, kind, ("test",), Excluded(()), number)


def small_chunks(folder: Path, number: int) -> list[Path]:
    for kind in ("linear", "transcriptional"):
        save_views(folder / f"{kind}.safetensors", small_views(kind, number))
    return sorted(folder.glob("*.safetensors"))


def untrained_model(genes: int = 10) -> ZeroShotModel:
    """A zero-shot model of any data, of small sizes and of random weights; `genes` of a subset."""
    torch.manual_seed(3)
    sizes = Architecture(layers=1, width=16, pair_width=8, path_width=4, triple_layers=(), heads=2)
    subsets = ZeroShotGAT(sizes, len(NODE_INPUTS), len(PAIR_INPUTS)).eval()
    aggregator = Aggregator(8, 1)
    torch.nn.init.normal_(aggregator.decode[-1].weight, std=0.1)
    points = generator(9).normal(size=(50, len(FEATURES)))
    calibration = Calibration(1.5, -0.5, 2.0)
    return ZeroShotModel(subsets, aggregator.eval(), genes, Likeness.of(points), calibration)
