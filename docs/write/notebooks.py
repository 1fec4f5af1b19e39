"""Notebooks as pages: run when the site is built, then their text, code and outputs."""

import base64
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat

REPOSITORY = Path(__file__).resolve().parents[2]
_TIMEOUT = 600  # seconds for a cell
_COMMANDS, _FILE = "%%bash\n", "%%writefile "
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # of a terminal


def paths() -> list[Path]:
    """The notebooks of the documentation."""
    return sorted((REPOSITORY / "docs/tutorials").glob("*.ipynb"))


def read(path: Path) -> nbformat.NotebookNode:
    """A notebook as its file has it."""
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def run(notebook: nbformat.NotebookNode) -> None:
    """Run a notebook from the beginning; afterwards it holds what its cells gave.

    A new kernel runs it in an empty folder, with the package of this working tree. What a user has
    set up for IPython is left out.

    Raises:
        CellExecutionError: a cell failed.
    """
    from nbclient import NotebookClient
    from traitlets.config import Config

    with tempfile.TemporaryDirectory() as folder:
        # Sockets that are files, beside that of the connection: no port is opened.
        kernel = {"transport": "ipc", "connection_file": f"{folder}/kernel.json"}
        client = NotebookClient(
            notebook,
            timeout=_TIMEOUT,
            kernel_name="python3",
            coalesce_streams=True,
            resources={"metadata": {"path": folder}},
            config=Config({"KernelManager": kernel}),
        )
        client.execute(env=_environment(folder))


def _environment(folder: str) -> dict[str, str]:
    programs, package = str(Path(sys.executable).parent), str(REPOSITORY / "scripts")
    return os.environ | {
        "PATH": os.pathsep.join([programs, os.environ.get("PATH", os.defpath)]),
        "PYTHONPATH": package,
        "IPYTHONDIR": f"{folder}/ipython",
        "TMPDIR": folder,  # for what the notebook makes itself
    }


def _fenced(text: str, language: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def _table(html: str) -> str:
    """A table of pandas as one block of HTML: without a style of its own, and no empty line."""
    plain = re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    plain = re.sub(r"<table[^>]*>", "<table>", plain)
    return re.sub(r"\n\s*\n", "\n", plain).strip()


def _output(output: Mapping, picture: str) -> tuple[str, Mapping[str, bytes]]:
    """An output in Markdown, and its picture by name."""
    if output["output_type"] == "stream":
        return _fenced(_COLOURS.sub("", output["text"]), "{ .text .output }"), {}
    data = output["data"]
    if "image/png" in data:
        size = output["metadata"].get("image/png", {})
        width = f'{{ width="{size["width"]}" }}' if "width" in size else ""
        content = base64.b64decode(data["image/png"])
        return f"![Output of the cell above]({picture}){width}", {picture: content}
    if "text/html" in data:
        return _table(data["text/html"]), {}
    return _fenced(data["text/plain"], "{ .text .output }"), {}


def _code(source: str) -> str:
    if source.startswith(_COMMANDS):
        return _fenced(source.removeprefix(_COMMANDS), "bash")
    if source.startswith(_FILE):
        path, _, content = source.removeprefix(_FILE).partition("\n")
        language = "yaml" if path.endswith(".yaml") else "python"
        return _fenced(content, f'{{ .{language} title="{path}" }}')
    return _fenced(source, "python")


def _parts(notebook: Mapping, name: str) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "markdown":
            yield cell["source"], {}
            continue
        yield _code(cell["source"]), {}
        for k, output in enumerate(cell["outputs"]):
            # What says how far a command is, and how long it took, differs from run to run.
            if output.get("name") != "stderr":
                yield _output(output, f"{name}_{number}_{k}.png")


def as_page(notebook: Mapping, name: str) -> tuple[str, dict[str, bytes]]:
    """The notebook in Markdown, and its pictures by the names that the page links to.

    Args:
        notebook: with what its cells gave, if they were run.
        name: of its file, without the ending.
    """
    parts, pictures = [], {}
    for text, own in _parts(notebook, name):
        parts.append(text)
        pictures |= own
    parts.append(f'<a href="{name}.ipynb" download>This page as a notebook</a>')
    return "\n\n".join(parts) + "\n", pictures
