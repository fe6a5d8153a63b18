"""A model as it is used: in evaluation mode, without a graph, with its averaged weights if there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from ...autograd.mode import no_grad
from ...autograd.tensor import Tensor
from ...autograd.trees import leaves, mapped, rebuilt
from .checking import parted
from .means import Means

if TYPE_CHECKING:
    from .trainer import Trainer

__all__ = ["evaluate", "predict"]


def evaluate(
    trainer: Trainer, batches: Iterable[tuple[Any, ...]], interrupted: Callable[[], bool] = lambda: False
) -> dict[str, float] | None:
    """The mean figures over batches; None if that was interrupted.

    Raises:
        ValueError: there are no batches.
    """
    means = Means()
    with _as_used(trainer):
        for inputs, targets in map(parted, _watched(trainer, batches)):
            _, figures = trainer.objective(trainer.model(Tensor(inputs, copy=None)), targets)
            means.add(figures, len(inputs))
            if interrupted():
                return None
    if not means.samples:
        raise ValueError(
            "evaluate: there are no batches; an iterator gives its own only once, a list or DataLoader again"
        )
    return means.means()


def predict(trainer: Trainer, inputs: Any, batch_size: int) -> Any:
    """The outputs for all samples, joined; see `Trainer.predict`."""
    if isinstance(inputs, np.ndarray | Tensor):
        array = inputs.numpy() if isinstance(inputs, Tensor) else inputs
        inputs = [array[i : i + batch_size] for i in range(0, max(len(array), 1), batch_size)]
    outputs: list[Any] = []
    with _as_used(trainer):
        for batch in _watched(trainer, inputs):
            first = batch[0] if isinstance(batch, tuple | list) else batch
            outputs.append(mapped(Tensor.numpy, trainer.model(Tensor(first, copy=None))))
    if not outputs:
        raise ValueError("predict: there are no batches")
    joined = [np.concatenate(parts) for parts in zip(*map(leaves, outputs), strict=True)]
    return rebuilt(outputs[0], joined)


@contextmanager
def _as_used(trainer: Trainer) -> Iterator[None]:
    """Inside the context the model is as it will be used; afterwards each of its modules is in its own mode again."""
    modes = [(module, module.training) for module in trainer.model.modules()]
    trainer.model.eval()
    try:
        with no_grad(), nullcontext() if trainer.average is None else trainer.average.applied():
            yield
    finally:
        for module, mode in modes:
            module.training = mode


def _watched(trainer: Trainer, batches: Iterable[Any]) -> Iterator[Any]:
    """The batches, with the callbacks told how many are done."""
    trainer.call("on_evaluate_start", len(batches) if isinstance(batches, Sized) else None)
    try:
        for done, batch in enumerate(batches, 1):
            yield batch
            trainer.call("on_evaluate_batch", done)
    finally:
        trainer.call("on_evaluate_end")
