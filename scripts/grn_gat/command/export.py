"""`grn-gat export`: ranked edges in the files of another benchmark."""

from argparse import ArgumentParser, Namespace
from textwrap import dedent

from grn_gat.command.display import say
from grn_gat.core.errors import InputError

_BENCHMARKS = ("genernib", "causalbench")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("benchmark", choices=_BENCHMARKS, help="whose files to write")
    parser.add_argument(
        "ranked", metavar="rankedEdges.csv", help="columns Gene1, Gene2, EdgeWeight, tab-separated"
    )
    parser.add_argument(
        "output", metavar="OUTPUT", help="an .h5ad file for geneRNIB, a folder for CausalBench"
    )
    parser.add_argument("--method", required=True, help="name of the method there")
    parser.add_argument("--data-set", required=True, help="name of the data set there")
    parser.add_argument(
        "--edges",
        type=int,
        default=1000,
        help="edges of a list for CausalBench, the strongest (default: 1000)",
    )
    parser.epilog = dedent("""\
        BEELINE reads rankedEdges.csv as it is.

        example:
          grn-gat export genernib my-cells-network/consensus/rankedEdges.csv prediction.h5ad \\
            --method consensus --data-set norman""")


def run(arguments: Namespace) -> int:
    """Read the ranked edges and write them."""
    if arguments.edges < 1:
        raise InputError(f"--edges {arguments.edges}: at least 1 is needed")
    from grn_gat.data.benchmark_files import write_causalbench, write_genernib
    from grn_gat.data.ranked_edges import read_ranked_edges

    ranked, names = read_ranked_edges(arguments.ranked), (arguments.method, arguments.data_set)
    if arguments.benchmark == "genernib":
        write_genernib(arguments.output, ranked, *names)
    else:
        write_causalbench(arguments.output, ranked, arguments.edges, *names)
    say(f"wrote {arguments.output}")
    return 0
