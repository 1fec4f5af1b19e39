"""`grn-gat compare`: what finished networks share, and what is of one of them."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from textwrap import dedent

from grn_gat.command.display import say
from grn_gat.core.errors import InputError


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "folders",
        metavar="FOLDER",
        nargs="+",
        help="folders that grn-gat infer wrote, two or more, of the same genes",
    )
    parser.add_argument(
        "--output",
        metavar="FOLDER",
        default="comparison",
        help="of the results (default: comparison)",
    )
    parser.add_argument(
        "--edges-per-gene",
        type=float,
        default=2,
        metavar="N",
        help="edges of each network for each gene that all have (default: 2)",
    )
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace a comparison of other folders",
    )
    parser.epilog = dedent("""\
        Compares the networks of every method that all have: shared edges, edges of one of them,
        hubs. The cells are not at hand, so that no permutation tells what chance would give; that
        does `grn-gat infer cells.h5ad --groupby COLUMN`, where the groups are of one file.

        example:
          grn-gat compare control-network treated-network""")


def run(arguments: Namespace) -> int:
    """Compare, write, and say which file to open."""
    if len(arguments.folders) < 2:
        raise InputError(f"{arguments.folders[0]}: is one network; name two or more to compare")
    if arguments.edges_per_gene <= 0:
        raise InputError(f"--edges-per-gene {arguments.edges_per_gene}: expected more than 0")
    from grn_gat.inference.group_files import sentences
    from grn_gat.inference.grouped import compare_folders

    paths = [Path(folder) for folder in arguments.folders]
    names = [path.resolve().name.removesuffix("-network") or str(path) for path in paths]
    if len(set(names)) < len(names):
        names = arguments.folders
    if len(set(names)) < len(names):
        raise InputError(f"{', '.join(names)}: the same folder twice")
    page = compare_folders(
        dict(zip(names, paths, strict=True)),
        Path(arguments.output),
        arguments.edges_per_gene,
        ("pdf", "svg"),
        arguments.overwrite,
    )
    for line in sentences(page.parent):
        say(line)
    say(f"open {page}", sys.stdout)
    return 0
