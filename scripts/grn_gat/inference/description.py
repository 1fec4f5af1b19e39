"""From the ranked edges of one method to what one looks at: the strongest edges, and hubs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import Method
from grn_gat.core.files import PathLike, write_table
from grn_gat.data.edge_evidence import edge_evidence
from grn_gat.data.edge_table import edge_table, write_workbook
from grn_gat.data.evidence import Evidence
from grn_gat.data.network_export import choose_edges, edge_signs, write_graphml
from grn_gat.evaluate.inferred import hub_table, number_of_edges

# Files of a method's network, but for its figures.
FILES = {
    "hubs": "hubs.tsv",
    "edges": "edges.tsv",
    "workbook": "edges.xlsx",
    "graphml": "network.graphml",
    "style": "cytoscape-style.xml",
}
# Its figures: the network on a page of each theme, and its hubs.
FIGURES = {"light": "network.png", "dark": "network-dark.png", "hubs": "hubs.png"}


@dataclass(frozen=True)
class Beside:
    """What else is known of the edges of a method.

    Attributes:
        stability: `stability.stability_table`; None where nobody asked.
        donors: `stability.donor_table`; None where nobody asked.
        null: edges of `null.null_of`; None where nobody asked.
        evidence: what the method saw beside expression.
        least_stability: share of the runs on random parts of the cells that an edge has to be in to
            be drawn.
        least_donors: share of the donors whose own network has to have it.
    """

    stability: pd.DataFrame | None = None
    donors: pd.DataFrame | None = None
    null: pd.DataFrame | None = None
    evidence: Evidence = field(default_factory=Evidence)
    least_stability: float = 0
    least_donors: float = 0

    def of(self, edges: pd.DataFrame, genes: Sequence[str], relative: bool) -> pd.DataFrame:
        """Return the edges with what is known of each, NaN where it is not, and whether drawn.

        Of a method whose scores are `relative` to others of the same data chance says nothing.
        """
        pairs = pd.MultiIndex.from_frame(edges[["regulator", "target"]])

        def known(table: pd.DataFrame | None, column: str) -> np.ndarray:
            if table is None or not len(table):
                return np.full(len(edges), np.nan)
            values = table.set_index(["regulator", "target"])[column]
            return values.reindex(pairs).to_numpy(dtype=float)

        stability, donors = known(self.stability, "stability"), known(self.donors, "donors")
        unstable = (stability < self.least_stability) | (donors < self.least_donors)
        first, second = (pd.Index(genes).get_indexer(edges[c]) for c in ("regulator", "target"))
        return edges.assign(
            stability=stability,
            donors=donors,
            expected_false=known(None if relative else self.null, "expected_false"),
            evidence=edge_evidence(self.evidence, first, second, genes),
            drawn=~unstable,
        )


@dataclass(frozen=True)
class Description:
    """The strongest edges of a method's network.

    Attributes:
        genes: names of the genes of the data; none where the method failed.
        edges: the strongest ones: columns regulator, target, weight, score, rank, directed, sign,
            sign_source, and those of `Beside.of`: stability, donors, expected_false, evidence and
            drawn (whether it is stable enough).
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
    beside: Beside | None = None,
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
        beside: what else is known of the edges.
    """
    names = list(genes)
    number = number_of_edges(names, reference, list(regulators), edges_per_gene)
    edges = choose_edges(ranked, number, method.directed).assign(directed=method.directed)
    edges = edges.join(edge_signs(edges, names, expression))
    edges = (beside or Beside()).of(edges, names, method.relative)
    drawn = edges[edges["drawn"]]
    return Description(names, edges, hub_table(names, drawn, list(regulators)), number)


def no_description(ranked: pd.DataFrame) -> Description:
    """Return the description of a method that failed, whose ranked edges are none."""
    edges = choose_edges(ranked, 0).assign(directed=True, sign="", sign_source="")
    edges = Beside().of(edges, [], False)
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

    `files` are those of `FILES` by their keys, `figures` those of `FIGURES`, `vector` others beside
    them (`style.save_figure`). Where scores are not `trusted`, none calls them probabilities.
    """
    from grn_gat.report.cytoscape import write_style
    from grn_gat.report.figures_hub_bars import plot_hub_bars
    from grn_gat.report.figures_inferred import THEMES, plot_inferred
    from grn_gat.report.style import save_figure

    edges = edge_table(found.edges)
    write_table(found.hubs, str(files["hubs"]))
    write_table(edges, str(files["edges"]))
    write_graphml(str(files["graphml"]), found.genes, found.drawn, found.hubs)
    write_workbook(files["workbook"], edges, _about(method))
    write_style(files["style"], found.drawn, found.hubs, method.directed)
    label = "probability of the edge" if method.probabilities and trusted else "|score|"
    title = f"{method.title}: the strongest edges"
    for theme in THEMES:
        figure = plot_inferred(found.drawn, method.directed, title, label, theme)
        save_figure(figure, str(figures[theme]), vector)
    bars = plot_hub_bars(found.drawn, method.directed, method.title)
    save_figure(bars, str(figures["hubs"]), vector)


def _about(method: Method) -> list[str]:
    """Lines above the columns in the workbook."""
    return [
        f"{method.title} ({method.citation}): the strongest edges of its network.",
        "An edge says that expression fits a regulation, not that one was observed.",
    ]
