"""What is measured of cells: from rates, in any unit and of any generator, to what a file holds.

    rates -> genes' factors, outliers -> batches -> depth -> dropout -> dispersion -> counts
          -> genes that are seen -> scaled to a total -> log -> per gene

Up to the counts this is SERGIO's order of technical noise (Dibaeinia and Sinha, Cell Systems 2020):
outlier genes, library size, logistic dropout of the mean, Poisson. A setting that is off draws
nothing, so that BEELINE's dropout alone is what `dropout.apply_dropout` gives, byte for byte. What
the settings mean, and platforms: `measurement_settings`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grn_gat.core.errors import InputError
from grn_gat.simulate.dropout import apply_dropout
from grn_gat.simulate.measurement_settings import COUNTS, CYCLES, RATES, SEEN, Measurement
from grn_gat.simulate.normalisation import divided_by_sd, scaled_to_total, shifted_z_scores

_PANEL = 100  # genes that the library of a platform is of
_MOST_DISPERSED = 1e4  # of a gene that has next to no counts


@dataclass(frozen=True, eq=False)
class Observed:
    """What was written down of cells, before anything is made of it.

    Attributes:
        values: array (seen genes, cells), >= 0 and finite: rates, counts or cycles.
        totals: (cells,), what was counted in a cell of all genes, seen, unseen and hidden.
        genes: indices of the seen genes among those of the rates, ascending.
        batch: (cells,), the batch of each cell, from 0.
        depth: (cells,), what the rates of a cell were multiplied by, of all genes alike.
        outliers: indices of outlier genes among those of the rates.
        kept: share of the values that logistic dropout has kept.
    """

    values: np.ndarray
    totals: np.ndarray
    genes: np.ndarray
    batch: np.ndarray
    depth: np.ndarray
    outliers: np.ndarray
    kept: float


@dataclass(frozen=True, eq=False)
class Measured(Observed):
    """What is made of what was observed: `values` are those of a file."""

    def record(self) -> dict[str, float]:
        """Return what was done in numbers, for a log."""
        empty = ~self.values.any(axis=0)
        return {
            "genes": len(self.genes),
            "outlier genes": len(self.outliers),
            "batches": len(np.unique(self.batch)),
            "share kept by dropout": round(self.kept, 4),
            "share of zeros": round(float((self.values == 0).mean()), 4),
            "cells without any value": int(empty.sum()),
            "genes without any value": int((~self.values.any(axis=1)).sum()),
        }


def measure(rates: np.ndarray, settings: Measurement, rng: np.random.Generator) -> Measured:
    """Observe cells (`observe`) and make of it what a file holds (`analysed`)."""
    observed = observe(rates, settings, rng)
    values = analysed(observed.values, observed.totals, settings)
    return Measured(**(vars(observed) | {"values": values}))


def observe(rates: np.ndarray, settings: Measurement, rng: np.random.Generator) -> Observed:
    """Measure cells, up to what is written down of them.

    Cells of one experiment, such as those of a knock-out and those beside them, are observed
    together: what a gene or a batch is multiplied by is drawn once for all of them.

    Args:
        rates: array (genes, cells), >= 0, in any unit: what a cell has, or makes, of each mRNA.
        settings: how.
        rng: source of every draw.

    Raises InputError where the rates are no such array.
    """
    rates = np.asarray(rates)
    _check(rates)
    genes, cells = rates.shape
    values, outliers = gene_factors(rates, settings, rng)
    batch: Any = np.zeros(cells, np.int64)
    depth = np.ones(cells)
    if settings.batches > 1:
        batch = rng.integers(settings.batches, size=cells)
        values, depth = batch_shifts(values, batch, settings, rng)
    values, depth, background = with_depth(values, depth, settings, rng)
    values = emptied(values, settings, rng)
    values, kept = written_down(values, settings, rng)
    totals = values.sum(axis=0)
    if background is not None:
        counted = settings.values == COUNTS
        totals = totals + (rng.poisson(background) if counted else background)
    seen = np.arange(genes)
    if settings.seen < 1:
        seen = np.sort(rng.choice(genes, max(1, round(settings.seen * genes)), replace=False))
        values = values[seen]
    if values is rates:
        values = rates.copy()
    return Observed(values, totals, seen, batch, depth, outliers, kept)


def written_down(
    rates: np.ndarray, settings: Measurement, rng: np.random.Generator
) -> tuple[np.ndarray, float]:
    """Return what is written down of rates (genes, cells), and the share that dropout has kept."""
    values, mask = rates, None
    if settings.percentile is not None:
        mask = kept_by_dropout(rates, settings.percentile, settings.shape, rng)
    if settings.dispersion > 0 or settings.dispersion_extra > 0:
        values = dispersed(values, settings, rng)
    if mask is not None:
        values = values * mask
    if settings.additive_sd > 0 and settings.values == RATES:
        noise = rng.normal(0, settings.additive_sd * values.mean(), values.shape)
        values = np.maximum(values + noise, 0)
    if settings.values != RATES:
        values = rng.poisson(values).astype(float)
    if settings.values == CYCLES:
        values = detected_cycles(values, settings, rng)
    if settings.low_quantile > 0:
        values = apply_dropout(values, settings.low_quantile, settings.low_chance, rng)
    return values, 1.0 if mask is None else float(mask.mean())


def analysed(values: np.ndarray, totals: np.ndarray, settings: Measurement) -> np.ndarray:
    """Return what is made of what was written down; nothing is drawn.

    Args:
        values: array (seen genes, cells).
        totals: (cells,), of all genes.
        settings: of these, `library_of`, `total`, `log` and `per_gene`.
    """
    if settings.total is not None:
        of = values.sum(axis=0) if settings.library_of == SEEN else totals
        values = scaled_to_total(values, of, settings.total)
    if settings.log:
        values = np.log1p(values)
    if settings.per_gene == "sd":
        values = divided_by_sd(values)
    elif settings.per_gene == "z":
        values = shifted_z_scores(values)
    return values


def _check(rates: np.ndarray) -> None:
    if rates.ndim != 2 or rates.size == 0:
        raise InputError(
            f"a measurement needs rates (genes, cells) with values, not an array of shape "
            f"{rates.shape}"
        )
    if not (rates.min() >= 0 and np.isfinite(rates.max())):
        gene, cell = np.argwhere(~((rates >= 0) & np.isfinite(rates)))[0].tolist()
        raise InputError(
            f"the rate {rates[gene, cell]} of gene {gene} in cell {cell} cannot be measured: rates "
            "must be finite and at least 0"
        )


def gene_factors(
    rates: np.ndarray, settings: Measurement, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Multiply genes by log-normal factors; returns rates and the indices of outlier genes.

    Outliers: Splat (Zappia et al., Genome Biology 2017) and SERGIO's `outlier_effect`. The mean of
    a factor of `gene_sd` is 1.
    """
    genes = len(rates)
    log = np.zeros(genes)
    if settings.gene_sd > 0:
        log += rng.normal(-(settings.gene_sd**2) / 2, settings.gene_sd, genes)
    outliers = np.empty(0, np.intp)
    if settings.outlier_share > 0:
        outliers = np.flatnonzero(rng.random(genes) < settings.outlier_share)
        log[outliers] += rng.normal(settings.outlier_mean, settings.outlier_sd, len(outliers))
    return (rates * np.exp(log)[:, None] if log.any() else rates), outliers


def batch_shifts(
    rates: np.ndarray, batch: np.ndarray, settings: Measurement, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Multiply each gene by a log-normal factor of the batch, of mean 1 (Splat's batch effects).

    Returns the rates, and the depth (cells,) of the batch that each cell is of.
    """
    shape = (len(rates), settings.batches)
    factor = np.exp(rng.normal(-(settings.batch_sd**2) / 2, settings.batch_sd, shape))
    sd = settings.batch_depth_sd
    depth = np.exp(rng.normal(-(sd**2) / 2, sd, settings.batches))
    return rates * factor[:, batch], depth[batch]


def with_depth(
    rates: np.ndarray, depth: np.ndarray, settings: Measurement, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Give cells their library size.

    Binomial thinning of a Poisson or negative binomial count is one of a lower mean: `capture`
    lowers the depth.

    Args:
        rates: array (genes, cells).
        depth: (cells,), of the batches.

    Returns:
        The rates, the depth, and what hidden genes have (cells,), None where there are none.
    """
    genes, cells = rates.shape
    depth = depth * settings.capture
    if settings.library_sd > 0 or settings.library_mean is not None:
        depth = depth * np.exp(rng.normal(settings.library_mean or 0, settings.library_sd, cells))
    own = rates.sum(axis=0)
    others = own.mean() * settings.hidden / (1 - settings.hidden)
    if settings.library_mean is not None:
        total = own + others
        if not settings.fixed_totals:
            total = np.full(cells, total.mean())
        factor = np.zeros(cells)
        np.divide(genes / _PANEL / (1 - settings.hidden), total, out=factor, where=total > 0)
        depth = depth * factor
    background = others * depth if settings.hidden > 0 else None
    return (rates if (depth == 1).all() else rates * depth), depth, background


def emptied(rates: np.ndarray, settings: Measurement, rng: np.random.Generator) -> np.ndarray:
    """Set some genes, and some cells, to 0 throughout."""
    if settings.empty_genes > 0:
        rates = rates * (rng.random(len(rates)) >= settings.empty_genes)[:, None]
    if settings.empty_cells > 0:
        rates = rates * (rng.random(rates.shape[1]) >= settings.empty_cells)
    return rates


def kept_by_dropout(
    rates: np.ndarray, percentile: float, shape: float, rng: np.random.Generator
) -> np.ndarray:
    """Draw which values logistic dropout keeps, as a boolean array (SERGIO's `dropout_indicator`).

    The chance to be kept is 1 / (1 + exp(-shape (log(1 + rate) - m))), m the percentile of
    log(1 + rate) over all genes and cells.
    """
    log = np.log1p(rates)
    chance = rng.random(rates.shape)
    middle = np.percentile(log, percentile)
    with np.errstate(over="ignore"):
        kept: np.ndarray = chance * (1 + np.exp(-shape * (log - middle))) < 1
    return kept


def dispersed(rates: np.ndarray, settings: Measurement, rng: np.random.Generator) -> np.ndarray:
    """Multiply rates by gamma variables of mean 1, whose variance is the gene's dispersion.

    Counts of them are negative binomial. The dispersion falls with the mean count m of the gene to
    an asymptote, a + b / m (DESeq2: Love et al., Genome Biology 2014; PROSSTT: Papadopoulos et al.,
    Bioinformatics 2019), so that the variance of a count is (1 + b) m + a m ** 2.
    """
    mean = rates.mean(axis=1)
    present = np.flatnonzero(mean > 0)
    with np.errstate(over="ignore"):
        alpha = settings.dispersion + settings.dispersion_extra / mean[present]
    if settings.dispersion_sd > 0:
        alpha = alpha * np.exp(rng.normal(0, settings.dispersion_sd, len(present)))
    alpha = np.minimum(alpha, _MOST_DISPERSED)
    factor = rng.standard_gamma(1 / alpha[:, None], (len(present), rates.shape[1]))
    result = np.zeros(rates.shape)
    result[present] = rates[present] * factor * alpha[:, None]
    return result


def detected_cycles(
    molecules: np.ndarray, settings: Measurement, rng: np.random.Generator
) -> np.ndarray:
    """Return what qPCR tells of molecules: cycles before the limit of detection, plus `gap`.

    A doubling is one cycle. What is not detected (no molecule, or later than the limit) is coded 0
    (Livak et al., Methods 2013), which lies `gap` cycles below the limit.
    """
    some = molecules > 0
    cycles = np.full(molecules.shape, -np.inf)
    np.log2(molecules / settings.limit, out=cycles, where=some)
    if settings.cycle_sd > 0:
        cycles = cycles + rng.normal(0, settings.cycle_sd, molecules.shape)
    return np.where(cycles >= 0, cycles + settings.gap, 0.0)
