"""What networks tell of knock-outs of simulated networks: a table of the page on knock-outs."""

from collections.abc import Mapping, Sequence

from grn_gat.core.markdown import markdown_table
from grn_gat.report.figures_held_out import KIND_TITLES
from grn_gat.report.figures_knock_outs import title_of
from grn_gat.report.knock_out_table import ALL

Rows = Sequence[Mapping[str, str]]
OURS = "gat-zeroshot-paths-and-correlation"
SHOWN = ("true-paths", OURS, "gat-zeroshot-edges", "consensus-paths-and-correlation")
SHOWN += ("correlation", "mean-of-others")
MEASURES = {"spearman": "Spearman", "sign_accuracy": "directions right", "ratio": "who changes"}


def _of(rows: Rows, kind: str, measurement: str, prediction: str) -> Mapping[str, str]:
    return next(
        row
        for row in rows
        if (row["kind"], row["measurement"], row["prediction"]) == (kind, measurement, prediction)
    )


def _value(row: Mapping[str, str], measure: str) -> str:
    return f"{float(row[measure]):.2f}" if row[measure] != "nan" else "–"


def _gain(row: Mapping[str, str], measure: str) -> str:
    low, high = (float(row[f"{measure}_gain_{end}"]) for end in ("low", "high"))
    return f"{float(row[f'{measure}_gain']):+.3f} [{low:+.3f}, {high:+.3f}]"


def _measurements(rows: Rows) -> list[str]:
    return list(dict.fromkeys(row["measurement"] for row in rows))


def render_predicted(rows: Rows) -> str:
    """Table over all kinds, table of gains by kind, and where ours is above every baseline."""
    return "\n\n".join([_of_all(rows), _by_kind(rows), _verdict(rows)])


def _of_all(rows: Rows) -> str:
    table = []
    for prediction in SHOWN:
        cells = []
        for measurement in _measurements(rows):
            row = _of(rows, ALL, measurement, prediction)
            cells.append(" / ".join(_value(row, measure) for measure in MEASURES))
        table.append([title_of(prediction), *cells])
    networks = _of(rows, ALL, _measurements(rows)[0], "correlation")
    intro = (
        f"Knock-outs of {networks['networks']} networks of all kinds "
        f"({networks['knock_outs']} knock-outs as simulated): {' / '.join(MEASURES.values())} "
        "(Spearman of predicted and measured change; share of the genes that change whose "
        "direction is right; average precision of which genes change, over their share), by how "
        "the cells are measured:"
    )
    return f"{intro}\n\n" + markdown_table(["prediction", *_measurements(rows)], table)


def _by_kind(rows: Rows) -> str:
    kinds = [kind for kind in dict.fromkeys(row["kind"] for row in rows) if kind != ALL]
    table = [
        [
            KIND_TITLES.get(kind, kind),
            measurement,
            *(_gain(_of(rows, kind, measurement, OURS), measure) for measure in MEASURES),
        ]
        for kind in kinds
        for measurement in _measurements(rows)
    ]
    return (
        f"{title_of(OURS)}, minus the best baseline, by kind of network (95 % intervals over "
        "networks):\n\n" + markdown_table(["kind", "measured as", *MEASURES.values()], table)
    )


def _verdict(rows: Rows) -> str:
    """On how many measurements, over all kinds, ours is above every baseline for sure."""
    parts = []
    for measure, words in MEASURES.items():
        of_all = [_of(rows, ALL, measurement, OURS) for measurement in _measurements(rows)]
        above = sum(float(row[f"{measure}_gain_low"]) > 0 for row in of_all)
        below = sum(float(row[f"{measure}_gain_high"]) < 0 for row in of_all)
        parts.append(f"{words} in {above} of {len(of_all)} (below in {below})")
    return (
        f"Over all kinds {title_of(OURS)} is above every baseline, with an interval above 0, by "
        f"{'; '.join(parts)} measurements."
    )
