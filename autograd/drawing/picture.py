"""What a drawing shows, before it is known how: boxes, the arrows between them, and the modules around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from .figures import Figures

__all__ = ["Arrow", "Box", "Group", "Kind", "Parameter", "Picture"]


class Kind(Enum):
    """What a box stands for; it decides the box's colours. The values are the words of the legend."""

    INPUT = "input"
    PARAMETER = "parameter"
    CONSTANT = "constant"
    ELEMENTWISE = "elementwise"
    LINEAR = "linear algebra"
    CONVOLUTION = "convolution, pooling"
    SHAPE = "shape, index"
    REDUCTION = "reduction, normalization"
    LOSS = "loss"
    OPERATION = "other operation"
    MODULE = "module"


LEAVES = (Kind.INPUT, Kind.PARAMETER, Kind.CONSTANT)
"""What is given, not computed."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter inside a box that stands for a module."""

    name: str
    array: str
    figures: Figures


@dataclass(slots=True)
class Box:
    """One operation, one tensor that is given, or, in place of its operations, a module.

    Attributes:
        title: what it is called; lines: what else it says; array: its result, as `f32[64, 10]`.
        place: where in the user's program, as `train.py:40`.
        group: the innermost module call around it, by number.
        name: of a module's box, the module's dotted name.
        output: whether it is what was to be drawn.
        ordered: whether the operation's arguments cannot be swapped.
        step: the walk visits it as the so-many-th; the first and the last for several boxes in one.
        kernel: the operations that one kernel computed together with this one.
        saves: what it keeps for the backward pass.
        rules: for each argument that a gradient goes to, its name and the rule that runs.
        parameters: what of a module's box is inside.
    """

    kind: Kind
    title: str
    array: str
    lines: tuple[str, ...] = ()
    place: str = ""
    group: int | None = None
    name: str = ""
    output: bool = False
    ordered: bool = False
    step: tuple[int, int] | None = None
    kernel: tuple[str, ...] = ()
    saves: tuple[str, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    parameters: tuple[Parameter, ...] = ()
    figures: Figures = field(default_factory=Figures)


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the box of an argument to that of the operation, both by number; the label is the argument's name."""

    source: int
    target: int
    label: str


@dataclass(slots=True)
class Group:
    """One call of a module, or several equal ones in sequence.

    Attributes:
        name: the module's dotted name below the outermost module, empty for that one.
        last: the name of the last of several.
        type: its class.
        parent: the call around it, by number.
        count: how many calls it stands for.
    """

    name: str
    type: str
    parent: int | None
    count: int = 1
    last: str = ""

    def title(self, within: str = "") -> str:
        """`layers.0 … 11: Layer ×12`, with names as they are inside the module named `within`."""
        names = self.name.removeprefix(f"{within}." if within else "")
        if self.last:
            names += f" … {self.last.rpartition('.')[2]}"
        return (f"{names}: " if names else "") + self.type + (f" ×{self.count}" if self.count > 1 else "")


@dataclass(slots=True)
class Picture:
    """Boxes in the order in which they were computed, arrows in the order of arguments, groups before those in them.

    `fused` are the boxes, by number, that one kernel computed together. `notes` are sentences below the picture.
    `backward` says that it is one of the walk, against time.
    """

    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    fused: list[list[int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    backward: bool = False

    def around(self, group: int | None) -> list[int]:
        """A group and those around it, from the outermost."""
        chain = []
        while group is not None:
            chain.append(group)
            group = self.groups[group].parent
        return chain[::-1]

    def title_of(self, group: int) -> str:
        """A group's title, as it reads inside of the group around it."""
        parent = self.groups[group].parent
        return self.groups[group].title("" if parent is None else self.groups[parent].name)
