"""Models for images of two digits, one above the other: a trunk that sees both, and a head for each."""

from __future__ import annotations

import math
from collections.abc import Sequence

from examples.mnist.models.deep import stages
from examples.mnist.models.dense import hidden_layers
from examples.mnist.models.registry import model
from tapegrad import Tensor, nn

__all__ = ["HEADS", "TwoHeads", "twodigit_cnn", "twodigit_mlp"]

Shape = tuple[int, ...]
IMAGE = (1, 42, 28)
HEADS = ("upper", "lower")


class TwoHeads(nn.Module):
    """Two linear classifiers on the features of one trunk: images -> ((N, classes), (N, classes))."""

    def __init__(self, trunk: nn.Module, features: int, classes: int) -> None:
        self.trunk = trunk
        self.upper = nn.Linear(features, classes)
        self.lower = nn.Linear(features, classes)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        features = self.trunk(x)  # (N, features)
        return self.upper(features), self.lower(features)


@model("twodigit-mlp", IMAGE, HEADS)
def twodigit_mlp(
    shape: Shape, classes: int, *,
    hidden: Sequence[int] = (128,), activation: str = "relu", dropout: float = 0.0, batch_norm: bool = False,
) -> nn.Module:  # fmt: skip
    """1176-128, and a head for each of two digits."""
    sizes = [math.prod(shape), *hidden]
    trunk = nn.Sequential(nn.Flatten(), *hidden_layers(sizes, activation, dropout, batch_norm))
    return TwoHeads(trunk, sizes[-1], classes)


@model("twodigit-cnn", IMAGE, HEADS)
def twodigit_cnn(
    shape: Shape, classes: int, *,
    channels: Sequence[int] = (16, 32, 64), activation: str = "relu", dropout: float = 0.3,
) -> nn.Module:  # fmt: skip
    """Six 3x3 convolutions with batch norm, 16 to 64 channels, and a head for each of two digits."""
    layers, features = stages(shape, channels, activation)
    return TwoHeads(nn.Sequential(*layers, nn.Dropout(dropout)), features, classes)
