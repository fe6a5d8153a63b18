"""One step of recurrent layers; see `functional/recurrent.py` for the formulas."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ...autograd.errors import ShapeError
from ...autograd.tensor import Tensor
from .. import functional as F, init
from ..module import Module
from ..parameters import Parameter
from ..random import generator

__all__ = ["GRUCell", "LSTMCell", "RNNCell"]

CELLS = {"tanh": F.rnn_tanh_cell, "relu": F.rnn_relu_cell}
"""By nonlinearity."""


class Recurrent(Module):
    """What recurrent layers and their cells have in common: sizes, and weights uniform in ±1/√hidden_size."""

    _gates: int

    def __init__(self, input_size: int, hidden_size: int, bias: bool) -> None:
        for option, size in (("input_size", input_size), ("hidden_size", hidden_size)):
            if size < 1:
                raise ValueError(f"{type(self).__name__}: {option} must be at least 1, got {size}")
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias

    def _make(self, suffix: str, inputs: int, dtype: DTypeLike) -> None:
        """Weights from inputs and from the state to all gates, and biases."""
        rows = self._gates * self.hidden_size
        shapes: dict[str, tuple[int, ...]] = {"weight_ih": (rows, inputs), "weight_hh": (rows, self.hidden_size)}
        if self.bias:
            shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
        for name, shape in shapes.items():
            setattr(self, name + suffix, Parameter(np.zeros(shape), dtype=dtype))

    def initialize(self, rng: np.random.Generator) -> None:
        """Draw all weights and biases."""
        bound = 1 / math.sqrt(self.hidden_size)
        for parameter in self.parameters(recurse=False):
            init.uniform_(parameter, -bound, bound, rng=rng)

    def _weights(self, suffix: str) -> list[Parameter]:
        kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh") if self.bias else ("weight_ih", "weight_hh")
        return [getattr(self, kind + suffix) for kind in kinds]

    def _state(self, given: Tensor | None, shape: tuple[int, ...], dtype: np.dtype[Any], name: str = "hx") -> Tensor:
        """The state that is given, or zeros."""
        if given is None:
            return Tensor(np.zeros(shape, dtype), copy=None)
        if given.shape != shape:
            raise ShapeError(f"{type(self).__name__}: {name} must have shape {shape}, got {given.shape}")
        return given


class _Cell(Recurrent):
    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        dtype: DTypeLike = np.float32,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias)
        self._make("", input_size, dtype)
        self.initialize(rng or generator())

    def _start(self, x: Tensor, given: Tensor | None, name: str = "hx") -> Tensor:
        if x.ndim not in (1, 2) or x.shape[-1] != self.input_size:
            size = self.input_size
            raise ShapeError(f"{type(self).__name__}: expected (N, {size}) or ({size},), got {x.shape}")
        return self._state(given, (*x.shape[:-1], self.hidden_size), x.dtype, name)

    def extra_repr(self) -> str:
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias else ", bias=False")


class RNNCell(_Cell):
    """tanh(W x + b + W' h + b'): x (N, input_size), h (N, hidden_size) -> h (N, hidden_size), or all without N.

    h starts at 0 unless it is given. Weights and biases start uniform in ±1/√hidden_size.

    Raises:
        ValueError: a size below 1; a nonlinearity other than "tanh" and "relu".
        ShapeError: when called, on other shapes.
    """

    _gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        dtype: DTypeLike = np.float32,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        if nonlinearity not in CELLS:
            raise ValueError(f"RNNCell: nonlinearity must be 'tanh' or 'relu', got {nonlinearity!r}")
        self.nonlinearity = nonlinearity
        super().__init__(input_size, hidden_size, bias, dtype, rng=rng)

    def forward(self, x: Tensor, hx: Tensor | None = None) -> Tensor:
        return CELLS[self.nonlinearity](x, self._start(x, hx), *self._weights(""))  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        return super().extra_repr() + (", nonlinearity=relu" if self.nonlinearity == "relu" else "")


class LSTMCell(_Cell):
    """One step of an `LSTM`: x (N, input_size), state (h, c) -> state (h, c), each (N, hidden_size), or all without N.

    Errors and start as in `RNNCell`.
    """

    _gates = 4

    def forward(self, x: Tensor, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, Tensor]:
        h, c = (None, None) if hx is None else hx
        return F.lstm_cell(x, (self._start(x, h, "h"), self._start(x, c, "c")), *self._weights(""))


class GRUCell(_Cell):
    """One step of a `GRU`: x (N, input_size), h (N, hidden_size) -> h (N, hidden_size), or all without N.

    Errors and start as in `RNNCell`.
    """

    _gates = 3

    def forward(self, x: Tensor, hx: Tensor | None = None) -> Tensor:
        return F.gru_cell(x, self._start(x, hx), *self._weights(""))  # type: ignore[no-any-return]
