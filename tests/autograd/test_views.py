"""Views share memory with their base: what is written to one is seen in the other, with its gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, tensor
from tapegrad.autograd.testing import check_grads

X = np.arange(1.0, 7.0).reshape(2, 3)
Z = np.array([[1 + 2j, 3 - 1j, 0.5j], [2.0, -1j, 1 + 1j]])

WRITABLE: dict[str, Callable[[Any], Any]] = {
    "slice": lambda x: x[1:],
    "row": lambda x: x[0],
    "reversed": lambda x: x[::-1, ::-1],
    "0-d": lambda x: x[1, 2, ...],
    "new axis": lambda x: x[:, None],
    "transpose": lambda x: x.T,
    "transposed by numpy": lambda x: np.transpose(x),
    "swapaxes": lambda x: x.swapaxes(0, 1),
    "moveaxis": lambda x: np.moveaxis(x, 0, 1),
    "matrix_transpose": lambda x: x.mT,
    "reshape": lambda x: x.reshape(3, 2),
    "reshape by a list": lambda x: x.reshape([3, 2]),
    "reshape in Fortran's order": lambda x: x.T.reshape(6, order="F"),
    "ravel": lambda x: x.ravel(),
    "squeeze": lambda x: x[None].squeeze(0),
    "expand_dims": lambda x: np.expand_dims(x, 1),
    "atleast_3d": lambda x: np.atleast_3d(x),
    "flip": lambda x: np.flip(x, 1),
    "split": lambda x: np.split(x, 3, 1)[1],
    "real": lambda x: x.real,
    "view of a view": lambda x: x[:, 1:].T[0].reshape(2, 1),
}
READ_ONLY: dict[str, Callable[[Any], Any]] = {
    "broadcast_to": lambda x: np.broadcast_to(x, (2, 2, 3)),
    "diagonal": lambda x: np.diagonal(x, 1),
    "diagonal of a transpose": lambda x: x.T.diagonal(),
    "diag": lambda x: np.diag(x),
    "slice of a diagonal": lambda x: np.diagonal(x)[:1],
}
COPIES: dict[str, Callable[[Any], Any]] = {
    "copy": lambda x: x.copy(),
    "flatten": lambda x: x.flatten(),
    "integers": lambda x: x[[0, 1]],
    "mask": lambda x: x[np.array([True, False])],
    "element": lambda x: x[0, 0],
    "take": lambda x: np.take(x, 0, 1),
    "reshape of a transpose": lambda x: x.T.reshape(6),
    "ravel of a column": lambda x: x[:, 0].ravel(),
    "arithmetic": lambda x: +x,
}


def every(views: dict[str, Callable[[Any], Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("view", views.values(), ids=views.keys())


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


@every({**WRITABLE, **READ_ONLY, **COPIES})
@pytest.mark.parametrize("tracked", [False, True])
def test_a_write_to_the_base_shows_as_in_numpy(view: Callable[[Any], Any], tracked: bool) -> None:
    a, t = X.copy(), (leaf(X) * 1 if tracked else tensor(X))
    seen, ours = view(a), view(t)
    for written in (a, t):
        written[:, 1] = 10.0
        written[1] *= 2
    np.testing.assert_array_equal(ours.numpy(), seen, strict=True)
    np.testing.assert_array_equal(t.numpy(), a, strict=True)


@every({**WRITABLE, **COPIES})
@pytest.mark.parametrize("tracked", [False, True])
def test_a_write_through_a_view_shows_as_in_numpy(view: Callable[[Any], Any], tracked: bool) -> None:
    a, t = X.copy(), (leaf(X) * 1 if tracked else tensor(X))
    seen, ours, other, our_other = view(a), view(t), a[:, ::2], t[:, ::2]
    if seen.ndim:
        seen[..., 0], ours[..., 0] = 10.0, 10.0
    seen *= 2
    ours *= 2
    for got, expected in ((ours, seen), (t, a), (our_other, other)):
        np.testing.assert_array_equal(got.numpy(), expected, strict=True)


@every({**WRITABLE, **COPIES})
def test_gradients_of_a_write_through_a_view(view: Callable[[Any], Any]) -> None:
    def f(x: Any, v: Any) -> Any:
        y = x * x
        before = view(y)
        seen = view(y)
        seen *= v
        seen[...] = seen + before * 0.5 + v
        return y, before, seen

    check_grads(f, X, np.array(1.5))


@every({**WRITABLE, **READ_ONLY, **COPIES})
def test_gradients_of_a_write_to_the_base(view: Callable[[Any], Any]) -> None:
    def f(x: Any, v: Any) -> Any:
        y = x * x
        seen = view(y)
        product = seen * 3.0
        y[:, 1] = v * y[:, 0]
        return product, seen * seen, y

    check_grads(f, X, np.array([1.5, -2.0]))


@every(READ_ONLY)
def test_what_is_read_only_in_numpy_is_here(view: Callable[[Any], Any]) -> None:
    for t in (tensor(X), leaf(X) * 1):
        seen = view(t)
        with pytest.raises(ValueError, match="read-only"):
            seen[0] = 1.0
        with pytest.raises(ValueError, match="read-only"):
            seen += 1.0
        assert not seen.data.flags.writeable
        np.testing.assert_array_equal(t.numpy(), X)


@pytest.mark.parametrize("part", ["real", "imag"])
def test_parts_of_complex_numbers(part: str) -> None:
    def f(z: Any, v: Any) -> Any:
        y = z * z
        seen = getattr(y.T, part)
        seen[1:] = v
        seen[0] *= v[0]
        return y, seen, y.real * y.imag

    a, t = Z.copy(), tensor(Z)
    for written in (a, t):
        getattr(written.T, part)[1:] = [[2.0, 3.0], [4.0, 5.0]]
    np.testing.assert_array_equal(t.numpy(), a)
    check_grads(f, Z, np.array([[1.5, -2.0], [0.5, 3.0]]))


def test_a_tracked_value_makes_base_and_views_tracked() -> None:
    t, x = tensor(np.zeros(4)), leaf([2.0, 3.0])
    views = t[:2], t[2:], t.reshape(2, 2)
    views[2][0] = x * x
    assert all(view.requires_grad for view in (t, *views))
    (views[0].sum() + 10 * t.sum() + 100 * views[1].sum()).backward()
    assert x.grad is not None
    assert x.grad.numpy().tolist() == [44, 66]
