"""Inference in less memory than it needs: PyTorch's own error, as one sentence."""

import os
import re
import resource
import subprocess
import sys

import numpy as np

from workflows import REPOSITORY

# Of these weights memory grows with the square of the genes.
LEVELS = REPOSITORY / "workflow/resources/zeroshot/levels.safetensors"
ALL = ["--genes", "all", "--set", "limits.memory_gb=99"]
ALL += ["--set", f"method_settings.gat-zeroshot.weights={LEVELS}"]
LIMIT = 3 * 10**9  # bytes of addresses; the libraries take a part


def test_too_many_genes_are_one_sentence_and_no_result(tmp_path):
    values = np.random.default_rng(1).poisson(0.5, (4000, 30))
    rows = [f"G{k},{','.join(map(str, row))}" for k, row in enumerate(values)]
    (tmp_path / "cells.csv").write_text("\n".join([",".join(["", *map(str, range(30))]), *rows]))
    done = subprocess.run(
        [sys.executable, "-m", "grn_gat", "infer", "cells.csv", "--methods", "gat-zeroshot", *ALL],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY / "scripts")},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT)),
        text=True,
        capture_output=True,
        timeout=600,
    )
    last = done.stderr.splitlines()[-1]
    found = re.fullmatch(
        r"error: GATv2 zero-shot: not enough memory for 4000 genes x 30 cells, which take "
        r"about \d+\.\d GB of the 3\.0 GB that there are: "
        r"take at most (\d+) genes, or give it more memory",
        last,
    )
    assert done.returncode == 1 and found, done.stderr
    assert 800 < int(found[1]) < 2000
    assert not list(tmp_path.rglob("*.safetensors")) and not list(tmp_path.rglob("report.html"))
