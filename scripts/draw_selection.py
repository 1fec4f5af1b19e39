"""Draw networks of one kind, by which designs are chosen, with some cells of each."""

from grn_gat.core.job import logged
from grn_gat.simulate.chunks import save_chunk, smallest_type
from grn_gat.simulate.held_out import with_some_cells


def main(snakemake) -> None:
    """Write the networks as one chunk."""
    kind = snakemake.wildcards.kind
    samples = with_some_cells(snakemake.params.pretraining, kind, "selection")
    print(f"{len(samples)} networks of {sum(len(s.signs) for s in samples)} genes in all")
    metadata = {"split": "selection", "kind": kind}
    save_chunk(snakemake.output.networks, samples, metadata, smallest_type(samples))


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
