"""What jobs that run a method read of a data set: its cells, and how large its network is."""

from typing import Any

from grn_gat.core.files import read_table
from grn_gat.data.edges import no_edges, read_edges
from grn_gat.data.evidence_files import read_evidence_files
from grn_gat.data.expression import read_expression
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.data.regulators import read_regulators
from grn_gat.evaluate.inferred import number_of_edges
from grn_gat.inference.attempt import Cells


def read_cells_of(source: Any, data_set: str) -> Cells:
    """Read what a method sees, never a known edge.

    Args:
        source: inputs of a job: expression, pseudotime, regulators and evidence.
        data_set: its name.
    """
    genes, names, expression = read_expression(source.expression)
    pseudotime = read_pseudotime(source.pseudotime, names, genes)
    regulators = read_regulators(source.regulators, genes)
    evidence = read_evidence_files(source.evidence, genes, names)
    return Cells.named(genes, expression, pseudotime, regulators, evidence, data_set)


def read_number_of_edges(source: Any, cells: Cells, edges_per_gene: float) -> int:
    """Return the number of edges of a method's network; 0 where the method failed.

    Args:
        source: inputs of a job: status of the method, and edges, the known ones, if there are any:
            of these only their number is used.
        cells: of the data set.
        edges_per_gene: where no edge is known.
    """
    if read_table(source.status)["status"].item() != "ok":
        return 0
    genes = list(cells.genes)
    reference = read_edges(source.edges, genes) if source.edges else no_edges()
    regulators = [genes[k] for k in cells.regulators]
    return number_of_edges(genes, reference, regulators, edges_per_gene)
