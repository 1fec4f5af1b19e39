"""Figures within a page, which needs no other file."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# What a reader who cannot see a figure is told of it; its numbers are in the tables beside it.
WORDS: Mapping[str, str] = {
    "method_summary": (
        "How many times better than chance each method finds edges, on every network; below the "
        "line two controls that see no data."
    ),
    "metrics": (
        "Average precision and AUROC of the GATv2 beside its controls, a line for each, the best "
        "on top, a panel for each protocol."
    ),
    "methods": (
        "Precision by recall of the methods that need no label, a panel for each dropout level."
    ),
    "hubs": "Ranks of the genes by each hub measure, on the reference and on predicted networks.",
}


@dataclass(frozen=True)
class Picture:
    """A figure as a page holds it.

    Attributes:
        network: that it is of; None where it is of the whole study.
        name: one of WORDS.
        file: where it lies.
        source: its bytes, as an address.
        words: what it shows.
    """

    network: str | None
    name: str
    file: str
    source: str
    words: str

    @classmethod
    def of(cls, path: str) -> "Picture":
        """Read results/figures/<network>/<name>.png, or <name>/drop-<ddd>.png of the study."""
        file = Path(path)
        of_study = file.parent.name in WORDS
        name = file.parent.name if of_study else file.stem
        content = base64.b64encode(file.read_bytes()).decode()
        return cls(
            None if of_study else file.parent.name,
            name,
            path,
            f"data:image/png;base64,{content}",
            WORDS[name],
        )
