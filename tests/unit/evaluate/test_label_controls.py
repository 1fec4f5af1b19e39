"""The controls on tables small enough to count by hand, and what they must not look at."""

import numpy as np
import pandas as pd
import pytest

from grn_gat.core.protocols import COPY_PROTOCOLS, PROTOCOLS
from grn_gat.evaluate import label_controls
from grn_gat.evaluate.label_controls import CONTROLS, controls_for
from grn_gat.evaluate.splits import TRAIN, fold_columns, split_pairs

COLUMNS = ["method", "replicate", "fold", "Gene1", "Gene2", "edge", "score", "threshold"]
_LETTER = {"t": "train", "v": "validation", "T": "test"}


def role_table(text: str) -> pd.DataFrame:
    """One row per line: pair, label, one letter per fold (t, v, T), replicate (0 if absent)."""
    rows = []
    for line in text.strip().splitlines():
        pair, edge, letters, *replicate = line.split()
        folds = {f"fold_{i + 1}": _LETTER[x] for i, x in enumerate(letters)}
        number = int(replicate[0]) if replicate else 0
        rows.append(
            {"replicate": number, "Gene1": pair[0], "Gene2": pair[1], "edge": int(edge)} | folds
        )
    return pd.DataFrame(rows)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


TWO_FOLDS = role_table(
    """
    ab 1 tT
    ac 1 tt
    ba 0 tv
    bc 0 vt
    ca 0 Tt
    cb 1 tt
    """
)
COPIES = role_table(
    """
    ab 1 t 1
    ab 1 t 2
    ab 1 T 3
    ac 0 t 1
    ac 0 T 2
    ac 0 v 3
    bc 1 T 1
    bc 1 v 2
    bc 1 T 3
    """
)


def random_table(protocol: str, seed: int = 0) -> pd.DataFrame:
    generator = rng(seed)
    genes = list("abcdefgh")
    pairs = [(a, b) for a in genes for b in genes if a != b]
    chosen = generator.permutation(len(pairs))[:20]
    edges = pd.DataFrame([(*pairs[i], "+") for i in chosen], columns=["Gene1", "Gene2", "Type"])
    return split_pairs(protocol, genes, edges, genes, (1, 2), 3, 0.25, generator)


def predict_controls(*arguments) -> pd.DataFrame:
    """Predictions of all controls as one table, with the column method in front."""
    parts = []
    for method, part in label_controls.predict_controls(*arguments):
        part.insert(0, "method", method)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def test_constant_is_constant_and_calls_what_most_training_pairs_are():
    assert label_controls.constant(TWO_FOLDS, rng()).tolist() == [[0.5, 0.5]] * 6
    # training edges: 3 of 4 in fold 1; 2 of 4 in fold 2, which is not most
    got = predict_controls(TWO_FOLDS, "pair", (1,), 5, ())
    got = got[got["method"] == "constant"]
    assert ((got["score"] >= got["threshold"]) == (got["fold"] == 1)).all()


def test_reverse_edge_by_hand():
    # fold 1 trains on the edges ab ac cb: the reverse of ba, ca, bc is in training
    # fold 2 trains on ac cb only
    assert label_controls.reverse_edge(TWO_FOLDS, rng()).tolist() == [
        [0, 0],  # ab: ba is no edge
        [0, 0],  # ac
        [1, 0],  # ba: ab is a training edge in fold 1, a test edge in fold 2
        [1, 1],  # bc
        [1, 1],  # ca
        [0, 0],  # cb
    ]


def test_naive_bayes_by_hand():
    # fold 1: 4 training pairs ab ac ba cb with 3 edges, rate 3/4. Regulator a 2 of 2, b 0 of 1,
    # c 1 of 1; target a 0 of 1, b 2 of 2, c 1 of 1; each with one more pair at the rate.
    def logit(p):
        return np.log(p / (1 - p))

    a, c, to_b, to_c = 2.75 / 3, 1.75 / 2, 2.75 / 3, 1.75 / 2
    want = {
        0: logit(a) + logit(to_b) - logit(0.75),
        1: logit(a) + logit(to_c) - logit(0.75),
        5: logit(c) + logit(to_b) - logit(0.75),
    }
    scores = label_controls.naive_bayes(TWO_FOLDS, rng())[:, 0]
    for row, value in want.items():
        assert scores[row] == pytest.approx(1 / (1 + np.exp(-value)))
    assert ((scores > 0) & (scores < 1)).all()


def test_naive_bayes_gives_a_gene_without_training_pairs_the_rate():
    table = role_table("ab 1 t\nba 0 t\nxb 0 T\nbx 1 T\nxy 0 T")
    scores = label_controls.naive_bayes(table, rng())[:, 0]
    assert scores[4] == pytest.approx(0.5)  # both genes unknown: the rate of the training pairs
    assert scores[2] > 0.5 > scores[3]  # b is a target of 1 of 1, a regulator of 0 of 1


def test_degree_product_by_hand():
    # fold 1 trains on ab ac cb: out a 2, c 1; in b 2, c 1
    # fold 2 trains on ac cb: out a 1, c 1; in c 1, b 1
    assert label_controls.degree_product(TWO_FOLDS, rng()).tolist() == [
        [2 * 2, 1 * 1],
        [2 * 1, 1 * 1],
        [0, 0],
        [0, 0],
        [0, 0],
        [1 * 2, 1 * 1],
    ]


def test_pair_lookup_by_hand():
    # training holds ab twice (edges) and ac once (none); bc has no copy: 2 of 3 are edges
    scores = label_controls.pair_lookup(COPIES, rng())
    assert scores[:, 0] == pytest.approx([1, 1, 1, 0, 0, 0, 2 / 3, 2 / 3, 2 / 3])


def test_constant_logit_by_hand():
    scores = label_controls.constant_logit(TWO_FOLDS, rng())
    assert scores.shape == (6, 2)
    assert (scores == 1 / (1 + np.exp(-4.6))).all() and scores[0, 0] == pytest.approx(0.990048)


def test_random_is_uniform_and_seeded():
    table = pd.concat([TWO_FOLDS] * 500, ignore_index=True)
    scores = label_controls.random(table, rng(1))
    assert scores.shape == (3000, 2)
    assert scores.mean() == pytest.approx(0.5, abs=0.02)
    assert (scores.min(), scores.max()) == pytest.approx((0, 1), abs=0.01)
    assert (scores == label_controls.random(table, rng(1))).all()
    assert (scores != label_controls.random(table, rng(2))).any()
    assert abs(np.corrcoef(scores.T)[0, 1]) < 0.1  # folds are drawn separately


def test_controls_of_each_protocol():
    always = ["constant", "random", "degree-product", "degree-sum", "reverse-edge", "naive-bayes"]
    assert controls_for("gene") == controls_for("pair") == always
    assert controls_for("pooled") == [*always, "pair-lookup"]
    assert controls_for("paper") == [*always, "pair-lookup", "constant-logit"]
    assert {name for p in PROTOCOLS for name in controls_for(p)} == set(CONTROLS)


@pytest.mark.parametrize("method", CONTROLS)
@pytest.mark.parametrize("protocol", ["gene", "pair", "pooled"])
def test_labels_of_test_and_validation_rows_are_never_read(method, protocol):
    table = random_table(protocol)
    before = CONTROLS[method](table, rng())
    changed = False
    for i, column in enumerate(fold_columns(table)):
        other = table.copy()
        flip = (table[column] != TRAIN).to_numpy()
        assert flip.any() and not flip.all()
        other.loc[flip, "edge"] = 1 - other.loc[flip, "edge"]
        after = CONTROLS[method](other, rng())
        assert (after[:, i] == before[:, i]).all()
        other = table.copy()
        other.loc[~flip, "edge"] = 1 - other.loc[~flip, "edge"]
        changed |= bool((CONTROLS[method](other, rng())[:, i] != before[:, i]).any())
    # The same flip of training labels is seen, by those that look at labels.
    assert changed == (method not in ("random", "constant", "constant-logit"))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_predictions_have_the_documented_columns_and_rows(protocol):
    table = random_table(protocol)
    got = predict_controls(table, protocol, (1, 2), 5, ("net", protocol, 1))
    extra = ["called", "negated_called"] if protocol == "paper" else []
    assert list(got.columns) == [*COLUMNS, *extra]
    assert list(got["method"].unique()) == controls_for(protocol)
    assert got.notna().all().drop(extra).all()
    tested = int((table[fold_columns(table)] == "test").to_numpy().sum())
    copies = 1 if protocol in COPY_PROTOCOLS else 2
    assert set(got.groupby("method").size()) == {tested * copies}
    assert set(got["replicate"]) == {1, 2} and set(got["fold"]) == {1, 2, 3}
    # the same pairs, folds and labels for every method
    keys = ["replicate", "fold", "Gene1", "Gene2", "edge"]
    first, *others = (part[keys].to_numpy().tolist() for _, part in got.groupby("method"))
    assert all(other == first for other in others)
    labels = {(a, b): e for a, b, e in table[["Gene1", "Gene2", "edge"]].to_numpy()}
    assert [labels[tuple(k)] for k in got[["Gene1", "Gene2"]].to_numpy()] == got["edge"].tolist()


def test_rows_for_all_replicates_are_repeated():
    got = predict_controls(TWO_FOLDS, "pair", (1, 4), 5, ())
    part = got[got["method"] == "degree-product"]
    assert part[["fold", "replicate", "Gene1", "Gene2", "edge"]].to_numpy().tolist() == [
        [1, 1, "c", "a", 0],
        [1, 4, "c", "a", 0],
        [2, 1, "a", "b", 1],
        [2, 4, "a", "b", 1],
    ]
    drawn = got.loc[got["method"] == "random", "score"]
    assert drawn.nunique() == 4  # each copy its own number


def test_threshold_is_chosen_on_validation_pairs():
    table = role_table(
        """
        ac 1 t
        dc 1 t
        db 1 t
        ad 0 t
        ab 1 v
        cb 0 v
        bd 1 T
        """
    )
    got = predict_controls(table, "pair", (1,), 5, ()).set_index("method")
    # validation scores: ab 1 * 1, an edge; cb 0 * 1, none: midway
    assert got.loc["degree-product", ["score", "threshold"]].tolist() == [0, 0.5]
    assert got.loc["constant", ["score", "threshold"]].tolist() == [0.5, 0.5]  # 3 of 4
    table.loc[[4, 5], "edge"] = [0, 1]  # now calling both is best
    got = predict_controls(table, "pair", (1,), 5, ()).set_index("method")
    assert got.loc["degree-product", ["score", "threshold"]].tolist() == [0, 0]


def test_threshold_is_chosen_on_training_pairs_where_nothing_is_for_validation():
    table = COPIES.assign(fold_1=COPIES["fold_1"].replace("validation", "test"))
    got = predict_controls(table, "paper", (1, 2, 3), 5, ())
    lookup = got[got["method"] == "pair-lookup"]
    # training scores: 1 for edges, 0 for the other
    assert set(lookup["threshold"]) == {0.5}
    called = dict(zip(lookup["Gene1"] + lookup["Gene2"], lookup["score"] >= 0.5, strict=True))
    assert called == {"ab": True, "ac": False, "bc": True}
    # with the real edges tied to nothing: no copy, the rate 2 / 3 is above one half
    constant = got[got["method"] == "constant-logit"]
    assert set(constant["threshold"]) == {0.5}
    assert set(constant["called"]) == {1} and set(constant["negated_called"]) == {0}
    assert got.loc[got["method"] != "constant-logit", "called"].isna().all()


def test_random_numbers_are_named_by_seed_and_job():
    def scores(seed, *names):
        got = predict_controls(TWO_FOLDS, "pair", (1,), seed, names)
        return got.loc[got["method"] == "random", "score"].tolist()

    assert scores(1, "net", 1) == scores(1, "net", 1)
    assert len({tuple(scores(*x)) for x in ((1, "net", 1), (2, "net", 1), (1, "net", 2))}) == 3


def test_degree_sum_ranks_pairs_of_a_held_out_gene():
    # a is held out: its product is 0 whatever the other gene's degree, its sum is that degree
    table = pd.DataFrame(
        [
            (0, "b", "c", 1, "train"),
            (0, "d", "c", 1, "train"),
            (0, "b", "d", 1, "train"),
            (0, "a", "c", 1, "test"),
            (0, "a", "d", 0, "test"),
            (0, "b", "a", 0, "test"),
        ],
        columns=["replicate", "Gene1", "Gene2", "edge", "fold_1"],
    )
    assert label_controls.degree_product(table, rng())[3:, 0].tolist() == [0, 0, 0]
    assert label_controls.degree_sum(table, rng())[3:, 0].tolist() == [2, 1, 2]


def test_predictions_have_the_digits_of_files(monkeypatch):
    """Sums in another order differ in their last bits; read from a file they would be ties."""
    values = np.array([[0.1 + 0.2, 1 / 3], [0.3, 1 / 3 + 1e-12]] * 3)
    monkeypatch.setitem(CONTROLS, "degree-sum", lambda table, rng: values)
    got = predict_controls(TWO_FOLDS, "pair", (1,), 5, ())
    got = got[got["method"] == "degree-sum"]
    assert got["score"].tolist() == [0.3, 0.333333333]
    random = predict_controls(TWO_FOLDS, "pair", (1,), 5, ())
    for column in ("score", "threshold"):
        assert [float(f"{x:.9g}") for x in random[column]] == random[column].tolist()
