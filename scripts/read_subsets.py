"""Run the model of subsets on views that it has not seen: what the aggregator reads."""

from grn_gat.core.device import deterministic
from grn_gat.core.job import logged
from grn_gat.core.seeds import generator
from grn_gat.simulate.view_chunks import load_views
from grn_gat.zeroshot.broad_state import load_subsets
from grn_gat.zeroshot.ensemble import load_ensemble
from grn_gat.zeroshot.matrices import matrices_of, save_matrices


def main(snakemake) -> None:
    """Write the matrices of one chunk."""
    params, wildcards = snakemake.params, snakemake.wildcards
    deterministic()
    source = snakemake.input
    model, levels = load_subsets(source.state, source.start), load_ensemble(source.start)
    rng = generator(params.seed, "matrices", wildcards.kind, int(wildcards.chunk))
    settings = params.settings | {"rows": params.settings["aggregator"]["rows"]}
    found = list(matrices_of(model, levels, load_views(source.views), settings, rng))
    print(f"{len(found)} data sets, {sum(len(one.rows) for one in found)} candidate regulators")
    save_matrices(snakemake.output.matrices, found)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
