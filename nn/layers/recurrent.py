"""Recurrent layers: a state that goes along a sequence; see `functional/recurrent.py` for the steps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ...autograd.errors import ShapeError
from ...autograd.ops.joining import concatenate, stack
from ...autograd.ops.shaping import swapaxes
from ...autograd.tensor import Tensor
from .. import functional as F
from ..random import generator
from .cells import CELLS, Recurrent

__all__ = ["GRU", "LSTM", "RNN"]

State = tuple[Any, ...]


class _Layers(Recurrent):
    """Layers of cells, each of which goes along the sequence that the one below returned, in one direction or both."""

    _names: tuple[str, ...] = ("h_0",)

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        dtype: DTypeLike = np.float32,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias)
        if num_layers < 1:
            raise ValueError(f"{type(self).__name__}: num_layers must be at least 1, got {num_layers}")
        if not 0 <= dropout <= 1:
            raise ValueError(f"{type(self).__name__}: dropout is a probability, got {dropout}")
        self.num_layers = num_layers
        self.batch_first = batch_first
        self.dropout = dropout
        self.bidirectional = bidirectional
        for layer, suffix in self._passes():
            self._make(suffix, input_size if layer == 0 else hidden_size * (1 + bidirectional), dtype)
        self.initialize(rng or generator())

    def _passes(self) -> list[tuple[int, str]]:
        """The layer and the suffix of the weights' names, for each pass along the sequence."""
        directions = ("", "_reverse") if self.bidirectional else ("",)
        return [(layer, f"_l{layer}{way}") for layer in range(self.num_layers) for way in directions]

    def _step(self, x: Tensor, state: State, weights: list[Any]) -> State:
        raise NotImplementedError

    def _run(self, x: Tensor, given: tuple[Tensor | None, ...]) -> tuple[Tensor, State]:
        """All outputs, and the last states of all passes."""
        if x.ndim not in (2, 3) or x.shape[-1] != self.input_size:
            leading, size = "N, L" if self.batch_first else "L, N", self.input_size
            raise ShapeError(f"{type(self).__name__}: expected ({leading}, {size}) or (L, {size}), got {x.shape}")
        swapped = self.batch_first and x.ndim == 3
        sequence = swapaxes(x, 0, 1) if swapped else x  # (L, N, in) or (L, in)
        if not len(sequence):
            raise ShapeError(f"{type(self).__name__}: the sequence has no steps: {x.shape}")
        shape = (len(self._passes()), *sequence.shape[1:-1], self.hidden_size)
        starts = [self._state(h, shape, x.dtype, name) for h, name in zip(given, self._names, strict=True)]

        below = [sequence[t] for t in range(len(sequence))]
        ends: list[State] = []
        for layer in range(self.num_layers):
            ways = []
            for suffix in [suffix for each, suffix in self._passes() if each == layer]:
                state: State = tuple(start[len(ends)] for start in starts)
                backwards = suffix.endswith("_reverse")
                weights, outputs = self._weights(suffix), []
                for step in below[::-1] if backwards else below:
                    state = self._step(step, state, weights)
                    outputs.append(state[0])
                ways.append(outputs[::-1] if backwards else outputs)
                ends.append(state)
            below = [concatenate(both, -1) for both in zip(*ways, strict=True)] if self.bidirectional else ways[0]
            if self.dropout and self.training and layer < self.num_layers - 1:
                below = [F.dropout(step, self.dropout) for step in below]
        y = stack(below, 1 if swapped else 0)
        return y, tuple(stack(last) for last in zip(*ends, strict=True))

    def extra_repr(self) -> str:
        options = {
            "num_layers": (self.num_layers, 1), "bias": (self.bias, True), "batch_first": (self.batch_first, False),
            "dropout": (self.dropout, 0), "bidirectional": (self.bidirectional, False),
        }  # fmt: skip
        said = [f", {name}={value}" for name, (value, usual) in options.items() if value != usual]
        return f"{self.input_size}, {self.hidden_size}" + "".join(said)


class RNN(_Layers):
    """hₜ = tanh(W xₜ + b + W' hₜ₋₁ + b') along a sequence: (L, N, input_size) -> (L, N, hidden_size), and the last h.

    Called with x and h_0, which is 0 unless it is given; returns the outputs of the last layer at all L steps, and h_n,
    the last state of every layer (and direction): (num_layers, N, hidden_size), like h_0. N may be missing everywhere.

    Weights and biases start uniform in ±1/√hidden_size, as in PyTorch.

    Args:
        num_layers: the second one goes along what the first returns, and so on.
        nonlinearity: "tanh" or "relu".
        bias: whether there are b and b'.
        batch_first: whether x and the outputs are (N, L, ...); states are not.
        dropout: in training, with which probability an element between two layers is dropped.
        bidirectional: a second cell in each layer goes from the end to the start, and the outputs of both are joined:
            (L, N, 2 hidden_size). States of the two directions follow one another, layer by layer.

    Raises:
        ValueError: a size below 1, another nonlinearity, or a dropout that is no probability.
        ShapeError: when called, on other shapes, or on a sequence without steps.
    """

    _gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        dtype: DTypeLike = np.float32,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        if nonlinearity not in CELLS:
            raise ValueError(f"RNN: nonlinearity must be 'tanh' or 'relu', got {nonlinearity!r}")
        self.nonlinearity = nonlinearity
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, dtype, rng=rng)

    def _step(self, x: Tensor, state: State, weights: list[Any]) -> State:
        return (CELLS[self.nonlinearity](x, *state, *weights),)

    def forward(self, x: Tensor, hx: Tensor | None = None) -> tuple[Tensor, Tensor]:
        y, (h,) = self._run(x, (hx,))
        return y, h


class LSTM(_Layers):
    """Long short-term memory along a sequence: (L, N, input_size) -> (L, N, hidden_size), and the last (h, c).

    Called with x and (h_0, c_0), see `F.lstm_cell`. Arguments, shapes, start and errors are those of `RNN`.
    """

    _gates = 4
    _names = ("h_0", "c_0")

    def _step(self, x: Tensor, state: State, weights: list[Any]) -> State:
        return F.lstm_cell(x, state, *weights)

    def forward(self, x: Tensor, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        y, (h, c) = self._run(x, (None, None) if hx is None else hx)
        return y, (h, c)


class GRU(_Layers):
    """Gated recurrent units along a sequence: (L, N, input_size) -> (L, N, hidden_size), and the last h.

    See `F.gru_cell`. Arguments, shapes, start and errors are those of `RNN`.
    """

    _gates = 3

    def _step(self, x: Tensor, state: State, weights: list[Any]) -> State:
        return (F.gru_cell(x, *state, *weights),)

    def forward(self, x: Tensor, hx: Tensor | None = None) -> tuple[Tensor, Tensor]:
        y, (h,) = self._run(x, (hx,))
        return y, h
