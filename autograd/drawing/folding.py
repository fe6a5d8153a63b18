"""Folding: of equal module calls in sequence, such as the layers of a transformer, one is drawn for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import replace

from .merging import Merged, together
from .picture import LEAVES, Arrow, Picture

__all__ = ["fold"]


def fold(picture: Picture) -> Picture:
    """The picture with each run of equal groups as one group that knows how many it stands for."""
    folder = _Folder(picture)
    siblings: dict[int | None, list[int]] = defaultdict(list)
    for number, group in enumerate(picture.groups):
        siblings[group.parent].append(number)
    for parent in sorted(siblings, key=lambda group: -len(picture.around(group))):  # what is inside is folded first
        run: list[_Block] = []
        for number in siblings[parent]:
            block = _Block(folder, number)
            if run and block.continues(run):
                run.append(block)
            else:
                folder.merge(run)
                run = [block]
        folder.merge(run)
    return folder.folded()


class _Folder:
    """Which boxes are drawn, and by which the others are."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.groups = [replace(group) for group in picture.groups]
        self.members: dict[int, list[int]] = defaultdict(list)
        for number, box in enumerate(picture.boxes):
            for group in picture.around(box.group):
                self.members[group].append(number)
        self.into: dict[int, list[Arrow]] = defaultdict(list)
        self.out_of: dict[int, list[Arrow]] = defaultdict(list)
        for arrow in picture.arrows:
            self.into[arrow.target].append(arrow)
            self.out_of[arrow.source].append(arrow)
        self._drawn_by: dict[int, int] = {}

    def is_drawn(self, box: int) -> bool:
        """Whether no other box is drawn in its place."""
        return box not in self._drawn_by

    def drawn_by(self, box: int) -> int:
        """The box that is drawn in its place, perhaps itself."""
        while box in self._drawn_by:
            box = self._drawn_by[box]
        return box

    def merge(self, run: list[_Block]) -> None:
        """Draw the first block for all."""
        for block in run[1:]:
            self._drawn_by.update(zip(block.boxes, run[0].boxes, strict=True))
        if len(run) > 1:
            first, last = (self.picture.groups[block.group] for block in (run[0], run[-1]))
            self.groups[run[0].group] = replace(first, count=len(run), last=last.name)

    def folded(self) -> Picture:
        """The picture of the boxes that are drawn."""
        old = self.picture
        boxes = dict(enumerate(old.boxes))
        for number in reversed(range(len(old.boxes))):
            if not self.is_drawn(number):
                drawn = self.drawn_by(number)
                boxes[drawn] = together(boxes[drawn], old.boxes[number])
        left = {number: box for number, box in boxes.items() if self.is_drawn(number)}
        arrows = [replace(a, source=self.drawn_by(a.source)) for a in old.arrows if self.is_drawn(a.target)]
        fused = [members for members in old.fused if all(map(self.is_drawn, members))]
        return Merged(left, arrows, self.groups, fused).picture(old.notes)


class _Block:
    """A group as a candidate for folding.

    Attributes:
        boxes: its boxes that are drawn so far, in an order that depends on nothing but their structure.
        structure: what the boxes are and how they hang together.
        inputs: where arguments from outside come from; outputs: where results go.
    """

    def __init__(self, folder: _Folder, group: int) -> None:
        self.group = group
        inside = {number for number in folder.members[group] if folder.is_drawn(number)}
        self.boxes = _in_order(folder, inside)
        self._place = {number: i for i, number in enumerate(self.boxes)}
        self.inputs: list[int] = []
        self.structure = [self._described(folder, number) for number in self.boxes]
        targets = {folder.drawn_by(a.target) for n in folder.members[group] for a in folder.out_of[n]}
        self.outputs = targets - inside

    def _described(self, folder: _Folder, number: int) -> Hashable:
        picture = folder.picture
        box = picture.boxes[number]
        sources: list[Hashable] = []
        for arrow in folder.into[number]:
            source = folder.drawn_by(arrow.source)
            sources.append((arrow.label, self._place.get(source)))
            if source not in self._place:
                self.inputs.append(source)
        chain = picture.around(box.group)
        modules = tuple((folder.groups[g].type, folder.groups[g].count) for g in chain[chain.index(self.group) :])
        title = "" if box.kind in LEAVES else box.title
        return box.kind, title, box.array, box.lines, box.kernel, modules, tuple(sources)

    def continues(self, run: list[_Block]) -> bool:
        """Whether this block does the same as the last one of a run, with what that one gave to it and to no other."""
        last = run[-1]
        if not self.boxes or self.structure != last.structure or not last.outputs or not last.outputs <= {*self.boxes}:
            return False
        taken = self._taken_from(last)
        return taken is not None and (len(run) == 1 or taken == last._taken_from(run[-2]))

    def _taken_from(self, last: _Block) -> list[int | None] | None:
        """For each input, which box of the last block gave it, or None where both have the same; None if neither."""
        taken = [last._place.get(mine) for mine in self.inputs]
        shared = all(
            place is not None or mine == theirs
            for place, mine, theirs in zip(taken, self.inputs, last.inputs, strict=True)
        )
        return taken if shared else None


def _in_order(folder: _Folder, inside: set[int]) -> list[int]:
    """Operations as they ran, each after the leaves that it is the first to use."""
    order: dict[int, None] = {}
    boxes = folder.picture.boxes
    operations: Iterable[int] = (number for number in sorted(inside) if boxes[number].kind not in LEAVES)
    for number in operations:
        order.update(dict.fromkeys(a.source for a in folder.into[number] if a.source in inside))
        order[number] = None
    return [*order]
