"""Which genes vary most: dispersions among genes of similar mean, as Seurat and scanpy have them.

Satija et al., Nature Biotechnology 2015; `scanpy.pp.highly_variable_genes(flavor="seurat")`.
"""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

_BINS = 20
_LARGEST_LOGARITHM = 30.0  # of counts; values beyond it, which are no whole numbers, are none


class GeneStatistics(NamedTuple):
    """Of each gene: the number of cells that have it, and its normalised dispersion.

    The dispersion is -inf of a gene whose values are all the same.
    """

    detected: np.ndarray
    dispersion: np.ndarray


def gene_statistics(values: Any) -> GeneStatistics:
    """Return them of a matrix (genes, cells) >= 0, array or sparse; it stays as sparse as it is."""
    found = sparse.csr_array(values)
    number = found.shape[1]
    detected = np.diff(found.indptr) if found.nnz == found.count_nonzero() else _present(found)
    levels = _levels(found)
    total = np.asarray(levels.sum(axis=1)).ravel()
    levels.data **= 2
    squares = np.asarray(levels.sum(axis=1)).ravel()
    mean = total / number
    variance = np.maximum(squares - number * mean**2, 0) / max(1, number - 1)
    return GeneStatistics(detected, dispersions(mean, variance))


def _present(found: sparse.csr_array) -> np.ndarray:
    rows = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    return np.bincount(rows[found.data != 0], minlength=found.shape[0])


def _levels(found: sparse.csr_array) -> sparse.csr_array:
    """Return a copy whose cells can be compared: counts as shares of a cell, logarithms undone."""
    data = found.data.astype(np.float64)
    if not len(data):
        return sparse.csr_array((data, found.indices, found.indptr), found.shape)
    if (data == np.round(data)).all():
        totals = np.bincount(found.indices, weights=data, minlength=found.shape[1])
        factor = np.median(totals[totals > 0]) / np.where(totals > 0, totals, 1)
        data *= factor[found.indices]
    elif data.max() <= _LARGEST_LOGARITHM:
        np.expm1(data, out=data)
    return sparse.csr_array((data, found.indices, found.indptr), found.shape)


def dispersions(mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Return log(variance / mean), standardised among genes of similar log(1 + mean).

    Genes fall into 20 bins of equal width; one that is alone in its bin has the value 1, as in
    scanpy. -inf where the variance is 0.
    """
    varies = (variance > 0) & (mean > 0)
    found = np.full(len(mean), -np.inf)
    if not varies.any():
        return found
    logarithm = pd.Series(np.log(variance[varies] / mean[varies]))
    bins = logarithm.groupby(pd.cut(np.log1p(mean[varies]), _BINS, labels=False))
    average, spread = bins.transform("mean"), bins.transform("std")
    alone = spread.isna()
    scaled = (logarithm - average) / spread.where(spread > 0, 1.0)
    found[varies] = scaled.where(~alone, 1.0)
    return found
