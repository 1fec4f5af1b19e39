"""Python's own reading of a Boolean expression: an independent check of the rules' language."""

import ast
from collections.abc import Mapping


def python_value(text: str, state: Mapping[str, bool]) -> bool:
    """Truth value of a Python expression of and, or, not, True, False and names."""
    return _value(ast.parse(text.strip(), mode="eval").body, state)


def _value(node: ast.expr, state: Mapping[str, bool]) -> bool:
    if isinstance(node, ast.BoolOp):
        combine = all if isinstance(node.op, ast.And) else any
        return combine([_value(part, state) for part in node.values])
    if isinstance(node, ast.UnaryOp):
        assert isinstance(node.op, ast.Not)
        return not _value(node.operand, state)
    if isinstance(node, ast.Constant):
        assert isinstance(node.value, bool)
        return node.value
    assert isinstance(node, ast.Name)
    return state[node.id]
