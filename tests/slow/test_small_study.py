"""The small study by Snakemake's jobs: the files of one process, its report, and its pages.

The pages are looked at in a real browser without a network, at two window sizes.

GRN_GAT_SCREENSHOTS names a folder that keeps what the browser showed, to be looked at.
"""

import os
import re
from pathlib import Path

import numpy as np
import pytest

import chromium
from grn_gat.core.version import VERSION
from workflows import SMALL, in_one_process

SIZES = [(1440, 900), (1024, 700)]
CHAPTERS = [
    "1 Overview",
    "2 What was simulated",
    "3 What the protocol of the paper measures",
    "4 What honest protocols give",
    "5 Methods and controls",
    "6 Hubs",
    "7 What perturbations do",
    "8 Run statistics",
    "9 All numbers, versions",
]
FIGURES = {
    "expression.png", "paper_protocol.png", "metrics.png", "curves.png", "training.png",
    "methods.png", "drop-000.png", "drop-050.png", "beeline.png", "hubs.png", "network.png",
    "perturbations.png", "fates.png",
}  # fmt: skip
TABLES = {
    "summary.tsv", "metrics.tsv", "stability.tsv", "comparison.tsv", "hubs.tsv", "usage.tsv",
    "time.tsv", "failures.tsv", "beeline.tsv", "versions.tsv", "leaders.tsv",
    "perturbations.tsv", "fates.tsv", "consequences.tsv",
}  # fmt: skip


@pytest.fixture(scope="session", params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def page(request, tmp_path_factory):
    if chromium.executable() is None:
        pytest.skip("no Chromium is installed")
    page = chromium.Page(tmp_path_factory.mktemp("browser"))
    page.resize(*request.param)
    page.size = request.param
    yield page
    page.close()


@pytest.fixture
def clean(page):
    """The page; afterwards nothing may have been asked of the network, and nothing gone wrong."""
    page.requests.clear()
    page.errors.clear()
    yield page
    page.run("0")  # events up to now
    assert page.requests, "the browser says nothing of what it loads"
    away = [url for url in page.requests if not url.startswith(("file:", "data:", "blob:"))]
    assert away == [] and page.errors == []


@pytest.fixture(scope="session")
def inferred(small_study_of_jobs, tmp_path_factory) -> Path:
    """The page of target infer, of two methods on a data set of the small study."""
    workflow = in_one_process(tmp_path_factory.mktemp("inferred"))
    data = small_study_of_jobs.folder / "results/expression/HSC/rep-1/drop-000"
    workflow.succeed(
        "infer", "--config", f"expression={data}/ExpressionData.csv", "name=cells",
        f"reference={data}/refNetwork.csv", "methods=gat-zeroshot,pidc",
    )  # fmt: skip
    return workflow.folder / "results/inferred/cells/report.html"


@pytest.fixture(scope="session")
def compared(small_study_of_jobs, tmp_path_factory) -> Path:
    """The page that compares two groups of cells of the small study."""
    workflow = in_one_process(tmp_path_factory.mktemp("compared"))
    expression = small_study_of_jobs.folder / (
        "results/expression/HSC/rep-1/drop-000/ExpressionData.csv"
    )
    cells = expression.read_text().partition("\n")[0].split(",")[1:]
    rows = [f"{cell},{'early' if k % 2 else 'late'}" for k, cell in enumerate(cells)]
    labels = workflow.folder / "labels.csv"
    labels.write_text("\n".join(["cell,stage", *rows]))
    workflow.succeed(
        "infer", "--config", f"expression={expression}", f"groupby={labels}", "name=cells",
        "methods=pearson,spearman", "stability=0",
    )  # fmt: skip
    return workflow.folder / "results/inferred/cells/comparison.html"


def keep(page, name: str) -> None:
    """Save what the window shows, where that is wanted."""
    if folder := os.environ.get("GRN_GAT_SCREENSHOTS"):
        width, height = page.size
        page.picture().save(Path(folder) / f"{name}-{width}x{height}.png")


def check_images(page, number: int) -> None:
    """There are this many images at least; each was read, is drawn, and is not of one colour."""
    images = page.images()
    assert len(images) >= number
    for image in images:
        assert image["natural"] > 0, f"not read: {image['src']}"
        # A corner beyond the page's start cannot be scrolled to.
        assert min(image["x"], image["y"]) >= 0 and min(image["width"], image["height"]) >= 8
        picture = page.picture(image)
        colours = picture.getcolors(picture.width * picture.height)
        assert len(colours) > 8 and np.asarray(picture).std() > 4, f"blank: {image['src']}"


def check_width(page) -> None:
    """The page as a whole needs no scrolling to the side: wide tables scroll by themselves."""
    assert page.run("document.documentElement.scrollWidth <= innerWidth")


def click(page, text: str) -> None:
    """Click the entry of the report's menu that has this text."""
    found = f"[...document.querySelectorAll('nav a')].find(a => a.innerText.trim() === {text!r})"
    assert page.run(f"{found} !== undefined"), f"no entry {text!r}"
    page.run(f"{found}.click()")


def entries(page) -> list[str]:
    """Texts of the table of results that the menu shows."""
    rows = "[...document.querySelectorAll('nav tbody tr')]"
    return page.run(f"{rows}.map(row => row.cells[0].innerText)")


def test_report_tells_the_story_in_order(clean, small_report):
    page = clean
    page.open(small_report)
    page.wait("document.querySelector('#rulegraph svg, #rulegraph canvas') !== null")
    keep(page, "report")
    items = page.run("[...document.querySelectorAll('nav a')].map(a => a.innerText.trim())")
    assert [item for item in items if item[:1].isdigit()] == CHAPTERS
    landing = page.run("document.querySelector('#app').innerText")
    assert "Every score stands" in landing and f"Made by grn-gat {VERSION}." in landing
    assert "System Message" not in landing
    # The links of the text lead to the chapters.
    for chapter in CHAPTERS:
        page.run("app.setView({navbarMode: 'menu'})")
        page.run(
            "[...document.querySelectorAll('.prose a')]"
            f".find(a => a.innerText === {chapter!r}).click()"
        )
        page.wait(f"app.state.category === {chapter!r}")
    check_width(page)


def test_every_figure_and_page_of_the_report_shows_with_its_caption(clean, small_report):
    page = clean
    page.open(small_report)
    page.wait("typeof app === 'object' && document.querySelector('nav a') !== null")
    seen = set()
    for chapter in CHAPTERS:
        page.run("app.setView({navbarMode: 'menu'})")
        page.wait("app.state.navbarMode === 'menu'")
        click(page, chapter)
        page.wait(f"app.state.category === {chapter!r}")
        several = page.run("app.state.navbarMode === 'category'")
        groups = page.run(f"Object.keys(categories[{chapter!r}]).sort()")
        assert several == (len(groups) > 1)
        for group in groups:
            if several:
                page.run("app.setView({navbarMode: 'category'})")
                page.wait("app.state.navbarMode === 'category'")
                click(page, group)
            page.wait("document.querySelector('nav tbody') !== null")
            shown = entries(page)
            assert all(shown)
            for number in range(len(shown)):
                seen.add(check_result(page, number))
    assert seen == FIGURES | TABLES | {"overview.html", "provenance.json"}


def check_result(page, number: int) -> str:
    """Open a result of the list and its caption, and return the name of its file."""
    row = f"document.querySelectorAll('nav tbody tr')[{number}]"
    view = f"{row}.querySelectorAll('td a')[0]"
    before = page.run("({mode: app.state.navbarMode, content: app.state.content})")
    # A table has no view: its symbol is a link to the file.
    address = page.run(f"{view}.getAttribute('href')")
    if address != "#":
        name = address.split("/")[-1]
        assert (Path(page.run("location.pathname")).parent / address).stat().st_size > 0
    else:
        page.run(f"{view}.click()")
        page.wait("['img', 'html'].includes(app.state.content)")
        name = page.run("app.state.contentPath").split("/")[-1]
        if page.run("app.state.content") == "img":
            page.wait("[...document.querySelectorAll('#app img')].every(image => image.complete)")
            check_images(page, 2)  # the other one is the sign of Snakemake
            check_fits(page)
            keep(page, f"figure-{name.removesuffix('.png')}")
        else:
            page.wait("document.querySelector('iframe').contentWindow !== null")
            keep(page, "report-overview")
    page.run(f"{row}.querySelectorAll('td a')[1].click()")
    page.wait("app.state.navbarMode === 'resultinfo'")
    caption = page.run("document.querySelector('nav .prose').innerText")
    assert len(caption) > 80 and "System Message" not in caption
    nav = "document.querySelector('nav')"
    page.wait(f"{nav}.getAnimations().length === 0")
    assert page.run(f"{nav}.scrollWidth <= {nav}.clientWidth + 1"), f"cut caption of {name}"
    assert page.run(f"{nav}.clientWidth") > 300, f"squeezed caption of {name}"
    keep(page, f"caption-{name.partition('.')[0]}")
    page.run(f"app.setView({{navbarMode: {before['mode']!r}}})")
    page.wait(f"app.state.navbarMode === {before['mode']!r}")
    return name


def check_fits(page) -> None:
    """The figure is large enough to be read, and its place as wide as it is, or scrolls."""
    figure = page.images()[-1]
    assert figure["width"] >= min(figure["natural"], 900)
    place = "document.querySelector('#app nav.h-screen + .grow')"
    reach = page.run(f"{place}.getBoundingClientRect().x + {place}.scrollWidth")
    assert figure["x"] + figure["width"] <= reach + 1


def test_statistics_of_the_report(clean, small_report):
    page = clean
    page.open(small_report)
    page.wait("typeof app === 'object' && document.querySelector('nav a') !== null")
    click(page, "Statistics")
    page.wait("document.querySelectorAll('#runtimes canvas, #timeline canvas').length === 2")
    keep(page, "statistics")


@pytest.mark.parametrize("name", ["overview", "inferred", "compared"])
def test_pages_that_stand_alone(clean, request, small_study_of_jobs, name):
    path = small_study_of_jobs.folder / "results/tables/overview.html"
    if name != "overview":
        path = request.getfixturevalue(name)
    clean.open(path)
    check_width(clean)
    check_images(clean, {"overview": 0, "inferred": 3, "compared": 8}[name])
    # Nothing of a table is beyond reach: it is as wide as the page, or scrolls.
    reach = "table => table.scrollWidth <= table.clientWidth + 1 || "
    reach += "getComputedStyle(table).overflowX === 'auto'"
    assert clean.run(f"[...document.querySelectorAll('table')].every({reach})")
    keep(clean, name)


METHODS_ONLY = {
    "networks": {
        "HSC": {"model": "workflow/resources/models/HSC.tsv", "replicates": 1, "cells": 60}
    },
    "dropout": [0],
    "protocols": [],
    "methods": ["pearson"],
}


def test_one_process_gives_the_same_bytes(small_study_of_jobs, tmp_path):
    """Two cores or one, a process for each job or one for all."""
    other = in_one_process(tmp_path)
    other.succeed(*SMALL, cores=1)
    expected, found = small_study_of_jobs.reproducible(), other.reproducible()
    assert len(expected) > 200 and found.keys() == expected.keys()
    assert [path for path in expected if expected[path] != found[path]] == []


def test_second_run_does_nothing(small_study_of_jobs):
    assert "Nothing to be done" in small_study_of_jobs.succeed(*SMALL, "--dry-run")


def test_every_job_left_log_and_benchmark(small_study_of_jobs):
    left = [
        {path.split("/", 1)[1].rpartition(".")[0] for path in small_study_of_jobs.results(pattern)}
        for pattern in ("logs/**/*.log", "benchmarks/**/*.tsv")
    ]
    assert left[0] == left[1] and len(left[0]) > 50


def test_a_study_without_protocols_has_a_report(workflow):
    arguments = workflow.configure(METHODS_ONLY)
    workflow.succeed(*arguments)
    workflow.succeed(*arguments, "--report", "report.html", cores=1)
    assert "Nothing to be done" in workflow.succeed(*arguments, "--dry-run")


def test_report_is_self_contained(small_report):
    page = small_report.read_text()
    words = ("1 Overview", "6 Hubs", "PR and ROC curves", "Every score stands")
    words += (f"Made by grn-gat {VERSION}.", "safe center")  # the latter of the style sheet
    for word in words:
        assert word in page
    assert len(page) > 500_000  # scripts are inside
    assert not re.findall(r"""<(?:script|link|img)[^>]+(?:src|href)=["']https?://""", page)


@pytest.mark.parametrize("name", ["inferred", "compared"])
def test_tables_of_a_page_sort_and_search(clean, request, name):
    page = clean
    page.open(request.getfixturevalue(name))
    page.wait("document.documentElement.dataset.tables === 'ready'")
    body = "document.querySelector('.dt-container')"
    found = f"[...{body}.querySelectorAll('.dt-scroll-body tbody tr')]"
    rows = f"{found}.map(row => row.cells[1].innerText.toLowerCase())"
    before = page.run(rows)
    assert len(before) == 10 and before != sorted(before)
    page.run(f"{body}.querySelector('.dt-scroll-head thead th:nth-child(2)').click()")
    page.wait(f"JSON.stringify({rows}) === JSON.stringify({rows}.sort())")
    page.run(
        f"(box => {{box.value = {before[0]!r}; box.dispatchEvent(new Event('input'));}})"
        f"({body}.querySelector('.dt-search input'))"
    )
    page.wait(f"{found}.every(row => row.innerText.toLowerCase().includes({before[0]!r}))")
    assert page.run(f"{body}.querySelectorAll('.dt-buttons button').length") == 2
    check_width(page)


@pytest.mark.parametrize("name", ["inferred", "compared"])
def test_a_page_is_dark_for_those_who_want_it(clean, request, name):
    page, path = clean, request.getfixturevalue(name)
    shades = {}
    for scheme in ("dark", "light"):
        page.prefer(scheme)
        page.open(path)
        page.wait("document.documentElement.dataset.tables === 'ready'")
        keep(page, f"{name}-{scheme}")
        shades[scheme] = np.asarray(page.picture().convert("L")).mean()
    assert shades["dark"] < 90 and shades["light"] > 200
