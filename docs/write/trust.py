"""Whether the box that warns of the zero-shot model's scores stands where it should."""

from collections.abc import Sequence

from grn_gat.core.markdown import markdown_table
from grn_gat.study.place import schema

Rows = Sequence[dict[str, str]]

OURS, CONSENSUS, RANDOM = "gat-zeroshot", "consensus", "random"
CURATED, LIKE, COUNTED = "curated", "like training", "counted"
# In the order of the table, in words.
KINDS = {
    CURATED: "BEELINE's curated networks, three dropout levels",
    LIKE: "random networks like those of the training, three dropout levels",
    "normalised": "Boolean networks, cells divided by their totals",
    COUNTED: "Boolean networks, counts",
    "hub-and-leaf": "networks of hubs and leaves, counts, half of them divided by totals",
}
# What one would take for limits before having seen any data set.
FIRST = {"expected_in_degree": 3.0, "one_sign": 0.9, "rank_correlation": 0.0}


def boxed(rows: Rows) -> Rows:
    """Data sets on which the box stands."""
    return [row for row in rows if row["box"] == "yes"]


def below(rows: Rows) -> Rows:
    """Data sets on which the model is below the consensus."""
    return [row for row in rows if float(row[OURS]) < float(row[CONSENSUS])]


def unlike(rows: Rows) -> Rows:
    """Simulated data sets unlike those of the training."""
    return [row for row in rows if row["kind"] not in (CURATED, LIKE)]


def of_kind(rows: Rows, kind: str) -> Rows:
    """Data sets of a kind."""
    return [row for row in rows if row["kind"] == kind]


def _percent(part: Rows, rows: Rows) -> str:
    return f"{len(part) / len(rows):.0%}"


def _share(part: Rows, rows: Rows) -> str:
    return f"{len(part)} of {len(rows)} ({_percent(part, rows)})" if rows else "–"


def _mean(rows: Rows, column: str) -> str:
    return f"{sum(float(row[column]) for row in rows) / len(rows):.3f}"


def kind_table(rows: Rows) -> str:
    """How often the box stands, by kind of data sets, and what the model is worth there."""
    shown = []
    for kind, words in KINDS.items():
        own = of_kind(rows, kind)
        worse = below(own)
        precision = [_mean(own, column) for column in (OURS, CONSENSUS, RANDOM)]
        counts = (_share(boxed(own), own), _share(worse, own), _share(boxed(worse), worse))
        shown.append([words, *counts, *precision])
    titles = ["data sets", "the box stands on", "GATv2 is below the consensus on"]
    titles += ["of these, the box stands on", "GATv2", "consensus", "random"]
    return markdown_table(titles, shown)


def verdict_sentence(rows: Rows) -> str:
    """What the box was made for, and what it also does."""
    curated, counts, foreign = of_kind(rows, CURATED), of_kind(rows, COUNTED), unlike(rows)
    worse = below(foreign)
    better = [row for row in foreign if row not in worse]
    return (
        f"The box stands on {_share(boxed(curated), curated)} of the curated data sets, and on "
        f"{_share(boxed(worse), worse)} of those unlike the training on which GATv2 zero-shot is "
        "below the consensus. It says that data are unlike the training, not that the scores are "
        f"wrong: of the unlike ones on which the model is not below the consensus it stands on "
        f"{_share(boxed(better), better)}. Where only the counting is new it does not help: it "
        f"stands on {_share(boxed(counts), counts)} of these data sets, of which the model is "
        f"below the consensus on {len(below(counts))}. Each way to measure has the same number of "
        "data sets, and counts alone are few of them: if the three kinds counted the same, the "
        f"{_percent(boxed(worse), worse)} would be {_of_equal_kinds(foreign):.0%}."
    )


def _of_equal_kinds(rows: Rows) -> float:
    """Share of the data sets below the consensus with a box, each kind with the same weight."""
    parts = [of_kind(rows, kind) for kind in dict.fromkeys(row["kind"] for row in rows)]
    worse = sum(len(below(part)) / len(part) for part in parts)
    return sum(len(boxed(below(part))) / len(part) for part in parts) / worse


def _stands_first(row: dict[str, str]) -> bool:
    return (
        float(row["expected_in_degree"]) > FIRST["expected_in_degree"]
        or float(row["one_sign"]) > FIRST["one_sign"]
        or float(row["rank_correlation"]) < FIRST["rank_correlation"]
        or float(row["cell_totals"]) < limits()["cell_totals"]
        or "divided by the total" in row["values"]
    )


def limits() -> dict[str, float]:
    """The limits, as the schema has them."""
    keys = schema("study")["properties"]["trust"]["properties"]
    return {name: key["default"] for name, key in keys.items()}


def limits_sentence(rows: Rows) -> str:
    """Where the limits come from, and what others would do."""
    now, like, curated = limits(), of_kind(rows, LIKE), of_kind(rows, CURATED)
    against = sum(
        float(row["rank_correlation"]) < now["rank_correlation"]
        and int(row["genes"]) > now["genes"]
        for row in rows
    )
    first_like, first_curated = (
        [row for row in of if _stands_first(row)] for of in (like, curated)
    )
    return (
        "The limits were chosen on other simulated data sets of the same generators, before these "
        "were drawn and before any curated one was looked at. Those that one would take first "
        f"({FIRST['expected_in_degree']:.0f} expected regulators, any negative rank correlation, "
        f"{FIRST['one_sign']:.0%} of one sign in networks of any size) stand on "
        f"{_share(first_like, like)} of the data sets like the training, and on "
        f"{_share(first_curated, curated)} of the curated ones: small networks often have one "
        "sign, and in Boolean networks a strong correlation is no sign of an edge. So the limit of "
        f"the expected regulators is {now['expected_in_degree']:g}, and the other two are asked of "
        f"more than {now['genes']} genes only, the rank correlation below "
        f"{now['rank_correlation']:g} ({against} of the {len(rows)} data sets here have such a one "
        f"at all)."
    )


def render_trust(rows: Rows) -> str:
    """The block of the page on the zero-shot model."""
    return "\n\n".join([kind_table(rows), verdict_sentence(rows), limits_sentence(rows)])


def looks_sentence(rows: Rows) -> str:
    """The look at the curated networks that the table of trust is."""
    curated = of_kind(rows, CURATED)
    return (
        f"conditions that warn of the scores (`docs/results/trust.tsv`): {len(curated)} data sets, "
        f"once, after their limits were chosen on simulated ones; nothing was changed after it"
    )
