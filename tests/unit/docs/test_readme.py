"""Numbers in README, model card and pages of results are those of the tables in docs/results."""

import shutil
import subprocess
import sys

import pandas as pd

import readme
from grn_gat.core.markdown import markdown_table
from write import results, sources

PLACES = (
    "README.md",
    "docs/honesty.md",
    "docs/infer.md",
    "docs/knock_outs.md",
    "docs/methods.md",
    "docs/zeroshot.md",
    "docs/stages/pretraining.md",
    "config.yaml",
    "config",
    "workflow/resources",
)


def test_pages_say_what_the_tables_say(repository):
    done = subprocess.run(
        [sys.executable, "docs/readme.py"], cwd=repository, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_changed_number_is_noticed(repository):
    text = (repository / "README.md").read_text()
    start = text.index("<!-- summary:begin -->") + 200
    number = next(c for c in text[start:] if c.isdigit())
    place = text.index(number, start)
    changed = text[:place] + str((int(number) + 1) % 10) + text[place + 1 :]
    assert readme.updated("README.md", changed) == text != changed


def test_the_copied_tables_give_the_same_pages(repository, monkeypatch, tmp_path):
    """From a working copy in which the tables lie where the runs leave them."""
    pages = {name: page.text() for name, page in results.PAGES.items()}
    copied = dict(sources.SOURCES)
    for method in sources.released_methods():
        place = f"results/inferred/{sources.RELEASED}/{method}/metrics.tsv"
        copied[f"{sources.RELEASED}/{method}.tsv"] = place
    shutil.copytree(
        repository / "docs/results" / sources.LEVELS, tmp_path / "docs/results" / sources.LEVELS
    )
    assert len(copied) > len(sources.SOURCES) + 10
    for name, source in copied.items():
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(repository / "docs/results" / name, tmp_path / source)
    for name in PLACES:
        copy = shutil.copytree if (repository / name).is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy(repository / name, tmp_path / name)
    monkeypatch.setattr(sources, "REPOSITORY", tmp_path)
    monkeypatch.setattr("sys.argv", ["readme.py", "--copy", "--update"])
    assert readme.main() == 0
    for name in copied:
        ours = (repository / "docs/results" / name).read_bytes()
        assert (tmp_path / "docs/results" / name).read_bytes() == ours, name
    for page in readme.PAGES:
        assert (tmp_path / page).read_bytes() == (repository / page).read_bytes(), page
    assert {name: page.text() for name, page in results.PAGES.items()} == pages


def test_a_missing_table_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(sources, "REPOSITORY", tmp_path)
    monkeypatch.setattr("sys.argv", ["readme.py", "--copy", "--update"])
    try:
        readme.main()
    except SystemExit as end:
        assert str(end).startswith("error: no results/tables/summary.tsv, ")
    else:
        raise AssertionError("nothing was said")


def test_the_scores_beside_the_card_are_those_that_it_states(repository):
    scores = pd.read_csv(repository / sources.LEVELS_SCORES, sep="\t", dtype=str)
    shown = markdown_table(scores.columns, scores.itertuples(index=False)).partition("\n")[2]
    assert shown in (repository / sources.LEVELS_CARD).read_text() and len(scores) == 27
