"""The command as a user meets it; what it starts is tested where it stands."""

import subprocess
import sys

import pytest

from grn_gat import cli
from grn_gat.core.errors import InputError
from grn_gat.core.provenance import COMMAND, remember_command
from grn_gat.core.version import VERSION
from workflows import REPOSITORY


def run(*arguments: str) -> tuple[int, str]:
    """Exit code of the command."""
    try:
        return cli.main(list(arguments))
    except SystemExit as end:
        return end.code


def test_help_names_every_command(capsys):
    assert run() == 0 and run("--help") == 0
    text = capsys.readouterr().out
    assert all(f"\n    {name} " in text for name in cli._COMMANDS)
    assert "grn-gat infer example/cells.csv" in text


@pytest.mark.parametrize("name", cli._COMMANDS)
def test_every_command_explains_itself(capsys, name):
    assert run(name, "--help") == 0
    assert f"usage: grn-gat {name}" in capsys.readouterr().out


def test_version(capsys):
    assert run("--version") == 0
    assert capsys.readouterr().out == f"grn-gat {VERSION}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["infr"], "error: argument COMMAND: invalid choice: 'infr'"),
        (["infer", "x.csv", "y.csv"], "error: unknown: y.csv; see grn-gat infer --help"),
        (
            ["infer", "x.csv", "--methods", "clr", "pidc"],
            "error: unknown: pidc (values of one option are separated by commas); see grn-gat",
        ),
        (
            ["infer", "x.csv", "--group-by", "sex"],
            "error: unknown: --group-by sex (did you mean --groupby?); see grn-gat infer --help",
        ),
        (
            ["study", "x.yaml", "--coers", "2"],
            "error: unknown: --coers 2 (did you mean --cores?); see grn-gat study --help",
        ),
        (["infer", "x.csv", "--thread=s"], "error: argument --threads: invalid int value: 's'"),
    ],
)
def test_a_wrong_command_line_is_one_line(capsys, arguments, message):
    assert run(*arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith(message) and error.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (InputError("cells.csv: is empty"), 1, "error: cells.csv: is empty\n"),
        (KeyboardInterrupt(), 130, "\ninterrupted: the same command goes on"),
        (PermissionError(13, "Permission denied", "x.csv"), 1, "error: x.csv: Permission denied"),
        (OSError("odd"), 1, "error: odd"),
        (MemoryError(), 1, "error: there is not enough memory"),
    ],
)
def test_what_ends_a_command_is_said(monkeypatch, capsys, error, code, text):
    from grn_gat.command import methods

    def fail(arguments):
        raise error

    monkeypatch.setattr(methods, "run", fail)
    assert run("methods") == code
    assert capsys.readouterr().err.startswith(text)


@pytest.mark.parametrize(
    "words",
    ["tables --cores 2 hubs", "--cores 2 tables hubs", "--directory x tables --cores 2 hubs"],
)
def test_targets_may_stand_anywhere(monkeypatch, words):
    from grn_gat.command import study

    found = []
    monkeypatch.setattr(study, "run", lambda parsed: found.append(parsed) or 0)
    assert run("study", "my.yaml", *words.split(), "--", "--keep-going") == 0
    assert (found[0].config, found[0].targets, found[0].cores) == (
        "my.yaml",
        ["tables", "hubs"],
        "2",
    )
    assert found[0].passed_on == ["--keep-going"]


def test_fewer_than_no_threads_are_refused(capsys):
    assert run("infer", "x.csv", "--threads", "-1") == 1
    assert capsys.readouterr().err.startswith("error: --threads -1: expected 1 or more")


def test_methods(capsys, monkeypatch):
    monkeypatch.setenv(COMMAND, "of another run")
    assert run("methods") == 0 and remember_command() == "grn-gat methods"
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["name", "title", "needs", "signed", "directed", "source"]
    assert any(line.startswith("pidc ") for line in lines)


def test_help_and_version_load_nothing_heavy():
    code = (
        "import sys, grn_gat, grn_gat.cli as cli\n"
        "assert {'infer', 'Network', 'methods'} <= set(dir(grn_gat)) and grn_gat.__version__\n"
        "for words in (['--help'], ['infer', '--help'], ['study', '--help']):\n"
        "    try: cli.main(words)\n"
        "    except SystemExit: pass\n"
        "print([m for m in ('numpy', 'pandas', 'torch', 'snakemake') if m in sys.modules])\n"
    )
    place = REPOSITORY / "scripts"
    done = subprocess.run([sys.executable, "-c", code], cwd=place, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
