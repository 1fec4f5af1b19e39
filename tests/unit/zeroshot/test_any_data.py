"""From arrays to probabilities: evidence goes along with the cells that are drawn."""

import numpy as np
import pytest
import torch

from grn_gat.data.evidence import NO_TARGET, UNSEEN, Evidence
from grn_gat.zeroshot.any_data import known_tensors, pair_probabilities
from grn_gat.zeroshot.prepared import DataSet, Prepared
from grn_gat.zeroshot.zeroshot_model import Inferred
from untrained import evidence_of, untrained_model

GENES, CELLS = 5, 60


@pytest.fixture(scope="module")
def expression() -> np.ndarray:
    return np.random.default_rng(1).gamma(2, size=(GENES, CELLS))


class Recorder:
    """A model that keeps what it is shown."""

    def __init__(self):
        self.shown = []

    def infer(self, found, seed):
        self.shown.append(found)
        scores = np.zeros((GENES, GENES), np.float32)
        return Inferred(np.arange(GENES), scores, scores)


def test_evidence_is_that_of_the_cells_that_are_drawn(expression):
    # Each piece tells the number of its cell.
    number = np.arange(CELLS, dtype=float)
    cells = np.tile(number, (GENES, 1))
    evidence = Evidence(
        target=np.where(number % 3 == 0, 2, NO_TARGET),
        fold=number,
        protein=cells[:2],
        protein_genes=np.array([0, 3]),
        activity=cells,
        velocity=-cells,
        priors=(np.eye(GENES, k=1, dtype=bool),),
    )
    model, times = Recorder(), number[:, None]
    every = np.arange(GENES)
    pair_probabilities(
        model, cells + expression * 0, times, every, 1, cells=40, subsamples=3, evidence=evidence
    )
    assert len(model.shown) == 3
    for found in model.shown:
        own = found.expression[0]
        assert len(own) == 40 and len(own.unique()) == 40
        known = found.known
        for piece in (known.fold, *known.protein, *known.promoters, *(-known.velocity)):
            torch.testing.assert_close(piece, own)
        assert ((known.target == 2) == (own % 3 == 0)).all()
        assert known.protein_genes.tolist() == [0, 3]
        assert known.priors[0].dtype == torch.bool and int(known.priors[0].sum()) == GENES - 1
    first, second, _ = (set(found.expression[0].tolist()) for found in model.shown)
    assert first != second


def test_nothing_known_is_no_tensor(expression):
    known = known_tensors(Evidence())
    assert all(value is None for name, value in vars(known).items() if name != "priors")
    assert list(known.priors) == []
    model, every = untrained_model(), np.arange(GENES)
    plain = pair_probabilities(model, expression, None, every, 1)
    told = pair_probabilities(model, expression, None, every, 1, evidence=Evidence())
    assert all(np.array_equal(a, b) for a, b in zip(plain, told, strict=True))


@pytest.mark.parametrize("kind", evidence_of(GENES, CELLS).kinds)
def test_each_kind_of_evidence_changes_the_scores(expression, kind):
    model, every = untrained_model(), np.arange(GENES)
    plain, _ = pair_probabilities(model, expression, None, every, 1)
    evidence = evidence_of(GENES, CELLS).only([kind])
    assert evidence.kinds == [kind]
    told, _ = pair_probabilities(model, expression, None, every, 1, evidence=evidence)
    assert np.isfinite(told).all() and not np.allclose(plain, told, atol=1e-4)


def test_cells_of_genes_that_nobody_measured_are_neither_perturbed_nor_plain(expression):
    target = np.full(CELLS, NO_TARGET)
    target[:10], target[10:20] = 0, UNSEEN
    fold = np.where(target == NO_TARGET, 1.0, 0.0)
    other = expression.copy()
    other[:, 10:20] = expression[:, 10:20][:, ::-1]  # ranks over the cells stay
    found = [
        Prepared(
            DataSet(
                torch.from_numpy(values.astype(np.float32)),
                known=known_tensors(Evidence(target=target, fold=fold)),
            )
        ).pairs(torch.tensor([0]), torch.arange(GENES))
        for values in (expression, other)
    ]
    torch.testing.assert_close(found[0][..., -9:-6], found[1][..., -9:-6])
