"""The studies of real cells: what is planned, and where a file is missing."""

import pytest

from real_data import lay_out
from workflows import REPOSITORY

CONFIGS = {"real": 8, "hematopoiesis": 12}  # networks that models are trained on


@pytest.mark.parametrize("name", CONFIGS)
def test_the_configs_are_planned(one_process, shared, name):
    lay_out(shared, one_process.folder)
    due = one_process.due("--configfile", str(REPOSITORY / f"config/{name}.yaml"))
    trained = {file.split("/")[2] for file in due if file.startswith("results/training/")}
    assert len(trained) == CONFIGS[name]
    inferred = {file.split("/")[3] for file in due if file.startswith("results/predictions/pidc/")}
    assert "results/tables/overview.html" in due and not inferred & trained


def test_evidence_is_planned(one_process, shared, bench):
    lay_out(shared, one_process.folder)
    source = one_process.folder / "real-data"
    source.rename(one_process.folder / "given")
    bench("evidence_folders").make_folders(one_process.folder / "given", source)
    due = one_process.due("--configfile", str(REPOSITORY / "config/real-evidence.yaml"))
    found = {file.split("/")[2] for file in due if file.endswith("/evidence/perturbations.csv")}
    assert found == {
        "Papalexi",
        *(f"DREAM4-10-{k}" for k in (1, 2, 3)),
        "DREAM4-100-1",
        "DREAM4-100-2",
    }
    assert any(file.startswith("results/predictions/gat-zeroshot-prior/mDC/rep-5") for file in due)
    assert any(file.startswith("results/predictions/gat-zeroshot-protein/SPARC") for file in due)


def test_folders_that_are_not_there_are_made_of_the_release(one_process, shared):
    lay_out(shared, one_process.folder)
    networks = one_process.folder / "real-data/BEELINE-Networks"
    for species, cells in (("mouse", "mHSC"), ("human", "hESC")):
        folder = networks / "Networks" / species
        folder.mkdir(parents=True)
        (networks / f"{species}-tfs.csv").touch()
        specific = "Non-Specific" if species == "mouse" else "Non-specific"
        for name in ("STRING", f"{specific}-ChIP-seq", f"{cells}-ChIP-seq"):
            (folder / f"{name}-network.csv").touch()
    files = [str(REPOSITORY / f"config/{name}.yaml") for name in ("real", "real-others")]
    due = one_process.due("--configfile", *files)
    made = {file.split("/")[1] for file in due if file.startswith("real-data/")}
    assert made == {"hESC-TFs500", "mHSC-E-TFs500", "mHSC-L-TFs500"}
    assert "resources/BEELINE-data.zip" in due


@pytest.mark.parametrize("name", CONFIGS)
def test_a_folder_that_is_not_there_is_named(one_process, name):
    done = one_process.run("--configfile", str(REPOSITORY / f"config/{name}.yaml"))
    assert done.returncode == 1
    assert "real-data/" in done.stdout and "config: " in done.stdout
