"""Fine-tuning of the zero-shot model: what is learned from, which state wins, that it repeats."""

import copy
from dataclasses import asdict
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

import fine_tune_gat
import score_predictions
from grn_gat.core.device import deterministic
from grn_gat.core.errors import InputError
from grn_gat.core.files import read_table, write_table
from grn_gat.core.row_names import ORACLE
from grn_gat.data.dataset import Dataset, write_dataset
from grn_gat.data.edges import no_edges
from grn_gat.evaluate.label_controls import controls_for
from grn_gat.evaluate.metrics import auroc
from grn_gat.evaluate.splits import TEST, TRAIN, VALIDATION, fold_columns, split_pairs
from grn_gat.zeroshot import finetuning
from grn_gat.zeroshot import gat as network
from grn_gat.zeroshot.any_data import pair_probabilities
from grn_gat.zeroshot.ensemble import Ensemble, edge_probabilities, load_ensemble, save_ensemble
from grn_gat.zeroshot.finetuning import (
    CURVE_COLUMNS,
    PREDICTION_COLUMNS,
    FineTuning,
    common_genes,
    fine_tune,
)
from grn_gat.zeroshot.gat import Architecture, Graph, ZeroShotGAT
from untrained import untrained_model

GENES = [f"g{i}" for i in range(7)]
MEMBERS = GENES[:6]  # of the reference network; the matrix has one gene more
NEIGHBOURS = [(a, b) for pair in pairwise(MEMBERS) for a, b in (pair, pair[::-1])]  # edges
SIZES = {
    "layers": 2, "heads": 2, "width": 8, "pair_width": 6, "path_width": 4, "triple_layers": [1],
    "candidates": 24, "context": 3,
}  # fmt: skip
FOLDS = 3
NAMES = ("fine-tune", "net", 0, "pair", 1)
PROTOCOLS = ("pair", "gene", "pooled")


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    deterministic()


def settings(**changed) -> FineTuning:
    values = {"learning_rate": 0.01, "weight_decay": 0.01, "steps": 12, "check_every": 4}
    values |= {"patience": 9, "replicates_per_step": 2, "max_genes": 50, "cells": 5000}
    return FineTuning(**values | changed)


def model(**changed) -> ZeroShotGAT:
    torch.manual_seed(3)
    return ZeroShotGAT(Architecture(**SIZES | changed)).eval()


def expressions(*cells: int) -> list[np.ndarray]:
    """Matrices (genes, cells) in which neighbours vary together, one per number of cells."""
    found = []
    for seed, number in enumerate(cells):
        rng = np.random.default_rng(seed)
        mixture = np.eye(len(GENES)) + 0.7 * np.eye(len(GENES), k=1)
        found.append(np.exp(rng.normal(size=(number, len(GENES))) @ mixture).T)
    return found


def roles(protocol: str = "pair", replicates: int = 2) -> pd.DataFrame:
    """Roles of the pairs of a network that expression shows: its edges are the neighbours."""
    rng = np.random.default_rng(4)
    edges = pd.DataFrame(NEIGHBOURS, columns=["Gene1", "Gene2"]).assign(Type="+")
    numbers = range(1, replicates + 1)
    return split_pairs(protocol, GENES, edges, GENES, numbers, FOLDS, 0.2, rng)


def tuned(table: pd.DataFrame, cells=(60, 80), start=None, most_cells=5000, **changed):
    data = expressions(*cells)
    changed["cells"] = most_cells
    return fine_tune(
        Ensemble([start or model()]), data, GENES, table, settings(**changed), 7, NAMES
    )


def flipped(table: pd.DataFrame, role: str, fold: str = "fold_1") -> pd.DataFrame:
    """The table of one fold, the labels of its pairs of a role turned around."""
    table = table.drop(columns=[c for c in fold_columns(table) if c != fold])
    return table.assign(edge=np.where(table[fold] == role, 1 - table["edge"], table["edge"]))


# ---------------------------------------------------------------------- what may be learned from


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_labels_of_test_pairs_have_no_influence(protocol):
    table = roles(protocol)
    as_is, curve = tuned(flipped(table, "none"))
    turned, same_curve = tuned(flipped(table, TEST))
    columns = ["replicate", "fold", "Gene1", "Gene2", "score", "threshold"]
    pd.testing.assert_frame_equal(as_is[columns], turned[columns], check_exact=True)
    pd.testing.assert_frame_equal(curve, same_curve, check_exact=True)
    assert (as_is["edge"] == 1 - turned["edge"]).all()
    assert curve["validation_loss"].idxmin() > 0, "the pretrained state won: nothing was learned"


def test_labels_of_training_pairs_have_one(capsys):
    table = roles()
    as_is, turned = (tuned(flipped(table, role))[0] for role in ("", TRAIN))
    assert not np.allclose(as_is["score"], turned["score"])
    said = capsys.readouterr().err.splitlines()  # how far it is
    assert [line.split(":")[0] for line in said] == ["fold 1 of 1"] * 2


def test_validation_labels_only_choose_the_state(monkeypatch):
    """Whatever they are, the states that are passed through are the same."""
    seen: dict[str, list] = {"as is": [], "turned": []}
    take_step = torch.optim.AdamW.step
    for name, role in (("as is", "none"), ("turned", VALIDATION)):

        def step(self, name=name):
            take_step(self)
            seen[name].append(self.param_groups[0]["params"][0].detach().clone())

        monkeypatch.setattr(torch.optim.AdamW, "step", step)
        _, curve = tuned(flipped(roles(), role))
        seen[name] += [torch.tensor(curve["train_loss"].to_numpy()[1:])]
    assert len(seen["as is"]) == 12 + 1
    assert all(map(torch.equal, seen["as is"], seen["turned"]))


def test_what_expression_shows_is_learned_and_holds_for_test_pairs():
    found, curve = tuned(flipped(roles(), "none"), steps=24)
    assert curve["train_loss"].iloc[-1] < 0.1
    assert auroc(found["edge"] == 1, found["score"]) > 0.9


# ------------------------------------------------------------------------------- which state wins


def test_the_pretrained_state_wins_where_training_makes_it_worse():
    table = roles()
    worse, curve = tuned(table, learning_rate=30.0)
    loss = curve.groupby("fold")["validation_loss"]
    assert (loss.idxmin() == loss.head(1).index).all()  # step 0
    untouched, _ = tuned(table, learning_rate=1e-30)
    np.testing.assert_array_equal(worse["score"], untouched["score"])


def test_a_validation_loss_that_is_not_finite_leaves_the_pretrained_state(monkeypatch):
    untouched, _ = tuned(roles(), learning_rate=1e-30)
    bce = finetuning.bce

    def broken(logits, label, reduction="mean"):  # the validation loss is the mean
        return bce(logits, label, reduction=reduction) * (np.nan if reduction == "mean" else 1)

    monkeypatch.setattr(finetuning, "bce", broken)
    found, _ = tuned(roles())
    np.testing.assert_array_equal(found["score"], untouched["score"])


def test_the_best_state_is_scored_not_the_last():
    fold = flipped(roles("gene"), "none")
    found, curve = tuned(fold, learning_rate=0.03, steps=32)
    best = curve.loc[curve["validation_loss"].idxmin(), "step"]
    assert 0 < best < 32, "the case is not one"
    stopped, _ = tuned(fold, learning_rate=0.03, steps=best)
    np.testing.assert_array_equal(found["score"], stopped["score"])


def test_training_stops_after_patience():
    _, curve = tuned(roles(), learning_rate=30.0, steps=50, patience=1)
    assert curve.groupby("fold")["step"].apply(list).tolist() == [[0, 4, 8]] * FOLDS


@pytest.mark.parametrize(("steps", "every", "looks"), [(5, 2, [0, 2, 4, 5]), (3, 10, [0, 3])])
def test_the_last_step_is_looked_at(steps, every, looks):
    _, curve = tuned(roles(), steps=steps, check_every=every)
    assert curve.groupby("fold")["step"].apply(list).tolist() == [looks] * FOLDS


# ------------------------------------------------------------------------------------ predictions


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_one_row_per_test_item_and_fold(protocol):
    table = roles(protocol)
    found, curve = tuned(table, steps=1)
    assert list(found) == PREDICTION_COLUMNS and list(curve) == CURVE_COLUMNS
    expected = set()
    for number, fold in enumerate(fold_columns(table), start=1):
        for row in table[table[fold] == TEST].itertuples():
            for replicate in [row.replicate] if row.replicate else [1, 2]:
                expected.add((replicate, number, row.Gene1, row.Gene2, row.edge))
    rows = list(found[PREDICTION_COLUMNS[:5]].itertuples(index=False, name=None))
    assert len(rows) == len(expected) and set(rows) == expected
    keys = found[["replicate", "Gene1", "Gene2", "fold"]]
    pd.testing.assert_frame_equal(keys, keys.sort_values(list(keys), ignore_index=True))
    assert found["score"].between(0, 1).all()
    assert found.groupby("fold")["threshold"].nunique().eq(1).all()


def test_scores_are_those_of_the_named_pair_and_replicate():
    start, data = model(), expressions(60, 80)
    found, _ = tuned(roles(), start=start, learning_rate=1e-30)
    everyone = torch.ones(1, len(GENES), dtype=torch.bool)
    for replicate, matrix in enumerate(data, start=1):
        with torch.no_grad():
            logits, _ = start(torch.tensor(matrix.T, dtype=torch.float32)[None], everyone)
        for row in found[found["replicate"] == replicate].itertuples():
            logit = logits[0, GENES.index(row.Gene1), GENES.index(row.Gene2)]
            assert row.score == pytest.approx(float(torch.sigmoid(logit)), abs=1e-5)


def test_the_start_is_the_ensemble_and_only_its_first_member_learns():
    torch.manual_seed(5)
    members = [model(), ZeroShotGAT(Architecture(**SIZES)).eval()]
    start = Ensemble(members, temperature=2.0, shift=-0.5)
    data, table = expressions(60, 80), flipped(roles(), "none")
    arguments = (data, GENES, table)
    untouched, _ = fine_tune(start, *arguments, settings(learning_rate=1e-30), 7, NAMES)
    single, _ = fine_tune(
        Ensemble(members[:1]), *arguments, settings(learning_rate=1e-30), 7, NAMES
    )
    assert not np.allclose(untouched["score"], single["score"], atol=1e-4)
    for replicate, matrix in enumerate(data, start=1):
        expected, _ = edge_probabilities(start, matrix, None, seed=1)
        for row in untouched[untouched["replicate"] == replicate].itertuples():
            probability = expected[GENES.index(row.Gene1), GENES.index(row.Gene2)]
            assert row.score == pytest.approx(probability, abs=1e-5)
    before = copy.deepcopy([member.state_dict() for member in members])
    tuned_scores, curve = fine_tune(start, *arguments, settings(), 7, NAMES)
    assert curve["validation_loss"].idxmin() > 0, "the pretrained state won: nothing was learned"
    assert not np.allclose(tuned_scores["score"], untouched["score"], atol=1e-3)
    for member, state in zip(members, before, strict=True):
        assert all(torch.equal(value, state[name]) for name, value in member.state_dict().items())


@pytest.mark.parametrize("of_a_subset", [7, 4], ids=["one subset", "several"])
def test_weights_of_any_data_are_tuned_from_what_they_say(of_a_subset):
    start = untrained_model(genes=of_a_subset)
    data, table = expressions(60, 80), flipped(roles(), "none")
    slow = settings(learning_rate=1e-30)
    untouched, _ = fine_tune(start, data, GENES, table, slow, 7, NAMES)
    if of_a_subset == 7:  # several subsets are drawn, with a seed of the replicate
        asked = np.unique([GENES.index(gene) for gene in table["Gene1"]])
        for replicate, matrix in enumerate(data, start=1):
            expected, _ = pair_probabilities(start, matrix, None, asked, 1)
            for row in untouched[untouched["replicate"] == replicate].itertuples():
                probability = expected[GENES.index(row.Gene1), GENES.index(row.Gene2)]
                assert row.score == pytest.approx(probability, abs=5e-4)  # inputs are halves
    before = copy.deepcopy([part.state_dict() for part in (start.subsets, start.aggregator)])
    scores, curve = fine_tune(start, data, GENES, table, settings(steps=40), 7, NAMES)
    assert curve["validation_loss"].idxmin() > 0, "the pretrained state won: nothing was learned"
    assert not np.allclose(scores["score"], untouched["score"], atol=1e-3)
    for part, state in zip((start.subsets, start.aggregator), before, strict=True):
        assert all(torch.equal(value, state[name]) for name, value in part.state_dict().items())
    again, _ = fine_tune(start, data, GENES, table, settings(steps=40), 7, NAMES)
    pd.testing.assert_frame_equal(scores, again, check_exact=True)


def test_the_start_is_left_as_it_is_and_runs_repeat():
    start = model()
    before = {name: value.clone() for name, value in start.state_dict().items()}
    first, second = (tuned(roles(), start=start, replicates_per_step=1) for _ in range(2))
    assert all(torch.equal(value, before[name]) for name, value in start.state_dict().items())
    for one, other in zip(first, second, strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_the_order_of_the_genes_does_not_matter():
    order = np.random.default_rng(1).permutation(len(GENES))
    data = expressions(60)
    names = [GENES[i] for i in order]
    arguments = (roles(replicates=1), settings(steps=1, learning_rate=1e-30), 7, NAMES)
    one, _ = fine_tune(Ensemble([model()]), data, GENES, *arguments)
    other, _ = fine_tune(Ensemble([model()]), [data[0][order]], names, *arguments)
    np.testing.assert_allclose(one["score"], other["score"], atol=1e-5)


def test_replicates_without_a_training_pair_are_not_trained_on():
    table = flipped(roles("pooled"), "none")
    table["fold_1"] = np.where(
        (table["replicate"] == 1) & (table["fold_1"] == TRAIN), TEST, table["fold_1"]
    )
    _, curve = tuned(table, replicates_per_step=1)
    assert np.isfinite(curve["train_loss"][1:]).all()


# ---------------------------------------------------------------------------- batches of replicates


def inputs(network: ZeroShotGAT, *cells: int) -> list:
    real = torch.ones(1, len(GENES), dtype=torch.bool)
    return [
        network.inputs(torch.tensor(e.T, dtype=torch.float32)[None], real, None)
        for e in expressions(*cells)
    ]


@pytest.mark.parametrize("changed", [{}, {"candidates": 3}, {"triple_layers": []}])
def test_stacked_graphs_score_as_single_ones(changed):
    network = model(**changed)
    node, pair, graphs = zip(*inputs(network, 40, 60, 90), strict=True)
    with torch.no_grad():
        stacked = network.score(torch.cat(node), torch.cat(pair), Graph.stacked(graphs))
        single = [network.score(*one) for one in zip(node, pair, graphs, strict=True)]
    for part, ones in zip(stacked, zip(*single, strict=True), strict=True):
        torch.testing.assert_close(part, torch.cat(ones), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("triple_layers", [[1], []])
def test_large_networks_go_one_by_one_with_the_same_result(monkeypatch, triple_layers):
    table, start = flipped(roles(), "none"), model(triple_layers=triple_layers)
    sizes = []
    score = ZeroShotGAT.score

    def counted(self, node, pair, graph):
        sizes.append(len(node))
        return score(self, node, pair, graph)

    monkeypatch.setattr(ZeroShotGAT, "score", counted)
    whole, curve = tuned(table, start=start, steps=2, check_every=1)
    assert set(sizes) == {2}
    sizes.clear()
    monkeypatch.setattr(network, "_BLOCK", 3)
    blocks, block_curve = tuned(table, start=start, steps=2, check_every=1)
    assert set(sizes) == {1}
    np.testing.assert_allclose(curve, block_curve, atol=1e-3)
    np.testing.assert_allclose(whole["score"], blocks["score"], atol=1e-2)


# ----------------------------------------------------------------------------------- genes, script


def test_replicates_must_have_the_same_genes_in_one_order():
    assert common_genes([["a", "b"], ["a", "b"]]) == ["a", "b"]
    with pytest.raises(InputError, match="replicate 3 has the genes in another order"):
        common_genes([["a", "b"], ["a", "b"], ["b", "a"]])
    with pytest.raises(InputError, match="replicate 2 has other genes"):
        common_genes([["a", "b"], ["a", "c"]])


def test_too_many_genes_are_not_fine_tuned_on(capsys):
    predictions, curve = tuned(roles(), max_genes=len(GENES) - 1)
    assert list(predictions) == PREDICTION_COLUMNS and list(curve) == CURVE_COLUMNS
    assert predictions.empty and curve.empty
    assert "7 genes, but fine_tuning.max_genes is 6" in capsys.readouterr().out
    assert len(tuned(roles(), max_genes=len(GENES), steps=1)[0])


@pytest.fixture
def job(tmp_path):
    """`snakemake` of fine_tune_gat, for two protocols and replicates of different cell numbers."""
    torch.manual_seed(3)
    sizes = asdict(Architecture(**SIZES))
    calibration = {"temperature": 2.0, "shift": -1.0, "sign_temperature": 1.0}
    states = [model().state_dict(), ZeroShotGAT(Architecture(**SIZES)).state_dict()]
    save_ensemble(tmp_path / "w", states, sizes, calibration, {})
    paths = []
    for number, matrix in enumerate(expressions(30, 45)):
        folder = tmp_path / f"rep-{number}"
        names = ("expression", "pseudotime", "edges", "regulators")
        cells = [f"c{i}" for i in range(matrix.shape[1])]
        data = Dataset(GENES, cells, matrix, None, no_edges(), None)
        write_dataset(data, *(folder / name for name in names))
        paths.append(folder / "expression")
    folds = [tmp_path / f"{protocol}.tsv" for protocol in ("pair", "gene")]
    for path in folds:
        write_table(roles(path.stem), path)
    out = {
        name: [tmp_path / f"{protocol}-{name}" for protocol in ("pair", "gene")]
        for name in ("predictions", "curves")
    }
    return SimpleNamespace(
        input=SimpleNamespace(expression=paths, folds=folds, weights=tmp_path / "w"),
        output=SimpleNamespace(**out),
        params=SimpleNamespace(
            protocols=["pair", "gene"], seed=7, fine_tuning=vars(settings(steps=1))
        ),
        wildcards=SimpleNamespace(network="net", dropout="000", seed="1"),
    )


def test_script_writes_what_is_asked_for(job):
    fine_tune_gat.main(job)
    for protocol, path in zip(("pair", "gene"), job.output.predictions, strict=True):
        table = roles(protocol)
        tests = sum((table[fold] == TEST).sum() for fold in fold_columns(table))
        found = read_table(path)
        assert list(found) == PREDICTION_COLUMNS and len(found) == 2 * tests
    assert list(read_table(job.output.curves[0])) == CURVE_COLUMNS


def test_script_starts_from_what_gat_zeroshot_gives(job):
    job.params.fine_tuning = vars(settings(steps=1, learning_rate=1e-30))
    fine_tune_gat.main(job)
    ensemble = load_ensemble(job.input.weights)
    expected = [edge_probabilities(ensemble, e, None, seed=1)[0] for e in expressions(30, 45)]
    found = read_table(job.output.predictions[0])
    assert len(found) > 20
    for row in found.itertuples():
        pair = GENES.index(row.Gene1), GENES.index(row.Gene2)
        assert row.score == pytest.approx(expected[row.replicate - 1][pair], abs=1e-4)


def test_no_more_cells_are_used_than_by_gat_zeroshot():
    table = flipped(roles(), "none")
    few, many = (
        tuned(table, cells=(60, 80), steps=1, most_cells=number)[0] for number in (30, 5000)
    )
    same = tuned(table, cells=(60, 80), steps=1, most_cells=80)[0]
    pd.testing.assert_frame_equal(many, same, check_exact=True)
    assert not np.allclose(few["score"], many["score"], atol=1e-4)


def test_script_refuses_replicates_with_genes_in_another_order(job):
    lines = job.input.expression[1].read_text().splitlines(keepends=True)
    job.input.expression[1].write_text("".join([lines[0], *lines[:0:-1]]))
    with pytest.raises(InputError, match="replicate 2 has the genes in another order"):
        fine_tune_gat.main(job)


@pytest.mark.parametrize("max_genes", [6, 50])
def test_scoring_copes_with_tables_without_rows(job, tmp_path, max_genes):
    job.params.fine_tuning = vars(settings(steps=1, max_genes=max_genes))
    fine_tune_gat.main(job)
    table = roles("pair")
    edges = table.loc[table["edge"] == 1, ["Gene1", "Gene2"]].assign(Type="+")
    source = {"edges": [], "regulators": [], "expression": job.input.expression}
    for number, matrix in enumerate(expressions(30, 45)):
        folder = tmp_path / f"scored-{number}"
        names = ("expression", "pseudotime", "edges", "regulators")
        cells = [f"c{i}" for i in range(matrix.shape[1])]
        data = Dataset(GENES, cells, matrix, None, edges, None)
        write_dataset(data, *(folder / name for name in names))
        source["edges"].append(folder / "edges")
        source["regulators"].append(folder / "regulators")
    own = tmp_path / "gat.tsv"
    items = table[["Gene1", "Gene2", "edge"]].assign(fold=1, score=0.5, threshold=0.5)
    write_table(pd.concat([items.assign(replicate=r) for r in (1, 2)]), own)
    folds = tmp_path / "folds.tsv"
    write_table(table, folds)
    source |= {"predictions": [own], "fine_tuned": [job.output.predictions[0]]}
    source |= {"model_controls": [], "folds": [folds], "ranked": [], "status": []}
    source |= {"others": []}
    names = ("metrics", "regulators", "curves", "stability")
    axes = {"gat": [("000", 1)], "fine_tuned": [("000", 1)], "model_controls": [], "methods": []}
    task = SimpleNamespace(
        input=SimpleNamespace(**source),
        output=SimpleNamespace(**{name: tmp_path / f"{name}.tsv" for name in names}),
        params=SimpleNamespace(
            axes=axes,
            dropouts=["000"],
            seeds=[1],
            seed=1,
            replicates=[1, 2],
            scoring={"relabellings": 100},
            others=[],
        ),
        wildcards=SimpleNamespace(network="net", protocol="pair"),
    )
    score_predictions.main(task)
    for name in names:
        methods = set(read_table(tmp_path / f"{name}.tsv")["method"])
        expected = {"gat", *controls_for("pair"), ORACLE}
        expected |= {"gat-finetuned"} if max_genes == 50 else set()
        # Six regulators are too few for groups of them.
        assert methods == (set() if name == "regulators" else expected), name
