"""Figures within a page, which needs no other file."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_DPI = 180  # of files, `style.save_figure`
# What a reader who cannot see a figure is told of it; its numbers are in the tables beside it.
WORDS: Mapping[str, str] = {
    "method_summary": (
        "How many times better than chance each method finds edges, on every network; below the "
        "line a random and a constant score, and an oracle that knows the reference."
    ),
    "focus": (
        "Average precision of the method that the study is about less that of every other one, "
        "with 95 % intervals, a panel for each network."
    ),
    "metrics": (
        "Average precision and AUROC of the GATv2 beside its controls, a line for each, the best "
        "on top, a panel for each protocol."
    ),
    "methods": (
        "Precision by recall of the methods that need no label, a panel for each dropout level."
    ),
    "hubs": (
        "Rank of each gene as a hub, the first on the left, a panel for each measure: in the "
        "reference network, by what knock-outs do where it is simulated from a model, in predicted "
        "networks and by attention, with intervals; the first three ranks are coloured."
    ),
}


@dataclass(frozen=True)
class Picture:
    """A figure as a page holds it.

    Attributes:
        network: that it is of; None where it is of the whole study.
        name: one of WORDS.
        file: where it lies.
        source: its bytes, as an address.
        width: in pixels of a screen with 100 of them in an inch.
        words: what it shows.
    """

    network: str | None
    name: str
    file: str
    source: str
    width: int
    words: str

    @classmethod
    def of(cls, path: str) -> "Picture":
        """Read results/figures/<network>/<name>.png, or <name>/drop-<ddd>.png of the study."""
        file = Path(path)
        of_study = file.parent.name in WORDS
        name = file.parent.name if of_study else file.stem
        png = file.read_bytes()
        pixels = int.from_bytes(png[16:20])  # of its header
        return cls(
            None if of_study else file.parent.name,
            name,
            path,
            f"data:image/png;base64,{base64.b64encode(png).decode()}",
            pixels * 100 // _DPI,
            WORDS[name],
        )
