"""Write the overview, one HTML file without links, and the page that the report opens with."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from grn_gat.core.files import atomic_path, read_table, read_tables, write_table
from grn_gat.core.job import logged
from grn_gat.core.software import software_versions
from grn_gat.data.remark_table import read_remarks
from grn_gat.inference.trust import of_methods, warnings
from grn_gat.report.landing import render_landing
from grn_gat.report.overview import network_parts, render_overview
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
    tables = {Path(path).stem: read_table(path) for path in source.tables}
    sizes = pd.concat(networks) if networks else pd.DataFrame()
    config = dict(snakemake.params)
    splits = read_tables(source.splits) if source.splits else None
    doubts = doubted(snakemake.params.judged, source.trust)
    figures = [Picture.of(path) for path in source.figures]
    page = render_overview(
        Path(source.template).read_text(),
        tables,
        sizes,
        config,
        versions,
        read_remarks(source.remarks),
        splits,
        facts,
        doubts,
        figures,
    )
    parts = network_parts(tables, sizes, config, splits, facts, doubts, figures)
    introduction = Path(source.introduction).read_text(encoding="utf-8")
    landing = render_landing(introduction, parts, len(config["dropout"]), config["chapter"])
    for path, text in ((snakemake.output.page, page), (snakemake.output.landing, landing)):
        with atomic_path(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    table = pd.DataFrame(versions.items(), columns=["what", "version"])
    write_table(table, snakemake.output.versions)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
