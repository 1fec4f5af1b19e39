"""Write what the tables of a study were made from."""

from grn_gat.core.job import logged
from grn_gat.core.provenance import provenance, write_provenance


def main(snakemake) -> None:
    """Describe the files; the rest is known."""
    source, params = snakemake.input, snakemake.params
    files = dict(zip(params.files, source.files, strict=True))
    record = provenance(
        files, source.weights or None, params.seed, params.not_default, params.seeds
    )
    write_provenance(snakemake.output.record, record)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
