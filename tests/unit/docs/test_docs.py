"""The tables of parameters in docs/ are those of the schemas."""

import re
import shutil

import parameters


def test_pages_say_what_the_schemas_say():
    for page in parameters.PAGES:
        text = page.read_text(encoding="utf-8")
        assert parameters.rendered(text) == text, f"{page.name}: run make docs"


def test_every_key_of_the_config_is_on_one_page():
    blocks = [
        name
        for page in parameters.PAGES
        for block in parameters.BLOCK.findall(page.read_text())
        for name in block[1].split()
    ]
    networks = [f"networks.{kind}" for kind in ("simulated", "beeline", "anndata")]
    keys = set(parameters.schema("study")["properties"]) - {"networks"}
    assert sorted(blocks) == sorted([*keys, *networks])
    # All of a block's keys are in its table, those of referenced blocks too.
    table = parameters.table(["pretraining"])
    for key in ("pretraining.seed", "pretraining.ablation.validation.cells",
                "pretraining.networks_other.families.toggle"):  # fmt: skip
        assert f"| `{key}` |" in table


def test_a_changed_schema_is_noticed(tmp_path, monkeypatch):
    page = next(p for p in parameters.PAGES if p.name == "dropout.md").read_text()
    shutil.copytree(parameters.SCHEMAS, tmp_path / "schemas")
    study = tmp_path / "schemas/study.schema.yaml"
    text = study.read_text()
    changed = text.replace("default: [0, 50, 70]", "default: [0, 50, 80]")
    assert changed != text
    study.write_text(changed)
    monkeypatch.setattr(parameters, "SCHEMAS", tmp_path / "schemas")
    assert "[0, 50, 80]" in parameters.rendered(page) and parameters.rendered(page) != page


def test_rows_say_type_range_and_default():
    table = parameters.table(["cross_validation"])
    row = re.search(r"\| `cross_validation.validation_share` .*", table)[0]
    assert row.startswith(
        "| `cross_validation.validation_share` | number >= 0.05, <= 0.5 | 0.2 | Share of"
    )
    row = "| `hubs.top_edges` | `reference` or integer >= 1 | reference |"
    assert row in parameters.table(["hubs"])
    row = "| `networks.<name>.cells` | integer >= 3 | 2000 |"
    assert row in parameters.table(["networks.simulated"])
    assert "| `infer.<name>.expression` | text | – |" in parameters.table(["infer"])
