"""Write the predictions of the methods as another benchmark reads them."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import yaml

from grn_gat.core.files import atomic_path, read_table
from grn_gat.core.job import logged
from grn_gat.data.benchmark_files import (
    BEELINE_REFERENCE,
    beeline_config,
    write_causalbench,
    write_genernib,
)
from grn_gat.data.ranked_edges import read_ranked_edges


def main(snakemake) -> None:
    """Read ranked edges, write the folder of a benchmark; methods that failed have nothing there.

    Of BEELINE the folder holds the reference networks as well.
    """
    source, params = snakemake.input, snakemake.params
    folder = Path(snakemake.output.folder)
    shutil.rmtree(folder, ignore_errors=True)  # of another config
    folder.mkdir(parents=True)
    found = list(_given(params.predictions, source.ranked, source.status))
    if snakemake.wildcards.benchmark == "beeline":
        _beeline(folder, found, dict(zip(params.networks, source.references, strict=True)), params)
        return
    for of, path in found:
        ranked = read_ranked_edges(path)
        if not ranked["EdgeWeight"].any():
            print(f"{of.method} has no edge on {of.data_set}: nothing to write", flush=True)
        elif snakemake.wildcards.benchmark == "genernib":
            write_genernib(folder / f"{of.run}.h5ad", ranked, of.method, of.data_set)
        else:
            number = params.causalbench_edges
            write_causalbench(folder / of.run, ranked, number, of.method, of.data_set)


def _given(predictions, ranked, status) -> Iterator[tuple[SimpleNamespace, str]]:
    """Yield what has ranked edges, and their path."""
    for names, path, state in zip(predictions, ranked, status, strict=True):
        of = SimpleNamespace(**names)
        if read_table(state)["status"].iloc[0] == "ok":
            yield of, path
        else:
            print(f"{of.method} failed on {of.data_set}: nothing to write", flush=True)


def _beeline(folder: Path, found, references, params) -> None:
    """Each network at a dropout level is a data set of BEELINE, each replicate a run of it."""
    runs: dict[str, list[str]] = {}
    for network, data_set in params.networks.items():
        for of, path in found:
            if of.data_set != data_set:
                continue
            name, run = f"{network}-drop-{of.dropout}", f"rep-{of.replicate}"
            if name not in runs:
                runs[name] = []
                _copy(references[network], folder / "inputs" / name / BEELINE_REFERENCE)
            if run not in runs[name]:
                runs[name].append(run)
            _copy(path, folder / "outputs" / name / run / of.method / "rankedEdges.csv")
    methods = list(dict.fromkeys(of.method for of, _ in found))
    text = yaml.safe_dump(beeline_config(runs, methods), sort_keys=False)
    with atomic_path(folder / "config.yaml") as temporary:
        temporary.write_text(text, encoding="utf-8")


def _copy(source: str, target: Path) -> None:
    with atomic_path(target) as temporary:
        shutil.copyfile(source, temporary)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
