"""Perturbed runs of Boolean networks: levels in time, causes, and what is known of the cells."""

from dataclasses import replace

import numpy as np
import pytest

from causes import check_causes
from factories import pretraining_settings
from grn_gat.core.seeds import generator
from grn_gat.simulate.batch import Cells, simulate_batch
from grn_gat.simulate.boolean_experiment import ONE_LINEAGE, boolean_cell_rates
from grn_gat.simulate.boolean_model import BooleanModel
from grn_gat.simulate.boolean_networks import RandomNetwork, random_network
from grn_gat.simulate.evidence import draw_evidence
from grn_gat.simulate.perturbation_experiment import (
    NONE,
    Experiment,
    draw_experiment_of_runs,
)
from grn_gat.simulate.rule_language import parse_rule
from grn_gat.simulate.simulator import default_parameters

RUNS, TIMES = 200, 6


@pytest.fixture(scope="module")
def chain() -> RandomNetwork:
    """a is held on, b follows a, c follows b, d is off where a is on; e needs both."""
    rules = {"a": "1", "b": "a", "c": "b", "d": "not a", "e": "a and d"}
    model = BooleanModel("toy", tuple(rules), {g: parse_rule(r) for g, r in rules.items()}, 8)
    signs = np.zeros((5, 5), np.int8)
    signs[0, [1, 4]], signs[1, 2], signs[0, 3], signs[3, 4] = 1, 1, -1, 1
    return RandomNetwork(model, default_parameters(model.genes), signs, "chain")


def half(gene: int, fold: float) -> Experiment:
    """The second half of the runs has one gene perturbed."""
    target = np.repeat([NONE, gene], RUNS // 2).astype(np.int32)
    return Experiment(
        target, np.where(target == gene, fold, 1).astype(np.float32), np.zeros(RUNS, bool)
    )


def cells_of(network: RandomNetwork, experiment: Experiment | None, seed: int = 1) -> Cells:
    genes = len(network.model.genes)
    folds = None if experiment is None else [experiment.mrna_folds(genes)]
    translation = None if experiment is None else [experiment.translation_folds(genes)]
    (found,) = simulate_batch(
        [network.model],
        [network.parameters],
        RUNS,
        TIMES,
        np.random.SeedSequence(seed),
        folds=folds,
        translation=translation,
        protein=True,
    )
    return found


def late(cells: Cells, experiment: Experiment, gene: int) -> tuple[np.ndarray, np.ndarray]:
    """Levels of a gene in the second half of the time: in cells left alone, and in others."""
    own = experiment.at(cells.run).target
    assert (cells.time > 4).sum() > 100
    values = cells.expression[:, gene]
    return values[(own == NONE) & (cells.time > 4)], values[(own != NONE) & (cells.time > 4)]


def test_without_folds_not_a_byte_changes(chain):
    plain, nothing = cells_of(chain, None), cells_of(chain, half(1, 1.0))
    for name in ("expression", "time", "run", "protein"):
        np.testing.assert_array_equal(getattr(plain, name), getattr(nothing, name))
    (bare,) = simulate_batch(
        [chain.model], [chain.parameters], RUNS, TIMES, np.random.SeedSequence(1)
    )
    np.testing.assert_array_equal(bare.expression, plain.expression)
    assert bare.protein is None and len(bare.run) == len(bare.time)


def test_a_knock_out_is_gone_from_the_start_and_its_targets_follow(chain):
    experiment = half(0, 0.0)
    cells = cells_of(chain, experiment)
    out = experiment.at(cells.run).target == 0
    assert out.any() and not cells.expression[out, 0].any() and not cells.protein[out, 0].any()
    assert (cells.expression[~out, 0] > 0).all()
    for gene, falls in ((1, True), (2, True), (3, False)):
        alone, perturbed = (v.mean() for v in late(cells, experiment, gene))
        assert (perturbed < 0.3 and alone > 1.5) if falls else (perturbed > 1.5 and alone < 0.3)


def test_without_its_protein_a_gene_has_its_mrna_and_targets_follow(chain):
    whole = half(1, 0.0)
    plain, gone, found = (
        cells_of(chain, e) for e in (None, whole, replace(whole, protein_only=True))
    )
    out = whole.at(found.run).target == 1
    np.testing.assert_array_equal(found.run, plain.run)
    np.testing.assert_array_equal(found.expression[:, [0, 1]], plain.expression[:, [0, 1]])
    assert not found.protein[out, 1].any() and (found.protein[~out, 1] > 0).all()
    np.testing.assert_array_equal(found.run, gone.run)
    np.testing.assert_array_equal(found.expression[:, 2:], gone.expression[:, 2:])
    alone, perturbed = late(found, whole, 2)
    assert alone.mean() > 1.5 and perturbed.mean() < 0.3
    # Its promoter is as open as before.
    made, _ = boolean_cell_rates(chain, found, replace(whole, protein_only=True))
    before, _ = boolean_cell_rates(chain, plain)
    np.testing.assert_array_equal(made.nascent[1], before.nascent[1])


def test_a_knock_down_leaves_a_remainder(chain):
    # b is on by a alone; the level of a gene that is fully on is 2.
    alone, perturbed = late(cells_of(chain, half(1, 0.4)), half(1, 0.4), 1)
    assert alone.mean() == pytest.approx(2, abs=0.1)
    assert perturbed.mean() == pytest.approx(0.8, abs=0.1)


def test_over_expression_multiplies_and_switches_on(chain):
    alone, perturbed = late(cells_of(chain, half(1, 3.0)), half(1, 3.0), 1)
    assert perturbed.mean() == pytest.approx(3 * alone.mean(), rel=0.1)
    alone, perturbed = late(cells_of(chain, half(3, 3.0)), half(3, 3.0), 3)
    assert alone.mean() < 0.3 and perturbed.mean() == pytest.approx(2, abs=0.15)
    alone, perturbed = late(cells_of(chain, half(3, 3.0)), half(3, 3.0), 4)
    assert alone.mean() < 0.3 and perturbed.mean() > 1.5  # e needs a, which is on, and d


@pytest.mark.parametrize("kind", ["knock-out", "knock-down", "over-expression"])
def test_only_descendants_change(kind):
    networks = pretraining_settings("networks")
    block = pretraining_settings("evidence")["perturbations"]
    acted = 0
    for seed in range(4):
        network = random_network(networks, generator(seed), 12, "bifurcation", 5)
        planned = draw_experiment_of_runs(
            block | {"kinds": {kind: 1}, "genes": [0.3, 0.3]},
            network.signs.any(axis=1),
            RUNS,
            TIMES,
            generator(seed, "plan"),
        )
        plain, found = (cells_of(network, e, seed) for e in (planned.without_effect(), planned))
        # Other runs die; those that live in both have the same cells.
        both = np.intersect1d(plain.run, found.run)
        first, second = (np.isin(c.run, both) for c in (plain, found))
        np.testing.assert_array_equal(plain.time[first], found.time[second])
        acted += check_causes(
            network.signs,
            planned.at(plain.run[first]),
            plain.expression[first].T,
            found.expression[second].T,
        )
    assert acted >= 4


def test_what_is_transcribed_now_is_what_changes_the_mrna(chain):
    """dx = (m f - lx x) dt: nascent less mRNA, over the lifetime, is the mean change in time."""
    experiment = half(1, 3.0)
    cells = cells_of(chain, experiment)
    made, of_cells = boolean_cell_rates(chain, cells, experiment)
    np.testing.assert_array_equal(of_cells.target, experiment.target[cells.run])
    np.testing.assert_array_equal(made.rates, cells.expression.T)
    np.testing.assert_array_equal(made.protein, cells.protein.T[[0, 1, 3]])  # those with targets
    assert made.pseudotime.min() > 0 and made.pseudotime.max() <= 1
    assert made.lifetime == pytest.approx(np.full(5, 0.1))
    # At rest mRNA is what is transcribed: d without its repressor a, b three times over.
    rest = cells.time > 4
    for gene in range(4):
        for own in (of_cells.target == NONE, of_cells.target == 1):
            assert made.nascent[gene, rest & own].mean() == pytest.approx(
                made.rates[gene, rest & own].mean(), abs=0.15
            )
    assert made.nascent[1, rest & (of_cells.target == 1)].mean() == pytest.approx(6, rel=0.05)
    # b and c start at 1 and rise to 2; a cell is seen to rise before it has.
    early = (cells.time < 0.1) & (of_cells.target == NONE)
    assert early.sum() > 5 and made.velocity[1, early].mean() > 3


def test_boolean_networks_have_all_evidence(chain):
    """Time is the progress of the one lineage; proteins are of the genes with targets."""
    settings = pretraining_settings("evidence")
    settings = {name: block | {"share": 1} for name, block in settings.items()}
    settings["pseudotime"] |= {"noise": [0, 0], "warp": [1, 1]}
    settings["protein"] |= {"seen": [1, 1]}
    cells, of_cells = boolean_cell_rates(chain, cells_of(chain, half(1, 3.0)), half(1, 3.0))
    regulators = chain.signs.any(axis=1)
    found = draw_evidence(
        settings, chain.signs, regulators, generator(1), of_cells, cells, ONE_LINEAGE
    )
    assert all(value is not None for value in vars(found).values())
    np.testing.assert_allclose(found.pseudotime[0], cells.pseudotime, atol=1e-6)
    assert len(found.pseudotime) == 1 and found.protein_genes.tolist() == [0, 1, 3]
    assert all(np.isfinite(v).all() for v in (found.protein, found.promoters, found.velocity))
    # b is made three times over in half of the cells: its protein and its promoter show it.
    high = of_cells.target == 1
    for values in (found.protein[1], found.promoters[1]):
        assert values[high].mean() > 1.3 * values[~high].mean()
