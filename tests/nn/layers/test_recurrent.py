"""Recurrent layers and their cells beside PyTorch's, with and without a state, a batch, a second direction."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad import nn, tensor
from tapegrad.autograd import ShapeError

from .pairs import close, compare, pair
from .twins import assert_one_start

some = settings(max_examples=max(settings().max_examples, 100))
FLAG, SIZE = st.booleans(), st.integers(1, 3)
KINDS = st.sampled_from(("RNN", "LSTM", "GRU"))


@given(data=st.data(), kind=KINDS)
@some
def test_layers(data: st.DataObject, kind: str) -> None:
    options: dict[str, Any] = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "num_layers": st.integers(1, 3), "bias": FLAG, "batch_first": FLAG, "bidirectional": FLAG,
                **({"nonlinearity": st.sampled_from(("tanh", "relu"))} if kind == "RNN" else {}),
            },
        )
    )  # fmt: skip
    inputs, hidden, steps = data.draw(SIZE), data.draw(SIZE), data.draw(st.integers(1, 4))
    batch = data.draw(st.sampled_from(((), (1,), (3,))))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    first = options.get("batch_first", False)
    x = rng.normal(size=(*batch, steps, inputs) if first else (steps, *batch, inputs))
    passes = options.get("num_layers", 1) * (1 + options.get("bidirectional", False))
    states = [rng.normal(size=(passes, *batch, hidden)) for _ in range(1 + (kind == "LSTM"))]

    ours, theirs = pair(kind, inputs, hidden, **options)
    compare_with_state(ours, theirs, x, states if data.draw(FLAG) else [])


@given(data=st.data(), kind=KINDS)
@some
def test_cells(data: st.DataObject, kind: str) -> None:
    options = data.draw(
        st.fixed_dictionaries(
            {},
            optional={"bias": FLAG, **({"nonlinearity": st.sampled_from(("tanh", "relu"))} if kind == "RNN" else {})},
        )
    )
    inputs, hidden, batch = data.draw(SIZE), data.draw(SIZE), data.draw(st.sampled_from(((), (1,), (3,))))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    states = [rng.normal(size=(*batch, hidden)) for _ in range(1 + (kind == "LSTM"))]

    ours, theirs = pair(f"{kind}Cell", inputs, hidden, **options)
    compare_with_state(ours, theirs, rng.normal(size=(*batch, inputs)), states if data.draw(FLAG) else [])


def compare_with_state(ours: nn.Module, theirs: Any, x: Any, states: list[Any]) -> None:
    """`compare`, with gradients by the states too."""

    def called(layer: Any) -> Any:
        return lambda x, *state: layer(x, *([] if not state else [state if len(state) == 2 else state[0]]))

    compare(ours, theirs, x, *states, call=called)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"])
def test_start_is_pytorchs(kind: str) -> None:
    assert_one_start(kind, 30, 40)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_dropout_lies_between_layers(kind: str) -> None:
    x = tensor(np.random.default_rng(0).normal(size=(5, 2, 3)).astype(np.float32))
    two, one = getattr(nn, kind)(3, 4, 2, dropout=1.0), getattr(nn, kind)(3, 4, dropout=1.0)

    np.testing.assert_array_equal(one(x)[0].numpy(), one.eval()(x)[0].numpy())  # nothing above to drop for
    dropped = two(x)[0].numpy()
    assert not np.allclose(dropped, two.eval()(x)[0].numpy())
    np.testing.assert_array_equal(dropped, two.train()(x * 2)[0].numpy())  # all that the second layer sees is zeros


def test_a_cell_along_a_sequence_is_the_layer() -> None:
    layer, cell = nn.LSTM(3, 4, dtype=np.float64), nn.LSTMCell(3, 4, dtype=np.float64)
    cell.load_state_dict({name.removesuffix("_l0"): value for name, value in layer.state_dict().items()})
    x, state = tensor(np.random.default_rng(0).normal(size=(5, 2, 3))), None
    for t in range(5):
        state = cell(x[t], state)

    assert state is not None
    close(layer(x)[1][0][0].numpy(), state[0].numpy())
    close(layer(x)[1][1][0].numpy(), state[1].numpy())


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: nn.RNN(0, 1), "RNN: input_size must be at least 1, got 0"),
        (lambda: nn.LSTM(1, 0), "LSTM: hidden_size must be at least 1, got 0"),
        (lambda: nn.GRU(1, 1, 0), "GRU: num_layers must be at least 1, got 0"),
        (lambda: nn.GRU(1, 1, dropout=2), "GRU: dropout is a probability, got 2"),
        (lambda: nn.RNN(1, 1, nonlinearity="gelu"), "RNN: nonlinearity must be 'tanh' or 'relu', got 'gelu'"),
        (lambda: nn.RNNCell(1, 1, nonlinearity="gelu"), "RNNCell: nonlinearity must be 'tanh' or 'relu', got 'gelu'"),
    ],
)
def test_options_that_make_no_layer(make: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        make()


@pytest.mark.parametrize(
    ("layer", "shapes", "text"),
    [
        (nn.RNN(3, 4), [(5, 2, 4)], r"RNN: expected \(L, N, 3\) or \(L, 3\), got \(5, 2, 4\)"),
        (nn.GRU(3, 4, batch_first=True), [(3,)], r"GRU: expected \(N, L, 3\) or \(L, 3\), got \(3,\)"),
        (nn.GRU(3, 4, batch_first=True), [(2, 0, 3)], r"GRU: the sequence has no steps: \(2, 0, 3\)"),
        (nn.RNN(3, 4), [(5, 2, 3), (1, 1, 4)], r"RNN: h_0 must have shape \(1, 2, 4\), got \(1, 1, 4\)"),
        (nn.RNNCell(3, 4), [(5, 2)], r"RNNCell: expected \(N, 3\) or \(3,\), got \(5, 2\)"),
        (nn.GRUCell(3, 4), [(5, 3), (4,)], r"GRUCell: hx must have shape \(5, 4\), got \(4,\)"),
    ],
)
def test_shapes_that_do_not_fit(layer: nn.Module, shapes: list[tuple[int, ...]], text: str) -> None:
    with pytest.raises(ShapeError, match=text):
        layer(*(tensor(np.ones(shape, np.float32)) for shape in shapes))


def test_the_second_state_is_checked_too() -> None:
    x, h, c = (tensor(np.ones(shape, np.float32)) for shape in [(5, 2, 3), (1, 2, 4), (1, 2, 3)])
    with pytest.raises(ShapeError, match=r"LSTM: c_0 must have shape \(1, 2, 4\), got \(1, 2, 3\)"):
        nn.LSTM(3, 4)(x, (h, c))
