"""What the model of levels says of a data set beside the subsets."""

import numpy as np
import pytest
import torch

from grn_gat.core.seeds import generator
from grn_gat.zeroshot.aggregator import LEVELS, with_contexts
from grn_gat.zeroshot.ensemble import Ensemble, edge_probabilities
from grn_gat.zeroshot.evidence_statistics import NO_TARGET, KnownTensors
from grn_gat.zeroshot.levels_expert import MOST_GENES, levels_opinion
from grn_gat.zeroshot.prepared import DataSet, Prepared
from untrained import untrained_model

GENES, CELLS = 9, 60
ROWS = torch.tensor([0, 3, 4])
ITSELF = ROWS[:, None] == torch.arange(GENES)


@pytest.fixture(scope="module")
def levels() -> Ensemble:
    return Ensemble(untrained_model().levels.members, 1.5, -0.5, 2.0)


@pytest.fixture(scope="module")
def counts() -> np.ndarray:
    return generator(5).poisson(2, (GENES, CELLS)).astype(float)


def said(levels: Ensemble, expression: np.ndarray, pseudotime=None, target=None) -> torch.Tensor:
    known = KnownTensors(target=target, fold=None if target is None else torch.zeros(len(target)))
    cells = torch.from_numpy(expression).float()
    return levels_opinion(levels, Prepared(DataSet(cells, None, pseudotime, known)), ROWS, ITSELF)


def test_it_says_what_the_method_of_levels_says(levels, counts):
    found = dict(zip(LEVELS, said(levels, counts).unbind(-1), strict=True))
    edge, activates = edge_probabilities(levels, counts, None, seed=1)
    rows = ROWS.numpy()
    for name, expected in (("levels_edge", edge), ("levels_sign", activates)):
        got = torch.sigmoid(found[name].double()).numpy()[~ITSELF.numpy()]
        np.testing.assert_allclose(got, expected[rows][~ITSELF.numpy()], rtol=1e-5)
        assert not found[name][ITSELF].any()
    contexts = with_contexts(found["levels_edge"], ITSELF)
    assert torch.equal(found["levels_edge_of_target"], contexts[..., 1])
    assert bool((found["levels_known"] == 1).all())


def test_it_needs_no_zero_based_scale(levels, counts):
    higher = counts + np.arange(GENES)[:, None]
    torch.testing.assert_close(said(levels, higher), said(levels, counts))


def test_it_sees_pseudotime(levels, counts):
    time = torch.linspace(0, 1, CELLS)[:, None]
    assert not torch.allclose(said(levels, counts, time), said(levels, counts))


def test_it_sees_no_cell_to_which_something_was_done(levels, counts):
    target = torch.full((CELLS,), NO_TARGET)
    target[40:] = 2
    expected = said(levels, counts[:, :40])
    torch.testing.assert_close(said(levels, counts, target=target), expected)
    time = torch.rand(CELLS, 1, generator=torch.Generator().manual_seed(1))
    expected = said(levels, counts[:, :40], time[:40])
    torch.testing.assert_close(said(levels, counts, time, target), expected)
    # Of too few others it has to see all.
    target[4:] = 2
    torch.testing.assert_close(said(levels, counts, target=target), said(levels, counts))


def test_of_many_genes_it_says_nothing(levels):
    genes = MOST_GENES + 1
    values = torch.from_numpy(generator(6).poisson(2, (genes, 20)).astype(np.float32))
    rows = torch.arange(2)
    itself = rows[:, None] == torch.arange(genes)
    found = levels_opinion(levels, Prepared(DataSet(values)), rows, itself)
    assert found.shape == (2, genes, len(LEVELS)) and not found.any()
