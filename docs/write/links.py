"""Links of pages: they are those of a clone, and the site turns them into its own."""

import re
from collections.abc import Callable, Mapping
from posixpath import dirname, join, normpath, relpath
from typing import NamedTuple

# Files outside of docs/ that the site has, by their place on it.
OUTSIDE: Mapping[str, str] = {
    "index.md": "README.md",
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
    "security.md": "SECURITY.md",
    "levels.md": "workflow/resources/zeroshot/levels.md",
    "any_data.md": "workflow/resources/zeroshot/any_data.md",
    "validation.png": "workflow/resources/zeroshot/validation.png",
}
_FENCED = re.compile(r"(^```.*?^```[^\n]*$)", re.MULTILINE | re.DOTALL)
# In Markdown, or a picture in HTML, which can say how wide it is.
_LINK = re.compile(
    r"(?P<image>!?)\[(?P<words>(?:[^\[\]]|\[[^\[\]]*\])*)\]\((?P<target>[^()\s]+)\)"
    r'|(?P<tag><img [^>]*?src=")(?P<picture>[^"]+)'
)


class Link(NamedTuple):
    """A link of a page.

    Attributes:
        words: what stands in its brackets; of a picture in HTML nothing.
        path: what it names, from the top of the repository; empty in a link to another site.
        anchor: heading of the page that it names; of another site the whole address.
    """

    words: str
    path: str
    anchor: str


def source_of(place: str) -> str:
    """The file of the repository that a page or file of the site is made from."""
    return OUTSIDE.get(place, f"docs/{place}")


def _read(match: re.Match[str], source: str) -> Link:
    """The link that a match is, in a file of the repository."""
    words, target = match["words"] or "", match["target"] or match["picture"]
    if re.match(r"[a-z]+:", target):
        return Link(words, "", target)
    path, _, anchor = target.partition("#")
    return Link(words, normpath(join(dirname(source), path)) if path else source, anchor)


def links(text: str, source: str) -> list[Link]:
    """All links of a page outside of its code blocks.

    Args:
        text: the page in Markdown.
        source: its file, from the top of the repository.
    """
    return [_read(m, source) for part in _FENCED.split(text)[::2] for m in _LINK.finditer(part)]


def with_links(text: str, change: Callable[[re.Match[str]], str]) -> str:
    """The page with every link outside of its code blocks changed."""
    parts = _FENCED.split(text)
    parts[::2] = [_LINK.sub(change, part) for part in parts[::2]]
    return "".join(parts)


def of_the_site(text: str, place: str, places: Mapping[str, str]) -> str:
    """The page with links of the site; where that has no such file, their words are left.

    Args:
        text: the page in Markdown, with links of a clone.
        place: of the page on the site.
        places: of all files on the site, by the file of the repository that each is made from.
    """
    source = source_of(place)

    def changed(match: re.Match[str]) -> str:
        link = _read(match, source)
        if not link.path or link.path == source:
            return match[0]
        # A folder is the page that describes it.
        there = places.get(link.path) or places.get(f"{link.path}/README.md")
        if there is None:
            return link.words
        target = relpath(there, dirname(place) or ".")
        if match["tag"]:
            return match["tag"] + target
        anchor = f"#{link.anchor}" if link.anchor else ""
        return f"{match['image']}[{link.words}]({target}{anchor})"

    return with_links(text, changed)
