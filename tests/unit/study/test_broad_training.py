"""Which views a variant of the training on many kinds of data sees, and what for."""

import pytest

from grn_gat.study.broad_training import (
    AGGREGATOR,
    CALIBRATION,
    SUBSETS,
    chunks,
    of_stage,
    trained,
    variant,
)

BLOCK = {
    "kinds": ["boolean", "linear"], "share": 1, "stages": 3, "aggregator_chunks": 2,
    "calibration_chunks": 1, "genes": 48, "aggregator": {"epochs": 2},
    "variants": {"all": {}, "few": {"kinds": ["linear"], "share": 0.25, "stages": 1}},
}  # fmt: skip
AVAILABLE = {"boolean": 7, "linear": 11, "transcriptional": 5}


def test_a_variant_changes_what_it_names():
    plain = {key: value for key, value in BLOCK.items() if key != "variants"}
    assert variant(BLOCK, "all") == plain | {"cold": False, "hidden": []}
    cold = {"variants": {"all": {"cold": True, "hidden": ["levels"]}}}
    assert variant(BLOCK | cold, "all")["hidden"] == ["levels", "model-of-levels"]
    few = variant(BLOCK, "few")
    read = {
        "variants": {"all": {"aggregator": {"epochs": 0}}},
        "aggregator": {"epochs": 2, "width": 8},
    }
    assert variant(BLOCK | read, "all")["aggregator"] == {"epochs": 0, "width": 8}
    assert few["kinds"] == ["linear"] and few["share"] == 0.25 and few["genes"] == 48


def test_a_variant_may_share_the_training_of_another_and_differ_afterwards():
    own = {"few": BLOCK["variants"]["few"], "other": {"of": "few", "agreement": 0}}
    block = BLOCK | {"agreement": 0.5, "variants": own}
    assert trained(block, "few") == trained(block, "other") == "few"
    assert variant(block, "other") == variant(block, "few") | {"agreement": 0}
    assert chunks(block, AVAILABLE, "other", SUBSETS) == chunks(block, AVAILABLE, "few", SUBSETS)


@pytest.mark.parametrize("name", ["all", "few"])
def test_nothing_is_seen_twice(name):
    parts = [chunks(BLOCK, AVAILABLE, name, use) for use in (SUBSETS, AGGREGATOR, CALIBRATION)]
    every = [chunk for part in parts for chunk in part]
    assert len(set(every)) == len(every)
    for kind in variant(BLOCK, name)["kinds"]:
        numbers = [[n for k, n in part if k == kind] for part in parts]
        assert [len(part) for part in numbers[1:]] == [2, 1]
        assert numbers[2] == [AVAILABLE[kind]] and max(numbers[0]) < min(numbers[1])
    assert all(kind in variant(BLOCK, name)["kinds"] for kind, _ in every)


def test_a_share_takes_the_first_chunks():
    assert chunks(BLOCK, AVAILABLE, "few", SUBSETS) == [("linear", 1), ("linear", 2)]


def test_stages_share_all_chunks_and_each_sees_every_kind():
    stages = [of_stage(BLOCK, AVAILABLE, "all", k) for k in (1, 2, 3)]
    every = [chunk for stage in stages for chunk in stage]
    assert sorted(every) == chunks(BLOCK, AVAILABLE, "all", SUBSETS)
    assert all({kind for kind, _ in stage} == {"boolean", "linear"} for stage in stages)
