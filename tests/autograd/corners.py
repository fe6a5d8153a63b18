"""Gradients where a primitive has a kink, a pole, a tie or an infinity: what we promise there (None: not asked for)."""

from __future__ import annotations

from typing import Any

from numpy import inf, nan

CORNERS: list[tuple[str, tuple[Any, ...], tuple[Any, ...]]] = [
    # at a kink, 0 or the derivative from below
    ("absolute", (0.0,), (0.0,)),
    ("absolute", (0j,), (0j,)),
    ("fabs", (0.0,), (0.0,)),
    ("sign", (0.0,), (0.0,)),
    ("sign", (0j,), (0j,)),
    ("angle", (0j,), (0j,)),
    ("relu", (0.0,), (0.0,)),
    ("relu", (-0.0,), (0.0,)),
    ("relu6", (0.0,), (0.0,)),
    ("relu6", (6.0,), (0.0,)),
    ("leaky_relu", (0.0,), (0.01,)),
    ("elu", (0.0,), (1.0,)),
    # ties share
    ("maximum", (1.0, 1.0), (0.5, 0.5)),
    ("maximum", (inf, inf), (0.5, 0.5)),
    ("minimum", (1.0, 1.0), (0.5, 0.5)),
    ("minimum", (-inf, -inf), (0.5, 0.5)),
    ("fmax", (1.0, 1.0), (0.5, 0.5)),
    ("fmax", (nan, 1.0), (0.0, 1.0)),
    ("fmax", (1.0, nan), (1.0, 0.0)),
    ("fmin", (1.0, 1.0), (0.5, 0.5)),
    ("fmin", (nan, 1.0), (0.0, 1.0)),
    ("fmin", (1.0, nan), (1.0, 0.0)),
    # 0 / 0 in the derivative is 0
    ("quotient", (0.0, 0.0), (0.0, 0.0)),
    ("hypot", (0.0, 0.0), (0.0, 0.0)),
    ("arctan2", (0.0, 0.0), (0.0, 0.0)),
    ("arctan2", (1e-200, 1e-200), (0.5e200, -0.5e200)),
    ("arctan2", (1e200, 1e200), (0.5e-200, -0.5e-200)),
    ("hypot", (3e200, 4e200), (0.6, 0.8)),
    ("absolute", (3e200 + 4e200j,), (0.6 + 0.8j,)),
    ("sinc", (0.0,), (0.0,)),
    ("power", (0.0, 2.0), (0.0, 0.0)),
    ("power", (0.0, 1.5), (0.0, 0.0)),
    ("power", (0.0, 1.0), (1.0, 0.0)),
    ("power", (0.0, 0.0), (0.0, 0.0)),
    ("power", (-2.0, 3.0), (12.0, None)),
    ("power", (-2.0, -1.0), (-0.25, None)),
    # the quotient that NumPy takes, not the one that rounding would give
    ("remainder", (-2.5, 1.0), (1.0, 3.0)),
    ("remainder", (2.5, -1.0), (1.0, 3.0)),
    ("remainder", (1.0, 0.1), (1.0, -9.0)),
    ("fmod", (-2.5, 1.0), (1.0, 2.0)),
    ("fmod", (2.5, -1.0), (1.0, 2.0)),
    ("fmod", (1.0, 0.1), (1.0, -9.0)),
    # infinities and what would overflow
    ("exp", (-inf,), (0.0,)),
    ("tanh", (800.0,), (0.0,)),
    ("sigmoid", (-800.0,), (0.0,)),
    ("sigmoid", (800.0,), (0.0,)),
    ("sigmoid", (-inf,), (0.0,)),
    ("sigmoid", (inf,), (0.0,)),
    ("gap", (inf, inf), (1.0, -1.0)),
    ("logaddexp", (-inf, -inf), (0.5, 0.5)),
    ("logaddexp", (inf, inf), (0.5, 0.5)),
    ("logaddexp", (-inf, 0.0), (0.0, 1.0)),
    ("logaddexp", (inf, 0.0), (1.0, 0.0)),
    ("logaddexp", (0.0, 0.0), (0.5, 0.5)),
    ("logaddexp", (1000.0, 0.0), (1.0, 0.0)),
    ("logaddexp2", (-inf, -inf), (0.5, 0.5)),
]
