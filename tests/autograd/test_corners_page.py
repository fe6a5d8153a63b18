"""docs/corners.md is true: each line of its tables is evaluated."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tapegrad import autograd, tensor
from tapegrad.autograd import pullback

PAGE = Path(__file__).resolve().parents[2] / "docs" / "corners.md"
LINE = re.compile(r"\| `(.+?)` \| `(.+?)` \| `(.+?)` \|(?: `(.+?)`)? \|", re.MULTILINE)
LINES = [match.groups(default="") for match in LINE.finditer(PAGE.read_text(encoding="utf-8"))]
NAMES = {"np": np, "autograd": autograd, "inf": np.inf, "nan": np.nan}


def numbers(text: str) -> tuple[Any, ...]:
    found = eval(text, NAMES)  # noqa: S307 - our own page
    return found if isinstance(found, tuple) else (found,)


def test_the_page_has_tables() -> None:
    assert len(LINES) > 50
    assert len(LINES) == sum(line.startswith("| `") for line in PAGE.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(("call", "at", "gradient", "second"), LINES)
def test_line(call: str, at: str, gradient: str, second: str) -> None:
    xs = [tensor(x, requires_grad=True) for x in numbers(at)]
    with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):  # of the values, as NumPy's own
        y = eval(call, NAMES | dict(zip("xy", xs, strict=False))).sum()  # noqa: S307
    for create_graph in (False, True):
        got = pullback([y], xs, [np.ones((), y.dtype)], retain_graph=True, create_graph=create_graph)
        for g, expected in zip(got, numbers(gradient), strict=True):
            np.testing.assert_allclose(g.numpy(), expected, rtol=1e-12, atol=1e-300)
    if second:
        (again,) = pullback([g.sum() for g in got], xs[:1])
        np.testing.assert_allclose(again.numpy(), numbers(second)[0], rtol=1e-12, atol=1e-15)
