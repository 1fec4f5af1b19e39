"""The recipes of the images: each starts from what make hands to it."""

import re

from workflows import REPOSITORY


def test_recipe_starts_from_the_archive_that_make_writes():
    recipe = (REPOSITORY / "envs/Apptainer.def").read_text()
    bootstrap, archive = re.match(r"Bootstrap: (\S+)\nFrom: (\S+)\n", recipe).groups()
    makefile = (REPOSITORY / "Makefile").read_text()
    made = re.search(r"^container: image\n((?:\t.*\n)+)", makefile, re.M)[1]
    assert f"{bootstrap}:{archive}:" in made and f"--output {archive} " in made
    assert "apptainer build --force grn-gat.sif envs/Apptainer.def" in made
    assert '/ "grn-gat.sif"' in (REPOSITORY / "workflow/Snakefile").read_text()
    assert {f"/{archive}", "*.sif"} <= set((REPOSITORY / ".gitignore").read_text().split())


def test_image_has_what_the_lock_names():
    """And nothing that comes from elsewhere; the default base has the oldest Python."""
    text = (REPOSITORY / "Containerfile").read_text()
    installed = re.search(r"pip install (.*?)\n\n", text, re.S)[1]
    assert "--no-index" in installed and "--constraint /bundle/requirements.lock" in installed
    assert re.search(r"^ARG BASE=docker\.io/library/debian:bookworm-slim$", text, re.M)
    assert re.search(r"bookworm has 3\.11", text)
