"""Tables in Markdown, for the model card and the documentation."""

from collections.abc import Iterable


def markdown_table(titles: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """Return a table, without a line break at its end; a `|` in a cell does not end the cell."""
    head, *below = ([str(cell).replace("|", "&#124;") for cell in row] for row in (titles, *rows))
    lines = [f"| {' | '.join(cells)} |" for cells in (head, *below)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])
