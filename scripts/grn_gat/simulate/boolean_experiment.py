"""All that a simulation in time knows of its cells, in the form of the other kinds.

With `draw_experiment_of_runs` and `simulate_batch(..., folds, translation, protein=True)`, a
Boolean network has what `evidence.draw_evidence` asks for: an experiment, proteins, what is
transcribed now.
"""

import numpy as np

from grn_gat.simulate.batch import Cells
from grn_gat.simulate.boolean_networks import RandomNetwork
from grn_gat.simulate.perturbation_experiment import Experiment
from grn_gat.simulate.simulator import activation_levels
from grn_gat.simulate.transcriptional import CellRates, single

ONE_LINEAGE = np.array([-1])  # tree of types: which of the ends a run comes to is not known


def boolean_cell_rates(
    network: RandomNetwork,
    cells: Cells,
    runs: Experiment | None = None,
    regulators: np.ndarray | None = None,
) -> tuple[CellRates, Experiment | None]:
    """Return cells of a simulated network as those of other kinds, and their experiment.

    Time is a share of the run length, a lifetime in model time.

    Args:
        network: the network.
        cells: its cells, with runs and proteins.
        runs: what was done to its runs.
        regulators: (genes,) bool, genes whose protein is told; None for those that have targets.
    """
    assert cells.protein is not None and cells.run is not None
    parameters = network.parameters
    active = activation_levels(network.model, cells.protein, parameters).T
    experiment = None
    if runs is not None:
        experiment = runs.at(cells.run)
        fold = experiment.mrna_folds(len(active))
        active = np.where(fold > 1, np.maximum(active * fold, 1), active * fold)
    if regulators is None:
        regulators = np.asarray(network.signs.any(axis=1))
    made = CellRates(
        rates=np.ascontiguousarray(cells.expression.T),
        nascent=single(active * (parameters.m / parameters.lx)[:, None]),
        protein=np.ascontiguousarray(cells.protein.T[regulators]),
        type=np.zeros(len(cells.time), int),
        pseudotime=single(cells.time / network.model.duration),
        lifetime=single(1 / parameters.lx),
    )
    return made, experiment
