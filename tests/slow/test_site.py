"""The site: built without a warning, nothing in it comes from elsewhere, shown by a real browser.

GRN_GAT_SCREENSHOTS names a folder that keeps what the browser showed, to be looked at.
"""

import importlib.util
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

import chromium
from workflows import REPOSITORY

SIZES = [(390, 844), (1280, 900)]
# Wider than the window is only what scrolls by itself.
_TOO_WIDE = """[...document.querySelectorAll('.md-content *')].filter(element => {
  const box = element.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1
    && !element.closest('.md-typeset__scrollwrap, pre, .highlight, svg, mjx-container');
}).map(element => element.outerHTML.slice(0, 160))"""


class Names(HTMLParser):
    """What a page names: addresses of links and of what it loads, and its own anchors."""

    def __init__(self, path: Path):
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.anchors |= {given[key] for key in ("id", "name") if given.get(key)}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif tag == "link" and given.get("rel") not in ("prev", "next", "canonical"):
            self.loaded.append(given["href"])
        elif tag in ("script", "img", "iframe", "source") and given.get("src"):
            self.loaded.append(given["src"])


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Path, str]:
    """The site, and what was said when it was built."""
    if importlib.util.find_spec("material") is None:
        pytest.skip("what builds the site is not installed: make site")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=REPOSITORY, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(REPOSITORY / "scripts")},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return folder, done.stdout


@pytest.fixture(scope="module")
def site(built) -> Path:
    return built[0]


@pytest.fixture(scope="module")
def names(site) -> dict[Path, Names]:
    return {path: Names(path) for path in sorted(site.rglob("*.html"))}


def test_site_builds_without_a_warning(built):
    assert not re.search("WARNING|ERROR", built[1]), built[1]


def test_nothing_comes_from_elsewhere(site, names):
    for path, page in names.items():
        away = [url for url in page.loaded if re.match(r"(https?:)?//", url)]
        assert away == [], f"{path.name} loads {away}"
    for path in site.rglob("*.css"):
        assert not re.search(r"""(url\(|@import )["']?(https?:)?//""", path.read_text()), path


def test_links_lead_somewhere(site, names):
    checked = 0
    for path, page in names.items():
        if path.name == "404.html":  # its links begin at the top of a server
            continue
        for url in [*page.links, *page.loaded]:
            if re.match(r"[a-z]+:", url):
                continue
            name, _, anchor = url.partition("#")
            there = (path.parent / unquote(name)).resolve() if name else path
            assert there.is_file(), f"{path.name}: {url}"
            if anchor and there.suffix == ".html":
                assert unquote(anchor) in names[there].anchors, f"{path.name}: {url}"
            checked += 1
    assert checked > 2000 and len(names) > 30


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def page(request, tmp_path_factory):
    if chromium.executable() is None:
        pytest.skip("no Chromium is installed")
    page = chromium.Page(tmp_path_factory.mktemp("browser"))
    page.resize(*request.param)
    page.size = request.param
    yield page
    page.close()


def keep(page, name: str) -> None:
    """Save what the window shows, where that is wanted."""
    if folder := os.environ.get("GRN_GAT_SCREENSHOTS"):
        page.picture().save(Path(folder) / f"site-{name}-{page.size[0]}.png")


def test_every_page_fits_and_asks_nothing_of_the_network(page, site, names):
    for path in names:
        if path.name == "404.html":
            continue
        page.requests.clear()
        page.errors.clear()
        page.open(path)
        page.wait("document.readyState === 'complete'")
        keep(page, path.relative_to(site).as_posix().replace("/", "_").removesuffix(".html"))
        assert page.run("document.documentElement.scrollWidth <= innerWidth"), path.name
        assert page.run(_TOO_WIDE) == [], path.name
        for image in page.images():
            assert image["natural"] > 0, f"{path.name}: not read: {image['src']}"
        away = [url for url in page.requests if not url.startswith(("file:", "data:", "blob:"))]
        assert (away, page.errors) == ([], []), path.name


def test_one_finds_the_way(page, site):
    page.open(site / "index.html")
    if page.size[0] < 1220:  # the theme's menu: a drawer, with a page for each part
        page.run("document.querySelector('label.md-header__button[for=__drawer]').click()")
        page.wait("document.querySelector('.md-sidebar--primary').getBoundingClientRect().x === 0")
        keep(page, "menu")
    link = "[...document.querySelectorAll('.md-tabs__link, .md-nav__link[href]')]"
    page.run(f"{link}.find(a => a.innerText.trim() === 'Results').click()")
    page.wait("location.pathname.endsWith('/results/index.html')")
    page.wait("document.readyState === 'complete'")
    page.run("[...document.querySelectorAll('.md-content a')]"
             ".find(a => a.getAttribute('href') === 'zeroshot.html').click()")  # fmt: skip
    page.wait("location.pathname.endsWith('/results/zeroshot.html')")
    page.wait("document.querySelector('h1').innerText.includes('zero-shot')")


def test_search_needs_no_server(page, site):
    page.open(site / "index.html")
    page.run("document.querySelector('#__search').click()")
    page.run("(() => { const query = document.querySelector('[data-md-component=search-query]');"
             "query.focus(); query.value = 'pseudotime';"
             "query.dispatchEvent(new Event('keyup')); })()")  # fmt: skip
    page.wait("document.querySelectorAll('.md-search-result__item').length > 3")
    keep(page, "search")


def test_light_and_dark(page, site):
    page.open(site / "index.html")
    colour = "getComputedStyle(document.body).backgroundColor"
    before = page.run(colour)
    page.run("document.querySelector('[data-md-component=palette] label:not([hidden])').click()")
    page.wait(f"{colour} !== {before!r}")
    keep(page, "dark")
