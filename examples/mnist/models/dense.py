"""Models of dense layers alone, which see an image as a row of numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from examples.mnist.models.activations import ACTIVATIONS
from examples.mnist.models.registry import model
from tapegrad import nn

__all__ = ["dense", "hidden_layers", "linear", "linear10", "mlp", "mlp16", "mlp128", "tiny"]

Shape = tuple[int, ...]


def hidden_layers(sizes: Sequence[int], activation: str, dropout: float, batch_norm: bool) -> list[nn.Module]:
    """Dense layers between these sizes, each with what follows it: (N, sizes[0]) -> (N, sizes[-1])."""
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        layers.append(nn.Linear(inputs, outputs))
        if batch_norm:
            layers.append(nn.BatchNorm1d(outputs))
        layers.append(ACTIVATIONS[activation]())
        if dropout:
            layers.append(nn.Dropout(dropout))
    return layers


def stack(
    shape: Shape, classes: int, hidden: Sequence[int], activation: str, dropout: float, batch_norm: bool
) -> nn.Module:
    """(N, C, H, W) -> (N, C·H·W) -> hidden layers -> (N, classes)."""
    sizes = [math.prod(shape), *hidden]
    return nn.Sequential(
        nn.Flatten(), *hidden_layers(sizes, activation, dropout, batch_norm), nn.Linear(sizes[-1], classes)
    )


@model("mlp")
def mlp(
    shape: Shape, classes: int, *,
    hidden: Sequence[int] = (256, 128), activation: str = "relu", dropout: float = 0.0, batch_norm: bool = False,
) -> nn.Module:  # fmt: skip
    """784-256-128-10, ReLU."""
    return stack(shape, classes, hidden, activation, dropout, batch_norm)


@model("mlp128")
def mlp128(
    shape: Shape, classes: int, *,
    hidden: Sequence[int] = (128,), activation: str = "relu", dropout: float = 0.0, batch_norm: bool = False,
) -> nn.Module:  # fmt: skip
    """784-128-10, ReLU or any other activation."""
    return stack(shape, classes, hidden, activation, dropout, batch_norm)


@model("dense")
def dense(
    shape: Shape, classes: int, *,
    hidden: Sequence[int] = (300, 100), activation: str = "sigmoid", dropout: float = 0.0, batch_norm: bool = False,
) -> nn.Module:  # fmt: skip
    """784-300-100-10, sigmoid."""
    return stack(shape, classes, hidden, activation, dropout, batch_norm)


@model("mlp16")
def mlp16(
    shape: Shape, classes: int, *,
    hidden: Sequence[int] = (16, 16), activation: str = "sigmoid", dropout: float = 0.0, batch_norm: bool = False,
) -> nn.Module:  # fmt: skip
    """784-16-16-10, sigmoid."""
    return stack(shape, classes, hidden, activation, dropout, batch_norm)


@model("tiny")
def tiny(
    shape: Shape, classes: int, *,
    hidden: Sequence[int] = (20, 15, 15), activation: str = "relu", dropout: float = 0.0, batch_norm: bool = False,
) -> nn.Module:  # fmt: skip
    """784-20-15-15-10, ReLU."""
    return stack(shape, classes, hidden, activation, dropout, batch_norm)


@model("linear10")
def linear10(
    shape: Shape, classes: int, *,
    hidden: Sequence[int] = (10,), activation: str = "relu", dropout: float = 0.0, batch_norm: bool = False,
) -> nn.Module:  # fmt: skip
    """784-10-10: one hidden layer of ten units."""
    return stack(shape, classes, hidden, activation, dropout, batch_norm)


@model("linear")
def linear(shape: Shape, classes: int) -> nn.Module:
    """784-10: no hidden layer, the least that learns."""
    return nn.Sequential(nn.Flatten(), nn.Linear(math.prod(shape), classes))
