"""Correlations, mutual information, CLR and PIDC: by hand, by definition, on published values."""

import subprocess
import sys
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from grn_gat.algorithms import _information
from grn_gat.algorithms._information import (
    bayesian_blocks,
    clr_context,
    gamma_context,
    mutual_information,
    proportional_unique_contribution,
)
from grn_gat.algorithms._registry import load_method, run_method
from grn_gat.core.errors import InputError
from grn_gat.evaluate.metrics import beeline_auprc

METHODS = ["pearson", "spearman", "ppcor", "mutual-information", "clr", "pidc"]
CORRELATIONS, INFORMATION = METHODS[:3], METHODS[3:]
OFF_DIAGONAL = ~np.eye(5, dtype=bool)


# What a config gives where it says nothing.
SETTINGS = {"ppcor": {"p_value": 0.01}}


def infer(name, expression, **settings):
    return load_method(name).infer(expression, **SETTINGS.get(name, {}) | settings)


@pytest.fixture
def expression() -> np.ndarray:
    """Seven genes in 150 cells that depend on each other, with ties."""
    rng = np.random.default_rng(4)
    values = rng.gamma(1.5, size=(7, 150))
    values[1:] += 0.8 * values[:-1]
    values[5] *= values[0] < 1
    return np.round(values, 2)


@pytest.fixture
def binned(monkeypatch):
    """Let whole numbers be their own bins."""
    monkeypatch.setattr(_information, "bayesian_blocks", lambda values: values.astype(int))


# Bins


def blocks_of(values: np.ndarray) -> np.ndarray:
    """Blocks of one gene."""
    return bayesian_blocks(values[None])[0]


def exhaustive_blocks(values: np.ndarray) -> np.ndarray:
    """Bayesian blocks by trying all partitions of the distinct values."""
    distinct = sorted(set(values))
    n = len(distinct)
    count = [int((values == v).sum()) for v in distinct]
    middles = [(a + b) / 2 for a, b in pairwise(distinct)]
    edges = [distinct[0], *middles, distinct[-1]]
    best, best_cuts = -np.inf, ()
    for number in range(n):
        for cuts in combinations(range(1, n), number):
            fitness, borders = 0.0, [0, *cuts, n]
            for start, end in pairwise(borders):
                inside = sum(count[start:end])
                fitness += inside * np.log(inside / (edges[end] - edges[start]))
                fitness -= 4 - np.log(73.53 * 0.05 * end**-0.478)
            if fitness > best:
                best, best_cuts = fitness, cuts
    return np.array([sum(distinct.index(v) >= cut for cut in best_cuts) for v in values])


@pytest.mark.parametrize("seed", range(12))
def test_blocks_are_the_best_of_all_partitions(seed):
    rng = np.random.default_rng(seed)
    values = rng.choice(rng.gamma(0.3, size=9), size=30 + 20 * seed)
    np.testing.assert_array_equal(blocks_of(values), exhaustive_blocks(values))


def test_blocks_of_a_gene_are_the_same_whatever_the_others(monkeypatch):
    rng = np.random.default_rng(5)
    genes = [rng.poisson(mean, 90).astype(float) for mean in (0.01, 0.3, 4, 200)]
    genes = np.array([*genes, *rng.gamma(0.4, size=(9, 90)), np.full(90, 3.0)])
    alone = [blocks_of(gene) for gene in genes]
    for at_once in (1, 200, 10**6):
        monkeypatch.setattr(_information, "IN_CACHE", at_once)
        np.testing.assert_array_equal(bayesian_blocks(genes), alone)


def test_blocks_of_two_groups():
    values = np.concatenate([np.linspace(0, 1, 60), np.linspace(9, 10, 60)])
    order = np.random.default_rng(0).permutation(120)
    bins = blocks_of(values[order])
    low, high = bins[order < 59], bins[order > 60]  # the values at the gap may have a block
    assert len(set(low)) == len(set(high)) == 1 and low[0] == 0 < high[0]


def test_blocks_do_not_depend_on_the_unit():
    values = np.random.default_rng(1).gamma(0.5, size=200)
    bins = blocks_of(values)
    assert bins.max() >= 2
    np.testing.assert_array_equal(blocks_of(1024 * values), bins)


def test_equal_values_share_a_block():
    values = np.repeat([0.0, 3.0, 3.5, 7.0], [70, 5, 20, 5])
    bins = blocks_of(values)
    assert bins[0] == 0 and (np.diff(bins) >= 0).all()
    assert len(set(zip(values, bins, strict=True))) == 4 and bins[70] > 0
    assert (blocks_of(np.full(9, 2.5)) == 0).all()


def test_values_that_differ_by_rounding_only():
    # The edge between 0.3 and the next number is 0.3 itself: a block without width.
    values = np.array([0.1 + 0.2, 0.3] * 20)
    with np.errstate(all="raise"):
        assert set(blocks_of(values)) <= {0, 1}


# Information


def test_mutual_information_by_hand(binned):
    a = np.array([0, 0, 1, 1])
    b = np.array([0, 1, 0, 1])
    c = np.array([0, 0, 0, 1])  # p(a, c) = 1/2, 0, 1/4, 1/4
    ac = 0.5 * np.log2(0.5 / (0.5 * 0.75)) + 0.25 * np.log2(0.25 / 0.375) + 0.25 * np.log2(2)
    found = mutual_information(np.array([a, a, b, c], dtype=float))
    expected = np.array([[0, 1, 0, ac], [1, 0, 0, ac], [0, 0, 0, ac], [ac, ac, ac, 0]])
    np.testing.assert_allclose(found, expected, atol=1e-15)
    assert found[0, 2] == 0


def test_puc_by_hand(binned):
    a = np.array([0.0, 0, 1, 1])
    b = np.array([0.0, 1, 0, 1])
    # A copy of a: all information of each on the other is unique beside b, which tells nothing.
    np.testing.assert_array_equal(
        proportional_unique_contribution(np.array([a, a, b])), [[0, 2, 0], [2, 0, 0], [0, 0, 0]]
    )
    # Each of three equal genes is redundant with the third; exclusive or: nothing without synergy.
    for genes in ([a, a, a], [a, b, (a != b).astype(float)]):
        assert (proportional_unique_contribution(np.array(genes)) == 0).all()


def puc_by_triples(bins: np.ndarray) -> np.ndarray:
    """PUC by its definition, one triple and one bin at a time."""
    genes = len(bins)
    puc = np.zeros((genes, genes))

    def specific(target, source, value):
        inside = bins[target] == value
        total = 0.0
        for other in set(bins[source]):
            p = (bins[source][inside] == other).mean()
            total += p * np.log2(p / (bins[source] == other).mean()) if p else 0
        return total

    for x in range(genes):
        weight = {v: (bins[x] == v).mean() for v in set(bins[x])}
        for y in range(genes):
            for z in range(genes):
                if len({x, y, z}) < 3:
                    continue
                shared = sum(
                    w * min(specific(x, y, v), specific(x, z, v)) for v, w in weight.items()
                )
                mutual = sum(w * specific(x, y, v) for v, w in weight.items())
                puc[x, y] += (mutual - shared) / mutual
                puc[y, x] += (mutual - shared) / mutual
    return puc


def test_puc_is_the_sum_over_triples(expression):
    bins = bayesian_blocks(expression)
    assert bins.max(axis=1).min() >= 1
    found = proportional_unique_contribution(expression)
    np.testing.assert_allclose(found, puc_by_triples(bins), atol=1e-12)


def test_rounding_is_no_information(binned):
    # 1/3 is no binary fraction, yet the third gene is independent of the others in every bin, and
    # what one of two equal genes tells of others is never unique.
    a = np.repeat([0.0, 1, 2], 9)
    b = np.tile(np.repeat([0.0, 1, 2], 3), 3)
    c = np.tile([0.0, 1, 2], 9)
    mixed = np.where(c == 0, a, b)
    puc = proportional_unique_contribution(np.array([a, a, b, c, mixed, mixed]))
    small = puc[(puc > 0) & (puc < 1e-6)]
    assert not small.size
    assert puc[0, 2] == puc[0, 3] == 0 and puc[0, 1] > 0


# Context


def test_clr_context_by_hand():
    # Gene 0 has 1, 3 (mean 2, sd sqrt 2), gene 1 has 1, 2 and gene 2 has 3, 2 (sd sqrt 1/2).
    scores = np.array([[0.0, 1, 3], [1, 0, 2], [3, 2, 0]])
    half = 0.5**0.5
    expected = np.array([[0, 0, 1], [0, 0, half], [1, half, 0]])
    np.testing.assert_allclose(clr_context(scores), expected, atol=1e-15)
    assert (clr_context(np.full((4, 4), 0.1)) == 0).all()


def random_scores(genes: int) -> np.ndarray:
    scores = np.random.default_rng(genes).gamma(3, size=(genes, genes))
    scores = scores + scores.T
    np.fill_diagonal(scores, 0)
    return scores


def test_gamma_context_is_that_of_scipy():
    scores = random_scores(6)
    fits = [stats.gamma.fit(np.delete(scores[i], i), floc=0) for i in range(6)]
    found = gamma_context(scores)
    for i, j in combinations(range(6), 2):
        both = [stats.gamma(*fits[k]).cdf(scores[i, j]) for k in (i, j)]
        assert found[i, j] == found[j, i] == pytest.approx(sum(both), abs=1e-7)


@pytest.mark.parametrize("value", [0.0, 2.0])
def test_genes_without_gamma_fit_get_the_clr_context(value):
    scores = random_scores(6)
    untouched = gamma_context(scores)
    if value:  # all scores of gene 2 equal
        scores[2] = scores[:, 2] = value
        without = [2]
    else:  # genes 2 and 4 have a score of 0
        scores[2, 4] = scores[4, 2] = 0
        without = [2, 4]
    np.fill_diagonal(scores, 0)
    found, clr = gamma_context(scores), clr_context(scores)
    np.testing.assert_array_equal(found[without], clr[without])
    np.testing.assert_array_equal(found[:, without], clr[:, without])
    if not value:  # the others keep theirs
        np.testing.assert_array_equal(found[0, [1, 3, 5]], untouched[0, [1, 3, 5]])


# Correlations


def test_pearson_and_spearman_by_hand():
    expression = np.array([[1.0, 2, 3, 10], [4, 3, 2, 1], [0, 0, 5, 9]])
    pearson, spearman = infer("pearson", expression), infer("spearman", expression)
    assert pearson[0, 1] == pytest.approx(-14 / np.sqrt(50 * 5))
    assert spearman[0, 1] == pytest.approx(-1)
    assert spearman[0, 2] == pytest.approx(4.5 / np.sqrt(5 * 4.5))  # the zeros share rank 1.5


def test_spearman_is_that_of_scipy(expression):
    np.testing.assert_allclose(
        infer("spearman", expression), stats.spearmanr(expression, axis=1).statistic, atol=1e-14
    )


def partial_by_regression(expression: np.ndarray, i: int, j: int) -> tuple[float, float]:
    """Correlation of what two genes' ranks leave over a regression on all others; its p-value."""
    ranks = stats.rankdata(expression, axis=1)
    genes, cells = ranks.shape
    others = np.vstack([np.ones(cells), np.delete(ranks, [i, j], axis=0)]).T
    pair = ranks[[i, j]].T
    left = pair - others @ np.linalg.lstsq(others, pair, rcond=None)[0]
    r = np.corrcoef(left.T)[0, 1]
    freedom = cells - 2 - (genes - 2)
    return r, 2 * stats.t.sf(abs(r) * np.sqrt(freedom / (1 - r**2)), freedom)


def test_ppcor_by_regression(expression):
    uncut, cut = infer("ppcor", expression, p_value=1), infer("ppcor", expression)
    strict = infer("ppcor", expression, p_value=1e-4)
    p_values = []
    for i, j in combinations(range(7), 2):
        r, p = partial_by_regression(expression, i, j)
        p_values.append(p)
        assert uncut[i, j] == pytest.approx(r, abs=1e-12)
        assert cut[i, j] == (uncut[i, j] if p <= 0.01 else 0)
        assert strict[i, j] == (uncut[i, j] if p <= 1e-4 else 0)
    p_values = np.array(p_values)
    assert (p_values > 0.01).any() and ((p_values > 1e-4) & (p_values < 0.01)).any()


def test_ppcor_cuts_at_the_p_value(expression):
    few = expression[:, :12]  # 5 degrees of freedom, where their number matters
    r, p = partial_by_regression(few, 0, 1)
    assert infer("ppcor", few, p_value=p * 1.001)[0, 1] == pytest.approx(r)
    assert infer("ppcor", few, p_value=p * 0.999)[0, 1] == 0


def test_ppcor_is_not_always_defined(expression):
    for cells in (4, 7):
        with pytest.raises(InputError, match=f"more cells than genes.*{cells} cells and 7 genes"):
            infer("ppcor", expression[:, :cells])
    expression[3] = np.exp(expression[1])
    with pytest.raises(InputError, match="singular"):
        infer("ppcor", expression)
    for p_value in (-0.1, 1.1, float("nan")):
        with pytest.raises(InputError, match="p_value must be from 0 to 1"):
            infer("ppcor", expression, p_value=p_value)


# All methods


@pytest.mark.parametrize("name", METHODS)
def test_order_of_genes_and_cells_does_not_matter(name, expression):
    rng = np.random.default_rng(0)
    scores = infer(name, expression)
    assert np.isfinite(scores).all() and np.ptp(scores[~np.eye(7, dtype=bool)]) > 0.1
    np.testing.assert_array_equal(scores, scores.T)
    order = rng.permutation(7)
    np.testing.assert_allclose(infer(name, expression[order]), scores[np.ix_(order, order)])
    np.testing.assert_allclose(infer(name, expression[:, rng.permutation(150)]), scores)
    np.testing.assert_array_equal(infer(name, expression), scores)


@pytest.mark.parametrize("name", METHODS)
def test_entry_in_the_registry(name, expression):
    record = load_method(name)
    assert record.signed == record.needs_variation == (name in CORRELATIONS)
    assert not record.directed and not record.needs_pseudotime
    genes = [f"g{i}" for i in range(7)]
    scores = run_method(name, genes, expression, None, np.arange(7), 1, 1, SETTINGS.get(name, {}))
    assert (scores < 0).any() == (name in CORRELATIONS)
    assert scores[0, 1] == infer(name, expression)[0, 1] > 0


def test_sign_of_a_repression(expression):
    expression[1] = 9 - expression[0] + 0.1 * expression[6]
    for name in CORRELATIONS:
        assert infer(name, expression)[0, 1] < -0.7


@pytest.mark.parametrize("name", INFORMATION)
def test_dropout_constant_and_equal_genes(name, expression):
    rng = np.random.default_rng(2)
    expression *= rng.random(expression.shape) < 0.3
    expression[2] = 0.5
    expression[4] = expression[3]
    scores = infer(name, expression)
    assert np.isfinite(scores).all() and (scores >= 0).all() and scores.any()
    assert (scores[2] == 0).all() and (scores[:, 2] == 0).all()
    third = [0, 1, 5, 6]
    np.testing.assert_allclose(scores[3, third], scores[4, third], atol=1e-12)


@pytest.mark.parametrize("name", INFORMATION)
def test_genes_that_carry_no_information(name):
    assert (infer(name, np.ones((4, 30))) == 0).all()
    equal = np.tile(np.random.default_rng(0).gamma(0.5, size=100), (4, 1))
    scores = infer(name, equal)
    assert np.isfinite(scores).all() and np.ptp(scores[~np.eye(4, dtype=bool)]) < 1e-12


def test_two_genes(expression):
    for name in ("pidc", "clr"):
        with pytest.raises(InputError, match="needs at least 3 genes, not 2"):
            infer(name, expression[:2])
        assert np.isfinite(infer(name, expression[:3])).all()
    assert infer("mutual-information", expression[:2])[0, 1] > 0


def test_importing_the_methods_is_light(repository):
    code = "; ".join(
        [f"import sys; sys.path.insert(0, {str(repository / 'scripts')!r})"]
        + [f"import grn_gat.algorithms.{name.replace('-', '_')}" for name in METHODS]
        + ["print({'scipy', 'sklearn', 'pandas', 'astropy'} & set(sys.modules))"]
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# Published values


@pytest.mark.reference
@pytest.mark.parametrize(
    ("file", "compute"),
    [
        ("mi", mutual_information),
        ("puc", proportional_unique_contribution),
        ("clr", lambda expression: infer("clr", expression)),
        ("pidc", lambda expression: infer("pidc", expression)),
    ],
)
def test_scores_are_those_of_networkinference(shared, file, compute):
    folder = shared / "data" / "pidc_fixture"
    lines = (folder / "yeast1_10_data.txt").read_text().splitlines()[1:]
    rows = [line.split("\t") for line in lines if line.strip()]
    names = [row[0] for row in rows]
    scores = compute(np.array([[float(value) for value in row[1:] if value] for row in rows]))
    expected = np.full(scores.shape, np.nan)
    for line in (folder / f"{file}.txt").read_text().splitlines():
        one, other, score = line.split("\t")
        expected[names.index(one), names.index(other)] = float(score)
    found = ~np.isnan(expected)
    np.testing.assert_array_equal(found, ~np.eye(10, dtype=bool))
    np.testing.assert_allclose(scores[found], expected[found], rtol=0, atol=1e-9)


@pytest.fixture(scope="module")
def mcad(shared) -> tuple[np.ndarray, np.ndarray]:
    """BEELINE's mCAD-2000-1: expression (5, 2000); which of the 20 ordered pairs are edges."""
    folder = shared / "data" / "mCAD-2000-1"
    expression = pd.read_csv(folder / "ExpressionData.csv.gz", index_col=0)
    reference = pd.read_csv(folder / "refNetwork.csv")
    edges = set(zip(reference["Gene1"], reference["Gene2"], strict=True))
    truth = np.array([[(a, b) in edges for b in expression.index] for a in expression.index])
    return expression.to_numpy(), truth[OFF_DIAGONAL]


@pytest.mark.reference
def test_pidc_has_the_published_area(mcad):
    expression, edges = mcad
    scores = infer("pidc", expression)[OFF_DIAGONAL]
    assert beeline_auprc(edges, scores) == pytest.approx(0.5169, abs=5e-5)


@pytest.mark.reference
def test_ppcor_has_the_published_area_where_negative_comes_last(mcad):
    expression, edges = mcad
    scores = infer("ppcor", expression)[OFF_DIAGONAL]
    assert beeline_auprc(edges, scores + 1) == pytest.approx(0.53015, abs=6e-5)
    assert beeline_auprc(edges, np.abs(scores)) < 0.5  # as BEELINE's evaluation scores it today


@pytest.mark.reference
def test_genes_of_a_real_data_set(shared):
    table = pd.read_csv(shared / "data" / "mDC_TFs500" / "ExpressionData.csv.gz", index_col=0)
    expression = table.to_numpy(dtype=float)[::16]
    for name in INFORMATION:
        scores = infer(name, expression)
        assert np.isfinite(scores).all() and (scores >= 0).all()
    with pytest.raises(InputError, match="more cells than genes"):
        infer("ppcor", table.to_numpy(dtype=float))
