"""Reductions with masks and initial values where tables cannot go: corners of gradients, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from tapegrad import autograd, tensor
from tapegrad.autograd import MissingRuleError
from tapegrad.autograd.testing import check_grads

np: Any = import_module("numpy")  # its annotations know nothing of tensors
X = np.array([[1.0, -2.0, 0.5], [4.0, 3.0, -1.0]])
MASK = np.array([[True, False, True], [False, False, True]])


def leaf(x: Any) -> Any:
    return tensor(x, requires_grad=True)


def gradient(f: Callable[[Any], Any], x: Any) -> Any:
    t = leaf(x)
    f(t).sum().backward()
    assert t.grad is not None
    return t.grad.numpy().tolist()


@pytest.mark.parametrize("f", [np.sum, np.prod, np.mean])
def test_what_a_mask_leaves_out_has_no_gradient(f: Callable[..., Any]) -> None:
    g = np.array(gradient(lambda t: f(t, where=MASK), X))
    assert (g[~MASK] == 0).all()
    assert (g[MASK] != 0).all()


def test_a_mask_that_changes_later_does_not_change_the_gradient() -> None:
    mask, t = MASK.copy(), leaf(X)
    y = np.sum(t, where=mask)
    mask[...] = False
    y.backward()
    assert t.grad.numpy().tolist() == MASK.astype(float).tolist()


def test_a_mask_may_be_a_tensor_or_a_list() -> None:
    t = leaf(X)
    assert np.sum(t, where=t > 0).item() == 8.5
    assert gradient(lambda t: np.sum(t, where=[True, False, True]), X) == [[1, 0, 1]] * 2


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"initial": 3.0}, [0, 0, 0]),
        ({"initial": 2.0}, [0, 0.5, 0.5]),
        ({"initial": -1.0, "where": [True, False, False]}, [1, 0, 0]),
        ({"initial": -1.0, "where": [True, False, True]}, [0, 0, 1]),
        ({"initial": 5.0, "where": [False] * 3}, [0, 0, 0]),
    ],
)
def test_winners_among_what_is_selected_and_initial(options: dict[str, Any], expected: list[float]) -> None:
    x = np.array([1.0, 2.0, 2.0])
    assert gradient(lambda t: np.max(t, **options), x) == expected
    flipped = {**options, "initial": -options["initial"]}
    assert gradient(lambda t: np.min(-t, **flipped), x) == [-g for g in expected]


def test_complex_numbers_compare_as_pairs() -> None:
    x = np.array([1 + 2j, 1 - 1j, 0.5 + 9j])
    assert np.max(leaf(x)).item() == np.max(x) == 1 + 2j
    check_grads(np.max, x[1:])
    check_grads(np.min, x[1:])


def test_nothing_selected_is_numpys_nan_with_its_warning_and_has_no_gradient() -> None:
    t = leaf(X)
    with pytest.warns(RuntimeWarning, match=r"Mean of empty slice|invalid value"):
        y = np.mean(t, axis=1, where=[[True], [False]])
    assert np.isnan(y.numpy()).tolist() == [False, True]
    y.sum().backward()
    assert t.grad.numpy()[1].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda t: np.max(t, where=MASK), ValueError),
        (lambda t: np.sum(t, where=np.array([1, 0, 1])), TypeError),
        (lambda t: np.sum(t[0], where=MASK), ValueError),
        (lambda t: autograd.max(t[:0]), ValueError),
        (lambda t: np.sum(t, axis=2), ValueError),
        (lambda t: np.sum(t, axis=(0, 0)), ValueError),
        (lambda t: autograd.sum(t, initial=t[0, 0]), MissingRuleError),
        (lambda t: autograd.sum(t, out=np.empty(())), TypeError),
    ],
)
def test_what_is_refused(call: Callable[[Any], Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        call(leaf(X))


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, bool])
def test_integers_are_added_and_multiplied_as_numpy_does(dtype: Any) -> None:
    x = np.array([[1, 0, 1], [1, 1, 1]]).astype(dtype)
    for f in (np.sum, np.prod, np.mean, np.cumsum, np.cumprod):
        y = f(tensor(x), axis=1)
        assert y.dtype == f(x, axis=1).dtype
        assert not y.requires_grad
        np.testing.assert_array_equal(y.numpy(), f(x, axis=1))
