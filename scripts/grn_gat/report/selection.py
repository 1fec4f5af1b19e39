"""Which methods a figure shows, and which of them it points out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Text

from grn_gat.report.style import is_control

_PALE = 0.5  # opacity of what is drawn beside a method that is pointed out


@dataclass(frozen=True)
class Selection:
    """The methods of a figure.

    Attributes:
        methods: those that are shown, beside the controls, which always are; none: all.
        highlighted: those that stand out; none: all alike.
    """

    methods: Sequence[str] = ()
    highlighted: Sequence[str] = ()

    def rows(self, table: pd.DataFrame) -> pd.DataFrame:
        """Rows of a table with a column `method` that are shown."""
        if not self.methods:
            return table
        named = table["method"]
        return table[named.isin(self.methods) | named.map(is_control).astype(bool)]

    def line(self, method: str, width: float) -> dict[str, Any]:
        """How the line of a method is drawn that has `width` where none stands out."""
        if not self.highlighted:
            return {"lw": width}
        if method in self.highlighted:
            return {"lw": 1.8 * width, "ls": "-", "zorder": 3}
        return {"lw": 0.7 * width, "alpha": _PALE}

    def mark_rows(self, axis: Axes, methods: Sequence[str]) -> None:
        """Make the names of methods that stand out bold, on an axis with a row for each method."""
        self.mark(axis.get_yticklabels(), methods)

    def mark(self, labels: Sequence[Text], methods: Sequence[str]) -> None:
        """Make the first texts bold where they name methods that stand out."""
        for label, method in zip(labels, methods, strict=False):
            if method in self.highlighted:
                label.set_fontweight("bold")


ALL = Selection()
