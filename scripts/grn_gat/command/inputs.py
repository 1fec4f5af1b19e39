"""The files of one data set, as `infer` and `check` take them from the command line."""

import re
from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from pathlib import Path
from typing import Any

from grn_gat.algorithms._registry import INFERRED
from grn_gat.core.errors import InputError
from grn_gat.data.cell_preparation import MOST_CELLS, MOST_GENES, NORMALISATIONS
from grn_gat.data.evidence_names import FOLDS, PRIOR
from grn_gat.study.config import ONE_SHOT, check_dataset_files
from grn_gat.study.sample_sheet import read_sample_sheet
from grn_gat.study.study import Study


def add_inputs(parser: ArgumentParser) -> None:
    """Add what describes one data set, or many of a sample sheet, and the methods."""
    parser.add_argument(
        "expression",
        metavar="CELLS",
        nargs="?",
        help="expression: .h5ad, .loom, text with genes in rows and cells in columns (.csv, .tsv, "
        ".txt, also .gz), a folder or .h5 file of 10x Genomics; values >= 0: counts, or log(1 + "
        "counts)",
    )
    parser.add_argument(
        "--samples",
        metavar="TABLE",
        help="many files, in place of CELLS: a table with columns name, expression and any other "
        "input (regulators, layer, ...); the results of each are in a folder of its name",
    )
    parser.add_argument("--name", help="name of the data set (default: that of the file)")
    parser.add_argument(
        "--methods",
        default=",".join(INFERRED),
        metavar="A,B",
        help="methods, separated by commas, or all (default: %(default)s; `grn-gat methods`)",
    )
    parser.add_argument(
        "--methods-path",
        metavar="FOLDER",
        help="folder of methods of your own, one Python file each, which --methods may name; their "
        "code is run (`grn-gat methods --template`)",
    )
    parser.add_argument(
        "--regulators",
        metavar="WHAT",
        help="candidate regulators (transcription factors): a list, one per line; or human, mouse, "
        "auto (by the spelling of the genes), all. Without it auto, and every gene of a file of "
        "100 genes at most or without known transcription factors",
    )
    parser.add_argument(
        "--pseudotime",
        metavar="WHAT",
        help="a table with cells in rows and a column per trajectory; of .h5ad the names of obs "
        "columns, separated by commas; or diffusion, by scanpy from --root",
    )
    parser.add_argument(
        "--root",
        metavar="CELL",
        help="cell that pseudotime by diffusion begins at: its name, or, of .h5ad, COLUMN=LABEL of "
        "obs: the cell nearest to the mean of those",
    )
    _add_evidence(parser)
    parser.add_argument(
        "--reference",
        metavar="FILE",
        help="known edges to score the result with: Gene1,Gene2[,Type]",
    )
    parser.add_argument(
        "--layer",
        help="layer of an .h5ad or .loom file to take in place of its main matrix; raw is the one "
        "that scanpy sets aside",
    )
    parser.add_argument(
        "--duplicates",
        choices=("error", "first", "sum"),
        help="what becomes of genes with one name (default: error)",
    )
    parser.add_argument(
        "--symbols", metavar="COLUMN", help="column of var of an .h5ad file that names the genes"
    )
    _add_preparation(parser)
    parser.add_argument(
        "--null",
        dest="shuffled_null",
        action=BooleanOptionalAction,
        help="run each method on shuffled genes too, and say how many edges chance would give, in "
        "as much time again (default: the methods of which that says something and that are fast; "
        "not gat-zeroshot)",
    )
    parser.add_argument(
        "--stability",
        type=int,
        metavar="RUNS",
        help="on how many random parts of the cells (80 %%) each method is run too, to say how "
        "stable each edge is; 0: none (default: 10, or 5 of more than a million pairs, of the "
        "methods that are fast)",
    )
    parser.add_argument(
        "--donors",
        metavar="WHAT",
        help="donor, sample or batch of each cell: a column of obs of an .h5ad file, or a table "
        "with columns cell and donor; methods are run on the cells of each donor too",
    )
    parser.add_argument(
        "--groupby",
        metavar="WHAT",
        help="groups of cells, a network of each and a comparison: a column of obs of an .h5ad "
        "file (leiden, cell_type, condition, ...), or a table with columns cell and group",
    )
    parser.add_argument(
        "--permutations",
        type=int,
        metavar="N",
        help="how often the labels of groups are permuted to compare their networks (default: 19, "
        "of the methods that are fast; 0: none)",
    )
    parser.add_argument(
        "--pairs",
        choices=("none", "csv", "h5ad"),
        help="how all pairs are written beside the strongest edges: csv (rankedEdges.csv of each "
        "method, BEELINE's format) or h5ad (cells and networks in one AnnData file); default: none",
    )
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="any other key of a config, e.g. method_settings.genie3.trees=1000; may be repeated",
    )


def _add_preparation(parser: ArgumentParser) -> None:
    """Add what is taken of a large file."""
    parser.add_argument(
        "--genes",
        metavar="WHICH",
        help=f"genes that are taken: auto (the default: of more than {MOST_GENES} the expressed "
        f"regulators, and those that vary most up to {MOST_GENES}), all, hvg:N (the N that vary "
        "most, and the expressed regulators), var:COLUMN (truth values in var of .h5ad), or a "
        "list, one per line",
    )
    parser.add_argument(
        "--cells",
        type=int,
        metavar="N",
        help=f"cells that are taken at most, drawn from each group by its share (default: "
        f"{MOST_CELLS} of files of more than {MOST_GENES} genes; 0: all)",
    )
    parser.add_argument(
        "--groups",
        metavar="COLUMN",
        help="column of obs of an .h5ad file with the groups that cells are drawn by (default: the "
        "first that looks like clusters or types)",
    )
    parser.add_argument(
        "--normalise",
        choices=NORMALISATIONS,
        help="what is done to counts: none, log1p, cp10k (as scanpy: each cell to 10,000, then "
        "log1p), or auto (the default: what the default methods ask for, that is none)",
    )


def _add_evidence(parser: ArgumentParser) -> None:
    """Add what cells may come with beside their expression; of .h5ad some of it is inside."""
    parser.add_argument(
        "--perturbations",
        metavar="WHAT",
        help="a table with columns cell, gene (empty where nothing was done) and, optionally, "
        "kind; or, of .h5ad, the name of an obs column. Read by gat-zeroshot-perturbations",
    )
    parser.add_argument(
        "--perturbation-kind",
        choices=tuple(FOLDS),
        help="what was done to the genes where the table has no kind (default: knock-out)",
    )
    parser.add_argument(
        "--prior",
        action="append",
        metavar="FILE",
        help="edges of a prior network, of any quality: Gene1,Gene2; may be repeated. Read by "
        "gat-zeroshot-prior",
    )
    for name, what in (
        ("protein", "protein of the same cells, named by genes"),
        ("activity", "activity of the promoter of each gene (open chromatin) in the same cells"),
        ("velocity", "RNA velocity of each gene in the same cells"),
    ):
        place = "table of obsm" if name == "protein" else "layer"
        parser.add_argument(
            f"--{name}",
            metavar="WHAT",
            help=f"{what}: a file as of expression, or, of .h5ad, the name of a {place}. Read by "
            f"gat-zeroshot-{name}",
        )


def name_of(path: str) -> str:
    """Name of a data set, from that of its file: cells of data/cells.csv.gz."""
    stem = re.sub(r"\.(csv|tsv|txt|h5ad)(\.gz)?$", "", Path(path).name, flags=re.IGNORECASE)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).lstrip("._-")
    return name or "data"


def _value(text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text


def _set(config: dict[str, Any], assignment: str) -> None:
    key, equals, text = assignment.partition("=")
    if not equals or not key:
        raise InputError(f"--set {assignment}: expected KEY=VALUE, as in hubs.edges_per_gene=3")
    *blocks, last = key.split(".")
    inner = config
    for block in blocks:
        inner = inner.setdefault(block, {})
        if not isinstance(inner, dict):
            raise InputError(f"--set {assignment}: {block} is no block of keys")
    inner[last] = _value(text)


def read_study(arguments: Namespace) -> Study:
    """Return the study of what is asked for, checked: keys, files and names of methods.

    Raises:
        InputError: a value is wrong, there is no such file, or a method's package is missing.
    """
    given = {key: getattr(arguments, key, None) for key in ONE_SHOT}
    entry = {key: value for key, value in given.items() if value not in (None, "")}
    if sheet := getattr(arguments, "samples", None):
        if "expression" in entry or arguments.name:
            raise InputError("--samples: the table names the files; give no other file, nor --name")
        entries = {
            name: {**entry, **row}
            for name, row in read_sample_sheet(sheet, ONE_SHOT, (PRIOR,)).items()
        }
    elif "expression" not in entry:
        raise InputError("name a file of cells, or a table of such files with --samples")
    else:
        entries = {arguments.name or name_of(arguments.expression): entry}
    wrong = []
    for name, one in entries.items():
        try:
            check_dataset_files(one)
        except InputError as error:
            wrong.append(f"{sheet}: {name}: {error}" if sheet else str(error))
    if wrong:  # all of them at once, before anything starts
        raise InputError("\n".join(wrong))
    config: dict[str, Any] = {"infer": entries, "methods": arguments.methods.replace(" ", "")}
    if arguments.methods_path:
        config["methods_path"] = arguments.methods_path
    if getattr(arguments, "seed", None) is not None:
        config["seed"] = arguments.seed
    for assignment in arguments.settings:
        _set(config, assignment)
    try:
        study = Study.installed(config)
    except InputError as error:  # there is no config that the user wrote
        places = [f"config: infer.{name}." for name in entries]
        told = str(error)
        where = next((place for place in places if told.startswith(place)), "")
        raise InputError(told.removeprefix(where)) from None
    for method in study.methods:
        study.check_package(method)
    return study
