"""What a module can do besides computing: hooks, buffers, freezing, conversion, fresh weights, finding its parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from tapegrad import nn, tensor

LAYERS: list[Any] = [
    lambda rng: nn.Linear(3, 4, rng=rng),
    lambda rng: nn.Bilinear(3, 4, 2, rng=rng),
    lambda rng: nn.Conv2d(2, 4, 3, groups=2, rng=rng),
    lambda rng: nn.ConvTranspose1d(2, 4, 3, rng=rng),
    lambda rng: nn.Embedding(5, 3, padding_idx=2, rng=rng),
    lambda rng: nn.LSTM(3, 4, 2, bidirectional=True, rng=rng),
    lambda rng: nn.GRUCell(3, 4, rng=rng),
    lambda rng: nn.TransformerEncoderLayer(4, 2, 8, rng=rng),
]
WITHOUT_CHANCE: list[Any] = [
    lambda: nn.BatchNorm2d(3), lambda: nn.InstanceNorm1d(3, affine=True), lambda: nn.LayerNorm((2, 3)),
    lambda: nn.GroupNorm(1, 3), lambda: nn.RMSNorm(3), lambda: nn.PReLU(2),
]  # fmt: skip


def ones(*shape: int) -> Any:
    return tensor(np.ones(shape, np.float32))


def scrambled(module: nn.Module) -> nn.Module:
    for each in (*module.parameters(), *module.buffers()):
        each.data = each.numpy() + 1
    return module


def test_hooks_see_and_replace_arguments_and_output() -> None:
    layer = nn.Lambda(lambda x: 2 * x)
    calls: list[Any] = []
    before = layer.register_forward_pre_hook(lambda module, args: calls.append((module, args)))
    after = layer.register_forward_hook(lambda module, args, y: calls.append((module, args, y)))
    assert layer(3) == 6
    assert calls == [(layer, (3,)), (layer, (3,), 6)]

    before.remove()
    after.remove()
    assert layer(3) == 6
    assert len(calls) == 2

    layer.register_forward_pre_hook(lambda _module, args: args[0] + 1)
    layer.register_forward_pre_hook(lambda _module, args: (args[0] + 1,))
    layer.register_forward_hook(lambda _module, args, y: y + args[0])
    assert layer(3) == 15


def test_a_hook_is_one_modules_alone_and_may_leave_while_it_runs() -> None:
    one, other = nn.Identity(), nn.Identity()
    calls: list[str] = []

    def once(*_: Any) -> None:
        calls.append("first")
        handle.remove()

    handle = one.register_forward_hook(once)
    one.register_forward_hook(lambda *_: calls.append("second"))
    other(0)
    one(0)
    one(0)

    assert calls == ["first", "second", "second"]


def test_hooks_are_no_parts() -> None:
    model = nn.Sequential(nn.Linear(2, 2))
    names = list(model.state_dict())
    model.register_forward_hook(nn.Linear(2, 2))

    assert list(model.state_dict()) == names


class Counter(nn.Module):
    """Buffers of all kinds."""

    def __init__(self) -> None:
        self.scale = nn.Parameter(np.ones(2))
        self.count = nn.Buffer(np.array(0))
        self.register_buffer("mean", tensor(np.zeros(2, np.float32)))
        self.register_buffer("scratch", tensor(np.zeros(3)), persistent=False)
        self.register_buffer("absent", None)
        self.register_parameter("none", None)


def test_buffers_are_kept_but_not_trained() -> None:
    model = nn.Sequential(nn.Linear(2, 2), Counter())

    assert [name for name, _ in model.named_buffers()] == ["1.count", "1.mean", "1.scratch"]
    assert [name for name, _ in model.named_parameters()] == ["0.weight", "0.bias", "1.scale"]
    assert list(model.state_dict()) == ["0.weight", "0.bias", "1.scale", "1.count", "1.mean"]
    assert not any(buffer.requires_grad for buffer in model.buffers())
    assert len(list(model.buffers())) == 3


def test_state_dicts_restore_buffers() -> None:
    model = nn.Sequential(nn.BatchNorm1d(2))
    model(tensor(np.arange(6, dtype=np.float32).reshape(3, 2)))
    twin = nn.Sequential(nn.BatchNorm1d(2))
    twin.load_state_dict(model.state_dict())

    np.testing.assert_equal(twin.state_dict(), model.state_dict())
    broken = {**model.state_dict(), "0.running_mean": np.zeros(3)}
    with pytest.raises(nn.StateDictError, match=r"0.running_mean is \(2,\), the state dict has \(3,\)"):
        scrambled(twin).load_state_dict(broken)
    assert twin.state_dict()["0.num_batches_tracked"] == 2  # 1 + 1: as it was


def test_batch_norm_from_torch() -> None:
    theirs = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
    with torch.no_grad():
        theirs(torch.ones(2, 1, 5, 5).cumsum(2))
    ours = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    ours.load_state_dict({name: value.numpy() for name, value in theirs.state_dict().items()})

    x = np.random.default_rng(0).normal(size=(2, 1, 5, 5)).astype(np.float32)
    expected = theirs.eval()(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours.eval()(tensor(x)).numpy(), expected, rtol=1e-4, atol=1e-5)


def test_apply_reaches_all_with_the_outermost_last() -> None:
    model = nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.ReLU()))
    seen: list[nn.Module] = []

    assert model.apply(seen.append) is model
    assert sorted(map(id, seen)) == sorted(map(id, model.modules()))
    assert seen[-1] is model


def test_what_is_frozen_gets_no_gradient() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    model[0].freeze()
    model(ones(3, 2)).sum().backward()

    assert [parameter.grad is not None for parameter in model.parameters()] == [False, False, True, True]
    assert model.unfreeze() is model
    model(ones(3, 2)).sum().backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_to_converts_what_is_not_of_integers() -> None:
    model = nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 3))
    parameters = list(model.parameters())
    model(ones(3, 2) * tensor(np.arange(3, dtype=np.float32)[:, None])).sum().backward()

    assert model.to(np.float64) is model
    dtypes = {name: value.dtype for name, value in model.state_dict().items()}
    assert dtypes.pop("0.num_batches_tracked") == np.int64
    assert set(dtypes.values()) == {np.dtype(np.float64)}
    assert all(one is other for one, other in zip(parameters, model.parameters(), strict=True))
    model(tensor(np.random.default_rng(0).normal(size=(3, 2)))).sum().backward()
    assert {parameter.grad.dtype for parameter in parameters} == {np.dtype(np.float64)}  # type: ignore[union-attr]
    for dtype in (np.int64, bool):
        with pytest.raises(TypeError, match="to: expected a floating or complex dtype, got"):
            model.to(dtype)


@pytest.mark.parametrize("make", LAYERS)
def test_a_seed_gives_the_weights_that_its_generator_gave_in_construction(make: Any) -> None:
    wanted = make(np.random.Generator(np.random.PCG64(7))).state_dict()
    layer = scrambled(make(None))

    assert layer.reset_parameters(7) is layer
    np.testing.assert_equal(layer.state_dict(), wanted)
    nn.manual_seed(7)
    np.testing.assert_equal(make(None).state_dict(), wanted)
    assert any(
        not np.array_equal(value, wanted[name]) for name, value in layer.reset_parameters(8).state_dict().items()
    )


@pytest.mark.parametrize("make", WITHOUT_CHANCE)
def test_layers_that_draw_nothing_start_as_they_are_made(make: Any) -> None:
    layer = make()
    wanted = layer.state_dict()

    np.testing.assert_equal(scrambled(layer).reset_parameters().state_dict(), wanted)


def test_reset_reaches_every_layer_of_a_model() -> None:
    model = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 2, nn.LayerNorm(4))
    first, second = (scrambled(model).reset_parameters(3).state_dict() for _ in range(2))

    np.testing.assert_equal(first, second)
    assert not np.array_equal(first["layers.0.linear1.weight"], first["layers.1.linear1.weight"])
    assert not first["layers.1.self_attn.in_proj_bias"].any()
    assert not first["layers.1.self_attn.out_proj.bias"].any()


def test_a_module_that_does_not_say_how_it_starts_is_named_and_nothing_is_drawn() -> None:
    model = nn.Sequential(nn.Linear(2, 2), Counter())
    before = model.state_dict()
    with pytest.raises(NotImplementedError, match=r"Counter '1' has parameters, but no initialize\(rng\)"):
        model.reset_parameters(0)
    np.testing.assert_equal(model.state_dict(), before)


def test_linear_weights_are_drawn_as_they_ever_were() -> None:
    rng = np.random.default_rng(5)
    bound = 1 / np.sqrt(3)
    weight, bias = rng.uniform(-bound, bound, (4, 3)), rng.uniform(-bound, bound, 4)
    layer = nn.Linear(3, 4, dtype=np.float64, rng=np.random.default_rng(5))

    np.testing.assert_array_equal(layer.weight.numpy(), weight)
    assert layer.bias is not None
    np.testing.assert_array_equal(layer.bias.numpy(), bias)


def test_parts_by_their_names() -> None:
    model = nn.Sequential(nn.ModuleDict({"a": nn.ModuleList([nn.ReLU(), nn.Tanh()])}))

    assert isinstance(model.get_submodule("0.a.1"), nn.Tanh)
    assert model.get_submodule("") is model
    with pytest.raises(AttributeError, match=r"Sequential has no module '0\.b'"):
        model.get_submodule("0.b")
