"""A step length that satisfies the strong Wolfe conditions: f falls enough, and its slope has become flat enough.

Nocedal and Wright, Numerical Optimization, 2006, algorithms 3.5 and 3.6, with the safeguards of Schmidt's minFunc.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Point", "strong_wolfe"]


class Point(NamedTuple):
    """A place on the line: the step t that leads there, the value, the gradient, and the slope along the line."""

    t: float
    value: float
    gradient: NDArray[Any]
    slope: float


def strong_wolfe(
    at: Callable[[float], Point],
    start: Point,
    t: float,
    direction: NDArray[Any],
    max_evaluations: int,
    fall: float = 1e-4,
    flatness: float = 0.9,
    tolerance: float = 1e-9,
) -> tuple[Point, int]:
    """A point where value <= start + fall · t · slope and |slope| <= flatness · |slope at start|; how many were tried.

    Args:
        at: the point that a step of some length leads to.
        start: the point of step 0.
        t: the first length to try.
        direction: of the line; an interval of lengths so small that nothing moves by `tolerance` ends the search.
        max_evaluations: after that many the best point so far is returned.
    """

    def falls_enough(point: Point) -> bool:
        return point.value <= start.value + fall * point.t * start.slope

    def is_flat(point: Point) -> bool:
        return abs(point.slope) <= -flatness * start.slope

    previous, point = start, at(t)
    evaluations, rounds, done = 1, 0, False
    bracket = [start, point]
    while rounds < max_evaluations:  # farther and farther, until a good point lies between two
        if not falls_enough(point) or (rounds > 1 and point.value >= previous.value):
            bracket = [previous, point]
            break
        if is_flat(point):
            bracket, done = [point], True
            break
        if point.slope >= 0:
            bracket = [previous, point]
            break
        bounds = point.t + 0.01 * (point.t - previous.t), point.t * 10
        previous, point = point, at(_cubic_minimum(previous, point, bounds))
        evaluations, rounds = evaluations + 1, rounds + 1
    else:
        bracket = [start, point]

    low, high = (0, 1) if bracket[0].value <= bracket[-1].value else (1, 0)
    largest, near_the_edge = float(np.abs(direction).max()), False
    while not done and rounds < max_evaluations:  # the bracket becomes smaller and smaller
        left, right = (min(b.t for b in bracket), max(b.t for b in bracket))
        if (right - left) * largest < tolerance:
            break
        t = _cubic_minimum(bracket[0], bracket[1])
        margin = 0.1 * (right - left)
        if min(right - t, t - left) < margin:
            if near_the_edge or t >= right or t <= left:
                t = right - margin if abs(t - right) < abs(t - left) else left + margin
                near_the_edge = False
            else:
                near_the_edge = True
        else:
            near_the_edge = False
        point = at(t)
        evaluations, rounds = evaluations + 1, rounds + 1
        if not falls_enough(point) or point.value >= bracket[low].value:
            bracket[high] = point
            low, high = (0, 1) if bracket[0].value <= bracket[1].value else (1, 0)
        else:
            if is_flat(point):
                done = True
            elif point.slope * (bracket[high].t - bracket[low].t) >= 0:
                bracket[high] = bracket[low]
            bracket[low] = point
    return bracket[low], evaluations


def _cubic_minimum(one: Point, other: Point, bounds: tuple[float, float] | None = None) -> float:
    """Where the cubic through two points with these slopes is smallest, inside the bounds or between the points."""
    left, right = (one, other) if one.t <= other.t else (other, one)
    low, high = bounds or (left.t, right.t)
    d1 = one.slope + other.slope - 3 * (one.value - other.value) / (one.t - other.t)
    square = d1 * d1 - one.slope * other.slope
    if square < 0:
        return (low + high) / 2
    d2 = math.sqrt(square)
    t = right.t - (right.t - left.t) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2))
    return min(max(t, low), high)
