"""Train one model of the zero-shot ensemble on the simulated random networks."""

from pathlib import Path

from safetensors.torch import save_file

from grn_gat.core.device import deterministic
from grn_gat.core.files import atomic_path, write_table
from grn_gat.core.job import logged
from grn_gat.simulate.chunks import load_chunks
from grn_gat.zeroshot.pretraining import train_member


def main(snakemake) -> None:
    """Load the chunks, train (or resume), write weights and curve."""
    params, out = snakemake.params, snakemake.output
    deterministic()
    samples = load_chunks(snakemake.input.training)
    validation = load_chunks(snakemake.input.validation)
    print(f"{len(samples)} networks to train on, {len(validation)} to follow it with")
    checkpoint = Path(params.checkpoint)
    member = int(snakemake.wildcards.member)
    model, curve = train_member(
        samples, validation, params.pretraining, member, checkpoint, snakemake.input.code
    )
    with atomic_path(out.weights) as temporary:
        save_file(model.state_dict(), temporary)
    write_table(curve, out.curve, digits=6)
    checkpoint.unlink(missing_ok=True)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
