"""`grn-gat methods`: which methods there are; a file of your own, begun and tested."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from textwrap import dedent

from grn_gat.command.display import say
from grn_gat.core.errors import InputError


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--template", metavar="FILE", help="write a method to begin with")
    asked.add_argument(
        "--test",
        metavar="FILE",
        help="run a method of your own on made-up data, and say what is wrong with it",
    )
    parser.epilog = dedent("""\
        The name is that of `grn-gat infer CELLS --methods NAME` and of `methods:` in a config.
        directed: whether regulator and target are told apart.
        signed: whether the method itself says activation or repression.

        A method of your own is a Python file, my_methods/my_method.py, in a folder that
        `methods_path:` of a config names. --test runs its code, as a study does.""")


def run(arguments: Namespace) -> int:
    """Print the methods as a table, or begin or test one; 1 where the test found a mistake."""
    if arguments.template:
        return _write_template(Path(arguments.template))
    if arguments.test:
        return _test(Path(arguments.test))
    from grn_gat.report.method_titles import methods_table

    print(methods_table().to_markdown(tablefmt="plain", index=False))
    return 0


def _write_template(path: Path) -> int:
    from grn_gat.algorithms._registry import template

    if path.exists():
        raise InputError(f"{path}: is there already; name another file")
    if path.suffix != ".py":
        raise InputError(f"{path}: a method is a file NAME.py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(template(), encoding="utf-8")
    say(f"wrote {path}")
    say(f"next: grn-gat methods --test {path}")
    return 0


def _test(path: Path) -> int:
    from grn_gat.inference.trial import WRONG, try_method

    wrong = 0
    for found in try_method(path):
        wrong += found.state == WRONG
        say(f"{found.state:6}  {found.about}: {found.text}", sys.stdout)
    return int(wrong > 0)
