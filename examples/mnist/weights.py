"""Weights from files, and whose they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from examples.mnist.models import MODELS, find
from tapegrad import nn
from tapegrad.nn.training import CheckpointError, load_checkpoint

__all__ = ["ForeignWeightsError", "load_weights"]


class ForeignWeightsError(ValueError):
    """Weights of another model; the message says of which."""


def load_weights(module: nn.Module, name: str, path: Path) -> None:
    """Give a module the weights in a checkpoint, or in a file of weights alone.

    Args:
        name: what the model is called, for errors.

    Raises:
        ForeignWeightsError: they are those of another model.
    """
    state = _weights_in(path)
    try:
        module.load_state_dict(state)
    except nn.StateDictError as error:
        shapes = {key: value.shape for key, value in state.items()}
        fitting = [each for each in MODELS if _shapes(find(each).build()) == shapes]
        whose = f"those of {' or '.join(fitting)}" if fitting else "of no model that we have, as it is built by default"
        raise ForeignWeightsError(f"{path}: not the weights of {name}; they are {whose}\n{error}") from error


def _weights_in(path: Path) -> dict[str, NDArray[Any]]:
    """The weights in a checkpoint, averaged if they were, or in a file of weights alone."""
    try:
        state = load_checkpoint(path)
    except CheckpointError:
        return nn.load(path)
    weights: dict[str, NDArray[Any]] = state["average"]["average"] if state["average"] else state["model"]
    return weights


def _shapes(module: nn.Module) -> dict[str, tuple[int, ...]]:
    return {key: value.shape for key, value in module.state_dict().items()}
