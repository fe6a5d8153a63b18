"""How a training was before its first step, so that it can begin again."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ..random import manual_seed
from .history import History
from .means import Means

if TYPE_CHECKING:
    from .trainer import Trainer

__all__ = ["Beginning"]


class Beginning:
    """The options of a trainer's optimizer and the state of its schedule when this was made."""

    def __init__(self, trainer: Trainer) -> None:
        groups = trainer.optimizer.param_groups
        self.options: list[dict[str, Any]] = [
            {name: value for name, value in group.items() if name != "params"} for group in groups
        ]
        self.schedule = None if trainer.schedule is None else deepcopy(trainer.schedule.state_dict())

    def restore(self, trainer: Trainer, seed: int | None) -> None:
        """Draw fresh weights, and put everything else back; see `Trainer.reset`."""
        trainer.model.reset_parameters(seed)
        if seed is not None:
            manual_seed(seed)
        if trainer.schedule is not None:
            trainer.schedule.load_state_dict(deepcopy(self.schedule))
        optimizer = trainer.optimizer
        for group, options in zip(optimizer.param_groups, self.options, strict=True):
            group.update(options)
        optimizer.states = [
            optimizer.init_state(p.numpy(), group) for group in optimizer.param_groups for p in group["params"]
        ]
        optimizer.steps = 0
        optimizer.zero_grad()
        if trainer.average is not None:
            trainer.average.reset()
        trainer.epoch = trainer.batch = trainer.step = 0
        trainer.means, trainer.seconds, trainer.best = Means(), 0.0, None
        trainer.history = History()
        trainer.interrupted, trainer.stopped = False, None
        trainer.call("on_reset")
