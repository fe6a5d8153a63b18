"""Calls of convolutions as users write them, drawn by hypothesis: all options, in every form that they may have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st
from numpy.typing import NDArray

from tapegrad.autograd.testing import strategies as draw

from ..kernels.convolution.drawing import images

REAL = ("float32", "float64")


class Call(NamedTuple):
    """Arrays and options of a call that is good for PyTorch too."""

    name: str
    arrays: list[NDArray[Any]]
    options: dict[str, Any]


def entries(n: int, least: int, most: int) -> st.SearchStrategy[Any]:
    """An int, or n of them as a tuple or a list."""
    one = st.integers(least, most)
    several = st.lists(one, min_size=n, max_size=n)
    return one | several | several.map(tuple)


def of_each(option: Any, n: int) -> Sequence[int]:
    return [option] * n if isinstance(option, int) else option


@st.composite
def convolutions(call: st.DrawFn, dtypes: Sequence[str] = REAL) -> Call:
    """Of conv1d, conv2d, conv3d."""
    n, groups, dtype = call(st.integers(1, 3)), call(st.just(1) | st.integers(1, 3)), call(st.sampled_from(dtypes))
    kernel = [call(st.integers(1, 4 - n // 2)) for _ in range(n)]
    dilation = call(entries(n, 1, 2))
    padding = call(entries(n, 0, 3) | st.sampled_from(("same", "valid")))
    stride = 1 if padding == "same" else call(entries(n, 1, 3))
    reach = [d * (k - 1) + 1 for d, k in zip(of_each(dilation, n), kernel, strict=True)]
    around = [0] * n if padding == "valid" else reach if padding == "same" else of_each(padding, n)
    spatial = [max(r - 2 * p, 1) + call(st.integers(0, 4)) for r, p in zip(reach, around, strict=True)]
    into, out = call(st.integers(1, 4)), groups * call(st.integers(1, 4))
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    x = call(images(call(st.integers(1, 3)), groups * into, tuple(spatial), dtype))
    arrays = [x[0] if call(st.booleans()) else x, call(images(out, into, tuple(kernel), dtype))]
    return Call(f"conv{n}d", arrays + call(biases(out, dtype)), options)


@st.composite
def transposed_convolutions(call: st.DrawFn, dtypes: Sequence[str] = REAL) -> Call:
    """Of conv_transpose1d, conv_transpose2d, conv_transpose3d."""
    n, groups, dtype = call(st.integers(1, 3)), call(st.just(1) | st.integers(1, 3)), call(st.sampled_from(dtypes))
    kernel = [call(st.integers(1, 4 - n // 2)) for _ in range(n)]
    stride, dilation, padding = call(entries(n, 1, 3)), call(entries(n, 1, 3)), call(entries(n, 0, 2))
    steps = list(zip(of_each(stride, n), of_each(dilation, n), strict=True))
    more = [call(st.integers(0, max(s, d) - 1)) for s, d in steps]
    spatial = []
    for (s, d), k, p, extra in zip(steps, kernel, of_each(padding, n), more, strict=True):
        least = -(-(2 * p - d * (k - 1) - extra) // s) + 1  # so many leave one of the result
        spatial.append(max(least, 1) + call(st.integers(0, 3)))
    into, out = groups * call(st.integers(1, 4)), call(st.integers(1, 4))
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups, "output_padding": more}
    x = call(images(call(st.integers(1, 3)), into, tuple(spatial), dtype))
    arrays = [x[0] if call(st.booleans()) else x, call(images(into, out, tuple(kernel), dtype))]
    return Call(f"conv_transpose{n}d", arrays + call(biases(groups * out, dtype)), options)


def biases(size: int, dtype: str) -> st.SearchStrategy[list[NDArray[Any]]]:
    return st.just([]) | st.lists(draw.arrays((size,), dtype), min_size=1, max_size=1)
