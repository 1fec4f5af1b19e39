"""Early stopping by hand."""

import math

import pytest

from grn_gat.supervised.early_stopping import EarlyStopping


def followed(losses: list[float], patience: int, improvement: float) -> tuple[list[int], int]:
    """Looks (from 1) that were the best so far, and the one that the training is over after."""
    stopping, best = EarlyStopping(patience, improvement), []
    for look, loss in enumerate(losses, start=1):
        if stopping.lower(loss):
            best.append(look)
        if stopping.over:
            return best, look
    return best, 0


def test_the_first_loss_is_the_best_so_far():
    stopping = EarlyStopping(1)
    assert not stopping.over
    assert stopping.lower(5.0) and not stopping.over
    assert stopping.best_loss == 5.0


@pytest.mark.parametrize(
    ("losses", "patience", "improvement", "best", "over"),
    [
        ([3, 2, 1, 0], 1, 0.0, [1, 2, 3, 4], 0),
        ([3, 3, 2, 2, 2], 2, 0.0, [1, 3], 5),  # equal is not lower
        ([3, 4, 4, 2], 3, 0.0, [1, 4], 0),
        ([3, 4, 4, 4, 2], 3, 0.0, [1], 4),
        # 2.5 is lower, but not by more than 1; 1.9 is, than the best and not than the last
        ([3, 2.5, 1.9, 1.5], 9, 1.0, [1, 3], 0),
        ([3, 2, 1.5], 9, 1.0, [1, 3], 0),  # by 1 is not by more than 1
        ([1, 1.5, 1.2, 1], 9, 1.0, [1], 0),  # higher by less than 1 is not lower
        ([1, 1.5, 1.2, 1], 3, 1.0, [1], 4),
    ],
)
def test_by_hand(losses, patience, improvement, best, over):
    assert followed(losses, patience, improvement) == (best, over)


def test_losses_that_are_no_numbers_are_never_the_best():
    assert followed([math.nan, math.inf, math.nan], 3, 0.0) == ([], 3)
    assert followed([1.0, math.nan, 0.5], 3, 0.0) == ([1, 3], 0)
