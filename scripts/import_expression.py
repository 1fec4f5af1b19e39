"""Read one replicate of an existing data set (BEELINE folder, AnnData, single files) as files."""

from grn_gat.core.job import logged, warn
from grn_gat.core.remarks import Remarks
from grn_gat.data.batches import cells_of_batch
from grn_gat.data.dataset import write_dataset
from grn_gat.data.remark_table import write_remarks
from grn_gat.data.user_data import read_cells, read_user_data, read_user_folder

_OF_H5AD = ("layer", "pseudotime", "regulators", "duplicates", "symbols")


def main(snakemake) -> None:
    """Read, check, write BEELINE's files."""
    entry, out = snakemake.params.entry, snakemake.output
    remarks = Remarks()
    if "expression" in entry:
        dataset = read_cells(remarks, **entry)
    elif "h5ad" in entry:
        named = {key: entry[key] for key in _OF_H5AD if key in entry}
        edges = entry.get("edges")
        dataset = read_user_data(entry["h5ad"], reference=edges, remarks=remarks, **named)
    else:
        named = {key: entry[key] for key in ("edges", "regulators", "scored") if key in entry}
        dataset = read_user_folder(entry["folder"], remarks=remarks, **named)
    if "batch" in entry:
        source = entry.get("h5ad", entry.get("folder"))
        dataset = cells_of_batch(dataset, source, entry["batch"], remarks)
    for remark in remarks:
        warn(str(remark))
    print(
        f"{len(dataset.genes)} genes x {len(dataset.cells)} cells, {len(dataset.edges)} edges, "
        f"pseudotime: {'no' if dataset.pseudotime is None else dataset.pseudotime.shape[1]}"
    )
    write_dataset(dataset, out.expression, out.pseudotime, out.edges, out.regulators)
    write_remarks(remarks, out.remarks)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
