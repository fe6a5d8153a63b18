"""A quick layout in layers, for graphs that Graphviz's own would take minutes for: 10,000 boxes in a second or two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from .look import clipped, shown_title, words
from .picture import LEAVES, Picture

__all__ = ["positions"]

_CHARACTER, _LINE_HEIGHT, _BORDER = 6.4, 14.0, 20.0  # points, of the fonts in dot.py, not too small
_GAP, _BETWEEN_LAYERS = 16.0, 28.0
_SWEEPS = 6


def positions(picture: Picture, direction: str, memory: bool) -> list[tuple[float, float]]:
    """Where each box stands, in points: layers by the longest way from an input, and near to its neighbours there."""
    across_is_x = direction in ("TB", "BT")
    sizes = [_size([f"{shown_title(picture, box)} {box.array}", *words(box, memory)]) for box in picture.boxes]
    across = [size[not across_is_x] for size in sizes]
    along = [size[across_is_x] for size in sizes]
    arrows = [(min(a.source, a.target), max(a.source, a.target)) for a in picture.arrows]
    layer = _layers(picture, arrows)
    places = _across(layer, arrows, across)
    thickest: dict[int, float] = defaultdict(float)
    for number, at in enumerate(layer):
        thickest[at] = max(thickest[at], along[number])
    depths, down = {}, 0.0
    for at in sorted(thickest):
        depths[at] = down + thickest[at] / 2
        down += thickest[at] + _BETWEEN_LAYERS
    sign = -1 if direction in ("TB", "RL") else 1  # Graphviz's y grows upwards
    spots = [(places[number], sign * depths[at]) for number, at in enumerate(layer)]
    return spots if across_is_x else [(along_it, across_it) for across_it, along_it in spots]


def _size(lines: Sequence[str]) -> tuple[float, float]:
    return max(len(clipped(line)) for line in lines) * _CHARACTER + _BORDER, len(lines) * _LINE_HEIGHT + _BORDER


def _layers(picture: Picture, arrows: list[tuple[int, int]]) -> list[int]:
    """One below the lowest of a box's sources; what is given stands right above its first use."""
    layer = [0] * len(picture.boxes)
    for source, target in sorted(arrows, key=lambda arrow: arrow[1]):
        layer[target] = max(layer[target], layer[source] + 1)
    first_use: dict[int, int] = {}
    for source, target in arrows:
        first_use[source] = min(first_use.get(source, layer[target]), layer[target])
    for number, box in enumerate(picture.boxes):
        if box.kind in LEAVES and number in first_use:
            layer[number] = first_use[number] - 1
    return layer


def _across(layer: list[int], arrows: list[tuple[int, int]], width: list[float]) -> list[float]:
    """In sweeps down and up, boxes go where their neighbours are on average, as far as those beside them let them."""
    above: dict[int, list[int]] = defaultdict(list)
    below: dict[int, list[int]] = defaultdict(list)
    for source, target in arrows:
        above[target].append(source)
        below[source].append(target)
    rows: dict[int, list[int]] = defaultdict(list)
    for number, depth in enumerate(layer):
        rows[depth].append(number)
    at = [0.0] * len(layer)
    for row in rows.values():
        _spread(row, [0.0] * len(row), width, at)
    for sweep in range(_SWEEPS):
        neighbours = (above, below)[sweep % 2]
        for depth in sorted(rows, reverse=sweep % 2 == 1):
            row = rows[depth]
            wish = {box: sum(at[n] for n in near) / len(near) if (near := neighbours[box]) else at[box] for box in row}
            row.sort(key=wish.__getitem__)
            _spread(row, [wish[box] for box in row], width, at)
    return at


def _spread(row: list[int], wishes: list[float], width: list[float], at: list[float]) -> None:
    """Put the boxes of a row where they wish to be; those that would overlap stand side by side around their mean."""
    blocks: list[list[float]] = []  # left edge, width, and how many boxes
    for box, wish in zip(row, wishes, strict=True):
        mine = width[box] + _GAP
        block = [wish - mine / 2, mine, 1.0]
        while blocks and blocks[-1][0] + blocks[-1][1] > block[0]:
            left, wide, count = blocks.pop()
            centre = ((left + wide / 2) * count + (block[0] + block[1] / 2) * block[2]) / (count + block[2])
            block = [centre - (wide + block[1]) / 2, wide + block[1], count + block[2]]
        blocks.append(block)
    boxes = iter(row)
    for left, _, count in blocks:
        for _ in range(int(count)):
            box = next(boxes)
            mine = width[box] + _GAP
            at[box] = left + mine / 2
            left += mine
