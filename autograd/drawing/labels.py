"""What boxes say: shapes, dtypes, numbers and parameters in a few characters."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import Node

__all__ = ["array_label", "bytes_label", "number_label", "parameter_labels"]

# Parameters that repeat what the arguments say, by primitive.
_DERIVED = {("concatenate", "ends"), ("einsum", "optimize")}


def array_label(shape: tuple[int, ...], dtype: np.dtype[Any]) -> str:
    """`f32[128, 784]`; a scalar is `f32[]`."""
    return f"{_dtype_label(dtype)}{list(shape)}"


def number_label(number: Any) -> str:
    """A scalar's value, in six digits if Python would write more than eight characters."""
    value = number.item() if isinstance(number, (np.generic, np.ndarray)) else number
    exact = repr(value)
    return exact if len(exact) <= 8 or isinstance(value, (bool, int)) else f"{value:.6g}"


def bytes_label(count: float) -> str:
    """`31.4 kB`, in powers of a thousand."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} GB"


def parameter_labels(node: Node) -> tuple[str, ...]:
    """The parameters that differ from their defaults and are not seen from the result, as `axis=0`."""
    primitive = node.primitive
    result = {"shape": node.shape, "dtype": node.dtype}
    shown = []
    for name, value in node.params.items():
        label = _value_label(value)
        known = [_value_label(place[name]) for place in (primitive.defaults, result) if name in place]
        if label and label not in known and (primitive.name, name) not in _DERIVED:
            shown.append(f"{name}={label}")
    return tuple(shown)


def _dtype_label(dtype: np.dtype[Any]) -> str:
    return f"{dtype.kind}{dtype.itemsize * 8}" if dtype.kind in "fciu" else dtype.name


def _value_label(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return array_label(value.shape, value.dtype) if value.ndim else number_label(value)
    if isinstance(value, slice):
        step = () if value.step is None else (value.step,)
        return ":".join("" if part is None else str(part) for part in (value.start, value.stop, *step))
    if hasattr(value, "_fields"):  # a named tuple knows best what to say of itself
        return str(value)
    if isinstance(value, (tuple, list)):
        comma = "," if len(value) == 1 else ""
        return f"({', '.join(map(_value_label, value))}{comma})"
    if value is Ellipsis:
        return "..."
    if isinstance(value, np.dtype) or (isinstance(value, type) and issubclass(value, np.generic)):
        return _dtype_label(np.dtype(value))
    return str(value)
