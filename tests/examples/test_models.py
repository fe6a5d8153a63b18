"""The models by name."""

from __future__ import annotations

import numpy as np
import pytest

import tapegrad as tg
from examples.mnist.models import MODELS, UnknownModelError, find


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("shape", [(1, 28, 28), (1, 8, 8)])
def test_every_model_takes_images_to_a_logit_for_each_class(name: str, shape: tuple[int, ...]) -> None:
    model = find(name)(shape, 10)

    assert model(tg.tensor(np.zeros((3, *shape), np.float32))).shape == (3, 10)
    assert find(name).__doc__


def test_the_mlp_is_784_256_128_10() -> None:
    shapes = [p.shape for p in find("mlp")((1, 28, 28), 10).parameters()]

    assert shapes == [(256, 784), (256,), (128, 256), (128,), (10, 128), (10,)]


@pytest.mark.parametrize(("name", "nearest"), [("mpl", "mlp"), ("MLP", "mlp"), ("liner", "linear")])
def test_the_nearest_name_is_suggested(name: str, nearest: str) -> None:
    with pytest.raises(
        UnknownModelError, match=rf"no model '{name}'\. Did you mean '{nearest}'\? The models are mlp, "
    ):
        find(name)


def test_where_no_name_is_near_none_is_suggested() -> None:
    with pytest.raises(UnknownModelError) as caught:
        find("transformer")

    assert str(caught.value) == "there is no model 'transformer'. The models are mlp, linear."
