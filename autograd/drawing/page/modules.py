"""For each module of a picture, which boxes are inside, and the box that stands for it when it is closed."""

from __future__ import annotations

from collections import defaultdict

from ..closing import module_box
from ..picture import Box, Picture

__all__ = ["closed_at_first", "module_boxes"]

_MOST_BOXES = 300


def module_boxes(picture: Picture) -> tuple[dict[int, list[int]], list[Box]]:
    """The numbers of the boxes inside, by group, and a box for each group."""
    inside = _inside(picture)
    return inside, [module_box(picture, group, inside[group]) for group in range(len(picture.groups))]


def closed_at_first(picture: Picture, closed: set[int]) -> set[int]:
    """The groups to begin with: those given, and so many inner levels that a window has room for the rest."""
    levels = [len(picture.around(group.parent)) for group in picture.groups]
    for depth in range(max(levels, default=-1), -1, -1):
        if _shown(picture, closed) <= _MOST_BOXES:
            break
        closed = closed | {group for group, level in enumerate(levels) if level >= depth}
    return closed


def _shown(picture: Picture, closed: set[int]) -> int:
    """How many boxes are left with these groups closed."""
    shown: set[tuple[bool, int]] = set()
    for number, box in enumerate(picture.boxes):
        hidden = next((group for group in picture.around(box.group) if group in closed), None)
        shown.add((True, number) if hidden is None else (False, hidden))
    return len(shown)


def _inside(picture: Picture) -> dict[int, list[int]]:
    inside: dict[int, list[int]] = defaultdict(list)
    for number, box in enumerate(picture.boxes):
        for group in picture.around(box.group):
            inside[group].append(number)
    return inside
