"""Tables in Markdown."""

from grn_gat.core.markdown import markdown_table


def test_table():
    assert markdown_table(["a", "b"], [[1, "x|y"], ("", 0.5)]) == (
        "| a | b |\n|---|---|\n| 1 | x&#124;y |\n|  | 0.5 |"
    )
    assert markdown_table(["a"], []) == "| a |\n|---|"
