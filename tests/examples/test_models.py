"""The models by name."""

from __future__ import annotations

import numpy as np
import pytest

import tapegrad as tg
from examples.mnist.models import ACTIVATIONS, MODELS, ModelOptionError, UnknownModelError, find
from tapegrad import nn


@pytest.mark.parametrize("name", MODELS)
def test_every_model_takes_images_to_a_logit_for_each_class_of_each_head(name: str) -> None:
    model = find(name)
    output = model.build()(tg.tensor(np.zeros((3, *model.shape), np.float32)))

    heads = output if model.heads else (output,)
    assert [head.shape for head in heads] == [(3, 10)] * max(1, len(model.heads))
    assert model.name == name
    assert model.summary.endswith(".")


@pytest.mark.parametrize("name", MODELS)
def test_every_model_can_be_built_for_other_images_and_classes(name: str) -> None:
    model = find(name)
    channels, height, width = model.shape
    shape = (channels, height + 4, width + 4)
    output = model.build(shape, 26)(tg.tensor(np.zeros((2, *shape), np.float32)))

    assert (output[0] if model.heads else output).shape == (2, 26)


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("mlp", [784, 256, 128, 10]), ("mlp128", [784, 128, 10]), ("mlp16", [784, 16, 16, 10]),
        ("tiny", [784, 20, 15, 15, 10]), ("linear10", [784, 10, 10]), ("linear", [784, 10]),
    ],
)  # fmt: skip
def test_dense_models_have_the_sizes_of_their_systems(name: str, sizes: list[int]) -> None:
    shapes = [parameter.shape for parameter in find(name).build().parameters() if parameter.ndim == 2]

    assert shapes == list(zip(sizes[1:], sizes[:-1], strict=True))


@pytest.mark.parametrize(("name", "features"), [("best", 128 * 4 * 4), ("twodigit-cnn", 64 * 6 * 4)])
def test_deep_models_keep_the_last_row_and_column_of_odd_images(name: str, features: int) -> None:
    """28 -> 14 -> 7 -> 4 and 42 -> 21 -> 11 -> 6, where rounding down would end at 3 and 5."""
    linear = next(layer for layer in find(name).build().modules() if isinstance(layer, nn.Linear))

    assert linear.in_features == features


def test_options_shape_a_model() -> None:
    built = find("mlp").build(hidden=(7,), activation="tanh", dropout=0.5, batch_norm=True)

    assert [type(layer).__name__ for layer in built.children()] == [
        "Flatten", "Linear", "BatchNorm1d", "Tanh", "Dropout", "Linear",
    ]  # fmt: skip
    assert next(built.parameters()).shape == (7, 784)


def test_channels_shape_a_convolutional_model() -> None:
    built = find("cnn").build(channels=(3, 5, 7), hidden=())

    assert [p.shape for p in built.parameters() if p.ndim > 1] == [(3, 1, 3, 3), (5, 3, 3, 3), (7, 5, 3, 3), (10, 63)]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation(activation: str) -> None:
    output = find("mlp16").build(activation=activation)(tg.tensor(np.ones((2, 1, 28, 28), np.float32)))

    assert np.isfinite(output.numpy()).all()


def test_an_option_that_a_model_does_not_have() -> None:
    with pytest.raises(ModelOptionError, match="model lenet has no option hidden; those that shape it: activation"):
        find("lenet").build(hidden=(3,))


@pytest.mark.parametrize(("name", "nearest"), [("mpl", "mlp"), ("MLP", "mlp"), ("liner", "linear")])
def test_the_nearest_name_is_suggested(name: str, nearest: str) -> None:
    with pytest.raises(
        UnknownModelError, match=rf"no model '{name}'\. Did you mean '{nearest}'\? The models are mlp, "
    ):
        find(name)


def test_where_no_name_is_near_none_is_suggested() -> None:
    with pytest.raises(UnknownModelError) as caught:
        find("transformer")

    assert str(caught.value) == f"there is no model 'transformer'. The models are {', '.join(MODELS)}."
