"""What the named choices of a training stand for: losses, optimizers, schedules, schemes of first weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from tapegrad import Tensor
from tapegrad.nn import Parameter, functional as F, optim
from tapegrad.nn.optim import Optimizer, lr_scheduler

if TYPE_CHECKING:
    from examples.mnist.settings import Settings

__all__ = ["LOSSES", "OPTIMIZERS", "SCHEDULES", "SCHEMES", "WITHOUT_MOMENTUM"]

Loss: TypeAlias = Callable[[Tensor, Any], Tensor]
Make: TypeAlias = Callable[[Iterable[Parameter], "Settings"], Optimizer]


def cross_entropy(settings: Settings) -> Loss:
    """-ln of the probability of the right class."""
    return lambda logits, labels: F.cross_entropy(logits, labels, label_smoothing=settings.label_smoothing)


def mse(settings: Settings) -> Loss:
    """Mean squared difference of probabilities and one-hot labels."""

    def loss(logits: Tensor, labels: Any) -> Tensor:  # (N, C), (N,)
        classes = logits.shape[1]
        targets = F.one_hot(labels, classes) * (1 - settings.label_smoothing) + settings.label_smoothing / classes
        return F.mse_loss(F.softmax(logits, 1), targets)

    return loss


LOSSES: dict[str, Callable[[Settings], Loss]] = {"cross-entropy": cross_entropy, "mse": mse}


def betas(settings: Settings, second: float) -> tuple[float, float]:
    """The momenta of Adam's kin."""
    return (0.9 if settings.momentum is None else settings.momentum, second)


OPTIMIZERS: dict[str, Make] = {
    "sgd": lambda p, s: optim.SGD(p, s.lr, s.momentum or 0.0, weight_decay=s.weight_decay),
    "nesterov": lambda p, s: optim.SGD(
        p, s.lr, 0.9 if s.momentum is None else s.momentum, weight_decay=s.weight_decay, nesterov=True
    ),
    "rmsprop": lambda p, s: optim.RMSprop(p, s.lr, momentum=s.momentum or 0.0, weight_decay=s.weight_decay),
    "adam": lambda p, s: optim.Adam(p, s.lr, betas(s, 0.999), weight_decay=s.weight_decay),
    "adamw": lambda p, s: optim.AdamW(p, s.lr, betas(s, 0.999), weight_decay=s.weight_decay),
    "adagrad": lambda p, s: optim.Adagrad(p, s.lr, weight_decay=s.weight_decay),
    "adadelta": lambda p, s: optim.Adadelta(p, s.lr, weight_decay=s.weight_decay),
    "lion": lambda p, s: optim.Lion(p, s.lr, betas(s, 0.99), weight_decay=s.weight_decay),
}
WITHOUT_MOMENTUM = ("adagrad", "adadelta")


# Each gives the schedule, and whether it goes on after an "epoch" or a "step"; `steps` is their number in all epochs.
SCHEDULES: dict[str, Callable[[Optimizer, Settings, int], tuple[Any, str]]] = {
    "constant": lambda optimizer, s, steps: (None, "epoch"),
    "step": lambda optimizer, s, steps: (lr_scheduler.StepLR(optimizer, s.decay_every, s.decay), "epoch"),
    "plateau": lambda optimizer, s, steps: (
        lr_scheduler.ReduceLROnPlateau(optimizer, factor=s.decay, patience=s.decay_every), "epoch",
    ),
    "linear": lambda optimizer, s, steps: (lr_scheduler.LinearLR(optimizer, 1.0, 0.0, steps), "step"),
    "cosine": lambda optimizer, s, steps: (lr_scheduler.CosineAnnealingLR(optimizer, steps), "step"),
    "one-cycle": lambda optimizer, s, steps: (
        lr_scheduler.OneCycleLR(optimizer, s.lr, steps, cycle_momentum=False), "step",
    ),
}  # fmt: skip

SCHEMES = (
    "xavier_uniform", "xavier_normal", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "kaiming_uniform",
    "kaiming_normal", "lecun_uniform", "lecun_normal", "orthogonal", "normal", "zeros",
)  # fmt: skip
