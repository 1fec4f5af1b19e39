"""Small views of two kinds for the tests of what is trained on them."""

from pathlib import Path

import yaml

from grn_gat.simulate.chunks import Excluded
from grn_gat.simulate.training_views import TrainingView, draw_views
from grn_gat.simulate.view_chunks import save_views
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
