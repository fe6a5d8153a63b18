"""Every operation that has a counterpart computes the same there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad import autograd, nn
from tapegrad.autograd.ops.normalization import moments
from tapegrad.autograd.primitive import registry
from tapegrad.nn import functional as F
from tapegrad.nn.onnx.operators import EMITTERS, LAYERS, emitter
from tapegrad.nn.onnx.tracing import trace

from .cases import CASES
from .running import assert_same, exported

# Of x (N, 4, 6), numbers around 0
OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "arithmetic": lambda x: (x + 1) * (2 - x) / (x * x + 0.5) - -x + (+x),
    "powers": lambda x: [(x * x) ** 1.5, np.square(x), np.sqrt(np.abs(x)), 1 / (3 + x * x), np.reciprocal(x - 9)],
    "exponentials": lambda x: [np.exp(x), np.exp2(x), np.expm1(x), np.log1p(x * x)],
    "logarithms": lambda x: [np.log(x * x + 1), np.log2(x * x + 1), np.log10(x * x + 1)],
    "logaddexp": lambda x: [np.logaddexp(x, x[:, ::-1]), np.logaddexp(1.0, x)],
    "trigonometric": lambda x: [np.sin(x), np.cos(x), np.tan(x), np.sinh(x), np.cosh(x), np.tanh(x)],
    "inverse": lambda x: [np.arcsin(x / 9), np.arccos(x / 9), np.arctan(x), np.arctanh(x / 9)],
    "inverse hyperbolic": lambda x: [np.arcsinh(x), np.arccosh(x * x + 1)],
    "roundings": lambda x: [np.floor(x), np.ceil(x), np.rint(x), np.sign(x), np.fabs(x)],
    "remainders": lambda x: [x % 2.5, np.floor_divide(x, 2.5), np.argmax(x, -1) % 2],
    "quotient": lambda x: autograd.quotient(np.maximum(x, 0), np.maximum(x, 0)),
    "choices": lambda x: np.where(x > 0.5, x, np.where(x < -0.5, 1.0, -x)) + np.clip(x, -1, 1) + np.minimum(x, 0.3),
    "comparisons": lambda x: [x > 0, x >= x[:1], x < 0, x <= 1, x == x, x != x[:, :1]],
    "logic": lambda x: [(x > 0) & (x < 1), (x > 1) | (x < 0), (x > 0) ^ (x < 1), ~(x > 0), np.logical_and(x, x > 1)],
    "more logic": lambda x: [np.logical_or(x > 0, x < -1), np.logical_xor(x > 0, x < 1), np.logical_not(x > 0)],
    "predicates": lambda x: [np.isnan(np.log(x)), np.isinf(x / 0), np.isposinf(x / 0), np.isneginf(x / 0)],
    "finite": lambda x: [np.isfinite(np.log(x)), np.isfinite(x / 0), np.all(x > -9, axis=-1), np.any(x > 2)],
    "sums": lambda x: [x.sum(), x.sum(-1), x.sum((1, 2), keepdims=True), x.mean(), x.mean(1), x.mean((1, 2))],
    "extremes": lambda x: [x.max(), x.max(-1), x.min(1, keepdims=True), np.prod(x, 2), np.argmin(x, 1), np.argmax(x)],
    "spread": lambda x: [x.var(), x.var(-1), x.std((1, 2)), x.std(1, keepdims=True)],
    "softmax": lambda x: [F.softmax(x, 1), F.log_softmax(x, 0), autograd.logsumexp(x, -1), F.softmin(x)],
    "running sums": lambda x: [np.cumsum(x, 1), np.cumsum(x), np.cumsum(x, -1)],
    "shapes": lambda x: [x.reshape(len(x), -1), x.reshape(-1), x.reshape(-1, 3), x.reshape(len(x), 2, 2, 6)],
    "new axes": lambda x: [x[..., None], np.expand_dims(x, 0), np.squeeze(x[:, :1], 1)],
    "order F": lambda x: [x.reshape((4, len(x), 6), order="F"), x.reshape((-1, 6), order="F")],
    "axes": lambda x: [x.T, np.swapaxes(x, 0, 1), np.moveaxis(x, 0, -1), np.transpose(x, (0, -1, 1))],
    "stretching": lambda x: [np.broadcast_to(x, (2, *x.shape)), np.broadcast_to(x[:, :1], x.shape), np.zeros_like(x)],
    "filling": lambda x: [np.ones_like(x), np.copy(x), x.astype(np.float64), x.astype(np.float16), x.astype(np.int32)],
    "joining": lambda x: [np.concatenate([x, x * 2], 1), np.stack([x, -x]), np.concatenate([x, x]), np.hstack([x, x])],
    "joining constants": lambda x: np.concatenate([x, np.ones((len(x), 1, 6), np.float32)], 1),
    "parts": lambda x: [*np.split(x, 2, 1), np.flip(x, 1), x[:, [2, 0]], x[-1], x[:, 1:3, ::-2]],
    "taking": lambda x: [np.take(x, [[1], [3]], 2), np.tril(x)],
    "border": lambda x: np.pad(x, ((0, 0), (1, 2), (0, 3)), constant_values=2.0),
    "mirrored border": lambda x: np.pad(x, ((0, 0), (1, 2), (1, 1)), "reflect"),
    "products": lambda x: [x @ np.swapaxes(x, 1, 2), x @ np.ones(6, np.float32), x @ x[0].T, np.inner(x, x[0])],
    "einsum": lambda x: [np.einsum("nij,nkj->nik", x, x), np.einsum("nij->nj", x), np.einsum("nii->ni", x[:, :, :4])],
    "linear": lambda x: [F.linear(x, np.ones((2, 6), np.float32)), F.linear(x[0], np.eye(6, dtype=np.float32))],
    "norm": lambda x: [F.normalize(x), np.linalg.norm(x, axis=-1), F.cosine_similarity(x, x[:, ::-1])],
    "attention": lambda x: F.scaled_dot_product_attention(x, x, x, is_causal=True),
    "blind attention": lambda x: F.scaled_dot_product_attention(x, x, x, np.tri(4, 4, -1, bool)),
    "dtypes": lambda x: [x * np.float64(2), np.argmax(x, 1) + 1, (x > 0) * 2.5, np.argmax(x, 1) * x[:, 0]],
    "sizes": lambda x: [x.sum(0) / len(x), x > len(x), x * len(x)],
    "one image": lambda x: [pool(x, 2) for pool in (F.max_pool1d, F.avg_pool1d)] + [F.adaptive_max_pool1d(x[0], 4)],
    "one image, moved": lambda x: [F.max_pool1d(x[0], 3, 1, 1), F.avg_pool1d(x[0], 3, 1, 1), F.conv1d(x[0], x[:1])],
    "moments": lambda x: [moments(x, axes=(0, 2)), moments(x, (1,), False)],
    "per example": lambda x: autograd.vmap(lambda row: row @ row.T)(x),
}  # fmt: skip


class Does(nn.Module):
    """What a function does."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def forward(self, x: Any) -> Any:
        return self.function(x)


def numbers(batch: int) -> Any:
    return np.random.default_rng(batch).normal(0, 1.5, (batch, 4, 6)).astype(np.float32)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # infinities and NaN are wanted here
@pytest.mark.parametrize("name", OPERATIONS)
def test_operations(name: str, tmp_path: Path) -> None:
    model = Does(OPERATIONS[name])

    proto = exported(model, numbers(1), tmp_path / "m.onnx")

    for batch in (2, 6):
        assert_same(proto, model, (numbers(batch),))


def test_every_emitter_is_tried() -> None:
    tried: set[str] = set()
    for case in CASES.values():
        tried |= {step.name for step in trace(case.layer(), case.inputs(2, np.float32), LAYERS).steps}
    for function in OPERATIONS.values():
        tried |= {step.name for step in trace(Does(function), [numbers(2)], LAYERS).steps}

    assert set(EMITTERS) <= tried


PARTS = st.one_of(
    st.integers(-3, 2),
    st.just(slice(None)),
    st.slices(3),
    st.none(),
    st.lists(st.integers(-3, 2), min_size=2, max_size=2).map(np.array),
    st.just(np.array([[0, 1], [2, 0]])),
)


@given(st.lists(PARTS, max_size=5), st.booleans(), st.integers(0, 5))
def test_indices(parts: list[Any], dots: bool, at: int) -> None:
    index: list[Any] = [slice(None), *parts]
    while sum(part is not None for part in index) > 4:
        index.pop()
    if dots:
        index.insert(at % len(index) + 1, ...)
    model = Does(lambda x: x[tuple(index)])
    x = np.arange(54, dtype=np.float32).reshape(2, 3, 3, 3)

    with TemporaryDirectory() as folder:
        proto = exported(model, x, Path(folder) / "m.onnx")

    assert_same(proto, model, (np.arange(108, dtype=np.float32).reshape(4, 3, 3, 3),))


@pytest.mark.parametrize(
    "index",
    [
        (slice(None), np.array([True, False, True])),
        (np.array([0, 1]), slice(None), np.array([2, 0])),
        (0, slice(None), np.array([2, 0])),
        (slice(1, None),),
        (slice(None, None, -1),),
        (-1,),
    ],
)
def test_more_indices(index: Any, tmp_path: Path) -> None:
    model = Does(lambda x: x[index])

    proto = exported(model, np.ones((2, 3, 3), np.float32), tmp_path / "m.onnx")

    assert_same(proto, model, (np.arange(36, dtype=np.float32).reshape(4, 3, 3),))


def test_a_users_operation_of_the_same_name_as_ours(tmp_path: Path) -> None:
    ours = registry["tan"]

    @autograd.primitive
    def tan(x: Any) -> Any:
        return x * 100

    try:
        with pytest.raises(nn.OnnxError, match="tan has no counterpart in ONNX here"):
            nn.export_onnx(Does(tan), numbers(1), tmp_path / "m.onnx")
    finally:
        registry["tan"] = ours


def test_a_users_own_operation(tmp_path: Path) -> None:
    @autograd.primitive
    def doubled(x: Any, times: int = 2) -> Any:
        return x * times

    @emitter("doubled")
    def _doubled(g: Any, y: Any, x: Any, times: int) -> str:
        return str(g.op("Mul", g.use(x), g.constant(times, y.dtype)))

    try:
        model = Does(lambda x: doubled(x, times=3))
        assert_same(exported(model, numbers(1), tmp_path / "m.onnx"), model, (numbers(2),))
    finally:
        del EMITTERS["doubled"], registry["doubled"]
