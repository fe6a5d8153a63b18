"""What an error tells: the operation, the shapes, the tensors' names, and the user's own file and line."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import ShapeError, primitive
from tapegrad.autograd.ops import FAMILIES

HERE = "test_diagnosis.py"


def leaf(shape: tuple[int, ...], name: str | None = None) -> Tensor:
    return tensor(np.full(shape, 0.5), requires_grad=True, name=name)


def line() -> int:
    """The line from which this is called."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


BINARY = {
    thing.primitive.name: thing
    for family in FAMILIES
    for thing in vars(family).values()
    if hasattr(thing, "primitive") and thing.primitive.elementwise and len(thing.primitive.arguments) == 2
    if thing.primitive.name != "ldexp"  # the second one is of integers
}
SYMBOLS = {"add": " + ", "subtract": " - ", "multiply": " * ", "divide": " / ", "power": " ** ", "matmul": " @ "}


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("kinds", ["both", "left", "right"])
def test_shapes_that_do_not_broadcast_in_every_binary_operation(name: str, kinds: str) -> None:
    x: Any = leaf((4, 3)) if kinds != "right" else np.ones((4, 3))
    y: Any = leaf((2,)) if kinds != "left" else np.ones(2)
    first, second = BINARY[name].primitive.arguments
    with pytest.raises(ShapeError) as caught:
        BINARY[name](x, y)
    at = line() - 1
    shown = SYMBOLS.get(name, ", ").join((f"{first} (4, 3)", f"{second} (2,)"))
    assert str(caught.value) == f"{name}: {shown}: 3 != 2; called at {HERE}:{at}"


@pytest.mark.parametrize(
    ("left", "right", "problem"),
    [
        ((2, 3), (4, 5), "3 != 4"),
        ((3,), (4,), "3 != 4"),
        ((2, 3), (4,), "3 != 4"),
        ((3,), (4, 5), "3 != 4"),
        ((5, 2, 3), (4, 3, 2), "5 != 4"),
        ((2, 3), (7, 4, 5), "3 != 4"),
        ((), (3,), "a 0-d array has no axis to sum over; use * to scale"),
    ],
)
def test_matmul(left: tuple[int, ...], right: tuple[int, ...], problem: str) -> None:
    with pytest.raises(ShapeError) as caught:
        leaf(left, "x") @ leaf(right, "weight")
    assert str(caught.value) == f"matmul: x {left} @ weight {right}: {problem}; called at {HERE}:{line() - 1}"


def test_a_dotted_name_is_shortened_where_the_shapes_are_and_told_in_full() -> None:
    with pytest.raises(ShapeError) as caught:
        leaf((2, 3), "x") @ leaf((4, 5), "layers.1.weight")
    assert str(caught.value) == (
        f"matmul: x (2, 3) @ weight (4, 5): 3 != 4; weight is layers.1.weight, called at {HERE}:{line() - 2}"
    )


def test_linear_says_which_sizes_do_not_fit() -> None:
    with pytest.raises(ShapeError, match=rf"linear: .*weight \(4, 5\).*3 != 5.*called at {HERE}"):
        autograd.linear(leaf((2, 3)), leaf((4, 5), "weight"), leaf((4,)))
    with pytest.raises(ShapeError, match=rf"linear: .*bias \(5,\).*called at {HERE}"):
        autograd.linear(leaf((2, 3)), leaf((4, 3), "weight"), leaf((5,)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, y: np.where([True, False], x, y), r"where: condition \(2,\), x \(4, 3\), bias \(2,\): 2 != 3"),
        (lambda x, y: np.add(x, y), r"add: x1 \(4, 3\) \+ bias \(2,\): 3 != 2"),
        (lambda x, y: np.ones((4, 3)) * y, r"multiply: x1 \(4, 3\) \* bias \(2,\): 3 != 2"),
        (lambda x, y: x - np.ones(2), r"subtract: x1 \(4, 3\) - x2 \(2,\): 3 != 2"),
        (lambda x, y: np.tensordot(x, y, 1), r"tensordot: a \(4, 3\) .* b \(2,\) .* do not match"),
        (lambda x, y: np.dot(x, y), r"matmul: x1 \(4, 3\) @ bias \(2,\): 3 != 2"),
        (lambda x, y: np.clip(x, y, None), r"maximum: x1 \(4, 3\), bias \(2,\): 3 != 2"),
        (lambda x, y: np.stack([x, y]), r"stack: all arrays must have the same shape"),
        (lambda x, y: np.split(x, 3), r"split: axis 0 of size 4 cannot be cut into 3 equal parts"),
    ],
)
def test_every_route_to_a_mismatch(call: Callable[[Tensor, Tensor], Any], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        call(leaf((4, 3)), leaf((2,), "bias"))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: x.reshape(5), ValueError, r"reshape: x \(4, 3\), shape=5"),
        (lambda x: x.sum(axis=2), ValueError, r"sum: x \(4, 3\), axis=2"),
        (lambda x: np.transpose(x, (0, 0)), ValueError, r"transpose: x \(4, 3\), axes=\(0, 0\)"),
        (
            lambda x: np.concatenate([x, x[:2].T]),
            ValueError,
            r"concatenate: arrays\[0\] \(4, 3\), arrays\[1\] \(3,",
        ),
        (lambda x: np.broadcast_to(x, (2, 2)), ValueError, r"broadcast_to: x \(4, 3\), shape=\(2, 2\)"),
        (lambda x: x @ "a", Exception, r"matmul: x1 \(4, 3\) @ x2 \(\)"),
    ],
)
def test_what_numpy_says_gets_a_note(call: Callable[[Tensor], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call(leaf((4, 3)))
    notes = getattr(caught.value, "__notes__", [])
    assert any(re.search(message, note) and "called at test_diagnosis.py:" in note for note in notes)


def test_the_line_is_the_users_through_every_route() -> None:
    """Operators, NumPy's functions, methods, compositions, and rules: never a line of this library."""
    x = leaf((2, 3))
    results = {
        line(): x * 2,
        line(): np.sin(x),
        line(): x.sum(),
        line(): np.prod(x),
        line(): autograd.softplus(x),
        line(): np.tensordot(x, np.ones((3, 2)), 1),
        line(): 2 / x,
        line(): np.ones(3) @ x.T,
    }
    for expected, y in results.items():
        node: Any = y.node
        while node is not None and hasattr(node, "code"):
            assert node.code.co_filename == __file__
            assert autograd.provenance.line_of(node.code, node.instruction) == expected
            node = next((parent for parent in node.inputs if parent is not None), None)


def test_a_statement_over_several_lines() -> None:
    x = leaf((2, 3))
    y: Any = (
        np.exp(x)
        * 2
    )  # fmt: skip
    first = line() - 4
    exp = y.node.inputs[0]
    assert autograd.provenance.line_of(exp.code, exp.instruction) == first + 1


def test_a_gradient_error_names_the_line_of_the_operation() -> None:
    @primitive
    def bad(x: Any) -> Any:
        return x * 1

    bad.defvjp(lambda g, _y, _x: g[0])
    y = bad(leaf((2, 3)))
    at = line() - 1
    with pytest.raises(ShapeError, match=r"of bad gave a gradient of shape \(3,\) to an input of shape \(2, 3\)") as e:
        y.sum().backward()
    told = f"in backward(tensor ()), called at {HERE}:{line() - 1}"
    assert e.value.__notes__ == [told, f"in the derivative of bad, called at {HERE}:{at}"]


def test_code_from_a_string_has_a_place_too() -> None:
    scope: dict[str, Any] = {"x": leaf((3,)), "y": leaf((2,))}
    with pytest.raises(ShapeError, match=r"called at <notebook>:2"):
        exec(compile("z = 1\nx + y", "<notebook>", "exec"), scope)  # noqa: S102 - as notebooks do
