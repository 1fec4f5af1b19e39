"""Metrics and curves of one network and protocol: GATv2, its controls and the peers."""

from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged
from grn_gat.core.protocols import PAPER
from grn_gat.data.reference import edge_signs, read_reference
from grn_gat.evaluate.scoring import ScoreTables, method_predictions, score_methods
from grn_gat.simulate.boolean_model import functional_edges


def main(snakemake) -> None:
    """Score every method on the same out-of-fold pairs; files come in the order of `axes`."""
    source, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    scores = ScoreTables(wildcards.network, wildcards.protocol, params.dropouts)
    signs = functional = None
    if wildcards.protocol != PAPER:  # whose pairs are no network
        _, edges, _ = read_reference(source.edges, source.regulators, source.expression)
        signs = edge_signs(edges)
        functional = functional_edges(edges, getattr(source, "model", None))

    def add(methods, seed, dropout=None):
        scores.add(score_methods(methods, signs, functional), seed, dropout)

    pairs = None
    for (dropout, seed), path in zip(params.axes["gat"], source.predictions, strict=True):
        predictions = read_table(path)
        if pairs is None:  # the same in every seed, where peers are scored
            pairs = predictions[["replicate", "Gene1", "Gene2", "edge"]].drop_duplicates()
        add({"gat": predictions}, seed, dropout)
        print(f"scored gat, dropout {dropout}, seed {seed}", flush=True)
    axes = params.axes["model_controls"]
    for (control, dropout, seed), path in zip(axes, source.model_controls, strict=True):
        add({control: read_table(path)}, seed, dropout)
    for (dropout, seed), path in zip(params.axes["fine_tuned"], source.fine_tuned, strict=True):
        add({"gat-finetuned": read_table(path)}, seed, dropout)
    for seed, path in zip(params.seeds, source.controls, strict=True):
        controls = dict(list(read_table(path).groupby("method", sort=False)))
        add(controls, seed)

    rankings: dict = {}
    files = zip(params.axes["methods"], source.ranked, source.status, strict=True)
    for (method, replicate, dropout), ranked, status in files:
        found = rankings.setdefault((method, dropout), {})
        if read_table(status)["status"].item() == "ok":
            found[replicate] = ranked
    for (method, dropout), paths in rankings.items():
        add({method: method_predictions(pairs, paths)}, 0, dropout)
        print(f"scored {method}, dropout {dropout}", flush=True)

    tables = scores.tables()
    write_table(tables["metrics"], snakemake.output.metrics)
    write_table(tables["curves"], snakemake.output.curves, digits=5)
    write_table(tables["stability"], snakemake.output.stability)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
