"""Write the overview page: the results in words and small tables, one HTML file without links."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from grn_gat.core.files import atomic_path, read_table, read_tables, write_table
from grn_gat.core.job import logged
from grn_gat.core.software import software_versions
from grn_gat.data.remark_table import read_remarks
from grn_gat.inference.trust import of_methods, warnings
from grn_gat.report.overview import render_overview
from grn_gat.report.pictures import Picture
from grn_gat.report.scored import scored_facts


def doubted(judged: Sequence[tuple[str, str]], files: Sequence[str]) -> dict[str, list[str]]:
    """Why scores should not be trusted, one sentence for each method, by data set."""
    found: dict[str, list[str]] = {}
    for (name, method), path in zip(judged, files, strict=True):
        found.setdefault(name, []).extend(warnings(of_methods({method: read_table(path)})))
    return found


def main(snakemake) -> None:
    """Read the tables, fill the template; write the versions beside it."""
    source = snakemake.input
    networks = [read_table(path) for path in source.networks]
    entries = dict(snakemake.params.networks)
    read = zip(entries, source.edges, source.regulators, strict=True)
    facts = scored_facts(entries, {name: (edges, tfs) for name, edges, tfs in read})
    versions = software_versions()
    page = render_overview(
        Path(source.template).read_text(),
        {Path(path).stem: read_table(path) for path in source.tables},
        pd.concat(networks) if networks else pd.DataFrame(),
        dict(snakemake.params),
        versions,
        read_remarks(source.remarks),
        read_tables(source.splits) if source.splits else None,
        facts,
        doubted(snakemake.params.judged, source.trust),
        [Picture.of(path) for path in source.figures],
    )
    with atomic_path(snakemake.output.page) as temporary:
        temporary.write_text(page)
    table = pd.DataFrame(versions.items(), columns=["what", "version"])
    write_table(table, snakemake.output.versions)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
