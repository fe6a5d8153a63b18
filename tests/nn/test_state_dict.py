"""State dicts: PyTorch's keys and shapes, snapshots that stay, and loading that does all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

import tapegrad as tg
from tapegrad import nn
from tapegrad.nn import StateDictError


def mlp() -> nn.Sequential:
    return nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2, bias=False))


def train(model: nn.Module, optimizer: nn.optim.Optimizer) -> None:
    x = tg.tensor(np.arange(8, dtype=np.float32).reshape(2, 2, 2))
    optimizer.zero_grad()
    (model(x) ** 2).sum().backward()
    optimizer.step()


def test_keys_and_shapes_are_pytorchs() -> None:
    shapes = {name: array.shape for name, array in mlp().state_dict().items()}

    assert shapes == {"1.weight": (3, 4), "1.bias": (3,), "3.weight": (2, 3)}


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda p: nn.optim.SGD(p, lr=0.1),
        lambda p: nn.optim.SGD(p, lr=0.1, momentum=0.9),
        lambda p: nn.optim.Adam(p, lr=0.1),
    ],
)
def test_later_training_does_not_change_a_snapshot(optimizer: Callable[[Any], nn.optim.Optimizer]) -> None:
    nn.manual_seed(1)
    model = mlp()
    steps = optimizer(model.parameters())
    train(model, steps)
    snapshot = model.state_dict()
    copies = {name: array.copy() for name, array in snapshot.items()}

    for _ in range(3):
        train(model, steps)

    for name, array in snapshot.items():
        np.testing.assert_array_equal(array, copies[name])
        assert not np.array_equal(array, model.state_dict()[name])


class Shared(nn.Module):
    """A decoder with the encoder's weight, as language models have."""

    def __init__(self) -> None:
        self.encoder = nn.Linear(3, 3)
        self.decoder = nn.Linear(3, 3)
        self.decoder.weight = self.encoder.weight


class TorchsShared(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = torch.nn.Linear(3, 3)
        self.decoder = torch.nn.Linear(3, 3)
        self.decoder.weight = self.encoder.weight


def test_what_two_modules_share_moves_both_ways() -> None:
    ours, theirs = Shared(), TorchsShared()

    ours.load_state_dict({name: values.numpy() for name, values in theirs.state_dict().items()})

    np.testing.assert_array_equal(ours.decoder.weight.numpy(), theirs.encoder.weight.detach().numpy())
    assert ours.decoder.weight is ours.encoder.weight
    theirs.load_state_dict({name: torch.tensor(values) for name, values in ours.state_dict().items()})
    assert list(ours.state_dict()) == list(theirs.state_dict())


def test_what_two_modules_share_may_be_given_once_but_not_with_two_values() -> None:
    model, state = Shared(), dict(Shared().state_dict())

    with pytest.raises(StateDictError, match=r"shared: encoder\.weight and decoder\.weight are one, the state"):
        model.load_state_dict(state | {"encoder.weight": np.ones((3, 3))})
    del state["decoder.weight"]
    model.load_state_dict(state)

    np.testing.assert_array_equal(model.decoder.weight.numpy(), state["encoder.weight"])


def test_what_is_no_state_dict() -> None:
    for wrong in (mlp(), "weights.safetensors", None):
        with pytest.raises(TypeError, match=r"load_state_dict: expected arrays by name, .* got a"):
            mlp().load_state_dict(wrong)  # type: ignore[arg-type]


def test_a_snapshot_is_read_only() -> None:
    snapshot = mlp().state_dict()

    with pytest.raises(ValueError, match="read-only"):
        snapshot["1.weight"][0, 0] = 1


def test_round_trip() -> None:
    model, twin = mlp(), mlp()

    twin.load_state_dict(model.state_dict())

    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(twin.state_dict()[name], array)


def test_what_was_loaded_is_a_copy() -> None:
    layer = nn.Linear(2, 1)
    state = {"weight": np.ones((1, 2), np.float32), "bias": np.zeros(1, np.float32)}

    layer.load_state_dict(state)
    state["weight"][:] = 7
    layer.bias.data[:] = 5  # type: ignore[union-attr]

    np.testing.assert_array_equal(layer.weight.numpy(), [[1, 1]])
    np.testing.assert_array_equal(state["bias"], [0])


def test_loading_keeps_parameters_and_their_optimizer() -> None:
    model = mlp()
    steps = nn.optim.SGD(model.parameters(), lr=0.1)
    before = list(model.parameters())

    model.load_state_dict(mlp().state_dict())

    assert all(a is b for a, b in zip(before, model.parameters(), strict=True))
    train(model, steps)


@pytest.mark.parametrize(
    "values",
    [[[1, 2]], np.array([[1, 2]]), np.array([[1, 2]], np.float16), np.array([[1.0, 2.0]]), tg.tensor([[1.0, 2.0]])],
)
def test_values_take_the_parameters_dtype(values: Any) -> None:
    layer = nn.Linear(2, 1, bias=False)

    layer.load_state_dict({"weight": values})

    assert layer.weight.dtype == np.float32
    np.testing.assert_array_equal(layer.weight.numpy(), [[1, 2]])


def unchanged(model: nn.Module, before: dict[str, NDArray[Any]]) -> bool:
    after = model.state_dict()
    return list(after) == list(before) and all(np.array_equal(after[name], before[name]) for name in before)


def test_every_problem_is_told_at_once_and_nothing_is_changed() -> None:
    model = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2), nn.Linear(2, 1))
    before = model.state_dict()
    state: dict[str, Any] = {name: array + 1 for name, array in before.items()}
    del state["0.bias"]
    state["1.weight"] = np.zeros((3, 2))
    state["1.bias"] = np.zeros(2, np.complex64)
    state["2.scale"] = np.zeros(5)

    with pytest.raises(StateDictError) as caught:
        model.load_state_dict(state)

    assert str(caught.value).splitlines() == [
        "the state dict does not fit Sequential, which is unchanged:",
        "  missing: 0.bias (3,)",
        "  unexpected: 2.scale (5,)",
        "  shape: 1.weight is (2, 3), the state dict has (3, 2)",
        "  dtype: 1.bias is float32, the state dict has complex64",
    ]
    assert unchanged(model, before)


def test_not_strict_takes_what_there_is() -> None:
    model = mlp()
    bias = model.state_dict()["1.bias"]

    model.load_state_dict({"3.weight": np.ones((2, 3)), "other": np.ones(1)}, strict=False)

    np.testing.assert_array_equal(model.state_dict()["3.weight"], np.ones((2, 3)))
    np.testing.assert_array_equal(model.state_dict()["1.bias"], bias)


def test_not_strict_still_refuses_a_wrong_shape() -> None:
    model = mlp()
    before = model.state_dict()

    with pytest.raises(StateDictError, match=r"shape: 1\.bias is \(3,\), the state dict has \(4,\)"):
        model.load_state_dict({"3.weight": np.ones((2, 3)), "1.bias": np.ones(4)}, strict=False)

    assert unchanged(model, before)


@pytest.mark.parametrize("values", [["a", "b"], [None, None]])
def test_what_holds_no_numbers_is_refused(values: list[Any]) -> None:
    layer = nn.Linear(1, 2)

    with pytest.raises(StateDictError, match=r"dtype: bias is float32"):
        layer.load_state_dict({"weight": np.ones((2, 1)), "bias": values})
