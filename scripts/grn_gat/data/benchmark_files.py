"""Ranked edges in the formats of other benchmarks: what each asks of a prediction.

geneRNIB (Nourisa et al., bioRxiv 2025.02.25.640181; github.com/openproblems-bio/task_grn_inference)
takes an .h5ad file without cells: `uns` has `method_id`, `dataset_id` and `prediction`, a table of
source, target and weight, the weights as text. At most 50,000 edges are looked at, those with the
largest |weight|; sources that are not in its list of transcription factors are left out.

CausalBench (Chevalley et al., arXiv 2210.17283; github.com/causalbench/causalbench) takes a list of
directed edges without weights. Its evaluation reads of each folder `output_network.csv` (numbered
rows, columns 0 and 1) and the name of the data set from `arguments.json`.

BEELINE (Pratapa et al. 2020; github.com/Murali-group/Beeline, version 1.1) finds
`outputs/<dataset>/<run>/<algorithm>/rankedEdges.csv` and `inputs/<dataset>/<reference network>`
through a config file.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike, atomic_path
from grn_gat.data.network_export import choose_edges

GENERNIB, CAUSALBENCH, BEELINE = "genernib", "causalbench", "beeline"
GENERNIB_EDGES = 50_000
CAUSALBENCH_FILES = ("output_network.csv", "arguments.json")
BEELINE_REFERENCE = "GroundTruthNetwork.csv"  # the name that BEELINE takes where none is given


def write_genernib(path: PathLike, ranked: pd.DataFrame, method: str, data_set: str) -> None:
    """Write geneRNIB's prediction: the strongest edges, never one of weight 0.

    Weights are signed where the method's scores are.

    Args:
        path: .h5ad file to write; it appears complete or not at all.
        ranked: columns Gene1 (regulator), Gene2, EdgeWeight; each pair once.
        method, data_set: `method_id` and `dataset_id`; geneRNIB's names of data sets are its own
            (op, norman, replogle, ...).

    Raises:
        InputError: no edge has a weight, or the file is not an .h5ad file by its name.
    """
    if Path(path).suffix != ".h5ad":
        raise InputError(f"{path}: geneRNIB takes a file whose name ends in .h5ad")
    import anndata

    edges = _strongest(path, ranked, GENERNIB_EDGES)
    table = pd.DataFrame(
        {
            "source": edges["regulator"].astype(object),
            "target": edges["target"].astype(object),
            "weight": pd.Series([f"{score:.9g}" for score in edges["score"]], dtype=object),
        }
    )
    table.index = table.index.astype(str)  # as AnnData stores it, which else warns
    uns = {"method_id": method, "dataset_id": data_set, "prediction": table}
    with atomic_path(path) as temporary:
        anndata.AnnData(X=None, uns=uns).write_h5ad(temporary, compression="gzip")


def write_causalbench(
    folder: PathLike, ranked: pd.DataFrame, number: int, method: str, data_set: str
) -> None:
    """Write the folder of a run of CausalBench: the strongest edges as a list, and what it is of.

    Args:
        folder: holds `output_network.csv` and `arguments.json` then.
        ranked: columns Gene1 (regulator), Gene2, EdgeWeight; each pair once. CausalBench can judge
            edges of perturbed genes only: they are the candidate regulators to infer with.
        number: edges to write; fewer where fewer have a weight.
        method, data_set: `model_name` and `dataset_name` (its own are weissmann_k562 and
            weissmann_rpe1).

    Raises:
        InputError: no edge has a weight.
    """
    network, arguments = (Path(folder) / name for name in CAUSALBENCH_FILES)
    edges = _strongest(network, ranked, number)[["regulator", "target"]]
    with atomic_path(network) as temporary:
        edges.set_axis([0, 1], axis=1).to_csv(temporary, lineterminator="\n")
    with atomic_path(arguments) as temporary:
        temporary.write_text(json.dumps({"model_name": method, "dataset_name": data_set}) + "\n")


def _strongest(path: PathLike, ranked: pd.DataFrame, number: int) -> pd.DataFrame:
    edges = choose_edges(ranked, number)
    if edges.empty:
        raise InputError(f"{path}: no edge has a weight other than 0, so there is none to write")
    return edges


def beeline_config(
    runs: Mapping[str, Sequence[str]], methods: Sequence[str], reference: str = BEELINE_REFERENCE
) -> dict[str, Any]:
    """Return the config by which BEELINE's evaluator finds predictions in its working directory.

    Args:
        runs: names of the runs of each data set: those of one reference network.
        methods: names of the algorithms, which are names of folders.
        reference: file name of the reference network of each data set.
    """
    return {
        "input_settings": {
            "input_dir": "inputs",
            "dataset_dir": "",
            "datasets": [
                {
                    "dataset_id": data_set,
                    "should_run": [True],
                    "groundTruthNetwork": reference,
                    "runs": [{"run_id": run} for run in of_data],
                }
                for data_set, of_data in runs.items()
            ],
            "algorithms": [
                {"algorithm_id": method, "should_run": [True], "params": {}} for method in methods
            ],
        },
        "output_settings": {"output_dir": "outputs"},
    }
