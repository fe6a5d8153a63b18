"""Normalising layers beside PyTorch's, in training and in evaluation, running statistics included."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from tapegrad import nn, tensor
from tapegrad.autograd import DTypeError, ShapeError, vmap
from tapegrad.autograd.testing import check_grads
from tapegrad.nn import functional as F

from .pairs import compare, pair

some = settings(max_examples=max(settings().max_examples, 100))
FLAGS = st.booleans()
EPS = st.sampled_from((1e-5, 1e-3, 0.1))
SPACE = {1: (5,), 2: (3, 2), 3: (2, 1, 3)}


def drawn(data: st.DataObject, shape: tuple[int, ...]) -> Any:
    """Numbers with a mean and a spread of their own for each column."""
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    return rng.normal(size=shape) * rng.uniform(0.5, 3, shape[1:]) + rng.normal(size=shape[1:])


@given(data=st.data(), kind=st.sampled_from(("BatchNorm", "InstanceNorm")), axes=st.sampled_from((1, 2, 3)))
@some
def test_channels_with_running_statistics(data: st.DataObject, kind: str, axes: int) -> None:
    options = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "eps": EPS, "momentum": st.sampled_from((0.1, 0.5, 1.0, None)), "affine": FLAGS, "bias": FLAGS,
                "track_running_stats": FLAGS,
            },
        )
    )  # fmt: skip
    channels = data.draw(st.integers(1, 3))
    leading = [(4,), (2,)] + ([()] if kind == "InstanceNorm" else [(1,)])
    shape = (*data.draw(st.sampled_from(leading)), channels, *SPACE[axes])
    if kind == "BatchNorm" and axes == 1 and shape[0] > 1 and data.draw(FLAGS):
        shape = shape[:2]
    ours, theirs = pair(f"{kind}{axes}d", channels, **options)

    for training in (True, True, data.draw(FLAGS), False):
        ours.train(training), theirs.train(training)
        compare(ours, theirs, drawn(data, shape))
    for name, buffer in theirs.named_buffers():
        np.testing.assert_allclose(ours.state_dict()[name], buffer.numpy(), 1e-10, 1e-12)


@given(data=st.data(), kind=st.sampled_from(("GroupNorm", "LayerNorm", "RMSNorm")))
@some
def test_each_sample_alone(data: st.DataObject, kind: str) -> None:
    shape = data.draw(st.sampled_from(((3, 4), (2, 4, 3), (1, 4, 3, 2), (2, 4, 2, 1, 3))))
    sizes: tuple[Any, ...]
    options: dict[str, Any] = data.draw(st.fixed_dictionaries({}, optional={"eps": EPS}))
    if kind == "GroupNorm":
        sizes = (data.draw(st.sampled_from((1, 2, 4) if len(shape) > 2 else (1, 2))), 4)
        options |= data.draw(st.fixed_dictionaries({}, optional={"affine": FLAGS, "bias": FLAGS}))
    else:
        last = data.draw(st.integers(1, len(shape) - 1))
        sizes = (shape[-1] if last == 1 and data.draw(FLAGS) else shape[-last:],)
        flags = {"elementwise_affine": FLAGS, "bias": FLAGS} if kind == "LayerNorm" else {"elementwise_affine": FLAGS}
        options |= data.draw(st.fixed_dictionaries({}, optional=flags))

    ours, theirs = pair(kind, *sizes, **options)

    compare(ours, theirs, drawn(data, shape))


def test_a_mean_far_from_zero_costs_no_digits() -> None:
    """E[x²] - E[x]² would have none left: the numbers are 10⁸ ± 1."""
    x = 1e8 + np.random.default_rng(0).normal(size=(64, 3))
    expected = (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5)

    y = nn.BatchNorm1d(3, dtype=np.float64)(tensor(x))

    np.testing.assert_allclose(y.numpy(), expected, rtol=1e-6, atol=1e-6)


def test_second_derivatives() -> None:
    x, weight = np.random.default_rng(0).normal(size=(3, 4, 2)), np.linspace(0.5, 2, 4)

    check_grads(lambda x, w: F.batch_norm(x, None, None, w, w, training=True), x, weight)
    check_grads(lambda x, w: F.group_norm(x, 2, w, w), x, weight)
    check_grads(lambda x: F.layer_norm(x, (4, 2)), x)
    check_grads(lambda x: F.rms_norm(x, 2), x)


@pytest.mark.parametrize(
    "layer",
    [
        lambda x, w: F.batch_norm(x, None, None, w, w, training=True),
        lambda x, w: F.instance_norm(x, weight=w, bias=w),
        lambda x, w: F.group_norm(x, 2, w, w),
        lambda x, w: F.layer_norm(x, 2, bias=w[:2]),
    ],
)
def test_examples_of_a_batch_of_batches(layer: Any) -> None:
    """Under vmap, with parameters that are the same for all and with parameters of their own."""
    rng = np.random.default_rng(0)
    x, weights = rng.normal(size=(3, 5, 4, 2)), rng.normal(size=(3, 4))

    own = vmap(layer)(x, weights)
    same = vmap(layer, (0, None))(x, weights[0])
    other = vmap(layer, (None, 0))(x[0], weights)

    for i in range(3):
        np.testing.assert_allclose(own.numpy()[i], layer(tensor(x[i]), tensor(weights[i])).numpy(), 1e-12, 1e-12)
        np.testing.assert_allclose(same.numpy()[i], layer(tensor(x[i]), tensor(weights[0])).numpy(), 1e-12, 1e-12)
        np.testing.assert_allclose(other.numpy()[i], layer(tensor(x[0]), tensor(weights[i])).numpy(), 1e-12, 1e-12)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_stays(dtype: Any) -> None:
    x = tensor(np.random.default_rng(0).normal(size=(4, 2, 3)).astype(dtype), requires_grad=True)
    for layer in (nn.BatchNorm1d(2), nn.InstanceNorm1d(2), nn.GroupNorm(1, 2), nn.LayerNorm(3), nn.RMSNorm(3)):
        y = layer.to(dtype)(x)
        y.sum().backward()
        assert y.dtype == dtype
        assert all(p.grad is not None and p.grad.dtype == dtype for p in layer.parameters())


def test_evaluation_moves_nothing_and_reset_forgets() -> None:
    layer = nn.BatchNorm1d(2)
    fresh = layer.state_dict()
    x = tensor(np.arange(8, dtype=np.float32).reshape(4, 2))
    layer(x)
    after = layer.state_dict()
    assert after["num_batches_tracked"] == 1
    assert not np.array_equal(after["running_mean"], fresh["running_mean"])

    layer.eval()(x)
    np.testing.assert_equal(layer.state_dict(), after)
    layer.reset_parameters()
    np.testing.assert_equal(layer.state_dict(), fresh)


def test_a_refused_batch_moves_nothing() -> None:
    layer = nn.BatchNorm1d(2)
    before = layer.state_dict()
    for shape in [(1, 2), (0, 2), (4, 3), (4,)]:
        with pytest.raises(ShapeError):
            layer(tensor(np.ones(shape, np.float32)))
    np.testing.assert_equal(layer.state_dict(), before)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: nn.BatchNorm2d(0), "BatchNorm2d: num_features must be at least 1, got 0"),
        (lambda: nn.GroupNorm(3, 4), "GroupNorm: 4 channels do not make 3 groups"),
        (lambda: nn.LayerNorm((3, 0)), r"LayerNorm: normalized_shape must be sizes of at least 1, got \(3, 0\)"),
        (lambda: nn.RMSNorm(()), "RMSNorm: normalized_shape must be sizes"),
    ],
)
def test_sizes_that_make_no_layer(make: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        make()


@pytest.mark.parametrize(
    ("layer", "shape", "text"),
    [
        (nn.BatchNorm2d(3), (2, 4, 5, 5), r"BatchNorm2d: expected 3 channels \(num_features\), got 4: axis 1 of"),
        (nn.BatchNorm2d(3), (2, 3, 5), r"BatchNorm2d: expected 4 axes, got shape \(2, 3, 5\)"),
        (nn.BatchNorm1d(3), (1, 3), r"each channel needs two values or more; \(1, 3\) gives 1"),
        (nn.InstanceNorm1d(3), (4, 5), r"InstanceNorm1d: expected 3 channels .*, got 4: axis 0 of \(4, 5\)"),
        (nn.InstanceNorm1d(3), (3, 1), r"each channel of a sample needs two values or more; \(1, 3, 1\) gives 1"),
        (nn.GroupNorm(2, 4), (2, 6), r"GroupNorm: expected \(N, 4, ...\), got \(2, 6\)"),
        (nn.LayerNorm((3, 2)), (3, 3), r"layer_norm: .* whose last axes are \(3, 2\), got \(3, 3\)"),
    ],
)
def test_shapes_that_do_not_fit(layer: nn.Module, shape: tuple[int, ...], text: str) -> None:
    with pytest.raises(ShapeError, match=text):
        layer(tensor(np.ones(shape, np.float32)))


def test_functions_refuse_what_would_broadcast() -> None:
    x = tensor(np.ones((4, 3)))
    with pytest.raises(ShapeError, match=r"batch_norm: \(4, 3\) has 3 channels, but weight has shape \(1,\)"):
        F.batch_norm(x, None, None, tensor(np.ones(1)), training=True)
    with pytest.raises(ShapeError, match=r"layer_norm: bias must have the normalized shape \(3,\), got \(1,\)"):
        F.layer_norm(x, 3, None, tensor(np.ones(1)))
    with pytest.raises(ShapeError, match=r"group_norm: 3 channels, of .*, do not make 2 groups"):
        F.group_norm(x, 2)
    with pytest.raises(ValueError, match="batch_norm: without training=True it needs running_mean and running_var"):
        F.batch_norm(x, None, None)
    with pytest.raises(DTypeError, match="layer_norm: expected a real floating dtype, got complex128"):
        F.layer_norm(tensor(np.ones((4, 3)) * 1j), 3)


def test_cumulative_average_is_the_mean_of_all_batches() -> None:
    layer = nn.BatchNorm1d(1, momentum=None)
    batches = np.random.default_rng(0).normal(size=(5, 8, 1)).astype(np.float32)
    for batch in batches:
        layer(tensor(batch))

    np.testing.assert_allclose(layer.state_dict()["running_mean"], batches.mean((0, 1)), atol=1e-6)


def test_torch_has_the_same_buffers_when_they_are_counted() -> None:
    ours, theirs = nn.BatchNorm2d(3).state_dict(), torch.nn.BatchNorm2d(3).state_dict()

    assert [(name, value.shape, str(value.dtype)) for name, value in ours.items()] == [
        (name, tuple(value.shape), str(value.dtype).removeprefix("torch.")) for name, value in theirs.items()
    ]
