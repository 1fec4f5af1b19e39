"""Write the model card of the zero-shot model, its scores as a table, and its figure."""

import pandas as pd

from grn_gat.core.files import atomic_path, read_table, write_table
from grn_gat.core.job import logged
from grn_gat.report.figures_zeroshot import plot_validation
from grn_gat.report.style import save_figure
from grn_gat.zeroshot.model_card import score_table, write_card
from grn_gat.zeroshot.weights_metadata import read_metadata


def main(snakemake) -> None:
    """Read weights' metadata, curves, metrics and calibration; write card, scores and figure."""
    source, out = snakemake.input, snakemake.output
    metadata = read_metadata(source.weights)
    curves = pd.concat(
        [read_table(path).assign(member=k) for k, path in enumerate(source.curves, start=1)]
    )
    curves = curves[["member", *[c for c in curves.columns if c != "member"]]]
    metrics, calibration = read_table(source.metrics), read_table(source.calibration)
    text = write_card(
        snakemake.params.pretraining,
        metadata["provenance"],
        metadata["calibration"],
        curves,
        metrics,
        calibration,
    )
    with atomic_path(out.card) as temporary:
        temporary.write_text(text, encoding="utf-8")
    write_table(score_table(metrics), out.scores)
    save_figure(plot_validation(curves, metrics, calibration), out.figure, out.vector)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
