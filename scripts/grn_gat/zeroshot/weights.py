"""Weights of gat-zeroshot of either kind: those of levels (`ensemble`), or of any data."""

import json
from pathlib import Path

from grn_gat.zeroshot.ensemble import Ensemble, load_ensemble
from grn_gat.zeroshot.zeroshot_model import FORMAT, ZeroShotModel, load_model


def load_weights(path: str | Path) -> Ensemble | ZeroShotModel:
    """Read a weights file; InputError where it is none."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            told = json.loads((file.metadata() or {}).get("grn_gat", "{}"))
    except (OSError, SafetensorError, ValueError):
        told = {}  # the other reader says what is wrong
    return load_model(path) if told.get("format") == FORMAT else load_ensemble(path)
