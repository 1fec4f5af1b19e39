"""Simulation of many random networks at once.

The same equations, noise and rules of survival as `simulator`, but the rows of all networks of a
batch advance together, so that the cost of a step's calls is shared. Activation functions are
multilinear extensions of the truth tables (`simulator`), contracted one regulator at a time for all
genes with the same number of regulators. A run that dies is left out rather than done again: the
distribution of the cells is the same, their number smaller.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grn_gat.simulate.boolean_model import BooleanModel
from grn_gat.simulate.simulator import BLOCK, DEAD_BELOW, NOISE, X_MAX, KineticParameters, grid


@dataclass(frozen=True)
class Cells:
    """Cells of one network: expression (cells, genes) float32, time (cells,) in model time.

    `run` (cells,) is the run that each was seen in, `protein` (cells, genes) float32 the levels of
    the proteins, where they were asked for.
    """

    expression: np.ndarray
    time: np.ndarray
    run: np.ndarray | None = None
    protein: np.ndarray | None = None


class _Activation:
    """Activation of all genes of a batch from all proteins, shape (rows, slots)."""

    def __init__(self, models, parameters, unit: float, slots: int):
        offsets = np.cumsum([0] + [len(m.genes) for m in models])
        rows = int(offsets[-1])
        n = np.concatenate([p.n for p in parameters])
        threshold = np.concatenate([p.K for p in parameters])
        source = list(range(rows))  # the protein row of each on-probability
        shift = [0.0] * rows
        known: dict[tuple[int, float], int] = {}
        by_number: dict[int, list] = {}
        self.constants = []
        for model, offset in zip(models, offsets[:-1], strict=True):
            place = {gene: offset + k for k, gene in enumerate(model.genes)}
            for target, gene in enumerate(model.genes):
                rule = model.rules[gene]
                keep = rule.functional_regulators
                table = rule.truth_table[
                    tuple(slice(None) if name in keep else 0 for name in rule.regulators)
                ]
                q = []
                for name in keep:
                    strength = model.strengths.get((name, gene), 1.0)
                    row = place[name]
                    if strength != 1.0:
                        key = (row, strength)
                        if key not in known:
                            known[key] = len(source)
                            source.append(row)
                            shift.append(-n[row] * np.log(strength))
                        row = known[key]
                    q.append(row)
                if q:
                    by_number.setdefault(len(q), []).append((offset + target, q, table.ravel()))
                else:
                    self.constants.append((offset + target, float(table)))
        single = np.float32
        take = np.array(source)
        self.source = take if len(take) > rows else None
        self.slope = (-n[take]).astype(single)[:, None]
        self.offset = (n[take] * np.log(threshold[take] / unit) + shift).astype(single)[:, None]
        self.on = np.empty((len(take), slots), single)
        self.groups = []
        for number, entries in sorted(by_number.items()):
            targets = np.array([e[0] for e in entries])
            regulators = np.array([e[1] for e in entries])
            tables = np.array([e[2] for e in entries], single).reshape(len(entries), 2, -1)
            low = np.ascontiguousarray(tables[:, 0])[:, :, None]
            step = np.ascontiguousarray(tables[:, 1] - tables[:, 0])[:, :, None]
            buffers = [
                np.empty((len(entries), 2**k, slots), single) for k in range(number - 1, -1, -1)
            ]
            gathered = np.empty((len(entries), slots), single)
            columns = [np.ascontiguousarray(regulators[:, k]) for k in range(number)]
            self.groups.append((targets, columns, low, step, buffers, gathered))

    def __call__(self, protein: np.ndarray, out: np.ndarray) -> None:
        """Fill `out` (rows, slots)."""
        on = self.on
        if self.source is None:
            np.log(protein, out=on)
        else:
            np.log(protein[self.source], out=on)
        np.multiply(on, self.slope, out=on)
        np.add(on, self.offset, out=on)
        np.exp(on, out=on)
        np.add(on, np.float32(1), out=on)
        np.reciprocal(on, out=on)
        for targets, columns, low, step, buffers, gathered in self.groups:
            np.take(on, columns[0], axis=0, out=gathered)
            value = buffers[0]
            np.multiply(step, gathered[:, None, :], out=value)
            np.add(value, low, out=value)
            for column, buffer in zip(columns[1:], buffers[1:], strict=True):
                np.take(on, column, axis=0, out=gathered)
                half = value.shape[1] // 2
                np.subtract(value[:, half:], value[:, :half], out=buffer)
                np.multiply(buffer, gathered[:, None, :], out=buffer)
                np.add(buffer, value[:, :half], out=buffer)
                value = buffer
            out[targets] = value[:, 0]
        for row, constant in self.constants:
            out[row] = constant


def simulate_batch(
    models: Sequence[BooleanModel],
    parameters: Sequence[KineticParameters],
    runs: int,
    times: int,
    seed: np.random.SeedSequence,
    folds: Sequence[np.ndarray] | None = None,
    translation: Sequence[np.ndarray] | None = None,
    protein: bool = False,
) -> list[Cells]:
    """Simulate networks of the same run length together.

    Args:
        models, parameters: the networks; all with the same `duration`.
        runs: independent runs of each network.
        times: cells observed per run, at different grid points drawn uniformly.
        seed: source of every draw; none depends on `folds` or `translation`.
        folds: of each network (genes, runs), what the production of a gene is multiplied by in a
            run, from its start on: 0 is a knock-out, 1 nothing. Above 1 it is at least that of a
            gene that is fully on, because many times nothing is nothing.
        translation: of each network (genes, runs), what the production of proteins from mRNA is
            multiplied by, 0 to 1, from the start of a run on.
        protein: whether levels of the proteins are wanted.

    Returns:
        The cells of each network, those of surviving runs only (fewer than `runs * times`, possibly
        none, where runs die).
    """
    durations = {m.duration for m in models}
    assert len(durations) == 1, f"networks of one batch share their run length, got {durations}"
    points, h = grid(models[0])
    unit = (NOISE * h) ** 2
    sizes = [len(m.genes) for m in models]
    offsets = np.cumsum([0, *sizes])
    rows = int(offsets[-1])
    single = np.float32

    def stacked(name: str) -> np.ndarray:
        return np.concatenate([getattr(p, name) for p in parameters])

    keep = np.concatenate([1 - h * stacked("lx"), 1 - h * stacked("lp")]).astype(single)[:, None]
    make_x = (h * stacked("m") / unit).astype(single)[:, None]
    make_p = (h * stacked("r")).astype(single)[:, None]
    start = np.concatenate([m.start_values(X_MAX) for m in models])
    levels = np.concatenate([start, start * stacked("r") / stacked("lp")]) / unit

    draws, noise_seed = seed.spawn(2)
    rng = np.random.default_rng(draws)
    # Per network and run, `times` different grid points.
    observed = np.stack(
        [
            np.sort(
                np.argpartition(rng.random((runs, points - 1)), times - 1, axis=1)[:, :times] + 1
            )
            for _ in models
        ]
    )
    generator = np.random.Generator(np.random.SFC64(noise_seed))
    activation = _Activation(models, parameters, unit, runs)
    expression = np.empty((rows, runs, times), single)
    alive = np.ones((len(models), runs), bool)
    dead_below = single(DEAD_BELOW / unit)
    observed_protein = np.empty_like(expression) if protein else None
    state = np.tile(levels.astype(single)[:, None], (1, runs))
    fold = least = None
    if folds is not None:
        fold = np.concatenate(folds).astype(single)
        least = np.where(fold > 1, single(1), single(-np.inf))
        state *= np.tile(np.minimum(fold, 1), (2, 1))
    translated = None
    if translation is not None:
        translated = make_p * np.concatenate(translation).astype(single)
        state[rows:] *= np.concatenate(translation).astype(single)
    new = np.empty_like(state)
    normals = np.empty((BLOCK, 2 * rows, runs), single)
    noise = np.empty_like(state)
    made = np.empty((rows, runs), single)
    active = np.empty((rows, runs), single)
    sign = np.empty(state.shape, np.int32)
    noise_bits = noise.view(np.int32)
    with np.errstate(all="ignore"):
        for step in range(1, points):
            k = (step - 1) % BLOCK
            if k == 0:
                generator.standard_normal(dtype=single, out=normals)
            np.sqrt(state, out=noise)
            np.multiply(noise, normals[k], out=noise)
            np.multiply(state, keep, out=new)
            np.add(new, noise, out=new)
            np.multiply(state[:rows], make_p if translated is None else translated, out=made)
            np.add(new[rows:], made, out=new[rows:])
            activation(state[rows:], active)
            if fold is not None and least is not None:
                np.multiply(active, fold, out=active)
                np.maximum(active, least, out=active)
            np.multiply(active, make_x, out=made)
            np.add(new[:rows], made, out=new[:rows])
            # Below 0: back to the old value, bit by bit as in `simulator`.
            new_bits, old_bits = new.view(np.int32), state.view(np.int32)
            np.right_shift(new_bits, 31, out=sign)
            np.bitwise_xor(new_bits, old_bits, out=noise_bits)
            np.bitwise_and(noise_bits, sign, out=noise_bits)
            np.bitwise_xor(new_bits, noise_bits, out=new_bits)
            state, new = new, state
            highest = np.maximum.reduceat(state[:rows], offsets[:-1], axis=0)
            alive &= highest >= dead_below
            found = observed == step
            for network in np.flatnonzero(found.any(axis=(1, 2))).tolist():
                run, time = np.nonzero(found[network])
                own = slice(offsets[network], offsets[network + 1])
                expression[own, run, time] = state[own][:, run]
                if observed_protein is not None:
                    observed_protein[own, run, time] = state[rows:][own][:, run]

    def seen(values: np.ndarray, network: int) -> np.ndarray:
        """Levels (cells, genes) in the cells of surviving runs."""
        block = values[offsets[network] : offsets[network + 1], alive[network]] * single(unit)
        return np.ascontiguousarray(block.reshape(sizes[network], -1).T)

    return [
        Cells(
            expression=seen(expression, k),
            time=(observed[k][alive[k]] * h).ravel(),
            run=np.repeat(np.flatnonzero(alive[k]), times),
            protein=None if observed_protein is None else seen(observed_protein, k),
        )
        for k in range(len(models))
    ]
