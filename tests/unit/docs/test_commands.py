"""Commands of the pages: each is held by something, its options are those of its program."""

import re
import shlex
import subprocess
from argparse import ArgumentParser

import pytest
import yaml

from documentation import blocks, texts
from documented_commands import (
    HELD,
    NOT_RUN,
    Command,
    called,
    commands,
    entries,
    holds,
    make_targets,
    make_variables,
    words,
)
from grn_gat import cli
from grn_gat.command import infer
from grn_gat.study.config import check_config
from workflows import REPOSITORY


@pytest.fixture(scope="module")
def schema() -> dict:
    text = (REPOSITORY / "workflow/schemas/study.schema.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def test_every_command_is_held_by_something():
    assert len(commands()) > 60
    loose = {f"{c.page}: {c.text}" for c in commands() if not entries(c)}
    assert loose == set(), "name in tests/documented_commands.py what holds them"
    several = {c.text: entries(c) for c in commands() if len(entries(c)) > 1}
    assert several == {}


def test_nothing_is_held_that_no_page_says():
    used = {pattern for command in commands() for pattern in entries(command)}
    assert {*HELD, *NOT_RUN} - used == set()
    assert {by for by in HELD.values() if not holds(by)} == set()


@pytest.mark.parametrize(
    "text", ["make everything", "grn-gat draw cells.csv", "snakemate --cores 4", "rm -r results"]
)
def test_an_unknown_command_is_not_held(text):
    assert entries(Command("README.md", text, True)) == []


def check(given: list[str]) -> None:
    """Fail where a program does not know what it is given."""
    program, *arguments = given
    if program == "make":
        targets = [word for word in arguments if "=" not in word]
        assert targets and set(targets) <= set(make_targets())
        assert {word.partition("=")[0] for word in arguments if "=" in word} <= make_variables()
    elif program == "grn-gat" and len(arguments) > 1:
        own = arguments[: arguments.index("--")] if "--" in arguments else arguments
        cli._parser(own[0])[0].parse_args(own)
        if own != arguments:
            check(["snakemake", *arguments[len(own) + 1 :]])
    elif program == "snakemake":
        from snakemake.cli import parse_args

        parse_args(["--workflow-profile", "none", *arguments])
    elif given[:3] == ["python", "-m", "pytest"]:
        assert all((REPOSITORY / path).exists() for path in arguments[2:])


@pytest.mark.parametrize("command", dict.fromkeys(map(called, commands())))
def test_options_are_those_of_the_programs(command):
    given = shlex.split(command.replace(" ...", ""))
    try:
        check(given)
    except SystemExit:
        pytest.fail(f"{given[0]} does not know it: {command}")


def test_a_wrong_option_is_noticed():
    wrong = ("grn-gat infer cells.csv --metods all", "grn-gat study my.yaml -- --coers 4")
    for text in (*wrong, "snakemake --coers 4"):
        with pytest.raises(SystemExit):
            check(shlex.split(text))
    for text in ("make everything", "make small COLOUR=red", "python -m pytest tests/no.py"):
        with pytest.raises(AssertionError):
            check(shlex.split(text))


def test_the_page_has_the_options_of_infer():
    parser = ArgumentParser()
    infer.add_arguments(parser)
    options = {text for action in parser._actions for text in action.option_strings}
    table = texts()["docs/infer.md"].partition("| option |")[2].partition("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines()[2:]]
    named = {name for row in rows for name in re.findall(r"--[a-z-]+", row)}
    assert named == {text for text in options if text.startswith("--")} - {"--help"}


def test_targets_of_make_have_commands_that_are_there():
    """Recipes as make gives them: programs of .venv, scripts, and options of those we parse."""
    for target in make_targets():
        done = subprocess.run(
            ["make", "--dry-run", "--always-make", target],
            cwd=REPOSITORY, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{target}: {done.stderr}"
        for line in done.stdout.replace("\\\n", " ").splitlines():
            if line.startswith((".venv/bin/snakemake ", ".venv/bin/grn-gat ")):
                if "|" not in line:
                    check(words(Command("Makefile", line, True)))
            elif line.startswith(".venv/bin/python ") and not line.split()[1].startswith("-"):
                assert (REPOSITORY / line.split()[1]).is_file(), line


def snippets(language: str) -> list[tuple[str, str]]:
    """Page and content of the code blocks in a language; the card shows another kind of config."""
    pages = {page: text for page, text in texts().items() if "zeroshot/levels" not in page}
    found = [(page, block) for page, text in pages.items() for block in blocks(text)]
    return [(page, content) for page, (of, content) in found if of == language]


def test_configs_of_the_pages_are_configs(schema):
    configs = [yaml.safe_load(content) for _, content in snippets("yaml")]
    configs = [config for config in configs if {"networks", "infer"} & set(config)]
    assert len(configs) > 1
    for config in configs:
        check_config(config, schema)


def test_python_of_the_pages_is_python():
    found = snippets("python")
    for page, text in found:
        # Not those of Snakefiles, and not the branch that is to be added to a function.
        if not text.startswith(("module ", "elif ")):
            compile(text, page, "exec")
    assert len(found) > 3
