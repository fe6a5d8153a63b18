from __future__ import annotations

import itertools
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from tapegrad.datasets import ArrayDataset, DataLoader, transforms


def numbered(length: int) -> ArrayDataset:
    rows = np.arange(length)
    return ArrayDataset(np.stack([rows, -rows], axis=1).astype(np.float32), rows)


def rows_of(loader: DataLoader) -> list[int]:
    """The rows of one epoch, and a check that images and labels stay together."""
    rows = []
    for images, labels in loader:
        np.testing.assert_array_equal(images, np.stack([labels, -labels], axis=1))
        rows += labels.tolist()
    return rows


@given(st.integers(1, 60), st.integers(1, 70), st.booleans(), st.integers(0, 2**64))
def test_every_row_once_in_every_epoch(length: int, batch_size: int, shuffle: bool, seed: int) -> None:
    loader = DataLoader(numbered(length), batch_size, shuffle=shuffle, seed=seed)

    for _ in range(2):
        assert sorted(rows_of(loader)) == list(range(length))
    sizes = [len(labels) for _, labels in loader]
    assert len(loader) == len(sizes)
    assert all(size == batch_size for size in sizes[:-1])
    assert 1 <= sizes[-1] <= batch_size


@given(st.integers(1, 60), st.integers(1, 60))
def test_drop_last_gives_whole_batches_only(length: int, batch_size: int) -> None:
    if length < batch_size:
        with pytest.raises(ValueError, match="no batch to give"):
            DataLoader(numbered(length), batch_size, drop_last=True)
        return

    loader = DataLoader(numbered(length), batch_size, shuffle=True, drop_last=True)

    assert [len(labels) for _, labels in loader] == [batch_size] * (length // batch_size)
    assert len(loader) == length // batch_size


def test_a_billion_rows_in_their_own_order_take_no_memory() -> None:
    class Squares:
        def __len__(self) -> int:
            return 10**9

        def __getitem__(self, rows: Any) -> tuple[NDArray[Any], ...]:
            return (np.square(rows),)

    tracemalloc.start()
    try:
        (first,) = next(iter(DataLoader(Squares(), 2)))
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()
    assert first.tolist() == [0, 1]


def test_without_shuffling_in_the_data_sets_order() -> None:
    loader = DataLoader(numbered(10), 4)

    assert [labels.tolist() for _, labels in loader] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_the_order_is_a_function_of_seed_and_epoch() -> None:
    first = [rows_of(loader) for loader in [DataLoader(numbered(30), 4, shuffle=True, seed=7)] for _ in range(3)]
    again = DataLoader(numbered(30), 8, shuffle=True, seed=7)
    other = DataLoader(numbered(30), 4, shuffle=True, seed=8)

    assert first[0] != first[1] != first[2] != first[0]
    assert [rows_of(again) for _ in range(3)] == first
    assert rows_of(other) not in first
    again.set_epoch(1)
    assert again.epoch == 1
    assert rows_of(again) == first[1]
    assert rows_of(again) == first[2]


def test_the_same_order_on_every_machine() -> None:
    assert rows_of(DataLoader(numbered(10), 3, shuffle=True, seed=0)) == [8, 4, 3, 6, 5, 7, 2, 9, 0, 1]


def test_an_epoch_left_early_and_two_at_once() -> None:
    expected = [rows_of(loader) for loader in [DataLoader(numbered(12), 2, shuffle=True)] for _ in range(3)]

    loader = DataLoader(numbered(12), 2, shuffle=True)
    next(iter(loader))
    assert rows_of(loader) == expected[1]

    loader.set_epoch(0)
    both = list(itertools.chain.from_iterable(zip(iter(loader), iter(loader), strict=True)))
    assert [row for _, labels in both[::2] for row in labels.tolist()] == expected[0]
    assert [row for _, labels in both[1::2] for row in labels.tolist()] == expected[1]


def test_nobody_else_holds_a_batch() -> None:
    images, labels = np.zeros((6, 2)), np.zeros(6)
    batches = list(DataLoader(ArrayDataset(images, labels), 6)) + list(DataLoader(ArrayDataset(images, labels), 6))

    batches[0][0][:] = 1

    assert not images.any()
    assert not batches[1][0].any()
    assert all(array.flags.writeable and array.flags.c_contiguous for batch in batches for array in batch)


def test_any_number_of_arrays() -> None:
    [(a, b, c)] = DataLoader(ArrayDataset(np.zeros(2), np.ones(2), np.full(2, 2.0)), 2)

    assert (a[0], b[0], c[0]) == (0, 1, 2)


def contents(loader: DataLoader) -> list[list[tuple[Any, ...]]]:
    """Two epochs, and the rest of the second from its fourth batch on, as bytes."""
    epochs: list[list[tuple[Any, ...]]] = []
    for epoch, batch in ((0, 0), (1, 0), (1, 3)):
        loader.set_epoch(epoch, batch)
        epochs.append([tuple((array.dtype, array.shape, array.tobytes()) for array in arrays) for arrays in loader])
    return epochs


def test_the_same_batches_bit_by_bit_however_they_are_made() -> None:
    images = np.random.default_rng(0).random((100, 1, 8, 8), dtype=np.float32)
    dataset = ArrayDataset(images, np.arange(100), np.arange(100) % 7)

    def loader(prefetch: int, workers: int) -> DataLoader:
        changes: list[transforms.AnyTransform] = [
            transforms.RandomShift(2, whole=True),
            transforms.Normalize(0.5, 0.25),
        ]
        return DataLoader(
            dataset, 16, True, 5, transform=transforms.Compose(changes), prefetch=prefetch, workers=workers
        )

    expected = contents(loader(0, 0))

    assert expected[2] == expected[1][3:]
    assert [len(epoch) for epoch in expected] == [7, 7, 4]
    labels = [np.frombuffer(arrays[1][2], np.int64) for arrays in expected[0]]
    first = np.concatenate([np.frombuffer(arrays[0][2], np.float32).reshape(-1, 8, 8) for arrays in expected[0]])
    untouched = (images[np.concatenate(labels), 0] - np.float32(0.5)) / np.float32(0.25)
    assert 0 < (first == untouched).all(axis=(1, 2)).sum() < 20  # most were shifted, each in its own way
    for prefetch, workers in [(1, 0), (4, 0), (0, 1), (0, 2), (1, 2), (4, 1)]:
        assert contents(loader(prefetch, workers)) == expected, (prefetch, workers)


def test_random_transforms_get_a_generator_of_their_batch() -> None:
    words: list[int] = []

    class Drawing(transforms.Random):
        def __call__(self, images: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
            words.append(int(rng.bit_generator.random_raw()))
            return images

    loader = DataLoader(numbered(10), 4, seed=3, transform=Drawing())
    for _ in range(2):
        list(loader)
    loader.set_epoch(1, batch=1)
    list(loader)

    assert len(set(words)) == 6
    assert words[6:] == words[4:6]


def test_a_transform_changes_the_first_array_only() -> None:
    [(images, labels)] = DataLoader(numbered(3), 3, transform=lambda images: images[:, :1] * 2)

    assert images.tolist() == [[0], [2], [4]]
    assert labels.tolist() == [0, 1, 2]


def test_a_transform_that_loses_images() -> None:
    with pytest.raises(ValueError, match=r"expected 3 images from the transform; got an array of shape \(2, 2\)"):
        list(DataLoader(numbered(3), 3, transform=lambda images: images[1:]))


def test_wrong_options() -> None:
    with pytest.raises(ValueError, match="prefetch: expected an integer >= 0; got -1"):
        DataLoader(numbered(3), prefetch=-1)
    with pytest.raises(TypeError, match="workers: expected an integer >= 0; got True"):
        DataLoader(numbered(3), workers=True)
    with pytest.raises(TypeError, match="transform: expected a function of a batch of images; got int"):
        DataLoader(numbered(3), transform=3)  # type: ignore[arg-type]


def test_unequal_lengths_are_refused_before_there_is_a_loader() -> None:
    with pytest.raises(ValueError, match=r"first axes of one length; got \[\(3, 2\), \(4,\)\]"):
        DataLoader(ArrayDataset(np.zeros((3, 2)), np.zeros(4)))


@pytest.mark.parametrize("batch_size", [0, -1])
def test_batch_size_out_of_range(batch_size: int) -> None:
    with pytest.raises(ValueError, match=f"batch_size: expected an integer >= 1; got {batch_size}"):
        DataLoader(numbered(3), batch_size)


@pytest.mark.parametrize("batch_size", [2.0, "2", None, True, np.True_, [2]])
def test_batch_size_not_an_integer(batch_size: Any) -> None:
    with pytest.raises(TypeError, match="batch_size: expected an integer >= 1; got"):
        DataLoader(numbered(3), batch_size)


def test_numpy_integers_are_integers() -> None:
    assert len(DataLoader(numbered(3), np.int32(2), seed=np.uint8(1))) == 2  # type: ignore[arg-type]


def test_wrong_seed_and_epoch() -> None:
    with pytest.raises(ValueError, match="seed: expected an integer >= 0; got -1"):
        DataLoader(numbered(3), seed=-1)
    with pytest.raises(TypeError, match=r"seed: expected an integer >= 0; got 0\.5"):
        DataLoader(numbered(3), seed=0.5)  # type: ignore[arg-type]
    loader = DataLoader(numbered(3))
    with pytest.raises(ValueError, match="epoch: expected an integer >= 0; got -1"):
        loader.set_epoch(-1)
    assert loader.epoch == 0


def test_an_empty_data_set() -> None:
    with pytest.raises(ValueError, match=r"no batch to give: 0 rows, batch_size=4, drop_last=False"):
        DataLoader(numbered(0), 4)


@pytest.mark.parametrize("plain", [np.zeros((4, 2)), (np.zeros((4, 2)), np.zeros(3)), [(np.zeros(2), 1)]])
def test_plain_arrays_are_no_data_set(plain: Any) -> None:
    with pytest.raises(TypeError, match=r"expected a data set, .*; got a plain \w+\. Arrays make one as ArrayDataset"):
        DataLoader(plain, 2)


def test_a_data_set_that_gives_no_tuple() -> None:
    class Images:
        def __len__(self) -> int:
            return 4

        def __getitem__(self, index: Any) -> Any:
            return np.zeros((len(index), 2))

    with pytest.raises(TypeError, match=r"expected a tuple of arrays from the data set; got ndarray. .*ArrayDataset"):
        next(iter(DataLoader(Images(), 2)))


def test_a_data_set_of_single_rows_is_told_what_it_is_asked_for() -> None:
    class OfPyTorch:
        def __len__(self) -> int:
            return 4

        def __getitem__(self, index: Any) -> Any:
            return np.zeros(2), int(index)

    with pytest.raises(TypeError) as caught:
        next(iter(DataLoader(OfPyTorch(), 2)))
    assert "asked for the rows of a batch at once: dataset[rows], an array (2,)" in caught.value.__notes__[0]


def test_a_transform_that_gives_no_images() -> None:
    transform: Any = lambda images: None  # noqa: E731
    with pytest.raises(TypeError, match="expected an array of images from the transform; got NoneType"):
        next(iter(DataLoader(numbered(4), 2, transform=transform)))


def test_a_data_set_that_gives_other_rows_than_asked() -> None:
    class OneByOne:
        def __len__(self) -> int:
            return 4

        def __getitem__(self, index: Any) -> tuple[NDArray[Any], ...]:
            return np.zeros((1, 2)), np.zeros(1)

    with pytest.raises(ValueError, match=r"asked the data set for 2 rows; got arrays of \[1, 1\] rows"):
        next(iter(DataLoader(OneByOne(), 2)))
