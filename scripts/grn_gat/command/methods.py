"""`grn-gat methods`: which methods there are."""

from argparse import ArgumentParser, Namespace
from textwrap import dedent


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.epilog = dedent("""\
        The name is that of `grn-gat infer CELLS --methods NAME` and of `methods:` in a config.
        directed: whether regulator and target are told apart.
        signed: whether the method itself says activation or repression.""")


def run(arguments: Namespace) -> int:
    """Print the methods as a table."""
    from grn_gat.report.method_titles import methods_table

    print(methods_table().to_markdown(tablefmt="plain", index=False))
    return 0
