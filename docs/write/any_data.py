"""What the shipped weights reach: on simulated networks that no training saw, and on real cells."""

import math
from collections.abc import Mapping, Sequence

from grn_gat.core.markdown import markdown_table
from grn_gat.report.method_titles import method_title
from write import aims, zeroshot
from write.aims import Aim
from write.real import CELLS, kind_table, of_method
from write.sources import CARD_SCORES, CURATED, LEVELS, config, read, result

Rows = Sequence[Mapping[str, str]]

MODEL, OURS, SPEARMAN = "all", "gat-zeroshot", "spearman"
# Kinds that nothing was ever trained on.
NEVER = ("other", "bursty", "sergio")
LOWER, CALIBRATED, CALIBRATED_ABROAD, LEAST_Z = 0.02, 0.03, 0.06, -2.0
GOALS = {"HSC": 0.60, "GSD": 0.60}  # mean average precision without dropout
# Each look at anything that no generator of the training drew, in the order of their dates.
LOOKS = (
    "2026-11-30, the data sets of config/real.yaml (mCAD, VSC, HSC and GSD, three replicates each "
    "without dropout; DREAM4; Moignard2015; mDC, mESC, hHep and mHSC-GM), by "
    "config/real-any-data.yaml. The training, the agreement, its share and settings were as they "
    "are; what changed afterwards is a shift of all logits of a data set, which leaves every "
    "ranking, and so this table, as it was.",
    "2026-11-30, the study of config/curated.yaml (mCAD, VSC, HSC and GSD, ten replicates x three "
    "dropout levels; `docs/results/curated`), the default study (HSC, the same data sets) and "
    "mCAD-2000-1 of BEELINE's release, when these weights became the default, which was decided "
    "with the first look known; and whenever one of them is made anew.",
    "2026-11-30, mDC once more, beside RegDiffusion (bench/regdiffusion.py), and again on the same "
    "day with the pairs of config/real.yaml.",
    "2026-12-01, paul2015-myeloid without any edge: the time and memory of `grn-gat infer` "
    "(bench/infer_files.py).",
)


def scores() -> list[dict[str, str]]:
    """The card's scores of the model, of its variants and of its peers, a row per condition."""
    return [row for row in read(CARD_SCORES) if "all" not in (row["kind"], row["measurement"])]


def _of(rows: Rows, method: str) -> dict[tuple[str, str], Mapping[str, str]]:
    """Rows of a method by kind and measurement."""
    return {(r["kind"], r["measurement"]): r for r in rows if r["method"] == method}


def peers(rows: Rows) -> list[str]:
    """Methods of the card that are no variant of the model."""
    found = dict.fromkeys(row["method"] for row in rows)
    return [m for m in found if m != MODEL and not m.startswith("without-")]


def _mean(values: Sequence[float]) -> float:
    return math.exp(sum(map(math.log, values)) / len(values))


def network_sentence(rows: Rows) -> str:
    """How far the model is above Spearman's correlation on networks that it has not seen."""
    own = _of(rows, MODEL)
    factors = {of: float(row["factor"]) for of, row in own.items()}
    sure = sum(float(row["factor_low"]) > 1 for row in own.values())
    lowest = min(factors, key=lambda of: factors[of])
    abroad = [value for (kind, _), value in factors.items() if kind in NEVER]
    kinds = len({kind for kind, _ in own})
    return (
        f"average precision {_mean(list(factors.values())):.2f} times that of Spearman's "
        f"correlation ({kinds} kinds of networks, each measured in {len(own) // kinds} ways); "
        f"{_mean(abroad):.2f} times on the {len(NEVER)} kinds that no training saw; lowest "
        f"{factors[lowest]:.2f} ({', '.join(lowest)}); above for sure in {sure} of {len(own)}"
    )


def page_sentence(rows: Rows) -> str:
    """The same as a sentence of the page."""
    return (
        f"On networks that designs were chosen by, and no training saw: {network_sentence(rows)} "
        "([model card](../../workflow/resources/zeroshot/any_data.md#on-networks-that-designs-are-"
        "chosen-by))."
    )


def _above(rows: Rows, kinds: Sequence[str]) -> tuple[int, list[str]]:
    """Number of conditions of these kinds, and those in which a peer is not below the model."""
    others = [_of(rows, peer) for peer in peers(rows)]
    own = {of: row for of, row in _of(rows, MODEL).items() if of[0] in kinds}
    behind = []
    for of, row in own.items():
        best = max([1.0, *(float(other[of]["factor"]) for other in others if of in other)])
        if not float(row["factor"]) > best:
            behind.append(f"{', '.join(of)} ({float(row['factor']):.2f}, a peer {best:.2f})")
    return len(own), behind


def _above_aim(rows: Rows, kinds: Sequence[str], words: str) -> Aim:
    number, behind = _above(rows, kinds)
    text = f"above in {number - len(behind)} of {number}"
    return Aim(
        f"above all peers on {words}",
        f"average precision on networks of {words} ({', '.join(kinds)}), above Spearman, "
        "Spearman-CLR and consensus",
        "in each",
        f"{text}; not: {'; '.join(behind)}" if behind else text,
        f"missed in {len(behind)} of {number}" if behind else "reached",
    )


def _calibration_aim(rows: Rows, kinds: Sequence[str], most: float, words: str) -> Aim:
    errors = {
        of: float(row["calibration_error"])
        for of, row in _of(rows, MODEL).items()
        if of[0] in kinds
    }
    worst = max(errors, key=lambda of: errors[of])
    above = [of for of, value in errors.items() if value > most]
    return Aim(
        f"calibration on {words}",
        f"expected calibration error, 10 bins, on networks of {words}",
        f"at most {most:.2f} in each",
        f"at most {errors[worst]:.3f} ({', '.join(worst)}); above the aim in {len(above)} of "
        f"{len(errors)}",
        f"missed by {errors[worst] - most:.3f}" if above else "reached",
    )


def curated_means(name: str) -> dict[tuple[str, str, str], float]:
    """Mean average precision of a table, by method, network and dropout level."""
    return {
        (r["method"], r["network"], r["dropout"]): float(r["mean"])
        for r in result(name)
        if (r["protocol"], r["metric"]) == ("unsupervised", "average_precision")
    }


def curated_aims(now: Mapping, before: Mapping, comparison: Rows) -> list[Aim]:
    """BEELINE's networks: not below the weights of levels; goals; mCAD above random scores."""
    changes = {
        of: value - before["gat-zeroshot", *of]
        for (method, *rest), value in now.items()
        if method == "gat-zeroshot" and ("gat-zeroshot", *(of := tuple(rest))) in before
    }
    lower = {of: value for of, value in changes.items() if value < -LOWER}
    named = ", ".join(f"{network} at {level} % {v:+.3f}" for (network, level), v in lower.items())
    found = [
        Aim(
            "not below the weights of levels on BEELINE's networks",
            "mean average precision on BEELINE's networks, network x dropout, less that by the "
            "weights of levels",
            f"none below -{LOWER:.2f}",
            f"{min(changes.values()):+.3f} to {max(changes.values()):+.3f}"
            + (f"; {named}" if named else ""),
            f"missed in {len(lower)} of {len(changes)}" if lower else "reached",
        )
    ]
    for network, goal in GOALS.items():
        value, timed = (
            now[method, network, "0"] for method in ("gat-zeroshot", "gat-zeroshot-pseudotime")
        )
        found.append(
            Aim(
                f"{network} average precision ({goal:.2f})",
                f"{network}: mean average precision without dropout",
                f"{goal:.2f}",
                f"{value:.3f}",
                aims.verdict(value, goal),
                f"{timed:.3f}: {aims.verdict(timed, goal)}",
            )
        )
    random = [
        r
        for r in comparison
        if (r["network"], r["protocol"], r["metric"], r["method"])
        == ("mCAD", "unsupervised", "average_precision", "random")
    ]
    sure = sum(float(r["low"]) > 0 for r in random)
    found.append(
        Aim(
            "mCAD above random scores for sure",
            "mCAD: average precision less that of random scores, three dropout levels",
            "interval above 0 in each",
            ", ".join(
                f"{float(r['difference']):+.3f} ({float(r['low']):+.3f} to {float(r['high']):+.3f})"
                for r in random
            ),
            "reached" if sure == len(random) else f"missed in {len(random) - sure}",
        )
    )
    return found


def real_aims(kinds: Rows) -> list[Aim]:
    """DREAM4 and real cells, beside the methods of the look at them."""
    methods = dict.fromkeys(r["method"] for r in kinds if r["method_kind"] == "method")

    def mean(method: str, kind: str) -> float:
        own = of_method(kinds, method, kind)
        return _mean([float(row["average_precision_ratio"]) for row in own])

    def beside(kind: str, others: Sequence[str], words: str) -> Aim:
        best = max(others, key=lambda method: mean(method, kind))
        ours, theirs = mean(OURS, kind), mean(best, kind)
        return Aim(
            f"{kind} above {words}",
            f"{kind}: average precision over the share of edges, geometric mean",
            f"above {theirs:.2f} ({method_title(best)})",
            f"{ours:.2f}",
            "reached" if ours > theirs else f"missed by {theirs - ours:.2f}",
        )

    low = min(float(r["relabelling_z"]) for r in of_method(kinds, OURS, CELLS))
    cheap = [method for method in methods if not method.startswith("gat-")]
    return [
        beside("DREAM4", [SPEARMAN], "Spearman"),
        beside(CELLS, cheap, "every cheap method"),
        Aim(
            f"never far below chance on {CELLS}",
            f"{CELLS}: lowest relabelling z",
            f"at least {LEAST_Z:g}",
            f"{low:.1f}",
            "reached" if low >= LEAST_Z else f"missed by {LEAST_Z - low:.1f}",
        ),
    ]


def all_aims() -> list[Aim]:
    """Every aim that was set before the training and has been measured."""
    rows = scores()
    trained = [k for k in dict.fromkeys(row["kind"] for row in rows) if k not in NEVER]
    return [
        _above_aim(rows, trained, "trained kinds"),
        _above_aim(rows, NEVER, "kinds never trained on"),
        _calibration_aim(rows, trained, CALIBRATED, "trained kinds"),
        _calibration_aim(rows, NEVER, CALIBRATED_ABROAD, "kinds never trained on"),
        *curated_aims(
            curated_means("curated/summary.tsv"),
            curated_means(f"{LEVELS}/summary.tsv"),
            result("curated/comparison.tsv"),
        ),
        *real_aims(result("any_data/kinds.tsv")),
    ]


def level_table(now: Mapping, before: Mapping, networks: Sequence[str]) -> str:
    """Mean average precision of these weights and of those of levels."""
    levels = list(dict.fromkeys(level for _, _, level in now))
    columns = ["network", "weights", *(f"{level} %" for level in levels)]
    columns += [f"with pseudotime, {level} %" for level in levels]
    rows = [
        [
            network,
            words,
            *(
                f"{means[method, network, level]:.3f}"
                for method in ("gat-zeroshot", "gat-zeroshot-pseudotime")
                for level in levels
            ),
        ]
        for network in networks
        for words, means in (("any data", now), ("levels", before))
    ]
    return markdown_table(columns, rows)


def render_any_data() -> str:
    """Curated networks, real cells, aims and looks: the block of the card."""
    looks = "\n".join(f"{k}. {words}" for k, words in enumerate(LOOKS, start=1))
    now, before = (curated_means(f"{of}/summary.tsv") for of in ("curated", LEVELS))
    parts = [
        "Mean average precision on BEELINE's curated networks, ten replicates, by dropout level "
        "(`docs/results/curated`; `docs/results/levels`: the last study with the weights of "
        "levels, on the same data sets):",
        level_table(now, before, list(config(CURATED)["networks"])),
        zeroshot.released_sentence(),
        aims.beside_random(result("curated/comparison.tsv")),
        "DREAM4 and measured cells: average precision over the share of edges, geometric mean over "
        "networks; in brackets, on how many the relabelling z is 3 or more "
        "(`docs/results/any_data/kinds.tsv`):",
        kind_table(result("any_data/kinds.tsv")),
        "Aims that were set before the training, as far as they have been measured:",
        aims.aim_table(all_aims()),
        f"Nothing was trained, tuned or chosen by these data. Looks at them so far:\n\n{looks}",
    ]
    return "\n\n".join(parts)
