"""Write the model card of the zero-shot model of any data."""

from grn_gat.core.files import atomic_path, read_table
from grn_gat.core.job import logged
from grn_gat.report.broad_card import broad_card
from grn_gat.zeroshot.weights_metadata import read_metadata


def main(snakemake) -> None:
    """Read the metadata of the weights, the table of variants and the curve; write Markdown."""
    source, params = snakemake.input, snakemake.params
    text = broad_card(
        params.block,
        params.kinds,
        params.views,
        read_metadata(source.weights),
        read_table(source.table),
        read_table(source.curve),
    )
    with atomic_path(snakemake.output.card) as temporary:
        temporary.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
