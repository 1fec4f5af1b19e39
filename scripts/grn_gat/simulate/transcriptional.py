"""Cells of networks of transcription factors: types, paths between them, knock-outs, hidden causes.

The rate at which gene g is transcribed in a cell is

    log r_g = basal_g + programme_g + sum_u w_ug f_u(a_u) + sum_k load_gk F_k + noise_g,

so that regulators multiply. a_u is the activity of regulator u: the logarithm of its own mRNA, in
standard deviations of it, plus a noise of its own, because mRNA is not protein. f is a itself
(linear, up to `LIMIT` standard deviations), or 2 H - 1 with the Hill function
H = A^n / (K^n + A^n) of the level A = exp(a). The programme, what a cell's type is, acts on master
regulators only. F are hidden factors of the cell: its cycle, stress, RNA content and the like.

Cells at rest have as much mRNA as is transcribed. Cells that move along a path lag behind:
dm_g/dt = (r_g - m_g) / lifetime_g, integrated over the last step between two types from rest, which
lifetimes much below a step have forgotten. With feedback, cells at rest are those that a damped
iteration of the equations arrives at.

A perturbation multiplies what a cell has of a gene's mRNA, and thereby acts on its targets: 0 is a
knock-out. It may leave the mRNA and act on the targets only, as if the protein were lost. No draw
depends on it: from equal generators come the same cells, perturbed or not, so that the two differ
by what the perturbation causes and nothing else.
"""

from dataclasses import dataclass

import numpy as np

from grn_gat.core.errors import InputError
from grn_gat.simulate.transcriptional_topology import Topology, TranscriptionalSettings

LIMIT = 3.0  # standard deviations of activity, beyond which a linear regulator does no more
# Kinds of hidden factors that are not plain normal numbers.
CYCLE, STRESS, CONTENT, IDENTITY = "cycle", "stress", "content", "identity"
_STRESSED = 0.15  # share of the cells under stress
_WINDOW = 1.0  # steps between two types that the lag is integrated over


@dataclass(frozen=True)
class Factors:
    """Hidden causes: `kinds` (factors,), `loads` (genes, factors) on the log rate.

    Of a cycle, `phases` (factors,) says at which angle it is highest; of an identity, `values`
    (factors, types) what it is in each type.
    """

    kinds: tuple[str, ...]
    loads: np.ndarray
    phases: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class TranscriptionalNetwork:
    """A network with all that is the same in all its cells; R is the number of regulators.

    Attributes:
        topology: edges, regulators, masters, modules.
        weights: (genes, genes) float32: what row adds to the log rate of column where f is 1.
        linear: whether f is the activity itself, else a Hill function.
        steepness: (R,): n, of A; times 1 / spread it is the exponent of the regulator's level.
        threshold: (R,): log K, in standard deviations from the mean of the log level.
        centre, spread: (R,): mean and standard deviation of the log level over cells.
        activity_noise: (R,): own standard deviation of an activity, in those of the log level.
        basal, noise: (genes,): mean and own standard deviation of the log rate.
        lifetime: (genes,): of mRNA, in steps between two types; None where cells are at rest.
        programmes: (types, genes): added to the log rate, not 0 for masters only.
        parents: (types,): the type that each came from, -1 of the first.
        trajectory: whether cells lie between types, else in one.
        proportions: (types,): share of the cells in, or on the way to, each type.
        factors: hidden factors.
    """

    topology: Topology
    weights: np.ndarray
    linear: bool
    steepness: np.ndarray
    threshold: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    activity_noise: np.ndarray
    basal: np.ndarray
    noise: np.ndarray
    lifetime: np.ndarray | None
    programmes: np.ndarray
    parents: np.ndarray
    trajectory: bool
    proportions: np.ndarray
    factors: Factors

    @property
    def signs(self) -> np.ndarray:
        """(genes, genes) int8: +1 where row activates column, -1 where it represses it."""
        return self.topology.signs

    @property
    def depths(self) -> np.ndarray:
        """(types,): steps from the first type."""
        depths = np.zeros(len(self.parents), int)
        for k in range(1, len(depths)):
            depths[k] = depths[self.parents[k]] + 1
        return depths


@dataclass(frozen=True)
class Perturbation:
    """What is done to genes: they act on their targets as their mRNA times `folds`.

    0 is a knock-out, below 1 a knock-down, above 1 over-expression, 1 nothing.

    Attributes:
        genes: the perturbed genes.
        folds: (perturbed genes,) or with one per cell, (perturbed genes, cells).
        mrna: what their mRNA itself is multiplied by, of either shape; None for `folds`.
    """

    genes: np.ndarray
    folds: np.ndarray
    mrna: np.ndarray | None = None


@dataclass(frozen=True)
class CellRates:
    """Cells of one network, all float32 but `type`.

    Attributes:
        rates: (genes, cells): expected mRNA, in any unit.
        nascent: (genes, cells): what is transcribed now, times the lifetime: at rest the rates.
        protein: (regulators, cells): level of the active protein, regulators in order of genes.
        type: (cells,): the type a cell is in, or on the way to.
        pseudotime: (cells,): share of the longest path; None where cells lie in types.
        lifetime: (genes,) as of the network.
    """

    rates: np.ndarray
    nascent: np.ndarray
    protein: np.ndarray
    type: np.ndarray
    pseudotime: np.ndarray | None
    lifetime: np.ndarray | None

    @property
    def velocity(self) -> np.ndarray:
        """(genes, cells): change of mRNA per step between two types, 0 at rest."""
        if self.lifetime is None:
            return np.zeros_like(self.rates)
        return (self.nascent - self.rates) / self.lifetime[:, None]


def single(values: np.ndarray) -> np.ndarray:
    """Values as float32."""
    return np.asarray(values, np.float32)


class DrawnCells:
    """All that is random in some cells of a network."""

    def __init__(self, network: TranscriptionalNetwork, cells: int, rng: np.random.Generator):
        genes, number = len(network.basal), len(network.centre)
        self.network = network
        self.masters = np.flatnonzero(network.topology.masters)
        self.type = rng.choice(len(network.parents), cells, p=network.proportions)
        # Where on the way to its type a cell is; in types, it has arrived.
        self.way = (
            rng.random(cells, np.float32) if network.trajectory else np.ones(cells, np.float32)
        )
        scores = self._scores(rng, cells)
        content = np.array([kind == CONTENT for kind in network.factors.kinds], bool)
        loads = network.factors.loads
        self.static = rng.standard_normal((genes, cells), np.float32)
        self.static *= network.noise[:, None]
        self.static += network.basal[:, None]
        for k in np.flatnonzero(~content):
            self.static += loads[:, k, None] * scores[k]
        # More RNA of all genes is more protein of all, in a larger cell: activities stay.
        self.content = None
        for k in np.flatnonzero(content):
            more = loads[:, k, None] * scores[k]
            self.content = more if self.content is None else self.content + more
        self.activity = rng.standard_normal((number, cells), np.float32)
        self.activity *= network.activity_noise[:, None]

    def _scores(self, rng: np.random.Generator, cells: int) -> np.ndarray:
        """Factors of the cells (factors, cells), of mean 0 and variance about 1."""
        factors = self.network.factors
        angle = rng.uniform(0, 2 * np.pi, cells)
        scores = rng.standard_normal((len(factors.kinds), cells))
        for k, kind in enumerate(factors.kinds):
            if kind == CYCLE:
                scores[k] = np.sqrt(2) * np.cos(angle - factors.phases[k])
            elif kind == STRESS:
                on = (rng.random(cells) < _STRESSED) * rng.gamma(4, 0.25, cells)
                variance = _STRESSED * 1.25 - _STRESSED**2  # of Bernoulli times gamma(4, 1/4)
                scores[k] = (on - _STRESSED) / np.sqrt(variance)
            elif kind == IDENTITY:
                values = factors.values[k]
                parent = np.maximum(self.network.parents, 0)[self.type]
                between = values[parent] + self.way * (values[self.type] - values[parent])
                scores[k] = between + 0.2 * scores[k]
        return single(scores)

    def drive(self, ago: float) -> np.ndarray:
        """Log rates without regulation (genes, cells), so many steps before the present."""
        found = self.static.copy()
        if len(self.network.parents) == 1:
            return found
        before = np.maximum(self.network.parents, 0)
        way = self.way - np.float32(ago)
        earlier = way < 0  # on the way to the type before
        towards = np.where(earlier, before[self.type], self.type)
        way = np.where(earlier, way + 1, way)
        programmes = self.network.programmes[:, self.masters].T
        start, end = programmes[:, before[towards]], programmes[:, towards]
        found[self.masters] += start + way * (end - start)
        return found


class Equations:
    """Regulation of a network as sparse matrices; sums in a fixed order, whatever the cores."""

    def __init__(self, network: TranscriptionalNetwork):
        from scipy.sparse import csr_array

        self.network = network
        self.own = np.flatnonzero(network.topology.regulators)
        self.all = csr_array(np.ascontiguousarray(network.weights[self.own].T))
        self.among = self.all[self.own]
        levels = network.topology.levels
        self.levels = None
        if levels is not None:
            groups = [np.flatnonzero(levels[self.own] == k) for k in np.unique(levels[self.own])]
            self.levels = [(rows, self.among[rows]) for rows in groups]

    def schedule(self, rounds: int) -> list:
        """Regulators (rows) and their regulation, in the order in which they can be computed."""
        everyone = (np.arange(len(self.own)), self.among)
        return self.levels if self.levels is not None else [everyone] * rounds

    def response(self, activity: np.ndarray, rows: np.ndarray | slice) -> np.ndarray:
        """f of activities of some regulators, (rows, cells)."""
        if self.network.linear:
            return np.clip(activity, -LIMIT, LIMIT)
        # 2 H - 1, H = 1 / (1 + exp(-n (a - log K)))
        centred = activity - self.network.threshold[rows, None]
        return np.tanh(centred * (self.network.steepness[rows, None] / 2))

    def activity(
        self, levels: np.ndarray, noise: np.ndarray, rows: np.ndarray | slice
    ) -> np.ndarray:
        """Activity of some regulators from the logarithm of their mRNA, (rows, cells)."""
        network = self.network
        found = (levels - network.centre[rows, None]) / network.spread[rows, None]
        return found + noise

    def settle(self, drive: np.ndarray, drawn: DrawnCells, folds: np.ndarray, rounds: int) -> tuple:
        """Log rates (genes, cells) and activities (regulators, cells) of cells at rest.

        Args:
            drive: (genes, cells), log rates without regulation.
            drawn: the cells.
            folds: log of what regulators are multiplied with, (regulators, cells or 1).
            rounds: of the iteration, with feedback.
        """
        own = drive[self.own]
        levels, response = own.copy(), np.zeros_like(own)
        activity = np.zeros_like(own)
        damped = np.float32(1 if self.levels is not None else 0.5)
        for rows, inputs in self.schedule(rounds):
            aim = own[rows] + inputs @ response
            levels[rows] += damped * (aim - levels[rows])
            activity[rows] = self.activity(levels[rows] + folds[rows], drawn.activity[rows], rows)
            response[rows] = self.response(activity[rows], rows)
        found = drive + self.all @ response
        return found, activity


def _lagging(
    equations: Equations, drawn: DrawnCells, folds: np.ndarray, made: np.ndarray, steps: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """mRNA, its rates (genes, cells) and activities (regulators, cells) of moving cells.

    Args:
        equations, drawn: the network and its cells.
        folds: log of what regulators are multiplied with, (regulators, cells or 1).
        made: rates (genes, cells) at rest where the cells were before.
        steps: that their way from there is cut into.
    """
    lifetime = equations.network.lifetime
    assert lifetime is not None
    life = (lifetime * steps / _WINDOW)[:, None]  # in steps
    kept = np.exp(-1 / life)
    slope = life * (1 - kept)
    own = equations.own

    def later(mrna: np.ndarray, before: np.ndarray, after: np.ndarray, rows) -> np.ndarray:
        """mRNA after a step over which its rate changes evenly, for which this is exact."""
        return np.maximum(after + (mrna - before) * kept[rows] - (after - before) * slope[rows], 0)

    everything = slice(None)

    def activities(mrna: np.ndarray) -> np.ndarray:
        return equations.activity(np.log(mrna) + folds, drawn.activity, everything)

    mrna = made
    response = equations.response(activities(mrna[own]), everything)
    for step in range(1, steps + 1):
        drive = drawn.drive(_WINDOW * (1 - step / steps))
        # Where the regulators will be at the end of the step, then everything by that.
        guess = np.exp(drive[own] + equations.among @ response)
        activity = activities(later(mrna[own], made[own], guess, own))
        response = equations.response(activity, everything)
        before, made = made, np.exp(drive + equations.all @ response)
        mrna = later(mrna, before, made, everything)
    return mrna, made, activity


def _of_all_genes(genes: np.ndarray, folds: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Folds of some genes as those of all (genes, cells) float32, 1 of the others."""
    given = np.asarray(folds, np.float32)
    if not (given >= 0).all():
        raise InputError(
            f"a perturbation multiplies mRNA by {given.min():g}; expected 0 (knock-out) or more"
        )
    found = np.ones(shape, np.float32)
    found[genes] = given[:, None] if given.ndim == 1 else given
    return found


def rates(
    network: TranscriptionalNetwork,
    settings: TranscriptionalSettings,
    cells: int,
    rng: np.random.Generator,
    perturbation: Perturbation | None = None,
) -> CellRates:
    """Draw cells of a network, with some of its genes perturbed.

    Args:
        network: the network.
        settings: of these, `lag_steps` and `feedback_rounds`.
        cells: their number.
        rng: source of every draw; none depends on the perturbation.
        perturbation: what is done to the cells, None for nothing.

    Raises InputError where mRNA would be multiplied by less than 0.
    """
    drawn = DrawnCells(network, cells, rng)
    equations = Equations(network)
    fold = None  # of the mRNA
    folds = np.zeros((len(equations.own), 1), np.float32)
    if perturbation is not None:
        shape = (len(network.basal), cells)
        fold = acting = _of_all_genes(perturbation.genes, perturbation.folds, shape)
        if perturbation.mrna is not None:
            fold = _of_all_genes(perturbation.genes, perturbation.mrna, shape)
        with np.errstate(divide="ignore"):
            # -inf of a knock-out: H is 0, and linear f -LIMIT
            folds = np.log(acting[equations.own])
    moving = network.lifetime is not None
    log_rates, activity = equations.settle(
        drawn.drive(_WINDOW if moving else 0.0), drawn, folds, settings.feedback_rounds
    )
    made = np.exp(log_rates)
    mrna = made
    if moving:
        mrna, made, activity = _lagging(equations, drawn, folds, made, settings.lag_steps)
    if drawn.content is not None:
        more = np.exp(drawn.content)
        mrna, made = mrna * more, made * more
    if fold is not None:
        mrna, made = mrna * fold, made * fold
    protein = np.exp(network.centre[:, None] + network.spread[:, None] * activity)
    depths = network.depths
    return CellRates(
        rates=mrna,
        nascent=made,
        protein=protein,
        type=drawn.type,
        pseudotime=(
            single((depths[drawn.type] - 1 + drawn.way) / depths.max())
            if network.trajectory
            else None
        ),
        lifetime=network.lifetime,
    )
