"""The style of all figures: colours, markers, titles, and how a figure is written.

Colours are Okabe and Ito's, which colour-blind readers can tell.
"""

import io
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from grn_gat.core.files import atomic_path
from grn_gat.core.protocols import PAPER

DROPOUT_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
ANY_DROPOUT = "#555555"  # of what reads no expression, and is the same at all dropout levels
METHOD_STYLE: dict[Any, Any] = {  # of the methods that are drawn: colour, marker, line
    "gat": ("#0072B2", "o", "-"),
    "gat-shuffled": ("#56B4E9", "X", "--"),
    "naive-bayes": ("#CC79A7", "h", "--"),
    "degree-product": ("#D55E00", "s", "--"),
    "degree-sum": ("#E69F00", "P", "--"),
    "pair-lookup": ("#009E73", "^", "--"),
    "random": ("#999999", "D", ":"),
    "constant": ("#000000", "v", ":"),
}
PROTOCOL_TITLES = {
    PAPER: "paper\n(no label used in training)",
    "pooled": "pooled\n(copies of test pairs in training)",
    "pair": "pair\n(gene pair held out)",
    "regulator": "regulator\n(regulator held out)",
    "gene": "gene\n(gene held out)",
}
METRIC_TITLES = {
    "average_precision": "average precision",
    "auroc": "AUROC",
    "early_precision_ratio": "early precision ratio",
    "f1": "F1",
}
MEASURE_TITLES = {
    "degree": "degree",
    "in_degree": "in-degree",
    "out_degree": "out-degree",
    "closeness": "closeness",
    "betweenness": "betweenness",
    "eigenvector": "eigenvector",
    "clustering": "clustering",
    "hits": "HITS",
    "pagerank": "PageRank",
    "attention_given": "attention given",
    "attention_received": "attention received",
}
MOST_GENES = 30  # larger networks: figures show their hubs only

NO_PROTOCOL = "not carried out on this network: see failures.tsv"

_STYLE: dict[Any, Any] = {
    "figure.dpi": 100,
    "savefig.dpi": 180,
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}


def as_text(name: str) -> str:
    """A name of the user as text of a figure: what is between two $ is no formula."""
    return name.replace("$", r"\$")


def figure_style() -> Any:
    """The settings of matplotlib for our figures: a context, or a decorator of what draws one."""
    return matplotlib.rc_context(_STYLE)


class Drawing(Figure):
    """A figure that no window has, and that a notebook shows where a cell ends with it.

    It is made without pyplot, so that drawing needs no screen and leaves the windows, figures and
    backend of the program that draws as they are.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        FigureCanvasAgg(self)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """The picture, and the size on the screen that pyplot's figures have in a notebook."""
        width, height = map(round, self.bbox.size)
        return png_bytes(self), {"width": width, "height": height}


def subplots(
    rows: int = 1,
    columns: int = 1,
    *,
    figsize: tuple[float, float],
    layout: Any = None,
    **options: Any,
) -> tuple[Figure, Any]:
    """Return a figure and its axes, as `matplotlib.pyplot.subplots` with these arguments does."""
    figure = Drawing(figsize=figsize, layout=layout)
    return figure, figure.subplots(rows, columns, **options)


@figure_style()
def nothing_to_show(why: str) -> Figure:
    """A figure of one sentence, in place of one that there are no values for."""
    figure, axis = subplots(figsize=(6, 2))
    axis.text(0.5, 0.5, why, ha="center", va="center", wrap=True)
    axis.axis("off")
    return figure


@figure_style()
def save_figure(figure: Figure, path: str) -> None:
    """Write a figure as PNG, complete or not at all."""
    with atomic_path(path) as temporary:
        figure.savefig(temporary, format="png")


@figure_style()
def png_bytes(figure: Figure) -> bytes:
    """A figure as PNG."""
    png = io.BytesIO()
    figure.savefig(png, format="png")
    return png.getvalue()
