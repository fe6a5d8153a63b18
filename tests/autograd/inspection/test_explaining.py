"""explain: the rule as it is written, and a check that finds it wrong if it is."""

from __future__ import annotations

import re
import runpy
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.special

import tapegrad as tg
from tapegrad import Tensor, autograd, nn, tensor
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


def apart(text: str) -> list[float]:
    """How far rules and differences are apart."""
    return [float(each) for each in re.findall(r"\((\S+) apart\)", text)]


@pytest.mark.parametrize(
    "f", [np.linalg.eigh, np.linalg.svd, np.linalg.slogdet, np.modf, lambda x: [np.split(x, 3), x]]
)
def test_several_results_are_checked_together(capsys: pytest.CaptureFixture[str], f: Any) -> None:
    text = explained(capsys, f, np.array([[0.3, 1.2, 2.5], [1.2, 0.4, 0.1], [2.5, 0.1, 1.4]]))
    assert "constant" not in text.partition("on your values")[2]
    (distance,) = apart(text)
    assert distance < 1e-8


def test_arrays_in_lists_methods_partials_and_modules(capsys: pytest.CaptureFixture[str]) -> None:
    text = explained(capsys, np.concatenate, [X, [2.0], X])
    assert "[float32 (3,), [2.0], float32 (3,)] -> float64 (7,)" in text
    assert re.findall(r"gradient of argument (\S+) along", text) == ["0[0]", "0[2]"]
    assert max(apart(text)) < 1e-8
    text = explained(capsys, partial(np.sum, axis=0), X)
    assert text.startswith("sum(x, axis=None")
    assert "float32 (3,), axis=0 -> float32 ()" in text
    assert explained(capsys, Tensor.T).startswith("transpose(x")
    text = explained(capsys, nn.Linear(3, 2), X)
    assert text.startswith("Linear(x)\n")
    assert "nn/layers/linear.py" in text
    assert max(apart(text)) < 1e-8
    assert "; written in NumPy" in explained(capsys, np.argsort)


def test_what_cannot_be_compared_or_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert "the result is another at each call" in explained(capsys, nn.functional.dropout, np.ones(50))
    with np.errstate(invalid="ignore"):
        assert "nan by the rule" in explained(capsys, np.sqrt, np.array([-1.0]))
    with pytest.raises(TypeError, match="explain: expected an operation, a function or a name, got 3"):
        tg.explain(3)
    with pytest.raises(autograd.MissingRuleError, match="by its argument a"):
        tg.explain(scipy.special.betainc, X, X, X / 3)
    assert capsys.readouterr().out.startswith("betainc(x1, x2, x3)")  # what is known is printed all the same


def test_a_rule_of_a_file_that_was_written_again(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for factor in ("2", "3.5"):
        (tmp_path / "mine.py").write_text(
            "from tapegrad.autograd import primitive\n\n\n@primitive\ndef scaled(x):\n"
            f"    return x * {factor}\n\n\nscaled.defvjp(lambda g, y, x: g * {factor})\n"
        )
        scaled = runpy.run_path(str(tmp_path / "mine.py"))["scaled"]
        assert f"g_x = g * {factor}\n" in explained(capsys, scaled)


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
