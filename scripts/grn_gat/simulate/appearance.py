"""What expression looks like, in numbers that need no known edge.

Training data are of use for real cells where they look alike (`realism`). The statistics are of any
matrix, of counts, logarithms or cycles, and none depends on the unit of the values. They are of a
part of it, at most 200 genes in 1,000 cells, so that files of any size can be compared; and of at
most half as many genes as cells, because the smallest eigenvalues are 0 where cells are few.
Principal components are of the correlation matrix; a constant gene correlates with none.
docs/stages/pretraining.md says what each statistic is.
"""

import numpy as np

from grn_gat.core.errors import InputError

MOST_GENES, MOST_CELLS = 200, 1000
COMPONENTS = (1, 2, 5, 10)
_LEAST = 1e-4  # eigenvalue, or share of a variance; below it are no differences of data
_STRONG = 0.3  # correlation
_FLAT = 1e-6  # spread of cell totals, over their mean, below which they are all the same


def some(expression: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw the part of a matrix (genes, cells) that statistics are of, in its order."""
    genes, cells = expression.shape
    number = min(cells, MOST_CELLS)
    chosen = np.sort(rng.choice(cells, number, replace=False))
    most = max(2, min(genes, MOST_GENES, number // 2))
    rows = np.sort(rng.choice(genes, min(genes, most), replace=False))
    return expression[np.ix_(rows, chosen)]


def appearance(expression: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """Return the statistics of a matrix (genes, cells) of values >= 0, by name.

    Args:
        expression: the matrix.
        rng: chooses the genes and cells that they are of.

    Raises InputError where fewer than two of these genes vary.
    """
    from threadpoolctl import threadpool_limits

    values = np.asarray(some(expression, rng), float)
    varies = np.ptp(values, axis=1) > 0
    if varies.sum() < 2:
        raise InputError(
            f"expression: {varies.sum()} of {len(varies)} genes vary between cells; at least 2 must"
        )
    with threadpool_limits(limits=1):  # else the order of sums depends on the cores
        pearson, spearman = correlations(values), correlations(_ranks(values))
        spectrum = np.linalg.eigvalsh(pearson)[::-1]
    return {
        "size": float(np.log10(len(values))),
        **_of_spectrum(spectrum),
        **_of_pairs("pearson", pearson),
        **_of_pairs("spearman", spearman),
        **_of_zeros(values),
        "constant_genes": float(1 - varies.mean()),
        **_of_means(values),
        **_of_values(values),
    }


def correlations(values: np.ndarray) -> np.ndarray:
    """Correlation matrix of genes (genes, cells); a constant gene has 0 with all others."""
    centred = values - values.mean(axis=1, keepdims=True)
    norm = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    varies = np.ptp(values, axis=1, keepdims=True) > 0
    scaled = np.divide(centred, norm, out=np.zeros_like(centred), where=varies & (norm > 0))
    found = scaled @ scaled.T
    np.fill_diagonal(found, 1)
    return found


def _ranks(values: np.ndarray) -> np.ndarray:
    from scipy.stats import rankdata

    ranks: np.ndarray = rankdata(values, axis=1)
    return ranks


def _of_spectrum(eigenvalues: np.ndarray) -> dict[str, float]:
    """Of eigenvalues in descending order."""
    share = np.maximum(eigenvalues, 0) / eigenvalues.sum()
    tenth = max(1, len(share) // 10)
    return {
        **{f"first_{k}": float(share[:k].sum()) for k in COMPONENTS},
        "participation": float(1 / (share**2).sum() / len(share)),
        "least_eigenvalue": float(np.log10(max(eigenvalues[-1], _LEAST))),
        "least_tenth": float(share[-tenth:].sum()),
    }


def _of_pairs(name: str, matrix: np.ndarray) -> dict[str, float]:
    pairs = matrix[np.triu_indices(len(matrix), 1)]
    low, high = np.quantile(pairs, [0.05, 0.95])
    return {
        f"{name}_mean": float(pairs.mean()),
        f"{name}_sd": float(pairs.std()),
        f"{name}_low": float(low),
        f"{name}_high": float(high),
        f"{name}_strong": float((np.abs(pairs) > _STRONG).mean()),
    }


def _of_zeros(values: np.ndarray) -> dict[str, float]:
    zero = values == 0
    found = {"zeros": float(zero.mean())}
    for name, axis in (("gene", 1), ("cell", 0)):
        low, high = np.quantile(zero.mean(axis=axis), [0.1, 0.9])
        found |= {f"{name}_zeros_low": float(low), f"{name}_zeros_high": float(high)}
    return found


def _of_means(values: np.ndarray) -> dict[str, float]:
    """Means against dispersions of the genes that vary, and totals of cells."""
    varying = values[np.ptp(values, axis=1) > 0]
    mean = np.log10(varying.mean(axis=1))
    dispersion = np.log10(varying.var(axis=1)) - 2 * mean
    spread = ((mean - mean.mean()) ** 2).sum()
    slope = ((mean - mean.mean()) * dispersion).sum() / spread if spread > 0 else 0.0
    totals = values.sum(axis=0)
    low, middle, high = np.quantile(totals, [0.1, 0.5, 0.9])
    flat = high - low <= _FLAT * totals.mean()
    return {
        "dispersion_slope": float(slope),
        "dispersion_level": float(dispersion.mean()),
        "total_variance": float(np.log10(max(totals.var() / values.var(axis=1).sum(), _LEAST))),
        "total_cv": float(totals.std() / totals.mean()),
        "total_skew": 0.0 if flat else float((high + low - 2 * middle) / (high - low)),
        "gene_mean_sd": float(mean.std()),
    }


def _of_values(values: np.ndarray) -> dict[str, float]:
    positive = values[values > 0]
    low, middle = np.quantile(positive, [0.01, 0.5])
    return {
        "ceiling": float(np.log10(positive.max() / middle)),
        "floor": float(np.log10(low / middle)),
        "integers": float((positive == np.round(positive)).mean()),
    }
