"""The style of all figures: colours, lines, markers, titles, and how a figure is written.

Colours are Okabe and Ito's, which colour-blind readers can tell. The text of vector forms is text:
a program that edits them can change it, and its font.
"""

import io
import zlib
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from grn_gat.core.files import atomic_path
from grn_gat.core.protocols import PAPER
from grn_gat.core.row_names import IN_DEGREE, ORACLE, PRODUCT

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
# Of inference methods, in the order of legends. Colour: what a method looks at; shade and line:
# which one of that kind.
LINE_STYLES = {
    "pearson": ("#0072B2", "-"),
    "spearman": ("#56B4E9", "--"),
    "ppcor": ("#003A5C", "-."),
    "spearman-clr": ("#56B4E9", "-"),
    "spearman-pc": ("#56B4E9", "-."),
    "consensus": ("#003A5C", "-"),
    "mutual-information": ("#66C9AB", "--"),
    "clr": ("#009E73", "-"),
    "pidc": ("#004D38", "-."),
    "genie3": ("#E69F00", "-"),
    "grnboost2": ("#8C6100", "--"),
    "scode": ("#D55E00", "-"),
    "sincerities": ("#F2A277", "--"),
    "leap": ("#702F00", "-."),
    "gat-zeroshot": ("#5B3A8E", "-"),
    "gat-zeroshot-pseudotime": ("#A99BD6", "--"),
    "gat-zeroshot-perturbations": ("#A99BD6", "-"),
    "gat-zeroshot-prior": ("#A99BD6", "-."),
    "gat-zeroshot-protein": ("#5B3A8E", "--"),
    "gat-zeroshot-activity": ("#5B3A8E", "-."),
    "gat-zeroshot-velocity": ("#7D5FB8", "-"),
    "gat-zeroshot-evidence": ("#7D5FB8", "--"),
    "random": ("#999999", ":"),
    "constant": ("#000000", ":"),
}
# Of the degrees of other references, the line says which one (`styles`); own methods have the rest.
DEGREE_COLOURS = {PRODUCT: "#CC79A7", IN_DEGREE: "#8F3F6B", ORACLE: "#555555"}
OTHER_COLOURS = ("#7A7A00", "#B5B52E", "#00787A", "#4FB3B5")
OTHER_LINES = ("-", "--", "-.", (0, (6, 1, 1, 1, 1, 1)))

PROTOCOL_TITLES = {
    PAPER: "paper\n(no label used in training)",
    "pooled": "pooled\n(copies of test pairs in training)",
    "pair": "pair\n(gene pair held out)",
    "regulator": "regulator\n(regulator held out)",
    "gene": "gene\n(gene held out)",
}
METRIC_TITLES = {  # that are drawn
    "average_precision": "average precision",
    "auroc": "AUROC",
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
    "consequence": "knock-out",
    "consequence_late": "knock-out, late",
}
MOST_GENES = 30  # larger networks: figures show their hubs only

# Colour and area (square points) of points in the figure of hubs, by the last rank that has them:
# hubs stand out, other genes recede. In grey print the area tells.
RANK_STYLES = {1: ("#D55E00", 52), 3: ("#E69F00", 36)}
LATER_RANK = ("#A6A6A6", 13)

NO_PROTOCOL = "not carried out on this network: see failures.tsv"

_WIDEST = 0.98  # of a legend, share of the figure: text is a little wider at other resolutions
_STYLE: dict[Any, Any] = {
    "figure.dpi": 100,
    "savefig.dpi": 180,
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "grn-gat",  # else names within a file are drawn at random
    "pdf.fonttype": 42,  # TrueType, which journals ask for
}
VECTOR = ("pdf", "svg")
# A date would make each file another one.
_WITHOUT_DATE: dict[str, dict[str, Any]] = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}


def as_text(name: str) -> str:
    """A name of the user as text of a figure: what is between two $ is no formula."""
    return name.replace("$", r"\$")


def line_style(method: str) -> tuple:
    """Colour and line style of a method, whatever other methods are drawn."""
    if method in LINE_STYLES:
        return LINE_STYLES[method]
    number = zlib.crc32(method.encode())
    return OTHER_COLOURS[number // 4 % 4], OTHER_LINES[number % 4]


def styles(methods: Collection[str]) -> dict[str, tuple]:
    """Colour and line style of each method; degrees of other references by their order."""
    found = {method: line_style(method) for method in methods}
    for control, colour in DEGREE_COLOURS.items():
        for k, method in enumerate(sorted(m for m in methods if m.startswith(control))):
            found[method] = colour, OTHER_LINES[k % len(OTHER_LINES)]
    return found


def is_control(method: str) -> bool:
    """Whether a row infers nothing from expression: a control, or the oracle."""
    return method in ("random", "constant", ORACLE) or method.startswith((PRODUCT, IN_DEGREE))


def in_fixed_order(methods: Collection[str]) -> list[str]:
    """Methods in the order of LINE_STYLES, unknown ones by name before the controls."""
    known = [m for m in LINE_STYLES if m in methods]
    ordered = [*known, *sorted(set(methods) - set(LINE_STYLES))]
    return [*(m for m in ordered if not is_control(m)), *filter(is_control, ordered)]


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


def fitting_legend(figure: Figure, handles: Sequence[Artist]) -> float:
    """Draw a legend at the lower edge, in as few rows as fit; return its height in inches."""
    for rows in range(1, len(handles) + 1):
        columns = -(-len(handles) // rows)
        legend = figure.legend(handles=handles, loc="lower center", ncols=columns)
        box = legend.get_window_extent()
        if columns == 1 or box.width <= _WIDEST * figure.bbox.width:
            break
        legend.remove()
    return box.height / figure.dpi


def legend_below(figure: Figure, handles: Sequence[Artist]) -> None:
    """Draw a legend below the panels, in as few rows as fit, and make the figure higher by it."""
    height, below = figure.get_figheight(), fitting_legend(figure, handles)
    figure.set_figheight(height + below)
    figure.tight_layout(rect=(0, below / (height + below), 1, 1))


@figure_style()
def nothing_to_show(why: str) -> Figure:
    """A figure of one sentence, in place of one that there are no values for."""
    figure, axis = subplots(figsize=(6, 2))
    axis.text(0.5, 0.5, why, ha="center", va="center", wrap=True)
    axis.axis("off")
    return figure


@figure_style()
def save_figure(figure: Figure, path: str, vector: Iterable[str] = ()) -> None:
    """Write a figure as PNG, and beside it in vector forms, each complete or not at all.

    A vector form of before that is not asked for is removed: it would show something else.

    Args:
        figure: what to write.
        path: of the PNG.
        vector: other files, as `vector_forms` names them; those of other figures are left out.
    """
    own = [each for each in vector if Path(each).with_suffix("") == Path(path).with_suffix("")]
    for each in (path, *own):
        form = Path(each).suffix[1:]
        with atomic_path(each) as temporary:
            figure.savefig(temporary, format=form, metadata=_WITHOUT_DATE.get(form))
    for form in VECTOR:
        if not any(each.endswith(f".{form}") for each in own):
            Path(path).with_suffix(f".{form}").unlink(missing_ok=True)


@figure_style()
def png_bytes(figure: Figure) -> bytes:
    """A figure as PNG."""
    png = io.BytesIO()
    figure.savefig(png, format="png")
    return png.getvalue()
