"""A result that was cut is named, and made again by the command that the message says."""

import re

CELLS = ",c1,c2,c3,c4\nA,1,2,3,5\nB,2,1,4,4\nC,5,3,2,1\n"


def test_cut_and_made_again(workflow):
    (workflow.folder / "cells.csv").write_text(CELLS)
    config = {"infer": {"x": {"expression": "cells.csv"}}, "methods": ["pearson"]}
    infer = ["infer", *workflow.configure(config)]
    workflow.succeed(*infer)
    place = "results/predictions/pearson/x/rep-1/drop-000/rankedEdges.csv"
    ranked = workflow.folder / place
    whole = ranked.read_text()
    edges = workflow.folder / "results/inferred/x/pearson/edges.tsv"
    before = edges.read_bytes()
    ranked.write_text("".join(whole.splitlines(keepends=True)[:-2]))
    done = workflow.run(*infer)
    assert done.returncode != 0
    said = re.search(
        rf"error: {place}: is not as the job that made it left it: .* (--.*)", done.stdout
    )
    assert said and ranked.read_text() != whole
    workflow.succeed(*infer, *said[1].split())
    assert ranked.read_text() == whole
    assert edges.read_bytes() == before
