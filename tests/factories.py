"""What several tests build from."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import yaml

from workflows import REPOSITORY

SIX_GENES = [f"G{i}" for i in range(6)]


def expression_table(cells: int, genes: Sequence[str] = SIX_GENES) -> pd.DataFrame:
    """Expression, genes by cells, with a chain G0 -> G1 -| G2; above 0."""
    rng = np.random.default_rng(1)
    values = rng.random((len(genes), cells)) + 0.1
    values[1] = values[0] + 0.1 * rng.random(cells)
    values[2] = 2 - values[1] + 0.1 * rng.random(cells)
    return pd.DataFrame(values, list(genes), [f"c{i}" for i in range(cells)]).round(4)


def pretraining_settings(block: str, *files: str) -> dict:
    """A block of the pretraining's config, e.g. networks; later files change keys of it."""
    settings: dict = {}
    for file in ("config/pretraining.yaml", *files):
        settings |= yaml.safe_load((REPOSITORY / file).read_text())["pretraining"][block]
    return settings
