"""Notebooks as pages: their text, code and the outputs that they hold."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path


def _text(lines: str | list[str]) -> str:
    """What a notebook holds as a text or as a list of lines."""
    return lines if isinstance(lines, str) else "".join(lines)


def _fenced(text: str, language: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def _table(html: str) -> str:
    """A table of pandas as one block of HTML: without its own style, and without empty lines."""
    return re.sub(r"\n\s*\n", "\n", re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)).strip()


def _output(output: Mapping, picture: str) -> tuple[str, Mapping[str, bytes]]:
    """An output in Markdown, and its picture by name; ends the program where a cell had failed."""
    if output["output_type"] == "error":
        raise SystemExit(f"error: a cell ended with {output['ename']}: run the notebook first")
    if output["output_type"] == "stream":
        return _fenced(_text(output["text"]), "text"), {}
    data = output["data"]
    if "image/png" in data:
        return f"![Output of the cell above]({picture})", {
            picture: base64.b64decode(data["image/png"])
        }
    if "text/html" in data:
        return _table(_text(data["text/html"])), {}
    return _fenced(_text(data["text/plain"]), "text"), {}


def _parts(notebook: Mapping, stem: str) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    for number, cell in enumerate(notebook["cells"]):
        source = _text(cell["source"])
        if cell["cell_type"] == "markdown":
            yield source, {}
        elif source.strip():
            yield _fenced(source, "python"), {}
            for k, output in enumerate(cell["outputs"]):
                yield _output(output, f"{stem}_{number}_{k}.png")


def as_page(path: Path) -> tuple[str, dict[str, bytes]]:
    """The notebook in Markdown, and its pictures by the names that the page links to."""
    parts, pictures = [], {}
    for text, own in _parts(json.loads(path.read_text(encoding="utf-8")), path.stem):
        parts.append(text)
        pictures |= own
    parts.append(f'<a href="{path.name}" download>This page as a notebook</a>')
    return "\n\n".join(parts) + "\n", pictures
