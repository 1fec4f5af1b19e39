"""Write the out-of-fold scores of one replicate as BEELINE's rankedEdges.csv files."""

from collections.abc import Iterator

from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.data.ranked_edges import write_ranked_edges
from grn_gat.evaluate.scoring import consolidate


def main(snakemake) -> None:
    """One output per predictions file, in the same order (dropout, protocol, seed)."""
    replicate = int(snakemake.wildcards.replicate)
    files: Iterator = zip(snakemake.input.predictions, snakemake.output.ranked, strict=True)
    for source, target in files:
        predictions = read_table(source)
        pairs = consolidate(predictions[predictions["replicate"] == replicate])
        write_ranked_edges(target, pairs["Gene1"], pairs["Gene2"], pairs["score"])


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
