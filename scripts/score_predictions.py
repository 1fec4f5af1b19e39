"""Metrics and curves of one network and protocol: GATv2, its controls, methods without labels."""

from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged
from grn_gat.core.protocols import PAPER, stream_name
from grn_gat.data.reference import read_others, read_reference, reference_signs
from grn_gat.evaluate.intervals import MIN_REPLICATES
from grn_gat.evaluate.label_controls import predict_controls
from grn_gat.evaluate.regulator_groups import RegulatorGroups
from grn_gat.evaluate.relabelling import Relabelling
from grn_gat.evaluate.score_tables import ScoreTables, read_rankings
from grn_gat.simulate.boolean_model import functional_edges


def main(snakemake) -> None:
    """Score every method on the same out-of-fold pairs; files come in the order of `axes`."""
    source, params, out = snakemake.input, snakemake.params, snakemake.output
    network, protocol = snakemake.wildcards.network, snakemake.wildcards.protocol
    signs = functional = relabelling = groups = None
    if protocol != PAPER:  # whose pairs are no network
        genes, edges, _ = read_reference(source.edges, source.regulators, source.expression)
        signs = reference_signs(edges)
        functional = functional_edges(edges, getattr(source, "model", None))
        relabelling = Relabelling(params.scoring["relabellings"], params.seed, network)
        if len(params.replicates) < MIN_REPLICATES:
            groups = RegulatorGroups(params.seed, network)
    scores = ScoreTables(network, protocol, params.dropouts, signs, functional, relabelling, groups)
    pairs = None
    for (dropout, seed), path in zip(params.axes["gat"], source.predictions, strict=True):
        predictions = read_table(path)
        # The same in every seed that the protocol can be carried out with; there others are scored.
        if pairs is None or pairs.empty:
            pairs = predictions[["replicate", "Gene1", "Gene2", "edge"]].drop_duplicates()
        scores.add({"gat": predictions}, seed, dropout)
        print(f"scored gat, dropout {dropout}, seed {seed}", flush=True)
    axes = params.axes["model_controls"]
    for (control, dropout, seed), path in zip(axes, source.model_controls, strict=True):
        scores.add({control: read_table(path)}, seed, dropout)
    for (dropout, seed), path in zip(params.axes["fine_tuned"], source.fine_tuned, strict=True):
        scores.add({"gat-finetuned": read_table(path)}, seed, dropout)
    for seed, path in zip(params.seeds, source.folds, strict=True):
        stream = (network, stream_name(protocol), seed)
        controls = predict_controls(
            read_table(path), protocol, params.replicates, params.seed, stream
        )
        for control, predictions in controls:
            scores.add({control: predictions}, seed)
        print(f"scored the controls, seed {seed}", flush=True)
    if protocol != PAPER:
        scores.add_degrees(pairs, edges, read_others(params.others, source.others, genes))
    # Where a method failed is a table of score_methods.
    rankings, _ = read_rankings(network, params.axes["methods"], source.ranked, source.status)
    scores.add_rankings(pairs, rankings)
    tables = scores.tables()
    write_table(tables["metrics"], out.metrics)
    write_table(tables["regulators"], out.regulators)
    write_table(tables["curves"], out.curves, digits=5)
    write_table(tables["stability"], out.stability)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
