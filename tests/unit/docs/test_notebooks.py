"""Notebooks become pages with what their cells gave; those of the repository hold no output."""

import base64

import pytest

from documentation import blocks, texts
from write import notebooks
from write.notebooks import as_page

TABLE = '<style scoped>a</style><table border="1">\n\n</table>'
PICTURE = base64.b64encode(b"picture").decode()
TUTORIALS = {path.stem: notebooks.read(path) for path in notebooks.paths()}


def text(source: str) -> dict:
    return {"cell_type": "markdown", "source": source}


def code(source: str, *outputs: dict) -> dict:
    return {"cell_type": "code", "source": source, "outputs": list(outputs)}


def stream(content: str, name: str = "stdout") -> dict:
    return {"output_type": "stream", "name": name, "text": content}


def data(metadata: dict | None = None, **content) -> dict:
    content = {kind.replace("_", "/"): value for kind, value in content.items()}
    return {"output_type": "display_data", "data": content, "metadata": metadata or {}}


def page(*cells: dict) -> tuple[str, dict[str, bytes]]:
    """The page without its last line, and its pictures."""
    found, pictures = as_page({"cells": cells}, "own_cells")
    body, _, last = found.rstrip().rpartition("\n\n")
    assert last == '<a href="own_cells.ipynb" download>This page as a notebook</a>'
    return body, pictures


def test_text_code_and_outputs():
    body, pictures = page(
        text("# Title\nWords."),
        code("print(1)", stream("\x1b[32m1\x1b[0m\n")),
        code("x", data(text_plain="1")),
        code("table", data(text_plain="x", text_html=TABLE)),
        code("plot()", data(text_plain="<Figure>", image_png=PICTURE)),
        code("draw()", data({"image/png": {"width": 9}}, image_png=PICTURE)),
    )
    assert body.split("\n\n") == [
        "# Title\nWords.",
        "```python\nprint(1)\n```", "```{ .text .output }\n1\n```",
        "```python\nx\n```", "```{ .text .output }\n1\n```",
        "```python\ntable\n```", "<table>\n</table>",
        "```python\nplot()\n```", "![Output of the cell above](own_cells_4_0.png)",
        "```python\ndraw()\n```", '![Output of the cell above](own_cells_5_0.png){ width="9" }',
    ]  # fmt: skip
    assert pictures == {"own_cells_4_0.png": b"picture", "own_cells_5_0.png": b"picture"}


def test_commands_and_files_are_shown_as_such():
    cells = code("%%bash\nls\n"), code("%%writefile a/b.py\nx = 1\n", stream("Writing a/b.py\n"))
    assert page(*cells)[0].split("\n\n") == [
        "```bash\nls\n```",
        '```{ .python title="a/b.py" }\nx = 1\n```', "```{ .text .output }\nWriting a/b.py\n```",
    ]  # fmt: skip


def test_how_far_a_command_is_is_not_on_the_page():
    assert page(code("%%bash\nls", stream("1 s", "stderr")))[0] == "```bash\nls\n```"


@pytest.mark.parametrize("name", TUTORIALS)
def test_no_output_is_in_the_repository(name):
    cells = [cell for cell in TUTORIALS[name].cells if cell.cell_type == "code"]
    assert len(cells) > 5
    assert not any(cell.outputs or cell.execution_count for cell in cells), (
        f"docs/tutorials/{name}.ipynb: clear the outputs of all cells before it is saved"
    )


def test_the_method_of_the_tutorial_is_that_of_the_guide():
    (content,) = (
        cell.source.partition("\n")[2]
        for cell in TUTORIALS["own_method"].cells
        if cell.source.startswith("%%writefile my_methods/")
    )
    (guide,) = (text for _, text in blocks(texts()["CONTRIBUTING.md"]) if "METHOD = " in text)
    assert content.strip() == guide.strip()
