"""Read one replicate of an existing data set (BEELINE folder, AnnData, single files) as files."""

from grn_gat.core.job import logged, warn
from grn_gat.data.dataset import read_beeline_folder, write_dataset
from grn_gat.data.doubts import doubts
from grn_gat.data.h5ad import read_h5ad, read_user_data


def main(snakemake) -> None:
    """Read, check, write BEELINE's files."""
    entry, out = snakemake.params.entry, snakemake.output
    if "expression" in entry:
        dataset = read_user_data(**entry)
        for doubt in doubts(entry["expression"], dataset.genes, dataset.expression):
            warn(f"{entry['expression']}: {doubt}")
    elif "h5ad" in entry:
        dataset = read_h5ad(
            entry["h5ad"],
            entry["edges"],
            regulators=entry.get("regulators"),
            layer=entry.get("layer"),
            pseudotime=entry.get("pseudotime"),
        )
    else:
        dataset = read_beeline_folder(entry["folder"], entry.get("edges"), entry.get("regulators"))
    print(
        f"{len(dataset.genes)} genes x {len(dataset.cells)} cells, {len(dataset.edges)} edges, "
        f"pseudotime: {'no' if dataset.pseudotime is None else dataset.pseudotime.shape[1]}"
    )
    write_dataset(dataset, out.expression, out.pseudotime, out.edges, out.regulators)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
