"""Download BEELINE's data release."""

from grn_gat.core.job import logged
from grn_gat.data.beeline_release import download


def main(snakemake) -> None:
    """Fetch the archive; nothing is unpacked here."""
    download(snakemake.params.url, snakemake.output.archive)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
