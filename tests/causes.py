"""What a perturbation may change: the gene and its descendants, and nothing else."""

import networkx as nx
import numpy as np

from grn_gat.simulate.perturbation_experiment import Experiment


def descendants(signs: np.ndarray, gene: int) -> list[int]:
    graph = nx.from_numpy_array(signs, create_using=nx.DiGraph)
    return sorted(nx.descendants(graph, gene) | {gene})


def check_causes(
    signs: np.ndarray,
    experiment: Experiment,
    plain: np.ndarray,
    found: np.ndarray,
    by_cell: bool = True,
) -> int:
    """Assert that cells of an experiment differ from those without effect only where they may.

    Args:
        signs: (genes, genes) of the network.
        experiment: what was done to the cells.
        plain, found: (genes, cells) without and with its effect, from equal generators.
        by_cell: whether cells that nothing was done to are equal in all genes.

    Returns the number of perturbed genes that have changed a descendant other than themselves.
    """
    changed = plain != found
    if by_cell:
        assert not changed[:, experiment.effect == 1].any()
    acted = 0
    for gene in experiment.genes:
        below = descendants(signs, gene)
        others = np.setdiff1d(np.arange(len(signs)), below)
        cells = experiment.target == gene
        if by_cell:
            assert not changed[np.ix_(others, np.flatnonzero(cells))].any()
        hit = cells & (experiment.effect != 1)
        if hit.any():
            left = (experiment.mrna_effect[hit] == 1).all()  # its mRNA, not its protein
            assert left or changed[gene, hit].any() or not plain[gene, hit].any()
            acted += changed[np.ix_(np.setdiff1d(below, [gene]), np.flatnonzero(hit))].any()
    touched = sorted({v for gene in experiment.genes for v in descendants(signs, gene)})
    others = np.setdiff1d(np.arange(len(signs)), touched)
    assert not changed[others].any()
    return acted
