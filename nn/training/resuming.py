"""The state of a training as a tree, and back: what is resumed goes on as if nothing had happened, bit by bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..random import generator
from .history import History, Means

if TYPE_CHECKING:
    from .trainer import Trainer

__all__ = ["restore", "state_of"]


def state_of(trainer: Trainer) -> dict[str, Any]:
    """Weights, optimizer, schedule, average, random numbers, callbacks, the place in the data, and the history."""
    return {
        "model": trainer.model.state_dict(),
        "optimizer": trainer.optimizer.state_dict(),
        "schedule": None if trainer.schedule is None else trainer.schedule.state_dict(),
        "average": None if trainer.average is None else trainer.average.state_dict(),
        "random": generator().bit_generator.state,
        "callbacks": [callback.state_dict() for callback in trainer.callbacks],
        "place": {
            "epoch": trainer.epoch,
            "batch": trainer.batch,
            "step": trainer.step,
            "seconds": trainer.seconds,
            "best": trainer.best,
        },
        "means": {"samples": trainer.means.samples, "totals": trainer.means.totals},
        "history": trainer.history.to_json(),
    }


def restore(trainer: Trainer, state: dict[str, Any]) -> None:
    """Put a training where its state was taken.

    Raises:
        ValueError: a part is missing on one side, or does not fit; nothing is changed then.
    """
    if len(state["callbacks"]) != len(trainer.callbacks):
        raise ValueError(f"it has {len(state['callbacks'])} callbacks, this training {len(trainer.callbacks)}")
    for name, part in (("schedule", trainer.schedule), ("average", trainer.average)):
        if (state[name] is None) != (part is None):
            raise ValueError(f"it was trained {'without' if state[name] is None else 'with'} {name}")
    own = trainer.model.state_dict()
    trainer.model.load_state_dict(state["model"])
    try:
        trainer.optimizer.load_state_dict(state["optimizer"])
    except Exception:
        trainer.model.load_state_dict(own)
        raise
    if trainer.schedule is not None:
        trainer.schedule.load_state_dict(state["schedule"])
    if trainer.average is not None:
        trainer.average.load_state_dict(state["average"])
    for callback, content in zip(trainer.callbacks, state["callbacks"], strict=True):
        callback.load_state_dict(content)
    generator().bit_generator.state = state["random"]
    for name, value in state["place"].items():
        setattr(trainer, name, value)
    trainer.means = Means()
    trainer.means.samples, trainer.means.totals = state["means"]["samples"], state["means"]["totals"]
    trainer.history = History.from_json(state["history"])
