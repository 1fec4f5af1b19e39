"""Links of all pages lead somewhere; what the README may hold; what the site shows."""

import yaml

from documentation import anchors, exists, texts
from write.links import Link, links, of_the_site, source_of

PAGES = texts()
README_LINES = 150


def missing(source: str, link: Link) -> bool:
    """Whether a link leads to no page and no file, or to a heading that its page lacks."""
    if not link.path:
        return not link.anchor.startswith(("https://", "http://"))
    if link.anchor:
        return link.anchor not in anchors(PAGES.get(link.path, ""))
    return link.path not in PAGES and not exists(link.path)


def test_links_lead_somewhere():
    found = [(source, link) for source, text in PAGES.items() for link in links(text, source)]
    assert [(source, link) for source, link in found if missing(source, link)] == []
    assert len(found) > 150 and sum(bool(link.anchor) for _, link in found if link.path) > 20


def test_a_link_in_a_clone_needs_no_site():
    """Pages of results are made with the site: only they may name one another."""
    made = {name for name in PAGES if not exists(name)}
    for source in PAGES.keys() - made:
        assert not made & {link.path for link in links(PAGES[source], source)}, source


def test_links_become_those_of_the_site():
    places = {
        "README.md": "index.md", "docs/infer.md": "infer.md", "docs/rules.svg": "rules.svg",
        "docs/stages/README.md": "stages/README.md",
    }  # fmt: skip
    text = (
        "[a](docs/infer.md#x) [b](scripts/a.py) ![c](docs/rules.svg) [`d`](docs/stages) "
        "[e](https://example.org) [f](#here)\n```\n[g](docs/infer.md)\n```\n"
        '<img src="docs/rules.svg" width="9">\n'
    )
    assert of_the_site(text, "index.md", places) == (
        "[a](infer.md#x) b ![c](rules.svg) [`d`](stages/README.md) "
        "[e](https://example.org) [f](#here)\n```\n[g](docs/infer.md)\n```\n"
        '<img src="rules.svg" width="9">\n'
    )
    above = of_the_site("[a](../infer.md) [b](../../README.md)", "stages/README.md", places)
    assert above == "[a](../infer.md) [b](../index.md)"


def test_readme_is_one_screen_or_two(repository):
    lines = PAGES["README.md"].splitlines()
    assert len(lines) <= README_LINES
    # One table of results, of at most ten rows, and no place to fill in.
    table = PAGES["README.md"].split("<!-- summary:begin -->")[1].split("<!-- summary:end -->")[0]
    assert 5 <= len(table.strip().splitlines()) - 2 <= 10
    assert "<this" not in PAGES["README.md"] and "git clone" not in PAGES["README.md"]


def places(nav) -> list[str]:
    """Pages of a navigation of mkdocs."""
    if isinstance(nav, str):
        return [nav]
    return [
        place for part in (nav.values() if isinstance(nav, dict) else nav) for place in places(part)
    ]


def test_every_page_is_in_the_navigation(repository):
    nav = places(yaml.safe_load((repository / "mkdocs.yml").read_text())["nav"])
    assert len(set(nav)) == len(nav)
    assert {source_of(place) for place in nav} == PAGES.keys() - {"config/README.md"}
