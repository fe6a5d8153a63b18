"""Optimizer kernels: compiled code and the NumPy formulas beside it do the same, in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad.autograd.kernels.jit import flat
from tapegrad.autograd.kernels.threads import limit
from tapegrad.autograd.kernels.updates import adam_update, momentum_update

Arrays: TypeAlias = list[NDArray[Any]]
Update: TypeAlias = Callable[..., None]

UPDATES: list[tuple[str, Update, int, tuple[Any, ...]]] = [
    ("sgd", momentum_update, 1, (0.1, 0.0, 0.0, False)),
    ("momentum", momentum_update, 1, (0.1, 0.9, 0.0, False)),
    ("nesterov", momentum_update, 1, (0.1, 0.9, 0.01, True)),
    ("adam", adam_update, 2, (0.01, 0.9, 0.999, 0.2, 1e-8, 0.0)),
    ("adam with decay", adam_update, 2, (0.01, 0.5, 0.7, 0.6, 1e-3, 0.01)),
]
every_update = pytest.mark.parametrize(
    ("update", "states", "numbers"), [u[1:] for u in UPDATES], ids=[u[0] for u in UPDATES]
)
TOLERANCE = {np.dtype(np.float32): 2e-6, np.dtype(np.float64): 1e-14}


def arrays(dtype: Any, states: int, shape: tuple[int, ...] = (6, 5)) -> Arrays:
    """Parameter, gradient, and states, of which squares are not negative."""
    rng = np.random.default_rng(0)
    return [rng.normal(size=shape).astype(dtype) for _ in range(2)] + [
        rng.random(shape).astype(dtype) for _ in range(states)
    ]


def strided(array: NDArray[Any]) -> NDArray[Any]:
    """The same values where no kernel takes them: in every other column of a larger array."""
    wide = np.zeros((array.shape[0], 2 * array.shape[1]), array.dtype)
    wide[:, ::2] = array
    return wide[:, ::2]


@every_update
@pytest.mark.parametrize("size", [1 << 14, 70_001])
def test_the_result_is_the_same_on_any_number_of_threads(
    update: Update, states: int, numbers: tuple[Any, ...], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = arrays(np.float32, states, (1, size))
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
            np.testing.assert_allclose(mine, reference, rtol=1e-5, atol=1e-6)


@every_update
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_kernel_and_numpy_agree(update: Update, states: int, numbers: tuple[Any, ...], dtype: Any) -> None:
    by_kernel = arrays(dtype, states)
    by_numpy = [strided(array) for array in by_kernel]
    assert flat(*by_kernel) is not None
    assert flat(*by_numpy) is None

    for _ in range(5):
        update(*by_kernel, *numbers)
        update(*by_numpy, *numbers)

    rtol = TOLERANCE[np.dtype(dtype)]
    for mine, reference in zip(by_kernel, by_numpy, strict=True):
        assert mine.dtype == reference.dtype == dtype
        np.testing.assert_allclose(mine, reference, rtol=rtol, atol=rtol)


@every_update
@pytest.mark.parametrize("order", ["C", "F"])
def test_what_changes_is_all_but_the_gradient(
    update: Update, states: int, numbers: tuple[Any, ...], order: Any
) -> None:
    before = arrays(np.float64, states)
    after = [np.array(array, order=order) for array in before]
    after[1].setflags(write=False)

    update(*after, *numbers)

    changed = [not np.array_equal(a, b) for a, b in zip(after, before, strict=True)]
    assert changed[:2] == [True, False]
    assert all(changed[2:])


@every_update
@pytest.mark.parametrize("shape", [(), (1,), (0,), (2, 3, 4)])
def test_any_number_of_axes(update: Update, states: int, numbers: tuple[Any, ...], shape: tuple[int, ...]) -> None:
    whole = arrays(np.float64, states, shape)
    rows = [np.atleast_2d(array.copy().reshape(-1)) for array in whole]

    update(*whole, *numbers)
    update(*rows, *numbers)

    for a, b in zip(whole, rows, strict=True):
        np.testing.assert_array_equal(a.reshape(-1), b.reshape(-1))


@every_update
def test_float32_follows_float64(update: Update, states: int, numbers: tuple[Any, ...]) -> None:
    """No number is rounded or widened on the way: a thousand steps stay close."""
    double = arrays(np.float64, states)
    single = [array.astype(np.float32) for array in double]
    double = [array.astype(np.float64) for array in single]

    for _ in range(1000):
        update(*double, *numbers)
        update(*single, *numbers)

    for a, b in zip(single, double, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)


@every_update
@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_what_is_not_finite_survives(update: Update, states: int, numbers: tuple[Any, ...], wrong: float) -> None:
    after = arrays(np.float64, states)
    after[1][0, 0] = wrong

    with np.errstate(invalid="ignore"):
        update(*after, *numbers)

    assert not np.isfinite(after[0][0, 0])
    assert np.isfinite(after[0].ravel()[1:]).all()
