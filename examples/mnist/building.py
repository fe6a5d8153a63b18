"""From settings to a model."""

from __future__ import annotations

from examples.mnist.data import source_of
from examples.mnist.models import find
from examples.mnist.settings import Settings
from tapegrad import nn

__all__ = ["build", "shape_of"]


def shape_of(settings: Settings) -> tuple[int, int, int]:
    """(channels, height, width) of the images that the model gets."""
    channels, height, width = find(settings.model).shape
    return channels, height + 2 * settings.pad, width + 2 * settings.pad


def build(settings: Settings) -> nn.Module:
    """A fresh model, with random weights that the seed fixes."""
    nn.manual_seed(settings.seed)
    classes = len(source_of(settings).classes)
    module = find(settings.model).build(shape_of(settings), classes, **settings.shape_options)
    if settings.init is not None:
        nn.init.initialize_(module, settings.init, seed=settings.seed)
    return module
