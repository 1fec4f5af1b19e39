"""Collect what was left out, guessed or is doubtful about the files of a study: one table."""

from grn_gat.core.job import logged
from grn_gat.data.remark_table import read_remarks, write_remarks


def main(snakemake) -> None:
    """Read the remarks of all data sets; write each once."""
    remarks = read_remarks(snakemake.input.remarks)
    write_remarks(remarks, snakemake.output.table)
    print(f"{len(remarks)} remarks")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
