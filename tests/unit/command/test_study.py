"""`grn-gat study`: options, what to open, and sentences; its runs are in tests/snakemake."""

import shlex
from pathlib import Path

import pytest

from grn_gat import cli
from grn_gat.command import study
from grn_gat.core.errors import InputError

WORKFLOW = study.repository()
DEFAULT = str(WORKFLOW / "workflow/profiles/default")
SLURM = str(WORKFLOW / "workflow/profiles/slurm")


@pytest.fixture
def parsed(monkeypatch):
    """What the command line becomes, without running it."""

    def parse(text: str):
        found = []
        monkeypatch.setattr(study, "run", lambda arguments: found.append(arguments) or 0)
        assert cli.main(["study", *shlex.split(text)]) == 0
        return found[0]

    return parse


def options(arguments) -> list[str]:
    return study._snakemake_options(arguments, Path("/my.yaml"))


def test_options_of_snakemake(parsed):
    assert options(parsed("my.yaml")) == [
        "--snakefile", str(WORKFLOW / "Snakefile"), "--configfile", "/my.yaml",
        "--workflow-profile", DEFAULT, "--",
    ]  # fmt: skip
    found = options(parsed("my.yaml tables figures --cores 4 --directory x -- --forceall -k"))
    assert found[-9:] == [
        "--cores", "4", "--directory", "x", "--forceall", "-k", "--", "tables", "figures",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("slurm", ["--workflow-profile", SLURM]),
        ("mine/slurm", ["--workflow-profile", DEFAULT, "--profile", "mine/slurm"]),
        ("site", ["--workflow-profile", DEFAULT, "--profile", "site"]),
    ],
)
def test_profiles_by_name_are_those_of_the_workflow(parsed, name, expected):
    assert options(parsed(f"my.yaml --profile {name}"))[4:-1] == expected


@pytest.mark.parametrize("cores", ["0", "-1", "two", "1.5"])
def test_wrong_numbers_of_cores(cores, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["study", "my.yaml", f"--cores={cores}"])
    (line,) = capsys.readouterr().err.splitlines()
    assert end.value.code == 2 and line.startswith("error: argument --cores") and cores in line


def test_a_config_is_looked_for_here_and_in_the_workflow(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert study._config_file("config/curated.yaml") == WORKFLOW / "config/curated.yaml"
    (tmp_path / "config.yaml").write_text("networks: {}\n")
    assert study._config_file("config.yaml") == tmp_path / "config.yaml"
    with pytest.raises(InputError, match=rf"there is no file 'no.yaml' in {tmp_path}"):
        study._config_file("no.yaml")


CONFIG = "networks: {HSC: {}}\ninfer: {a: {expression: x.csv}, 1: {expression: y.csv}}\n"
A, B = "results/inferred/a/report.html", "results/inferred/1/report.html"
OVERVIEW, TABLE = "results/tables/overview.html", "results/tables/hubs.tsv"


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ("", [A, B, OVERVIEW]),
        ("infer", [A, B]),
        ("tables", [OVERVIEW]),
        ("tables infer", [OVERVIEW, A, B]),
        (TABLE, [TABLE]),
        ("simulate", ["results"]),
    ],
)
def test_what_to_open(parsed, tmp_path, targets, expected):
    config, folder = tmp_path / "my.yaml", tmp_path / "study"
    config.write_text(CONFIG)
    for file in (A, B, OVERVIEW, TABLE):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()
    arguments = parsed(f"my.yaml {targets} --directory {folder}")
    found = study._results(arguments, study._pages(config))
    assert found == [str(folder / file) for file in expected]


def test_pages_that_are_not_there_are_not_named(parsed, tmp_path):
    config = tmp_path / "my.yaml"
    config.write_text(CONFIG)
    arguments = parsed(f"my.yaml --directory {tmp_path}")
    assert study._results(arguments, study._pages(config)) == [str(tmp_path / "results")]


@pytest.mark.parametrize(
    "text", ["a: [1", "a: b: c", "\tx", "seed: 1\nseed: 2", "source: 2020-13-45"]
)
def test_a_config_that_is_no_yaml(tmp_path, text):
    config = tmp_path / "my.yaml"
    config.write_text(text)
    with pytest.raises(InputError, match=r"my\.yaml(, line \d+)?: this is not valid YAML"):
        study._pages(config)
    config.write_text("[" * 100_000)
    with pytest.raises(InputError, match=r"my\.yaml: lists or mappings are nested too deeply"):
        study._pages(config)
    config.write_bytes(b"seed: \xff")
    with pytest.raises(InputError, match=r"my\.yaml: the file is not UTF-8 text"):
        study._pages(config)


def test_the_plan_is_a_table():
    text = study._plan({"simulate_expression": 10, "all": 1})
    assert text.splitlines() == [
        "simulate_expression     10",
        "all                      1",
        "total                   11",
    ]
    assert study._plan({}) == "nothing to do: every file is there"


def test_the_sentence_of_a_locked_folder_says_how_to_unlock(parsed):
    text = study._locked(parsed("'my study.yaml' tables --cores 2 --directory x"))
    assert text.startswith(str(Path("x").absolute()))
    assert text.endswith(": grn-gat study 'my study.yaml' --directory x -- --unlock")


def test_a_mistyped_target():
    assert study._no_target("No rule to produce tabels", ["tabels"]).endswith(
        "(did you mean tables?)"
    )
    assert "--help" in study._no_target("No rule to produce zzz", ["zzz"])


def test_the_cache_is_in_the_study_where_the_home_folder_takes_none(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    study._make_cache(tmp_path)
    assert study.os.environ["XDG_CACHE_HOME"] == str(tmp_path / "cache")
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file/cache"))
    study._make_cache(tmp_path / "study")
    assert study.os.environ["XDG_CACHE_HOME"] == str(tmp_path / "study/.snakemake/cache")
