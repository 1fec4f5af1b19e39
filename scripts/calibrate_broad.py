"""Put the two parts of the model together, calibrate it, and learn what is usual."""

import numpy as np
from safetensors.torch import load_file

from grn_gat.core.device import deterministic
from grn_gat.core.job import logged
from grn_gat.core.software import commit
from grn_gat.zeroshot.aggregator import Aggregator
from grn_gat.zeroshot.aggregator_training import logits_of
from grn_gat.zeroshot.broad_state import load_subsets
from grn_gat.zeroshot.calibration import fit
from grn_gat.zeroshot.ensemble import load_ensemble
from grn_gat.zeroshot.likeness import Likeness, features
from grn_gat.zeroshot.matrices import load_matrices
from grn_gat.zeroshot.zeroshot_model import Calibration, ZeroShotModel, save_model


def main(snakemake) -> None:
    """Score the calibration data sets, fit, write the weights."""
    params, source = snakemake.params, snakemake.input
    deterministic()
    settings = params.settings["aggregator"]
    aggregator = Aggregator(settings["width"], settings["layers"])
    aggregator.load_state_dict(load_file(source.aggregator))
    aggregator.agreement.fill_(params.agreement)
    aggregator.eval()
    points, parts = [], []
    for path in source.matrices:
        for matrix in load_matrices(path):
            edge, sign = logits_of(aggregator, matrix)
            pairs = ~matrix.itself
            genes = matrix.itself.shape[1]
            points.append(features(matrix.data, edge[pairs], sign[pairs] > 0, genes))
            parts.append([part[pairs].double().numpy() for part in (edge, sign, matrix.signs)])
    fitted = fit(*(np.concatenate(part) for part in zip(*parts, strict=True)))
    print(f"{len(points)} data sets, calibration: {fitted}")
    model = ZeroShotModel(
        load_subsets(source.state, source.start),
        load_ensemble(source.start),
        aggregator,
        params.settings["genes"],
        Likeness.of(np.stack(points)),
        Calibration(**fitted),
    )
    save_model(snakemake.output.weights, model, {"seed": params.seed, "commit": commit()})


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
