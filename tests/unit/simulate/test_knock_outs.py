"""Cells without a gene in a simulated data set."""

import numpy as np
import pytest

from grn_gat.simulate.boolean_model import read_model
from grn_gat.simulate.dataset import simulate_dataset
from grn_gat.simulate.knock_outs import knocked_out, name_of, simulate_knock_outs
from grn_gat.simulate.simulator import default_parameters
from workflows import REPOSITORY

SETTINGS = {"parameters": "sampled", "activation": "hill", "max_tries": 20}
MODEL = REPOSITORY / "workflow/resources/models/VSC.tsv"


@pytest.mark.parametrize("gene", ["Gata1", "a_knock-out_b", "TAL1.2"])
def test_a_name_tells_the_gene(gene):
    assert knocked_out(name_of(gene, 12)) == gene
    assert knocked_out("E12_340") == ""


@pytest.fixture(scope="module")
def both() -> tuple:
    model = read_model(MODEL)
    return tuple(simulate_dataset(model, 60, 4, ("VSC", 1), SETTINGS, None, n) for n in (0, 8))


def test_the_other_cells_are_what_they_are_without(both):
    plain, more = both
    assert more.cells[:60] == plain.cells and len(more.cells) == 60 + 8 * len(plain.genes)
    np.testing.assert_array_equal(more.expression[:, :60], plain.expression)
    assert more.pseudotime.iloc[:60].equals(plain.pseudotime)
    assert more.pseudotime.iloc[60:].isna().all(axis=None)
    assert list(more.pseudotime.index) == more.cells


def test_a_gene_is_gone_from_its_cells_and_its_targets_change(both):
    _, more = both
    lacking = np.array([knocked_out(cell) for cell in more.cells])
    for row, gene in enumerate(more.genes):
        assert (more.expression[row, lacking == gene] == 0).all()
        assert more.expression[row, lacking == ""].max() > 0
    assert list(dict.fromkeys(lacking[60:])) == list(more.genes)
    edges = more.edges[more.edges["Gene1"] != more.edges["Gene2"]]
    shifts = []
    for gene, target in zip(edges["Gene1"], edges["Gene2"], strict=True):
        values = more.expression[list(more.genes).index(target)]
        shifts.append(abs(values[lacking == gene].mean() - values[lacking == ""].mean()))
    assert np.mean(np.array(shifts) > 0.2) > 0.5


def test_a_gene_without_which_all_runs_die_has_no_such_cell(tmp_path, capsys):
    path = tmp_path / "needed.tsv"
    path.write_text("Gene\tRule\nA\tA\nB\tA\nC\tB\n")
    model = read_model(path)
    found = simulate_knock_outs(model, 5, 1, ("needed", 1), default_parameters("ABC"), SETTINGS)
    assert set(found) == {"B", "C"} and found["B"].shape == (3, 5)
    assert "without A every run died: no cell without it" in capsys.readouterr().out


def test_each_gene_has_a_stream_of_its_own():
    model = read_model(MODEL)
    parameters = default_parameters(model.genes)
    one, same, other = (
        simulate_knock_outs(model, 4, seed, ("VSC", 1), parameters, SETTINGS) for seed in (1, 1, 2)
    )
    first, second = list(one)[:2]
    np.testing.assert_array_equal(one[first], same[first])
    assert not np.array_equal(one[first], other[first])
    rest = [k for k in range(len(model.genes)) if k not in (0, 1)]
    assert not np.array_equal(one[first][rest], one[second][rest])
