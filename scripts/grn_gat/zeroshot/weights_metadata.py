"""What a weights file of gat-zeroshot says about itself; without torch."""

import json
from pathlib import Path


def read_metadata(path: str | Path) -> dict:
    """Return architecture, calibration and provenance (`ensemble.save_ensemble`)."""
    from safetensors import safe_open

    with safe_open(path, "numpy") as file:
        return json.loads(file.metadata()["grn_gat"])
