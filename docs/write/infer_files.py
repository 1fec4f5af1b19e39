"""What `grn-gat infer` takes for whole files, and what it says meanwhile."""

from collections.abc import Sequence

from grn_gat.core.markdown import markdown_table
from write import sources

ATLAS = "atlas.h5ad"
_SHOWN = 14  # lines of the terminal, from the end
Rows = Sequence[dict[str, str]]


def render_infer_files(rows: Rows, said: str) -> str:
    """A row per file, and the end of what stood on the terminal for the atlas."""
    table = markdown_table(
        ["file", "genes that are taken", "minutes", "memory at its peak", "files"],
        [
            [
                f"`{row['file']}`" + (f", by {row['groupby']}" if row["groupby"] else ""),
                f"{int(row['genes']):,}",
                f"{float(row['wall_s']) / 60:.1f}",
                f"{float(row['peak_memory_mb']) / 1000:.1f} GB",
                f"{row['files']}, {float(row['files_mb']):.0f} MB",
            ]
            for row in rows
        ],
    )
    lines = "\n".join(said.rstrip("\n").splitlines()[-_SHOWN:])
    return (
        "With its defaults, runs on parts of the cells included, on "
        f"{rows[0]['cores']} cores ([`bench/infer_files.py`](../bench/infer_files.py); `{ATLAS}` "
        "is a made one of 20,000 genes x 20,000 cells in 8 clusters, "
        f"[`bench/atlas.py`](../bench/atlas.py)):\n\n{table}\n\n"
        f"The end of what it said of the atlas:\n\n```text\n{lines}\n```"
    )


def render() -> str:
    """The block of docs/infer.md, from docs/results."""
    said = sources.path(f"{sources.TABLES}/{ATLAS}.txt").read_text(encoding="utf-8")
    return render_infer_files(sources.result("infer_files.tsv"), said)
