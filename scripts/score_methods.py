"""Metrics of every inference method on all pairs of a network: no label is used, no pair held out.

Controls: a random score (one per seed) and a constant one. Networks with a Boolean model are also
scored on the edges that its rules depend on (GSD: 72 of 76), as metrics `functional_...`.
"""

import numpy as np
import pandas as pd

from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged
from grn_gat.core.seeds import generator
from grn_gat.data.reference import edge_signs, read_reference
from grn_gat.evaluate.scoring import ScoreTables, method_predictions, score_methods
from grn_gat.evaluate.splits import candidate_pairs
from grn_gat.simulate.boolean_model import functional_edges


def main(snakemake) -> None:
    """Read ranked edges and reference networks, write metrics, curves, stability and failures."""
    source, params, out = snakemake.input, snakemake.params, snakemake.output
    network = snakemake.wildcards.network
    _, edges, regulators = read_reference(source.edges, source.regulators, source.expression)
    signs = edge_signs(edges)
    once = candidate_pairs(edges, regulators)[["Gene1", "Gene2", "edge"]]
    pairs = pd.concat([once.assign(replicate=r) for r in params.replicates], ignore_index=True)

    functional = functional_edges(edges, getattr(source, "model", None))
    scores = ScoreTables(network, "unsupervised", params.dropouts)

    def add(method, predictions, seed, dropout=None):
        scores.add(score_methods({method: predictions}, signs, functional), seed, dropout)

    rankings, failures = {}, []
    files = zip(params.axes, source.ranked, source.status, strict=True)
    for (method, replicate, dropout), ranked, status in files:
        found = rankings.setdefault((method, dropout), {})
        state = read_table(status).iloc[0]
        if state["status"] == "ok":
            found[replicate] = ranked
        else:
            failures.append((network, int(dropout), replicate, method, state["reason"]))
    for (method, dropout), paths in rankings.items():
        add(method, method_predictions(pairs, paths), 0, dropout)
        print(f"scored {method}, dropout {dropout}: {len(paths)} data sets", flush=True)
    for seed in params.seeds:
        rng = generator(params.seed, "control", "random", network, "unsupervised", seed)
        add("random", pairs.assign(score=rng.random(len(pairs))), seed)
    add("constant", pairs.assign(score=np.ones(len(pairs))), 0)

    tables = scores.tables()
    write_table(tables["metrics"], out.metrics)
    write_table(tables["curves"], out.curves, digits=5)
    write_table(tables["stability"], out.stability)
    columns = ["network", "dropout", "replicate", "method", "reason"]
    write_table(pd.DataFrame(failures, columns=columns), out.failures)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
