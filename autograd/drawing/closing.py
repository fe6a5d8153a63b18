"""Closing modules: a box in the place of what is inside, for those too deep and those of a single operation."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from .figures import Figures
from .merging import Merged
from .picture import LEAVES, Arrow, Box, Kind, Parameter, Picture

__all__ = ["close", "closed_groups", "module_box"]


def closed_groups(picture: Picture, depth: int | None) -> set[int]:
    """The groups to draw as one box: those `depth` levels deep, and those with no more than one operation."""
    operations: dict[int, int] = defaultdict(int)
    for box in picture.boxes:
        if box.kind not in LEAVES:
            for group in picture.around(box.group):
                operations[group] += 1
    return {
        number
        for number, group in enumerate(picture.groups)
        if operations[number] <= 1 or (depth is not None and len(picture.around(group.parent)) >= depth)
    }


def close(picture: Picture, closed: set[int]) -> Picture:
    """The picture with one box for each closed group that is in no other."""
    inside: dict[int, list[int]] = defaultdict(list)
    for number, box in enumerate(picture.boxes):
        outermost = next((group for group in picture.around(box.group) if group in closed), None)
        if outermost is not None:
            inside[outermost].append(number)
    drawn = dict(enumerate(picture.boxes))
    drawn_by: dict[int, int] = {}
    for group, members in inside.items():
        last = _last(picture, members)
        drawn_by.update(dict.fromkeys(members, last))
        for member in members:
            del drawn[member]
        drawn[last] = module_box(picture, group, members)
    arrows = []
    for a in picture.arrows:
        source, target = drawn_by.get(a.source, a.source), drawn_by.get(a.target, a.target)
        if source != target or a.source not in drawn_by:
            arrows.append(Arrow(source, target, "" if drawn[target].kind is Kind.MODULE else a.label))
    fused = [members for members in picture.fused if all(member in drawn for member in members)]
    return Merged(drawn, arrows, picture.groups, fused).picture(picture.notes)


def _last(picture: Picture, members: list[int]) -> int:
    """The last operation of some boxes."""
    return max(member for member in members if picture.boxes[member].kind not in LEAVES)


def module_box(picture: Picture, number: int, members: list[int]) -> Box:
    """The box of a module: its results, its parameters, and the figures of all that is inside."""
    group = picture.groups[number]
    boxes = [picture.boxes[member] for member in members]
    operations = [box for box in boxes if box.kind not in LEAVES]
    parameters = [box for box in boxes if box.kind is Kind.PARAMETER]
    result = picture.boxes[_last(picture, members)]
    alone = operations[0] if len(operations) == 1 else None
    steps = [step for box in boxes if box.step is not None for step in box.step]
    return Box(
        Kind.MODULE if alone is None else alone.kind,
        picture.title_of(number),
        result.array,
        () if alone is None else alone.lines,
        "" if alone is None else alone.place,
        group.parent,
        group.name,
        any(box.output for box in boxes),
        step=(min(steps), max(steps)) if steps else None,
        kernel=() if alone is None else alone.kernel,
        saves=() if alone is None else alone.saves,
        rules=() if alone is None else alone.rules,
        parameters=tuple(
            Parameter(box.title.removeprefix(f"{group.name}."), box.array, box.figures) for box in parameters
        ),
        figures=replace(
            Figures.total([box.figures for box in operations]),
            values=result.figures.values,
            gradient=result.figures.gradient,
            kept=result.figures.kept,
        ),
    )
