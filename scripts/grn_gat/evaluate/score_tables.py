"""Tables of scores of one network and protocol: predictions and ranked edges of all its methods."""

from collections.abc import Iterable, Mapping, Sequence, Set

import numpy as np
import pandas as pd

from grn_gat.core.files import read_table
from grn_gat.core.seeds import generator
from grn_gat.data.ranked_edges import read_ranked_edges, scores_of_pairs
from grn_gat.evaluate.degree_controls import degree_predictions
from grn_gat.evaluate.regulator_groups import RegulatorGroups
from grn_gat.evaluate.relabelling import Relabelling
from grn_gat.evaluate.scoring import score_methods
from grn_gat.evaluate.splits import candidate_pairs

# Path of rankedEdges.csv by replicate, by method and dropout level.
Rankings = dict[tuple[str, str], dict[int, str]]
FAILURE_COLUMNS = ["network", "dropout", "replicate", "method", "reason"]


def pairs_of_replicates(
    edges: pd.DataFrame, regulators: Sequence[str], replicates: Iterable[int]
) -> pd.DataFrame:
    """All candidate pairs of each replicate: columns Gene1, Gene2, edge (0 or 1), replicate."""
    once = candidate_pairs(edges, regulators)[["Gene1", "Gene2", "edge"]]
    return pd.concat([once.assign(replicate=r) for r in replicates], ignore_index=True)


def read_rankings(
    network: str,
    axes: Iterable[tuple[str, int, str]],
    ranked: Iterable[str],
    status: Iterable[str],
) -> tuple[Rankings, pd.DataFrame]:
    """Find out which methods gave ranked edges for which data sets.

    Args:
        network: name of the data set.
        axes: method, replicate and dropout level of each file.
        ranked, status: files rankedEdges.csv and status.tsv, in the order of `axes`.

    Returns:
        The paths of ranked edges (a method that failed on all replicates has none), and the
        failures, with the columns FAILURE_COLUMNS.
    """
    rankings: Rankings = {}
    failures = []
    for (method, replicate, dropout), path, state_path in zip(axes, ranked, status, strict=True):
        found = rankings.setdefault((method, dropout), {})
        state = read_table(state_path).iloc[0]
        if state["status"] == "ok":
            found[replicate] = path
        else:
            failures.append((network, int(dropout), replicate, method, state["reason"]))
    return rankings, pd.DataFrame(failures, columns=FAILURE_COLUMNS)


def over_seeds(status: pd.DataFrame) -> pd.DataFrame:
    """What is to be said of splits: each network, protocol and reason once.

    Args:
        status: columns network, protocol, seed, status, reason of each split (rule split_pairs);
            reason is empty where there is nothing to say.

    Returns:
        Columns network, protocol, status, reason, in the order of `status`; the reason names the
        seeds where it does not hold for all.
    """
    rows = []
    seeds = status.groupby(["network", "protocol"])["seed"].nunique()
    said = status[status["reason"] != ""]
    for key, group in said.groupby(["network", "protocol", "status", "reason"], sort=False):
        network, protocol, state, reason = key
        if len(group) < seeds[network, protocol]:
            reason += f" (seeds {', '.join(map(str, group['seed']))})"
        rows.append((network, protocol, state, reason))
    return pd.DataFrame(rows, columns=["network", "protocol", "status", "reason"])


def protocol_failures(status: pd.DataFrame) -> pd.DataFrame:
    """Protocols that cannot be carried out, as rows of the failures: FAILURE_COLUMNS.

    `status` as in `over_seeds`. They hold for all dropout levels (`all`) and replicates (0).
    """
    said = over_seeds(status)
    failed = said[said["status"] != "ok"]
    return pd.DataFrame(
        {
            "network": failed["network"],
            "dropout": "all",
            "replicate": 0,
            "method": "gat",
            "reason": "protocol " + failed["protocol"] + ": " + failed["reason"],
        },
        columns=FAILURE_COLUMNS,
    )


def method_predictions(pairs: pd.DataFrame, rankings: Mapping[int, str]) -> pd.DataFrame:
    """Scores that a method gives to pairs, as predictions.

    Args:
        pairs: columns replicate, Gene1, Gene2, edge, each pair once per replicate.
        rankings: path of the method's rankedEdges.csv by replicate; a replicate that is not listed
            (the method failed there) is left out.

    Returns:
        The rows of these replicates with the column `score`, the signed weight; 0 for pairs that
        the method does not list.
    """
    parts = []
    for replicate, path in rankings.items():
        part = pairs[pairs["replicate"] == replicate]
        parts.append(part.assign(score=scores_of_pairs(read_ranked_edges(path), part)))
    return pd.concat(parts, ignore_index=True) if parts else pairs.iloc[:0].assign(score=0.0)


class ScoreTables:
    """Scores predictions of one network and protocol, over methods, dropout levels and seeds.

    Args:
        network: name of the data set.
        protocol: name of the protocol.
        dropouts: all dropout levels.
        signs, functional, relabelling, groups: as for `scoring.score_methods`.
    """

    def __init__(
        self,
        network: str,
        protocol: str,
        dropouts: Sequence[str],
        signs: Mapping[tuple[str, str], int] | None = None,
        functional: Set[tuple[str, str]] | None = None,
        relabelling: Relabelling | None = None,
        groups: RegulatorGroups | None = None,
    ) -> None:
        self.network, self.protocol, self.dropouts = network, protocol, list(dropouts)
        self.given = (signs, functional, relabelling, groups)
        self.parts: dict[str, list[pd.DataFrame]] = {}

    def add(
        self, methods: Mapping[str, pd.DataFrame], seed: int, dropout: str | None = None
    ) -> None:
        """Score predictions (as `scoring.score_methods` takes them) and add the scores.

        Args:
            methods: predictions by method.
            seed: training seed, 0 for a method that has none.
            dropout: level; None for methods that see no expression, the same at every level.
        """
        scores = score_methods(methods, *self.given)
        for level in self.dropouts if dropout is None else [dropout]:
            labels = {"network": self.network, "dropout": int(level), "protocol": self.protocol}
            for name, table in scores.items():
                part = table.copy()
                part.insert(1, "seed", seed)
                for position, (column, value) in enumerate(labels.items()):
                    part.insert(position, column, value)
                self.parts.setdefault(name, []).append(part)

    def add_rankings(self, pairs: pd.DataFrame, rankings: Rankings) -> None:
        """Add methods by the ranked edges that they gave for some replicates.

        Args:
            pairs: columns replicate, Gene1, Gene2, edge, each pair once per replicate.
            rankings: as `read_rankings` returns them.
        """
        for (method, dropout), paths in rankings.items():
            self.add({method: method_predictions(pairs, paths)}, 0, dropout)
            print(f"scored {method}, dropout {dropout}: {len(paths)} data sets", flush=True)

    def add_uninformed(self, pairs: pd.DataFrame, seed: int, seeds: Sequence[int]) -> None:
        """Add what knows nothing: a random score for each of the seeds, and a constant one.

        `seed` is that of the workflow.
        """
        for number in seeds:
            rng = generator(seed, "control", "random", self.network, self.protocol, number)
            self.add({"random": pairs.assign(score=rng.random(len(pairs)))}, number)
        self.add({"constant": pairs.assign(score=np.ones(len(pairs)))}, 0)

    def add_degrees(
        self,
        pairs: pd.DataFrame,
        edges: pd.DataFrame,
        others: Sequence[tuple[str, pd.DataFrame]],
    ) -> None:
        """Add degrees in whole networks; arguments as `degree_controls.degree_predictions`."""
        self.add(degree_predictions(pairs, edges, others), 0)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables with the columns network, dropout, protocol, method, seed, ...

        Sorted by dropout level and method (in the order in which methods were added), then seed.
        """
        found = {}
        for name, parts in self.parts.items():
            table = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
            order = {method: i for i, method in enumerate(table["method"].unique())}
            keys = pd.DataFrame(
                {"d": table["dropout"], "m": table["method"].map(order), "s": table["seed"]}
            )
            place = keys.sort_values(["d", "m", "s"], kind="stable").index
            found[name] = table.loc[place].reset_index(drop=True)
        return found
