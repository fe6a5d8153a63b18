"""einsum takes what np.einsum takes, gives what it gives, and has a derivative for all of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad import autograd, tensor
from tapegrad.autograd.testing import check_grads, strategies as draw

some = settings(max_examples=max(settings().max_examples // 2, 10))


@st.composite
def calls(call: st.DrawFn) -> tuple[str, list[Any]]:
    """Subscripts with repeated indices, ellipses, spaces, and no output; operands with axes of size 1 among others."""
    sizes = {letter: call(st.integers(1, 3)) for letter in "abC"}
    dtype = call(draw.dtypes(complex=True))  # of all: which intermediate results are in float32 is not ours to choose
    hidden = call(draw.shapes(max_dims=2, min_side=1, max_side=2))
    terms, operands = [], []
    for _ in range(call(st.integers(1, 3))):
        letters = "".join(call(st.lists(st.sampled_from("abC"), max_size=3)))
        repeated = len(set(letters)) < len(letters)
        shape = [1 if not repeated and call(st.integers(0, 4)) == 0 else sizes[letter] for letter in letters]
        if call(st.booleans()):
            at = call(st.integers(0, len(letters)))
            own = hidden[call(st.integers(0, len(hidden))) :]
            letters = letters[:at] + "..." + letters[at:]
            shape[at:at] = own
        terms.append(letters)
        operands.append(call(draw.arrays(tuple(shape), dtype)))
    subscripts = call(st.sampled_from((",", ", "))).join(terms)
    if call(st.booleans()):
        used = sorted(set("".join(terms)) & set("abC"))
        output = call(st.lists(st.sampled_from(used), unique=True)) if used else []
        subscripts += "->" + ("..." if "..." in subscripts else "") + "".join(output)
    return subscripts, operands


@given(calls(), st.booleans())
def test_value_is_numpys(drawn: tuple[str, list[Any]], optimize: bool) -> None:
    subscripts, operands = drawn
    expected = np.einsum(subscripts, *operands)
    for f in (autograd.einsum, np.einsum):
        y = f(subscripts, *(tensor(x, requires_grad=True) for x in operands), optimize=optimize)
        assert y.dtype == expected.dtype
        assert y.requires_grad
        assert y.shape == expected.shape
        tolerance = 256 * np.finfo(expected.dtype).eps
        np.testing.assert_allclose(y.numpy(), expected, tolerance, tolerance)


@given(calls(), st.booleans())
@some
def test_gradients(drawn: tuple[str, list[Any]], optimize: bool) -> None:
    subscripts, operands = drawn
    check_grads(lambda *xs: np.einsum(subscripts, *xs, optimize=optimize), *operands)


@given(calls())
@some
def test_the_interleaved_form(drawn: tuple[str, list[Any]]) -> None:
    """einsum(x, [0, 1], y, [1, 2], [0, 2]), where also the order of an implicit output follows the numbers."""
    subscripts, operands = drawn
    left, arrow, output = subscripts.replace(" ", "").partition("->")
    numbers = {"a": 30, "b": 2, "C": 26}

    def numbered(term: str) -> list[Any]:
        return [numbers.get(part, Ellipsis) for part in term.replace("...", ".")]

    xs = [tensor(x, requires_grad=True) for x in operands]
    rest = [numbered(output)] if arrow else []
    call = [part for x, term in zip(xs, left.split(","), strict=True) for part in (x, numbered(term))]
    arrays = [part.numpy() if hasattr(part, "numpy") else part for part in call]
    expected = np.einsum(*arrays, *rest)
    y = np.einsum(*call, *rest)
    assert y.shape == expected.shape
    tolerance = 256 * np.finfo(expected.dtype).eps
    np.testing.assert_allclose(y.numpy(), expected, tolerance, tolerance)


@pytest.mark.parametrize(
    ("subscripts", "shapes"),
    [
        ("ij,jk->ik", [(2, 3), (3, 4)]),
        ("ii", [(3, 3)]),
        ("iii->i", [(3, 3, 3)]),
        ("iij->j", [(2, 2, 3)]),
        ("ij->", [(2, 3)]),
        ("ij->ji", [(2, 3)]),
        ("i,j,k->kji", [(2,), (3,), (4,)]),
        ("bhqd,bhkd->bhqk", [(2, 1, 3, 4), (2, 1, 5, 4)]),
        ("...ij,...jk", [(5, 2, 3), (1, 3, 4)]),
        ("i...->...", [(3, 2)]),
        (",i->i", [(), (3,)]),
        ("ij,ij->i", [(2, 3), (1, 3)]),
        ("i,i,i->", [(3,), (3,), (3,)]),
    ],
)
def test_third_order(subscripts: str, shapes: list[tuple[int, ...]]) -> None:
    rng = np.random.default_rng(0)
    check_grads(lambda *xs: np.einsum(subscripts, *xs), *(rng.normal(size=shape) for shape in shapes), order=3)


def test_one_tensor_in_several_places() -> None:
    x = np.random.default_rng(0).normal(size=(3, 3))
    check_grads(lambda a: np.einsum("ij,jk,ki->", a, a, a), x, order=3)


@pytest.mark.parametrize(
    ("subscripts", "shapes", "message"),
    [
        ("ij,jk->ik", [(2, 3)], "names 2 operands, got 1"),
        ("ij->i", [(2,)], r"the term 'ij' of 'ij->i' does not fit an operand of shape \(2,\)"),
        ("i...->i", [()], "does not fit an operand of shape"),
        ("ii->i", [(2, 3)], "index 'i' names axes of sizes 2 and 3"),
        ("ij,jk->ik", [(2, 3), (4, 5)], r"j"),
        ("...i->i", [(2, 3)], "needs an ellipsis"),
        ("ij->ik", [(2, 3)], r"k"),
        ("ij->ii", [(2, 3)], r"i"),
        ("......", [(2, 3)], "does not fit an operand of shape"),
        ("i1", [(2, 3)], "1"),
    ],
)
def test_what_does_not_fit(subscripts: str, shapes: list[tuple[int, ...]], message: str) -> None:
    xs = [tensor(np.zeros(shape), requires_grad=True) for shape in shapes]
    with pytest.raises(ValueError, match=message):
        np.einsum(subscripts, *xs)
    with pytest.raises(ValueError, match=r"einsum|operand|subscript|broadcast"):
        np.einsum(subscripts, *(x.numpy() for x in xs))


def test_a_subscript_that_is_no_letter() -> None:
    x = tensor(np.ones((2, 3)), requires_grad=True)
    for wrong in (-1, 52):
        with pytest.raises(ValueError, match=f"expected subscripts from 0 to 51, or an ellipsis, got {wrong}"):
            np.einsum(x, [0, wrong])


@pytest.mark.parametrize("optimize", [True, "greedy", "optimal", ("greedy", 100), "path"])
def test_any_order_of_products(optimize: Any) -> None:
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape) for shape in ((2, 3), (3, 4), (4, 2), (2,))]
    if optimize == "path":
        optimize = np.einsum_path("ij,jk,kl,l->i", *arrays, optimize="optimal")[0]
    check_grads(lambda *xs: np.einsum("ij,jk,kl,l->i", *xs, optimize=optimize), *arrays)


def test_the_dtype_and_the_layout_of_the_result() -> None:
    x: Any = np.ones((2, 3), np.float32)
    y: Any = np.ones((3, 4), np.float32)
    a, b = (tensor(array, requires_grad=True) for array in (x, y))
    z = autograd.einsum("ij,jk->ik", a, b, dtype="complex128", order="F")
    assert z.dtype == np.complex128
    assert z.numpy().flags.f_contiguous
    z.backward(np.ones((2, 4), np.complex128))
    for t in (a, b):
        assert t.grad is not None
        assert t.grad.dtype == np.float32
    assert autograd.einsum("ij,jk->ik", z[:, :3], b, dtype="complex64", casting="same_kind").dtype == np.complex64
    with pytest.raises(TypeError, match="casting='safe' does not allow an operand of float32 to become int64"):
        autograd.einsum("ij,jk->ik", a, b, dtype=np.int64)
    with pytest.raises(TypeError, match="rule 'safe'"):
        np.einsum("ij,jk->ik", x, y, dtype="int64")
