"""Convolutional models: what is learnt about a stroke in one place holds in every place."""

from __future__ import annotations

from collections.abc import Sequence

from examples.mnist.models.activations import ACTIVATIONS
from examples.mnist.models.dense import hidden_layers
from examples.mnist.models.registry import model
from tapegrad import nn

__all__ = ["cnn", "cnn_dropout", "convolved", "fast", "lenet"]

Shape = tuple[int, ...]


def convolved(
    shape: Shape, channels: Sequence[int], activation: str, batch_norm: bool = False, padding: int = 1
) -> tuple[list[nn.Module], int]:
    """3x3 convolutions, each with max pooling that halves the image: (N, *shape) -> (N, features); and their number."""
    layers: list[nn.Module] = []
    inputs, height, width = shape
    for outputs in channels:
        layers.append(nn.Conv2d(inputs, outputs, 3, padding=padding))
        if batch_norm:
            layers.append(nn.BatchNorm2d(outputs))
        layers += [ACTIVATIONS[activation](), nn.MaxPool2d(2)]
        inputs = outputs
        height, width = ((size + 2 * padding - 2) // 2 for size in (height, width))
    return [*layers, nn.Flatten()], inputs * height * width


@model("cnn")
def cnn(
    shape: Shape, classes: int, *, channels: Sequence[int] = (16, 32), hidden: Sequence[int] = (128,),
    activation: str = "relu", dropout: float = 0.0, batch_norm: bool = False,
) -> nn.Module:  # fmt: skip
    """Two 3x3 convolutions with max pooling, 16 and 32 channels, and a dense layer."""
    layers, features = convolved(shape, channels, activation, batch_norm)
    sizes = [features, *hidden]
    return nn.Sequential(*layers, *hidden_layers(sizes, activation, dropout, batch_norm), nn.Linear(sizes[-1], classes))


@model("cnn-dropout")
def cnn_dropout(
    shape: Shape, classes: int, *, channels: Sequence[int] = (32, 64), hidden: Sequence[int] = (128,),
    activation: str = "relu", dropout: float = 0.5, batch_norm: bool = False,
) -> nn.Module:  # fmt: skip
    """Two 3x3 convolutions with max pooling, 32 and 64 channels, and a dense layer with dropout."""
    return cnn(
        shape, classes, channels=channels, hidden=hidden, activation=activation, dropout=dropout, batch_norm=batch_norm
    )


@model("fast")
def fast(
    shape: Shape, classes: int, *, channels: Sequence[int] = (16, 32), hidden: Sequence[int] = (128,),
    activation: str = "relu", dropout: float = 0.0,
) -> nn.Module:  # fmt: skip
    """Two 3x3 convolutions without padding, with max pooling, and a dense layer: 99 % within seconds."""
    layers, features = convolved(shape, channels, activation, padding=0)
    sizes = [features, *hidden]
    return nn.Sequential(
        *layers, *hidden_layers(sizes, activation, dropout, batch_norm=False), nn.Linear(sizes[-1], classes)
    )


@model("lenet")
def lenet(shape: Shape, classes: int, *, activation: str = "tanh") -> nn.Module:
    """LeNet-5 (LeCun et al., 1998) with max pooling: 5x5 convolutions, then 120-84-10."""
    channels, height, width = shape
    features = 16 * ((height // 2 - 4) // 2) * ((width // 2 - 4) // 2)
    return nn.Sequential(
        nn.Conv2d(channels, 6, 5, padding=2),
        ACTIVATIONS[activation](),
        nn.MaxPool2d(2),  # (N, 6, H/2, W/2)
        nn.Conv2d(6, 16, 5),
        ACTIVATIONS[activation](),
        nn.MaxPool2d(2),  # (N, 16, (H/2 - 4) / 2, (W/2 - 4) / 2)
        nn.Flatten(),
        *hidden_layers([features, 120, 84], activation, dropout=0.0, batch_norm=False),
        nn.Linear(84, classes),
    )
