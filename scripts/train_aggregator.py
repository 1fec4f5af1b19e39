"""Train the aggregator on what the model of subsets says of views that it has not seen."""

import pandas as pd
from safetensors.torch import save_file

from grn_gat.core.device import deterministic
from grn_gat.core.files import atomic_path, write_table
from grn_gat.core.job import logged
from grn_gat.core.seeds import generator, integer_seed
from grn_gat.zeroshot.aggregator_training import train_aggregator
from grn_gat.zeroshot.matrices import load_matrices


def main(snakemake) -> None:
    """Write the aggregator and the curve of its loss."""
    params, out = snakemake.params, snakemake.output
    deterministic()
    found = [one for path in snakemake.input.matrices for one in load_matrices(path)]
    names = (params.seed, "aggregator", snakemake.wildcards.variant)
    settings = params.settings["aggregator"] | {
        "sign_weight": params.settings["sign_weight"],
        "hidden": params.settings["hidden"],
    }
    seed = integer_seed(*names, "weights") % 2**63
    aggregator, curve = train_aggregator(found, settings, generator(*names, "order"), seed)
    with atomic_path(out.aggregator) as temporary:
        save_file(aggregator.state_dict(), temporary)
    table = pd.DataFrame({"epoch": range(1, len(curve) + 1), "train_loss": curve})
    write_table(table, out.curve, digits=6)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
