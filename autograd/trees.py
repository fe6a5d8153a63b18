"""Tensors in tuples, lists, dicts and named tuples, nested as you like: a tree, whose leaves are all else.

None is a tree without leaves. A leaf has a path, `['layers'][0]`: what to write behind the tree's name to reach it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .errors import ShapeError

__all__ = ["children", "described", "leaves", "mapped", "matched", "paths", "rebuilt"]


def children(tree: Any) -> dict[str, Any] | None:
    """The parts of a container by their paths; None for a leaf."""
    kind = type(tree)
    if kind is tuple or kind is list:
        return {f"[{i}]": value for i, value in enumerate(tree)}
    if kind is dict:
        return {f"[{key!r}]": value for key, value in tree.items()}
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return {f".{name}": value for name, value in zip(tree._fields, tree, strict=True)}
    return {} if tree is None else None


def _with(tree: Any, parts: Iterable[Any]) -> Any:
    """A container like this one, of other parts."""
    if tree is None:
        return None
    if type(tree) is dict:
        return dict(zip(tree, parts, strict=True))
    return type(tree)._make(parts) if hasattr(tree, "_fields") else type(tree)(parts)


def paths(tree: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves in order, each with its path behind a name for the whole tree."""
    parts = children(tree)
    if parts is None:
        yield name, tree
        return
    for path, part in parts.items():
        yield from paths(part, name + path)


def leaves(tree: Any) -> list[Any]:
    """The leaves in order."""
    return [leaf for _, leaf in paths(tree)]


def mapped(function: Callable[[Any], Any], tree: Any) -> Any:
    """A tree like this one, of what a function makes of its leaves."""
    parts = children(tree)
    return function(tree) if parts is None else _with(tree, [mapped(function, part) for part in parts.values()])


def rebuilt(tree: Any, values: Iterable[Any]) -> Any:
    """A tree like this one with other leaves, given in order."""
    remaining = iter(values)
    return mapped(lambda _: next(remaining), tree)


def matched(tree: Any, other: Any, name: str, other_name: str) -> list[Any]:
    """What stands in another tree where this one has its leaves, in their order.

    Raises:
        ShapeError: containers differ; the text says where, by these names.
    """
    parts = children(tree)
    if parts is None:
        return [other]
    others = children(other)
    if others is None or type(other) is not type(tree) or others.keys() != parts.keys():
        raise ShapeError(f"{other_name} must be like {name}, {described(tree)}; got {described(other)}")
    found = []
    for path, part in parts.items():
        found += matched(part, others[path], name + path, other_name + path)
    return found


def described(tree: Any) -> str:
    """A container, or what stands in its place, in short."""
    if type(tree) is dict:
        return f"a dict with the keys {', '.join(map(repr, tree)) or 'of none'}"
    parts = children(tree)
    return f"{tree!r:.60}" if not parts else f"a {type(tree).__name__} of {len(parts)}"
