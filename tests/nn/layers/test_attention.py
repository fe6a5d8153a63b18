"""Attention beside PyTorch's: the function, the layer with all its masks, and transformer encoders."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from tapegrad import nn, tensor
from tapegrad.autograd import ShapeError
from tapegrad.autograd.testing import check_grads
from tapegrad.nn import functional as F

from .pairs import close, compare, pair
from .twins import assert_one_start

some = settings(max_examples=max(settings().max_examples, 100))
FLAG = st.booleans()


def mask(rng: Any, kind: str | None, *shape: int) -> Any:
    """True where nothing is to be seen, but not everywhere in a row; or numbers."""
    if kind is None:
        return None
    if kind == "numbers":
        return rng.normal(size=shape)
    hidden = rng.random(shape) < 0.4
    hidden[..., 0] = False
    return hidden


@given(data=st.data())
@some
def test_scaled_dot_product(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    leading = data.draw(st.sampled_from(((), (2,), (2, 3))))
    length, keys = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    shapes = (*leading, length, 3), (*leading, keys, 3), (*leading, keys, 2)
    kind = data.draw(st.sampled_from((None, "bool", "numbers", "causal")))
    options: dict[str, Any] = {"scale": data.draw(st.sampled_from((None, 0.3)))}
    if kind == "causal":
        options["is_causal"] = True
    chosen: Any = mask(rng, kind, length, keys) if kind in ("bool", "numbers") else None
    if kind == "bool":
        chosen = ~chosen
    arrays = [rng.normal(size=shape) for shape in shapes]
    ours: Any = [tensor(x, requires_grad=True) for x in arrays]
    theirs: Any = [torch.tensor(x, requires_grad=True) for x in arrays]

    masks = (None, None) if chosen is None else (tensor(chosen), torch.tensor(chosen))
    y = F.scaled_dot_product_attention(ours[0], ours[1], ours[2], masks[0], **options)
    expected: Any = torch.nn.functional.scaled_dot_product_attention(
        theirs[0], theirs[1], theirs[2], masks[1], **options
    )
    g = rng.normal(size=y.shape)
    y.backward(g)
    expected.backward(torch.tensor(g))

    close(y.numpy(), expected.detach().numpy())
    for mine, its in zip(ours, theirs, strict=True):
        close(mine.grad.numpy(), its.grad.numpy())


@given(data=st.data())
@some
def test_multihead(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    heads = data.draw(st.sampled_from((1, 2)))
    options: dict[str, Any] = data.draw(
        st.fixed_dictionaries({}, optional={"bias": FLAG, "batch_first": FLAG, "kdim": st.just(3), "vdim": st.just(5)})
    )
    batch = data.draw(st.sampled_from(((), (1,), (2,))))
    length, keys = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    leading = [(*batch, n) if options.get("batch_first") else (n, *batch) for n in (length, keys, keys)]
    sizes = 4, options.get("kdim", 4), options.get("vdim", 4)
    arrays = [rng.normal(size=(*axes, size)) for axes, size in zip(leading, sizes, strict=True)]
    kind = data.draw(st.sampled_from((None, "bool", "numbers")))
    one_each = heads * (batch[0] if batch else 1)
    attn_mask = mask(rng, kind, *((one_each,) if data.draw(FLAG) else ()), length, keys)
    padding = mask(rng, kind, *batch, keys) if data.draw(FLAG) else None
    call: dict[str, Any] = data.draw(
        st.fixed_dictionaries({}, optional={"need_weights": FLAG, "average_attn_weights": FLAG})
    )

    ours, theirs = pair("MultiheadAttention", 4, heads, **options)

    compare(ours, theirs, *arrays, attn_mask=attn_mask, key_padding_mask=padding, **call)


@given(data=st.data())
@some
def test_encoder_layer(data: st.DataObject) -> None:
    options: dict[str, Any] = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "activation": st.sampled_from(("relu", "gelu")), "batch_first": FLAG, "norm_first": FLAG, "bias": FLAG,
                "layer_norm_eps": st.sampled_from((1e-5, 1e-2)),
            },
        )
    )  # fmt: skip
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    batch = data.draw(st.sampled_from(((), (2,))))
    x = rng.normal(size=(*batch, 3, 4) if options.get("batch_first") else (3, *batch, 4))
    kind = data.draw(st.sampled_from((None, "bool", "numbers")))
    ours, theirs = pair("TransformerEncoderLayer", 4, 2, 5, dropout=0.0, **options)

    src_mask, padding = mask(rng, kind, 3, 3), mask(rng, kind, *batch, 3) if data.draw(FLAG) else None
    compare(ours, theirs, x, src_mask=src_mask, src_key_padding_mask=padding)


@pytest.mark.parametrize("norm", [False, True])
def test_encoder(norm: bool) -> None:
    def made(library: Any) -> Any:
        layer = library.TransformerEncoderLayer(4, 2, 5, 0.0, batch_first=True)
        return library.TransformerEncoder(layer, 2, library.LayerNorm(4) if norm else None)

    ours, theirs = made(nn).reset_parameters(0).to(np.float64), made(torch.nn).double()
    state = ours.state_dict()
    theirs.load_state_dict({name: torch.tensor(value.copy()) for name, value in state.items()})

    assert list(state) == list(theirs.state_dict())
    assert not np.array_equal(state["layers.0.linear1.weight"], state["layers.1.linear1.weight"])
    compare(ours, theirs, np.random.default_rng(0).normal(size=(2, 3, 4)))


def test_start_is_pytorchs() -> None:
    assert_one_start("MultiheadAttention", 40, 4)
    assert_one_start("MultiheadAttention", 40, 4, kdim=30, vdim=20)


def test_a_query_that_may_see_nothing_gets_zeros() -> None:
    q, k, v = (tensor(np.random.default_rng(i).normal(size=(2, 3)), requires_grad=True) for i in range(3))
    seen = np.array([[True, False], [False, False]])
    y = F.scaled_dot_product_attention(q, k, v, seen)
    y.sum().backward()

    np.testing.assert_allclose(y.numpy(), [v.numpy()[0], [0, 0, 0]])
    for each in (q, k, v):
        assert each.grad is not None
        assert np.isfinite(each.grad.numpy()).all()


def test_second_derivatives() -> None:
    arrays = [np.random.default_rng(i).normal(size=(2, 3)) for i in range(3)]
    check_grads(lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True), *arrays)


def test_dropout_only_in_training() -> None:
    x = tensor(np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32))
    layer = nn.TransformerEncoderLayer(4, 2, 8, dropout=0.5)

    assert not np.array_equal(layer(x).numpy(), layer(x).numpy())
    layer.eval()
    np.testing.assert_array_equal(layer(x).numpy(), layer(x).numpy())
    attention = nn.MultiheadAttention(4, 2, dropout=1.0)
    assert not attention(x, x, x)[0].numpy().any()
    assert attention.eval()(x, x, x)[0].numpy().any()


def test_causal_is_blind_for_what_comes_later() -> None:
    layer = nn.MultiheadAttention(4, 2)
    x = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
    later = np.concatenate([x[:3], x[3:] + 1])
    one, other = (layer(*[tensor(each)] * 3, is_causal=True)[0].numpy() for each in (x, later))

    np.testing.assert_array_equal(one[:3], other[:3])
    assert not np.allclose(one[3:], other[3:])


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: nn.MultiheadAttention(5, 2), "embed_dim must be divisible by num_heads, both at least 1, got 5 and 2"),
        (lambda: nn.MultiheadAttention(4, 0), "embed_dim must be divisible by num_heads, both at least 1, got 4 and 0"),
        (lambda: nn.MultiheadAttention(4, 2, -1), "MultiheadAttention: dropout is a probability, got -1"),
        (lambda: nn.TransformerEncoderLayer(4, 2, activation="tan"), "activation must be 'relu', 'gelu' or a function"),
        (lambda: nn.TransformerEncoder(nn.ReLU(), 0), "TransformerEncoder: num_layers must be at least 1, got 0"),
    ],
)
def test_options_that_make_no_layer(make: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        make()


def test_shapes_that_do_not_fit() -> None:
    layer = nn.MultiheadAttention(4, 2, kdim=3, dtype=np.float64)
    x, k, v = (tensor(np.ones(shape)) for shape in [(5, 2, 4), (6, 2, 3), (6, 2, 4)])
    expected = r"MultiheadAttention: expected \(L, N, 4\), \(S, N, 3\), \(S, N, 4\), or all without N, got"
    for arguments in [(x, x, x), (x, k[:5], v), (x[:, :1], k, v), (x, k[0], v[0])]:
        with pytest.raises(ShapeError, match=expected):
            layer(*arguments)
    with pytest.raises(ShapeError, match=r"attn_mask must be \(5, 6\) or \(4, 5, 6\), got \(6, 5\)"):
        layer(x, k, v, attn_mask=np.zeros((6, 5), bool))
    with pytest.raises(ShapeError, match=r"key_padding_mask must be \(2, 6\), got \(6, 2\)"):
        layer(x, k, v, key_padding_mask=np.zeros((6, 2), bool))
    with pytest.raises(ShapeError, match=r"scaled_dot_product_attention: expected query \(..., L, E\)"):
        F.scaled_dot_product_attention(x, k, v)
    with pytest.raises(ShapeError, match=r"attn_mask \(3, 5, 5, 5\) does not broadcast to the scores \(5, 2, 2\)"):
        F.scaled_dot_product_attention(x, x, x, np.zeros((3, 5, 5, 5), bool))
    with pytest.raises(ValueError, match="with is_causal there can be no attn_mask"):
        F.scaled_dot_product_attention(x, x, x, np.zeros((2, 2), bool), is_causal=True)
