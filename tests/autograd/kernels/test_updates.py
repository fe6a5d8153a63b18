"""Optimizer kernels: a formula compiled and the same formula in NumPy do the same, in place.

Whether the formula is right is for PyTorch to say, in tests/nn/optim.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad.autograd.kernels import updates
from tapegrad.autograd.kernels.jit import flat
from tapegrad.autograd.kernels.threads import limit
from tapegrad.autograd.kernels.updates import Update

Arrays: TypeAlias = list[NDArray[Any]]
RMSPROP = 0.01, 0.9, 0.1, 1e-3, 0.01
UPDATES: list[tuple[str, Update, tuple[Any, ...]]] = [
    ("sgd", updates.descent, (0.1, 0.01)),
    ("momentum", updates.momentum, (0.1, 0.9, 0.7, 0.0, False)),
    ("nesterov", updates.momentum, (0.1, 0.9, 1.0, 0.01, True)),
    ("adam", updates.adam, (0.01, 1.0, 0.9, 0.1, 0.999, 0.001, 5.0, 1e-8, 0.0)),
    ("adam with decay", updates.adam, (0.01, 0.99, 0.5, 0.5, 0.7, 0.3, 1.6, 1e-3, 0.01)),
    ("amsgrad", updates.amsgrad, (0.01, 0.99, 0.5, 0.5, 0.7, 0.3, 1.6, 1e-3, 0.01)),
    ("rmsprop", updates.rmsprop, RMSPROP),
    ("rmsprop with momentum", updates.rmsprop_momentum, (*RMSPROP, 0.9)),
    ("centered rmsprop", updates.centered_rmsprop, RMSPROP),
    ("centered rmsprop with momentum", updates.centered_rmsprop_momentum, (*RMSPROP, 0.9)),
    ("adagrad", updates.adagrad, (0.01, 1e-3, 0.01)),
    ("adadelta", updates.adadelta, (1.0, 0.9, 0.1, 1e-3, 0.01)),
    ("lion", updates.lion, (0.01, 0.99, 0.5, 0.5, 0.7, 0.3)),
]
every_update = pytest.mark.parametrize(("update", "numbers"), [u[1:] for u in UPDATES], ids=[u[0] for u in UPDATES])


def arrays(dtype: Any, update: Update, shape: tuple[int, ...] = (6, 5)) -> Arrays:
    """Parameter, gradient, and states: squares first, larger than the square of any mean."""
    rng = np.random.default_rng(0)
    states = [rng.random(shape) * 0.1**i + 2.0 * (i == 0) for i in range(update.arrays - 2)]
    return [np.array(x, dtype) for x in (rng.normal(size=shape), rng.normal(size=shape), *states)]


def test_every_formula_is_tested() -> None:
    formulas = [value for value in vars(updates).values() if isinstance(value, Update)]
    assert {id(update) for _, update, _ in UPDATES} == set(map(id, formulas))


def strided(array: NDArray[Any]) -> NDArray[Any]:
    """The same values where no kernel takes them: in every other column of a larger array."""
    wide = np.zeros((array.shape[0], 2 * array.shape[1]), array.dtype)
    wide[:, ::2] = array
    return wide[:, ::2]


@every_update
@pytest.mark.parametrize("size", [1 << 14, 70_001])
def test_the_result_is_the_same_on_any_number_of_threads(
    update: Update, numbers: tuple[Any, ...], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = arrays(np.float32, update, (1, size))
    expected = [strided(array) for array in start]
    update(*expected, *numbers)
    results = []
    for threads in (1, 2, 3):
        monkeypatch.setattr(limit, "_count", threads)
        for _ in range(30):
            results.append([array.copy() for array in start])
            update(*results[-1], *numbers)

    for result in results:
        for mine, first, reference in zip(result, results[0], expected, strict=True):
            np.testing.assert_array_equal(mine, first)
            np.testing.assert_array_equal(mine, reference)


@every_update
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_kernel_and_numpy_agree(update: Update, numbers: tuple[Any, ...], dtype: Any) -> None:
    by_kernel = arrays(dtype, update)
    by_numpy = [strided(array) for array in by_kernel]
    assert flat(*by_kernel) is not None
    assert flat(*by_numpy) is None

    for _ in range(5):
        update(*by_kernel, *numbers)
        update(*by_numpy, *numbers)

    for mine, reference in zip(by_kernel, by_numpy, strict=True):
        assert mine.dtype == reference.dtype == dtype
        np.testing.assert_array_equal(mine, reference)


@every_update
@pytest.mark.parametrize("order", ["C", "F"])
def test_what_changes_is_all_but_the_gradient(update: Update, numbers: tuple[Any, ...], order: Any) -> None:
    before = arrays(np.float64, update)
    after = [np.array(array, order=order) for array in before]
    after[1].setflags(write=False)

    update(*after, *numbers)

    changed = [not np.array_equal(a, b) for a, b in zip(after, before, strict=True)]
    assert changed[:2] == [True, False]
    assert all(changed[2:])


@every_update
@pytest.mark.parametrize("shape", [(), (1,), (0,), (2, 3, 4)])
def test_any_number_of_axes(update: Update, numbers: tuple[Any, ...], shape: tuple[int, ...]) -> None:
    whole = arrays(np.float64, update, shape)
    rows = [np.atleast_2d(array.copy().reshape(-1)) for array in whole]

    update(*whole, *numbers)
    update(*rows, *numbers)

    for a, b in zip(whole, rows, strict=True):
        np.testing.assert_array_equal(a.reshape(-1), b.reshape(-1))


@every_update
def test_float32_follows_float64(update: Update, numbers: tuple[Any, ...]) -> None:
    """No number is rounded or widened on the way: hundreds of steps stay close."""
    double = arrays(np.float64, update)
    single = [array.astype(np.float32) for array in double]
    double = [array.astype(np.float64) for array in single]

    rng = np.random.default_rng(1)
    for _ in range(300):
        double[1] = rng.normal(size=double[1].shape)
        single[1] = double[1].astype(np.float32)
        update(*double, *numbers)
        update(*single, *numbers)

    for a, b in zip(single, double, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)


@every_update
@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_what_is_not_finite_survives(update: Update, numbers: tuple[Any, ...], wrong: float) -> None:
    after = arrays(np.float64, update)
    after[1][0, 0] = wrong

    with np.errstate(invalid="ignore"):
        update(*after, *numbers)

    assert not all(np.isfinite(array[0, 0]) for array in (after[0], *after[2:]))  # Lion takes its sign
    assert np.isfinite(after[0].ravel()[1:]).all()
