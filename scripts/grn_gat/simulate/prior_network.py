"""A prior network of random quality: edges that someone believes in before any cell is seen.

Of the true edges a share t is in it, of the other pairs a share f. Between them lie priors that are
nearly right and such that tell next to nothing: of promoter motifs in mouse, P(motif | edge by
ChIP) is .25 to .38 and the base rate .21 to .26. Regulators are not alike: some are unknown to the
prior, those with many targets are better studied, and motifs of some are found anywhere
(promiscuous); so are some targets, whose promoters are long or open.
"""

from collections.abc import Mapping

import numpy as np

from grn_gat.simulate.transcriptional_topology import log_uniform


def draw_prior(
    settings: Mapping, signs: np.ndarray, regulators: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Draw a prior network, (genes, genes) bool, without self-loops.

    Args:
        settings: block `evidence.prior` of the pretraining config.
        signs: (genes, genes), not 0 where row regulates column.
        regulators: (genes,) bool; only these have edges in it.
        rng: source of every draw.
    """
    kept = rng.uniform(*settings["kept"])
    added = kept * float(log_uniform(rng, settings["added_ratio"]))
    known = regulators & (rng.random(len(signs)) < rng.uniform(*settings["known"]))
    hubs = rng.uniform(*settings["hubs"])
    skew = rng.uniform(*settings["skew"]), rng.uniform(*settings["skew"])
    return prior_network(signs, known, kept, added, hubs, skew, rng)


def prior_network(
    signs: np.ndarray,
    known: np.ndarray,
    kept: float,
    added: float,
    hubs: float,
    skew: tuple[float, float],
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw a prior network of given quality, (genes, genes) bool.

    Args:
        signs: (genes, genes), not 0 where row regulates column.
        known: (genes,) bool, regulators that the prior knows.
        kept: share t of their edges that is in it, in expectation.
        added: share f of their other pairs that is.
        hubs: a regulator's chances grow as this power of its number of targets, plus 1.
        skew: standard deviation of the logarithm of a regulator's own chance, and of a target's.
        rng: source of every draw.
    """
    genes = len(signs)
    edge = signs != 0
    degree = (edge & ~np.eye(genes, dtype=bool)).sum(axis=1)
    studied = (1.0 + degree) ** hubs
    wanted = studied * np.exp(rng.normal(0, skew[0], genes))
    promiscuous = studied * np.exp(rng.normal(0, skew[0], genes))
    found_anywhere = np.exp(rng.normal(0, skew[1], genes))
    uniform = rng.random((genes, genes))
    possible = known[:, None] & ~np.eye(genes, dtype=bool)
    found = np.zeros((genes, genes), bool)
    for pairs, share, weights in (
        (possible & edge, kept, np.repeat(wanted[:, None], genes, axis=1)),
        (possible & ~edge, added, promiscuous[:, None] * found_anywhere),
    ):
        found[pairs] = uniform[pairs] < _chances(weights[pairs], share)
    return found


def _chances(weights: np.ndarray, mean: float) -> np.ndarray:
    """Chances of the given mean, in proportion to the weights, but none above 1."""
    if not weights.size or mean >= 1:
        return np.ones_like(weights)
    chances = np.minimum(weights * (mean / weights.mean()), 1)
    while (missing := mean - chances.mean()) > 1e-6:
        room = chances < 1
        factor = 1 + missing * len(chances) / chances[room].sum()
        chances[room] = np.minimum(chances[room] * factor, 1)
    return chances
