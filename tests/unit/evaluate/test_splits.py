"""Candidate pairs and the invariants of every protocol."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from grn_gat.core.errors import InputError
from grn_gat.core.protocols import COPY_PROTOCOLS, PROTOCOLS
from grn_gat.evaluate.splits import (
    TEST,
    TRAIN,
    VALIDATION,
    NotFeasibleError,
    candidate_pairs,
    fewer_folds,
    fold_columns,
    no_roles,
    paper_pairs,
    split_pairs,
)
from grn_gat.simulate.boolean_model import read_model, reference_edges

REPLICATES = (1, 2, 3)


def edge_table(text: str) -> pd.DataFrame:
    """Turn "a+b a-c" into the columns Gene1, Gene2, Type."""
    rows = [(edge[0], edge[2], edge[1]) for edge in text.split()]
    return pd.DataFrame(rows, columns=["Gene1", "Gene2", "Type"])


@pytest.fixture(scope="module")
def hsc(repository) -> tuple[list[str], pd.DataFrame]:
    """Genes and reference edges of the HSC model: 30 edges, 4 of them self-loops."""
    model = read_model(repository / "workflow" / "resources" / "models" / "HSC.tsv")
    edges = pd.DataFrame(reference_edges(model), columns=["Gene1", "Gene2", "Type"])
    assert len(edges) == 30
    return sorted(set(edges["Gene1"]) | set(edges["Gene2"])), edges


def split(hsc, protocol: str, seed: int = 1, folds: int = 5, share: float = 0.2, **others):
    genes, edges = hsc
    arguments = {"regulators": genes, "replicates": REPLICATES} | others
    return split_pairs(
        protocol,
        genes,
        edges,
        arguments["regulators"],
        arguments["replicates"],
        folds,
        share,
        np.random.default_rng(seed),
    )


def roles(table: pd.DataFrame) -> np.ndarray:
    return table[fold_columns(table)].to_numpy()


def test_candidate_pairs_by_hand():
    # d only regulates itself: it is a member, its self-loop is no pair. x is not in the network.
    pairs = candidate_pairs(edge_table("b+a a-c d+d c?a"), ["a", "b", "c", "d", "x"])
    assert [*pairs.itertuples(index=False, name=None)] == [
        ("a", "b", 0, 0),
        ("a", "c", 1, -1),
        ("a", "d", 0, 0),
        ("b", "a", 1, 1),
        ("b", "c", 0, 0),
        ("b", "d", 0, 0),
        ("c", "a", 1, 0),  # an edge of unknown sign
        ("c", "b", 0, 0),
        ("c", "d", 0, 0),
        ("d", "a", 0, 0),
        ("d", "b", 0, 0),
        ("d", "c", 0, 0),
    ]
    assert list(pairs.columns) == ["Gene1", "Gene2", "edge", "sign"]
    assert pairs["edge"].dtype.kind == pairs["sign"].dtype.kind == "i"


def test_regulators_restrict_the_first_gene_only():
    pairs = candidate_pairs(edge_table("a+b b-c c+a"), ["c", "a", "x"])
    assert list(zip(pairs["Gene1"], pairs["Gene2"], pairs["edge"], strict=True)) == [
        ("a", "b", 1),
        ("a", "c", 0),
        ("c", "a", 1),
        ("c", "b", 0),
    ]


def test_repeated_edges_count_once():
    pairs = candidate_pairs(edge_table("a+b a+b a-b"), ["a", "b"])
    assert pairs["edge"].tolist() == [1, 0] and pairs["sign"].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("edges", "regulators", "counts"),
    [
        ("a+a b+b", "ab", "0 of 2"),  # self-loops only
        ("a+b b+c", "c", "0 of 2"),  # the regulator has no target
        ("a+b b-a", "ab", "2 of 2"),
        ("a+b a+c b+a", "a", "2 of 2"),
        ("a+b", "x", "0 of 0"),
    ],
)
def test_no_edge_and_every_edge_are_refused(edges, regulators, counts):
    with pytest.raises(InputError, match=f"{counts} candidate pairs are edges"):
        candidate_pairs(edge_table(edges), list(regulators))


def test_hsc_candidate_pairs(hsc):
    genes, edges = hsc
    pairs = candidate_pairs(edges, genes)
    assert (len(pairs), pairs["edge"].sum()) == (110, 26)
    assert Counter(pairs["sign"]) == {0: 84, 1: 11, -1: 15}  # 15 activating less 4 self-loops


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_columns_and_roles(hsc, protocol):
    table = split(hsc, protocol)
    folds = [f"fold_{i}" for i in range(1, 6)]
    assert list(table.columns) == ["replicate", "Gene1", "Gene2", "edge", *folds]
    assert fold_columns(table) == folds
    used = {TRAIN, TEST} if protocol == "paper" else {TRAIN, VALIDATION, TEST}
    for column in folds:
        assert set(table[column]) == used
    assert set(table["replicate"]) == (set(REPLICATES) if protocol in COPY_PROTOCOLS else {0})
    assert not table.duplicated(["replicate", "Gene1", "Gene2"]).any()


@pytest.mark.parametrize("protocol", ["pair", "gene", "regulator", "pooled"])
def test_items_are_the_candidate_pairs(hsc, protocol):
    genes, edges = hsc
    expected = candidate_pairs(edges, genes)[["Gene1", "Gene2", "edge"]]
    for _, items in split(hsc, protocol).groupby("replicate"):
        pd.testing.assert_frame_equal(
            items[["Gene1", "Gene2", "edge"]].reset_index(drop=True), expected
        )


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("seed", range(3))
def test_every_item_is_tested(hsc, protocol, seed):
    table = split(hsc, protocol, seed)
    times = (roles(table) == TEST).sum(axis=1)
    if protocol == "gene":
        fold_of = gene_folds(table)
        apart = (fold_of[table["Gene1"]].to_numpy() != fold_of[table["Gene2"]].to_numpy()).tolist()
        assert times.tolist() == [1 + a for a in apart] and 0 < sum(apart) < len(apart)
    else:
        assert set(times) == {1}


def gene_folds(table: pd.DataFrame) -> pd.Series:
    """The fold in which all pairs of a gene are test pairs."""
    long = pd.concat([table.assign(gene=table[end]) for end in ("Gene1", "Gene2")])
    tested = (long.set_index("gene")[fold_columns(table)] == TEST).groupby("gene").all()
    assert (tested.sum(axis=1) == 1).all()
    return tested.idxmax(axis=1)


@pytest.mark.parametrize("seed", range(3))
def test_pair_holds_out_both_directions_together(hsc, seed):
    table = split(hsc, "pair", seed)
    key = [frozenset(p) for p in zip(table["Gene1"], table["Gene2"], strict=True)]
    for column in fold_columns(table):
        assert (table[column].groupby(pd.Series(key)).nunique() == 1).all(), column


@pytest.mark.parametrize("seed", range(5))
def test_gene_holds_out_all_pairs_of_a_gene(hsc, seed):
    table = split(hsc, "gene", seed)
    fold_of = gene_folds(table)
    sizes = Counter(fold_of)
    assert sorted(sizes.values()) == [2, 2, 2, 2, 3]  # 11 genes in 5 folds
    for column in fold_columns(table):
        part = {
            role: set(rows["Gene1"]) | set(rows["Gene2"]) for role, rows in table.groupby(column)
        }
        tested = set(fold_of.index[fold_of == column])
        assert not tested & (part[TRAIN] | part[VALIDATION])
        # what validation holds out: each of its pairs has a gene of which training has no pair
        held = part[VALIDATION] - part[TRAIN]
        assert len(held) == 2  # 20 % of 8 or 9 genes
        rows = table[table[column] == VALIDATION]
        assert (rows["Gene1"].isin(held) | rows["Gene2"].isin(held)).all()
        train = table[table[column] == TRAIN]
        assert not (train["Gene1"].isin(held) | train["Gene2"].isin(held)).any()
        # and test pairs are only those of the tested genes
        rows = table[table[column] == TEST]
        assert (rows["Gene1"].isin(tested) | rows["Gene2"].isin(tested)).all()


@pytest.mark.parametrize("seed", range(5))
def test_regulator_holds_out_all_pairs_of_a_regulator(hsc, seed):
    table = split(hsc, "regulator", seed)
    assert (table.groupby("Gene1")[fold_columns(table)].nunique() == 1).all(axis=None)
    fold_of = table.drop_duplicates("Gene1").set_index("Gene1")[fold_columns(table)] == TEST
    assert sorted(fold_of.sum()) == [2, 2, 2, 2, 3]  # 11 regulators in 5 folds
    for column in fold_columns(table):
        tested = fold_of.index[fold_of[column]]
        train = table[table[column] == TRAIN]
        held = set(table.loc[table[column] == VALIDATION, "Gene1"])
        assert len(held) == 2  # 20 % of 8 or 9 regulators
        assert set(tested) <= set(train["Gene2"])  # as targets they are trained on


def test_regulators_are_dealt_by_their_number_of_edges():
    """Every fold tests one of the three hubs; which one goes with which leaf changes by seed."""
    targets = [f"t{i:02d}" for i in range(30)]
    hubs = [(f"h{i}", t, "+") for i in range(3) for t in targets[: 20 + i]]
    leaves = [(f"l{i}", targets[i], "+") for i in range(9)]
    edges = pd.DataFrame(hubs + leaves, columns=["Gene1", "Gene2", "Type"])
    regulators = sorted(set(edges["Gene1"]))
    together = set()
    for seed in range(4):
        table = split(([], edges), "regulator", seed, folds=3, regulators=regulators)
        for column in fold_columns(table):
            tested = sorted(set(table.loc[table[column] == TEST, "Gene1"]))
            assert [name[0] for name in tested] == ["h", "l", "l", "l"]
            together.add(tuple(tested))
    assert len(together) > 6


def test_fewer_regulators_than_folds_are_held_out_one_by_one(hsc):
    four = ["Gata1", "Pu1", "Cebpa", "Gata2"]
    table = split(hsc, "regulator", regulators=four)
    assert len(fold_columns(table)) == 4
    for column in fold_columns(table):
        assert table.loc[table[column] == TEST, "Gene1"].nunique() == 1
    assert fewer_folds(table, 5).startswith("4 folds, one for each candidate regulator")
    assert fewer_folds(table, 4) == "" == fewer_folds(split(hsc, "pair"), 5)


@pytest.mark.parametrize("regulators", [["Gata1"], ["Gata1", "Pu1"]])
def test_one_or_two_regulators_cannot_be_held_out(hsc, regulators):
    number = len(regulators)
    with pytest.raises(
        NotFeasibleError, match=rf"has {number} candidate regulators?, and .* least 3"
    ):
        split(hsc, "regulator", regulators=regulators)


def test_no_roles_is_a_table_without_folds(hsc):
    assert list(no_roles()) == list(split(hsc, "pair"))[:4]
    assert no_roles().empty and fold_columns(no_roles()) == []


def test_pooled_deals_copies_separately(hsc):
    table = split(hsc, "pooled")
    assert len(table) == 330
    for column in fold_columns(table):
        per_pair = table.groupby(["Gene1", "Gene2"])[column]
        seen = per_pair.apply(lambda r: {TRAIN, TEST} <= set(r))
        assert seen.sum() > 20  # the leak: test pairs whose label training sees


def test_paper_pairs_of_hsc(hsc):
    _, edges = hsc
    table = split(hsc, "paper", replicates=range(1, 11))
    assert len(table) == 490
    assert set(table.groupby("replicate").size()) == {49}
    copies = table.groupby(["Gene1", "Gene2"])["replicate"].nunique()
    assert set(copies) == {10}
    pairs = table[table["replicate"] == 1]
    got = {e: set(zip(p["Gene1"], p["Gene2"], strict=True)) for e, p in pairs.groupby("edge")}
    by_type = {t: set(zip(e["Gene1"], e["Gene2"], strict=True)) for t, e in edges.groupby("Type")}
    assert got[1] == by_type["+"] and len(got[1]) == 15
    loops = {(a, b) for a, b in got[1] if a == b}
    assert loops == {(g, g) for g in ("Gata1", "Gata2", "Cebpa", "Pu1")}
    assert len(got[0]) == 34
    assert not got[0] & (by_type["+"] | by_type["-"])  # a repressive edge is no negative either


def test_paper_pairs_of_a_small_network():
    edges = edge_table("a+b b-a a+a")  # (b, b) is the only free pair
    pairs = paper_pairs(["b", "a"], edges, np.random.default_rng(0))
    # round(49 / 30 * 3) = 5 are wanted: two activating edges, three without an edge
    assert [*pairs.itertuples(index=False, name=None)] == [
        ("a", "a", 1),
        ("a", "b", 1),
        ("b", "b", 0),
    ]
    # Of the free pairs ac bc ca cb bb cc three are drawn, not always the same.
    drawn = {
        tuple(p.loc[p["edge"] == 0, "Gene1"] + p.loc[p["edge"] == 0, "Gene2"])
        for p in (
            paper_pairs("abc", edge_table("a+b b-a a+a"), np.random.default_rng(s))
            for s in range(10)
        )
    }
    assert all(len(d) == 3 for d in drawn) and len(drawn) > 3


@pytest.mark.parametrize("protocol", ["pair", "pooled", "paper"])
@pytest.mark.parametrize("seed", range(3))
def test_folds_are_stratified(hsc, protocol, seed):
    table = split(hsc, protocol, seed)
    edge, role = table["edge"].to_numpy(), roles(table)
    if protocol == "pair":  # dealt by the number of edges in the two directions
        unit = [frozenset(p) for p in zip(table["Gene1"], table["Gene2"], strict=True)]
        strata = pd.Series(edge).groupby(pd.Series(unit)).transform("sum").to_numpy()
        weight = 2
    else:
        strata, weight = edge, 1
    for value in np.unique(strata):
        number = (role[strata == value] == TEST).sum(axis=0) / weight
        assert number.max() - number.min() <= 1, (value, number)
        if protocol != "paper":  # one fifth of what is not tested
            held = (role[strata == value] == VALIDATION).sum(axis=0) / weight
            rest = (role[strata == value] != TEST).sum(axis=0) / weight
            assert (np.abs(held - rest / 5) < 1).all()
    sizes = (role == TEST).sum(axis=0) / weight
    assert sizes.max() - sizes.min() <= 1


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_validation_share(hsc, share):
    role = roles(split(hsc, "pooled", share=share))
    got = (role == VALIDATION).sum(axis=0) / (role != TEST).sum(axis=0)
    assert got == pytest.approx([share] * 5, abs=0.01)


@pytest.mark.parametrize("protocol", ["pooled", "pair", "regulator", "gene"])
def test_a_share_too_small_for_one_item_still_holds_one_out(hsc, protocol):
    table = split(hsc, protocol, share=0.001)
    for column in fold_columns(table):
        held = table[table[column] == VALIDATION]
        pairs = [frozenset(pair) for pair in zip(held["Gene1"], held["Gene2"], strict=True)]
        assert set(held["edge"]) == {0, 1}
        if protocol == "pooled":  # one of each label
            assert len(held) == 2
        elif protocol == "pair":  # one gene pair of each kind: no, one or both directions an edge
            assert 2 <= len(set(pairs)) <= 3
        elif protocol == "regulator":
            assert held["Gene1"].nunique() == 1 and len(held) == 10
        else:  # the pairs of one gene
            assert len(frozenset.intersection(*pairs)) == 1


@pytest.mark.parametrize("protocol", ["pooled", "pair", "regulator", "gene"])
@pytest.mark.parametrize("seed", range(5))
def test_training_and_validation_have_both_labels(hsc, protocol, seed):
    table = split(hsc, protocol, seed)
    for column in fold_columns(table):
        for role in (TRAIN, VALIDATION):
            assert set(table.loc[table[column] == role, "edge"]) == {0, 1}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_determined_by_the_seed(hsc, protocol):
    table = split(hsc, protocol, 7)
    pd.testing.assert_frame_equal(table, split(hsc, protocol, 7))
    genes, edges = hsc
    shuffled = edges.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(table, split((genes[::-1], shuffled), protocol, 7))
    assert (roles(table) != roles(split(hsc, protocol, 8))).any()


@pytest.mark.parametrize("protocol", [p for p in PROTOCOLS if p != "regulator"])
def test_fewer_genes_than_folds(hsc, protocol):
    with pytest.raises(
        NotFeasibleError, match="folds is 12, but the reference network has only 11 genes"
    ):
        split(hsc, protocol, folds=12)
    assert len(fold_columns(split(hsc, "pair", folds=11))) == 11


@pytest.mark.parametrize("protocol", ["pair", "gene"])
def test_too_few_edges_for_the_folds(protocol):
    edges = edge_table("a+b c+c d+d e+e f+f")  # a single edge: nothing is left to validate on
    with pytest.raises(NotFeasibleError, match="1 edges among 6 genes are too few for 3 folds"):
        split((list("abcdef"), edges), protocol, folds=3)


@pytest.mark.parametrize("folds", [2, 3])
@pytest.mark.parametrize("protocol", ["pair", "gene", "pooled"])
def test_fewer_gene_pairs_than_folds(protocol, folds):
    """One gene pair, or two: some fold would have nothing to train on, or nothing to test."""
    edges = edge_table("a+b" if folds == 2 else "a+b c+c")
    known = {"regulators": ["a", "b"] if folds == 2 else ["a"], "replicates": [1]}
    with pytest.raises(
        NotFeasibleError, match=f"are too few for {folds} folds .* leave the protocol"
    ):
        split((list("abc"), edges), protocol, folds=folds, **known)


def test_genes_outside_of_the_network_do_not_fill_folds():
    # 8 measured genes but only 4 in the network: six folds by gene would leave two without a test
    edges = edge_table("a+b b+a b+c c+d d+a c+a")
    with pytest.raises(
        NotFeasibleError, match=r"folds is 6, but the reference network has only 4 genes"
    ):
        split((list("abcdefgh"), edges), "gene", folds=6)


def test_regulators_reach_the_items(hsc):
    table = split(hsc, "pair", regulators=["Gata1", "Pu1", "Cebpa", "Gata2"])
    assert set(table["Gene1"]) == {"Gata1", "Pu1", "Cebpa", "Gata2"}
    assert len(table) == 4 * 10
    assert set((roles(table) == TEST).sum(axis=1)) == {1}
