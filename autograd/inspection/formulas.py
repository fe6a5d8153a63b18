"""The text of a derivative rule, read from its source."""

from __future__ import annotations

import ast
import inspect
import linecache
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import cache
from types import FunctionType
from typing import Any

__all__ = ["rule_text"]


def rule_text(name: str, rule: Callable[..., Any] | None) -> str:
    """`g_x = g - g * y * y`: of a lambda its expression, of a function its name, first sentence and lines."""
    if rule is None:
        return f"{name}: none, this argument has no derivative"
    if not isinstance(rule, FunctionType):
        return f"{name} = {rule!r}"
    found = _definition(rule)
    if found is not None:
        found = _Plain(rule.__code__.co_varnames).visit(deepcopy(found))
    if isinstance(found, ast.Lambda):
        return f"{name} = {ast.unparse(found.body)}"
    if isinstance(found, ast.FunctionDef):
        arguments = ", ".join(each.arg for each in found.args.args)
        body = found.body[1:] if ast.get_docstring(found) and len(found.body) > 1 else found.body
        doc = [line.strip() for line in (ast.get_docstring(found) or "").splitlines()[:1]]
        lines = [f"{name} = {rule.__name__}({arguments}), which is", *(f"    # {line}" for line in doc)]
        return "\n".join([*lines, *(f"    {line}" for part in body for line in ast.unparse(part).splitlines())])
    return f"{name} = {rule.__name__}, whose source is not at hand"


class _Plain(ast.NodeTransformer):
    """Names of arguments without the underscore that says: not kept for me."""

    def __init__(self, names: Iterable[str]) -> None:
        self._plain = {name: name.lstrip("_") for name in names}

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._plain.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = node.arg.lstrip("_")
        return node


def _definition(rule: FunctionType) -> ast.AST | None:
    """The lambda or def of a rule: that in its file which begins on its first line and holds its first instruction."""
    code = rule.__code__
    linecache.checkcache(code.co_filename)
    tree = _tree("".join(linecache.getlines(code.co_filename)))
    if tree is None:
        return None
    places = [(line, column) for line, _, column, _ in code.co_positions() if line and column]
    fitting = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Lambda | ast.FunctionDef)
        and _first_line(node) == code.co_firstlineno
        and [each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        == inspect.getargs(code).args
        and all(_begin(node) <= place <= _end(node) for place in places)
    ]
    return max(fitting, key=_begin, default=None)  # the innermost


@cache
def _tree(source: str) -> ast.AST | None:
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def _first_line(node: ast.Lambda | ast.FunctionDef) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _begin(node: Any) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: Any) -> tuple[int, int]:
    return node.end_lineno, node.end_col_offset
