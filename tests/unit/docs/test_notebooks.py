"""Notebooks become pages with what their cells gave."""

import base64
import json

import pytest

from write.notebooks import as_page

TABLE = "<style scoped>a</style><table>\n\n</table>"
PICTURE = base64.b64encode(b"picture").decode()


def cell(kind: str, source, *outputs: dict) -> dict:
    return {"cell_type": kind, "source": source, "outputs": list(outputs)}


def data(**content) -> dict:
    return {
        "output_type": "display_data",
        "data": {k.replace("_", "/"): v for k, v in content.items()},
    }


@pytest.fixture
def notebook(tmp_path):
    def write(*cells: dict):
        path = tmp_path / "own_cells.ipynb"
        path.write_text(json.dumps({"cells": cells}))
        return path

    return write


def test_text_code_and_outputs(notebook):
    path = notebook(
        cell("markdown", ["# Title\n", "Words."]),
        cell("code", "print(1)", {"output_type": "stream", "text": ["1\n"]}),
        cell("code", ["table\n"], data(text_plain="x", text_html=TABLE)),
        cell("code", "plot()", data(text_plain="<Figure>", image_png=PICTURE)),
        cell("code", "  "),
    )  # fmt: skip
    text, pictures = as_page(path)
    assert text == (
        "# Title\nWords.\n\n```python\nprint(1)\n```\n\n```text\n1\n```\n\n"
        "```python\ntable\n```\n\n"
        "<table>\n</table>\n\n```python\nplot()\n```\n\n"
        "![Output of the cell above](own_cells_3_0.png)\n\n"
        '<a href="own_cells.ipynb" download>This page as a notebook</a>\n'
    )
    assert pictures == {"own_cells_3_0.png": b"picture"}


def test_a_cell_that_failed_is_no_page(notebook):
    failed = {"output_type": "error", "ename": "ValueError"}
    with pytest.raises(SystemExit, match="a cell ended with ValueError"):
        as_page(notebook(cell("code", "int('a')", failed)))
