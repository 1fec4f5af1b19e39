"""What else is measured of the same cells: protein, promoter activity, RNA velocity.

None is more than a noisy view of what the simulation knows. Proteins are seen by antibodies, whose
background is not small (Stoeckius et al., Nature Methods 2017: CITE-seq), or by their light.
Promoters are open or closed in few counts a cell (ATAC). Velocity is what unspliced transcripts are
above or below what spliced ones let expect, both pooled over neighbouring cells (La Manno et al.,
Nature 2018), or a number with noise that a method made of them.
"""

from collections.abc import Mapping

import numpy as np

from grn_gat.simulate.transcriptional import CellRates, single
from grn_gat.simulate.transcriptional_topology import log_uniform


def _relative(levels: np.ndarray) -> np.ndarray:
    """Levels (genes, cells) over the mean of the gene; 0 where that is 0."""
    mean = levels.mean(axis=1, keepdims=True)
    return np.divide(levels, mean, out=np.zeros_like(levels), where=mean > 0)


def _blurred(levels: np.ndarray, sd: float, rng: np.random.Generator) -> np.ndarray:
    """Levels times log-normal noise."""
    return levels * np.exp(sd * rng.standard_normal(levels.shape, np.float32))


def draw_protein(
    settings: Mapping, protein: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw what is seen of the proteins of some regulators.

    Args:
        settings: block `evidence.protein` of the pretraining config.
        protein: (regulators, cells): their levels.
        rng: source of every draw.

    Returns:
        Rows that are seen, ascending, and values (rows, cells) float32: counts, or continuous.
    """
    number = max(1, round(rng.uniform(*settings["seen"]) * len(protein)))
    rows = np.sort(rng.choice(len(protein), number, replace=False))
    levels = _relative(protein[rows])
    levels = _blurred(levels, rng.uniform(*settings["noise"]), rng)
    # What sticks without a protein, more in some cells: it correlates the proteins.
    cells = np.exp(rng.normal(0, settings["background_sd"], levels.shape[1]))
    levels = levels + log_uniform(rng, settings["background"], number)[:, None] * cells
    if rng.random() < settings["counts_share"]:
        depth = log_uniform(rng, settings["counts_mean"], number)[:, None]
        levels = rng.poisson(levels * depth)
    return rows, single(levels)


def draw_promoters(settings: Mapping, cells: CellRates, rng: np.random.Generator) -> np.ndarray:
    """Draw counts of open promoters (genes, cells) float32.

    A promoter is the more open the more is transcribed, as a power below 1, and a cell has a depth.

    Args:
        settings: block `evidence.promoters` of the pretraining config.
        cells: the cells.
        rng: source of every draw.
    """
    power = np.float32(rng.uniform(*settings["power"]))
    levels = _blurred(_relative(cells.nascent) ** power, rng.uniform(*settings["noise"]), rng)
    genes, number = levels.shape
    levels = levels * single(np.exp(rng.normal(0, settings["depth_sd"], number)))
    return single(rng.poisson(levels * log_uniform(rng, settings["counts_mean"], genes)[:, None]))


def draw_velocity(settings: Mapping, cells: CellRates, rng: np.random.Generator) -> np.ndarray:
    """Draw velocities (genes, cells) float32: change per lifetime of the mRNA, and noise.

    Args:
        settings: block `evidence.velocity` of the pretraining config.
        cells: the cells; at rest all is noise.
        rng: source of every draw.
    """
    if rng.random() >= settings["counts_share"]:
        change = cells.nascent - cells.rates
        noise = log_uniform(rng, settings["noise"]) * cells.rates.std(axis=1, keepdims=True)
        return single(change + noise * rng.standard_normal(change.shape, np.float32))
    genes = len(cells.rates)
    scale = cells.rates.mean(axis=1, keepdims=True)
    mean = log_uniform(rng, settings["counts_mean"], genes)[:, None]
    scale = np.divide(mean, scale, out=np.zeros_like(mean), where=scale > 0)
    spliced = rng.poisson(cells.rates * scale).astype(float)
    least, largest = settings["unspliced"]
    share = rng.uniform(least, largest, (genes, 1))
    unspliced = rng.poisson(cells.nascent * scale * share).astype(float)
    square = (spliced**2).sum(axis=1, keepdims=True)
    slope = (spliced * unspliced).sum(axis=1, keepdims=True)
    slope = np.divide(slope, square, out=np.zeros_like(slope), where=square > 0)
    return single(unspliced - slope * spliced)
