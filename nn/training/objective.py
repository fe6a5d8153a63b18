"""What is to become small, and what is only looked at: a loss and metrics for each output of a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from ...autograd.errors import GraphError
from ...autograd.tensor import Tensor

__all__ = ["Loss", "Metric", "Objective"]

Loss: TypeAlias = Callable[[Any, Any], Tensor]
Metric: TypeAlias = Callable[[Any, Any], float]


class Objective:
    """The losses and metrics of one output or of several heads.

    Args:
        loss: a function (outputs, targets) -> scalar tensor. For a model that returns a tuple, one function for each
            output; for a model that returns a dict, a function for each name.
        metrics: functions (outputs, targets) -> number by name; for several heads by head and name, or a dict of
            functions which then are asked of every head.
        weights: what each head's loss counts, by head; 1 by default.

    Raises:
        ValueError: weights or metrics for a head that there is not.
        TypeError: a loss that is no function, or metrics without names.
    """

    def __init__(
        self,
        loss: Loss | Sequence[Loss] | Mapping[str, Loss],
        metrics: Mapping[str, Any] | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> None:
        if isinstance(loss, Mapping):
            self.losses: dict[str, Loss] = dict(loss)
        elif callable(loss):
            self.losses = {"": loss}
        else:
            self.losses = {str(i): each for i, each in enumerate(loss)}
        self.weights = dict.fromkeys(self.losses, 1.0) | dict(weights or {})
        metrics = metrics or {}
        if not isinstance(metrics, Mapping):
            raise TypeError(f"metrics: expected functions by name, as {{'accuracy': accuracy}}, got {metrics!r:.80}")
        if not all(callable(each) for each in self.losses.values()):
            raise TypeError(f"loss: expected a function (outputs, targets), or one for each head, got {loss!r:.80}")
        by_head = any(isinstance(value, Mapping) for value in metrics.values())
        self.metrics: dict[str, dict[str, Metric]] = (
            {head: dict(metrics.get(head, {})) for head in self.losses}
            if by_head
            else {head: dict(metrics) for head in self.losses}
        )
        unknown = (set(self.weights) | (set(metrics) if by_head else set())) - set(self.losses)
        if unknown:
            raise ValueError(f"there is no head {sorted(unknown)[0]!r}; the losses are for {', '.join(self.losses)}")

    def __call__(self, outputs: Any, targets: Sequence[Any]) -> tuple[Tensor, dict[str, float]]:
        """The weighted sum of the losses, and every figure: "loss", a head's loss and metrics as "head/name".

        Args:
            outputs: what the model returned.
            targets: one for each head, in their order.
        """
        heads = self._heads(outputs, targets)
        total: Any = None
        figures: dict[str, float] = {}
        for head, (output, target) in heads.items():
            loss = self.losses[head](output, target)
            if not isinstance(loss, Tensor) or loss.size != 1:
                raise GraphError(f"loss {head or 'function'}: expected a scalar tensor, got {loss!r:.80}")
            weighted = loss if self.weights[head] == 1 else loss * self.weights[head]
            total = weighted if total is None else total + weighted
            prefix = f"{head}/" if head else ""
            if head:
                figures[f"{prefix}loss"] = loss.item()
            for name, metric in self.metrics[head].items():
                figures[prefix + name] = float(metric(output, target))
        return total, {"loss": total.item(), **figures}

    def _heads(self, outputs: Any, targets: Sequence[Any]) -> dict[str, tuple[Any, Any]]:
        """Output and target of each head."""
        names = list(self.losses)
        if isinstance(outputs, Mapping):
            parts = [outputs[name] for name in names] if set(names) <= set(outputs) else None
        elif len(names) == 1:
            parts = [outputs]
        else:
            parts = list(outputs) if isinstance(outputs, tuple | list) and len(outputs) == len(names) else None
        if parts is None or len(targets) != len(names):
            if names == [""]:
                raise ValueError(f"there is one loss, which takes one target; a batch has {len(targets)}")
            got = list(outputs) if isinstance(outputs, Mapping) else type(outputs).__name__
            raise ValueError(
                f"there are losses for {len(names)} heads ({', '.join(names)}); the model returned {got}, and a batch "
                f"has {len(targets)} targets"
            )
        return {name: (part, target) for name, part, target in zip(names, parts, targets, strict=True)}
