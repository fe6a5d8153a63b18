"""Functions whose results have no gradient, each with one call: `(arguments, keywords)`."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["CONSTANTS"]

X = np.array([[1.0, -2.0, 0.0], [np.nan, 3.0, np.inf]])
Y = np.array([1.0, 3.0, 0.0])
SQUARE = np.array([[1.0, 2.0], [3.0, 0.5]])
WHOLE = np.array([4, 6, 9])


def calls(names: str, *args: Any, **kwargs: Any) -> dict[str, tuple[tuple[Any, ...], dict[str, Any]]]:
    return dict.fromkeys(names.split(), (args, kwargs))


CONSTANTS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    **calls(
        "all any argmax argmin argsort argwhere count_nonzero flatnonzero isfinite isinf isnan isneginf isposinf", X
    ),
    **calls("iscomplex isreal logical_not nanargmax nanargmin ndim nonzero ones_like shape signbit size zeros_like", X),
    **calls("allclose array_equal array_equiv equal greater greater_equal isclose isin less less_equal", X, Y),
    **calls("logical_and logical_or logical_xor not_equal", X, Y),
    **calls("bitwise_and bitwise_or bitwise_xor", X > 0, Y > 1),
    **calls("invert bitwise_invert bitwise_not", X > 0),
    **calls("gcd lcm left_shift right_shift bitwise_left_shift bitwise_right_shift", WHOLE, np.array([2, 3, 1])),
    **calls("bitwise_count", WHOLE),
    **calls("argpartition", Y, 1),
    **calls("searchsorted", np.sort(Y), Y, side="right"),
    **calls("digitize", Y, np.array([0.5, 2.0])),
    **calls("lexsort", (Y, Y)),
    **calls("array2string array_repr array_str iscomplexobj isrealobj common_type min_scalar_type", X),
    **calls("can_cast", X, np.float32),
    **calls("diag_indices_from tril_indices_from triu_indices_from", SQUARE),
    **calls("einsum_path", "ij,j->i", X, Y),
    **calls("may_share_memory shares_memory", X, Y),
    **calls("result_type", X, np.float32(1)),
    **calls("linalg.matrix_rank", SQUARE),
    **calls("empty_like", X[:0]),
}
