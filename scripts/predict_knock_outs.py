"""Predict knock-outs of simulated networks of one kind, measured in one way, by one method."""

from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.inference.knock_out_scores import Predictor, score_panels
from grn_gat.simulate.knock_out_panels import draw_panels
from grn_gat.simulate.measurement_settings import settings_of


def main(snakemake) -> None:
    """Draw networks and cells (which is cheaper than to keep them), predict, and write scores."""
    params, wildcards = snakemake.params, snakemake.wildcards
    block = params.pretraining["knock_outs"]
    panels = draw_panels(params.pretraining, block, wildcards.kind, block["networks"])
    predictor = Predictor(
        wildcards.method, params.pretraining["seed"], params.settings, block["damping"]
    )
    condition = f"{wildcards.kind} {wildcards.measurement}"
    table = score_panels(predictor, panels, settings_of(params.measurement), condition)
    named = {"kind": wildcards.kind, "measurement": wildcards.measurement}
    table = table.assign(**named)[[*named, *table.columns]]
    write_table(table, snakemake.output.scores, digits=6)
    print(f"{table['network'].nunique()} of {len(panels)} networks")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
