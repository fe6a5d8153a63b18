"""A model and its inputs for every layer that can be exported, and why the others cannot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tapegrad import nn

__all__ = ["CASES", "NOT_CALLED", "NOT_EXPORTED", "Case"]


@dataclass(frozen=True)
class Case:
    """A layer, and the shapes of its inputs, in which 0 stands for the batch."""

    layer: Callable[[], nn.Module]
    shapes: tuple[tuple[int, ...], ...] = ((0, 6, 4),)
    integers: int = 0  # below which inputs are, if they are integers
    float64: bool = True  # whether something runs it in float64

    @property
    def axis(self) -> int:
        return self.shapes[0].index(0)

    def inputs(self, batch: int, dtype: Any, seed: int = 0) -> tuple[NDArray[Any], ...]:
        rng = np.random.default_rng(seed)
        shapes = [tuple(size or batch for size in shape) for shape in self.shapes]
        if self.integers:
            return tuple(rng.integers(0, self.integers, shape) for shape in shapes)
        return tuple(rng.normal(0, 2, shape).astype(dtype) for shape in shapes)


NOT_EXPORTED = {f"MaxUnpool{n}d": "takes indices, which are numbers of this program" for n in (1, 2, 3)}

NOT_CALLED = {
    "ModuleDict": "holds modules and computes nothing",
    "ModuleList": "holds modules and computes nothing",
    "ParameterList": "holds parameters and computes nothing",
}

_PLAIN = """
AlphaDropout CELU Dropout ELU Flatten GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh Identity LeakyReLU LogSigmoid
LogSoftmax Mish PReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax Softmin Softplus Softshrink Softsign Tanh Tanhshrink
"""

CASES: dict[str, Case] = {name: Case(getattr(nn, name)) for name in _PLAIN.split()}


def _sliding(axes: int) -> dict[str, Case]:
    """Layers for images of one, two or three axes."""
    images = ((0, 4, *(7, 6, 5)[:axes]),)
    made = {
        "AdaptiveAvgPool even": ((1,), {}), "AdaptiveAvgPool": ((3,), {}),
        "AdaptiveMaxPool even": ((1,), {}), "AdaptiveMaxPool": ((3,), {}),
        "AvgPool": ((2,), {}), "AvgPool moved": ((3, 2, 1), {"ceil_mode": True}),
        "AvgPool inside": ((3, 2, 1), {"count_include_pad": False}),
        "LPPool": ((2, 2), {}), "LPPool moved": ((4, 3, 2), {"ceil_mode": True}),
        "MaxPool": ((2,), {}), "MaxPool moved": ((3, 2, 1, 2), {"ceil_mode": True}),
        "BatchNorm": ((4,), {}), "BatchNorm plain": ((4,), {"affine": False}),
        "BatchNorm of the batch": ((4,), {"track_running_stats": False}),
        "InstanceNorm": ((4,), {}), "InstanceNorm running": ((4,), {"affine": True, "track_running_stats": True}),
        "Dropout": ((), {}),
        "Conv": ((4, 6, 3), {}),
        "Conv moved": ((4, 6, 2), {"stride": 2, "padding": 1, "dilation": 2, "groups": 2, "bias": False}),
        "ConvTranspose": ((4, 6, 3), {}),
        "ConvTranspose moved": ((4, 6, 2), {"stride": 2, "padding": 1, "dilation": 3}),
        "ConvTranspose groups": ((4, 6, 3), {"stride": 2, "groups": 2}),
        "ConvTranspose further": ((4, 6, 3), {"stride": 2, "output_padding": 1, "bias": False}),
    }  # fmt: skip
    cases = {}
    for key, (args, options) in made.items():
        name, _, more = key.partition(" ")
        layer = getattr(nn, f"{name}{axes}d")
        cases[f"{name}{axes}d {more}".strip()] = Case(
            partial(layer, *args, **options),  # type: ignore[arg-type]
            images,
            float64=more != "groups",  # ONNX's evaluator stumbles over groups
        )
    return cases


for _axes in (1, 2, 3):
    CASES |= _sliding(_axes)

_IMAGES = ((0, 4, 7, 6),)
_STEPS = ((0, 5, 8),)


def _normed() -> nn.Module:
    layer = nn.TransformerEncoderLayer(8, 2, 12, activation="gelu", norm_first=True)
    return nn.TransformerEncoder(layer, 2, nn.LayerNorm(8))


CASES |= {
    "Bilinear": Case(lambda: nn.Bilinear(3, 4, 5), ((0, 3), (0, 4))),
    "Conv2d reflect": Case(lambda: nn.Conv2d(4, 2, 3, padding=(2, 1), padding_mode="reflect"), _IMAGES),
    "Conv2d replicate": Case(lambda: nn.Conv2d(4, 2, 3, padding=(2, 1), padding_mode="replicate"), _IMAGES),
    "Conv2d circular": Case(lambda: nn.Conv2d(4, 2, 3, padding=(2, 1), padding_mode="circular"), _IMAGES),
    "Conv2d same": Case(lambda: nn.Conv2d(4, 2, 4, padding="same"), _IMAGES),
    "Embedding": Case(lambda: nn.Embedding(10, 4, padding_idx=2), ((0, 5),), integers=10),
    "Fold": Case(lambda: nn.Fold((5, 6), 2), ((0, 12, 20),)),
    "GELU tanh": Case(lambda: nn.GELU("tanh")),
    "GroupNorm": Case(lambda: nn.GroupNorm(2, 4), _IMAGES),
    "GRU": Case(lambda: nn.GRU(8, 4, 2, batch_first=True, bidirectional=True), _STEPS),
    "GRU plain": Case(lambda: nn.GRU(8, 4, bias=False), ((3, 0, 8), (1, 0, 4))),
    "GRUCell": Case(lambda: nn.GRUCell(3, 4), ((0, 3), (0, 4))),
    "Lambda": Case(lambda: nn.Lambda(np.tanh)),
    "LayerNorm": Case(lambda: nn.LayerNorm((7, 6)), _IMAGES),
    "Linear": Case(lambda: nn.Linear(4, 3), ((0, 4),)),
    "Linear of steps": Case(lambda: nn.Linear(4, 3, bias=False)),
    "LSTM": Case(lambda: nn.LSTM(8, 4, 2, batch_first=True, bidirectional=True), _STEPS),
    "LSTM plain": Case(lambda: nn.LSTM(8, 4, bias=False), ((3, 0, 8),)),
    "LSTMCell": Case(lambda: nn.LSTMCell(3, 4), ((0, 3),)),
    "MaxPool1d far": Case(lambda: nn.MaxPool1d(2, 3, 0, 3, ceil_mode=True), ((0, 3, 8),)),
    "MultiheadAttention": Case(
        lambda: nn.MultiheadAttention(8, 2, batch_first=True), ((0, 5, 8), (0, 7, 8), (0, 7, 8))
    ),
    "MultiheadAttention of three": Case(
        lambda: nn.MultiheadAttention(8, 2, kdim=3, vdim=4, bias=False), ((5, 0, 8), (7, 0, 3), (7, 0, 4))
    ),
    "PReLU channels": Case(lambda: nn.PReLU(6)),
    "RMSNorm": Case(lambda: nn.RMSNorm(4)),
    "RNN": Case(lambda: nn.RNN(8, 4, batch_first=True), _STEPS),
    "RNNCell": Case(lambda: nn.RNNCell(3, 4, nonlinearity="relu"), ((0, 3),)),
    "Sequential": Case(lambda: nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))),
    "Threshold": Case(lambda: nn.Threshold(0.1, 20.0)),
    "TransformerEncoder": Case(_normed, ((3, 0, 8),)),
    "TransformerEncoderLayer": Case(lambda: nn.TransformerEncoderLayer(8, 2, 12, batch_first=True), _STEPS),
    "Unflatten": Case(lambda: nn.Unflatten(1, (2, -1))),
    "Unfold": Case(lambda: nn.Unfold((2, 3), padding=1, stride=2, dilation=(1, 2)), _IMAGES),
    "Upsample": Case(lambda: nn.Upsample(scale_factor=2.5), _IMAGES),
    "Upsample bilinear": Case(lambda: nn.Upsample(scale_factor=1.7, mode="bilinear"), _IMAGES),
    "Upsample aligned": Case(lambda: nn.Upsample((5, 20), mode="bilinear", align_corners=True), _IMAGES),
}  # fmt: skip
