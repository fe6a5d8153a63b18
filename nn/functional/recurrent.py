"""One step of each recurrent layer: an input and a state to a new state, under the names that PyTorch has in `torch`.

All take x (..., in), the state h (..., hidden), weight_ih (gates · hidden, in), weight_hh (gates · hidden, hidden), and
both biases (gates · hidden,) or neither; the gates lie one below the other.
"""

from __future__ import annotations

from typing import Any

from ...autograd.ops.exponential import sigmoid
from ...autograd.ops.joining import split
from ...autograd.ops.products import linear
from ...autograd.ops.rectifiers import relu
from ...autograd.ops.trigonometric import tanh

__all__ = ["gru_cell", "lstm_cell", "rnn_relu_cell", "rnn_tanh_cell"]


def rnn_tanh_cell(x: Any, hx: Any, weight_ih: Any, weight_hh: Any, bias_ih: Any = None, bias_hh: Any = None) -> Any:
    """tanh(W x + b + W' h + b'). Elman, Finding Structure in Time, 1990."""
    return tanh(linear(x, weight_ih, bias_ih) + linear(hx, weight_hh, bias_hh))


def rnn_relu_cell(x: Any, hx: Any, weight_ih: Any, weight_hh: Any, bias_ih: Any = None, bias_hh: Any = None) -> Any:
    """max(W x + b + W' h + b', 0)."""
    return relu(linear(x, weight_ih, bias_ih) + linear(hx, weight_hh, bias_hh))


def lstm_cell(
    x: Any, hx: tuple[Any, Any], weight_ih: Any, weight_hh: Any, bias_ih: Any = None, bias_hh: Any = None
) -> tuple[Any, Any]:
    """New h and c: c' = σ(f) c + σ(i) tanh(g) and h' = σ(o) tanh(c'), where i, f, g, o = W x + b + W' h + b'.

    Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; Gers et al., Learning to Forget, 2000.
    """
    h, c = hx
    i, f, g, o = split(linear(x, weight_ih, bias_ih) + linear(h, weight_hh, bias_hh), 4, -1)
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    return sigmoid(o) * tanh(c), c


def gru_cell(x: Any, hx: Any, weight_ih: Any, weight_hh: Any, bias_ih: Any = None, bias_hh: Any = None) -> Any:
    """h' = (1 - σ(z + z')) m + σ(z + z') h where m = tanh(n + σ(r + r') n'); r, z, n are W x + b, r', z', n' W' h + b'.

    Cho et al., Learning Phrase Representations using RNN Encoder-Decoder, 2014.
    """
    r, z, n = split(linear(x, weight_ih, bias_ih), 3, -1)
    r_h, z_h, n_h = split(linear(hx, weight_hh, bias_hh), 3, -1)
    n = tanh(n + sigmoid(r + r_h) * n_h)
    return n + sigmoid(z + z_h) * (hx - n)
