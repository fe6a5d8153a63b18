"""Several boxes drawn as one: what the folding of repeats and the closing of modules have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .picture import Arrow, Box, Group, Picture

__all__ = ["Merged", "together"]


def together(drawn: Box, other: Box) -> Box:
    """A box that stands for one more."""
    steps = [step for box in (drawn, other) if box.step is not None for step in box.step]
    return replace(
        drawn,
        output=drawn.output or other.output,
        step=(min(steps), max(steps)) if steps else None,
        figures=drawn.figures.with_(other.figures),
    )


class Merged:
    """What is left of a picture, with the numbers that it had."""

    def __init__(
        self, boxes: Mapping[int, Box], arrows: Iterable[Arrow], groups: list[Group], fused: Iterable[list[int]]
    ) -> None:
        self._boxes = boxes
        self._arrows = arrows
        self._groups = groups
        self._fused = fused

    def picture(self, notes: list[str], backward: bool = False) -> Picture:
        """The picture of it, with boxes and groups numbered anew; an arrow that is there twice is drawn once."""
        used: set[int] = set()
        for box in self._boxes.values():
            group = box.group
            while group is not None and group not in used:
                used.add(group)
                group = self._groups[group].parent
        groups: dict[int | None, int | None] = {None: None}
        groups |= {old: new for new, old in enumerate(sorted(used))}
        places = {old: new for new, old in enumerate(sorted(self._boxes))}
        return Picture(
            [replace(self._boxes[old], group=groups[self._boxes[old].group]) for old in places],
            [*dict.fromkeys(replace(a, source=places[a.source], target=places[a.target]) for a in self._arrows)],
            [replace(self._groups[old], parent=groups[self._groups[old].parent]) for old in sorted(used)],
            [[places[member] for member in members] for members in self._fused],
            notes,
            backward,
        )
