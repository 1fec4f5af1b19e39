"""Hub rankings of a network from reference edges, predicted edges, attention and knock-outs.

Sources in the tables: `reference`; `predicted-<protocol>`, the networks of the highest out-of-fold
scores, one per seed and replicate; `method-<method>`, those of the highest scores of an inference
method; `attention-<protocol>` of the trained models; and `untrained-<protocol>`, the attention of
the same models before training. Of the reference there is also the consequence of knocking a gene
out, in the Boolean model that it belongs to (`evaluate.consequence`). Attention passes over
known edges (both ways) and edges between correlated genes, so a gene with many of them gives much
attention even in an untrained model: that is the control beside it.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from grn_gat.core.protocols import PROTOCOLS
from grn_gat.evaluate.hubs import attention_measures, hub_measures, network_summary, rank, top_edges
from grn_gat.evaluate.scoring import consolidate
from grn_gat.report.method_titles import method_title

REFERENCE = "reference"
METHOD = "method-"  # how sources that are networks of inference methods begin
_SOURCES = {
    "predicted": "trained GATv2",
    "attention": "attention after training",
    "untrained": "attention before training",
}
ALL = "all"  # value of the column `dropout` for rows over all dropout levels
_ATTENTION = [
    "network", "dropout", "protocol", "Gene1", "Gene2", "trained", "untrained", "sd", "models",
]  # fmt: skip
_COLUMNS = ["dropout", "source", "seed", "replicate", "gene", "measure", "value", "rank"]


def source_title(source: str) -> str:
    """Return a source of the tables in words."""
    if source == REFERENCE:
        return "true network"
    if source.startswith(METHOD):
        return method_title(source.removeprefix(METHOD))
    kind, _, protocol = source.partition("-")
    return f"{_SOURCES[kind]}, protocol {protocol}"


class HubTables:
    """Collects hub measures of one network model by model."""

    def __init__(self, network: str, genes: list[str], edges: pd.DataFrame, top: int | str):
        self.network, self.genes = network, sorted(genes)
        self.edges = list(zip(edges["Gene1"], edges["Gene2"], edges["Type"], strict=True))
        linked = sum(a != b for a, b, _ in self.edges)  # self-loops are not predicted
        self.top = linked if top == "reference" else int(top)
        self.parts: list[pd.DataFrame] = []
        self.summaries: list[dict] = []
        self.by_edge: list[pd.DataFrame] = []
        self._measured(hub_measures(self.genes, self.edges), ALL, REFERENCE, 0, 0)
        self._summary(self.edges, ALL, REFERENCE, 0, 0)

    def _measured(self, measures: pd.DataFrame, dropout, source, seed, replicate) -> None:
        long = measures.rename_axis(index="gene", columns="measure")
        ranks = measures.apply(rank).rename_axis(index="gene", columns="measure")
        part = pd.DataFrame({"value": long.stack(), "rank": ranks.stack()}).reset_index()
        part = part.assign(dropout=dropout, source=source, seed=seed, replicate=replicate)
        self.parts.append(part[_COLUMNS])

    def add_consequences(self, consequences: Mapping[str, pd.DataFrame]) -> None:
        """Add what knock-outs do: by measure a table of genes (rows) and replicates (columns)."""
        for measure, table in consequences.items():
            for replicate in table:
                column = table[replicate].reindex(self.genes)
                self._measured(column.to_frame(measure), ALL, REFERENCE, 0, replicate)

    def add_method(self, dropout: int, method: str, replicate: int, ranked: pd.DataFrame) -> None:
        """Add the network of the highest scores of an inference method.

        Args:
            dropout: level in percent.
            method: its name.
            replicate: that of the data set.
            ranked: columns Gene1, Gene2, EdgeWeight; empty where the method failed: nothing is
                added.
        """
        ranked = ranked[ranked["Gene1"] != ranked["Gene2"]]
        if ranked.empty:
            return
        named = list(zip(ranked["Gene1"], ranked["Gene2"], strict=True))
        network = top_edges(named, ranked["EdgeWeight"].abs().to_numpy(), self.top)
        self._measured(
            hub_measures(self.genes, network), dropout, f"{METHOD}{method}", 0, replicate
        )

    def _summary(self, edges, dropout, source, seed, replicate) -> None:
        labels = {"network": self.network, "dropout": dropout, "source": source}
        counts = network_summary(self.genes, edges)
        self.summaries.append(labels | {"seed": seed, "replicate": replicate} | counts)

    def add(
        self,
        dropout: int,
        protocol: str,
        seed: int,
        predictions: pd.DataFrame,
        attention: pd.DataFrame,
    ) -> None:
        """Add one trained model set: its predictions and attention (files of rule train_gat).

        Both are without rows where the protocol cannot be carried out: then nothing is added.
        """
        if predictions.empty:
            return
        pairs = consolidate(predictions)
        for replicate, group in pairs.groupby("replicate"):
            named = list(zip(group["Gene1"], group["Gene2"], strict=True))
            network = top_edges(named, group["score"].to_numpy(), self.top)
            labels = (dropout, f"predicted-{protocol}", seed, replicate)
            self._measured(hub_measures(self.genes, network), *labels)
            self._summary(network, *labels)
        heads = [column for column in attention if column.startswith("head_")]
        models = attention["fold"].nunique() * attention["layer"].nunique()
        weights = attention.assign(trained=attention[heads].mean(axis=1))
        keys = ["replicate", "Gene1", "Gene2"]
        # A mean over folds and layers, in which an edge that a model lacks counts as 0.
        edges = weights.groupby(keys)[["trained", "untrained"]].sum().div(models).reset_index()
        for column, name in (("trained", "attention"), ("untrained", "untrained")):
            for replicate, group in edges.groupby("replicate"):
                measures = attention_measures(
                    self.genes, group["Gene1"], group["Gene2"], group[column]
                )
                self._measured(measures, dropout, f"{name}-{protocol}", seed, replicate)
        # For the figure: messages along training edges, from regulator to target, as the mean over
        # the models, replicates and layers that have the edge.
        forward = weights[weights["kind"] == "forward"].groupby(["Gene1", "Gene2"])
        mean = forward[["trained", "untrained"]].mean().reset_index()
        self.by_edge.append(mean.assign(dropout=dropout, protocol=protocol, seed=seed))

    def hubs(self) -> pd.DataFrame:
        """Columns network, dropout, source, measure, gene, value, rank, rank_low, rank_high, n.

        `value` is the mean over seeds and replicates, `rank` ranks these means (1 = hub first,
        ties share a rank); `rank_low` to `rank_high` is the middle 95 % of the ranks of the n
        single networks. Rows with dropout `all` run over all dropout levels.
        """
        long = pd.concat(self.parts, ignore_index=True)
        everything = long[long["dropout"] != ALL].assign(dropout=ALL)
        long = pd.concat([long, everything], ignore_index=True)
        keys = ["dropout", "source", "measure", "gene"]
        grouped = long.groupby(keys, sort=False)
        table = grouped["value"].mean().reset_index()
        ranks = grouped["rank"]
        table["rank_low"] = ranks.quantile(0.025).to_numpy()
        table["rank_high"] = ranks.quantile(0.975).to_numpy()
        table["n"] = ranks.size().to_numpy()
        # Rounded, so that means that differ by rounding only share a rank.
        rounded = table.assign(value=table["value"].round(9))
        place = rounded.groupby(keys[:3])["value"].rank(method="min", ascending=False).astype(int)
        table.insert(5, "rank", place)
        table.insert(0, "network", self.network)
        table["dropout"] = table["dropout"].astype(str)
        order = ["place", "dropout", "measure", "rank", "gene"]
        placed = table.assign(place=table["source"].map(_place_of_source))
        return placed.sort_values(order, ignore_index=True).drop(columns="place")

    def networks(self) -> pd.DataFrame:
        """Size, degrees and distances of the reference and of every predicted network."""
        return pd.DataFrame(self.summaries)

    def attention(self) -> pd.DataFrame:
        """Mean attention per training edge: network, dropout, protocol, Gene1 (regulator), Gene2.

        `trained` and `untrained` are means over the models that have the edge, `sd` the standard
        deviation of `trained` over seeds, `models` the number of seeds that have the edge.
        """
        if not self.by_edge:
            return pd.DataFrame(columns=_ATTENTION)
        long = pd.concat(self.by_edge, ignore_index=True)
        grouped = long.groupby(["dropout", "protocol", "Gene1", "Gene2"])
        table = grouped[["trained", "untrained"]].mean()
        table["sd"] = grouped["trained"].std().to_numpy()
        table["models"] = np.asarray(grouped.size())
        table = table.reset_index()
        table.insert(0, "network", self.network)
        order = ["dropout", "place", "Gene1", "Gene2"]
        placed = table.assign(place=table["protocol"].map(_place_of_protocol))
        return placed.sort_values(order, ignore_index=True).drop(columns="place")


def _place_of_protocol(protocol: str) -> int:
    """Place in tables: the protocol that holds out most comes first, the paper's last."""
    return -PROTOCOLS.index(protocol)


def _place_of_source(source: str) -> tuple[str, int, str]:
    kind, _, name = source.partition("-")
    return kind, _place_of_protocol(name) if name in PROTOCOLS else 0, name
