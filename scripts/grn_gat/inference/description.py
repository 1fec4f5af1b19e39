"""From the ranked edges of one method to what one looks at: the strongest edges, and hubs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import Method
from grn_gat.core.files import PathLike, write_table
from grn_gat.data.edge_table import edge_table, write_workbook
from grn_gat.data.network_export import choose_edges, edge_signs, write_graphml
from grn_gat.evaluate.inferred import hub_table, number_of_edges

# Files of a method's network, but for its figures.
FILES = {
    "hubs": "hubs.tsv",
    "edges": "edges.tsv",
    "workbook": "edges.xlsx",
    "graphml": "network.graphml",
}


@dataclass(frozen=True)
class Description:
    """The strongest edges of a method's network.

    Attributes:
        genes: names of the genes of the data; none where the method failed.
        edges: the strongest ones: columns regulator, target, weight, score, rank, directed, sign,
            sign_source, stability (NaN where nobody asked) and drawn (whether it is stable enough).
        hubs: hub measures of all genes in the network that is drawn (`inferred.hub_table`).
        wanted: number of edges that were to be chosen; there are fewer where fewer have a score.
    """

    genes: list[str]
    edges: pd.DataFrame
    hubs: pd.DataFrame
    wanted: int = 0

    @property
    def drawn(self) -> pd.DataFrame:
        """The edges that are drawn."""
        return self.edges[self.edges["drawn"]].reset_index(drop=True)


def describe(
    method: Method,
    ranked: pd.DataFrame,
    genes: Sequence[str],
    regulators: Sequence[str],
    reference: pd.DataFrame,
    expression: np.ndarray | None,
    edges_per_gene: float,
    stability: pd.DataFrame | None = None,
    least: float = 0,
) -> Description:
    """Choose the strongest edges, with their signs, and measure the hubs of those that are drawn.

    Args:
        method: record of the method.
        ranked: its ranked edges.
        genes: names of the genes of the data.
        regulators: names of the candidate regulators.
        reference: known edges, or none.
        expression: array (genes, cells) that the signs come from; None where the method has its
            own.
        edges_per_gene: edges for each gene of the data, where there is no known one.
        stability: of each of them (`stability.stability_table`); None where nobody asked.
        least: share of the runs that an edge has to be in to be drawn.
    """
    names = list(genes)
    number = number_of_edges(names, reference, list(regulators), edges_per_gene)
    edges = choose_edges(ranked, number, method.directed).assign(directed=method.directed)
    edges = edges.join(edge_signs(edges, names, expression))
    edges = _with_stability(edges, stability, least)
    drawn = edges[edges["drawn"]]
    return Description(names, edges, hub_table(names, drawn, list(regulators)), number)


def _with_stability(
    edges: pd.DataFrame, stability: pd.DataFrame | None, least: float
) -> pd.DataFrame:
    """Edges with the columns stability and drawn."""
    if stability is None or not len(stability):
        return edges.assign(stability=np.nan, drawn=True)
    share = stability.set_index(["regulator", "target"])["stability"]
    found = share.reindex(pd.MultiIndex.from_frame(edges[["regulator", "target"]])).to_numpy()
    return edges.assign(stability=found, drawn=np.isnan(found) | (found >= least))


def no_description(ranked: pd.DataFrame) -> Description:
    """Return the description of a method that failed, whose ranked edges are none."""
    edges = choose_edges(ranked, 0).assign(
        directed=True, sign="", sign_source="", stability=np.nan, drawn=True
    )
    return Description([], edges, hub_table([], edges, []))


def write_description(
    found: Description,
    method: Method,
    files: Mapping[str, PathLike],
    figures: Mapping[str, PathLike],
    vector: Iterable[str] = (),
    trusted: bool = True,
) -> None:
    """Write hubs as a table, the network as tables, as GraphML and as figures.

    `files` are those of `FILES` by their keys, `figures` the files (.png) of some themes
    (`figures_inferred.THEMES`), `vector` others beside them (`style.save_figure`). Where scores are
    not `trusted`, none calls them probabilities.
    """
    from grn_gat.report.figures_inferred import plot_inferred
    from grn_gat.report.style import save_figure

    edges = edge_table(found.edges)
    write_table(found.hubs, str(files["hubs"]))
    write_table(edges, str(files["edges"]))
    write_graphml(str(files["graphml"]), found.genes, found.drawn, found.hubs)
    write_workbook(files["workbook"], edges, _about(method))
    label = "probability of the edge" if method.probabilities and trusted else "|score|"
    title = f"{method.title}: the strongest edges"
    for theme, path in figures.items():
        figure = plot_inferred(found.drawn, method.directed, title, label, theme)
        save_figure(figure, str(path), vector)


def _about(method: Method) -> list[str]:
    """Lines above the columns in the workbook."""
    return [
        f"{method.title} ({method.citation}): the strongest edges of its network.",
        "An edge says that expression fits a regulation, not that one was observed.",
    ]
