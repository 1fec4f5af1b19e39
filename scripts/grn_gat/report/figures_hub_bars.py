"""The first hubs of an inferred network as bars: how many genes they activate and repress."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from grn_gat.data.network_export import ACTIVATION, REPRESSION, UNKNOWN, pairs_once
from grn_gat.report.figures_inferred import THEMES
from grn_gat.report.style import as_text, figure_style, nothing_to_show, subplots

SHOWN = 15  # genes
_WORDS = {ACTIVATION: "activated", REPRESSION: "repressed", UNKNOWN: "sign unknown"}
_UNDIRECTED = {ACTIVATION: "rise together", REPRESSION: "opposite", UNKNOWN: "sign unknown"}


def targets_by_sign(edges: pd.DataFrame, directed: bool) -> pd.DataFrame:
    """Return how many edges of each sign a gene has, the gene with most of them first.

    Of a directed network those to its targets, of another one those of each pair.

    Args:
        edges: the drawn ones: regulator, target, sign.
        directed: whether the method tells regulator from target.

    Returns:
        Index gene, columns of the signs; ties by name.
    """
    if not directed:
        once = pairs_once(edges)
        turned = once.rename(columns={"regulator": "target", "target": "regulator"})
        edges = pd.concat([once, turned])
    table = pd.crosstab(edges["regulator"], edges["sign"])
    table = table.reindex(columns=list(_WORDS), fill_value=0)
    order = np.lexsort((table.index.astype(str), -table.sum(axis=1)))
    return table.iloc[order]


@figure_style()
def plot_hub_bars(edges: pd.DataFrame, directed: bool, title: str) -> Figure:
    """Draw the genes with most targets, a bar each, by sign; arguments as `targets_by_sign`."""
    table = targets_by_sign(edges, directed)
    if table.empty:
        return nothing_to_show("no edge")
    shown, words = table[:SHOWN], _WORDS if directed else _UNDIRECTED
    figure, axis = subplots(figsize=(4.8, 1.3 + 0.22 * len(shown)), layout="constrained")
    begin = np.zeros(len(shown))
    for sign, word in words.items():
        values = shown[sign].to_numpy()
        if values.any():
            colour = THEMES["light"].signs[sign]
            axis.barh(range(len(shown)), values, left=begin, color=colour, label=word, height=0.7)
            begin = begin + values
    axis.set_yticks(range(len(shown)), list(map(as_text, shown.index)), fontsize=8)
    axis.invert_yaxis()
    axis.margins(x=0.06)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set_xlabel("targets" if directed else "edges")
    more = f", the first {SHOWN} of {len(table)} genes" if len(table) > SHOWN else ""
    axis.set_title(f"{title}: hubs{more}", loc="left", fontsize=9)
    figure.legend(loc="outside lower center", ncols=3, fontsize=8)
    return figure
