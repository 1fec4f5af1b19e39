"""Draw and simulate one chunk of random networks for the zero-shot model."""

from collections import Counter

from grn_gat.core.job import logged
from grn_gat.simulate.boolean_model import read_model
from grn_gat.simulate.chunks import Excluded, as_samples, draw_chunk, save_chunk
from grn_gat.simulate.linear_networks import draw_linear_chunk


def main(snakemake) -> None:
    """Write the chunk; say what was drawn and left out."""
    params, wildcards = snakemake.params, snakemake.wildcards
    excluded = Excluded(map(read_model, snakemake.input.excluded))
    stream = ("pretraining", wildcards.split, int(wildcards.chunk))
    arguments = (params.networks, excluded, params.seed, stream, params.number)
    if wildcards.split.startswith("linear"):
        samples, counts = draw_linear_chunk(*arguments)
    else:
        networks, counts = draw_chunk(*arguments)
        samples = as_samples(networks)
    print(", ".join(f"{number} {what}" for what, number in counts.items()))
    families = Counter(sample.family for sample in samples)
    print(f"kept {len(samples)}: {dict(sorted(families.items()))}")
    save_chunk(snakemake.output.networks, samples, {"split": wildcards.split})


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
