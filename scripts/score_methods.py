"""Metrics of every inference method on all pairs of a network: no label is used, no pair held out.

Controls: a random score (one per seed), a constant one, and degrees in other references of the
same cells; the out-degree in the reference itself as an oracle. Networks with a Boolean model are
also scored on the edges that its rules depend on (GSD: 72 of 76), as metrics `functional_...`.
"""

from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.data.reference import read_others, read_reference, reference_signs
from grn_gat.evaluate.intervals import MIN_REPLICATES
from grn_gat.evaluate.regulator_groups import RegulatorGroups
from grn_gat.evaluate.relabelling import Relabelling
from grn_gat.evaluate.score_tables import ScoreTables, pairs_of_replicates, read_rankings
from grn_gat.simulate.boolean_model import functional_edges


def main(snakemake) -> None:
    """Read ranked edges and reference networks, write metrics, curves, stability and failures."""
    source, params, out = snakemake.input, snakemake.params, snakemake.output
    network = snakemake.wildcards.network
    genes, edges, regulators = read_reference(source.edges, source.regulators, source.expression)
    pairs = pairs_of_replicates(edges, regulators, params.replicates)
    rankings, failures = read_rankings(network, params.axes, source.ranked, source.status)
    functional = functional_edges(edges, getattr(source, "model", None))
    relabelling = Relabelling(params.scoring["relabellings"], params.seed, network)
    few = len(params.replicates) < MIN_REPLICATES
    scores = ScoreTables(
        network,
        "unsupervised",
        params.dropouts,
        reference_signs(edges),
        functional,
        relabelling,
        RegulatorGroups(params.seed, network) if few else None,
    )
    scores.add_rankings(pairs, rankings)
    scores.add_degrees(pairs, edges, read_others(params.others, source.others, genes))
    scores.add_uninformed(pairs, params.seed, params.seeds)
    tables = scores.tables()
    write_table(tables["metrics"], out.metrics)
    write_table(tables["regulators"], out.regulators)
    write_table(tables["curves"], out.curves, digits=5)
    write_table(tables["stability"], out.stability)
    write_table(failures, out.failures)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
