"""All that NumPy lets us override has a right gradient, or is a constant, or raises and says what to use instead."""

from __future__ import annotations

import itertools
import re
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad import Tensor, tensor
from tapegrad.autograd import MissingRuleError
from tapegrad.autograd.testing import check_grads
from tapegrad.autograd.trees import leaves, mapped

from ..tables.constants import CONSTANTS
from ..test_compositions import of_arrays
from .overridable import INTEGERS, LIKE, OVERRIDABLE, PLACES, SMOOTH, calls, placed

few = settings(max_examples=3)


def tracked(x: Any) -> Any:
    """A tensor of an array, tracked if it may be."""
    return tensor(x, requires_grad=x.dtype.kind in "fc") if isinstance(x, np.ndarray) else x


def test_every_function_of_numpys_has_a_place() -> None:
    assert len(PLACES) > 400
    unknown = [where for where in PLACES.values() if where.startswith("unknown")]
    assert not unknown, "\n".join(unknown)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", [*placed("gradient"), *placed("from tensors")])
@given(st.data())
@few
def test_gradient_is_right(name: str, data: st.DataObject) -> None:
    drawn = calls(name)
    assert drawn is not None
    args, kwargs = data.draw(drawn)
    function = OVERRIDABLE[name]
    if name in placed("from tensors"):
        function = partial(function, like=tensor(0.0))
    f, arrays = of_arrays(function, args, kwargs)
    results = leaves(f(*map(tracked, arrays)))
    assert any(isinstance(y, Tensor) and y.requires_grad for y in results) or not results
    if results and all(np.isfinite(x).all() for x in arrays):
        smooth = SMOOTH.get(name, lambda y: y)
        check_grads(
            lambda *xs: [y for y in leaves(smooth(f(*xs))) if getattr(y, "requires_grad", False)], *arrays, order=1
        )


def assert_constant(got: Any, expected: Any) -> None:
    """NumPy's values, none of them tracked, and where NumPy gives arrays, tensors or (of indices) arrays."""
    for one, other in itertools.zip_longest(leaves(got), leaves(expected)):
        if isinstance(one, Tensor):
            assert not one.requires_grad
            assert one.dtype == np.asarray(other).dtype
            np.testing.assert_array_equal(one.numpy(), other)
        else:
            assert type(one) is type(other)
            assert np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other


@pytest.mark.parametrize("name", placed("constant"))
def test_constant_is_numpys(name: str) -> None:
    args, kwargs = CONSTANTS[name.removeprefix("ufunc ")]
    function = OVERRIDABLE[name]
    assert_constant(function(*mapped(tracked, args), **kwargs), function(*args, **kwargs))


@pytest.mark.parametrize("name", placed("like"))
def test_made_like_a_tensor_it_is_a_tensor(name: str) -> None:
    got = LIKE[name](tensor([1.0], requires_grad=True))
    assert isinstance(got, Tensor)
    assert_constant(got, LIKE[name](None))


@pytest.mark.parametrize("name", placed("integers"))
def test_integers_are_constants(name: str) -> None:
    function, args = OVERRIDABLE[name], INTEGERS[name]
    assert_constant(function(*mapped(tracked, args)), function(*args))


@pytest.mark.parametrize("name", placed("refused"))
def test_the_rest_says_what_to_use(name: str) -> None:
    function = OVERRIDABLE[name]
    x = [tensor([[4.0, 1.0], [1.0, 3.0]], requires_grad=True) for _ in range(4)]
    counts = [function.nin] if isinstance(function, np.ufunc) else range(1, 5)
    errors = []
    for count in counts:
        with pytest.raises((TypeError, ValueError)) as caught:
            function(*x[:count])
        errors.append(caught.value)
    refusals = [str(error) for error in errors if isinstance(error, MissingRuleError)]
    assert refusals
    for text in refusals:
        assert re.match(rf"\S*{function.__name__}\b.* no derivative.*; \w+ .*t\.(numpy|detach)\(\)", text), text


WITHOUT = {
    *"argpartition base byteswap choose compress ctypes device dump dumps flags flat getfield itemsize resize".split(),
    *"searchsorted setfield setflags strides to_device tobytes tofile tolist view".split(),
}
"""Methods of arrays that look at memory, or that np.<name> does for tensors."""


def test_methods_of_arrays_are_ours_or_missing() -> None:
    public = {name for name in dir(np.ndarray) if not name.startswith("_")}
    assert {name for name in public if not hasattr(Tensor, name)} <= WITHOUT
    assert public >= WITHOUT
