"""Reading all pairs together: order and blocks decide nothing."""

import numpy as np
import pytest
import torch
from scipy.stats import zscore

from grn_gat.zeroshot.aggregator import (
    CONTEXTS,
    INPUTS,
    Aggregator,
    robust_agreement,
    with_contexts,
    with_same_mean,
)
from grn_gat.zeroshot.robust_statistics import DATA_STATISTICS

ROWS, GENES = 6, 9


@pytest.fixture
def model() -> Aggregator:
    torch.manual_seed(1)
    found = Aggregator(width=8, layers=2)
    torch.nn.init.normal_(found.decode[-1].weight)
    return found


@pytest.fixture
def given() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    source = torch.Generator().manual_seed(2)
    inputs = torch.randn(ROWS, GENES, len(INPUTS), generator=source)
    data = torch.randn(len(DATA_STATISTICS), generator=source)
    itself = torch.zeros(ROWS, GENES, dtype=torch.bool)
    itself[torch.arange(ROWS), torch.arange(ROWS)] = True
    return inputs, data, itself


def test_blocks_of_rows_give_what_all_rows_give(model, given):
    inputs, data, itself = given
    whole = model(inputs, data, itself)
    for rows in (1, 4):
        found = model.in_blocks(lambda block: inputs[block], data, itself, rows)
        torch.testing.assert_close(found, whole, rtol=1e-5, atol=1e-5)


def test_order_of_genes_moves_rows_and_columns_along(model, given):
    inputs, data, itself = given
    rows, columns = torch.randperm(ROWS), torch.randperm(GENES)
    found = model(inputs[rows][:, columns], data, itself[rows][:, columns])
    torch.testing.assert_close(found, model(inputs, data, itself)[rows][:, columns])


def test_a_pair_hears_of_its_row_its_column_and_the_data_set_and_not_of_no_pair(model, given):
    inputs, data, itself = given
    before = model(inputs, data, itself)
    changed = inputs.clone()
    changed[2, 5] += 1
    moved = (model(changed, data, itself) - before).abs().amax(-1) > 0
    assert moved[2].all() and moved[:, 5].all()
    changed = inputs.clone()
    changed[2, 2] += 1  # a gene with itself is no pair: nobody hears of it
    moved = (model(changed, data, itself) - before).abs().amax(-1) > 1e-7
    moved[2, 2] = False
    assert not moved.any()
    assert not torch.equal(model(inputs, data + 1, itself), before)


def test_contexts_are_deviations_without_the_gene_itself(given):
    _, _, itself = given
    edge = torch.arange(float(ROWS * GENES)).reshape(ROWS, GENES).square()
    found = with_contexts(edge, itself)
    assert found.shape == (ROWS, GENES, len(CONTEXTS))
    row = edge[1][~itself[1]]
    expected = (edge[1, 4] - row.mean()) / (row.std(correction=0) + 1e-2)
    assert found[1, 4, 0] == pytest.approx(float(expected), rel=1e-5)
    column = edge[:, 4][~itself[:, 4]]
    expected = (edge[1, 4] - column.mean()) / (column.std(correction=0) + 1e-2)
    assert found[1, 4, 1] == pytest.approx(float(expected), rel=1e-5)


@pytest.mark.parametrize("known", [0, 1])
def test_before_its_first_step_it_says_what_the_subsets_say_or_the_mean_of_both(given, known):
    inputs, data, itself = given
    inputs[..., INPUTS.index("levels_known")] = known
    found = Aggregator(width=8, layers=2)(inputs, data, itself)
    subsets, levels = (
        torch.stack([inputs[..., INPUTS.index(name)] for name in names], -1)
        for names in (("edge", "sign"), ("levels_edge", "levels_sign"))
    )
    torch.testing.assert_close(found, (subsets + levels) / 2 if known else subsets)


def test_it_can_learn_to_say_what_the_model_of_levels_says(given):
    inputs, data, itself = given
    inputs[..., INPUTS.index("levels_known")] = 1
    model = Aggregator(width=8, layers=2)
    model.decode[-1].bias.data[2] = 30
    levels = [INPUTS.index("levels_edge"), INPUTS.index("levels_sign")]
    torch.testing.assert_close(model(inputs, data, itself), inputs[..., levels])
    model.levels_heard.fill_(0)
    assert torch.equal(model(inputs, data, itself), inputs[..., :2])


RANK = [INPUTS.index(f"rank_{name}") for name in ("value", "of_regulator", "of_target")]


def test_agreement_is_the_mean_of_correlation_and_its_context(given):
    inputs, _, itself = given
    ranks = inputs[..., RANK]
    found = robust_agreement(ranks, itself)[~itself].numpy()
    value, regulator, target = (ranks[..., k][~itself].numpy() for k in range(3))
    context = np.hypot(np.maximum(regulator, 0), np.maximum(target, 0))  # as CLR has it
    both = zscore(np.abs(value)) + zscore(context)
    np.testing.assert_allclose(found, zscore(both), atol=1e-5)
    assert not robust_agreement(ranks, itself)[itself].any()


def test_where_all_pairs_are_alike_nothing_is_agreed_on(given):
    _, _, itself = given
    assert not robust_agreement(torch.ones(ROWS, GENES, 3), itself).any()


def test_some_of_the_agreement_is_added_to_the_logits_of_edges(model, given):
    inputs, data, itself = given
    before = model(inputs, data, itself)
    model.agreement.fill_(0.5)
    found = model(inputs, data, itself)
    torch.testing.assert_close(found[..., 1], before[..., 1])  # signs are not touched
    pairs = ~itself
    more = (found - before)[..., 0] - 0.5 * robust_agreement(inputs[..., RANK], itself)
    assert float(more[pairs].std()) < 1e-6  # beside it one shift for all pairs
    expected, got = (torch.sigmoid(part[..., 0][pairs]).mean() for part in (before, found))
    torch.testing.assert_close(got, expected)
    blocks = model.in_blocks(lambda block: inputs[block], data, itself, 4)
    torch.testing.assert_close(blocks, found, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("apart", [0.1, 3.0, 12.0])
def test_logits_are_shifted_to_the_same_mean_probability(apart):
    source = torch.Generator().manual_seed(3)
    before = torch.randn(40, 50, generator=source) - 4
    after = before * 1.5 + apart
    counted = torch.rand(40, 50, generator=source) < 0.9
    found = with_same_mean(before, after, counted)
    torch.testing.assert_close(
        torch.sigmoid(found[counted]).mean(), torch.sigmoid(before[counted]).mean()
    )
    assert float((found - after).std()) < 1e-5
