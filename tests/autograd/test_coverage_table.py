"""docs/coverage.md says what NumPy's and SciPy's names do on tensors; it is made here, by trying each of them.

`make coverage-table` writes it, the test compares it with what is found. Each name is called with arguments that its
record draws, and held against NumPy's value and against differences, as test_primitives.py and test_compositions.py do
more thoroughly.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import scipy.special
from hypothesis import HealthCheck, given, settings, strategies as st

from tapegrad import Tensor, tensor
from tapegrad.autograd.ops import comparing, describing
from tapegrad.autograd.testing import check_grads, strategies as draw
from tapegrad.autograd.testing.strategies import Domain

from .rings import FIRST, SECOND
from .tables import CASES, COMPOSITIONS
from .test_compositions import PUBLIC, REFERENCES, assert_all_same, numpys, of_arrays
from .test_primitives import ENGINE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "coverage.md"
CONSTANT = {getattr(family, name) for family in (comparing, describing) for name in family.__all__}
SPECIAL = sorted(name for name in PUBLIC if name.startswith("special.") and hasattr(scipy.special, name[8:]))
DISTINCT = draw.distinct_arrays((3, 3), "float64")
# What the tables have no record of, because of what is unique up to a phase only, or to take a part of the results
PARTS: dict[str, tuple[Any, Any, Any]] = {
    "einsum": (lambda x, y: np.einsum("ij,jk", x, y), np.matmul, st.tuples(DISTINCT, DISTINCT)),
    "frexp": (lambda x: np.frexp(x)[0], lambda x: np.frexp(x)[0], st.tuples(draw.arrays(domain=Domain(2.5, 3.5)))),
    "linalg.eig": (lambda x: np.linalg.eig(x + x.T)[0], lambda x: np.linalg.eig(x + x.T)[0], st.tuples(DISTINCT)),
    "linalg.eigvals": (lambda x: np.linalg.eigvals(x + x.T), lambda x: np.linalg.eigvals(x + x.T), st.tuples(DISTINCT)),
    "linalg.lstsq": (
        lambda x, y: np.linalg.lstsq(x, y, None)[0],
        lambda x, y: np.linalg.lstsq(x, y, None)[0],
        st.tuples(DISTINCT, DISTINCT),
    ),
}
COUNTS = ("histogram", "histogram2d", "histogram_bin_edges", "histogramdd")
REFUSED = dict.fromkeys(COUNTS, "counts have no derivative; it raises for tracked tensors")
few = settings(max_examples=3, database=None, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


def record_of(name: str) -> tuple[Any, Any, Any, int] | None:
    """The operation of a name, who says what is right, how to draw its arguments, and its order."""
    operation = PUBLIC.get(name)
    if name in PARTS:
        part, reference, drawn = PARTS[name]
        return part, reference, drawn.map(lambda arrays: (arrays, {})), 2
    for other, calls in COMPOSITIONS.items():
        if PUBLIC[other] is operation:
            return operation, REFERENCES[other], calls, 2
    primitive = getattr(operation, "primitive", None)
    if primitive is not None and primitive.name in CASES:
        case = CASES[primitive.name]
        return ENGINE[primitive.name], case.reference, case.drawn, case.order
    return None


def holds(check: Any) -> bool:
    """Whether a check passes for a few drawn calls."""
    try:
        few(given(st.data())(check))()
    except AssertionError:
        return False
    return True


def marks(name: str) -> tuple[str, str, str]:
    """Value, gradient and second derivative of what a name computes."""
    if PUBLIC.get(name) in CONSTANT or name in ("empty_like", "linalg.matrix_rank"):
        return "✓", "constant", "constant"
    record = record_of(name)
    if record is None:
        return "–", "–", "–"
    operation, reference, calls, order = record

    def value(data: st.DataObject) -> None:
        args, kwargs = data.draw(calls)
        f, arrays = of_arrays(operation, args, kwargs)
        assert_all_same(f(*(tensor(x, requires_grad=True) for x in arrays)), reference(*args, **kwargs))

    def gradient(data: st.DataObject, order: int) -> None:
        args, kwargs = data.draw(calls)
        f, arrays = of_arrays(operation, args, kwargs)
        if all(np.isfinite(x).all() for x in arrays):
            check_grads(f, *arrays, order=order)

    def mark(passed: bool) -> str:
        return "✓" if passed else "–"

    second = mark(order > 1 and holds(lambda data: gradient(data, 2)))
    return mark(holds(value)), "✓" if second == "✓" else mark(holds(lambda data: gradient(data, 1))), second


def rows(names: list[str]) -> tuple[list[str], int]:
    """The table's rows, and how many are right in value and gradient."""
    found = {name: marks(name) for name in names}
    right = sum("–" not in (value, gradient) for value, gradient, _ in found.values())
    return [f"| `{name}` | {' | '.join(each)} | {REFUSED.get(name, '')} |" for name, each in found.items()], right


def page() -> str:
    sections = {
        "What HIPS autograd or MyGrad differentiate": FIRST,
        "What only JAX differentiates": SECOND,
        "`scipy.special`": SPECIAL,
        "More of NumPy": [name for name in PUBLIC if is_numpys(name) and name not in (*FIRST, *SECOND)],
    }
    text = [
        "# What is covered",
        "",
        "Made by `make coverage-table`: every name is called with drawn arguments; its value is held against NumPy's",
        "or SciPy's, its first and second derivatives against differences. A constant has no gradient to have:",
        "comparisons, positions, shapes.",
        "",
    ]
    summary, body = [], []
    for title, names in sections.items():
        lines, right = rows(names)
        summary.append(f"- {title}: {right} of {len(names)}")
        body += ["", f"## {title}", "", "| name | value | gradient | second order | |", "|---|---|---|---|---|", *lines]
    return "\n".join([*text, *summary, *body, ""])


def is_numpys(name: str) -> bool:
    function = numpys(name)
    return not name.startswith("special.") and function is not None and callable(function)


def test_the_table_is_what_is_found() -> None:
    found = page()
    if os.environ.get("COVERAGE_TABLE") == "write":
        PAGE.write_text(found, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == found, "run `make coverage-table`"


def test_a_wrong_rule_is_marked() -> None:
    def wrong(x: Tensor) -> Tensor:
        return x * x.detach()

    def gradient(data: st.DataObject) -> None:
        (x,), _ = data.draw(CASES["square"].drawn)
        check_grads(wrong, x)

    assert not holds(gradient)
