"""Calibrate the pretrained ensemble on held-out networks and write its weights file."""

from safetensors.torch import load_file

from grn_gat.core.device import deterministic
from grn_gat.core.job import logged
from grn_gat.core.software import commit
from grn_gat.simulate.chunks import load_chunks
from grn_gat.zeroshot.ensemble import Ensemble, load_ensemble, save_ensemble
from grn_gat.zeroshot.validation import conditions, fit_calibration, scored


def main(snakemake) -> None:
    """Score the calibration networks under every condition, fit, write."""
    params, source = snakemake.params, snakemake.input
    deterministic()
    samples = load_chunks(source.networks)
    members = [load_file(path) for path in source.members]
    provenance = {"seed": params.pretraining["seed"], "commit": commit()}
    unfitted = dict.fromkeys(("temperature", "sign_temperature"), 1.0) | {"shift": 0.0}
    out = snakemake.output.weights
    # Written once without calibration, so that what is calibrated is what is read back.
    save_ensemble(out, members, params.pretraining["model"], unfitted, provenance)
    ensemble: Ensemble = load_ensemble(out)
    found = []
    for condition in conditions(params.pretraining["validation"]):
        found += scored(ensemble, samples, condition, params.pretraining["seed"])
        print(f"scored {len(samples)} networks: {condition}")
    fitted = fit_calibration(found)
    print(f"calibration: {fitted}")
    save_ensemble(out, members, params.pretraining["model"], fitted, provenance)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
