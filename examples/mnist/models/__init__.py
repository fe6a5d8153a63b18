"""The models by name, a file for each family: `find("mlp").build()` is a fresh module.

To add one, write a function in a family's file and decorate it with `@model`; a new file gets a line below.
"""

from __future__ import annotations

from examples.mnist.models import convolutional, deep, dense, twodigit
from examples.mnist.models.activations import ACTIVATIONS as ACTIVATIONS
from examples.mnist.models.registry import (
    MODELS as MODELS,
    Model as Model,
    ModelOptionError as ModelOptionError,
    UnknownModelError as UnknownModelError,
    find as find,
)

__all__ = ["ACTIVATIONS", "FAMILIES", "MODELS", "Model", "ModelOptionError", "UnknownModelError", "find"]

FAMILIES = (dense, convolutional, deep, twodigit)
