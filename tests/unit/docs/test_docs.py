"""The tables of parameters in docs/ are those of the schema."""

import re

import pytest
import yaml


@pytest.fixture
def parameters(repository, monkeypatch):
    monkeypatch.syspath_prepend(str(repository / "docs"))
    import parameters

    return parameters


def test_pages_say_what_the_schema_says(parameters):
    for page in parameters.PAGES:
        text = page.read_text(encoding="utf-8")
        assert parameters.rendered(text) == text, f"{page.name}: run make docs"


def test_every_key_of_the_config_is_on_one_page(parameters):
    schema = yaml.safe_load(parameters.SCHEMA.read_text())
    blocks = [
        n
        for p in parameters.PAGES
        for b in parameters.BLOCK.findall(p.read_text())
        for n in b[1].split()
    ]
    networks = [f"networks.{kind}" for kind in ("simulated", "beeline", "anndata")]
    assert sorted(blocks) == sorted([*(set(schema["properties"]) - {"networks"}), *networks])
    # All of a block's keys are in its table, those of referenced blocks too.
    table = parameters.table(["pretraining"], schema)
    for key in ("pretraining.seed", "pretraining.ablation.validation.cells",
                "pretraining.networks_other.families.toggle"):  # fmt: skip
        assert f"| `{key}` |" in table


def test_a_changed_schema_is_noticed(parameters, tmp_path, monkeypatch):
    page = next(p for p in parameters.PAGES if p.name == "dropout.md").read_text()
    text = parameters.SCHEMA.read_text()
    changed = text.replace("default: [0, 50, 70]", "default: [0, 50, 80]")
    assert changed != text
    (tmp_path / "schema.yaml").write_text(changed)
    monkeypatch.setattr(parameters, "SCHEMA", tmp_path / "schema.yaml")
    assert "[0, 50, 80]" in parameters.rendered(page) and parameters.rendered(page) != page


def test_rows_say_type_range_and_default(parameters):
    schema = yaml.safe_load(parameters.SCHEMA.read_text())
    row = re.search(
        r"\| `cross_validation.validation_share` .*", parameters.table(["cross_validation"], schema)
    )[0]
    assert row.startswith(
        "| `cross_validation.validation_share` | number >= 0.05, <= 0.5 | 0.2 | Share of"
    )
    assert "| `hubs.top_edges` | `reference` or integer >= 1 | reference |" in parameters.table(
        ["hubs"], schema
    )
    assert "| `networks.<name>.cells` | integer >= 3 | 2000 |" in parameters.table(
        ["networks.simulated"], schema
    )
