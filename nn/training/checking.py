"""What a trainer is made of must belong together: what does not would train nothing, and say nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..module import Module
from ..optim import Optimizer
from .callbacks import Callback

__all__ = ["check_parts", "parted"]


def check_parts(model: Module, optimizer: Optimizer, schedule: Any, callbacks: Iterable[Any]) -> None:
    """Look at what `Trainer` is given.

    Raises:
        ValueError: the optimizer trains no parameter of the model, or the schedule is that of another optimizer.
        TypeError: a callback that is none.
    """
    own = {id(parameter) for parameter in model.parameters()}
    if own.isdisjoint(id(parameter) for parameter in optimizer.params):
        raise ValueError(
            f"Trainer: the {type(optimizer).__name__} trains no parameter of this {type(model).__name__}; "
            "was the model made anew after it?"
        )
    if getattr(schedule, "optimizer", optimizer) is not optimizer:
        raise ValueError(f"Trainer: the {type(schedule).__name__} sets the rates of another optimizer")
    for callback in callbacks:
        if not isinstance(callback, Callback):
            hint = f"; write {callback.__name__}(...)" if isinstance(callback, type) else ""
            raise TypeError(f"Trainer: callbacks must be Callback objects, got {callback!r:.80}{hint}")


def parted(batch: Any) -> tuple[Any, list[Any]]:
    """Inputs and targets of a batch.

    Raises:
        TypeError: it is no tuple.
    """
    if not isinstance(batch, tuple | list):
        raise TypeError(
            f"a batch must be a tuple of arrays, the inputs and a target for each head, got {type(batch).__name__}; "
            "arrays make batches as DataLoader(ArrayDataset(inputs, targets), batch_size=...)"
        )
    inputs, *targets = batch
    return inputs, targets
