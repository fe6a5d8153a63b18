"""What a drawing shows, before it is known how: boxes and the arrows between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

__all__ = ["Arrow", "Box", "Kind", "Picture"]


class Kind(Enum):
    """What a box stands for; it decides the box's colours."""

    OPERATION = "operation"
    LEAF = "leaf"
    CONSTANT = "constant"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Box:
    """One operation, leaf or constant array; `ordered` says that the operation's arguments cannot be swapped."""

    kind: Kind
    title: str
    lines: tuple[str, ...]
    tooltip: str
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the box of an argument to that of the operation, both by number; the tooltip is the argument's name."""

    source: int
    target: int
    tooltip: str


@dataclass(slots=True)
class Picture:
    """Boxes in the order in which they were computed, arrows in the order of arguments.

    `fused` are the boxes, by number, that one kernel computed together.
    """

    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    fused: list[list[int]] = field(default_factory=list)
