"""Reverse mode against differences, at every order, one random direction at a time.

With y = f(x), a random cotangent v and a random direction u, the gradient of `<v, f(x)>` along u must be the derivative
of `<v, f(x + εu)>` by ε. The check of order n + 1 is that check for the function (x, v) -> gradient of order n.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from ..reverse import pullback
from ..tensor import Tensor
from .differences import STEP, derivative_at_zero
from .failure import LARGE, GradientError, as_code
from .spaces import inner, magnitude, random_like
from .walks import check_walks, leaves, outputs_of

__all__ = ["check_grads"]

Arrays = list[NDArray[Any]]

_EPSILON = float(np.finfo(np.float64).eps)


def check_grads(
    f: Callable[..., Any], *args: Any, order: int = 2, rtol: float = 1e-9, step: float = STEP, seed: int = 0
) -> None:
    """Check the derivatives of a function of tensors, up to an order, against differences of its values.

    Args:
        f: takes tensors, and returns a tensor or a sequence of them. Called many times, it must do the same each time.
        args: its arguments. Derivatives are checked with respect to the floating and complex ones: numbers, arrays or
            tensors, in float64 and complex128. Everything else is passed on as it is.
        order: how many times f is differentiated.
        rtol: what the derivative along a random direction may differ by, relative to the sum of the sizes of its
            terms. Differences are good to about 1e-11, so 1e-9 leaves room for rounding inside f, and finds a rule that
            is off by 0.1 % in one of 10,000 elements.
        step: how far f is evaluated from args. It must be smooth there: keep away from kinks and edges of its domain.
        seed: of the random directions.

    Checked along the way, in the dtypes given too: a gradient has its argument's shape and dtype; arguments, cotangents
    and what the graph holds are left as they were; writing into a gradient changes nothing else; the walk that is
    recorded gives what the plain one gives.

    Raises:
        GradientError: a check failed; the text names argument, order and both values.
        TypeError: no argument is floating or complex.
    """
    f, arrays, names = _of_inexact(f, args)
    rng = np.random.default_rng(seed)
    check_walks(f, arrays, [random_like(y, rng) for y in _values(f, arrays)], names, 1)
    arrays = [np.asarray(x, np.result_type(x.dtype, np.float64)) for x in arrays]
    for n in range(1, order + 1):
        cotangents = [random_like(y, rng) for y in _values(f, arrays)]
        gradients = check_walks(f, arrays, cotangents, names, n)
        directions = [random_like(x, rng) for x in arrays]
        _Comparison(f, names, n, arrays, cotangents, gradients, rtol, step).check(directions)
        f = _gradient_of(f, len(arrays))
        arrays += cotangents
        names += [f"cotangent {i} of order {n}" for i in range(len(cotangents))]


class _Derivatives(NamedTuple):
    """One directional derivative, found in two ways, and how far they may be apart."""

    by_rules: float
    by_differences: float
    unsure: float
    allowed: float

    @property
    def agree(self) -> bool:
        return abs(self.by_rules - self.by_differences) <= self.allowed


@dataclass
class _Comparison:
    """What reverse mode says about one function at one point, and what its values say."""

    f: Callable[..., Any]
    names: list[str]
    order: int
    arrays: Arrays
    cotangents: Arrays
    gradients: Arrays
    rtol: float
    step: float

    def check(self, directions: Arrays) -> None:
        """Compare along all directions at once; if that fails, look for the argument that is to blame."""
        everything = list(range(len(directions)))
        if not self._along(everything, directions).agree:
            self._fail([i for i in everything if not self._along([i], directions).agree] or everything, directions)

    def _along(self, which: list[int], directions: Arrays) -> _Derivatives:
        """The derivative along some of the directions."""
        sizes = []

        def moved(epsilon: float) -> float:
            point = [x + epsilon * directions[i] if i in which else x for i, x in enumerate(self.arrays)]
            values = list(zip(self.cotangents, _values(self.f, point), strict=True))
            sizes.append(sum(magnitude(v, y) for v, y in values))
            return sum(inner(v, y) for v, y in values)

        by_rules = sum(inner(self.gradients[i], directions[i]) for i in which)
        terms = sum(magnitude(self.gradients[i], directions[i]) for i in which)
        by_differences, unsure = derivative_at_zero(moved, self.step)
        rounding = 64 * _EPSILON / self.step * max(sizes)
        # An extrapolation betters the last by about step²; where both cancel, as at a multiple zero, h⁶ remains.
        truncation = 1e-4 * unsure + self.step**6
        return _Derivatives(by_rules, by_differences, unsure, self.rtol * terms + rounding + truncation)

    def _fail(self, guilty: list[int], directions: Arrays) -> NoReturn:
        i = guilty[0]
        found = self._along([i], directions)
        lines = [
            f"{', '.join(self.names[j] for j in guilty)}, order {self.order}: along a random direction reverse mode "
            f"gives {found.by_rules!r}, differences give {found.by_differences!r}; {found.allowed:.1e} is allowed"
        ]
        if found.unsure > found.allowed:
            lines.append(
                f"differences disagree among themselves by {found.unsure:.1e}: is f smooth within {self.step:.1e} of "
                "its arguments?"
            )
        if self.arrays[i].size <= LARGE:
            lines.append(f"gradient by rules:       {as_code(self.gradients[i])}")
            lines.append(f"gradient by differences: {as_code(self._gradient_by_differences(i))}")
        lines += [f"{name} = {as_code(x)}" for name, x in zip(self.names, self.arrays, strict=True)]
        lines += [f"cotangent {j} = {as_code(v)}" for j, v in enumerate(self.cotangents)]
        raise GradientError("\n    ".join(lines))

    def _gradient_by_differences(self, i: int) -> NDArray[Any]:
        gradient = np.zeros_like(self.arrays[i])
        for position in np.ndindex(gradient.shape):
            for unit in (1, 1j) if gradient.dtype.kind == "c" else (1,):
                direction = np.zeros_like(gradient)
                direction[position] = unit
                directions = [direction if j == i else x for j, x in enumerate(self.arrays)]
                gradient[position] += unit * self._along([i], directions).by_differences
        return gradient


def _of_inexact(f: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Callable[..., Any], Arrays, list[str]]:
    """f as a function of its floating and complex arguments alone, those, and their names."""
    arrays = {}
    for i, x in enumerate(args):
        array = x.numpy() if isinstance(x, Tensor) else x
        if isinstance(array, (float, complex, np.ndarray, np.inexact)) and np.asarray(array).dtype.kind in "fc":
            arrays[i] = np.asarray(array)
    if not arrays:
        raise TypeError(f"check_grads: expected floating or complex arguments, got {', '.join(map(repr, args))}")

    def of_inexact(*tensors: Any) -> Any:
        given = dict(zip(arrays, tensors, strict=True))
        return f(*(given.get(i, x) for i, x in enumerate(args)))

    return of_inexact, list(arrays.values()), [f"argument {i}" for i in arrays]


def _values(f: Callable[..., Any], arrays: Arrays) -> Arrays:
    return [y.numpy() for y in outputs_of(f(*leaves(arrays)))]


def _gradient_of(f: Callable[..., Any], count: int) -> Callable[..., Any]:
    """The function (x, v) -> gradients of <v, f(x)> by the `count` tensors x, itself differentiable."""

    def gradient(*tensors: Tensor) -> tuple[Tensor, ...]:
        x, v = tensors[:count], tensors[count:]
        return pullback(outputs_of(f(*x)), x, v, create_graph=True)

    return gradient
