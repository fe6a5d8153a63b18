"""L-BFGS: Newton's method with an inverse Hessian made of the last steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...autograd.mode import enable_grad
from ...autograd.tensor import Tensor
from .line_search import Point, strong_wolfe
from .optimizer import Group, Optimizer, Params, require

__all__ = ["LBFGS"]

Closure = Callable[[], Tensor]


class LBFGS(Optimizer):
    """p = p + t d, with d = -H g and H the inverse Hessian that the last `history_size` steps suggest.

    `step(closure)` makes up to `max_iter` such iterations; the closure computes the loss anew and leaves gradients, as
    in `optimizer.zero_grad(); loss = ...; loss.backward(); return loss`. All data at once, no noise: a method for small
    problems that are to be solved exactly. t is lr, or what a line search finds (line_search_fn="strong_wolfe").
    Liu and Nocedal, On the limited memory BFGS method, 1989, in PyTorch's form; there is one group of real parameters.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1.0,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        max_eval = max_iter * 5 // 4 if max_eval is None else max_eval
        super().__init__(
            params, lr=lr, max_iter=max_iter, max_eval=max_eval, tolerance_grad=tolerance_grad,
            tolerance_change=tolerance_change, history_size=history_size, line_search_fn=line_search_fn,
        )  # fmt: skip
        require(self, len(self.param_groups) == 1, "there can be one group of parameters only")
        self.history: list[tuple[NDArray[Any], NDArray[Any]]] = []  # steps and changes of the gradient
        self.scale = 1.0  # of the identity that H starts from
        self.last: tuple[NDArray[Any], NDArray[Any]] | None = None  # the last step, and the gradient before it

    def check(self, group: Group) -> None:
        known = group["line_search_fn"] in (None, "strong_wolfe")
        require(self, known, f"line_search_fn must be None or 'strong_wolfe', got {group['line_search_fn']!r}")
        require(self, all(p.dtype.kind == "f" for p in group["params"]), "parameters must be real")

    def step(self, closure: Closure | None = None) -> Tensor:  # type: ignore[override]
        """Iterate until the gradient or the progress is small, or `max_iter` is reached; returns the first loss.

        Raises:
            TypeError: no closure.
        """
        if closure is None:
            raise TypeError("LBFGS: step needs a closure that computes the loss and its gradients anew")
        self.steps += 1
        group = self.param_groups[0]
        first = self._evaluated(closure)
        value, gradient, evaluations = first.item(), self._gradient(), 1
        for iteration in range(1, group["max_iter"] + 1):
            if np.abs(gradient).max() <= group["tolerance_grad"]:
                break
            fresh = self.last is None
            direction = self._direction(gradient)
            t = min(1.0, 1.0 / float(np.abs(gradient).sum())) * group["lr"] if fresh else group["lr"]
            slope = float(gradient @ direction)
            if slope > -group["tolerance_change"]:
                break
            before, old_gradient = value, gradient
            if group["line_search_fn"] is None:
                self._move(t * direction)
                if iteration < group["max_iter"]:  # nobody asks for the last one
                    value = self._evaluated(closure).item()
                    gradient, evaluations = self._gradient(), evaluations + 1
            else:
                start = Point(0.0, value, gradient, slope)
                found, tried = self._searched(closure, start, t, direction, group["max_eval"] - evaluations)
                t, value, gradient = found.t, found.value, found.gradient
                evaluations += tried
                self._move(t * direction)
            self.last = t * direction, old_gradient
            small = np.abs(t * direction).max() <= group["tolerance_change"]
            if evaluations >= group["max_eval"] or small or abs(value - before) < group["tolerance_change"]:
                break
        return first

    def _direction(self, gradient: NDArray[Any]) -> NDArray[Any]:
        """-H g by the two-loop recursion (Nocedal and Wright, algorithm 7.4), the last step taken into account."""
        if self.last is not None:
            step, before = self.last
            change = gradient - before
            curvature = float(change @ step)
            if curvature > 1e-10:
                self.history = [*self.history, (step, change)][-self.param_groups[0]["history_size"] :]
                self.scale = curvature / float(change @ change)
        direction = -gradient
        weights = []
        for step, change in reversed(self.history):
            weights.append(float(step @ direction) / float(change @ step))
            direction = direction - weights[-1] * change
        direction = direction * self.scale
        for (step, change), weight in zip(self.history, reversed(weights), strict=True):
            direction = direction + (weight - float(change @ direction) / float(change @ step)) * step
        return direction

    def _searched(
        self, closure: Closure, start: Point, t: float, direction: NDArray[Any], most: int
    ) -> tuple[Point, int]:
        own = [p.numpy() for p in self.params]

        def at(t: float) -> Point:
            self._move(t * direction)
            value = self._evaluated(closure).item()
            gradient = self._gradient()
            for p, array in zip(self.params, own, strict=True):
                p.data = array
            return Point(t, value, gradient, float(gradient @ direction))

        return strong_wolfe(at, start, t, direction, most)

    def _evaluated(self, closure: Closure) -> Tensor:
        with enable_grad():
            return closure()

    def _gradient(self) -> NDArray[Any]:
        """The gradients of all parameters, as one vector."""
        parts = [np.zeros(p.size, p.dtype) if p.grad is None else p.grad.numpy().ravel() for p in self.params]
        return np.concatenate(parts)

    def _move(self, step: NDArray[Any]) -> None:
        """Add a step to the parameters."""
        start = 0
        for p in self.params:
            p.data = p.numpy() + step[start : start + p.size].reshape(p.shape)
            start += p.size

    def state_dict(self) -> dict[str, Any]:
        state = super().state_dict()
        state["lbfgs"] = {"history": [list(pair) for pair in self.history], "scale": self.scale, "last": self.last}
        return state

    def load_state_dict(self, state_dict: Any) -> None:
        super().load_state_dict(state_dict)
        state = state_dict["lbfgs"]
        self.history = [(step, change) for step, change in state["history"]]
        self.scale = state["scale"]
        self.last = None if state["last"] is None else (state["last"][0], state["last"][1])
