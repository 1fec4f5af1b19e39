"""Folders of config/real-evidence.yaml, made of those that docs/real.md names.

Of the screen of Papalexi et al. 2021 the cells of batch rep_1, with what each of them lacks, and as
reference what changes in the knock-outs of the other batches; of mESC and mDC five random parts of
the cells, a replicate each; of DREAM4 which samples are knock-outs and knock-downs.

    python bench/evidence_folders.py real-study/real-data evidence-study/real-data
"""

import argparse
import shutil
from pathlib import Path

import numpy as np
import pandas as pd

from grn_gat.core.seeds import generator
from grn_gat.data.evidence_names import KNOCK_OUT
from grn_gat.evaluate.perturbation_effects import effects

SEED = 3110261
PARTS, SHARE = 5, 0.8
SCREEN, SPARC = "papalexi2021-thp1-eccite-ko", "sparc2021-hesc-rna-protein"
EXPRESSION, LABELS = "ExpressionData.csv.gz", "perturbations.csv"
KINDS = {"ko": KNOCK_OUT, "kd": "knock-down"}


def write_part(table: pd.DataFrame, folder: Path) -> None:
    """Write expression as a new folder's."""
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / EXPRESSION, compression={"method": "gzip", "mtime": 1})


def write_labels(cells: pd.Index, genes: list[str], kinds: list[str], folder: Path) -> None:
    """Write what was done to each cell."""
    table = pd.DataFrame({"cell": cells, "gene": genes, "kind": kinds})
    table.to_csv(folder / LABELS, index=False)


def screen(source: Path, target: Path, own: str, control: str) -> None:
    """One batch with its labels; a reference of the others."""
    table = pd.read_csv(source / EXPRESSION, index_col=0)
    meta = pd.read_csv(source / "CellMeta.csv", index_col="Cell").loc[table.columns]
    lacking = meta["Perturbation"].where(meta["Perturbation"] != control, "")
    here = (meta["Batch"] == own).to_numpy()
    write_part(table.loc[:, here], target)
    genes = lacking[here].tolist()
    write_labels(table.columns[here], genes, [KNOCK_OUT if g else "" for g in genes], target)
    others = table.loc[:, ~here].to_numpy(float)
    edges, asked = effects(others, list(table.index), lacking[~here].tolist())
    edges.to_csv(target / "refNetwork.csv", index=False)
    (target / "TFs.txt").write_text("\n".join(asked) + "\n")
    print(f"{target.name}: {here.sum()} cells; {len(edges)} effects of {len(asked)} knock-outs")


def parts(source: Path, target: Path) -> None:
    """Random parts of the cells, with the other files as they are."""
    table = pd.read_csv(source / EXPRESSION, index_col=0)
    for number in range(1, PARTS + 1):
        rng = generator(SEED, source.name, number)
        size = round(SHARE * table.shape[1])
        chosen = np.sort(rng.choice(table.shape[1], size, replace=False))
        folder = target.with_name(f"{target.name}-{number}")
        write_part(table.iloc[:, chosen], folder)
        for file in source.glob("*.*"):
            if file.name.startswith(("refNetwork", "prior", "TFs")):
                shutil.copy(file, folder)
    print(f"{target.name}: {PARTS} parts of {size} cells")


def samples(source: Path, target: Path) -> None:
    """The same expression, with what was done to each sample."""
    table = pd.read_csv(source / EXPRESSION, index_col=0)
    write_part(table, target)
    done = [name.partition("_") for name in table.columns]
    kinds = [KINDS.get(kind, "") for kind, _, _ in done]
    genes = [gene if kind else "" for kind, (_, _, gene) in zip(kinds, done, strict=True)]
    write_labels(table.columns, genes, kinds, target)
    shutil.copy(source / "refNetwork.csv", target)
    print(f"{target.name}: {sum(map(bool, kinds))} of {len(kinds)} samples with a perturbed gene")


def make_folders(source: Path, target: Path) -> None:
    """Write the folders whose sources are there."""
    if (source / SCREEN).is_dir():
        screen(source / SCREEN, target / "papalexi-rep_1", "rep_1", "non-targeting")
    for name in ("mESC-TFs500", "mDC-TFs500"):
        if (source / name).is_dir():
            parts(source / name, target / name)
    for folder in sorted(source.glob("dream4-size*")):
        samples(folder, target / folder.name)
    if (source / SPARC).is_dir() and not (target / SPARC).exists():
        shutil.copytree(source / SPARC, target / SPARC)


def main() -> None:
    """Make them as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    make_folders(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
