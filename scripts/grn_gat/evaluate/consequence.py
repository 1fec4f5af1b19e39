"""What a perturbation does: how far the expression of other genes shifts, and where cells end.

The shift of a gene is the Wasserstein-1 distance of its mRNA in perturbed cells from that in cells
that nothing was done to (of sorted values the mean difference), over the standard deviation in both
together: 0 where it stays, 2 where a gene that was off in all cells is on in all. The consequence
of a perturbation is the mean over the genes that were not perturbed.

So many cells differ by chance. The null is the same of two draws with replacement from the cells
that nothing was done to. Replicates have rate constants of their own; intervals are over them.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from grn_gat.core.seeds import generator
from grn_gat.evaluate.intervals import mean_interval
from grn_gat.simulate.attractors import JOINT, NONE_ON, Fates
from grn_gat.simulate.boolean_model import BooleanModel
from grn_gat.simulate.perturbation_experiment import KNOCK_OUT
from grn_gat.simulate.perturbed_cells import DIFFERENTIATED, START, Condition, on, perturbed_model

DRAWS = 200  # of the null
WITHIN = 0.95  # share of the null that a shift of nothing stays below
# Hub measures by when knock-outs begin: what `knock_out_consequences` returns.
CONSEQUENCE, CONSEQUENCE_LATE = "consequence", "consequence_late"
MEASURES = {START: CONSEQUENCE, DIFFERENTIATED: CONSEQUENCE_LATE}

Cells = Mapping[Condition, np.ndarray]  # (cells, genes) mRNA by what was done
_Shares = dict[str, np.ndarray]  # (replicates,) by fate


def shifts(cells: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the Wasserstein-1 distance of each gene over the standard deviation in both, (genes,).

    Args:
        cells, others: (cells, genes), as many of the one as of the other.
    """
    apart = np.abs(np.sort(cells, axis=0) - np.sort(others, axis=0)).mean(axis=0)
    spread = np.concatenate([cells, others]).std(axis=0)
    return np.divide(apart, spread, out=np.zeros(len(apart)), where=spread > 0)


def null_shifts(wild: np.ndarray, rng: np.random.Generator, draws: int = DRAWS) -> np.ndarray:
    """Return shifts between pairs of draws from cells that nothing was done to, (draws, genes).

    Args:
        wild: (cells, genes).
        rng: source of the draws.
        draws: their number.
    """
    chosen = rng.integers(len(wild), size=(draws, 2, len(wild)))
    return np.array([shifts(wild[first], wild[second]) for first, second in chosen])


class Consequences:
    """What perturbations do to the cells of one network, over its replicates."""

    def __init__(
        self,
        network: str,
        model: BooleanModel,
        planned: Sequence[Condition],
        cells: Sequence[Cells],
        knock_down: float,
        seed: int,
    ):
        """Measure all shifts.

        Args:
            network: its name.
            model: its Boolean model.
            planned: conditions in the order of the tables (`perturbed_cells.conditions`).
            cells: of each replicate the cells by condition.
            knock_down: what is left of the transcription of a gene that is knocked down.
            seed: integer of the config, of which the null is drawn.
        """
        self.network, self.model, self.knock_down = network, model, knock_down
        self.genes = list(model.genes)
        self.planned, self.cells = planned, cells
        self.done = [condition for condition in planned if condition.genes]
        self._null = {
            condition: np.array(
                [
                    null_shifts(own[condition], generator(seed, "null", network, k, condition.key))
                    for k, own in enumerate(cells, start=1)
                ]
            )
            for condition in dict.fromkeys(done.wild_type for done in self.done)
        }  # (replicates, draws, genes)
        self._shifts = {
            done: np.array([shifts(own[done], own[done.wild_type]) for own in cells])
            for done in self.done
        }  # (replicates, genes)

    def _columns(self, condition: Condition) -> dict[str, str]:
        return {
            "network": self.network,
            "begin": condition.begin,
            "kind": condition.kind,
            "perturbed": condition.perturbed,
        }

    def _others(self, condition: Condition) -> np.ndarray:
        """Positions of the genes that are not perturbed."""
        return np.array([k for k, gene in enumerate(self.genes) if gene not in condition.genes])

    def perturbations(self) -> pd.DataFrame:
        """Return one row for each condition and other gene, its values means over replicates.

        Columns network, begin, kind, perturbed, gene; shift, shift_low and shift_high (95 %
        interval), null (what WITHIN of draws of nothing stay below), beyond (1 where the shift is
        larger); on_wild and on (share of cells in which the gene is on), difference,
        difference_low, difference_high; sign (`+` where its mean rises, `-` where it falls, empty
        within the null); n (replicates).
        """
        parts = []
        for done in self.done:
            keep = self._others(done)
            shift = self._shifts[done][:, keep]
            null = np.quantile(self._null[done.wild_type].mean(axis=0)[:, keep], WITHIN, axis=0)
            wild, after = (
                np.array([on(own[condition]).mean(axis=0) for own in self.cells])[:, keep]
                for condition in (done.wild_type, done)
            )
            rise = np.array([own[done] - own[done.wild_type] for own in self.cells])[:, :, keep]
            beyond = shift.mean(axis=0) > null
            low, high = _interval(shift)
            difference_low, difference_high = _interval(after - wild)
            columns = {
                "gene": [self.genes[k] for k in keep],
                "shift": shift.mean(axis=0),
                "shift_low": low,
                "shift_high": high,
                "null": null,
                "beyond": beyond.astype(int),
                "on_wild": wild.mean(axis=0),
                "on": after.mean(axis=0),
                "difference": (after - wild).mean(axis=0),
                "difference_low": difference_low,
                "difference_high": difference_high,
                "sign": np.where(beyond, np.where(rise.mean(axis=(0, 1)) > 0, "+", "-"), ""),
                "n": len(self.cells),
            }
            parts.append(pd.DataFrame(self._columns(done) | columns))
        return pd.concat(parts, ignore_index=True)

    def fates(self) -> pd.DataFrame:
        """Return the share of the cells of each condition that each fate has.

        Columns network, begin, kind, perturbed, fate, share (mean over replicates), low, high (95 %
        interval), wild (share where nothing is done), n. A fate is an attractor of the perturbed
        model (`attractors.Fates`), named by the genes that are on, without the perturbed ones: so
        it can be compared with that of cells that nothing was done to.
        """
        rows = []
        for condition in self.planned:
            own, wild = self._compared(condition)
            for name in sorted(own, key=lambda name: (-own[name].mean(), name)):
                low, high = _interval(own[name][:, None])
                rows.append(
                    self._columns(condition)
                    | {
                        "fate": name,
                        "share": own[name].mean(),
                        "low": low[0],
                        "high": high[0],
                        "wild": wild[name].mean(),
                        "n": len(self.cells),
                    }
                )
        return pd.DataFrame(rows)

    def _compared(self, condition: Condition) -> tuple[_Shares, _Shares]:
        """Shares of the fates of a condition and of its wild type, both of the same fates."""
        own, wild = (
            _without(self._fate_shares[one], condition.genes)
            for one in (condition, condition.wild_type)
        )
        nothing = np.zeros(len(self.cells))
        names = {**own, **wild}
        return (
            {name: own.get(name, nothing) for name in names},
            {name: wild.get(name, nothing) for name in names},
        )

    @cached_property
    def _fate_shares(self) -> dict[Condition, _Shares]:
        return {condition: self._shares_of(condition) for condition in self.planned}

    def _shares_of(self, condition: Condition) -> _Shares:
        fates = Fates(perturbed_model(self.model, condition, self.knock_down))
        names = [
            np.array(fates.of_cells(on(own[condition], condition, self.genes, self.knock_down)))
            for own in self.cells
        ]
        found = sorted(set(np.concatenate(names).tolist()))
        return {fate: np.array([(own == fate).mean() for own in names]) for fate in found}

    def consequences(self) -> pd.DataFrame:
        """Return the consequence of each condition, in each replicate and over all (replicate 0).

        Columns network, begin, kind, perturbed, replicate, consequence, low, high (95 % interval,
        of the mean over replicates only), null (what WITHIN of draws of nothing stay below),
        redirected (share of cells that would have had another fate: half the sum of the absolute
        differences between the shares of fates).
        """
        rows = []
        for done in self.done:
            keep = self._others(done)
            values = self._shifts[done][:, keep].mean(axis=1)
            null = self._null[done.wild_type][:, :, keep].mean(axis=2)
            own, wild = self._compared(done)
            other = np.sum([abs(own[fate] - wild[fate]) for fate in own], axis=0) / 2
            low, high = _interval(values[:, None])
            everything = (0, values.mean(), low[0], high[0], null.mean(axis=0), other.mean())
            single = [
                (k, value, np.nan, np.nan, draws, redirected)
                for k, (value, draws, redirected) in enumerate(
                    zip(values, null, other, strict=True), start=1
                )
            ]
            for replicate, value, least, most, draws, redirected in (everything, *single):
                rows.append(
                    self._columns(done)
                    | {
                        "replicate": replicate,
                        "consequence": value,
                        "low": least,
                        "high": most,
                        "null": np.quantile(draws, WITHIN),
                        "redirected": redirected,
                    }
                )
        return pd.DataFrame(rows)


def _interval(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of the mean over the first axis, the replicates."""
    low, high = mean_interval(np.moveaxis(values, 0, -1)[..., None, :])
    return low, high


def _without(shares: _Shares, genes: Sequence[str]) -> _Shares:
    """Shares of fates that are named without some genes; those that are then the same together."""
    found: _Shares = {}
    for fate, share in shares.items():
        kept = [part for part in fate.split(JOINT) if part.strip("()") not in genes]
        name = JOINT.join(kept) or NONE_ON
        found[name] = found.get(name, 0) + share
    return found


def knock_out_consequences(consequences: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the consequence of knocking out each gene, as hub measures.

    Args:
        consequences: what `Consequences.consequences` returns, of one network.

    Returns:
        By name of the measure (`MEASURES`) a table of genes (rows) and replicates (columns, from
        1), of the knock-outs of single genes; without those that were not made.
    """
    table = consequences[consequences["replicate"] > 0]
    table = table[
        (table["kind"] == KNOCK_OUT) & ~table["perturbed"].str.contains(JOINT, regex=False)
    ]
    found = {}
    for begin, measure in MEASURES.items():
        part = table[table["begin"] == begin]
        if len(part):
            found[measure] = part.pivot(
                index="perturbed", columns="replicate", values="consequence"
            )
    return found
