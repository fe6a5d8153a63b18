"""Programs that view, read and write, to be run on arrays and on tensors alike."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw

__all__ = ["Environment", "Step", "augmentations", "computations", "run", "views", "writes"]

Environment: TypeAlias = list[Any]
Step: TypeAlias = Callable[[Environment], None]

VIEWS: list[Callable[[Any], Any]] = [
    lambda x: x.T,
    lambda x: x[...],
    lambda x: x[None],
    lambda x: x[..., ::-1],
    lambda x: x[1:] if x.ndim else x[...],
    lambda x: x[..., :2] if x.ndim else x[...],
    lambda x: x[..., 0] if x.ndim > 1 and x.shape[-1] else x[..., None],
    lambda x: x.reshape(-1),
    lambda x: x.reshape(2, -1) if x.size % 2 == 0 != x.size else x.reshape(1, *x.shape),
    lambda x: x.reshape(-1, order="F"),
    lambda x: np.ravel(x),
    lambda x: np.squeeze(x),
    lambda x: np.expand_dims(x, -1),
    lambda x: x.swapaxes(0, -1) if x.ndim else x[...],
    lambda x: x.real,
    lambda x: x.imag if np.iscomplexobj(x[...].dtype.type()) else x[...],
    lambda x: np.diagonal(x) if x.ndim > 1 else x[...],
    lambda x: np.broadcast_to(x, (2, *x.shape)),
]
OPERATORS = [
    (operator.iadd, 0.0),
    (operator.isub, 0.0),
    (operator.imul, 1.0),
    (operator.itruediv, 1.0),
]


def run(steps: list[Step], environment: Environment) -> Environment:
    """What the steps make of an environment."""
    for step in steps:
        step(environment)
    return environment


def views(environment: Environment) -> st.SearchStrategy[Step]:
    """See one thing of the environment in another way."""

    def step(i: int, view: Callable[[Any], Any]) -> Step:
        return lambda things: things.append(view(things[i]))

    return st.builds(step, one_of(environment), st.sampled_from(VIEWS))


def computations(environment: Environment) -> st.SearchStrategy[Step]:
    """Make something new of two."""

    def step(i: int, j: int) -> Step:
        return lambda things: things.append(np.sin(things[i]) * things[j].sum() * 0.1)

    return st.builds(step, one_of(environment), one_of(environment))


@st.composite
def writes(draw_: st.DrawFn, environment: Environment) -> Step:
    """things[i][index] = a number, an array, or elements of something else."""
    i, j = draw_(one_of(environment)), draw_(one_of(environment))
    target, source = environment[i], environment[j]
    index = draw_(draw.indices(target.shape))
    shape = np.shape(target[index])
    kind = draw_(st.sampled_from(("number", "row", "array", "elements")))
    rng = np.random.default_rng(draw_(draw.seeds()))
    if kind == "number":
        value: Any = 0.5
    else:
        value = rng.uniform(-1, 1, shape[-1:] if kind == "row" else shape)
    positions = rng.integers(0, max(source.size, 1), shape)
    real = target.dtype.kind == "f" and source.dtype.kind == "c"

    def step(things: Environment) -> None:
        if kind == "elements" and source.size:
            elements = things[j].reshape(-1)[positions]
            things[i][index] = elements.real if real else elements
        else:
            things[i][index] = value

    return step


@st.composite
def augmentations(draw_: st.DrawFn, environment: Environment) -> Step:
    """things[i] += v or things[i][index] += v, with any operator and a tracked v or none."""
    i, j = draw_(one_of(environment)), draw_(one_of(environment))
    apply, middle = draw_(st.sampled_from(OPERATORS))
    whole = draw_(st.booleans())
    target, source = environment[i], environment[j]
    index = ... if whole else draw_(draw.indices(target.shape))
    value = np.random.default_rng(draw_(draw.seeds())).uniform(0.5, 1.5, np.shape(target[index]))
    depends = draw_(st.booleans()) and source.dtype.kind == "f"

    def step(things: Environment) -> None:
        v = value + middle + np.sin(things[j]).sum() * 0.1 if depends else value
        if whole:
            things[i] = apply(things[i], v)
        else:
            part = things[i][index]
            things[i][index] = apply(part, v)

    return step


def one_of(environment: Environment) -> st.SearchStrategy[int]:
    """The position of a thing in an environment."""
    return st.integers(0, len(environment) - 1)
