"""What the documentation consists of: pages, their text, and the headings that links may name."""

import re
import unicodedata
from pathlib import Path

from workflows import REPOSITORY
from write import notebooks, results

_FENCED = re.compile(r"^```([^\n`]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def texts() -> dict[str, str]:
    """Every page in Markdown, by its file from the top of the repository.

    Pages of results have no file of their own, and those of notebooks what their cells gave: they
    are made when the site is.
    """
    files = [
        *REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md"), *REPOSITORY.glob("config/*.md"),
        *REPOSITORY.glob("workflow/resources/zeroshot/*.md"),
    ]  # fmt: skip
    found = {
        str(path.relative_to(REPOSITORY)): path.read_text(encoding="utf-8")
        for path in sorted(files)
    }
    of_notebooks = {
        f"docs/tutorials/{path.stem}.md": notebooks.as_page(notebooks.read(path), path.stem)[0]
        for path in notebooks.paths()
    }
    of_results = {f"docs/results/{name}": page.text() for name, page in results.PAGES.items()}
    return found | of_notebooks | of_results


def blocks(text: str) -> list[tuple[str, str]]:
    """Language (empty for commands) and content of every code block."""
    return _FENCED.findall(text)


def anchors(text: str) -> set[str]:
    """What a link to a heading is called, by the site and by those who show files of a clone."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", text), re.MULTILINE)
    return {_anchor(heading) for heading in headings}


def _anchor(heading: str) -> str:
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def exists(path: str) -> bool:
    """Whether a file or folder is in the repository."""
    return (REPOSITORY / Path(path)).exists()
