"""When a training stops: the validation loss has not become lower for a while."""

import math


class EarlyStopping:
    """Follows the validation loss of a training, look by look."""

    def __init__(self, patience: int, improvement: float = 0.0) -> None:
        """Begin without a best loss.

        Args:
            patience: looks in a row without a lower loss after which the training is over.
            improvement: a loss is lower where it is by more than this, in the unit of the loss.
        """
        self.patience, self.improvement = patience, improvement
        self.best_loss, self.waited = math.inf, 0

    def lower(self, loss: float) -> bool:
        """Take the loss of the next look; return whether it is the new best (never if NaN)."""
        if loss < self.best_loss - self.improvement:
            self.best_loss, self.waited = loss, 0
            return True
        self.waited += 1
        return False

    @property
    def over(self) -> bool:
        """Whether the last looks have been in vain."""
        return self.waited >= self.patience
