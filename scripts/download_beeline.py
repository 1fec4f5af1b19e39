"""Download BEELINE's data release."""

from grn_gat.beeline_release import download
from grn_gat.job import logged


def main(snakemake) -> None:
    """Fetch the archive; nothing is unpacked here."""
    download(snakemake.params.url, snakemake.output.archive)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
