"""The backward graph: what the walk visits, in its order, and which rules run there."""

from __future__ import annotations

from dataclasses import replace

from .merging import Merged
from .picture import Arrow, Picture

__all__ = ["backward_picture"]


def backward_picture(picture: Picture) -> Picture:
    """The picture of the walk: arrows lead from a result's gradient to those of its arguments; constants have none."""
    visited = {number: box for number, box in enumerate(picture.boxes) if box.step is not None}
    turned = {}
    last = len(picture.boxes)
    for number, box in visited.items():
        rules = tuple(f"{argument}: {text}" for argument, text in box.rules)
        turned[last - number] = replace(box, lines=rules, ordered=False)
    arrows = [
        Arrow(last - a.target, last - a.source, a.label)
        for a in picture.arrows
        if a.source in visited and a.target in visited
    ]
    fused = [[last - member for member in members] for members in picture.fused]
    return Merged(turned, arrows, picture.groups, fused).picture(picture.notes, backward=True)
