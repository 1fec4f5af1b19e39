"""Groups of inputs that a training does without."""

import pytest
import torch

from grn_gat.study.place import schema
from grn_gat.zeroshot.aggregator import INPUTS, LEVELS, Aggregator
from grn_gat.zeroshot.gat import Architecture, ZeroShotGAT
from grn_gat.zeroshot.input_groups import EXPERT, GROUPS, hide, hide_from_aggregator
from grn_gat.zeroshot.prepared import NODE_INPUTS, PAIR_INPUTS

SIZES = Architecture(
    layers=1, heads=2, width=8, pair_width=8, path_width=2, triple_layers=(), candidates=6
)


def hidden(deviations: torch.Tensor, names) -> set[str]:
    return {name for name, value in zip(names, deviations.tolist(), strict=True) if value > 1e30}


def test_the_config_knows_all_groups():
    block = schema("pretraining")["properties"]["broad_training"]["properties"]["variants"]
    known = block["additionalProperties"]["properties"]["hidden"]["items"]["enum"]
    assert known == list(GROUPS)


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_hides_what_it_names(group):
    model, aggregator = ZeroShotGAT(SIZES, len(NODE_INPUTS), len(PAIR_INPUTS)), Aggregator(8, 1)
    hide(model, [group])
    hide_from_aggregator(aggregator, [group])
    nodes, pairs = hidden(model.node_sd, NODE_INPUTS), hidden(model.pair_sd, PAIR_INPUTS)
    assert nodes == set(filter(GROUPS[group], NODE_INPUTS))
    assert pairs == set(filter(GROUPS[group], PAIR_INPUTS))
    assert bool(nodes | pairs) == (group != EXPERT)
    # The aggregator has no levels, but all other pairs; what subsets say is never hidden.
    expected = {name.removeprefix("robust_") for name in pairs} if group != "levels" else set()
    expected |= set(LEVELS) if group == EXPERT else set()
    assert hidden(aggregator.input_sd, INPUTS) == expected
    assert float(aggregator.levels_heard) == (group != EXPERT)
    assert bool(aggregator.data_sd.isinf().all()) == (group == "data")
    assert not hidden(aggregator.input_sd[:4], INPUTS[:4])


def test_groups_are_every_input_but_who_may_regulate():
    grouped = {
        name for name in (*NODE_INPUTS, *PAIR_INPUTS) if any(g(name) for g in GROUPS.values())
    }
    assert {*NODE_INPUTS, *PAIR_INPUTS} - grouped == {"regulator", "named"}


def test_what_is_hidden_changes_nothing():
    torch.manual_seed(1)
    aggregator = Aggregator(8, 1)
    torch.nn.init.normal_(aggregator.decode[-1].weight)
    hide_from_aggregator(aggregator, ["partial", "data"])
    inputs = torch.randn(4, 9, len(INPUTS))
    data = torch.randn(len(aggregator.data_sd))
    itself = torch.arange(4)[:, None] == torch.arange(9)
    with torch.no_grad():
        plain = aggregator(inputs, data, itself)
        other = inputs.clone()
        partial = [k for k, name in enumerate(INPUTS) if name.startswith("partial_")]
        other[..., partial] += 1
        assert torch.equal(plain, aggregator(other, data - 3, itself))
        other[..., INPUTS.index("rank_value")] += 1
        assert not torch.allclose(plain, aggregator(other, data, itself))
