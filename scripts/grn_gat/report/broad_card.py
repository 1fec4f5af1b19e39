"""The model card of the zero-shot model of any data, from what its training wrote."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import yaml

from grn_gat.core.markdown import markdown_table
from grn_gat.evaluate.held_out_plan import SPEARMAN
from grn_gat.report.broad_table import OVERALL
from grn_gat.report.method_titles import method_title

MODEL = "all"  # the variant that is the model
# `make readme` writes here what the weights reach on networks of BEELINE and on real cells.
_MEASURED = "<!-- measured:begin -->\n<!-- measured:end -->"
_LEFT_OUT = (
    "How far average precision is above Spearman's (geometric mean of the ratio over networks "
    "and over ways to measure; intervals in `variants.tsv`) on kinds that a training never "
    "saw, beside the model that saw them and the best simple method. `without-...` are trained "
    "on a share of the data sets (`share` below); those without Boolean or linear networks "
    "start from nothing and do not hear the model of levels, which has seen both. Of `other`, "
    "`bursty` and `sergio` nothing was ever trained on: there the model itself left them out."
)


def broad_card(
    block: Mapping[str, Any],
    kinds: Mapping[str, Sequence[str]],
    views: Mapping[str, int],
    told: Mapping[str, Any],
    table: pd.DataFrame,
    curve: pd.DataFrame,
) -> str:
    """Return the card as Markdown.

    Args:
        block: `broad_training` of the pretraining config.
        kinds: of each variant, the kinds that it was trained on.
        views: data sets of each kind that the model of subsets saw.
        told: metadata of the weights file.
        table: `broad_table.broad_table`.
        curve: epoch and train_loss of the aggregator.
    """
    provenance, calibration = told["provenance"], told["calibration"]
    parts = [
        "# Model card: GATv2 zero-shot, of any data",
        _introduction(views, provenance),
        "## Kinds that were left out",
        _LEFT_OUT,
        _left_out(table, kinds),
        "## On networks that designs are chosen by",
        _conditions_words(block),
        _agreement_words(block),
        _conditions(table, block["validation"]["methods"], _same_training(block)),
        "## On networks of BEELINE and real cells",
        _MEASURED,
        "## Calibration",
        f"Probability = sigmoid(logit / {calibration['temperature']:.3f} "
        f"{calibration['shift']:+.3f}), fitted to data sets that nothing else was trained on. The "
        "same data sets are what a new one is compared with: where few of them lie as far from the "
        "others as it does, its scores are not to be trusted.",
        "## Aggregator",
        _curve(curve),
        "## Settings",
        "```yaml\n" + yaml.safe_dump(dict(block), sort_keys=False).strip() + "\n```",
    ]
    return "\n\n".join(parts) + "\n"


def _introduction(views: Mapping[str, int], provenance: Mapping[str, Any]) -> str:
    seen = ", ".join(f"{number:,} {kind}" for kind, number in views.items())
    return (
        "Weights: `any_data.safetensors` (no code in it). Input: expression of any set of genes, "
        "in any unit; optionally which genes are candidate regulators, pseudotime, perturbations, "
        "prior networks, protein, promoter activity and velocity of the same cells. Output: for "
        "every pair of a candidate regulator and another gene a calibrated probability of "
        "regulation, and its sign. No reference edge of the studied network is used.\n\n"
        f"The GATv2 on subsets of genes was trained on {sum(views.values()):,} simulated data sets "
        f"({seen}), each seen once, from where the model of levels (`levels.safetensors`) ended; "
        "the aggregator and the calibration on others. What each is: "
        "docs/stages/pretraining.md. No network of BEELINE, nor an isomorphic copy of one, and no "
        "real data set was trained or selected on; some ranges of the simulators were set by the "
        "expression, without edges, of the files of `config/realism.yaml`. Seed "
        f"{provenance['seed']}; the weights file was written at commit {provenance['commit']}."
    )


def _left_out(table: pd.DataFrame, kinds: Mapping[str, Sequence[str]]) -> str:
    whole = table[table["measurement"] == OVERALL].set_index(["kind", "method"])
    simple = [m for m in dict.fromkeys(table["method"]) if m not in kinds and m != SPEARMAN]
    trained = {kind for of in kinds.values() for kind in of}
    rows = []
    for kind in dict.fromkeys(table["kind"]):
        best = max(simple, key=lambda m: whole.loc[(kind, m), "factor"])
        peer = f"{method_title(best)} {whole.loc[(kind, best), 'factor']:.2f}"
        left_out = [m for m in kinds if kind not in kinds[m]]
        if kind not in trained:
            left_out = [MODEL]
        for variant in left_out:
            own = whole.loc[(kind, variant)]
            rows.append(
                [
                    kind,
                    "never trained on" if variant == MODEL else variant,
                    f"{own['factor']:.2f}",
                    f"{whole.loc[(kind, MODEL), 'factor']:.2f}",
                    peer,
                    f"{own['calibration_error']:.3f}",
                ]
            )
    return markdown_table(
        [
            "kind",
            "left out by",
            "above Spearman, left out",
            "the model",
            "best simple method",
            "largest calibration error, left out",
        ],
        rows,
    )


def _conditions_words(block: Mapping[str, Any]) -> str:
    validation = block["validation"]
    low, high = validation["cells"]
    return (
        f"{validation['networks']} networks of each kind, of streams of their own, {low:,} to "
        f"{high:,} cells. Ratio: average precision over the share of edges, geometric mean; above "
        "Spearman: geometric mean of the quotient on the same networks, with its 95 % interval."
    )


def _same_training(block: Mapping[str, Any]) -> list[str]:
    """Variants that share the training of the model."""
    return [name for name, own in block["variants"].items() if own.get("of") == MODEL]


def _agreement_words(block: Mapping[str, Any]) -> str:
    words = (
        f"To the logit of an edge {block['agreement']:g} is added for each standard deviation of "
        "what Spearman's correlation and its CLR agree on (the mean of both, standardised): what "
        "was learned may be worth less than correlation on data of a kind that no training was "
        "like. How many edges are expected of a data set stays as it was."
    )
    others = ", ".join(f"`{name}`" for name in _same_training(block))
    return f"{words} {others}: the same training, another share." if others else words


def _conditions(table: pd.DataFrame, methods: Sequence[str], variants: Sequence[str]) -> str:
    simple = [m for m in methods if m != SPEARMAN]
    rows = []
    for (kind, measurement), part in table.groupby(["kind", "measurement"], sort=False):
        if measurement == OVERALL:
            continue
        by = part.set_index("method")
        own = by.loc[MODEL]
        factor = f"{own['factor']:.2f} ({own['factor_low']:.2f} to {own['factor_high']:.2f})"
        rows.append(
            [kind, measurement, f"{own['share_of_edges']:.3f}", f"{own['ratio']:.2f}", factor]
            + [f"{by.loc[m, 'factor']:.2f}" for m in (*variants, *simple)]
            + [f"{own['mean_probability']:.3f}", f"{own['calibration_error']:.3f}"]
        )
    head = ["kind", "measured", "share of edges", "ratio", "above Spearman"]
    return markdown_table(
        [*head, *variants, *map(method_title, simple), "mean probability", "calibration error"],
        rows,
    )


def _curve(curve: pd.DataFrame) -> str:
    losses = ", ".join(f"{loss:.4f}" for loss in curve["train_loss"])
    return f"Mean cross-entropy of edges by epoch: {losses}."
