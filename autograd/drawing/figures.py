"""What was measured of a box: statistics of values and gradients, seconds and bytes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Figures", "Statistics", "milliseconds"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of an array: how many numbers, mean and standard deviation, smallest and largest of those that are finite."""

    count: int
    nan: int
    inf: int
    mean: float
    std: float
    low: float
    high: float

    @classmethod
    def of(cls, array: NDArray[Any]) -> Statistics:
        """Those of an array; of complex numbers, those of their absolute values."""
        array = np.abs(array) if array.dtype.kind == "c" else array
        finite = np.isfinite(array)
        nan = int(np.count_nonzero(np.isnan(array)))
        inf = array.size - nan - int(np.count_nonzero(finite))
        if nan or inf:
            array = array[finite]
        if not array.size:
            return cls(finite.size, nan, inf, math.nan, math.nan, math.nan, math.nan)
        wide = array.astype(np.float64)
        with np.errstate(over="ignore"):
            mean, std = float(wide.mean()), float(wide.std())
        return cls(finite.size, nan, inf, mean, std, float(array.min()), float(array.max()))

    @property
    def norm(self) -> float:
        """The Euclidean norm of the finite numbers."""
        finite = self.count - self.nan - self.inf
        return math.sqrt(finite) * math.hypot(self.mean, self.std) if finite else 0.0

    def with_(self, other: Statistics) -> Statistics:
        """Those of both arrays together."""
        mine, theirs = (s.count - s.nan - s.inf for s in (self, other))
        if not mine or not theirs:
            kept = self if mine else other
            figures = kept.mean, kept.std, kept.low, kept.high
        else:
            share = mine / (mine + theirs)
            apart = math.sqrt(share * (1 - share)) * (self.mean - other.mean)
            figures = (
                share * self.mean + (1 - share) * other.mean,
                math.hypot(math.sqrt(share) * self.std, math.sqrt(1 - share) * other.std, apart),
                min(self.low, other.low),
                max(self.high, other.high),
            )
        return Statistics(self.count + other.count, self.nan + other.nan, self.inf + other.inf, *figures)

    def __str__(self) -> str:
        bad = "".join(f" {count:,} {what}" for count, what in ((self.nan, "NaN"), (self.inf, "Inf")) if count)
        if not self.count:
            return "empty"
        if math.isnan(self.mean):
            return bad.strip()
        if self.count == 1:
            return f"{self.mean:.4g}"
        return f"{self.mean:.2g} ± {self.std:.2g} in [{self.low:.2g}, {self.high:.2g}]{bad}"


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known; None is what was not measured.

    Attributes:
        values, gradient: of the result, and of the gradient of the drawn output with respect to it.
        kept: whether the values were to be shown, and were found.
        forward, backward: seconds of the operation, and of its rules.
        bytes, saved: of the result, and of what is saved for the backward pass.
    """

    values: Statistics | None = None
    gradient: Statistics | None = None
    kept: bool = True
    forward: float | None = None
    backward: float | None = None
    bytes: int = 0
    saved: int = 0

    @classmethod
    def total(cls, parts: Sequence[Figures]) -> Figures:
        """Seconds and bytes of several boxes together."""
        forward = [part.forward for part in parts if part.forward is not None]
        backward = [part.backward for part in parts if part.backward is not None]
        return cls(
            forward=sum(forward) if forward else None,
            backward=sum(backward) if backward else None,
            bytes=sum(part.bytes for part in parts),
            saved=sum(part.saved for part in parts),
        )

    def with_(self, other: Figures) -> Figures:
        """Those of several boxes that are drawn as one."""
        return Figures(
            _both(Statistics.with_, self.values, other.values),
            _both(Statistics.with_, self.gradient, other.gradient),
            self.kept and other.kept,
            _both(float.__add__, self.forward, other.forward),
            _both(float.__add__, self.backward, other.backward),
            self.bytes + other.bytes,
            self.saved + other.saved,
        )

    def lines(self) -> tuple[str, ...]:
        """What of it is shown below a box's title."""
        shown = []
        if self.values is not None:
            shown.append(f"value {self.values}" if self.values.count == 1 else str(self.values))
        elif not self.kept:
            shown.append("values not kept")
        if self.gradient is not None:
            bad = self.gradient.nan + self.gradient.inf
            shown.append(f"‖g‖ {self.gradient.norm:.3g}" + (f", {bad:,} not finite" if bad else ""))
        if self.forward is not None or self.backward is not None:
            both = (milliseconds(self.forward), milliseconds(self.backward))
            shown.append(f"{both[0]} + {both[1]} ms")
        return tuple(shown)


def _both(merge: Callable[[T, T], T], one: T | None, other: T | None) -> T | None:
    """Both together, if there are both."""
    if one is None or other is None:
        return other if one is None else one
    return merge(one, other)


def milliseconds(seconds: float | None) -> str:
    """In three digits; a dash for what did not run by itself."""
    if seconds is None:
        return "–"
    return f"{seconds * 1e3:.3f}" if seconds < 1e-3 else f"{seconds * 1e3:.3g}"
