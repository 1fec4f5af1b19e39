"""The workflow's own files: lint, directives of every rule."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
RULE_FILES = sorted((REPOSITORY / "workflow/rules").glob("*.smk"))


def rules() -> dict[str, str]:
    """Text of every rule that runs a script, by name."""
    found = {}
    for path in RULE_FILES:
        for match in re.finditer(r"^rule (\w+):\n((?:[ \t]+.*\n|\n)*)", path.read_text(), re.M):
            if "script:" in match[2]:
                found[match[1]] = match[2]
    return found


def test_lint():
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--lint"],
        cwd=REPOSITORY, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", sorted(rules()))
def test_every_rule_has_its_directives_and_script(name):
    text = rules()[name]
    for directive in ("input", "output", "log", "benchmark", "conda", "threads", "resources",
                      "message", "script"):  # fmt: skip
        assert re.search(rf"^    {directive}:", text, re.M), f"{name} lacks {directive}"
    # Directly, or in a function of the wildcards that adds files of the method.
    depends = re.search(rf'code=(lambda wildcards: \[\*)?code\("{name}"\)', text)
    assert depends or (name == "infer_network" and "code=method_code" in text)
    assert f'"../../scripts/{name}.py"' in text
    assert (REPOSITORY / f"scripts/{name}.py").is_file()
    assert re.search(r"mem_mb=.*\n\s+runtime=", text)


def test_every_script_belongs_to_a_rule():
    assert {path.stem for path in (REPOSITORY / "scripts").glob("*.py")} == set(rules())


def test_nothing_heavy_is_imported_when_the_workflow_is_read():
    code = (
        "import sys; sys.path.insert(0, 'scripts'); import grn_gat.study.code_dependencies, "
        "grn_gat.study.config, grn_gat.core.errors; "
        "print([m for m in ('torch', 'pandas', 'numpy', 'sklearn') if m in sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert out.stdout.strip() == "[]", out.stderr


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "workflow/report").glob("*.rst")), ids=lambda p: p.stem
)
def test_captions_are_sound_text(path):
    from docutils.core import publish_doctree

    text = path.read_text()
    assert len(text) > 60
    publish_doctree(text, settings_overrides={"halt_level": 2, "report_level": 5})
