"""Stochastic single-cell expression from a Boolean model, statistically equal to BoolODE.

Every gene has an mRNA and a protein level. The Boolean rule of a gene becomes a smooth activation
function of its regulators' proteins, the levels follow an Euler-Maruyama scheme with noise
proportional to the square root of the level, and runs in which all genes die are done again.

All cells advance together in single precision. The levels are held in units of (10 h)^2, in which
the noise of a step is sqrt(level) * standard normal. A cell occupies a slot; because the equations
do not depend on time, a slot whose run died or ended starts its next run at the next block of ten
steps, whatever the other slots do, and free slots disappear.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from grn_gat.core.errors import InputError, excerpt
from grn_gat.simulate.boolean_model import BooleanModel

STEPS_PER_UNIT = 100
BLOCK = 10
SLOTS = 1000
NOISE = 10.0
MAX_OPERATIONS = 20_000  # for one gene; those of GSD take fewer than 120 together
MAX_HEAVISIDE_REGULATORS = 14  # the sum over their subsets fills memory, by cells

DEFAULTS = {"m": 20.0, "lx": 10.0, "r": 10.0, "lp": 1.0, "n": 10.0, "K": 10.0, "sigma": 10.0}
X_MAX = DEFAULTS["m"] / DEFAULTS["lx"]
Y_MAX = X_MAX * DEFAULTS["r"] / DEFAULTS["lp"]
DEAD_BELOW = 0.1 * X_MAX


class AllRunsDied(InputError):
    """All runs of a cell died, as often as they were done again."""


@dataclass(frozen=True)
class KineticParameters:
    """Rate constants, one value per gene in the order of the model's genes.

    `m`, `lx`: mRNA transcription and decay; `r`, `lp`: protein translation and decay; `n`, `K`:
    Hill coefficient and threshold of the gene's protein; `sigma`: steepness (heaviside only).
    """

    m: np.ndarray
    lx: np.ndarray
    r: np.ndarray
    lp: np.ndarray
    n: np.ndarray
    K: np.ndarray
    sigma: np.ndarray


@dataclass(frozen=True)
class Simulation:
    """Result of `simulate`: mRNA levels at the observed grid points, one run per cell.

    `expression`, `protein` and `activity` have the shape (cells, times, genes), `time_index` (index
    i of the grid t = i * h) the shape (cells, times). `tries` counts the runs each cell took.
    `trajectories` (cells, coarse times, genes) holds the mRNA at every tenth grid point of each run
    and at the last one.
    """

    genes: tuple[str, ...]
    expression: np.ndarray
    time_index: np.ndarray
    h: float
    tries: np.ndarray
    trajectories: np.ndarray
    protein: np.ndarray | None = None
    activity: np.ndarray | None = None


def default_parameters(genes) -> KineticParameters:
    """Return the default constants for the given genes."""
    return KineticParameters(**{key: np.full(len(genes), v) for key, v in DEFAULTS.items()})


def sample_parameters(
    genes,
    rng: np.random.Generator,
    sd: float = 0.05,
    bound: float = 0.1,
    identical: bool = True,
) -> KineticParameters:
    """Draw the constants from normals around the defaults, truncated at +-`bound`.

    `sd` and `bound` are fractions of the default. With `identical` one value per constant is
    shared by all genes, otherwise each gene has its own. Truncation is by rejection.
    """
    if not (sd >= 0 and 0 < bound < 1):
        raise InputError(
            f"parameter sampling needs sd >= 0 and 0 < bound < 1, got sd {sd}, bound {bound}."
        )
    drawn = {}
    for key, default in DEFAULTS.items():
        factors = rng.normal(1.0, sd, size=1 if identical else len(genes))
        while (outside := np.abs(factors - 1.0) > bound).any():
            factors[outside] = rng.normal(1.0, sd, size=int(outside.sum()))
        drawn[key] = default * np.broadcast_to(factors, (len(genes),)).copy()
    return KineticParameters(**drawn)


def cell_names(time_index: np.ndarray) -> list[str]:
    """Return the names E<simulation>_<i> of the observations, cell by cell."""
    rows = np.asarray(time_index).reshape(len(time_index), -1)
    return [f"E{cell}_{i}" for cell, row in enumerate(rows) for i in row]


def grid(model: BooleanModel) -> tuple[int, float]:
    """Return the number of grid points N (0 to N - 1) and their distance h in model time."""
    points = STEPS_PER_UNIT * model.duration
    return points, model.duration / (points - 1)


# ---------------------------------------------------------------------------- activation functions


@dataclass(frozen=True)
class Program:
    """Straight-line program for all activation functions of a model.

    Operands and results are (kind, number) pairs: kind "q" is a row of on-probabilities, "c" a row
    of their complements, "t" a temporary row and "f" the activation of a gene. Each operation is
    (name, result, first operand, second operand); `constants` are genes with a constant rule.
    """

    probabilities: tuple[tuple[str, float], ...]
    operations: tuple[tuple, ...]
    constants: tuple[tuple[int, float], ...]
    temporaries: int
    complements: bool


def compile_activation(model: BooleanModel) -> Program:
    """Turn the truth tables into vector operations by Shannon expansion with shared parts.

    `probabilities` of the result lists (regulator, strength): first every gene with strength 1,
    then those that a strength of the model asks for.
    """
    return _Compiler(model).compile()


class _Compiler:
    def __init__(self, model: BooleanModel):
        self.model = model
        self.rows = {(gene, 1.0): k for k, gene in enumerate(model.genes)}
        self.operations: list[list] = []
        self.gene, self.before = "", 0  # that whose rule is compiled, operations of those before
        self.known: dict[tuple, tuple] = {}

    def compile(self) -> Program:
        outputs, constants = [], []
        for k, gene in enumerate(self.model.genes):
            self.gene, self.before = gene, len(self.operations)
            rule = self.model.rules[gene]
            keep = rule.functional_regulators
            table = rule.truth_table[
                tuple(slice(None) if name in keep else 0 for name in rule.regulators)
            ]
            rows = []
            for name in keep:
                strength = self.model.strengths.get((name, gene), 1.0)
                rows.append(self.rows.setdefault((name, strength), len(self.rows)))
            if not rows:
                constants.append((k, float(table)))
            else:
                outputs.append((k, self._build(table, tuple(rows))))
        return self._allocate(outputs, constants)

    def _emit(self, name: str, first: tuple, second: tuple | None = None) -> tuple:
        if len(self.operations) - self.before == MAX_OPERATIONS:
            raise InputError(
                f"model {self.model.name}: a time step of gene {excerpt(self.gene)} takes more "
                f"than {MAX_OPERATIONS} operations; write its rule with fewer regulators or terms."
            )
        self.operations.append([name, first, second])
        return ("v", len(self.operations) - 1)

    def _build(self, table: np.ndarray, rows: tuple[int, ...]) -> tuple:
        """Return the operand that holds the multilinear extension of a non-constant table."""
        keep = [k for k in range(len(rows)) if (table.take(0, k) != table.take(1, k)).any()]
        table = table[tuple(slice(None) if k in keep else 0 for k in range(len(rows)))]
        order = sorted(range(len(keep)), key=lambda j: rows[keep[j]])
        rows = tuple(rows[keep[j]] for j in order)
        table = np.ascontiguousarray(table.transpose(order))
        key = (rows, table.tobytes())
        if key not in self.known:
            self.known[key] = self._expand(table, rows)
        return self.known[key]

    def _expand(self, table: np.ndarray, rows: tuple[int, ...]) -> tuple:
        if len(rows) == 1:
            return ("c" if table[0] else "q", rows[0])
        best, best_cost = 0, None
        for k in range(len(rows)):
            off, on = table.take(0, k), table.take(1, k)
            cost = self._support(off) + self._support(on)
            if off.any() and not off.all() and on.any() and not on.all():
                cost += len(rows) * 2
            if best_cost is None or cost < best_cost:
                best, best_cost = k, cost
        q, complement = ("q", rows[best]), ("c", rows[best])
        off, on = table.take(0, best), table.take(1, best)
        rest = rows[:best] + rows[best + 1 :]
        if not off.any():
            return self._emit("multiply", q, self._build(on, rest))
        if not on.any():
            return self._emit("multiply", complement, self._build(off, rest))
        if off.all() or on.all():
            return self._emit("complement", self._build(~table, rows))
        low, high = self._build(off, rest), self._build(on, rest)
        scaled = self._emit("multiply", q, self._emit("subtract", high, low))
        return self._emit("add", scaled, low)

    @staticmethod
    def _support(table: np.ndarray) -> int:
        return sum((table.take(0, k) != table.take(1, k)).any() for k in range(table.ndim))

    def _allocate(self, outputs, constants) -> Program:
        """Give every value a row: the gene's own where it is a result, else a reused temporary."""
        place: dict[int, tuple] = {}
        copies = []
        for gene, operand in outputs:
            if operand[0] == "v" and operand[1] not in place:
                place[operand[1]] = ("f", gene)
            else:
                copies.append((gene, operand))
        last_use = {}
        for step, (_, first, second) in enumerate(self.operations):
            for operand in (first, second):
                if operand is not None and operand[0] == "v":
                    last_use[operand[1]] = step
        free: list[int] = []
        count = 0
        operations = []
        for step, (name, *operands) in enumerate(self.operations):
            sources = [place[o[1]] if o and o[0] == "v" else o for o in operands]
            for operand in {o for o in operands if o and o[0] == "v"}:
                if last_use[operand[1]] == step and place[operand[1]][0] == "t":
                    free.append(place[operand[1]][1])
            if step not in place:
                if not free:
                    free.append(count)
                    count += 1
                place[step] = ("t", free.pop())
            operations.append((name, place[step], *sources))
        for gene, operand in copies:
            source = place[operand[1]] if operand[0] == "v" else operand
            operations.append(("copy", ("f", gene), source, None))
        complements = any(o is not None and o[0] == "c" for op in operations for o in op[2:])
        return Program(
            probabilities=tuple(self.rows),
            operations=tuple(operations),
            constants=tuple(constants),
            temporaries=count,
            complements=complements,
        )


class _HillActivation:
    """Evaluates a Program on arrays of proteins of shape (genes, cells)."""

    def __init__(self, model: BooleanModel, parameters: KineticParameters, unit: float, dtype):
        self.program = compile_activation(model)
        self.genes = len(model.genes)
        self.dtype = dtype
        place = {gene: k for k, gene in enumerate(model.genes)}
        self.extra = []
        for gene, strength in self.program.probabilities[self.genes :]:
            k = place[gene]
            self.extra.append((k, dtype(-parameters.n[k] * np.log(strength))))
        self.slope = _scalar_or_column(-parameters.n, dtype)
        self.offset = _scalar_or_column(parameters.n * np.log(parameters.K / unit), dtype)

    def bind(self, out: np.ndarray):
        """Return a function of the proteins that fills `out`, an array of the same shape."""
        cells = out.shape[1]
        genes, one = self.genes, self.dtype(1)
        rows = len(self.program.probabilities)
        work = np.empty((rows, cells), self.dtype)
        complement = np.empty((rows, cells), self.dtype)
        temporary = np.empty((self.program.temporaries, cells), self.dtype)
        own, slope, offset = work[:genes], self.slope, self.offset
        extra = [(work[genes + k], work[g], v) for k, (g, v) in enumerate(self.extra)]
        found = {"q": list(work), "c": list(complement), "t": list(temporary), "f": list(out)}
        operations: list = []
        for name, target, first, second in self.program.operations:
            result, a = found[target[0]][target[1]], found[first[0]][first[1]]
            if name == "complement":
                operations.append((np.subtract, (one, a, result)))
            elif name == "copy":
                operations.append((np.positive, (a, result)))
            else:
                b = found[second[0]][second[1]]
                operations.append((getattr(np, name), (a, b, result)))
        for gene, value in self.program.constants:
            out[gene] = value

        def evaluate(protein):
            np.log(protein, out=own)
            np.multiply(own, slope, out=own)
            np.add(own, offset, out=own)
            for target, source, shift in extra:
                np.add(source, shift, out=target)
            np.exp(work, out=work)
            np.add(work, one, out=work)
            np.reciprocal(work, out=work)
            if self.program.complements:
                np.subtract(one, work, out=complement)
            for operation, arguments in operations:
                operation(*arguments)

        return evaluate


class _HeavisideActivation:
    """Steep sigmoid of a signed sum of protein products; the slower option, in double precision."""

    def __init__(self, model: BooleanModel, parameters: KineticParameters, unit: float, dtype):
        place = {gene: k for k, gene in enumerate(model.genes)}
        self.unit = unit
        self.terms = []
        for gene in model.genes:
            rule = model.rules[gene]
            if len(rule.regulators) > MAX_HEAVISIDE_REGULATORS:
                raise InputError(
                    f"model {model.name}: gene {excerpt(gene)} has {len(rule.regulators)} "
                    f"regulators; with simulation.activation heaviside at most "
                    f"{MAX_HEAVISIDE_REGULATORS} are possible, with hill more."
                )
            weights = np.where(rule.truth_table, 2 / Y_MAX, -2 / Y_MAX)
            none = (0,) * weights.ndim
            weights[none] = 1.0 if rule.truth_table[none] else -1.0
            self.terms.append((weights, [place[name] for name in rule.regulators]))
        self.sigma = np.asarray(parameters.sigma, float)

    def bind(self, out: np.ndarray):
        """Return a function of the proteins that fills `out`, an array of the same shape."""

        def evaluate(protein):
            levels = protein.astype(float) * self.unit
            for k, (weights, regulators) in enumerate(self.terms):
                total = weights[..., None]
                for regulator in regulators:
                    total = total[0] + total[1] * levels[regulator]
                exponent = -self.sigma[k] * np.broadcast_to(total, (levels.shape[1],))
                out[k] = 1 / (1 + np.exp(np.clip(exponent, -10, 10)))

        return evaluate


_ACTIVATIONS: dict[str, type[_HillActivation] | type[_HeavisideActivation]] = {
    "hill": _HillActivation,
    "heaviside": _HeavisideActivation,
}


def activation_levels(
    model: BooleanModel,
    protein: np.ndarray,
    parameters: KineticParameters | None = None,
    kind: str = "hill",
) -> np.ndarray:
    """Return the activation f of every gene (last axis) at given protein levels (same shape)."""
    if kind not in _ACTIVATIONS:
        raise InputError(f"activation must be 'hill' or 'heaviside', got {kind!r}.")
    parameters = default_parameters(model.genes) if parameters is None else parameters
    protein = np.asarray(protein, float)
    flat = np.ascontiguousarray(protein.reshape(-1, len(model.genes)).T)
    out = np.empty_like(flat)
    with np.errstate(divide="ignore", over="ignore", under="ignore"):
        _ACTIVATIONS[kind](model, parameters, 1.0, np.float64).bind(out)(flat)
    return out.T.reshape(protein.shape)


def _scalar_or_column(values, dtype):
    """Return one number where all values are equal (faster), else a column."""
    values = np.asarray(values, float)
    if (values == values[0]).all():
        return dtype(values[0])
    return values.astype(dtype)[:, None]


# ---------------------------------------------------------------------------- integration


def simulate(
    model: BooleanModel,
    n_cells: int,
    seed: np.random.SeedSequence,
    parameters: KineticParameters | None = None,
    activation: str = "hill",
    clamped: Mapping[str, float] | None = None,
    scaled: Mapping[str, float] | None = None,
    begin: float = 0.0,
    keep_dying: bool = False,
    observation_times=None,
    max_tries: int = 100,
    return_protein: bool = False,
    return_activity: bool = False,
) -> Simulation:
    """Simulate `n_cells` independent cells of a model.

    Each cell is one run; a run in which at any grid point the largest mRNA level of all genes is
    below 0.2 is done again (at most `max_tries` runs). Without `observation_times` each cell is
    observed at one uniformly drawn grid point; otherwise all cells are observed at the grid points
    next to these times. `clamped` holds the mRNA of genes at a level (0 is a knock-out) from time
    `begin` on, and their protein at the matching steady state; `scaled` multiplies what is
    transcribed of genes from then on (below 1 a knock-down). Before `begin`, moved to the next
    block of ten steps, a run is what it would be without them. With `keep_dying` a run is done
    again only where it dies before `begin`: what dies later is an outcome. The result is a function
    of the arguments: the same seed gives the same bytes.

    Raises InputError where an argument is none, AllRunsDied (which is one) where a cell dies in
    all its runs.
    """
    genes = model.genes
    parameters = default_parameters(genes) if parameters is None else parameters
    _check_arguments(model, n_cells, seed, parameters, activation, max_tries)
    levels = _check_genes(model, "clamped", "the clamped level", clamped or {})
    factors = _check_genes(model, "scaled", "the factor", scaled or {})
    points, h = grid(model)
    first = _first_step(model, begin, h)
    observed = _observed_indices(model, n_cells, seed, observation_times, points, h)
    keep_protein = return_protein or return_activity
    run = _Run(model, parameters, activation, levels, factors, first, points, h)
    generator = np.random.Generator(np.random.SFC64(_child(seed, 0)))
    with np.errstate(all="ignore"):
        run.cells(generator, observed, max_tries, keep_protein, keep_dying)
    result = Simulation(
        genes=genes,
        expression=run.observed_x * run.unit,
        time_index=observed,
        h=h,
        tries=run.tries,
        trajectories=run.coarse,
    )
    protein = None if run.observed_p is None else run.observed_p * run.unit
    if return_activity and protein is not None:
        result = replace(result, activity=activation_levels(model, protein, parameters, activation))
    return replace(result, protein=protein) if return_protein else result


def _child(seed: np.random.SeedSequence, number: int) -> np.random.SeedSequence:
    """Like `seed.spawn`, but without the counter that makes a second call differ."""
    return np.random.SeedSequence(
        entropy=seed.entropy, spawn_key=(*seed.spawn_key, number), pool_size=seed.pool_size
    )


def _check_arguments(model, n_cells, seed, parameters, activation, max_tries):
    for name, value in (("n_cells", n_cells), ("max_tries", max_tries)):
        if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 1:
            raise InputError(f"model {model.name}: {name} must be at least 1, got {value!r}.")
    if activation not in _ACTIVATIONS:
        raise InputError(
            f"model {model.name}: activation must be 'hill' or 'heaviside', got {activation!r}."
        )
    if not isinstance(seed, np.random.SeedSequence):
        raise InputError(
            f"model {model.name}: seed must be a numpy SeedSequence, got {type(seed).__name__}."
        )
    for key in DEFAULTS:
        values = np.asarray(getattr(parameters, key), float)
        if values.shape != (len(model.genes),) or not (np.isfinite(values) & (values > 0)).all():
            raise InputError(
                f"model {model.name}: the constant {key} needs one positive number for each of "
                f"the {len(model.genes)} genes."
            )


def _check_genes(
    model: BooleanModel, key: str, what: str, values: Mapping[str, float]
) -> dict[int, float]:
    """Return numbers by index of the gene; `key` and `what` are words of an InputError."""
    for gene, value in values.items():
        if gene not in model.genes:
            raise InputError(
                f"model {model.name}: {key} names {gene!r}, which is no gene of the model; the "
                f"genes are {excerpt(', '.join(model.genes))}."
            )
        if not (isinstance(value, int | float | np.number) and np.isfinite(value) and value >= 0):
            raise InputError(
                f"model {model.name}: {what} of {gene} must be a number of at least 0, "
                f"got {value!r}."
            )
    return {model.genes.index(gene): float(value) for gene, value in values.items()}


def _first_step(model: BooleanModel, begin: float, h: float) -> int:
    """Return the step at which `begin` lies, a multiple of `BLOCK`: there slots are free to act."""
    if not (isinstance(begin, int | float | np.number) and 0 <= begin <= model.duration):
        raise InputError(
            f"model {model.name}: begin must be a time from 0 to {model.duration}, got {begin!r}."
        )
    return BLOCK * math.ceil(round(begin / h / BLOCK, 9))


def _observed_indices(model, n_cells, seed, times, points, h) -> np.ndarray:
    """Return the observed grid indices, shape (cells, times)."""
    if times is None:
        rng = np.random.default_rng(_child(seed, 1))
        return rng.integers(1, points, size=(n_cells, 1))
    times = np.asarray(times, float)
    if times.ndim != 1 or times.size == 0:
        raise InputError(f"model {model.name}: observation_times must be a list of times.")
    # One part in 1e9 of slack, so that (N - 1) * h computed by the caller still counts as T.
    outside = ~((times > 0) & (times <= model.duration * (1 + 1e-9)))
    if outside.any():
        raise InputError(
            f"model {model.name}: the observation time {times[outside][0]:g} is outside "
            f"(0, {model.duration}]."
        )
    index = np.clip(np.rint(times / h).astype(np.int64), 1, points - 1)
    return np.tile(index, (n_cells, 1))


class _Run:
    """The state of one `simulate` call."""

    def __init__(self, model, parameters, kind, clamped, scaled, first, points, h):
        self.model = model
        self.first = first  # step at which what is done to genes begins, a multiple of BLOCK
        self.genes = len(model.genes)
        self.last = points - 1
        self.unit = (NOISE * h) ** 2
        single = np.float32
        self.activation = _ACTIVATIONS[kind](model, parameters, self.unit, single)
        self.keep_x = _scalar_or_column(1 - h * parameters.lx, single)
        self.keep_p = _scalar_or_column(1 - h * parameters.lp, single)
        self.make_x = _scalar_or_column(h * parameters.m / self.unit, single)
        self.make_p = _scalar_or_column(h * parameters.r, single)
        start = model.start_values(X_MAX)
        self.start = self._with_protein(start, parameters).astype(single)
        # (row of the state, level that it is held at), of mRNA and protein
        self.clamped = [
            (row, single(held[row]))
            for gene, level in clamped.items()
            for held in [self._with_protein(np.full(self.genes, level), parameters)]
            for row in (gene, self.genes + gene)
        ]
        self.scaled = [(gene, single(factor)) for gene, factor in scaled.items()]

    def _with_protein(self, mrna: np.ndarray, parameters: KineticParameters) -> np.ndarray:
        """Return levels of mRNA and, after them, those of protein at rest; in units of a run."""
        return np.concatenate([mrna, mrna * parameters.r / parameters.lp]) / self.unit

    def cells(
        self, generator, observed: np.ndarray, max_tries: int, keep_protein: bool, keep_dying: bool
    ):
        """Run every cell until it survives; fill the result arrays."""
        n_cells, genes, last = len(observed), self.genes, self.last
        self.tries = np.ones(n_cells, np.int64)
        shape = (n_cells, observed.shape[1], genes)
        self.observed_x = np.empty(shape)
        self.observed_p = np.empty(shape) if keep_protein else None
        self.coarse = np.empty((n_cells, -(-last // BLOCK), genes), np.float32)
        dead_below = np.float32(DEAD_BELOW / self.unit)
        unit = np.float32(self.unit)

        cell = np.arange(min(SLOTS, n_cells))  # the cell in each slot
        done = np.zeros(len(cell), np.int64)  # steps its present run has taken
        waiting = len(cell)  # the next cell without a slot
        state = np.tile(self.start[:, None], (1, len(cell)))
        step_number = np.arange(1, BLOCK + 1)[:, None]
        last_judged = self.first if keep_dying else last  # step at which a run may die
        advance = None
        while len(cell):
            if advance is None:
                history, acting, advance = self._bind(len(cell))
            history[0] = state
            np.greater_equal(done, self.first, out=acting)
            self._hold(history[0], acting)
            advance(generator)
            index = done + step_number  # (step of the block, slot)
            dead = history[1:, :genes].max(axis=1) < dead_below
            dead = (dead & (index <= last_judged)).any(axis=0)
            wanted = observed[cell]
            slot, time = np.nonzero((wanted > done[:, None]) & (wanted <= done[:, None] + BLOCK))
            step = wanted[slot, time] - done[slot]
            self.observed_x[cell[slot], time] = history[step, :genes, slot]
            if self.observed_p is not None:
                self.observed_p[cell[slot], time] = history[step, genes:, slot]
            at = np.minimum(BLOCK, last - done)
            if (at == BLOCK).all():
                stored = history[BLOCK, :genes].T
            else:
                stored = history[at, :genes, np.arange(len(cell))]
            self.coarse[cell, done // BLOCK] = stored * unit
            state = history[BLOCK]
            done = done + BLOCK
            ended = (done >= last) & ~dead
            if not (dead.any() or ended.any()):
                continue
            state = state.copy()
            self.tries[cell[dead]] += 1
            if (self.tries[cell[dead]] > max_tries).any():
                worst = int(cell[dead][np.argmax(self.tries[cell[dead]])])
                finished = waiting - len(cell) + int(ended.sum())
                raise AllRunsDied(self._too_many_deaths(worst, max_tries, finished))
            free = np.flatnonzero(ended)
            refill = free[: n_cells - waiting]
            cell[refill] = np.arange(waiting, waiting + len(refill))
            waiting += len(refill)
            restart = dead.copy()
            restart[refill] = True
            done[restart] = 0
            state[:, restart] = self.start[:, None]
            if len(free) > len(refill):
                stay = np.ones(len(cell), bool)
                stay[free[len(refill) :]] = False
                cell, done, state = cell[stay], done[stay], state[:, stay]
                advance = None

    def _too_many_deaths(self, cell: int, max_tries: int, finished: int) -> str:
        """Say what happened to a cell whose runs all died, and what would help."""
        cells, dead = len(self.tries), int((self.tries - 1).sum())
        what = f"model {self.model.name}: all genes fell below {DEAD_BELOW:g}"
        if not finished:
            return (
                f"{what} in all {dead} runs that have ended, {max_tries} of them of cell {cell} "
                "(simulation.max_tries), and such runs are discarded; check the rules, and the "
                "levels that the genes start from (initial_state in a .yaml file beside the rules)."
            )
        # With so many tries, one study in a thousand would end here.
        enough = math.log(1e-3 / cells) / math.log(dead / (dead + finished))
        advised = max(2 * max_tries, 100 * math.ceil(enough / 100))
        return (
            f"{what} in all {max_tries} runs of cell {cell}, as in {dead} of all "
            f"{dead + finished} runs so far, and such runs are discarded; {finished} of {cells} "
            f"cells are finished. Set simulation.max_tries to {advised}, or, in a .yaml file "
            "beside the rules, an initial_state or a shorter duration with which fewer runs die."
        )

    def _hold(self, state: np.ndarray, acting: np.ndarray) -> None:
        """Put clamped genes (rows) at their levels, in the slots that they are clamped in."""
        for row, level in self.clamped:
            np.copyto(state[row], level, where=acting)

    def _bind(self, slots: int):
        """Return the block's states, which slots are perturbed, and what fills rows 1 to BLOCK."""
        genes, rows = self.genes, 2 * self.genes
        single = np.float32
        history = np.empty((BLOCK + 1, rows, slots), single)
        normals = np.empty((BLOCK, rows, slots), single)
        noise = np.empty((rows, slots), single)
        made = np.empty((genes, slots), single)
        active = np.empty((genes, slots), single)
        evaluate = self.activation.bind(active)
        keep_x, keep_p, make_x, make_p = self.keep_x, self.keep_p, self.make_x, self.make_p
        acting = np.empty(slots, bool)
        hold = self._hold if self.clamped else None
        scaled = [(made[gene], factor) for gene, factor in self.scaled]
        noise_bits, sign = noise.view(np.int32), np.empty((rows, slots), np.int32)
        bits = history.view(np.int32)
        steps = [
            (
                history[k],
                history[k, :genes],
                history[k, genes:],
                history[k + 1],
                history[k + 1, :genes],
                history[k + 1, genes:],
                normals[k],
                bits[k],
                bits[k + 1],
            )
            for k in range(BLOCK)
        ]

        def advance(generator):
            generator.standard_normal(dtype=np.float32, out=normals)
            for old, x, p, new, new_x, new_p, normal, old_bits, new_bits in steps:
                np.sqrt(old, out=noise)
                np.multiply(noise, normal, out=noise)
                np.multiply(x, keep_x, out=new_x)
                np.multiply(p, keep_p, out=new_p)
                np.add(new, noise, out=new)
                np.multiply(x, make_p, out=made)
                np.add(new_p, made, out=new_p)
                evaluate(p)
                np.multiply(active, make_x, out=made)
                for row, factor in scaled:
                    np.multiply(row, factor, out=row, where=acting)
                np.add(new_x, made, out=new_x)
                # Where the sign bit of the new value is set, take the old one back: bit by bit,
                # because a branch per element would cost several times as much.
                np.right_shift(new_bits, 31, out=sign)
                np.bitwise_xor(new_bits, old_bits, out=noise_bits)
                np.bitwise_and(noise_bits, sign, out=noise_bits)
                np.bitwise_xor(new_bits, noise_bits, out=new_bits)
                if hold:
                    hold(new, acting)

        return history, acting, advance
