"""Files about the workflow: one version everywhere, valid metadata, GitHub files, links."""

import ast
import importlib.util
import re
import tomllib

import pytest
import yaml

import release
from grn_gat.core.citation import AUTHORS, LICENCE, TITLE
from grn_gat.core.version import VERSION
from grn_gat.simulate.boolean_model import read_model


def read(repository, name: str) -> str:
    return (repository / name).read_text(encoding="utf-8")


def test_version_is_the_same_everywhere(repository):
    pyproject = tomllib.loads(read(repository, "pyproject.toml"))
    assert pyproject["project"]["dynamic"] == ["version"]
    stated = pyproject["tool"]["hatch"]["version"]
    found = re.findall(stated["pattern"], read(repository, stated["path"]), re.M)
    assert found == [VERSION]
    assert yaml.safe_load(read(repository, "CITATION.cff"))["version"] == VERSION
    # The newest version that the changelog names, and the report of the whole study.
    assert re.search(r"^## \[?([\d.]+)", read(repository, "CHANGELOG.md"), re.M)[1] == VERSION
    assert f"Made by grn-gat {VERSION}." in read(repository, "workflow/report/workflow.rst")


def test_version_is_written_where_it_is_stated(repository, monkeypatch):
    monkeypatch.setattr(release, "VERSION", "3.20.1")
    for name in release.STATED:
        text = read(repository, name)
        anew = release.stating(name, text)
        assert anew == text.replace(VERSION, "3.20.1") != text and anew.count("3.20.1") == 1
        with pytest.raises(SystemExit, match=f"{name} states the version in 0 places"):
            release.stating(name, "")


def test_notes_of_a_release(monkeypatch):
    monkeypatch.setattr(release, "VERSION", "0.2.0")
    changelog = "# Changelog\n\n## {}\n\n### Added\n\n- It.\n\n## 0.1.0 (2026-01-02)\n\n- Old.\n"
    dated = changelog.format("0.2.0 (2026-03-04)")
    assert release.notes("v0.2.0", dated) == "### Added\n\n- It.\n"
    for tag, text, said in (
        ("v0.3.0", dated, "tag v0.3.0, but the version in core/version.py is 0.2.0"),
        ("v0.2.0", changelog.format("0.2.0 (unreleased)"), "gives 0.2.0 no date"),
        ("v0.2.0", changelog.format("Unreleased"), "has 0 sections of 0.2.0"),
        ("v0.2.0", changelog.format("0.2.00 (2026-03-04)"), "has 0 sections of 0.2.0"),
    ):
        with pytest.raises(SystemExit, match=said):
            release.notes(tag, text)


def test_citation_has_what_the_format_requires(repository):
    """Of Citation File Format 1.2.0: required keys of the file and of its references."""
    citation = yaml.safe_load(read(repository, "CITATION.cff"))
    (author,) = citation["authors"]
    facts = (author["name"], citation["title"], citation["license"])
    assert facts == (AUTHORS, TITLE, LICENCE)
    assert citation["cff-version"] == "1.2.0"
    for entry, required in (
        (citation, ("message", "title", "authors")),
        *((reference, ("type", "title", "authors")) for reference in citation["references"]),
    ):
        assert all(entry[key] for key in required)
        assert all("name" in author or "family-names" in author for author in entry["authors"])
    assert citation["license"] == "MIT" and read(repository, "LICENSE").startswith("MIT License")


def test_what_the_workflow_catalog_asks_for(repository):
    usage = yaml.safe_load(read(repository, ".snakemake-workflow-catalog.yml"))["usage"]
    assert set(usage) == {"mandatory-flags", "software-stack-deployment", "report"}
    assert set(usage["mandatory-flags"]) == {"desc", "flags"}
    deployment = usage["software-stack-deployment"]
    assert set(deployment) == {"conda", "apptainer", "apptainer+conda", "report"}
    rules = "".join(path.read_text() for path in repository.glob("workflow/rules/*.smk"))
    assert deployment["conda"] == ("conda:" in rules)
    assert deployment["apptainer"] == deployment["apptainer+conda"] == ("container:" in rules)
    for name in ("README.md", "config/README.md", "workflow/Snakefile"):
        assert (repository / name).is_file()
    assert {"snakemake", "workflow"} <= set(
        re.findall(r"\w+", read(repository, "README.md").lower())
    )


def test_github_runs_what_ci_runs(repository):
    workflow = yaml.safe_load(read(repository, ".github/workflows/ci.yml"))
    (job,) = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    python = next(
        s["with"]["python-version"] for s in job["steps"] if "python" in s.get("uses", "")
    )
    project = tomllib.loads(read(repository, "pyproject.toml"))["project"]
    assert project["requires-python"] == f">={python}"
    targets = re.findall(r"make (\w+)", read(repository, ".ci/run").partition("cd ")[2])
    audit = yaml.safe_load(read(repository, ".github/workflows/audit.yml"))
    (job,) = audit["jobs"].values()
    targets += [s["run"].removeprefix("make ") for s in job["steps"] if "run" in s]
    assert targets[:2] == ["lint", "test"] and targets[-1] == "audit"
    rules = re.findall(r"^(\w+):", read(repository, "Makefile"), re.M)
    assert set(targets) <= set(rules)


def test_a_tag_is_checked_tested_and_released(repository):
    workflow = yaml.safe_load(read(repository, ".github/workflows/release.yml"))
    assert workflow[True] == {"push": {"tags": ["v*"]}}  # YAML reads the key `on` so
    (job,) = workflow["jobs"].values()
    check, test, archive, publish = (step["run"] for step in job["steps"] if "run" in step)
    assert check.startswith('python docs/release.py --notes "$TAG"') and test == ".ci/run"
    assert "git archive" in archive and publish.startswith('gh release create "$TAG" --verify-tag')
    # What others choose, the name of a tag, reaches the shell as a variable only.
    assert not any("${{" in step.get("run", "") for step in job["steps"])
    uses = [step["uses"] for step in job["steps"] if "uses" in step]
    ci = yaml.safe_load(read(repository, ".github/workflows/ci.yml"))["jobs"]["test"]["steps"]
    assert uses == [step["uses"] for step in ci if "uses" in step]


def test_commits_are_linted_with_the_programs_of_the_lock(repository):
    (local,) = yaml.safe_load(read(repository, ".pre-commit-config.yaml"))["repos"]
    assert local["repo"] == "local"
    locked = {line.split("==")[0] for line in read(repository, "requirements.lock").split()}
    lint = re.search(r"^lint:.*\n((?:\t.*\n)+)", read(repository, "Makefile"), re.M)[1]
    for hook in local["hooks"]:
        program = re.match(r"\.venv/bin/(\w+)", hook["entry"])[1]
        assert hook["language"] == "system" and program in locked
        assert f"$(BIN)/{program}" in lint
    assert len(local["hooks"]) == 4


def test_rooms_are_those_of_the_package(repository):
    rooms = [path.parent for path in repository.glob("scripts/grn_gat/*/__init__.py")]
    text = read(repository, "CONTRIBUTING.md")
    for room in rooms:
        about = ast.get_docstring(ast.parse((room / "__init__.py").read_text()))
        assert f"| `{room.name}` | {about} |" in text
    assert len(re.findall(r"^\| `\w+` \|", text, re.M)) == len(rooms)


def test_files_that_the_guide_names_are_there(repository):
    named = re.findall(r"`((?:scripts|workflow|docs|tests|bench)/[\w./]+)`",
                       read(repository, "CONTRIBUTING.md"))  # fmt: skip
    missing = [name for name in named if not (repository / name).exists()]
    assert len(named) > 10 and not missing


def examples(repository, language: str) -> list[str]:
    blocks = read(repository, "CONTRIBUTING.md").split("```")[1::2]
    return [text.partition("\n")[2] for text in blocks if text.startswith(f"{language}\n")]


def test_method_of_the_guide_is_a_method(repository, tmp_path):
    import numpy as np

    (tmp_path / "covariance.py").write_text(examples(repository, "python")[0])
    spec = importlib.util.spec_from_file_location("covariance", tmp_path / "covariance.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    scores = module.METHOD.infer(np.random.default_rng(1).random((4, 9)))
    assert scores.shape == (4, 4) and (scores == scores.T).all()


def test_network_of_the_guide_is_a_model(repository, tmp_path):
    (rules,) = examples(repository, "text")
    (tmp_path / "example.tsv").write_text(rules)
    (tmp_path / "example.yaml").write_text(examples(repository, "yaml")[0])
    model = read_model(tmp_path / "example.tsv")
    assert list(model.genes) == ["a", "b", "c"] and model.duration == 5


def test_issue_forms_are_complete(repository):
    forms = sorted((repository / ".github/ISSUE_TEMPLATE").glob("*_*.yml"))
    assert len(forms) == 2
    for form in forms:
        content = yaml.safe_load(form.read_text(encoding="utf-8"))
        assert {"name", "description", "body"} <= set(content)
        ids = [field["id"] for field in content["body"]]
        assert len(set(ids)) == len(ids)
        for field in content["body"]:
            assert field["type"] == "textarea" and field["attributes"]["label"]


def test_every_rule_with_a_script_is_in_the_index(repository):
    scripts = {path.stem for path in repository.glob("scripts/*.py")}
    named = set(re.findall(r"`(\w+)`", read(repository, "docs/stages/README.md")))
    assert {name for name in scripts if not name.startswith("plot_")} <= named
