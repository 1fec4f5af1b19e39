"""RegDiffusion beside methods of this workflow on real cells: a table of the page on methods."""

from collections.abc import Mapping, Sequence

from grn_gat.core.markdown import markdown_table
from grn_gat.report.method_titles import method_title

Rows = Sequence[Mapping[str, str]]
REFERENCES = ("STRING", "NonSpecific", "ChIP")


def render_regdiffusion(rows: Rows) -> str:
    """Ratios by reference, the range over seeds, and CPU seconds."""
    shown = []
    for method in dict.fromkeys(row["method"] for row in rows):
        own = [row for row in rows if row["method"] == method]
        seconds = [float(row["cpu_s"]) for row in own]
        shown.append(
            [
                method_title(method),
                str(len(own)),
                *(_over_seeds([float(row[name]) for row in own]) for name in REFERENCES),
                f"{sum(seconds) / len(seconds):.3g}",
            ]
        )
    genes, cells = rows[0]["genes"], rows[0]["cells"]
    return (
        f"On mDC ({genes} genes, {cells} cells; average precision over the share of edges, by "
        "reference, the range over seeds in parentheses; CPU seconds on one core; "
        "`bench/regdiffusion.py`):\n\n"
        + markdown_table(["method", "seeds", *REFERENCES, "CPU seconds"], shown)
    )


def _over_seeds(values: Sequence[float]) -> str:
    mean = f"{sum(values) / len(values):.2f}"
    return f"{mean} ({min(values):.2f} to {max(values):.2f})" if len(values) > 1 else mean
