"""What is scored on held-out networks, by the block of the config."""

import pytest
import yaml
from snakemake.utils import update_config

from grn_gat.core.errors import InputError
from grn_gat.evaluate.held_out_plan import (
    conditions,
    jobs,
    measurement_block,
    method_of,
    on_shuffled,
    scored,
    scored_by,
)
from grn_gat.study.config import check_pretraining
from workflows import REPOSITORY

BLOCK = {
    "kinds": ["boolean", "sergio"],
    "measurements": {"rates": {}, "dropout": {"kinds": ["boolean"], "low_quantile": 0.7}},
    "methods": ["spearman", "genie3"],
    "shuffled": ["genie3"],
}


def test_each_kind_has_the_measurements_that_are_of_it():
    assert conditions(BLOCK) == [
        ("boolean", "rates"),
        ("boolean", "dropout"),
        ("sergio", "rates"),
    ]
    assert measurement_block(BLOCK, "dropout") == {"low_quantile": 0.7}


def test_each_job_scores_what_it_is_named_by():
    assert jobs(BLOCK) == ["spearman", "genie3", "controls"]
    assert scored_by(BLOCK, "genie3") == ["genie3", "genie3-shuffled"]
    names = scored(BLOCK)
    assert names == ["spearman", "genie3", "genie3-shuffled", "random", "degree-product"]
    assert [method_of(name) for name in names] == ["spearman", "genie3", "genie3", None, None]
    assert [on_shuffled(name) for name in names] == [False, False, True, False, False]


def checked(**changed) -> dict:
    files = ("config/pretraining.yaml", "config/held_out.yaml")
    config: dict = {}
    for file in files:
        update_config(config, yaml.safe_load((REPOSITORY / file).read_text())["pretraining"])
    config["held_out"] |= changed
    schema = REPOSITORY / "workflow/schemas/pretraining.schema.yaml"
    return check_pretraining(config, yaml.safe_load(schema.read_text()))["held_out"]


def test_the_config_covers_each_kind_with_eight_or_seven_measurements():
    found = conditions(checked())
    assert len(found) == 3 * 8 + 3 * 7 == len(set(found))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"measurements": {"a": {"platform": "11x"}}},
            "pretraining.held_out.measurements.a: measurement.platform: 11x is none of 10x",
        ),
        (
            {"measurements": {"a": {"kinds": ["bulk"]}}},
            "pretraining.held_out.measurements.a.kinds: bulk is none of boolean",
        ),
        ({"methods": ["genie4"]}, "pretraining.held_out.methods: genie4 is none of "),
        ({"shuffled": ["ppcor"]}, "pretraining.held_out.shuffled: ppcor is none of spearman"),
        (
            {"few": {"methods": ["ppcor"], "networks": 1, "genes": 9}},
            "pretraining.held_out.few.methods: ppcor is none of spearman",
        ),
        ({"kinds": ["bulk"]}, "pretraining.held_out.kinds"),
    ],
)
def test_mistakes_are_named(changed, sentence):
    with pytest.raises(InputError, match=sentence.replace(".", r"\.")):
        checked(**changed)
