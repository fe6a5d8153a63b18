"""Where an operation was called, as a person says it: file, line, the line's text, and the module."""

from __future__ import annotations

import linecache
from types import CodeType
from typing import Any

from ..graph import Leaf, Node
from ..mode import Mode
from ..provenance import line_of, place

__all__ = ["leaf_name", "module_name", "module_path", "modules_called", "source_line", "step", "whereabouts"]


def module_name(mode: Mode) -> str:
    """`layers.1 (Linear)`: the dotted name, below the outermost module being called, of the innermost, and its class.

    Of the outermost itself, the class; "" outside of modules.
    """
    module: Any = mode.module
    if module is None:
        return ""
    below = getattr(_outermost(mode), "named_modules", None)
    names = {id(each): name for name, each in below()} if below is not None else {}
    name, kind = names.get(id(module), ""), type(module).__name__
    return f"{name} ({kind})" if name else kind


def module_path(mode: Mode) -> tuple[str, ...]:
    """The names of all modules being called, the outermost first."""
    return tuple(map(module_name, _calls(mode)))


def modules_called(mode: Mode) -> tuple[object, ...]:
    """All modules being called, the outermost first."""
    return tuple(call.module for call in _calls(mode))


def _calls(mode: Mode) -> list[Mode]:
    """The modes of the modules being called, the outermost first."""
    calls: list[Mode] = []
    inner: Mode | None = mode
    while inner is not None and inner.module is not None:
        calls.append(inner)
        inner = inner.parent
    return calls[::-1]


def leaf_name(leaf: Leaf, mode: Mode) -> str:
    """What a leaf is called: by the user, or by the outermost module being called."""
    below = getattr(_outermost(mode), "named_parameters", None)
    names = {id(each.node): name for name, each in below()} if below is not None else {}
    return leaf.name or names.get(id(leaf)) or f"an unnamed leaf {leaf.shape}"


def _outermost(mode: Mode) -> Any:
    return next(iter(modules_called(mode)), None)


def source_line(code: CodeType, instruction: int) -> str:
    """The text of a line of the user's program; "" where the file is not at hand."""
    return linecache.getline(code.co_filename, line_of(code, instruction)).strip()


def whereabouts(code: CodeType, instruction: int, mode: Mode) -> str:
    """`called at train.py:40, in layers.1 (Linear)`, and the text of that line below."""
    module, text = module_name(mode), source_line(code, instruction)
    where = f"called at {place(code, instruction)}" + (f", in {module}" if module else "")
    return f"{where}\n    {text}" if text else where


def step(node: Node) -> str:
    """An operation on the way to somewhere: name, shape of the result, and line."""
    return f"{node.primitive.name} {node.shape} at {place(node.code, node.instruction)}"
