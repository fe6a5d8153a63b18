"""Training to an accuracy: all libraries train alike, the clock stops where it should, who differs is not timed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks import learning, time_to_accuracy
from benchmarks.groups import Settings
from benchmarks.learning import LIBRARIES, Images, Report, learn

SETTINGS = Settings(rounds=2, threads=1, seed=0, compile=False)


@pytest.fixture(scope="module")
def images() -> Images:
    """Five batches of images, whose label is where they are bright: easy to learn."""
    rng = np.random.default_rng(0)
    labels = rng.integers(10, size=5 * learning.BATCH)
    pixels = rng.standard_normal((len(labels), 1, 28, 28), dtype=np.float32)
    for label in range(10):
        pixels[labels == label, :, 2 * label + 4 : 2 * label + 6] += 3
    return pixels, labels


@pytest.fixture(scope="module")
def reports(images: Images) -> dict[str, Report]:
    return {name: learn(library(), images, images, seed=1, target=0.9) for name, library in LIBRARIES.items()}


@pytest.mark.parametrize("name", LIBRARIES)
def test_all_libraries_train_alike(reports: dict[str, Report], name: str) -> None:
    np.testing.assert_allclose(reports[name].losses, reports["PyTorch NCHW"].losses, rtol=1e-4)
    assert (reports[name].steps, len(reports[name].losses)) == (reports["PyTorch NCHW"].steps, 4)
    assert reports[name].accuracy >= 0.9


def test_the_first_look_that_is_good_enough_ends_it(images: Images) -> None:
    looks = [learn(LIBRARIES["tapegrad"](), images, images, seed=1, target=target).steps for target in (0.0, 0.9)]

    assert looks == [3, 8]  # of 15 steps, looks after 3, 5, 8, 10, 13 and 15; after 5 not enough images are known


def test_a_target_out_of_reach_is_an_error(images: Images) -> None:
    with pytest.raises(ArithmeticError, match=r"after 15 steps; it should be 101.00%"):
        learn(LIBRARIES["tapegrad"](), images, images, seed=1, target=1.01)


def test_each_epoch_has_all_images_in_another_order() -> None:
    rows = np.array(list(learning.rows_of_batches(2 * learning.BATCH, seed=0)))

    assert rows.shape == (2 * learning.EPOCHS, learning.BATCH)
    first, second = rows[:2].ravel(), rows[2:4].ravel()
    assert (np.sort(first) == np.sort(second)).all()
    assert (first != second).any()


def answers(monkeypatch: pytest.MonkeyPatch, seconds: dict[str, float], losses: dict[str, float]) -> list[Any]:
    """Let the group read these in place of processes; who was asked, with which seed, for which target."""
    asked = []

    def answer(library: str, seed: int, target: float, cache: str) -> dict[str, Any]:
        asked.append((library, seed, target))
        return {"seconds": seconds[library] + seed, "losses": [losses[library]] * 4}

    monkeypatch.setattr(time_to_accuracy, "learning", answer)
    return asked


def test_medians_are_held_against_the_faster_layout_and_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = {"tapegrad": 4.0, "PyTorch NCHW": 16.0, "PyTorch channels-last": 10.0}
    asked = answers(monkeypatch, seconds, dict.fromkeys(seconds, 2.3))

    beside, alone = time_to_accuracy.measure(SETTINGS)

    first = [("PyTorch NCHW", 0, 0.0), ("PyTorch channels-last", 0, 0.0), ("tapegrad", 0, 0.0)]
    timed = [(name, seed, 0.99) for name in ("PyTorch channels-last", "tapegrad") for seed in (0, 1)]
    assert (sorted(asked[:3]), sorted(asked[3:])) == (first, timed)
    ours, peer = beside.rows
    assert (ours.name, peer.name, peer.must_reach) == ("tapegrad", "PyTorch channels-last", 0.5)
    assert peer.values[beside.judged].value == pytest.approx(4.5 / 10.5)  # type: ignore[union-attr]
    assert (beside.verdict(peer), alone.verdict(alone.rows[0])) == ("yes", "yes")


def test_who_has_other_losses_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = dict.fromkeys(LIBRARIES, 1.0)
    answers(monkeypatch, seconds, {**dict.fromkeys(seconds, 2.3), "tapegrad": 2.301})

    with pytest.raises(ArithmeticError, match="tapegrad computes something else"):
        time_to_accuracy.measure(SETTINGS)
