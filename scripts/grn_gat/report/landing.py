"""The page that a study's report opens with: what came out, then how to go on."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

_MARKS = re.compile(r"([\\*`_|<>\[\]])")  # that reStructuredText reads as more than letters
_RULE = re.compile(r"^=+$", re.M)  # below the title


def render_landing(
    introduction: str, parts: Sequence[Mapping], dropouts: int, overview: str
) -> str:
    """Put results below the title of the introduction (workflow/report/workflow.rst).

    Args:
        introduction: reStructuredText with a title, a template of Snakemake's report.
        parts: of each network name and, where methods were compared, first: dropout and sentences
            (`overview.network_parts`).
        dropouts: number of dropout levels.
        overview: title of the chapter that has the page of results.
    """
    lines = []
    for part in parts:
        first = part.get("first")
        if not first or not first["sentences"]:
            continue
        level = f"at {first['dropout']} % dropout: " if dropouts > 1 else ""
        lines.append(f"- **{_text(part['name'])}**, {level}{_text(' '.join(first['sentences']))}")
    if not lines:
        return introduction
    heading = "What came out"
    block = [heading, "-" * len(heading), "", "{% raw %}", *lines, "{% endraw %}", ""]
    link = f"`{overview} <javascript:app.showCategory('{quote(overview)}')>`__"
    block += [
        f"With tables and figures: the page of the chapter {link}.",
        "",
        "How it was found",
        "-" * len("How it was found"),
        "",
    ]
    end = _RULE.search(introduction)
    assert end is not None
    return introduction[: end.end()] + "\n\n" + "\n".join(block) + introduction[end.end() :]


def _text(words: str) -> str:
    """Words as text of reStructuredText."""
    return _MARKS.sub(r"\\\1", words)
