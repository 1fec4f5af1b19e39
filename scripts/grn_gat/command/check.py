"""`grn-gat check`: what would be read from a file, what is doubtful, and what it would cost."""

import sys
from argparse import ArgumentParser, Namespace
from textwrap import TextWrapper, dedent

from grn_gat.command.display import say
from grn_gat.command.inputs import add_inputs, read_study
from grn_gat.core.errors import InputError
from grn_gat.core.own_methods import own_methods

_FILLED = TextWrapper(100, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_inputs(parser)
    parser.epilog = dedent("""\
        Reads everything that `grn-gat infer` with the same arguments would, writes nothing.

        example:
          grn-gat check atlas.h5ad --layer counts --methods gat-zeroshot,pidc""")


def run(arguments: Namespace) -> int:
    """Read the data and print what there is to say."""
    study = read_study(arguments)
    from grn_gat.inference.preview import preview

    wrong = []
    with own_methods(study.own_folder):
        for name in study.asked_for:
            if arguments.samples:
                say(name, sys.stdout)
            try:
                found = preview(study, name)
            except InputError as error:
                wrong.append(f"{name}: {error}" if arguments.samples else str(error))
                continue
            for title, lines in found.items():
                say(title, sys.stdout)
                for line in lines:
                    say(_FILLED.fill(line), sys.stdout)
    if wrong:
        raise InputError("\n".join(wrong))
    return 0
