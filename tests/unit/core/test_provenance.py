import hashlib
import json

from grn_gat.core.citation import LICENCE
from grn_gat.core.provenance import COMMAND, provenance, remember_command, write_provenance
from grn_gat.core.repository import repository
from grn_gat.core.version import VERSION


def test_provenance_has_checksums_command_and_versions(tmp_path, monkeypatch):
    monkeypatch.setenv(COMMAND, "grn-gat infer cells.csv")
    (tmp_path / "cells.csv").write_bytes(b"abc")
    (tmp_path / "w").write_bytes(b"weights")
    found = provenance({"expression": tmp_path / "cells.csv"}, tmp_path / "w", 7, {"hubs.x": 3})
    write_provenance(tmp_path / "provenance.json", found)
    written = json.loads((tmp_path / "provenance.json").read_text())
    assert written["command"] == "grn-gat infer cells.csv"
    assert written["inputs"]["expression"] == {
        "file": "cells.csv",
        "bytes": 3,
        "sha256": hashlib.sha256(b"abc").hexdigest(),
    }
    assert written["weights"]["sha256"] == hashlib.sha256(b"weights").hexdigest()
    assert written["grn-gat"]["version"] == VERSION and "numpy" in written["software"]
    assert (written["seed"], written["not_default"]) == (7, {"hubs.x": 3})


def test_only_weights_of_the_workflow_are_under_its_licence(tmp_path):
    ours = repository() / "workflow/resources/zeroshot/levels.safetensors"
    (tmp_path / "mine").write_bytes(b"weights")
    for weights, licence in ((ours, LICENCE), (tmp_path / "mine", None)):
        assert provenance({}, weights, 7, {})["weights"]["licence"] == licence


def test_equal_records_are_equal_bytes(tmp_path):
    for name, record in (("a", {"x": 1, "y": 2}), ("b", {"y": 2, "x": 1})):
        write_provenance(tmp_path / name, record)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_command_is_that_of_the_first_process(monkeypatch):
    monkeypatch.delenv(COMMAND, raising=False)
    monkeypatch.setattr("sys.argv", ["/usr/bin/snakemake", "--config", "name=my cells"])
    assert remember_command() == "snakemake --config 'name=my cells'"
    monkeypatch.setattr("sys.argv", ["job.py"])
    assert remember_command() == "snakemake --config 'name=my cells'"


def test_a_module_that_is_run_is_named(monkeypatch):
    monkeypatch.delenv(COMMAND, raising=False)
    monkeypatch.setattr("sys.argv", ["/usr/lib/grn_gat/__main__.py", "methods"])
    assert remember_command() == "python -m grn_gat methods"
