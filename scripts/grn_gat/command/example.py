"""`grn-gat example`: a small data set to try things on, with the network that it was made from."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from textwrap import dedent

from grn_gat.command.display import program, quiet, say
from grn_gat.core.errors import InputError

_MODEL = "HSC"
# A study of the same model: what the workflow does with data, in about a minute.
_STUDY = """\
# A small study: {model} simulated twice, {cells} cells each, with and without dropouts.
#   grn-gat study {folder}/study.yaml --directory {folder}-study
networks:
  {model}:
    model: workflow/resources/models/{model}.tsv # comes with grn-gat; a path of your own works too
    replicates: 2
    cells: {cells}
dropout: [0, 50]
methods: [gat-zeroshot, pearson, pidc]
protocols: [pair]
model_controls: [gat-shuffled]
seeds: [1, 2]
cross_validation: {{ folds: 3 }}
training: {{ epochs: 30, patience: 10, device: cpu }}
fine_tuning: {{ steps: 4, check_every: 2 }}
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "folder", metavar="FOLDER", nargs="?", default="example", help="where to (default: example)"
    )
    parser.add_argument(
        "--cells", type=int, default=500, help="number of cells (default: 500, at least 10)"
    )
    parser.epilog = dedent(f"""\
        Simulates cells of the Boolean model {_MODEL} (hematopoietic stem cells, 11 genes; Krumsiek
        et al. 2011) as a study does, and writes
          cells.csv        expression, genes in rows and cells in columns
          network.csv      the network that made them: Gene1 (regulator), Gene2, Type (+, -)
          pseudotime.csv   the time of each cell, a column per trajectory
          study.yaml       the config of a small study of the same model""")


def run(arguments: Namespace) -> int:
    """Simulate and write."""
    folder, cells = Path(arguments.folder), arguments.cells
    if cells < 10:
        raise InputError(f"--cells {cells}: at least 10 are needed")
    names = ("cells.csv", "pseudotime.csv", "network.csv", "regulators.csv", "study.yaml")
    there = [folder / name for name in names if (folder / name).exists()]
    if there:
        raise InputError(f"{there[0]}: is there already; name another folder: grn-gat example DIR")
    from grn_gat.core.repository import repository
    from grn_gat.data.dataset import write_dataset
    from grn_gat.simulate.boolean_model import read_model
    from grn_gat.simulate.dataset import simulate_dataset
    from grn_gat.study.place import schema
    from grn_gat.study.schema import fill

    defaults = fill({}, schema("study"))
    model = read_model(repository() / f"workflow/resources/models/{_MODEL}.tsv")
    with quiet():
        dataset = simulate_dataset(
            model, cells, defaults["seed"], (_MODEL, 1), defaults["simulation"]
        )
    write_dataset(dataset, *(folder / name for name in names[:3]))
    text = _STUDY.format(model=_MODEL, cells=cells, folder=folder)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    edges = dataset.edges
    loops = int((edges["Gene1"] == edges["Gene2"]).sum())
    say(
        f"wrote {folder}: {len(dataset.genes)} genes, {cells} cells, {len(edges)} edges, of which "
        f"{loops} are of a gene with itself: no method infers these"
    )
    say(f"next: {program()} infer {folder}/cells.csv --reference {folder}/network.csv")
    return 0
