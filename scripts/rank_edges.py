"""Write the out-of-fold scores of one replicate as BEELINE's rankedEdges.csv files."""

from collections.abc import Iterator

from grn_gat.files import atomic_path, read_table
from grn_gat.job import logged
from grn_gat.scoring import consolidate


def main(snakemake) -> None:
    """One output per predictions file, in the same order (dropout, protocol, seed)."""
    replicate = int(snakemake.wildcards.replicate)
    files: Iterator = zip(snakemake.input.predictions, snakemake.output.ranked, strict=True)
    for source, target in files:
        predictions = read_table(source)
        pairs = consolidate(predictions[predictions["replicate"] == replicate])
        pairs = pairs.rename(columns={"score": "EdgeWeight"})[["Gene1", "Gene2", "EdgeWeight"]]
        pairs = pairs.sort_values(["EdgeWeight", "Gene1", "Gene2"], ascending=[False, True, True])
        with atomic_path(target) as temporary:
            pairs.to_csv(temporary, sep="\t", index=False, float_format="%.9g")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
