"""The state of a training as a tree, and back: what is resumed goes on as if nothing had happened, bit by bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..random import generator
from .callbacks import Callback
from .history import History
from .means import Means

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
        "callbacks": [{"name": type(each).__name__, "state": each.state_dict()} for each in _with_state(trainer)],
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


def _with_state(trainer: Trainer) -> list[Callback]:
    """The callbacks that have something to remember."""
    return [each for each in trainer.callbacks if type(each).state_dict is not Callback.state_dict]


def restore(trainer: Trainer, state: dict[str, Any]) -> None:
    """Put a training where its state was taken.

    Raises:
        ValueError: a part is missing on one side, or does not fit; nothing is changed then.
    """
    names = [each["name"] for each in state["callbacks"]]
    own_names = [type(each).__name__ for each in _with_state(trainer)]
    if names != own_names:
        raise ValueError(
            f"its callbacks with a state are {', '.join(names) or 'none'}, "
            f"those of this training {', '.join(own_names) or 'none'}"
        )
    for name, part in (("schedule", trainer.schedule), ("average", trainer.average)):
        if (state[name] is None) != (part is None):
            raise ValueError(f"it was trained {'without' if state[name] is None else 'with'} {name}")
    own = state_of(trainer)
    try:
        _set(trainer, state)
    except Exception:
        _set(trainer, own)
        raise


def _set(trainer: Trainer, state: dict[str, Any]) -> None:
    trainer.model.load_state_dict(state["model"])
    trainer.optimizer.load_state_dict(state["optimizer"])
    if trainer.schedule is not None:
        trainer.schedule.load_state_dict(state["schedule"])
    if trainer.average is not None:
        trainer.average.load_state_dict(state["average"])
    for callback, each in zip(_with_state(trainer), state["callbacks"], strict=True):
        callback.load_state_dict(each["state"])
    generator().bit_generator.state = state["random"]
    for name, value in state["place"].items():
        setattr(trainer, name, value)
    trainer.means = Means()
    trainer.means.samples, trainer.means.totals = state["means"]["samples"], state["means"]["totals"]
    trainer.history = History.from_json(state["history"])
