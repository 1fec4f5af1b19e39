"""The state that a stage of the training on views leaves behind."""

from pathlib import Path

from grn_gat.core.checkpoint import Checkpoint
from grn_gat.core.errors import InputError
from grn_gat.zeroshot.ensemble import load_ensemble
from grn_gat.zeroshot.gat import ZeroShotGAT
from grn_gat.zeroshot.warm_start import warm_started


def load_subsets(state: str | Path, start: str | Path) -> ZeroShotGAT:
    """The model of subsets of a state, for use.

    Args:
        state: file of the last stage.
        start: weights that the training started from, which say the sizes.

    Raises InputError where the state cannot be read.
    """
    found = Checkpoint(state, "").load()
    if found is None:
        raise InputError(f"{state}: no state of a training; remove it, and it is made anew")
    first = load_ensemble(start).members[0]
    model = warm_started(first.state_dict(), first.sizes)
    model.load_state_dict(
        {
            name.removeprefix("model."): value
            for name, value in found.tensors.items()
            if name.startswith("model.")
        }
    )
    return model.eval()
