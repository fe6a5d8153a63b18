"""Problems, trainers and networks: the same start for everybody, and nobody is timed who computes something else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks import mlp_network, mlp_numpy_trainers, trainers
from benchmarks.cnn_networks import NETWORKS, Network
from benchmarks.training import CHECKED_STEPS, Feed, Problem, Trainer, candidates, first_losses

SMALL = Network(channels=(1, 3, 4), pooled=(True, False), dense=(4 * 11 * 11, 6, 10))
PROBLEMS: dict[str, Callable[[], Problem]] = {
    "MLP": lambda: mlp_network.draw(4, seed=0),
    "small CNN": lambda: SMALL.draw(4, seed=0),
    **{name: lambda network=network: network.draw(2, seed=0) for name, network in NETWORKS.items()},  # type: ignore[misc]
}


@pytest.fixture(params=PROBLEMS)
def problem(request: pytest.FixtureRequest) -> Problem:
    return PROBLEMS[request.param]()


def test_the_start_fits_the_network(problem: Problem) -> None:
    model = problem.network(torch.nn)
    shapes = [tuple(parameter.shape) for parameter in model.parameters()]
    assert shapes == [array.shape for array in problem.module_parameters()]
    images, labels = problem.batches[0]
    assert model(torch.from_numpy(images)).shape == (len(labels), 10)


def test_everybody_gets_parameters_of_his_own(problem: Problem) -> None:
    for parameters in (problem.parameters(), problem.module_parameters()):
        for array in parameters:
            array[...] = 0
    assert all(array.any() for array in problem.start)
    assert all(array.dtype == np.float32 for array in problem.start)


def test_dense_weights_are_turned_and_kernels_are_not() -> None:
    problem = SMALL.draw(1, seed=0)
    for ours, module in zip(problem.parameters(), problem.module_parameters(), strict=True):
        np.testing.assert_array_equal(module, ours.T if ours.ndim == 2 else ours)


def test_all_layers_stand_in_their_order() -> None:
    names = [type(layer).__name__ for layer in NETWORKS["CNN 1-32-64"].layers(torch.nn)]
    assert names == ["Conv2d", "ReLU", "Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear", "ReLU", "Linear"]


def test_a_feed_goes_round_and_starts_again() -> None:
    feed = Feed([("a", 1), ("b", 2)])
    assert [next(feed)[0] for _ in range(3)] == ["a", "b", "a"]
    feed.restart()
    assert next(feed) == ("a", 1)


def test_ours_trains_as_pytorch_and_numpy_by_hand_do() -> None:
    problem = mlp_network.draw(4, seed=0)
    ready = candidates(
        {
            "ours": trainers.tapegrad(problem),
            "PyTorch": trainers.pytorch(problem),
            "by hand": mlp_numpy_trainers.by_hand(problem),
        },
        reference="by hand",
    )
    assert [candidate.name for candidate in ready] == ["ours", "PyTorch", "by hand"]


def test_ours_trains_a_convolutional_network_as_both_layouts_of_pytorch_do() -> None:
    problem = SMALL.draw(4, seed=0)
    losses = first_losses(trainers.tapegrad(problem))
    assert len(losses) == CHECKED_STEPS + 1
    assert losses == pytest.approx(first_losses(trainers.pytorch(problem)), rel=1e-4)
    assert losses == pytest.approx(first_losses(trainers.pytorch(problem, channels_last=True)), rel=1e-4)


def test_a_trainer_restarts_where_it_started(problem: Problem) -> None:
    trainer = trainers.pytorch(problem)
    assert first_losses(trainer) == first_losses(trainer)


def losing(*losses: float) -> Trainer:
    """A trainer that has these losses."""
    remaining: list[float] = []

    def step() -> Any:
        return np.float64(remaining.pop(0))

    return Trainer(step, restart=lambda: remaining.__setitem__(slice(None), losses))


def test_who_computes_something_else_is_not_timed() -> None:
    reference, close = losing(2.0, 1.5, 1.2, 1.0), losing(2.0, 1.5, 1.2, 1.00005)
    assert [one.name for one in candidates({"close": close, "right": reference}, "right")] == ["close", "right"]
    with pytest.raises(ArithmeticError, match=r"wrong computes something else: losses \[2\.0, 1\.5, 1\.2, 1\.01\]"):
        candidates({"wrong": losing(2.0, 1.5, 1.2, 1.01), "right": reference}, "right")
