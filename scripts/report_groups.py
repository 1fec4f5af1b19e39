"""The page of a comparison of groups of cells, and the table of what each method says."""

from pathlib import Path

import pandas as pd

from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged
from grn_gat.inference.group_files import write_page_of_files


def main(snakemake) -> None:
    """Read what was compared by each method; write the summary and the page."""
    source, params, out = snakemake.input, snakemake.params, snakemake.output
    table = pd.concat(map(read_table, source.summaries), ignore_index=True)
    write_table(table, out.methods)
    folders = {path.parent.name: path.parent for path in map(Path, source.summaries)}
    groups = dict(zip(params.names, params.pages, strict=True))
    write_page_of_files(
        out.page, source.template, params.name, out.methods, folders, groups, params.by
    )


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
