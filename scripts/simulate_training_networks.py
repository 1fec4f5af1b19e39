"""Draw and simulate one chunk of random networks for the zero-shot model."""

from collections import Counter

from grn_gat.boolean_model import read_model
from grn_gat.job import logged
from grn_gat.training_networks import Excluded, draw_chunk, save_chunk


def main(snakemake) -> None:
    """Write the chunk; say what was drawn and left out."""
    params, wildcards = snakemake.params, snakemake.wildcards
    excluded = Excluded(map(read_model, snakemake.input.excluded))
    stream = ("pretraining", wildcards.split, int(wildcards.chunk))
    networks, counts = draw_chunk(params.networks, excluded, params.seed, stream, params.number)
    print(", ".join(f"{number} {what}" for what, number in counts.items()))
    families = Counter(network.family for network, _ in networks)
    print(f"kept {len(networks)}: {dict(sorted(families.items()))}")
    save_chunk(snakemake.output.networks, networks, {"split": wildcards.split})


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
