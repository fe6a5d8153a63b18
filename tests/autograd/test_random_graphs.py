"""Random programs, run on this engine and on the one of scalars.py: values, gradients and refusals must be the same."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from tapegrad import Tensor, autograd, no_grad, tensor
from tapegrad.autograd import GraphError, pullback

from . import scalars
from .scalars import Origin, Scalar

Pair: TypeAlias = tuple[Tensor, Scalar]

LEAF = st.integers(0, 2)
NUMBERS = st.sampled_from((-2.0, -0.5, 0.0, 0.3, 1.0, 1.5))
UNARY: dict[str, Any] = {
    "sin": (np.sin, scalars.sin),
    "tanh": (np.tanh, scalars.tanh),
    "relu": (autograd.relu, scalars.relu),
}
BINARY: dict[str, Any] = {
    "add": (lambda x, y: x + y, lambda x, y: x + y),
    "multiply": (lambda x, y: x * y, lambda x, y: x * y),
    "maximum": (np.maximum, scalars.maximum),
}


def near_a_kink(ours: float, theirs: float) -> bool:
    """Whether rounding decides on which side of 0 a number lies; 0 itself, in both engines, is a case to test."""
    return min(abs(ours), abs(theirs)) < 1e-6 and (ours, theirs) != (0, 0)


class RandomGraphs(RuleBasedStateMachine):
    pairs: Bundle[Pair] = Bundle("pairs")
    derivatives: Bundle[Pair] = Bundle("derivatives")

    def __init__(self) -> None:
        super().__init__()
        self.known: list[Pair] = []

    def keep(self, t: Any, s: Scalar) -> Pair:
        """Remember a pair; large values are squashed, for both engines would only overflow."""
        if abs(s.value) > 50:
            t, s = np.tanh(t), scalars.tanh(s)
        self.known.append((t, s))
        return t, s

    @initialize(target=pairs, values=st.tuples(NUMBERS, NUMBERS, NUMBERS))
    def make_leaves(self, values: tuple[float, ...]) -> Any:
        self.leaves = [(tensor(value, requires_grad=True), Scalar(value, Origin())) for value in values]
        self.known += self.leaves
        return multiple(*self.leaves)

    @rule(target=pairs, name=st.sampled_from(sorted(UNARY)), x=pairs)
    def unary(self, name: str, x: Pair) -> Any:
        ours, theirs = UNARY[name]
        if name == "relu" and near_a_kink(x[0].item(), x[1].value):
            return multiple()
        return self.keep(ours(x[0]), theirs(x[1]))

    @rule(target=pairs, name=st.sampled_from(sorted(BINARY)), x=pairs, y=pairs)
    def binary(self, name: str, x: Pair, y: Pair) -> Any:
        ours, theirs = BINARY[name]
        if name == "maximum" and near_a_kink(x[0].item() - y[0].item(), x[1].value - y[1].value):
            return multiple()
        return self.keep(ours(x[0], y[0]), theirs(x[1], y[1]))

    @rule(target=pairs, x=pairs, number=NUMBERS)
    def scaled(self, x: Pair, number: float) -> Pair:
        return self.keep(x[0] * number + number, x[1] * Scalar(number) + Scalar(number))

    @rule(target=pairs, parts=st.lists(pairs, min_size=1, max_size=4))
    def summed_in_an_array(self, parts: list[Pair]) -> Pair:
        total = Scalar(0.0)
        for i, (_, s) in enumerate(parts):
            total = total + s * Scalar(float(i))
        stacked = np.stack([t for t, _ in parts])
        return self.keep(autograd.sum(stacked * np.arange(len(parts))), total)

    @rule(target=pairs, x=pairs, y=pairs)
    def swapped_in_an_array(self, x: Pair, y: Pair) -> Any:
        """Two results of one operation: what a walk from one frees, it frees for the other."""
        second, first = autograd.stack([x[0], y[0]])[::-1]
        nothing = Scalar(0.0) * (x[1] + y[1])
        return multiple(self.keep(first, x[1] + nothing), self.keep(second, y[1] + nothing))

    @rule(target=pairs, x=pairs)
    def detached(self, x: Pair) -> Pair:
        return self.keep(x[0].detach(), Scalar(x[1].value))

    @rule(target=pairs, x=pairs, y=pairs)
    def not_recorded(self, x: Pair, y: Pair) -> Pair:
        with no_grad():
            return self.keep(x[0] * y[0], Scalar(x[1].value * y[1].value))

    @rule(leaf=LEAF, value=NUMBERS)
    def written_to(self, leaf: int, value: float) -> None:
        """What was computed before keeps the old value."""
        t, s = self.leaves[leaf]
        t.data[...] = value
        s.value = value

    @rule(y=pairs, retain=st.booleans())
    def backward(self, y: Pair, retain: bool) -> None:
        t, s = y
        origins = scalars.origins_of(s)
        if s.origin is None or any(origin.freed for origin in origins):
            with pytest.raises(GraphError, match="not tracked" if s.origin is None else "freed"):
                t.backward()
            return
        t.backward(retain_graph=retain)
        self.add_gradients(s)
        for origin in origins:
            origin.freed = bool(origin.parents) and not retain

    def add_gradients(self, s: Scalar) -> None:
        for origin, g in scalars.gradients(s).items():
            if not origin.parents:
                origin.grad = (origin.grad or 0.0) + g.value

    @rule(target=derivatives, y=pairs, leaf=LEAF)
    def differentiated(self, y: Pair, leaf: int) -> Any:
        x = self.leaves[leaf]
        if y[1].origin is None or any(origin.freed for origin in scalars.origins_of(y[1])):
            return multiple()
        (t,) = pullback([y[0]], [x[0]], create_graph=True)
        assert x[1].origin is not None
        return self.keep(t, scalars.gradients(y[1]).get(x[1].origin, Scalar(0.0)))

    @rule(target=derivatives, x=derivatives, y=derivatives)
    def product_of_derivatives(self, x: Pair, y: Pair) -> Pair:
        return self.keep(x[0] * y[0], x[1] * y[1])

    @rule(y=derivatives)
    def backward_from_a_derivative(self, y: Pair) -> None:
        """Its graph is made of other operations than that of the other engine, so what is freed may differ."""
        t, s = y
        if not t.requires_grad or s.origin is None:
            assert s.origin is None or not any(g.value for o, g in scalars.gradients(s).items() if not o.parents)
            return
        try:
            t.backward(retain_graph=True)
        except GraphError:
            return
        self.add_gradients(s)

    @rule(leaf=LEAF)
    def cleared(self, leaf: int) -> None:
        t, s = self.leaves[leaf]
        assert s.origin is not None
        t.grad = s.origin.grad = None

    @invariant()
    def values_and_gradients_are_the_same(self) -> None:
        for t, s in self.known:
            assert t.item() == pytest.approx(s.value, rel=1e-9, abs=1e-9)
            if t.is_leaf:
                expected = 0.0 if s.origin is None else s.origin.grad or 0.0
                got = 0.0 if t.grad is None else t.grad.item()
                assert got == pytest.approx(expected, rel=1e-9, abs=1e-9)


TestRandomGraphs = RandomGraphs.TestCase
TestRandomGraphs.settings = settings(settings(), stateful_step_count=40)
