"""The list of all pairs of a method, for whoever asks for it: BEELINE's ranked edges."""

import shutil

from grn_gat.core.files import atomic_path
from grn_gat.core.job import logged


def main(snakemake) -> None:
    """Copy the ranked edges to the folder of results."""
    with atomic_path(snakemake.output.ranked) as temporary:
        shutil.copyfile(snakemake.input.ranked, temporary)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
