"""Calls of pooling as users write them, drawn by hypothesis: all options, in every form that they may have."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, strategies as st

from tapegrad.autograd import ShapeError
from tapegrad.autograd.sliding.options import plain
from tapegrad.autograd.sliding.pooling import window_regions

from ..kernels.pooling.drawing import images
from .calls import REAL, Call, entries, of_each

CHANNELS = (1, 2, 3, 17, 33)


@st.composite
def window_pools(call: st.DrawFn, name: str) -> Call:
    """Of `max_pool`, `avg_pool` or `lp_pool`, along one to three axes."""
    n = call(st.integers(1, 3))
    kernel = call(st.integers(1, 3) if name == "lp_pool" else entries(n, 1, 3))
    stride = call(st.none() | entries(n, 1, 3))
    dilation = call(entries(n, 1, 2)) if name == "max_pool" else 1
    reach = [d * (k - 1) + 1 for d, k in zip(of_each(dilation, n), of_each(kernel, n), strict=True)]
    padding = 0 if name == "lp_pool" else call(entries(n, 0, min(of_each(kernel, n)) // 2))
    options = {"kernel_size": kernel, "stride": stride, "ceil_mode": call(st.booleans())}
    if name != "lp_pool":
        options["padding"] = padding
    if name == "max_pool":
        options["dilation"] = dilation
    if name == "avg_pool":
        options["count_include_pad"] = call(st.booleans())
        if n > 1:
            options["divisor_override"] = call(st.none() | st.integers(-1, 5).filter(bool))
    within = [0] * n if name == "avg_pool" else of_each(padding, n)  # PyTorch wants room in the image itself for those
    spatial = tuple(max(r - 2 * p, 1) + call(st.integers(0, 9)) for r, p in zip(reach, within, strict=True))
    forms = [each if each is None else plain("", "", each) for each in (kernel, stride, padding, dilation)]
    try:
        window_regions("", n, (1, *spatial), *forms, options["ceil_mode"])
    except ShapeError:  # a window in the padding alone, of which PyTorch says -inf
        assume(False)
    return Call(f"{name}{n}d", [call(pooled(spatial))], options)


@st.composite
def adaptive_pools(call: st.DrawFn, name: str) -> Call:
    """Of `adaptive_max_pool` or `adaptive_avg_pool`, along one to three axes."""
    n = call(st.integers(1, 3))
    size: Any = call(entries(n, 1, 6))
    if n > 1 and call(st.booleans()):
        size = tuple(None if call(st.booleans()) else side for side in of_each(size, n))
    return Call(f"{name}{n}d", [call(pooled(tuple(call(st.integers(1, 12)) for _ in range(n))))], {"output_size": size})


@st.composite
def pooled(call: st.DrawFn, spatial: tuple[int, ...]) -> Any:
    x = call(images((call(st.integers(1, 3)), call(st.sampled_from(CHANNELS)), *spatial), call(st.sampled_from(REAL))))
    return x[0] if call(st.booleans()) else x
