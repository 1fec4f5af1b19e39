"""`grn_gat.infer`: what a program gets; the numbers are those of the workflow's files."""

import doctest
import pickle

import anndata
import networkx as nx
import numpy as np
import pandas as pd
import pytest

import grn_gat
import grn_gat.api
import grn_gat.inference.null
from factories import expression_table
from grn_gat.core.errors import InputError
from grn_gat.report import figures_inferred
from untrained import save_untrained
from workflows import REPOSITORY

LEVELS = REPOSITORY / "workflow/resources/zeroshot/levels.safetensors"
TABLE = expression_table(60).T  # cells in rows


def test_examples_of_the_docstrings():
    assert doctest.testmod(grn_gat.api) == (0, 10)


def test_package_offers_these_names_only():
    assert set(grn_gat.__all__) == {"Network", "__version__", "infer", "methods"}
    with pytest.raises(AttributeError, match="no attribute 'train'"):
        _ = grn_gat.train


def test_edges_and_scores_are_one_network():
    network = grn_gat.infer(TABLE, "genie3", settings={"trees": 5})
    assert network.scores.shape == (6, 6)
    assert np.isnan(np.diag(network.scores)).all()
    first = network.edges.iloc[0]
    assert first["score"] == network.scores.loc[first["regulator"], first["target"]]
    assert first["rank"] == 1 and network.edges["rank"].is_monotonic_increasing
    assert {first["regulator"], first["target"]} < {"G0", "G1", "G2"}
    assert network.hubs["gene"].nunique() == 6


def test_other_benchmarks_get_the_strongest_edges(tmp_path):
    network = grn_gat.infer(TABLE, "pearson", name="cells")
    first = network.edges.iloc[0]
    network.to_genernib(tmp_path / "p.h5ad", "norman")
    uns = anndata.read_h5ad(tmp_path / "p.h5ad").uns
    assert (uns["method_id"], uns["dataset_id"]) == ("pearson", "norman")
    prediction = uns["prediction"]
    assert len(prediction) == len(network.edges)
    assert prediction["source"].iloc[0] == first["regulator"]
    assert float(prediction["weight"].iloc[0]) == pytest.approx(first["score"], rel=1e-8)
    network.to_causalbench(tmp_path, edges=3)
    pairs = pd.read_csv(tmp_path / "output_network.csv", index_col=0).to_numpy().tolist()
    assert pairs == network.edges[["regulator", "target"]][:3].to_numpy().tolist()
    assert '"dataset_name": "cells"' in (tmp_path / "arguments.json").read_text()


def test_signs_are_the_methods_own_or_those_of_spearman():
    for method in ("pearson", "clr"):
        signs = grn_gat.infer(TABLE, method).signs
        assert signs.loc["G0", "G1"] == 1 and signs.loc["G1", "G2"] == -1
        assert (np.diag(signs) == 0).all()


def test_regulators_are_the_rows():
    network = grn_gat.infer(TABLE, "spearman", regulators=["G2", "G0"])
    assert list(network.scores.index) == ["G0", "G2"] and network.scores.shape == (2, 6)
    assert set(network.edges["regulator"]) == {"G0", "G2"}
    assert network.signs.loc["G0", "G1"] == 1 and network.signs.loc["G0", "G0"] == 0
    assert network.hubs.set_index("gene")["candidate_regulator"].sum() == 2


def test_seed_and_name_are_those_of_a_study():
    def edges(**more):
        return grn_gat.infer(TABLE, "genie3", settings={"trees": 3}, **more).edges

    usual = grn_gat.api.settings_of("genie3", {})[1]
    assert edges().equals(edges(seed=usual, name="data", threads=2))
    assert not edges().equals(edges(seed=7)) and edges().equals(edges(name="x"))


def test_pseudotime():
    times = pd.Series(np.linspace(0, 1, 60), TABLE.index)
    assert len(grn_gat.infer(TABLE, "leap", pseudotime=times).edges)
    with pytest.raises(InputError, match="SCODE: SCODE needs a pseudotime"):
        grn_gat.infer(TABLE, "scode")


def test_evidence(tmp_path):
    own = {"weights": save_untrained(tmp_path / "weights.safetensors")}
    prior = pd.DataFrame({"Gene1": ["G4", "G0", "X"], "Gene2": ["G5", "G5", "G0"]})

    def scores(method: str, **evidence) -> np.ndarray:
        return grn_gat.infer(TABLE, method, settings=own, **evidence).scores.fillna(0).to_numpy()

    with pytest.warns(UserWarning, match="1 of 3 edges, as the expression matrix lacks 1"):
        told = scores("gat-zeroshot-prior", prior=prior)
        plain = scores("gat-zeroshot", prior=prior)
    assert np.array_equal(plain, scores("gat-zeroshot")) and not np.allclose(plain, told, atol=1e-5)
    labels = pd.Series(["G2"] * 20 + [""] * 40, TABLE.index)
    found = {
        kind: scores("gat-zeroshot-evidence", perturbations=labels, perturbation_kind=kind)
        for kind in ("knock-out", "over-expression")
    }
    assert not np.allclose(*found.values(), atol=1e-5)
    with pytest.raises(InputError, match="with a prior network needs a prior network, and the"):
        scores("gat-zeroshot-prior", perturbations=labels)


def test_lack_of_memory_is_one_sentence(monkeypatch):
    """Also where reading the weights is what lacks it."""
    import torch

    def hungry(*_):
        torch.zeros(1 << 60, dtype=torch.uint8)

    monkeypatch.setattr("grn_gat.zeroshot.gat.ZeroShotGAT.__init__", hungry)
    with pytest.raises(MemoryError, match="zero-shot: not enough memory for 6 genes x 60 cells"):
        grn_gat.infer(TABLE)
    with pytest.raises(InputError, match="GB that there are: end other programs, or take fewer"):
        grn_gat.infer(TABLE)


def test_graphml_and_figure(tmp_path):
    network = grn_gat.infer(TABLE, "genie3", settings={"trees": 3})
    network.to_graphml(tmp_path / "x.graphml")
    network.to_excel(tmp_path / "x.xlsx")
    sheet = pd.read_excel(tmp_path / "x.xlsx", sheet_name="edges")
    assert len(sheet) == len(nx.read_graphml(tmp_path / "x.graphml").edges)
    graph = nx.read_graphml(tmp_path / "x.graphml")
    assert graph.number_of_edges() == 12 and graph.nodes["G0"]["name"] == "G0"
    assert network.plot().axes[0].get_title() == "GENIE3: the strongest edges"


def test_anndata_takes_the_network():
    extra = pd.DataFrame({"zzz": 1.0}, TABLE.index)
    data = anndata.AnnData(pd.concat([extra, TABLE[TABLE.columns[::-1]]], axis=1))
    network = grn_gat.infer(TABLE, "pearson", regulators=["G0", "G1"])
    network.to_anndata(data, "net")
    scores = pd.DataFrame(data.varp["net"].toarray(), data.var_names, data.var_names)
    assert scores.loc["G0", "G1"] == network.scores.loc["G0", "G1"]
    assert not scores.loc["zzz"].any() and not scores.loc["G2"].any()
    signs = pd.DataFrame(data.varp["net_sign"].toarray(), data.var_names, data.var_names)
    assert signs.loc["G1", "G2"] == -1
    assert data.var.loc["G0", "net_degree"] >= 1 and np.isnan(data.var.loc["zzz", "net_degree"])
    assert data.uns["net"] == {"method": "pearson"}
    with pytest.raises(InputError, match="has no gene G0"):
        network.to_anndata(data[:, ["G1", "G2"]].copy())


@pytest.mark.parametrize(
    ("method", "more", "message"),
    [
        ("genie", {}, "there is no method 'genie'"),
        ("genie3", {"settings": {"tree": 3}}, "tree"),
        ("genie3", {"settings": {"trees": 0}}, "trees"),
        ("gat-zeroshot", {"settings": {"weights": "none"}}, "there is no file 'none'"),
    ],
)
def test_what_is_wrong_is_one_sentence(method, more, message):
    with pytest.raises(InputError, match=message):
        grn_gat.infer(TABLE, method, **more)


def test_scores_that_should_not_be_trusted_are_a_warning(monkeypatch):
    divided = TABLE.div(TABLE.sum(axis=1), axis=0)
    levels = {"weights": str(LEVELS)}  # which are not to be trusted where cells were divided
    with pytest.warns(UserWarning, match="the scores of GATv2 zero-shot should not be trusted on"):
        network = grn_gat.infer(divided, settings=levels)
    held = network.trust.query("holds == 'yes'")
    assert "cell_totals" in set(held["condition"])
    labels = []
    monkeypatch.setattr(figures_inferred, "plot_inferred", lambda *rest: labels.append(rest[-2]))
    network.plot()
    conditions = grn_gat.infer(TABLE).trust["condition"]
    assert list(conditions) == ["regulators_of_a_gene", "rarity"]  # of the default weights
    usual = grn_gat.infer(TABLE, settings=levels)
    assert (usual.trust["holds"] == "no").all() and len(usual.trust) == 5
    usual.plot()
    assert labels == ["|score|", "probability of the edge"]
    assert grn_gat.infer(divided, "pearson").trust.empty


def test_null_is_made_when_it_is_asked_for(monkeypatch, tmp_path):
    ran, attempt = [], grn_gat.inference.null.attempt
    monkeypatch.setattr(
        grn_gat.inference.null, "attempt", lambda *rest: ran.append(rest[0]) or attempt(*rest)
    )
    network = grn_gat.infer(TABLE, "spearman", name="x")
    assert ran == []
    null = network.null
    assert network.null is null and ran == ["spearman"]
    row = null.iloc[0]
    assert row["pairs"] == 30 and row["edges"] == 12 and not row["remark"]
    assert row["expected_share"] == row["expected"] / row["as_strong"] < 1
    assert row["strength"] == network.edges["score"].abs()[11]
    assert row["above_all"] >= 6  # three genes of a chain
    assert pickle.loads(pickle.dumps(network)).null.equals(null)
    relative = grn_gat.infer(TABLE, "spearman-clr").null.iloc[0]
    assert relative["remark"].startswith("says little")


def test_a_method_of_the_user(tmp_path):
    (tmp_path / "my_covariance.py").write_text(
        "import numpy as np\n\nfrom grn_gat.algorithms._registry import Method\n\n\n"
        "def infer(expression, genes, data_set, power: int = 1):\n"
        "    assert genes[0] == 'G0' and data_set == 'mine'\n"
        "    return np.cov(expression) ** power\n\n\n"
        "METHOD = Method(title='Mine', citation='nobody 2026', infer=infer, directed=False)\n"
    )
    asked = {"name": "mine", "methods_path": tmp_path}
    network = grn_gat.infer(TABLE, "my-covariance", settings={"power": 3}, **asked)
    wanted = TABLE.cov() ** 3
    assert network.scores.loc["G0", "G1"] == pytest.approx(wanted.loc["G0", "G1"])
    assert not network.edges["directed"].any() and network.trust.empty
    # Later, as well, when no folder is asked for.
    assert network.null.iloc[0]["edges"] == 12
    assert pickle.loads(pickle.dumps(network)).hubs.equals(network.hubs)
    with pytest.raises(InputError, match="there is no method 'my-covariance'"):
        grn_gat.infer(TABLE, "my-covariance")
    with pytest.raises(InputError, match="unknown key powr"):
        grn_gat.infer(TABLE, "my-covariance", settings={"powr": 3}, **asked)
