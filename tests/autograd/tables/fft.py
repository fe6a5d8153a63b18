"""Fourier transforms."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw

from .calls import ANY, Calls, call, on
from .record import Case

NORMS = st.sampled_from((None, "backward", "ortho", "forward"))
REAL = draw.dtypes()


def points(x: Any, axis: int) -> st.SearchStrategy[int]:
    """As many as the axis has, fewer, or more."""
    return st.integers(1, x.shape[axis] + 3)


def along_one(dtype: st.SearchStrategy[str], least: int = 1) -> st.SearchStrategy[tuple[Any, int]]:
    """An array and an axis of it, from either end."""
    x = draw.arrays(draw.shapes(min_dims=1, min_side=least, max_side=6), dtype)
    return x.flatmap(lambda x: st.tuples(st.just(x), st.integers(-x.ndim, x.ndim - 1)))


def primitive(reference: Any, dtype: st.SearchStrategy[str] = ANY) -> Case:
    drawn = st.tuples(along_one(dtype), NORMS).map(lambda d: ((d[0][0],), {"axis": d[0][1], "norm": d[1]}))
    return Case(lambda x, axis, norm: reference(x, None, axis, norm), drawn)


def halves() -> st.SearchStrategy[Any]:
    """For _hfft: half of an even or an odd number of points."""
    return st.tuples(along_one(ANY), NORMS, st.booleans()).map(
        lambda d: (
            (d[0][0],),
            {
                "n": max(2 * d[0][0].shape[d[0][1]] - 2, 1) + (d[2] and d[0][0].shape[d[0][1]] > 1),
                "axis": d[0][1],
                "norm": d[1],
            },
        )
    )


def one_axis(dtype: st.SearchStrategy[str] = ANY, least: int = 1) -> Calls:
    """With a number of points, or with the default, which for half a spectrum needs at least 2."""

    def options(drawn: tuple[Any, int]) -> Calls:
        x, axis = drawn
        return st.one_of(
            call(st.just(x)) if x.shape[-1] >= least else call(st.just(x), points(x, -1)),
            call(st.just(x), points(x, axis), st.just(axis), NORMS),
            call(st.just(x), axis=st.just(axis), norm=NORMS),
        )

    return along_one(dtype, least).flatmap(options)


def several_axes(dtype: st.SearchStrategy[str] = ANY, least: int = 1, two: bool = False) -> Calls:
    """With some axes or all (no order, repeated too), and sizes for each or for none."""

    def options(x: Any) -> Calls:
        count = st.just(2) if two else st.integers(1, 3)
        axes = count.flatmap(lambda n: st.lists(st.integers(-x.ndim, x.ndim - 1), min_size=n, max_size=n, unique=True))
        sizes = axes.flatmap(
            lambda a: st.tuples(st.tuples(*(st.just(-1) | points(x, axis) for axis in a)), st.just(tuple(a)))
        )
        return st.one_of(
            call(st.just(x)),
            call(st.just(x), axes=axes.map(tuple), norm=NORMS),
            sizes.flatmap(lambda sized: call(st.just(x), st.just(sized[0]), st.just(sized[1]), NORMS)),
        )

    shape = draw.shapes(min_dims=3 if not two else 2, max_dims=3, min_side=least, max_side=4)
    return draw.arrays(shape, dtype).flatmap(options)


def shifts() -> Calls:
    return on(lambda x: call(axes=draw.axes(x.ndim).filter(lambda axes: axes != ())), min_dims=1, max_dims=2)


CASES: dict[str, Case] = {
    "fft": primitive(np.fft.fft),
    "ifft": primitive(np.fft.ifft),
    "rfft": primitive(np.fft.rfft, REAL),
    "hfft": Case(np.fft.hfft, halves()),
}

COMPOSITIONS: dict[str, Calls] = {
    "fft.fft": one_axis(),
    "fft.ifft": one_axis(),
    "fft.rfft": one_axis(REAL),
    "fft.irfft": one_axis(least=2),
    "fft.hfft": one_axis(least=2),
    "fft.ihfft": one_axis(REAL),
    "fft.fftn": several_axes(),
    "fft.ifftn": several_axes(),
    "fft.rfftn": several_axes(REAL),
    "fft.irfftn": several_axes(least=2),
    "fft.fft2": several_axes(two=True),
    "fft.ifft2": several_axes(two=True),
    "fft.rfft2": several_axes(REAL, two=True),
    "fft.irfft2": several_axes(least=2, two=True),
    "fft.fftshift": shifts(),
    "fft.ifftshift": shifts(),
    "fft.fftfreq": call(st.integers(1, 9), draw.arrays((), domain=draw.POSITIVE)),
    "fft.rfftfreq": call(st.integers(1, 9), draw.arrays((), domain=draw.POSITIVE)),
}
