"""Every loss beside PyTorch's of the same name: value and gradients in float64, for drawn shapes and all options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from tapegrad import nn, tensor
from tapegrad.nn import functional as F

REDUCTIONS = st.sampled_from(("mean", "sum", "none"))
some = settings(max_examples=max(settings().max_examples, 100))


def assert_same(name: str, arrays: list[Any], constants: list[Any], options: dict[str, Any]) -> None:
    """The function of both, its gradients by the arrays, and the module of both."""
    ours = [tensor(x, requires_grad=True) for x in arrays]
    theirs = [torch.tensor(x, requires_grad=True) for x in arrays]
    y = getattr(F, name)(*ours, *constants, **options)
    given = {key: torch.tensor(v) if isinstance(v, np.ndarray) else v for key, v in options.items()}
    expected = getattr(torch.nn.functional, name)(*theirs, *map(torch.tensor, constants), **given)
    g = np.random.default_rng(0).uniform(0.5, 1.5, tuple(expected.shape))
    y.backward(g)
    expected.backward(torch.tensor(g))
    np.testing.assert_allclose(y.numpy(), expected.detach().numpy(), 1e-11, 1e-11)
    for x, other in zip(ours, theirs, strict=True):
        assert x.grad is not None
        assert other.grad is not None
        np.testing.assert_allclose(x.grad.numpy(), other.grad.numpy(), 1e-11, 1e-11)


@st.composite
def shapes(draw: st.DrawFn, least: int = 0, most: int = 3) -> tuple[int, ...]:
    return tuple(draw(st.lists(st.integers(1, 4), min_size=least, max_size=most)))


@st.composite
def generators(draw: st.DrawFn) -> np.random.Generator:
    return np.random.default_rng(draw(st.integers(0, 2**32 - 1)))


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"])
@given(shape=shapes(), rng=generators(), reduction=REDUCTIONS, scale=st.sampled_from((0.3, 1.0, 2.5)))
@some
def test_distances(name: str, shape: tuple[int, ...], rng: Any, reduction: str, scale: float) -> None:
    option = {"smooth_l1_loss": {"beta": scale}, "huber_loss": {"delta": scale}}.get(name, {})
    x, y = rng.normal(size=(2, *shape))
    assert_same(name, [x, y], [], {"reduction": reduction, **option})


@pytest.mark.parametrize("weighted", [False, True])
@given(shape=shapes(), rng=generators(), reduction=REDUCTIONS, edges=st.booleans())
@some
def test_binary_cross_entropy(weighted: bool, shape: tuple[int, ...], rng: Any, reduction: str, edges: bool) -> None:
    p, target = rng.uniform(0.01, 0.99, shape), rng.uniform(size=shape)
    target = np.round(target) if edges else target
    options = {"reduction": reduction, **({"weight": rng.uniform(size=shape)} if weighted else {})}
    assert_same("binary_cross_entropy", [p], [target], options)
    logits = rng.normal(0, 5, shape)
    if weighted:
        options["pos_weight"] = rng.uniform(0.5, 2, shape[-1:])
    assert_same("binary_cross_entropy_with_logits", [logits], [target], options)


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides:UserWarning")
@given(
    shape=shapes(1),
    rng=generators(),
    reduction=st.sampled_from(("mean", "sum", "none", "batchmean")),
    log=st.booleans(),
)
@some
def test_divergence(shape: tuple[int, ...], rng: Any, reduction: str, log: bool) -> None:
    target = rng.uniform(0.1, 1, shape)
    if not log:
        target[rng.random(shape) < 0.2] = 0
    x = np.log(rng.uniform(0.1, 1, shape))
    assert_same("kl_div", [x], [np.log(target) if log else target], {"reduction": reduction, "log_target": log})


@st.composite
def scores(draw: st.DrawFn, spatial: bool = True) -> tuple[Any, Any, int]:
    """Logits (N, C, ...) or (C,), labels, and the number of classes."""
    rng = draw(generators())
    classes = draw(st.integers(2, 5))
    if draw(st.booleans()):
        shape: tuple[int, ...] = (draw(st.integers(1, 5)), *(draw(shapes(most=2)) if spatial else ()))
        return rng.normal(0, 3, (shape[0], classes, *shape[1:])), rng.integers(0, classes, shape), classes
    return rng.normal(0, 3, classes), rng.integers(0, classes), classes


@pytest.mark.parametrize("name", ["cross_entropy", "nll_loss"])
@given(drawn=scores(), reduction=REDUCTIONS, data=st.data())
@some
def test_classes(name: str, drawn: Any, reduction: str, data: st.DataObject) -> None:
    x, labels, classes = drawn
    rng = np.random.default_rng(1)
    options: dict[str, Any] = {"reduction": reduction}
    if data.draw(st.booleans()):
        options["weight"] = rng.uniform(0.5, 2, classes)
    if name == "cross_entropy":
        options["label_smoothing"] = data.draw(st.sampled_from((0.0, 0.1, 1.0)))
    if data.draw(st.booleans()) and np.size(labels) > 1:
        options["ignore_index"] = int(labels.flat[0])
        if (labels == labels.flat[0]).all():  # the mean of nothing is NaN, in both
            options["ignore_index"] = -1
    assert_same(name, [x], [labels], options)


@given(drawn=scores(), reduction=REDUCTIONS, smoothing=st.sampled_from((0.0, 0.2)), weighted=st.booleans())
@some
def test_probabilities_of_classes(drawn: Any, reduction: str, smoothing: float, weighted: bool) -> None:
    x, _, classes = drawn
    target = np.random.default_rng(1).uniform(size=x.shape)
    options: dict[str, Any] = {"reduction": reduction, "label_smoothing": smoothing}
    if weighted:
        options["weight"] = np.random.default_rng(2).uniform(0.5, 2, classes)
    assert_same("cross_entropy", [x, target], [], options)


@given(drawn=scores(spatial=False), reduction=REDUCTIONS, p=st.sampled_from((1, 2)), weighted=st.booleans())
@some
def test_margins_of_classes(drawn: Any, reduction: str, p: int, weighted: bool) -> None:
    x, labels, classes = drawn
    weight = {"weight": np.random.default_rng(2).uniform(0.5, 2, classes)} if weighted else {}
    assert_same("multi_margin_loss", [x], [labels], {"reduction": reduction, "p": p, "margin": 0.7, **weight})


@given(shape=shapes(1), rng=generators(), reduction=REDUCTIONS, margin=st.sampled_from((0.0, 0.4)))
@some
def test_margins(shape: tuple[int, ...], rng: Any, reduction: str, margin: float) -> None:
    x, y = rng.normal(size=(2, *shape))
    signs = rng.choice((-1.0, 1.0), shape)
    assert_same("margin_ranking_loss", [x, y], [signs], {"reduction": reduction, "margin": margin})
    assert_same("soft_margin_loss", [x], [signs], {"reduction": reduction})
    assert_same("hinge_embedding_loss", [x], [signs], {"reduction": reduction, "margin": margin + 0.5})


@given(shape=shapes(1, 2), rng=generators(), reduction=REDUCTIONS, margin=st.sampled_from((0.0, 0.4)))
@some
def test_cosines(shape: tuple[int, ...], rng: Any, reduction: str, margin: float) -> None:
    x, y = rng.normal(size=(2, *shape))
    assert_same(
        "cosine_embedding_loss",
        [x, y],
        [rng.choice((-1.0, 1.0), shape[:-1])],
        {"reduction": reduction, "margin": margin},
    )
    assert_same("cosine_similarity", [x, y], [], {"dim": -1})


@given(shape=shapes(1), rng=generators(), reduction=REDUCTIONS, p=st.sampled_from((1.0, 2.0, 3.0)), swap=st.booleans())
@some
def test_triplets(shape: tuple[int, ...], rng: Any, reduction: str, p: float, swap: bool) -> None:
    arrays = [*rng.normal(size=(3, *shape))]
    assert_same("triplet_margin_loss", arrays, [], {"reduction": reduction, "p": p, "swap": swap})


@given(shape=shapes(), rng=generators(), gamma=st.sampled_from((0.0, 1.5, 2.0)))
@some
def test_focal_losses(shape: tuple[int, ...], rng: Any, gamma: float) -> None:
    """PyTorch has none: the formula, and the cross-entropy at gamma 0."""
    logits, target = rng.normal(0, 3, shape), rng.integers(0, 2, shape).astype(float)
    p = 1 / (1 + np.exp(-logits))
    truth = np.where(target == 1, p, 1 - p)
    expected = -np.where(target == 1, 0.25, 0.75) * (1 - truth) ** gamma * np.log(truth)
    np.testing.assert_allclose(F.sigmoid_focal_loss(tensor(logits), target, gamma=gamma).numpy(), expected, 1e-9)
    both = np.stack([0 * logits, logits], -1).reshape(-1, 2)
    several = F.focal_loss(tensor(both), target.astype(int).ravel(), gamma=gamma, reduction="none")
    np.testing.assert_allclose(several.numpy(), (-((1 - truth) ** gamma) * np.log(truth)).ravel(), 1e-9)


@given(shape=shapes(), rng=generators(), reduction=REDUCTIONS)
@some
def test_hinge(shape: tuple[int, ...], rng: Any, reduction: str) -> None:
    x, signs = rng.normal(size=shape), rng.choice((-1.0, 1.0), shape)
    losses = np.maximum(0, 1 - x * signs)
    expected = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction](losses)  # type: ignore[operator]
    np.testing.assert_allclose(F.hinge_loss(tensor(x), signs, reduction).numpy(), expected, 1e-12)


def torchs_focal(x: Any, labels: Any, weight: Any, gamma: float) -> Any:
    log_p = torch.log_softmax(x, -1).gather(-1, labels[..., None])[..., 0]
    return -((1 - log_p.exp()) ** gamma) * log_p * weight[labels]


def torchs_sigmoid_focal(x: Any, target: Any, alpha: float, gamma: float) -> Any:
    cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits(x, target, reduction="none")
    return (alpha * target + (1 - alpha) * (1 - target)) * (1 - (-cross_entropy).exp()) ** gamma * cross_entropy


@given(drawn=scores(spatial=False), reduction=REDUCTIONS, gamma=st.sampled_from((0.0, 0.5, 1.0, 2.0)), data=st.data())
def test_what_pytorch_has_not(drawn: Any, reduction: str, gamma: float, data: st.DataObject) -> None:
    """Against the formula in PyTorch's operations."""
    x, labels, classes = drawn
    weight, shape = np.random.default_rng(2).uniform(0.5, 2, classes), x.shape
    signs = np.random.default_rng(3).choice((-1.0, 1.0), shape)
    alpha, margin = data.draw(st.sampled_from((0.25, 0.6))), data.draw(st.sampled_from((0.5, 1.0)))
    half = signs / 2 + 0.5

    def ours(x: Any) -> list[Any]:
        return [
            nn.FocalLoss(weight, gamma, reduction)(x, labels),
            nn.HingeLoss(reduction, margin)(x, signs),
            F.sigmoid_focal_loss(x, half, alpha, gamma, reduction),
        ]

    def theirs(x: Any) -> list[Any]:
        return [
            torchs_focal(x, torch.tensor(labels), torch.tensor(weight), gamma),
            torch.relu(margin - torch.tensor(signs) * x),
            torchs_sigmoid_focal(x, torch.tensor(half), alpha, gamma),
        ]

    for i in range(3):
        one, other = tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
        y, expected = ours(one)[i], theirs(other)[i]
        expected = expected if reduction == "none" else getattr(expected, reduction)()
        g = np.random.default_rng(0).uniform(0.5, 1.5, tuple(expected.shape))
        y.backward(g)
        expected.backward(torch.tensor(g))
        assert one.grad is not None
        assert other.grad is not None
        np.testing.assert_allclose(y.numpy(), expected.detach().numpy(), 1e-9, 1e-12)
        np.testing.assert_allclose(one.grad.numpy(), other.grad.numpy(), 1e-9, 1e-12)


X, Y = np.random.default_rng(0).normal(size=(2, 4, 3))
SIGNS, LABELS = np.array([1.0, -1, -1, 1]), np.array([0, 2, 1, 1])
MODULES: list[tuple[str, dict[str, Any], tuple[Any, ...]]] = [
    ("L1Loss", {}, (X, Y)),
    ("SmoothL1Loss", {"beta": 0.5}, (X, Y)),
    ("HuberLoss", {"delta": 0.5}, (X, Y)),
    ("MSELoss", {"reduction": "sum"}, (X, Y)),
    ("KLDivLoss", {"reduction": "batchmean", "log_target": True}, (X, Y)),
    ("BCELoss", {}, (np.abs(np.tanh(X)), np.abs(np.tanh(Y)))),
    ("BCEWithLogitsLoss", {"pos_weight": np.array([1.0, 2.0, 0.5])}, (X, np.abs(np.tanh(Y)))),
    ("CrossEntropyLoss", {"weight": np.array([1.0, 2.0, 0.5]), "label_smoothing": 0.1}, (X, LABELS)),
    ("NLLLoss", {"ignore_index": 2}, (X, LABELS)),
    ("MultiMarginLoss", {"p": 2, "margin": 0.5}, (X, LABELS)),
    ("SoftMarginLoss", {}, (X[:, 0], SIGNS)),
    ("MarginRankingLoss", {"margin": 0.3}, (X[:, 0], Y[:, 0], SIGNS)),
    ("CosineEmbeddingLoss", {"margin": 0.3}, (X, Y, SIGNS)),
    ("HingeEmbeddingLoss", {}, (X[:, 0], SIGNS)),
    ("TripletMarginLoss", {"swap": True}, (X, Y, X[::-1].copy())),
]


@pytest.mark.parametrize(("name", "options", "arguments"), MODULES, ids=[name for name, *_ in MODULES])
def test_modules(name: str, options: dict[str, Any], arguments: tuple[Any, ...]) -> None:
    ours = getattr(nn, name)(**options)
    theirs = getattr(torch.nn, name)(
        **{k: torch.tensor(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}
    )
    expected = theirs(*map(torch.tensor, arguments)).numpy()
    np.testing.assert_allclose(ours(*(tensor(x) for x in arguments)).numpy(), expected, 1e-12)
    assert set(ours.state_dict()) == set(theirs.state_dict())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: F.hinge_loss(tensor(X), 0 * X), "hinge_loss: targets must be -1 or 1, got 0.0"),
        (lambda: F.binary_cross_entropy(tensor(X), 0 * X), "for logits use binary_cross_entropy_with_logits"),
        (lambda: F.l1_loss(tensor(X), X[:1]), r"l1_loss: input \(4, 3\) and target \(1, 3\) must have one shape"),
        (lambda: F.smooth_l1_loss(tensor(X), X, beta=-1), "smooth_l1_loss: beta must not be negative"),
        (lambda: F.huber_loss(tensor(X), X, delta=0), "huber_loss: delta must be positive"),
        (lambda: F.kl_div(tensor(1.0), np.float64(1), "batchmean"), "kl_div: reduction 'batchmean' needs an axis"),
        (lambda: F.focal_loss(tensor(X), LABELS, gamma=-1), "focal_loss: gamma must not be negative"),
        (lambda: F.sigmoid_focal_loss(tensor(X), abs(X), gamma=-1), "sigmoid_focal_loss: gamma must not be"),
        (lambda: F.multi_margin_loss(tensor(X), LABELS, p=3), "multi_margin_loss: p must be 1 or 2, got 3"),
        (lambda: F.triplet_margin_loss(tensor(X), X, X, margin=0), "triplet_margin_loss: margin must be positive"),
        (
            lambda: F.margin_ranking_loss(tensor(X), X, SIGNS),
            "margin_ranking_loss: inputs and target must have one number",
        ),
        (lambda: F.cosine_embedding_loss(tensor(X), X, X), r"cosine_embedding_loss: expected \(N, D\) or \(D,\)"),
        (
            lambda: F.cross_entropy(tensor(X), LABELS, np.ones(2)),
            "cross_entropy: weight must have one number for each of 3",
        ),
        (lambda: F.cross_entropy(tensor(X), LABELS, label_smoothing=2), r"label_smoothing must lie in \[0, 1\]"),
    ],
)
def test_bad_input(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
