"""What is measured: statistics against NumPy, gradients against backward, times and bytes where there are any."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import GraphError, exp, grad
from tapegrad.autograd.drawing import draw
from tapegrad.autograd.drawing.figures import Figures, Statistics

from .parts import rows

rng = np.random.default_rng(0)
numbers: NDArray[np.float64] = rng.normal(size=(3, 4))


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int8, bool, np.complex64])
def test_statistics(dtype: type) -> None:
    array: NDArray[Any] = (numbers * 10).astype(dtype)
    plain = np.abs(array) if array.dtype.kind == "c" else array
    wide = plain.astype(np.float64)
    found = Statistics.of(array)
    assert (found.count, found.nan, found.inf) == (12, 0, 0)
    np.testing.assert_allclose(
        [found.mean, found.std, found.low, found.high, found.norm],
        [wide.mean(), wide.std(), wide.min(), wide.max(), np.linalg.norm(wide)],
        rtol=1e-6,
    )


def test_what_is_not_finite_is_counted_and_left_out() -> None:
    found = Statistics.of(np.array([1.0, np.nan, 3.0, np.inf, -np.inf]))
    assert (found.count, found.nan, found.inf, found.mean, found.std) == (5, 1, 2, 2.0, 1.0)
    assert str(found) == "2 ± 1 in [1, 3] 1 NaN 2 Inf"
    assert str(Statistics.of(np.array([np.nan]))) == "1 NaN"
    assert str(Statistics.of(np.array([]))) == "empty"
    assert str(Statistics.of(np.array(0.25))) == "0.25"


def test_statistics_of_two_arrays_together() -> None:
    a, b = numbers, np.array([5.0, np.nan])
    found, expected = Statistics.of(a).with_(Statistics.of(b)), Statistics.of(np.concatenate([a.ravel(), b]))
    assert (found.count, found.nan, found.low, found.high) == (14, 1, expected.low, expected.high)
    assert math.isclose(found.mean, expected.mean)
    assert math.isclose(found.std, expected.std)
    assert Statistics.of(np.array([np.nan])).with_(Statistics.of(a)).mean == Statistics.of(a).mean


def test_figures_together() -> None:
    found = Figures(forward=0.5, bytes=3).with_(Figures(forward=0.25, backward=2.0, bytes=4))
    assert found == Figures(forward=0.75, backward=2.0, bytes=7)


def test_values_of_a_function() -> None:
    drawing = draw(lambda x: (exp(x) + 1).sum(), numbers, values=True)
    expected = [numbers, np.exp(numbers), np.exp(numbers) + 1, (np.exp(numbers) + 1).sum()]
    shown = [str(Statistics.of(array)) for array in expected]
    assert [box[-1] for box in rows(drawing)] == [*shown[:-1], f"value {shown[-1]}"]


def test_values_that_a_graph_still_keeps() -> None:
    x = tg.tensor(numbers, requires_grad=True)
    y = (exp(x) + 1) * x
    found = {box[0]: box[-1] for box in rows(draw(y.sum(), names={"x": x}, values=True))}
    assert found == {
        "x": str(Statistics.of(numbers)),
        "exp": str(Statistics.of(np.exp(numbers))),
        "add": str(Statistics.of(np.exp(numbers) + 1)),
        "multiply": "values not kept",
        "sum": "values not kept",
    }


def test_gradients_are_those_of_backward() -> None:
    def f(x: Any, w: Any) -> Any:
        return (np.tanh(x @ w) ** 2).sum()

    w = rng.normal(size=4)
    norms = {box[0]: box[-1] for box in rows(draw(f, numbers, w, gradients=True))}
    gradients = [grad(f, i)(tg.tensor(numbers), tg.tensor(w)).numpy() for i in (0, 1)]
    assert norms["x"] == f"‖g‖ {np.linalg.norm(gradients[0]):.3g}"
    assert norms["w"] == f"‖g‖ {np.linalg.norm(gradients[1]):.3g}"
    assert norms["sum"] == "‖g‖ 1"


def test_gradients_of_a_tensor_leave_its_graph_and_its_leaves_alone() -> None:
    x = tg.tensor(numbers, requires_grad=True, name="x")
    loss = (x * x).sum()
    assert rows(draw(loss, gradients=True))[0][-1] == f"‖g‖ {np.linalg.norm(2 * numbers):.3g}"
    loss.backward()  # would add to what is there
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), 2 * numbers)
    with pytest.raises(GraphError, match="freed by an earlier backward"):
        draw(loss, gradients=True)


def test_walks_inside_of_a_function_are_its_own() -> None:
    def f(x: Any) -> Any:
        return (grad(lambda y: (y**3).sum())(x) * x).sum()

    found = {box[0]: box[2:] for box in rows(draw(f, numbers, gradients=True, times=True))}
    assert found["x"] == [f"‖g‖ {np.linalg.norm(9 * numbers**2):.3g}"]


def test_gradients_of_parameters_in_a_module() -> None:
    model = nn.Linear(4, 2)
    [_, box] = rows(draw(model, numbers.astype(np.float32), gradients=True))
    bias = np.linalg.norm(np.full(2, len(numbers)))
    assert f"bias [2] ‖g‖ {bias:.3g}" in box


def test_what_the_gradients_are_of_is_said() -> None:
    note = "Gradients are those of the sum of the outputs."
    assert note in draw(exp, numbers, gradients=True).text()
    assert note not in draw(lambda x: x.sum(), numbers, gradients=True).text()
    assert note in draw(exp, numbers, gradients=True).source


def test_times() -> None:
    drawing = draw(lambda x: exp(x).sum(), numbers, times=True)
    assert all(re.fullmatch(r"[0-9.e+]+ \+ [0-9.e+]+ ms", box[-1]) for box in rows(drawing)[1:])
    assert rows(drawing)[0] == ["x", "f64[3, 4]"]
    with pytest.raises(ValueError, match=r"times are measured while a function runs: draw\(function, \*example"):
        draw(exp(tg.tensor(1.0, requires_grad=True)), times=True)


def test_one_kernel_has_one_time() -> None:
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2))
    times = [box[-1] for box in rows(draw(model, np.ones((1, 1, 12, 12), np.float32), times=True))[1:]]
    assert [time.startswith("–") for time in times] == [True, True, False]


def test_memory() -> None:
    x = tg.tensor(numbers, requires_grad=True, name="x")
    boxes = {box[0]: box[2:] for box in rows(draw((exp(x) * x + 1).sum(), memory=True))}
    assert boxes["exp"] == ["saves its result (96 B)"]
    assert boxes["multiply"] == ["saves x1 (96 B), x2 (96 B)"]
    assert boxes["add"] == ["x2=constant"]


def test_repeats_are_counted_together() -> None:
    model = nn.Sequential(*[nn.Linear(4, 4) for _ in range(3)])
    whole = draw(model, numbers.astype(np.float32), values=True)
    each = draw(model, numbers.astype(np.float32), values=True, fold=False)
    folded = whole._whole.boxes
    linear = next(box for box in folded if box.title == "linear")
    apart = [box for box in each._whole.boxes if box.title == "linear"]
    assert linear.figures.values is not None
    assert linear.figures.values.count == sum(box.figures.values.count for box in apart if box.figures.values)
    assert linear.figures.bytes == 3 * apart[0].figures.bytes
