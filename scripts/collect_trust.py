"""The table of trust: the networks of a study and the simulated data sets, one row each."""

from grn_gat.core.files import read_tables, write_table
from grn_gat.core.job import logged


def main(snakemake) -> None:
    """Write the tables of networks and of kinds as one; say on how many the box stands."""
    table = read_tables([*snakemake.input.networks, *snakemake.input.unlike])
    write_table(table, snakemake.output.table, digits=4)
    for kind, part in table.groupby("kind", sort=False):
        print(f"{kind}: the box stands on {(part['box'] == 'yes').sum()} of {len(part)}")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
