"""Draw the held-out networks of one kind, with some cells of each; nothing is measured yet."""

from grn_gat.core.job import logged
from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import save_chunk, smallest_type
from grn_gat.simulate.held_out import held_out, some_cells


def main(snakemake) -> None:
    """Write the networks as one chunk."""
    pretraining, kind = snakemake.params.pretraining, snakemake.wildcards.kind
    settings, stream = pretraining["held_out"], snakemake.params.stream
    samples = [
        some_cells(
            sample, settings["cells"], generator(pretraining["seed"], stream, kind, k, "some")
        )
        for k, sample in enumerate(held_out(pretraining, kind, range(settings["networks"]), stream))
    ]
    print(f"{len(samples)} networks of {sum(len(s.signs) for s in samples)} genes in all")
    out = snakemake.output.networks
    save_chunk(out, samples, {"split": stream, "kind": kind}, smallest_type(samples))


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
