"""Whether real files look like training data sets."""

from collections.abc import Sequence

from grn_gat.core.markdown import markdown_table
from grn_gat.simulate.realism_names import AFTER, BEFORE, CLOUDS

Rows = Sequence[dict[str, str]]


def _of(rows: Rows, file: str, cloud: str) -> dict[str, str]:
    (found,) = [row for row in rows if (row["file"], row["cloud"]) == (file, cloud)]
    return found


def _files(summary: Rows) -> list[str]:
    return list(dict.fromkeys(row["file"] for row in summary))


def file_table(summary: Rows) -> str:
    """Each file before and after: statistics inside, and all together.

    In brackets the share of the cloud with as few inside, and the share as lonely.
    """
    shown = []
    for file in _files(summary):
        row = [f"{file} ({_of(summary, file, AFTER)['genes']} genes)"]
        for cloud in CLOUDS:
            found = _of(summary, file, cloud)
            row += [
                f"{found['inside']} of {found['statistics']} ({float(found['odder']):.2f})",
                f"{float(found['distance']):.1f} ({float(found['lonelier']):.2f})",
                found["verdict"],
            ]
        shown.append(row)
    titles = ["file"]
    for cloud in CLOUDS:
        titles += [f"{cloud}: statistics inside", "distance", "all together"]
    return markdown_table(titles, shown)


def verdict_sentence(summary: Rows, statistics: Rows) -> str:
    """How many files are inside, and which statistics of which are not."""
    files = _files(summary)
    inside = {
        cloud: sum(_of(summary, file, cloud)["verdict"] == "inside" for file in files)
        for cloud in CLOUDS
    }
    counts = (
        f"All together, {inside[BEFORE]} of {len(files)} files are inside before and "
        f"{inside[AFTER]} after."
    )
    left = []
    for file in files:
        own = [
            row["statistic"]
            for row in statistics
            if (row["file"], row["cloud"], row["inside"]) == (file, AFTER, "no")
        ]
        if own:
            left.append(f"{file} ({', '.join(f'`{name}`' for name in own)})")
    if not left:
        return f"{counts} No statistic of any file is outside after."
    return f"{counts} Statistics that are outside after: {'; '.join(left)}."


def render_realism(summary: Rows, statistics: Rows) -> str:
    """The block of the page on pretraining."""
    return "\n\n".join([file_table(summary), verdict_sentence(summary, statistics)])
