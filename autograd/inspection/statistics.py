"""What there is to say about an array in one line."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["counted", "described"]


def described(array: Any) -> str:
    """`float32 (3, 4), from -1.2 to 3.4, mean 0.5; 2 NaN`."""
    array = np.asarray(array)
    text = f"{array.dtype} {array.shape}"
    if array.dtype.kind not in "fciu" or not array.size:
        return text
    finite = array[np.isfinite(array)]
    bad = counted(array)
    if finite.size:
        what, sizes = ("size from", np.abs(finite)) if array.dtype.kind == "c" else ("from", finite)
        text += f", {what} {sizes.min():.4g} to {sizes.max():.4g}, mean {sizes.mean(dtype=np.float64):.4g}"
    return f"{text}; {bad}" if bad else text


def counted(array: Any) -> str:
    """`2 NaN and 1 Inf of 12 elements`; "" if all are finite."""
    array = np.asarray(array)
    if array.dtype.kind not in "fc":
        return ""
    nan = int(np.isnan(array).sum())
    inf = int(np.isinf(array).sum())
    kinds = [f"{count} {name}" for count, name in ((nan, "NaN"), (inf, "Inf")) if count]
    return f"{' and '.join(kinds)} of {array.size} element{'s' * (array.size != 1)}" if kinds else ""
