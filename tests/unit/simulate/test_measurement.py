"""What is measured of cells, each step against its definition: moments, limits, closure, codes."""

from dataclasses import replace

import numpy as np
import pytest

from grn_gat.core.errors import InputError
from grn_gat.core.seeds import generator
from grn_gat.simulate.dropout import apply_dropout
from grn_gat.simulate.measurement import gene_factors, kept_by_dropout, measure
from grn_gat.simulate.measurement_settings import (
    NORMALISATIONS,
    PLATFORMS,
    Measurement,
    dropout_setting,
)

COUNTS = Measurement(values="counts")


def cells_of(genes: int, cells: int, spread: float = 1.0, seed: int = 1) -> np.ndarray:
    """Log-normal rates (genes, cells); gene means differ by more than a decade."""
    rng = generator(seed, "rates")
    return rng.lognormal(0, 1, (genes, 1)) * rng.lognormal(0, spread, (genes, cells))


@pytest.fixture(scope="module")
def rates() -> np.ndarray:
    return cells_of(50, 400)


def same_draws(first: np.random.Generator, second: np.random.Generator) -> bool:
    return first.bit_generator.state == second.bit_generator.state


# ------------------------------------------------------------------------- nothing, and dropout


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64])
def test_defaults_return_the_rates(rates, dtype):
    given, rng = (10 * rates).astype(dtype), generator(1)
    before = given.copy()
    measured = measure(given, Measurement(), rng)
    assert measured.values.dtype == dtype and measured.values.tobytes() == given.tobytes()
    assert not np.shares_memory(measured.values, given) and np.array_equal(given, before)
    assert same_draws(rng, generator(1))
    assert measured.genes.tolist() == list(range(50)) and measured.kept == 1
    assert (measured.depth == 1).all() and (measured.batch == 0).all()


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64])
@pytest.mark.parametrize("level", [0, 0.5, 0.7, 1])
def test_beelines_dropout_is_one_setting_to_the_byte(rates, level, dtype):
    given, here, there = (10 * rates).astype(dtype), generator(2), generator(2)
    measured = measure(given, dropout_setting(level), here).values
    expected = apply_dropout(given, level, level, there)
    assert measured.dtype == expected.dtype and measured.tobytes() == expected.tobytes()
    assert same_draws(here, there)


def test_the_same_stream_gives_the_same_bytes(rates):
    settings = replace(
        PLATFORMS["10x"], dispersion=0.3, batches=3, batch_sd=0.2, hidden=0.5, total=1e4, log=True
    )
    first, again, other = (measure(rates, settings, generator(s)).values for s in (1, 1, 2))
    assert first.tobytes() == again.tobytes() and (first != other).any()


# ---------------------------------------------------------------------------------- genes, batches


def test_factors_of_genes_are_log_normal_of_mean_one():
    factors = gene_factors(np.ones((40_000, 1)), Measurement(gene_sd=0.8), generator(3))[0]
    assert np.log(factors).std() == pytest.approx(0.8, rel=0.02)
    assert factors.mean() == pytest.approx(1, abs=0.02)


def test_outlier_genes():
    settings = Measurement(outlier_share=0.05, outlier_mean=3, outlier_sd=0.5)
    values, outliers = gene_factors(np.ones((40_000, 1)), settings, generator(3))
    assert len(outliers) == pytest.approx(2000, abs=5 * np.sqrt(2000))
    assert np.log(values[outliers]).mean() == pytest.approx(3, abs=0.06)
    assert np.log(values[outliers]).std() == pytest.approx(0.5, rel=0.08)
    assert (np.delete(values, outliers) == 1).all()


def test_batches_shift_genes_and_depth():
    settings = Measurement(batches=4, batch_sd=0.3, batch_depth_sd=0.6)
    measured = measure(np.ones((3000, 800)), settings, generator(4))
    counts = np.bincount(measured.batch, minlength=4)
    assert (abs(counts - 200) < 5 * np.sqrt(150)).all()
    depths = [np.unique(measured.depth[measured.batch == k]) for k in range(4)]
    assert [len(found) for found in depths] == [1] * 4 and len(np.unique(depths)) == 4
    for k in range(4):
        own = measured.values[:, measured.batch == k]
        assert (own == own[:, :1]).all()  # one factor of a gene, in all cells of the batch
        log = np.log(own[:, 0] / depths[k])
        assert log.std() == pytest.approx(0.3, rel=0.06)
        assert np.exp(log).mean() == pytest.approx(1, abs=0.03)


def test_sums_over_batches():
    """A gene's counts in a batch are Poisson about its factor times what the cells have."""
    settings = replace(COUNTS, batches=3, batch_sd=0.5, batch_depth_sd=0.5)
    rates = cells_of(40, 3000)
    measured = measure(rates, settings, generator(5))
    exact = measure(rates, replace(settings, values="rates"), generator(5)).values
    for k in range(3):
        own = measured.batch == k
        expected = exact[:, own].sum(axis=1)
        z = (measured.values[:, own].sum(axis=1) - expected) / np.sqrt(expected)
        assert abs(z.mean()) < 0.6 and 0.7 < z.std() < 1.35


# ------------------------------------------------------------------------------------------ depth


def test_a_fixed_library_is_the_total_of_a_cell():
    """As SERGIO's `lib_size_effect`, with the library of 100 genes."""
    settings = Measurement(library_mean=6, library_sd=0.4, fixed_totals=True)
    rates = cells_of(100, 20_000)
    values = measure(rates, settings, generator(6)).values
    log = np.log(values.sum(axis=0))
    assert log.mean() == pytest.approx(6, abs=0.015) and log.std() == pytest.approx(0.4, rel=0.03)
    np.testing.assert_allclose(values / values.sum(axis=0), rates / rates.sum(axis=0))


def test_a_library_that_is_not_fixed_keeps_what_cells_have():
    settings = Measurement(library_mean=6, library_sd=0.4)
    rates = cells_of(100, 20_000)
    values = measure(rates, settings, generator(6)).values
    assert values.sum(axis=0).mean() == pytest.approx(np.exp(6 + 0.4**2 / 2), rel=0.02)
    own, log = np.log(rates.sum(axis=0)), np.log(values.sum(axis=0))
    assert np.var(log) == pytest.approx(np.var(own) + 0.4**2, rel=0.05)


def test_depth_of_a_gene_does_not_depend_on_the_size_of_the_network():
    settings = Measurement(library_mean=5)
    for genes in (10, 300):
        values = measure(cells_of(genes, 50), settings, generator(1)).values
        assert values.mean() == pytest.approx(np.exp(5) / 100)


def test_hidden_genes_leave_the_counts_of_the_others():
    """The more of the mRNA is of others, the less a fixed library closes what is seen."""
    rates = cells_of(20, 5000, spread=1.5)
    cv = []
    for hidden in (0, 0.5, 0.99):
        settings = Measurement(library_mean=6, fixed_totals=True, hidden=hidden)
        totals = measure(rates, settings, generator(1)).values.sum(axis=0)
        cv.append(totals.std() / totals.mean())
    own = rates.sum(axis=0)
    assert cv[0] < 1e-12 and cv[1] < 0.7 * cv[2]
    assert cv[2] == pytest.approx(own.std() / own.mean(), rel=0.05)


def test_capture_thins_counts_and_leaves_them_poisson():
    settings = replace(COUNTS, capture=0.25)
    counts = measure(np.full((1, 200_000), 8.0), settings, generator(7)).values
    assert counts.mean() == pytest.approx(2, rel=0.02)
    assert counts.var() == pytest.approx(2, rel=0.03)


# ------------------------------------------------------------------------------- dropout, counting


def test_logistic_dropout_keeps_with_the_chance_of_the_mean():
    rates = np.repeat(np.linspace(0, 30, 61)[:, None], 20_000, axis=1)
    kept = kept_by_dropout(rates, 50, 3.0, generator(8)).mean(axis=1)
    log = np.log1p(rates[:, 0])
    expected = 1 / (1 + np.exp(-3 * (log - np.percentile(log, 50))))
    assert kept[30] == pytest.approx(0.5, abs=0.02)
    np.testing.assert_allclose(kept, expected, atol=0.018)  # 5 standard deviations


def test_steep_dropout_is_a_threshold_and_flat_dropout_a_coin():
    rates = cells_of(1, 20_000)
    steep = kept_by_dropout(rates, 60, 1e6, generator(8))
    above = rates > np.expm1(np.percentile(np.log1p(rates), 60))
    assert (steep == above).mean() > 0.999 and steep.mean() == pytest.approx(0.4, abs=0.001)
    assert kept_by_dropout(rates, 60, 0.0, generator(8)).mean() == pytest.approx(0.5, abs=0.02)


def test_dropout_puts_zeros_and_nothing_else(rates):
    settings = Measurement(percentile=70, shape=4)
    measured = measure(rates, settings, generator(9))
    kept = measured.values > 0
    assert np.array_equal(measured.values[kept], rates[kept])
    assert kept.mean() == pytest.approx(measured.kept) and 0.2 < measured.kept < 0.5


@pytest.mark.parametrize("mean", [0.3, 2.0, 40.0])
@pytest.mark.parametrize(("asymptote", "extra"), [(0, 0), (0.4, 0), (0, 1.5), (0.4, 1.5)])
def test_variance_of_counts_follows_the_trend(mean, asymptote, extra):
    settings = replace(COUNTS, dispersion=asymptote, dispersion_extra=extra)
    counts = measure(np.full((40, 20_000), mean), settings, generator(10)).values
    assert counts.mean() == pytest.approx(mean, rel=0.02)
    expected = (1 + extra) * mean + asymptote * mean**2
    assert counts.var() == pytest.approx(expected, rel=0.05)
    assert (counts == counts.round()).all()


def test_dispersions_of_genes_differ():
    settings = Measurement(dispersion=0.1, dispersion_sd=0.7)
    values = measure(np.ones((2000, 3000)), settings, generator(11)).values
    log = np.log(values.var(axis=1))
    assert log.mean() == pytest.approx(np.log(0.1), abs=0.08)
    assert log.std() == pytest.approx(0.7, abs=0.05)


@pytest.mark.parametrize("mean", [1e-300, 5e-324])
def test_genes_with_next_to_nothing_are_zero(mean):
    settings = replace(COUNTS, dispersion_extra=2.0)
    values = measure(np.full((2, 50), mean), settings, generator(11)).values
    assert (values == 0).all()


def test_zeros_of_platforms():
    """Steep dropout loses what lies below its percentile; without it, zeros tell the depth.

    The ranges are wide: for log-normal genes, about what chosen genes of such platforms have.
    """
    ranges = {
        "10x": (0.65, 0.9), "10x-sparse": (0.7, 0.95), "10x-shallow": (0.5, 0.85),
        "drop-seq": (0.75, 0.97), "smart-seq": (0.5, 0.95), "illumina": (0.65, 0.9),
        "qpcr": (0.1, 0.6), "continuous": (0, 0),
    }  # fmt: skip
    assert set(ranges) == set(PLATFORMS)
    rates, depth_only = cells_of(100, 1000), {}
    for name, (low, high) in ranges.items():
        zeros = (measure(rates, PLATFORMS[name], generator(12)).values == 0).mean()
        assert low <= zeros <= high, (name, zeros)
        if PLATFORMS[name].percentile is not None and PLATFORMS[name].shape == 8:
            lost = 1 - measure(rates, PLATFORMS[name], generator(12)).kept
            assert lost == pytest.approx(PLATFORMS[name].percentile / 100, abs=0.08), name
        plain = replace(PLATFORMS[name], percentile=None)
        depth_only[name] = (measure(rates, plain, generator(12)).values == 0).mean()
    order = ["smart-seq", "illumina", "10x", "10x-shallow", "drop-seq"]
    assert [depth_only[name] for name in order] == sorted(depth_only[name] for name in order)
    assert depth_only["smart-seq"] < 0.02 and 0.4 < depth_only["drop-seq"] < 0.8


# ------------------------------------------------------------------------------------------- qPCR


def test_additive_noise_is_of_rates_and_stops_at_zero():
    values = np.where(np.arange(4)[:, None] == 3, 0.0, 4.0) * np.ones((4, 50_000))  # mean 3
    noisy = measure(values, Measurement(additive_sd=0.5), generator(1)).values
    assert noisy[:3].std() == pytest.approx(1.5, rel=0.02)
    assert noisy[:3].mean() == pytest.approx(4, rel=0.01) and noisy.min() == 0
    assert (noisy[3] == 0).mean() == pytest.approx(0.5, abs=0.01)
    counts = Measurement(library_mean=5.0, values="counts")
    same = [measure(values, replace(counts, additive_sd=sd), generator(2)).values for sd in (0, 1)]
    assert (same[0] == same[1]).all()


def test_cycles_count_doublings():
    settings = Measurement(values="cycles", limit=4.0, gap=3.0)
    values = measure(np.array([[2.0**20], [2.0**21]]) * np.ones(50), settings, generator(1)).values
    np.testing.assert_allclose(values[0], 20 - 2 + 3, atol=0.02)
    np.testing.assert_allclose(values[1] - values[0], 1, atol=0.02)


@pytest.mark.parametrize("gap", [0.0, 5.0])
def test_non_detects_are_coded_zero_below_the_limit(gap):
    settings = Measurement(values="cycles", gap=gap, cycle_sd=0.3)
    values = measure(np.full((1, 100_000), 1.2), settings, generator(13)).values
    detected = values[values > 0]
    assert detected.min() >= gap and detected.min() < gap + 0.01
    # No molecule, or one whose cycle came later than the limit.
    none, one = np.exp(-1.2), 1.2 * np.exp(-1.2)
    assert (values == 0).mean() == pytest.approx(none + one / 2, abs=0.008)


def test_noise_of_cycles():
    settings = Measurement(values="cycles", cycle_sd=0.4)
    values = measure(np.full((1, 50_000), 1e9), settings, generator(13)).values
    assert values.std() == pytest.approx(0.4, rel=0.03)


# --------------------------------------------------------------------------------------- analysts


@pytest.mark.parametrize(("total", "expected"), [(1.0, 1), (1e4, 1e4), ("median", None)])
def test_a_library_normalisation_closes(rates, total, expected):
    measured = measure(rates, replace(COUNTS, total=total), generator(14)).values
    counts = measure(rates, COUNTS, generator(14)).values
    expected = expected or np.median(counts.sum(axis=0))
    np.testing.assert_allclose(measured.sum(axis=0), expected)
    np.testing.assert_allclose(measured / expected, counts / counts.sum(axis=0))
    assert np.linalg.eigvalsh(np.cov(measured))[0] < 1e-9 * np.linalg.eigvalsh(np.cov(measured))[-1]


def test_the_median_is_that_of_cells_with_counts(rates):
    settings = replace(COUNTS, empty_cells=0.6)
    counts = measure(rates, settings, generator(14)).values.sum(axis=0)
    totals = measure(rates, replace(settings, total="median"), generator(14)).values.sum(axis=0)
    assert (counts == 0).mean() > 0.5 and np.array_equal(totals > 0, counts > 0)
    np.testing.assert_allclose(totals[counts > 0], np.median(counts[counts > 0]))


def test_cells_of_one_call_share_the_factors_of_genes():
    settings = Measurement(gene_sd=1, outlier_share=0.1, outlier_mean=2, outlier_sd=1)
    values = measure(np.ones((30, 8)), settings, generator(1)).values
    assert (values == values[:, :1]).all() and len(np.unique(values[:, 0])) == 30


def test_it_does_not_close_where_genes_are_hidden(rates):
    for settings in (replace(COUNTS, hidden=0.5), replace(COUNTS, seen=0.5)):
        given = replace(settings, total=1e4)
        totals = measure(rates, given, generator(15)).values.sum(axis=0)
        assert totals.std() > 0.1 * totals.mean() and totals.max() < 1e4
        of_seen = measure(rates, replace(given, library_of="seen"), generator(15)).values
        np.testing.assert_allclose(of_seen.sum(axis=0), 1e4)


def test_hidden_genes_have_their_share_of_the_totals(rates):
    settings = replace(COUNTS, hidden=0.75, total=1.0)
    share = measure(rates, settings, generator(15)).values.sum(axis=0)
    own = rates.sum(axis=0)
    expected = own / (own + 3 * own.mean())
    assert share.mean() == pytest.approx(expected.mean(), rel=0.03)


def test_genes_that_are_not_seen_are_left_out(rates):
    measured = measure(rates, replace(COUNTS, seen=0.3), generator(16))
    counts = measure(rates, COUNTS, generator(16)).values
    assert measured.values.shape == (15, 400) and (np.diff(measured.genes) > 0).all()
    assert np.array_equal(measured.values, counts[measured.genes])


def test_logarithms_come_after_the_scaling(rates):
    plain, log = (
        measure(rates, replace(COUNTS, total=1e4, log=log), generator(17)).values
        for log in (False, True)
    )
    np.testing.assert_allclose(np.expm1(log), plain)


def test_per_gene_scaling(rates):
    raw, sd, z = (
        measure(rates, replace(COUNTS, per_gene=name), generator(18)).values
        for name in ("none", "sd", "z")
    )
    np.testing.assert_allclose(sd.std(axis=1), 1)
    np.testing.assert_allclose(z.std(axis=1), 1)
    assert (z.min(axis=1) == 0).all()
    np.testing.assert_allclose(np.corrcoef(z), np.corrcoef(raw), atol=1e-9)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("per_gene", ["none", "sd", "z"])
@pytest.mark.parametrize("normalise", NORMALISATIONS)
def test_empty_genes_and_cells_are_zeros_and_never_nan(platform, per_gene, normalise):
    total, log = NORMALISATIONS[normalise]
    start = PLATFORMS[platform]
    if start.values == "cycles":
        total, log = None, False
    settings = replace(start, empty_genes=0.3, empty_cells=0.3, total=total, log=log,
                       per_gene=per_gene)  # fmt: skip
    rates = cells_of(30, 60)
    rates[3], rates[:, 5] = 0, 0  # and some that had nothing to begin with
    measured = measure(rates, settings, generator(19))
    assert np.isfinite(measured.values).all() and (measured.values >= 0).all()
    assert (measured.values[3] == 0).all() and (measured.values[:, 5] == 0).all()
    record = measured.record()
    assert record["genes without any value"] >= 4
    for nothing in (np.zeros((4, 9)), np.ones((1, 1)), np.full((3, 4), 2.0)):
        assert np.isfinite(measure(nothing, settings, generator(20)).values).all()


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_rates_that_are_none_are_refused(value):
    rates = np.ones((3, 4))
    rates[2, 1] = value
    with pytest.raises(InputError, match=r"of gene 2 in cell 1 .* finite and at least 0"):
        measure(rates, Measurement(), generator(0))


@pytest.mark.parametrize("shape", [(5,), (0, 3), (3, 0), (2, 2, 2)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(InputError, match=r"rates \(genes, cells\) with values"):
        measure(np.ones(shape), Measurement(), generator(0))
