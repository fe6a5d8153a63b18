"""What a model is to the program: a name, a function that builds it, and what it is built for."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from examples.mnist.suggestions import unknown
from tapegrad import nn

__all__ = ["IMAGE", "MODELS", "Builder", "Model", "ModelOptionError", "UnknownModelError", "find", "model"]

Builder: TypeAlias = Callable[..., nn.Module]
IMAGE = (1, 28, 28)  # channels, height, width


class UnknownModelError(ValueError):
    """A name that no model has; the message suggests the nearest one."""


class ModelOptionError(ValueError):
    """An option that a model does not have; the message names those that it has."""


@dataclass(frozen=True)
class Model:
    """A model of the program.

    Attributes:
        name: what `--model` calls it.
        builder: a function of the shape of an image and the number of classes, whose keyword arguments are the options
            that shape this model.
        shape: (channels, height, width) of the images that it is for.
        heads: the names of its outputs, if there are several; `()` for a model with one.
    """

    name: str
    builder: Builder
    shape: tuple[int, int, int]
    heads: tuple[str, ...]

    @property
    def summary(self) -> str:
        """What it is, in a line."""
        return inspect.getdoc(self.builder) or ""

    @property
    def options(self) -> dict[str, Any]:
        """The options that shape it, with their defaults."""
        parameters = inspect.signature(self.builder).parameters.values()
        return {each.name: each.default for each in parameters if each.kind is each.KEYWORD_ONLY}

    def build(self, shape: tuple[int, ...] | None = None, classes: int = 10, **options: Any) -> nn.Module:
        """A fresh module for images of a shape, by default those it is for: (N, *shape) -> (N, classes), for each head.

        Raises:
            ModelOptionError: an option that this model does not have.
        """
        for name in options:
            if name not in self.options:
                known = ", ".join(self.options) or "none"
                raise ModelOptionError(f"model {self.name} has no option {name}; those that shape it: {known}")
        return self.builder(shape or self.shape, classes, **options)


MODELS: dict[str, Model] = {}


def find(name: str) -> Model:
    """The model of this name.

    Raises:
        UnknownModelError: there is none.
    """
    if name not in MODELS:
        raise UnknownModelError(unknown("model", name, MODELS))
    return MODELS[name]


def model(name: str, shape: tuple[int, int, int] = IMAGE, heads: tuple[str, ...] = ()) -> Callable[[Builder], Builder]:
    """Enter the function below in `MODELS`."""

    def enter(builder: Builder) -> Builder:
        MODELS[name] = Model(name, builder, shape, heads)
        return builder

    return enter
