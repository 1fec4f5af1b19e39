"""Train the model of subsets on a part of the views, from where the part before ended."""

import sys
from pathlib import Path

import torch

from grn_gat.core.checkpoint import Checkpoint
from grn_gat.core.device import deterministic
from grn_gat.core.job import logged
from grn_gat.core.seeds import generator, integer_seed
from grn_gat.zeroshot.ensemble import load_ensemble
from grn_gat.zeroshot.gat import ZeroShotGAT
from grn_gat.zeroshot.input_groups import hide
from grn_gat.zeroshot.prepared import NODE_INPUTS, PAIR_INPUTS
from grn_gat.zeroshot.pretraining import optimisers_of, restore, state_of
from grn_gat.zeroshot.view_training import in_order, plan, standardise, train_on
from grn_gat.zeroshot.warm_start import keep_scale, warm_started


def main(snakemake) -> None:
    """From the state of the stage before, the model of levels or nothing: train, write a state."""
    params, source = snakemake.params, snakemake.input
    deterministic()
    settings, stage = params.settings, int(snakemake.wildcards.stage)
    names = (params.seed, "broad training", snakemake.wildcards.variant, stage)
    torch.manual_seed(integer_seed(*names, "weights") % 2**63)
    start = load_ensemble(source.start).members[0]
    model = warm_started(start.state_dict(), start.sizes)
    if settings["cold"]:
        model = ZeroShotGAT(start.sizes, len(NODE_INPUTS), len(PAIR_INPUTS))
    pools = plan([Path(path) for path in source.views], params.per_chunk, generator(*names, "plan"))
    steps = len(pools) * -(-_views(pools[0]) // settings["batch"])
    optimisers, curve = optimisers_of(model, settings), []
    if source.before:
        state = Checkpoint(source.before, "").load()
        assert state is not None, f"{source.before} is a state that this rule wrote"
        restore(state, model, optimisers)
        curve = state.values
    else:
        some = (*names, "first")
        first = in_order(model.sizes, pools[:_FIRST], settings, some, snakemake.threads)
        standardise(model, list(first))
        if not settings["cold"]:
            keep_scale(model, start.state_dict())
        hide(model, settings["hidden"])
    done = sum(row[1] for row in curve)
    print(f"{sum(map(_views, pools))} data sets, about {steps} steps", file=sys.stderr)
    found = in_order(model.sizes, pools, settings, (*names, "pools"), snakemake.threads)
    made, loss = train_on(model, optimisers, found, settings, done, settings["stages"] * steps)
    curve = [*curve, [stage, made, loss]]
    Checkpoint(snakemake.output.state, "").save(state_of(model, optimisers, curve))


_FIRST = 4  # pools whose statistics set mean and deviation of the inputs


def _views(pool: list) -> int:
    return sum(len(numbers) for _, numbers in pool)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
