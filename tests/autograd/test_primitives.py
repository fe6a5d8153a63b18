"""Every primitive against NumPy, against differences, and against a complex step."""

from __future__ import annotations

import warnings
from functools import partial
from importlib import import_module
from itertools import chain
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad import Tensor, tensor
from tapegrad.autograd import pullback
from tapegrad.autograd.ops import FAMILIES, NAMESPACES
from tapegrad.autograd.primitive import Operation, registry
from tapegrad.autograd.testing import check_complex_step, check_grads

from .corners import CORNERS
from .tables import CASES

SPECIAL = [import_module(f"tapegrad.autograd.ops.{name}") for name in NAMESPACES]
ENGINE: dict[str, Operation] = {
    thing.primitive.name: thing
    for family in (*FAMILIES, *chain.from_iterable(package.FAMILIES for package in SPECIAL))
    for thing in vars(family).values()
    if hasattr(thing, "primitive") and hasattr(thing, "defvjp")
}
every_case = pytest.mark.parametrize("name", CASES)
some = settings(max_examples=max(settings().max_examples // 4, 10))
"""For what takes long."""


def test_every_primitive_has_a_record() -> None:
    assert set(ENGINE) == set(CASES)
    assert all(registry[name].primitive is ENGINE[name].primitive for name in ENGINE), "two primitives with one name"


@pytest.mark.parametrize("name", ENGINE)
def test_every_argument_has_a_rule(name: str) -> None:
    primitive = ENGINE[name].primitive
    assert len(primitive.rules) == len(primitive.arguments) + primitive.variadic
    assert not any(isinstance(rule, partial) for rule in primitive.rules), "defvjp was not called"


def tracked(x: Any, **options: Any) -> Any:
    """A tensor of an array, tracked where that is possible, in the array's own memory."""
    return tensor(x, requires_grad=np.asarray(x).dtype.kind in "fc", copy=None, **options)


def assert_same(got: Any, expected: Any) -> None:
    assert isinstance(got, Tensor)
    assert got.shape == np.shape(expected)
    assert got.dtype == np.asarray(expected).dtype
    tolerance = 256 * np.finfo(got.dtype).eps if got.dtype.kind in "fc" else 0
    np.testing.assert_allclose(got.numpy(), expected, tolerance, tolerance)


@every_case
@given(st.data())
def test_value_is_numpys(name: str, data: st.DataObject) -> None:
    case = CASES[name]
    arrays, params = data.draw(case.drawn)
    before = [x.tobytes() for x in arrays]
    expected = case.reference(*arrays, **params)
    assert_same(ENGINE[name](*map(tracked, arrays), **params), expected)
    assert_same(ENGINE[name](*(tracked(x) if i == 0 else x for i, x in enumerate(arrays)), **params), expected)
    on_arrays = ENGINE[name](*arrays, **params)
    assert not isinstance(on_arrays, Tensor)
    assert_same(tensor(on_arrays), expected)
    assert [x.tobytes() for x in arrays] == before


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.numpy is not None])
@given(st.data())
@some
def test_numpys_function_reaches_it(name: str, data: st.DataObject) -> None:
    case = CASES[name]
    assert case.numpy is not None
    arrays, params = data.draw(case.drawn)
    result = case.numpy(*map(tracked, arrays), **params)
    assert_same(result, case.reference(*arrays, **params))
    assert result.node.primitive is ENGINE[name].primitive


@every_case
@given(st.data())
@some
def test_gradients(name: str, data: st.DataObject) -> None:
    case = CASES[name]
    arrays, params = data.draw(case.drawn)
    check_grads(case.smooth(partial(ENGINE[name], **params)), *arrays, order=case.order)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.analytic])
@given(st.data())
@some
def test_gradients_agree_with_a_complex_step(name: str, data: st.DataObject) -> None:
    case = CASES[name]
    arrays, params = data.draw(case.drawn)
    assert case.analytic is not None
    analytic = partial(case.analytic, **params)
    check_complex_step(partial(ENGINE[name], **params), *map(np.real, arrays), analytic=analytic, rtol=1e-8)


@pytest.mark.parametrize(("name", "arguments", "gradients"), CORNERS)
def test_corners(name: str, arguments: tuple[Any, ...], gradients: tuple[Any, ...]) -> None:
    """Where something is special the gradient is the one documented, for both ways to walk, and without a warning."""
    for create_graph in (False, True):
        xs = [x if g is None else tracked(np.array(x)) for x, g in zip(arguments, gradients, strict=True)]
        with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
            y = ENGINE[name](*xs)
        wanted = [(x, g) for x, g in zip(xs, gradients, strict=True) if g is not None]
        got = pullback([y], [x for x, _ in wanted], [np.ones((), y.dtype)], create_graph=create_graph)
        assert [g.item() for g in got] == pytest.approx([g for _, g in wanted], rel=1e-15, abs=1e-300)
