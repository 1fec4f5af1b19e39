"""The tutorials run from the beginning in a kernel of their own, and what they say holds."""

import importlib.util

import nbformat
import pytest

from workflows import REPOSITORY
from write import notebooks

# Asked after the last cell of each.
FACTS = {
    "own_cells": """
genes = adata.n_vars
assert network.scores.shape == network.signs.shape == (genes, genes)
assert len(network.edges) == genes * (genes - 1)
assert set(network.hubs["gene"]) == set(adata.var_names)
assert (other.edges.iloc[0][["regulator", "target"]].to_list()
        == other.edges.iloc[1][["target", "regulator"]].to_list())
assert 3 <= len(both) <= 20

precision = table.loc["average_precision"]
assert precision["gat-zeroshot"] > precision["pidc"] > precision["random"] + 0.1
shown = table.loc[["average_precision", "early_precision", "auroc"]]
nothing = shown[["random", "constant"]].max(axis=1)
assert (shown[["gat-zeroshot", "pidc"]].min(axis=1) > nothing).all()
assert abs(expected - edges) < 5

values = pd.DataFrame(versions)
ours, theirs = values.loc["gat-zeroshot"], values.loc["pidc"]
assert ours["as simulated"] > 1.2 * ours[["measured, counts", "measured, normalised"]].max()
assert abs(ours["measured, counts"] - ours["measured, normalised"]) < 0.03
assert (ours > theirs).all()
simple = values.loc["consensus"]
assert simple["as simulated"] < ours["as simulated"] - 0.1
assert np.ptp(simple) < 0.05 and (simple - ours)[1:].abs().max() < 0.03
assert values.loc["sum of the probabilities"].between(15, 35).all()

import networkx
assert networkx.read_graphml("network.graphml").number_of_edges() == 2 * genes
assert abs(written - here) < 1e-4
""",
    "groups": """
specific = edges[edges["specific"] == "yes"]
assert specific[["group", "regulator", "target"]].iloc[0].to_list() == ["control", "Gata1", "Klf1"]
assert len(specific) == 1
assert (specific["low"] > 0.3).all() and (specific["expected_false"] < 1).all()
assert ("Epor" in {*shared["regulator"], *shared["target"]})
assert (nothing["specific"] == "no").all()
assert overlap["shared"].item() > overlap["by_degree"].item()
""",
    "pictures": """
from pathlib import Path

for name in ("network", "network-dark", "hubs", "hub_times"):
    for form in ("png", "svg", "pdf"):
        assert (Path(folder) / f"{name}.{form}").stat().st_size > 1000
assert network.method == "leap" and len(network.edges) > 50
assert signs.to_numpy().sum() == len(edges)
""",
    "own_method": """
assert not Path.cwd().is_relative_to(repository())
assert (network.scores.fillna(0) == network.scores.T.fillna(0)).all(axis=None)
assert scores.shape == (12, 7) and scores.notna().all(axis=None)

assert (difference["HSC"] > 0).all() and (difference["VSC"] < 0).all()
mean = scores.groupby("network").mean()
assert (mean.loc["mCAD", methods] < mean.loc["mCAD", "random"]).sum() > len(methods) / 2
assert (mean.loc["GSD", "random"] < 0.4 < mean.loc["mCAD", methods].min())
for method in ("covariance", "pearson"):
    assert (scores[method] < scores["pidc"]).sum() > len(scores) / 2
    assert (scores[method] < scores["gat-zeroshot"]).all()

assert set(precision["method"]) == {"pearson", "pidc", "spearman", "wisdom"}
assert (precision["n"] == 5).all() and precision["verdict"].ne("not determined").all()
assert Path("results/figures/focus/drop-000.svg").is_file()
""",
}

PICTURES = {"groups": 2, "pictures": 5}


@pytest.fixture(scope="module", params=FACTS)
def finished(request) -> nbformat.NotebookNode:
    """A tutorial after its last cell, to which the facts were added."""
    if importlib.util.find_spec("nbclient") is None:
        pytest.skip("what runs notebooks is not installed: make site")
    notebook = notebooks.read(REPOSITORY / f"docs/tutorials/{request.param}.ipynb")
    notebook.cells.append(nbformat.v4.new_code_cell(FACTS[request.param]))
    notebooks.run(notebook)
    notebook.metadata["tutorial"] = request.param
    return notebook


def outputs(cell: nbformat.NotebookNode, name: str = "stdout") -> str:
    """What a cell printed."""
    return "".join(output.text for output in cell.get("outputs", []) if output.get("name") == name)


def test_it_runs_and_what_it_says_holds(finished):
    shown = [cell for cell in finished.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in shown)
    pictures = [o for cell in shown for o in cell.outputs if "image/png" in o.get("data", {})]
    assert len(pictures) == PICTURES.get(finished.metadata["tutorial"], 1)  # each is shown once


def test_no_cell_warns(finished):
    """What commands say of their progress aside."""
    said = [outputs(cell, "stderr") for cell in finished.cells if "%%bash" not in cell.source]
    assert "".join(said) == ""


def test_the_check_says_what_the_values_are(finished):
    checked = {
        cell.source: outputs(cell) for cell in finished.cells if "grn-gat check" in cell.source
    }
    for source, said in checked.items():
        assert "doubts\n" not in said
        assert ("divided by" in said and "counts" in said) == ("measured" in source)


def test_the_clone_stays_as_it_is(finished):
    assert not (REPOSITORY / "scripts/grn_gat/algorithms/covariance.py").exists()
    suffixes = {path.suffix for path in (REPOSITORY / "docs/tutorials").iterdir()}
    assert suffixes == {".ipynb", ".toml"}
