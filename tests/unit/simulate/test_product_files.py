"""Files about the workflow: one version everywhere, valid metadata, GitHub files, links."""

import re
import tomllib

import yaml

from grn_gat.core.version import VERSION


def read(repository, name: str) -> str:
    return (repository / name).read_text(encoding="utf-8")


def test_version_is_the_same_everywhere(repository):
    project = tomllib.loads(read(repository, "pyproject.toml"))["project"]
    assert project["version"] == VERSION
    assert yaml.safe_load(read(repository, "CITATION.cff"))["version"] == VERSION
    # The newest version that the changelog names, and the report of the whole study.
    assert re.search(r"^## \[?([\d.]+)", read(repository, "CHANGELOG.md"), re.M)[1] == VERSION
    assert f"Made by grn-gat {VERSION}." in read(repository, "workflow/report/workflow.rst")


def test_citation_has_what_the_format_requires(repository):
    """Of Citation File Format 1.2.0: required keys of the file and of its references."""
    citation = yaml.safe_load(read(repository, "CITATION.cff"))
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
    assert targets == ["lint", "test", "audit"]
    rules = re.findall(r"^(\w+):", read(repository, "Makefile"), re.M)
    assert set(targets) <= set(rules)


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


def pages(repository) -> list:
    return [
        *repository.glob("*.md"), *repository.glob("docs/*.md"), *repository.glob("config/*.md"),
    ]  # fmt: skip


def test_links_between_files_lead_somewhere(repository):
    checked = 0
    for page in pages(repository):
        for link in re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
            checked += 1
    assert checked > 40


def test_every_page_is_in_the_index(repository):
    linked = set(re.findall(r"\]\((\w+\.md)\)", read(repository, "docs/README.md")))
    assert linked | {"README.md"} == {path.name for path in repository.glob("docs/*.md")}


def test_every_rule_with_a_script_is_in_the_index(repository):
    scripts = {path.stem for path in repository.glob("scripts/*.py")}
    named = set(re.findall(r"`(\w+)`", read(repository, "docs/README.md")))
    assert {name for name in scripts if not name.startswith("plot_")} <= named
