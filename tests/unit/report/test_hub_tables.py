"""Hub rankings collected over models: the HSC reference, and a network counted by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from grn_gat.evaluate.hubs import HUB_MEASURES
from grn_gat.report.hub_tables import HubTables
from grn_gat.simulate.boolean_model import read_model, reference_edges

HUB_COLUMNS = [
    "network",
    "dropout",
    "source",
    "measure",
    "gene",
    "value",
    "rank",
    "rank_low",
    "rank_high",
    "n",
]
GENES = ["d", "c", "b", "a"]
EDGES = pd.DataFrame(
    [("a", "b", "+"), ("a", "c", "-"), ("a", "a", "+")], columns=["Gene1", "Gene2", "Type"]
)


def predictions(*networks: dict[str, float]) -> pd.DataFrame:
    """One dict of scores per replicate; pairs not named score 0.1."""
    rows = []
    for replicate, scores in enumerate(networks, start=1):
        for u in "abcd":
            for v in "abcd":
                if u != v:
                    score = scores.get(u + v, 0.1)
                    rows.append((replicate, 1, u, v, 0, score, 0.5))
    columns = ["replicate", "fold", "Gene1", "Gene2", "edge", "score", "threshold"]
    return pd.DataFrame(rows, columns=columns)


def attention(*rows) -> pd.DataFrame:
    columns = ["fold", "replicate", "layer", "Gene1", "Gene2", "head_1", "head_2", "untrained"]
    table = pd.DataFrame(rows, columns=columns)
    kind = np.where(table["Gene1"] == table["Gene2"], "self", "forward")
    return table.assign(kind=kind)


# replicate 1: a -> b and a -> c; replicate 2: d -> b and d -> c
SCORES = predictions({"ab": 0.9, "ac": 0.8}, {"db": 0.9, "dc": 0.8})
ATTENTION = attention(
    (1, 1, 1, "a", "b", 0.2, 0.4, 0.5),  # layer 1: heads' mean 0.3
    (1, 1, 1, "b", "b", 0.8, 0.6, 0.5),
    (1, 1, 2, "a", "b", 0.6, 0.6, 0.3),
    (2, 1, 1, "c", "b", 0.4, 0.4, 0.4),  # an edge of fold 2 and layer 1 only
    (2, 1, 2, "b", "b", 1.0, 1.0, 1.0),
)


def tables(**others) -> HubTables:
    arguments = {"network": "net", "genes": GENES, "edges": EDGES, "top": "reference"} | others
    return HubTables(**arguments)


def pick(hubs: pd.DataFrame, source: str, measure: str, dropout: str = "all") -> pd.DataFrame:
    chosen = (hubs["source"] == source) & (hubs["measure"] == measure)
    return hubs[chosen & (hubs["dropout"] == dropout)].set_index("gene")


@pytest.fixture(scope="module")
def hsc(repository) -> HubTables:
    model = read_model(repository / "workflow" / "resources" / "models" / "HSC.tsv")
    edges = pd.DataFrame(reference_edges(model), columns=["Gene1", "Gene2", "Type"])
    return HubTables("HSC", list(model.rules), edges, "reference")


def test_hsc_reference(hsc):
    hubs = hsc.hubs()
    assert list(hubs.columns) == HUB_COLUMNS
    assert set(hubs["source"]) == {"reference"} and set(hubs["dropout"]) == {"all"}
    assert set(hubs["measure"]) == set(HUB_MEASURES)
    assert len(hubs) == 11 * len(HUB_MEASURES)
    for measure, values in {
        "degree": [9, 8, 7],
        "closeness": [0.769, 0.714, 0.667],
        "betweenness": [0.408, 0.310, 0.173],
        "eigenvector": [0.507, 0.468, 0.422],
        "hits": [0.171, 0.158, 0.142],
    }.items():
        first = pick(hubs, "reference", measure)
        assert first.index[:3].tolist() == ["Gata1", "Pu1", "Cebpa"], measure
        assert first["value"][:3].tolist() == pytest.approx(values, abs=5e-4)
        assert first["rank"][:3].tolist() == [1, 2, 3]
        # a single network: no spread
        assert (first["rank_low"] == first["rank"]).all() and (first["n"] == 1).all()
        assert (first["rank_high"] == first["rank"]).all()
    summary = hsc.networks().iloc[0]
    assert summary[["network", "dropout", "source"]].tolist() == ["HSC", "all", "reference"]
    assert summary[["genes", "edges", "undirected_edges", "max_degree"]].tolist() == [11, 30, 24, 9]
    assert hsc.top == 26  # self-loops cannot be predicted


def test_ranks_by_hand():
    table = tables()
    table.add(0, "pair", 1, SCORES, ATTENTION)
    got = pick(table.hubs(), "predicted-pair", "out_degree", "0")
    # out-degrees a 2 0, d 0 2, b and c 0: means 1 1 0 0; single ranks a 1 2, d 2 1, b and c 2 2
    assert got["value"].to_dict() == {"a": 1, "d": 1, "b": 0, "c": 0}
    assert got["rank"].to_dict() == {"a": 1, "d": 1, "b": 3, "c": 3}
    # the middle 95 % of 1 and 2, linearly between them
    assert got.loc["a", ["rank_low", "rank_high"]].tolist() == pytest.approx([1.025, 1.975])
    assert got.loc["b", ["rank_low", "rank_high"]].tolist() == [2, 2]
    assert set(got["n"]) == {2}
    assert got.index.tolist() == ["a", "d", "b", "c"]
    degree = pick(table.hubs(), "predicted-pair", "in_degree", "0")
    assert degree["value"].to_dict() == {"a": 0, "b": 1, "c": 1, "d": 0}


def test_a_predicted_network_has_as_many_edges_as_the_reference():
    assert tables().top == 2 and tables(top=5).top == 5
    for top, edges in (("reference", 2), (5, 5)):
        table = tables(top=top)
        table.add(0, "pair", 1, SCORES, ATTENTION)
        got = table.networks()
        assert got["source"].tolist() == ["reference", "predicted-pair", "predicted-pair"]
        assert got["replicate"].tolist() == [0, 1, 2] and got["seed"].tolist() == [0, 1, 1]
        assert got["edges"].tolist() == [3, edges, edges]
        assert set(got["genes"]) == {4}


def test_pairs_tested_twice_enter_with_their_mean():
    # a -> b is 0.9 in one fold and 0.0 in another, mean 0.45: behind b -> a and c -> a at 0.5
    scores = predictions({"ab": 0.9, "ba": 0.5, "ca": 0.5})
    again = scores[(scores["Gene1"] == "a") & (scores["Gene2"] == "b")].assign(fold=2, score=0.0)
    table = tables()
    table.add(0, "gene", 1, pd.concat([scores, again]), ATTENTION)
    got = pick(table.hubs(), "predicted-gene", "in_degree")
    assert got["value"].to_dict() == {"a": 2, "b": 0, "c": 0, "d": 0}


def test_rows_over_all_dropout_levels():
    table = tables()
    table.add(0, "pair", 1, SCORES, ATTENTION)
    table.add(50, "pair", 1, predictions({"ab": 0.9, "ac": 0.8}), ATTENTION)
    hubs = table.hubs()
    levels = {d: pick(hubs, "predicted-pair", "out_degree", d) for d in ("0", "50", "all")}
    assert [int(levels[d]["n"].iloc[0]) for d in levels] == [2, 1, 3]
    # a has out-degrees 2 and 0 without dropout, 2 with
    assert [levels[d].loc["a", "value"] for d in levels] == pytest.approx([1, 2, 4 / 3])
    assert levels["all"]["rank"].to_dict() == {"a": 1, "d": 2, "b": 3, "c": 3}
    # the reference has no dropout level
    reference = hubs[hubs["source"] == "reference"]
    assert set(reference["dropout"]) == {"all"} and set(reference["n"]) == {1}
    assert not hubs.duplicated(["dropout", "source", "measure", "gene"]).any()


def test_protocols_and_seeds():
    table = tables()
    table.add(0, "pair", 1, SCORES, ATTENTION)
    table.add(0, "pair", 2, SCORES, ATTENTION)
    table.add(0, "gene", 1, SCORES, ATTENTION)
    hubs = table.hubs()
    sources = {"predicted", "attention", "untrained"}
    expected = {f"{s}-{p}" for s in sources for p in ("pair", "gene")} | {"reference"}
    assert set(hubs["source"]) == expected
    assert set(pick(hubs, "predicted-pair", "degree")["n"]) == {4}
    assert set(pick(hubs, "predicted-gene", "degree")["n"]) == {2}


def test_attention_by_hand():
    table = tables()
    table.add(0, "pair", 1, SCORES, ATTENTION)
    hubs = table.hubs()
    # two folds of two layers: a gives b (0.3 + 0.6) / 4, c gives b 0.4 / 4; what b gives itself
    # does not count
    given = pick(hubs, "attention-pair", "attention_given")["value"]
    assert given.to_dict() == pytest.approx({"a": 0.9 / 4, "b": 0, "c": 0.1, "d": 0})
    received = pick(hubs, "attention-pair", "attention_received")["value"]
    assert received.to_dict() == pytest.approx({"a": 0, "b": 1.3 / 4, "c": 0, "d": 0})
    before = pick(hubs, "untrained-pair", "attention_given")["value"]
    assert before.to_dict() == pytest.approx({"a": 0.2, "b": 0, "c": 0.1, "d": 0})


def test_attention_per_edge_by_hand():
    table = tables()
    table.add(0, "pair", 1, SCORES, ATTENTION)
    second = ATTENTION[ATTENTION["Gene1"] != "c"].assign(head_1=0.5, head_2=0.5)
    table.add(0, "pair", 2, SCORES, second)
    got = table.attention().set_index(["Gene1", "Gene2"])
    assert list(got.columns) == [
        "network",
        "dropout",
        "protocol",
        "trained",
        "untrained",
        "sd",
        "models",
    ]
    # a -> b: (0.3 + 0.6) / 2 in seed 1 and 0.5 in seed 2
    assert got.loc[("a", "b"), ["trained", "untrained"]].tolist() == pytest.approx([0.475, 0.4])
    assert got.loc[("a", "b"), "sd"] == pytest.approx(0.05 / math.sqrt(2))
    assert got["models"].to_dict() == {("a", "b"): 2, ("c", "b"): 1}  # not b -> b
    # c -> b: one seed has it, in one layer
    assert got.loc[("c", "b"), "trained"] == pytest.approx(0.4)
    assert math.isnan(got.loc[("c", "b"), "sd"])


def test_only_messages_from_regulator_to_target_are_drawn():
    rows = attention(
        (1, 1, 1, "a", "b", 0.3, 0.3, 0.2),
        (1, 1, 1, "a", "b", 0.2, 0.2, 0.2),
        (1, 1, 1, "a", "b", 0.1, 0.1, 0.2),
        (1, 1, 1, "b", "b", 0.4, 0.4, 0.4),
    ).assign(kind=["forward", "backward", "expression", "self"])
    table = tables()
    table.add(0, "pair", 1, SCORES, rows)
    # what a gene gives is the sum of all messages that it sends to others
    given = pick(table.hubs(), "attention-pair", "attention_given")["value"]
    assert given["a"] == pytest.approx(0.6)
    got = table.attention().set_index(["Gene1", "Gene2"])
    assert got["trained"].to_dict() == pytest.approx({("a", "b"): 0.3})
