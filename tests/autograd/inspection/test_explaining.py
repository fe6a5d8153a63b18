"""explain: the rule as it is written, and a check that finds it wrong if it is."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import scipy.special

import tapegrad as tg
from tapegrad import autograd, tensor
from tapegrad.autograd import elementwise, primitive
from tapegrad.autograd.inspection.formulas import rule_text
from tapegrad.autograd.primitive import registry

X = np.array([0.3, 1.2, 2.5], np.float32)


def explained(capsys: pytest.CaptureFixture[str], *args: Any, **params: Any) -> str:
    tg.explain(*args, **params)
    return capsys.readouterr().out


@elementwise
def cubed(x: Any) -> Any:
    """x³."""
    return x**3


cubed.defvjp(lambda g, _y, x: 3 * g * x * x)


def test_mathematics_place_shapes_and_check(capsys: pytest.CaptureFixture[str]) -> None:
    text = explained(capsys, "tanh", X)
    assert text.startswith("tanh(x)\n    tanh x.\n")
    assert "    g_x = g - g * y * y\n" in text
    assert re.search(r"written in autograd/ops/trigonometric.py:\d+\n", text)
    assert "on your values: float32 (3,) -> float32 (3,)\n" in text
    by_rule, by_differences = (float(x) for x in re.findall(r"([-\d.e]+) by", text))
    assert by_rule == pytest.approx(by_differences, rel=1e-9)


def test_numpys_and_scipys_functions_names_and_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    for same in (np.tanh, autograd.tanh, "tanh"):
        assert "g_x = g - g * y * y" in explained(capsys, same)
    assert "autograd/ops/linalg/inverting.py" in explained(capsys, np.linalg.solve, np.eye(2), np.ones(2))
    assert "digamma" in explained(capsys, scipy.special.gamma)
    assert "digamma" in explained(capsys, "special.gamma")
    assert "g_x = 3 * g * x * x" in explained(capsys, cubed, tensor(X))


def test_arguments_of_a_rule_have_no_underscores(capsys: pytest.CaptureFixture[str]) -> None:
    text = explained(capsys, np.matmul)
    assert "g_x1 = _matmul_left(g, y, x1, x2), which is" in text
    assert "return sum_to(g @ matrix_transpose(x2), x1.shape)" in text


def test_compositions_say_what_they_are_made_of(capsys: pytest.CaptureFixture[str]) -> None:
    text = explained(capsys, np.median, X, axis=0)
    assert "a composition" in text
    assert re.search("through .*sort", text)
    assert "axis=0 -> float32 ()" in text


def test_a_wrong_rule_shows(capsys: pytest.CaptureFixture[str]) -> None:
    @primitive
    def slightly(x: Any) -> Any:
        return x * 2

    slightly.defvjp(lambda g, _y, _x: g * 2.002)
    text = explained(capsys, slightly, X)
    assert "g_x = g * 2.002" in text
    by_rule, by_differences = (float(x) for x in re.findall(r"([-\d.e]+) by", text))
    assert by_rule / by_differences == pytest.approx(1.001, rel=1e-6)


def test_constants_complex_and_integer_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert "it has no gradient" in explained(capsys, np.argmax, X)
    text = explained(capsys, np.multiply, X + 1j, 2)
    assert "gradient of argument 0" in text
    assert "gradient of argument 1" not in text
    assert "none, this argument has no derivative" in rule_text("g_x", None)


@pytest.mark.parametrize("name", registry)
def test_the_source_of_every_rule_is_found(name: str) -> None:
    for rule in registry[name].primitive.rules:
        text = rule_text("g_x", rule)
        assert text.startswith("g_x")
        assert "not at hand" not in text
        if rule is not None and "raise MissingRuleError" not in text:
            argument = rule.__code__.co_varnames[0]
            assert re.search(rf"\b{argument}\b", text), "a rule that does not use what comes in"


def test_an_unknown_name_and_a_wrong_call() -> None:
    with pytest.raises(ValueError, match="there is no operation 'tahn'; did you mean 'tan'"):
        tg.explain("tahn")
    with pytest.raises(ValueError, match=r"there is no operation 'qqqqqq'$"):
        tg.explain("qqqqqq")
    with pytest.raises(autograd.ShapeError):
        tg.explain(np.add, np.ones(2), np.ones(3))
