"""Transcripts of genes that are made in bursts: a kind of cells that nothing is trained on.

A promoter switches on at rate k_on and off at rate k_off, and makes transcripts at rate k_syn while
it is on; rates are per lifetime of a transcript. At rest the number of transcripts is a Poisson
number of mean k_syn p, with p from Beta(k_on, k_off) (Peccoud and Ycart, Theoretical Population
Biology 1995), of

    mean k_syn k_on / (k_on + k_off),
    variance mean + k_syn^2 k_on k_off / ((k_on + k_off)^2 (k_on + k_off + 1)).

Regulators act on how often bursts come, k_on (Larsson et al., Nature 2019); their own bursts do not
reach their targets, because proteins live longer than transcripts and average over them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grn_gat.simulate.transcriptional import CellRates, TranscriptionalNetwork
from grn_gat.simulate.transcriptional_topology import log_uniform


@dataclass(frozen=True)
class Bursts:
    """Promoters, (genes,) each: k_on at the usual rate, k_off, k_syn, per transcript lifetime."""

    on: np.ndarray
    off: np.ndarray
    made: np.ndarray


def draw_bursts(settings: Mapping, rng: np.random.Generator, genes: int) -> Bursts:
    """Draw the promoters of a network.

    Args:
        settings: block `bursty` of the pretraining config.
        rng: source of every draw.
        genes: their number.
    """
    on = log_uniform(rng, settings["frequency"], genes)
    off = log_uniform(rng, settings["switch_off"], genes)
    return Bursts(on, off, off * log_uniform(rng, settings["burst_size"], genes))


def telegraph(
    on: np.ndarray, off: np.ndarray, made: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Draw transcripts of genes in cells at rest.

    Args:
        on: k_on (genes, cells), >= 0; where it is 0 nothing is made.
        off, made: k_off and k_syn, (genes,).
        rng: each gene has a stream of its own that descends from it, so that what is done to one
            gene changes no other.

    Returns:
        Numbers of transcripts (genes, cells), int32.
    """
    found = np.zeros(on.shape, np.int32)
    for gene, own in enumerate(rng.spawn(len(on))):
        share = np.where(on[gene] > 0, own.beta(np.maximum(on[gene], 1e-6), off[gene]), 0)
        found[gene] = own.poisson(made[gene] * share)
    return found


def transcripts(
    network: TranscriptionalNetwork, cells: CellRates, bursts: Bursts, rng: np.random.Generator
) -> np.ndarray:
    """Transcripts (genes, cells) of cells of a network: bursts come as often as genes are on."""
    relative = cells.rates / np.exp(network.basal)[:, None]
    return telegraph(bursts.on[:, None] * relative, bursts.off, bursts.made, rng)
