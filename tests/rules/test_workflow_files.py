"""The workflow's own files: directives of every rule, captions. `make lint` lints them."""

import re

import pytest

from rule_texts import rules
from workflows import REPOSITORY


@pytest.mark.parametrize("name", sorted(rules()))
def test_every_rule_has_its_directives_and_script(name):
    text = rules()[name]
    for directive in ("input", "output", "log", "benchmark", "conda", "threads", "resources",
                      "message", "script"):  # fmt: skip
        assert re.search(rf"^    {directive}:", text, re.M), f"{name} lacks {directive}"
    # Of the script; of an inference also of its method.
    depends = rf'study\.code\("{name}"\)' if name != "infer_network" else "method_code"
    assert re.search(rf"^        code=[^=]*{depends}", text, re.M)
    assert f'"../../scripts/{name}.py"' in text
    assert (REPOSITORY / f"scripts/{name}.py").is_file()
    assert re.search(r"mem_mb=.*\n\s+runtime=", text)


def test_labels_say_levels_as_numbers():
    """50 %, not 050 %. (Messages cannot: in a module only plain wildcards are known to them.)"""
    assert sum("labels=at_level(" in text for text in rules().values()) == 3
    assert not [text for text in rules().values() if re.search(r"labels=.*\{dropout\}", text)]


def test_every_script_belongs_to_a_rule():
    assert {path.stem for path in (REPOSITORY / "scripts").glob("*.py")} == set(rules())


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "workflow/report").glob("*.rst")), ids=lambda p: p.stem
)
def test_captions_are_sound_text(path):
    from docutils.core import publish_doctree

    text = path.read_text()
    assert len(text) > 60
    publish_doctree(text, settings_overrides={"halt_level": 2, "report_level": 5})


def test_every_figure_has_vector_forms():
    drawn = {
        name: text
        for name, text in rules().items()
        if re.search(r"\.png\"|_FIGURE,|_SUMMARY,", text)
    }
    for name in ("report_inferred", "report_groups"):  # which read figures
        drawn.pop(name)
    assert len(drawn) >= 12
    assert [name for name, text in drawn.items() if "vector=study.vector_forms(" not in text] == []
