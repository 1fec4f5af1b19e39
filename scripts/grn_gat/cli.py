"""The command `grn-gat`. What a subcommand needs is imported when it is called."""

import argparse
import os
import shlex
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import NoReturn

from grn_gat.core.errors import InputError
from grn_gat.core.provenance import COMMAND
from grn_gat.core.spelling import did_you_mean
from grn_gat.core.version import VERSION

_ABOUT = """Gene regulatory networks from single-cell expression.

Begin with
  grn-gat example                   a small data set with its true network, in example/
  grn-gat infer example/cells.csv   the network of one file of cells: tables, figures and a page"""

# Subcommands and what they are for, in the order of a user's way.
_COMMANDS = {
    "example": "write a small expression file with its true network, simulated",
    "check": "say what would be read from a file, what is doubtful, and what inference would cost",
    "infer": "infer a network from one file of cells",
    "compare": "compare finished networks: shared edges, edges of one of them, hubs",
    "methods": "list the methods; begin and test one of your own",
    "export": "write ranked edges as geneRNIB or CausalBench reads them",
    "study": "run a study: data sets x methods x protocols, scored beside controls",
}
# Those that hand what follows `--` to another program.
_PASSING_ON = {"study"}
_INTERRUPTED = 130  # of a process that Ctrl-C ended, as shells count


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line and a way on."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"error: {message}; see {self.prog} --help\n")


def _question(word: str, given: Sequence[str], options: Iterable[str]) -> str:
    """What a word that is unknown was meant to be, as far as it tells."""
    if word.startswith("-"):
        return did_you_mean(word.partition("=")[0], options)
    before = given[max(0, given.index(word) - 2)]
    return " (values of one option are separated by commas)" if before.startswith("-") else ""


def _parser(chosen: str | None) -> tuple[argparse.ArgumentParser, list[str]]:
    """Return the parser; of the subcommands only the chosen one has its arguments."""
    parser = _Parser(
        prog="grn-gat", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"grn-gat {VERSION}")
    options: list[str] = []
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, purpose in _COMMANDS.items():
        own = commands.add_parser(
            name,
            help=purpose,
            description=f"{purpose[0].upper()}{purpose[1:]}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == chosen:
            import_module(f"grn_gat.command.{name}").add_arguments(own)
            options = [text for action in own._actions for text in action.option_strings]
    return parser, options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0, or 1 after one sentence on what is wrong."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    given = words
    chosen = next((word for word in given if word in _COMMANDS), None)
    passed_on: list[str] = []
    if chosen in _PASSING_ON and "--" in given:
        cut = given.index("--")
        given, passed_on = given[:cut], given[cut + 1 :]
    parser, options = _parser(chosen)
    if not given:
        parser.print_help()
        return 0
    parsed, more = parser.parse_known_args(given, argparse.Namespace(passed_on=passed_on))
    if hasattr(parsed, "targets") and not any(word.startswith("-") for word in more):
        # Before Python 3.12 argparse takes only those that directly follow the config.
        parsed.targets, more = [*parsed.targets, *more], []
    if more:
        program = " ".join(filter(None, ("grn-gat", chosen)))
        first = next((k for k, word in enumerate(more) if word.startswith("-")), 0)
        unknown = shlex.join(more[first:])
        question = _question(more[first], given, options)
        parser.exit(2, f"error: unknown: {unknown}{question}; see {program} --help\n")
    os.environ[COMMAND] = shlex.join(["grn-gat", *words])
    try:
        return int(import_module(f"grn_gat.command.{parsed.command}").run(parsed))
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\ninterrupted: the same command goes on where this one stopped", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:  # of `grn-gat methods | head`
        sys.stderr.close()
    except OSError as error:  # no permission, a full disk
        place = f"{error.filename}: " if error.filename else ""
        print(f"error: {place}{error.strerror or error}", file=sys.stderr)
    except MemoryError:
        print("error: there is not enough memory: take fewer genes", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
