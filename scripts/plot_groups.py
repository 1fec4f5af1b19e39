"""Figures of what differs between the networks of groups of cells."""

from grn_gat.core.job import logged
from grn_gat.inference.group_files import draw_figures
from grn_gat.inference.group_paths import FIGURES, TABLES


def main(snakemake) -> None:
    """Read the tables of a method, draw its figures."""
    source, out = snakemake.input, snakemake.output
    files = {key: getattr(source, key) for key in TABLES}
    figures = {key: getattr(out, key) for key in FIGURES}
    names = list(snakemake.params.names)
    draw_figures(snakemake.wildcards.method, names, files, figures, list(out.vector))


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
