"""A made atlas: sparse counts of a genome in clusters of cells, as `grn-gat infer` meets them.

    python bench/atlas.py atlas.h5ad
    grn-gat infer atlas.h5ad

Counts are Poisson around means that differ between genes by some powers of ten, between clusters,
and between cells by their depth. A part of the genes are transcription factors of human, each of
which moves some of the other genes. All cells come in blocks, so that no dense matrix is made.
"""

import argparse
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
from scipy import sparse

from grn_gat.core.seeds import generator
from grn_gat.data.tf_lists import transcription_factors

_BLOCK = 500  # cells
_TARGETS = 20  # of each transcription factor


def gene_names(genes: int) -> list[str]:
    """Transcription factors of human, up to a twelfth of the genes, and other names."""
    named = transcription_factors("human")[: max(2, genes // 12)]
    return [*named, *(f"GENE{i:05d}" for i in range(genes - len(named)))]


def blocks(genes: int, cells: int, clusters: int, regulators: int, rng: np.random.Generator):
    """Yield sparse counts (cells, genes) of blocks of cells, and their clusters."""
    level = rng.normal(-4.0, 1.8, genes)
    level[:regulators] += 1.5
    of_cluster = rng.normal(0, 0.7, (clusters, genes)) * (rng.random((clusters, genes)) < 0.2)
    share = rng.dirichlet(np.full(clusters, 3.0))
    targets = rng.integers(0, genes, (regulators, _TARGETS))
    strength = rng.normal(0, 0.5, targets.shape)
    for start in range(0, cells, _BLOCK):
        number = min(_BLOCK, cells - start)
        cluster = rng.choice(clusters, number, p=share)
        log_mean = level + of_cluster[cluster] + rng.normal(0, 0.4, (number, 1))
        active = rng.normal(size=(number, regulators))
        log_mean[:, :regulators] += 0.5 * active
        for regulator in range(regulators):
            log_mean[:, targets[regulator]] += active[:, [regulator]] * strength[regulator]
        counts = rng.poisson(np.exp(np.minimum(log_mean, 6))).astype(np.float32)
        yield sparse.csr_matrix(counts), cluster


def make_atlas(path: Path, genes: int, cells: int, clusters: int = 8) -> None:
    """Write a file, the same each time: counts in X, the cluster of each cell in obs."""
    rng = generator(1, "atlas", genes, cells)
    names = gene_names(genes)
    regulators = sum(not name.startswith("GENE") for name in names)
    counts, found = zip(*blocks(genes, cells, clusters, regulators, rng), strict=True)
    labels = [f"cluster {i}" for i in np.concatenate(found)]
    obs = pd.DataFrame(
        {"leiden": pd.Categorical(labels)}, index=[f"cell_{i}" for i in range(cells)]
    )
    data = anndata.AnnData(sparse.vstack(counts, format="csr"), obs, pd.DataFrame(index=names))
    data.write_h5ad(path, compression="gzip")


def main() -> None:
    """Make one of the size that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path)
    for option, default in (("genes", 20_000), ("cells", 20_000), ("clusters", 8)):
        parser.add_argument(f"--{option}", type=int, default=default)
    given = parser.parse_args()
    make_atlas(given.path, given.genes, given.cells, given.clusters)


if __name__ == "__main__":
    main()
