"""What docs/stages/simulate.md says of Boolean models: examples, keys, signs, limits."""

import re

import pytest

from grn_gat.simulate import model_files, rule_language, simulator
from grn_gat.simulate.boolean_model import BooleanModel, read_model, reference_edges


@pytest.fixture(scope="module")
def section(repository) -> str:
    text = (repository / "docs/stages/simulate.md").read_text(encoding="utf-8")
    return text.partition("\n## Boolean models\n")[2].partition("\n## ")[0]


def test_the_two_examples_are_one_model(section, tmp_path):
    models = []
    for name, block in zip(
        ("a.tsv", "b.bnet"), re.findall(r"```text\n(.*?)```", section, re.S), strict=True
    ):
        (tmp_path / name).write_text(block, encoding="utf-8")
        models.append(read_model(tmp_path / name))
    table, boolnet = models
    assert table.genes == boolnet.genes == ("Pu1", "Gata1", "Cebpa")
    assert reference_edges(table) == reference_edges(boolnet)
    assert table.rules["Cebpa"].constant is False
    assert [edge for edge in reference_edges(table) if "Cebpa" in edge] == [("Cebpa", "Pu1", "+")]


def test_keys_of_the_description(section):
    rows = re.findall(r"^\| (`.+?) \| ", section, re.M)
    keys = [key for row in rows for key in re.findall(r"`(\w+)`", row)]
    assert keys == list(model_files._KEYS)
    assert f"integer, 1 to {model_files.MAX_DURATION} | {BooleanModel.duration} |" in section
    assert f"level, 0 to {model_files.MAX_LEVEL} " in section
    assert f"up to {model_files.MAX_STRENGTH:,} " in section


def test_edges_of_which_the_rules_do_not_tell_the_sign(section, repository):
    """The list of the page is that of all models that come with the workflow."""
    models = map(read_model, (repository / "workflow/resources/models").glob("*.tsv"))
    signs = {model.name: model.signs for model in models}
    assert len(signs) == 10 and {name for name, found in signs.items() if found} == {"GSD"}
    assert set(signs["GSD"].values()) == {"+"}
    listed = re.findall(r"`(\w+) -> (\w+)`", section)
    assert listed == list(signs["GSD"])


def test_limits(section):
    for sentence in (
        f"At most {rule_language.MAX_REGULATORS} regulators",
        f"({simulator.MAX_HEAVISIDE_REGULATORS} with `activation: heaviside`)",
        f"{rule_language.MAX_DEPTH} nested levels",
        f"{rule_language.MAX_GENE_NAMES:,} names of genes in a rule",
        f"{simulator.MAX_OPERATIONS:,} operations",
        f"all genes are below {simulator.DEAD_BELOW:g} at some time step",
        f"it starts at {simulator.X_MAX:g},",
    ):
        assert sentence in section
