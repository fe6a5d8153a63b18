"""What a drawing shows of a graph, read from its DOT text."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest

import tapegrad as tg
from tapegrad.autograd import concatenate, exp, linear, primitive, where
from tapegrad.autograd.drawing import draw
from tapegrad.autograd.primitive import registry

from .parts import arrows, rows, titles

SNAPSHOT = """\
\tn0 [label=<(w f64[3])> color="#60a5fa" fillcolor="#dbeafe" tooltip="w; f64[3]; tracked"]
\tn1 [label=<(x f64[2, 3])> color="#06b6d4" fillcolor="#cffafe" tooltip="x; f64[2, 3]; not tracked"]
\tn2 [label=<(matmul f64[2])> color="#8b5cf6" fillcolor="#ddd6fe" ordering=in \
tooltip="matmul; saves x1 (48 B); f64[2]; called at HERE"]
\tn3 [label=<(loss = sum f64[1])(keepdims=True)> color="#16a34a" fillcolor="#ffedd5" penwidth=2.4 \
tooltip="loss = sum; keepdims=True; f64[1]; called at HERE"]
\tn1 -> n2 [tooltip=x1]
\tn0 -> n2 [tooltip=x2]
\tn2 -> n3 [tooltip=x weight=4]
}
"""


def test_snapshot() -> None:
    x = tg.tensor(np.ones((2, 3)))
    w = tg.tensor(np.ones(3), requires_grad=True)
    loss = (x @ w).sum(keepdims=True)
    source = draw(loss, names={"x": x, "w": w, "loss": loss}, direction="LR").source
    source = re.sub(r"called at test_source\.py:\d+", "called at HERE", source)
    source = re.sub(r"</?(table|font|b)\b[^>]*>", "", source)
    source = source.replace('<tr><td align="left">', "(").replace("</td></tr>", ")")
    assert source.partition("labelloc=b]\n")[2] == SNAPSHOT


def test_same_program_same_source() -> None:
    def program() -> str:
        x = tg.tensor([1.0, 2.0], requires_grad=True)
        return draw(x * x + np.sin(x)).source

    assert program() == program()


def test_a_leaf_is_one_box_however_often_it_is_used() -> None:
    x = tg.tensor(2.0, requires_grad=True, name="x")
    drawing = draw(x * x)
    assert rows(drawing) == [["x", "f64[]"], ["multiply", "f64[]"]]
    assert arrows(drawing) == [("x", "multiply"), ("x", "multiply")]
    assert (drawing.boxes, drawing.arrows) == (2, 2)


def test_a_constant_is_one_box_however_often_it_is_used() -> None:
    x = tg.tensor([1.0, 2.0], requires_grad=True)
    c = tg.tensor([3.0, 4.0])
    drawing = draw(x * c / c)
    assert rows(drawing).count(["constant", "f64[2]"]) == 1


def test_scalars_and_parameters_are_lines_of_the_operation() -> None:
    x = tg.tensor(np.ones((4, 6), np.float32), requires_grad=True)
    y = (x**2.5 * np.float32(0.1))[1:3, ..., ::2].sum(axis=1, keepdims=True)
    assert rows(draw(y))[1:] == [
        ["power", "f32[4, 6]", "x2=2.5"],
        ["multiply", "f32[4, 6]", "x2=0.1"],
        ["getitem", "f32[2, 3]", "index=(1:3, ..., ::2)"],
        ["sum", "f32[2, 1]", "axis=1", "keepdims=True"],
    ]


def test_parameters_that_the_result_shows_are_left_out() -> None:
    x = tg.tensor(np.ones((4, 6)), requires_grad=True)
    y = concatenate([x.reshape(6, 4), x.T]).astype(np.float32)
    assert rows(draw(y))[1:] == [
        ["reshape", "f64[6, 4]"],
        ["transpose", "f64[6, 4]"],
        ["concatenate", "f64[12, 4]"],
        ["converted", "f32[12, 4]"],
    ]


def test_an_axis_is_shown_even_if_it_equals_the_shape() -> None:
    x = tg.tensor(np.ones((1, 5)), requires_grad=True)
    assert rows(draw(x.sum(axis=(1,))))[-1] == ["sum", "f64[1]", "axis=(1,)"]


def test_a_constant_that_no_rule_asks_for() -> None:
    x = tg.tensor([1.0, 2.0], requires_grad=True)
    assert rows(draw(x + np.ones(2)))[-1] == ["add", "f64[2]", "x2=constant"]


def test_dtypes() -> None:
    z = tg.tensor([1j], requires_grad=True, dtype=np.complex64)
    mask = tg.tensor([True])
    assert ["constant", "bool[1]"] in rows(draw(where(mask, z, 0 * z)))
    assert ["tensor", "c64[1]"] in rows(draw(z))


def test_names_come_from_the_user_then_the_tensor() -> None:
    x = tg.tensor([1.0], requires_grad=True, name="own")
    y = exp(x)
    loss = y.sum()
    assert titles(draw(loss)) == ["own", "exp", "sum"]
    assert titles(draw(loss, names=locals())) == ["x", "y = exp", "loss = sum"]
    assert titles(draw({"total": loss}, names=locals())) == ["x", "y = exp", "total = sum"]


def test_names_of_constants_survive_reshape() -> None:
    x = tg.tensor(np.arange(6.0))
    w = tg.tensor(np.ones(3), requires_grad=True)
    assert ["x", "f64[2, 3]"] in rows(draw(x.reshape(2, 3) @ w, names={"x": x}))
    assert ["x", "f64[3, 2]"] not in rows(draw(w @ x.reshape(2, 3).T, names={"x": x}))


def test_wide_lines_lose_their_middle() -> None:
    x = tg.tensor(1.0, requires_grad=True, name="encoder.layers.11.attention.projection.weight")
    drawing = draw(x)
    assert rows(drawing)[0][0] == "encoder.layers.11.a…n.projection.weight"
    assert f'tooltip="{x.name};' in drawing.source


def test_the_users_line_is_in_the_tooltip() -> None:
    x = tg.tensor(1.0, requires_grad=True)
    y = exp(x)
    line = sys._getframe().f_lineno - 1
    assert f'tooltip="exp; saves its result (8 B); f64[]; called at test_source.py:{line}"' in draw(y).source


def test_order_is_kept_where_it_matters() -> None:
    a, b = tg.tensor(1.0, requires_grad=True), tg.tensor(2.0, requires_grad=True)
    assert "ordering=in" in draw(a - b).source
    assert "ordering=in" not in draw(a + b).source


def test_several_outputs_share_one_graph() -> None:
    x = tg.tensor([1.0, 2.0], requires_grad=True)
    y = exp(x)
    drawing = draw([y, y.sum(), y])
    assert drawing.boxes == 3
    assert drawing.source.count("#16a34a") == 2


def test_a_leaf_may_be_the_output() -> None:
    x = tg.tensor([1.0, 2.0], requires_grad=True)
    assert rows(draw({"x": x})) == [["x", "f64[2]"]]


def test_a_freed_graph_keeps_its_structure() -> None:
    x = tg.tensor(np.ones((2, 3)))
    w = tg.tensor(np.ones((4, 3)), requires_grad=True)
    b = tg.tensor(np.ones(4), requires_grad=True)
    loss = linear(x, w, b).sum()
    before = draw(loss, names={"w": w})
    loss.backward()
    after = draw(loss, names={"w": w})
    assert [box[0] for box in rows(after)] == [box[0] for box in rows(before) if box[0] != "constant"]
    assert ["linear", "f64[2, 4]", "x=constant"] in rows(after)


def test_a_users_primitive_with_any_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry, "drawn", None)  # and not there after the test

    @primitive
    def drawn(x: object, table: object = None, shape: object = None, how: str = "fast") -> object:
        return x

    drawn.defvjp(lambda g, _y, _x, **_: g)
    x = tg.tensor([1.0, 2.0], requires_grad=True)
    y = drawn(x, table=np.ones((3, 2)), shape=(2,), how='"<slow>\n')
    label = rows(draw(y))[1]
    assert label == ["drawn", "f64[2]", "table=f64[3, 2]", "how=&quot;&lt;slow&gt;\\\\n"]


def test_a_long_chain() -> None:
    length = 20_000
    y = tg.tensor(1.0, requires_grad=True)
    for _ in range(length):
        y = y * 1.0001
    drawing = draw(y)
    assert (drawing.boxes, drawing.arrows) == (length + 1, length)
    assert len(arrows(drawing)) == length


def test_graphviz_loads_when_something_is_drawn() -> None:
    program = (
        "import sys, tapegrad.autograd.drawing; sys.exit('graphviz' in sys.modules or 'pygraphviz' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
