"""Every operation under vmap either gives what a loop over the examples gives, or refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad import autograd as ag
from tapegrad.autograd import BatchError, primitive, vjp, vmap
from tapegrad.autograd.batching.rules.table import RULES
from tapegrad.autograd.testing import strategies as draw
from tapegrad.autograd.testing.spaces import random_like

from ..tables import CASES
from ..test_primitives import ENGINE

some = settings(max_examples=max(settings().max_examples // 4, 5))
few = settings(max_examples=max(settings().max_examples // 8, 3))
UNKNOWN = {
    "convolve_full", "convolve_valid",
    # in-place, and the parts of other operations that only rules call, or that look for winners by values
    "excess", "interpolate_adjoint", "max_pool1d", "max_pool2d", "max_pool3d", "put_back", "region_sums", "spread",
    "weight_gradient", "written",
}  # fmt: skip
PARTLY = {
    # where what is mapped over is the first argument alone
    "convolution", "convolution_without_bias", "interp", "transposed_convolution",
}  # fmt: skip
N = 3


def variants(x: Any) -> list[Any]:
    """Examples of which no two neighbours are the same, in the domain of the first; positions stay where they are."""
    x = np.asarray(x)
    return [x, np.flip(x).copy() if x.dtype.kind in "fc" else x, x]


class Batch:
    """Arguments of which some are mapped over, drawn for a primitive."""

    def __init__(self, name: str, data: st.DataObject) -> None:
        arrays, self.params = data.draw(CASES[name].drawn)
        self.mapped = [data.draw(st.booleans(), label=f"argument {i} is mapped") for i in range(len(arrays))]
        if not any(self.mapped):
            self.mapped[0] = True
        self.variants = [variants(x) for x in arrays]
        self.in_axes = tuple(0 if mapped else None for mapped in self.mapped)

    @property
    def stacked(self) -> list[Any]:
        return [np.stack(v) if mapped else v[0] for v, mapped in zip(self.variants, self.mapped, strict=True)]

    def example(self, i: int) -> list[Any]:
        return [v[i] if mapped else v[0] for v, mapped in zip(self.variants, self.mapped, strict=True)]


def assert_close(got: Any, expected: Any) -> None:
    assert got.shape == expected.shape
    assert got.dtype == expected.dtype
    eps = np.finfo(got.dtype).eps if got.dtype.kind in "fc" else 0
    np.testing.assert_allclose(got, expected, 512 * eps, 512 * eps)


@pytest.mark.parametrize("name", CASES)
@given(st.data())
@some
def test_value_is_that_of_a_loop(name: str, data: st.DataObject) -> None:
    batch = Batch(name, data)
    call = ENGINE[name]
    expected = np.stack([np.asarray(call(*batch.example(i), **batch.params)) for i in range(N)])
    try:
        got = vmap(lambda *xs: call(*xs, **batch.params), batch.in_axes)(*batch.stacked)
    except BatchError:
        assert name in UNKNOWN | PARTLY, f"{name} has no rule: give it one in batching/rules/table.py, or name it above"
    else:
        assert name not in UNKNOWN, f"{name} has a rule by now"
        assert_close(got.numpy(), expected)


@pytest.mark.parametrize("name", sorted(CASES.keys() - UNKNOWN))
@given(st.data())
@few
def test_gradients_are_those_of_a_loop(name: str, data: st.DataObject) -> None:
    """By what is mapped over and by what is the same for all: each example has its own."""
    batch = Batch(name, data)
    smooth = CASES[name].smooth(ENGINE[name])
    which = [i for i, v in enumerate(batch.variants) if v[0].dtype.kind in "fc"]
    rng = np.random.default_rng(data.draw(draw.seeds()))

    def gradients(*xs: Any) -> Any:
        def call(*inexact: Any) -> Any:
            given_ = dict(zip(which, inexact, strict=True))
            y = smooth(*(given_.get(i, x) for i, x in enumerate(xs)), **batch.params)
            return y[0] if isinstance(y, tuple) else y

        y, pull = vjp(call, *(xs[i] for i in which))
        if not cotangent:
            cotangent.append(random_like(np.empty(y.shape, y.dtype), rng))
        return pull(cotangent[0])

    cotangent: list[Any] = []
    loop = [gradients(*batch.example(i)) for i in range(N)]
    try:
        got = vmap(gradients, batch.in_axes)(*batch.stacked)
    except BatchError:
        assert name in PARTLY
        return
    for gx, *examples in zip(got, *loop, strict=True):
        assert_close(gx.numpy(), np.stack([g.numpy() for g in examples]))


def test_rules_are_of_operations_that_there_are() -> None:
    constants = {name for name in RULES if name in ag.__all__ and not hasattr(getattr(ag, name), "primitive")}
    constants.add("moments")  # a part of normalisation, and not public
    assert RULES.keys() - constants <= ENGINE.keys()


X = np.random.default_rng(0).normal(size=(3, 4, 2))
LOOPED: dict[str, Callable[[Any], Any]] = {
    "all": lambda x: (x > -9).all(),
    "any along": lambda x: (x > 0).any(0),
    "any, axes": lambda x: np.any(x > 0, (-1, 0), keepdims=True),
    "argmax": np.argmax,
    "argmax, kept": lambda x: np.argmax(x, keepdims=True),
    "argmax, kept along": lambda x: x.argmax(-2, keepdims=True),
    "argmin": lambda x: x.argmin(axis=0),
    "argsort": np.argsort,
    "argsort, raveled": lambda x: np.argsort(x, None),
    "count_nonzero": lambda x: np.count_nonzero(x > 0, 1),
    "comparison": lambda x: x > x[0],
    "comparison with a list": lambda x: x[0] < [0.0, 0.1],
    "logic": lambda x: np.logical_and(x > 0, ~(x > 1)),
    "isclose": lambda x: np.isclose(x, 0, atol=0.5),
    "isnan": lambda x: np.isnan(np.where(x > 0, x, np.nan)),
    "zeros_like": lambda x: np.zeros_like(x) + np.ones_like(x, dtype=np.float32),
    "where": lambda x: np.where(x > 0, x, [1.0, 2.0]),
    "where, several ranks": lambda x: np.where(x[0] > 0, x, x[0, 0]),
    "list": lambda x: x[:, 0] + [1.0, 2.0, 3.0, 4.0],
    "norm": np.linalg.norm,
    "prod": lambda x: np.prod(x, 0),
    "cumprod, raveled": np.cumprod,
    "sort": lambda x: np.sort(x, 0),
    "masked sum": lambda x: np.sum(x, where=np.array([True, False])),
    "interp": lambda x: np.interp(x, [-1.0, 0.0, 2.0], [1.0, 2.0, 0.0]),
    "stack": lambda x: np.stack([x, x * 2], -1),
    "concatenate": lambda x: np.concatenate([np.ones((1, 2)), x, x[:1]]),
    "split": lambda x: np.split(x, 2)[1],
    "tensordot": lambda x: np.tensordot(x, X[0], 2),
    "outer": lambda x: np.outer(x[0], X[0, 1]),
    "einsum": lambda x: np.einsum("ij,kj->ki", x, X[0]),
    "einsum, ellipsis": lambda x: np.einsum("...j,j", x, x[0]),
    "diagonal": lambda x: np.diagonal(x[:2]),
    "trace": np.trace,
    "roll": lambda x: np.roll(x, 1, 0),
    "tile": lambda x: np.tile(x, (2, 1)),
    "pad": lambda x: np.pad(x, ((1, 0), (0, 2)), constant_values=((1, 2), (3, 4))),
    "pad, edge": lambda x: np.pad(x, 1, mode="edge"),
    "triangle": np.tril,
    "mask": lambda x: x[np.array([True, False, True, False])],
    "index arrays apart": lambda x: x[None][:, [1, 1, 0], None, [0, 1, 1]],
    "index arrays together": lambda x: x[[1, 0], [0, 1]],
    "index, mixed": lambda x: x[..., None, 1][::-2],
    "index, boolean": lambda x: x[True, 0],
    "iteration": lambda x: sum(row.sum() * i for i, row in enumerate(x)),
    "length": lambda x: x / len(x) / x.size / x.ndim,
    "softmax": lambda x: ag.softmax(x, 0),
    "cross-entropy": lambda x: ag.softmax_cross_entropy(x, [0, 1, 1, 0]),
    "convolution": lambda x: ag.conv1d(x, np.ones((3, 4, 2)), padding=1),
    "average pooling": lambda x: ag.avg_pool1d(x, 2),
    "unfold": lambda x: ag.unfold(x[None], (2, 1)),
    "resizing": lambda x: ag.interpolate(x[None], scale_factor=2),
    "transposed": lambda x: x.T @ x,
    "moved": lambda x: np.moveaxis(x, 0, -1),
    "Fortran order": lambda x: np.reshape(x, (2, 4), order="F"),
    "solve": lambda x: np.linalg.solve(x[:2] @ x[:2].T + np.eye(2), x[0]),
    "inverse": lambda x: np.linalg.inv(x[:2]),
    "fft": lambda x: np.fft.fft(x, axis=0),
    "detached": lambda x: x.detach() * 2,
    "conversion": lambda x: x.astype(np.float32) + x.astype(int),
}


@pytest.mark.parametrize("name", LOOPED)
def test_compositions_give_what_a_loop_gives(name: str) -> None:
    call = LOOPED[name]
    loop = np.stack([np.asarray(call(ag.tensor(x))) for x in X])
    assert_close(vmap(call)(X).numpy(), loop)


@pytest.mark.parametrize("a", [(2,), (3, 2), (4, 3, 2), (1, 3, 2)])
@pytest.mark.parametrize("b", [(2,), (2, 5), (4, 2, 5)])
@pytest.mark.parametrize("in_axes", [(0, 0), (0, None), (None, 0)])
def test_products_of_every_rank(a: Any, b: Any, in_axes: Any) -> None:
    rng = np.random.default_rng(0)
    x, y = (
        rng.normal(size=shape if axis is None else (3, *shape)) for shape, axis in zip((a, b), in_axes, strict=True)
    )
    loop = [(x if in_axes[0] is None else x[i]) @ (y if in_axes[1] is None else y[i]) for i in range(3)]
    assert_close(vmap(np.matmul, in_axes)(x, y).numpy(), np.stack(loop))


def test_examples_without_elements_and_batches_without_examples() -> None:
    assert vmap(lambda x: x.sum())(np.ones((3, 0))).numpy().tolist() == [0, 0, 0]
    assert vmap(lambda x: (x[:, None] * x).sum(0)[::-1])(np.ones((0, 2))).shape == (0, 2)


def test_users_operations() -> None:
    @ag.elementwise
    def doubled(x: Any) -> Any:
        return 2 * x

    @primitive
    def sum(x: Any, axis: Any = None) -> Any:
        return np.sum(x) * 100

    @ag.elementwise
    def scaled(x: Any, by: Any = 1) -> Any:
        return x * by

    assert vmap(doubled)(X).numpy().tolist() == (2 * X).tolist()
    by = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(vmap(lambda x: scaled(x, by))(X[:, 0, 0]).numpy(), np.outer(X[:, 0, 0], by))
    with pytest.raises(BatchError, match="vmap: sum is not known how to do for all examples at once"):
        vmap(sum)(X)


def test_what_an_example_cannot_do_a_batch_cannot() -> None:
    for call, error in (
        (lambda x: np.linalg.inv(x[:3, 0]), np.linalg.LinAlgError),
        (lambda x: x.sum(2), np.exceptions.AxisError),
        (lambda x: x.transpose(0, 1, 2), ValueError),
        (lambda x: x[0, 0] @ x, ValueError),
        (lambda x: np.broadcast_to(x, (2, 2)), ValueError),
        (lambda x: x.reshape(3, 4, 2), ValueError),
        (lambda x: x[5], IndexError),
        (lambda x: x[[5]], IndexError),
        (lambda x: np.concatenate([x, x[0]]), ValueError),
        (lambda x: len(x[0, 0]), TypeError),
    ):
        with pytest.raises(error):
            vmap(call)(X)
