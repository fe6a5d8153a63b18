"""The models by name: each a function from the shape of an image and the number of classes to a fresh module.

To add one, write the function and decorate it with `@model`.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable
from typing import TypeAlias

from tapegrad import nn

__all__ = ["MODELS", "Builder", "UnknownModelError", "find", "linear", "mlp"]

Builder: TypeAlias = Callable[[tuple[int, ...], int], nn.Module]

MODELS: dict[str, Builder] = {}


class UnknownModelError(ValueError):
    """A name that no model has; the message suggests the nearest one."""


def find(name: str) -> Builder:
    """The function that builds the model of this name.

    Raises:
        UnknownModelError: there is none.
    """
    if name not in MODELS:
        nearest = difflib.get_close_matches(name.lower(), MODELS, n=1)
        suggestion = f"Did you mean {nearest[0]!r}? " if nearest else ""
        raise UnknownModelError(f"there is no model {name!r}. {suggestion}The models are {', '.join(MODELS)}.")
    return MODELS[name]


def model(builder: Builder) -> Builder:
    """Enter a model in `MODELS` under the name of its function."""
    MODELS[builder.__name__] = builder
    return builder


@model
def mlp(shape: tuple[int, ...], classes: int) -> nn.Module:
    """Two hidden layers with ReLU: 784-256-128-10 on MNIST."""
    return nn.Sequential(
        nn.Flatten(),  # (N, C, H, W) -> (N, C·H·W)
        nn.Linear(math.prod(shape), 256),
        nn.ReLU(),
        nn.Linear(256, 128),
        nn.ReLU(),
        nn.Linear(128, classes),
    )


@model
def linear(shape: tuple[int, ...], classes: int) -> nn.Module:
    """No hidden layer, the least that learns: 784-10 on MNIST."""
    return nn.Sequential(nn.Flatten(), nn.Linear(math.prod(shape), classes))
