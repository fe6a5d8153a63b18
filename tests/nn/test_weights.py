"""Weights in files: what is written comes back, bit by bit, and is what other programs read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray

import tapegrad as tg
from tapegrad import nn
from tapegrad.nn import WeightsError
from tapegrad.nn.weights import load_arrays, save_arrays

BASE = np.arange(24.0).reshape(4, 6)
LAYOUTS: dict[str, NDArray[Any]] = {
    "C": BASE,
    "Fortran": np.asfortranarray(BASE),
    "transposed": BASE.T,
    "strided": BASE[::2, 1::3],
    "negative strides": BASE[::-1, ::-2],
    "broadcast": np.broadcast_to(np.arange(3.0), (2, 3)),
    "0-d": np.array(3.5),
    "empty": np.zeros((0, 3)),
    "big-endian": BASE.astype(">f8"),
    "permuted": np.arange(24.0).reshape(2, 3, 4).transpose(1, 2, 0),
    "read-only": np.frombuffer(BASE.tobytes()),
}
SUFFIXES = (".safetensors", ".npz")
# float, complex and integer types that both formats have
DTYPES = ["bool", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8", "c8"]
both_formats = pytest.mark.parametrize("name", [f"w{suffix}" for suffix in SUFFIXES])


def assert_same_bits(loaded: NDArray[Any], array: NDArray[Any]) -> None:
    """Shape, type and every bit, that of NaNs and of the zeros' signs too; the byte order becomes this machine's."""
    expected = array.astype(array.dtype.newbyteorder("="))
    assert loaded.shape == array.shape
    assert loaded.dtype == expected.dtype
    assert loaded.tobytes() == expected.tobytes()


@both_formats
def test_every_layout_comes_back(tmp_path: Path, name: str) -> None:
    nn.save(LAYOUTS, tmp_path / name)
    loaded = nn.load(tmp_path / name)

    assert sorted(loaded) == sorted(LAYOUTS)
    for layout, array in LAYOUTS.items():
        assert_same_bits(loaded[layout], array)


@both_formats
@given(data=st.data())
def test_any_names_layouts_and_bits_come_back(
    name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("w") / name
    letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0/\\")
    names = st.text(letters, min_size=1).filter(lambda text: text not in ("..", "__metadata__"))
    shapes = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
    arrays = data.draw(st.dictionaries(names, hnp.arrays(st.sampled_from(DTYPES), shapes), max_size=4))
    for each in arrays:
        axes = data.draw(st.permutations(range(arrays[each].ndim)))
        steps = data.draw(st.lists(st.sampled_from([1, 2, -1]), min_size=len(axes), max_size=len(axes)))
        arrays[each] = arrays[each].transpose(axes)[tuple(slice(None, None, step) for step in steps)]
    notes = data.draw(st.dictionaries(st.text(letters), st.text(letters), max_size=3))

    save_arrays(arrays, path, notes)
    loaded, read = load_arrays(path)

    assert read == notes
    assert sorted(loaded) == sorted(arrays)
    for each, array in arrays.items():
        assert_same_bits(loaded[each], np.asarray(array))


@both_formats
def test_a_model_comes_back(tmp_path: Path, name: str) -> None:
    model, twin = (nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2)) for _ in range(2))
    nn.save(model, tmp_path / name)

    twin.load_state_dict(nn.load(tmp_path / name))

    x = tg.tensor(np.ones((4, 3), np.float32))
    np.testing.assert_array_equal(model(x).numpy(), twin(x).numpy())


@both_formats
def test_no_arrays_and_no_notes_are_a_file_too(tmp_path: Path, name: str) -> None:
    nn.save({}, tmp_path / name)

    assert load_arrays(tmp_path / name) == ({}, {})


def test_the_file_is_what_others_read(tmp_path: Path) -> None:
    """The format, as its specification has it: the length of a JSON header, the header, the bytes."""
    path = tmp_path / "w.safetensors"
    nn.save({"w": BASE.astype(np.float32).T}, path)
    content = path.read_bytes()

    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    assert header == {"w": {"dtype": "F32", "shape": [6, 4], "data_offsets": [0, 96]}}
    np.testing.assert_array_equal(np.frombuffer(content[8 + length :], "<f4").reshape(6, 4), BASE.T)


def test_numpy_reads_the_npz(tmp_path: Path) -> None:
    save_arrays(LAYOUTS, tmp_path / "w.npz", {"step": "7"})

    with np.load(tmp_path / "w.npz", allow_pickle=False) as archive:
        assert sorted(archive.files) == sorted([*LAYOUTS, "__metadata__"])
        for layout, array in LAYOUTS.items():
            np.testing.assert_array_equal(archive[layout], array)
        assert json.loads(archive["__metadata__"].tobytes()) == {"step": "7"}


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_an_npz_of_numpys_is_read(tmp_path: Path, save: Any) -> None:
    save(tmp_path / "w.npz", a=BASE.T, b=np.zeros(10_000), c=np.complex128(1j))
    loaded = nn.load(tmp_path / "w.npz")

    assert_same_bits(loaded["a"], BASE.T)
    assert_same_bits(loaded["b"], np.zeros(10_000))
    assert_same_bits(loaded["c"], np.array(1j))


@both_formats
def test_what_was_loaded_is_ones_own(tmp_path: Path, name: str) -> None:
    nn.save({"x": BASE}, tmp_path / name)
    loaded = nn.load(tmp_path / name)["x"]

    loaded[0, 0] = 99

    assert nn.load(tmp_path / name)["x"][0, 0] == 0


@both_formats
def test_a_name_that_the_formats_keep_for_themselves(tmp_path: Path, name: str) -> None:
    with pytest.raises(WeightsError, match=f"{name}: '__metadata__' is no name for an array"):
        nn.save({"__metadata__": BASE}, tmp_path / name)


@both_formats
@pytest.mark.parametrize("array", [np.array([None]), np.array(["x"]), np.array([1], "M8[s]"), np.longdouble(1)])
def test_what_no_file_can_hold(tmp_path: Path, name: str, array: Any) -> None:
    nn.save({"x": BASE}, tmp_path / name)

    with pytest.raises(WeightsError) as caught:
        nn.save({"y": array}, tmp_path / name)

    assert f"{name}: not saved ('y' is {array.dtype}; a" in str(caught.value)
    assert_same_bits(nn.load(tmp_path / name)["x"], BASE)


def test_complex128_goes_to_npz_alone(tmp_path: Path) -> None:
    numbers = np.array([1 + 2j, complex("nan-0j")])
    nn.save({"z": numbers}, tmp_path / "w.npz")

    assert_same_bits(nn.load(tmp_path / "w.npz")["z"], numbers)
    with pytest.raises(WeightsError, match=r"'z' is complex128; a \.safetensors file holds bool, .*complex64"):
        nn.save({"z": numbers}, tmp_path / "w.safetensors")


@pytest.mark.parametrize("key", ["/etc/passwd", "../x", "a/../../x", "a\\b", "a\0b", "n" * 70_000, "\ud800"])
def test_names_that_an_archive_does_not_keep_or_nobody_should_unpack(tmp_path: Path, key: str) -> None:
    with pytest.raises(WeightsError, match="not saved"):
        nn.save({key: BASE}, tmp_path / "w.npz")

    assert list(tmp_path.iterdir()) == []


def test_names_like_paths_of_layers_are_kept(tmp_path: Path) -> None:
    nn.save({"block/conv.weight": BASE, "a..b": BASE}, tmp_path / "w.npz")

    assert sorted(nn.load(tmp_path / "w.npz")) == ["a..b", "block/conv.weight"]


@pytest.mark.parametrize("name", ["w", "w.bin2", "w.safetensors.gz", ".npz"])
def test_an_unknown_suffix(tmp_path: Path, name: str) -> None:
    with pytest.raises(WeightsError, match=rf"{name}: weights are kept in files named \*.safetensors or \*.npz"):
        nn.save({"x": BASE}, tmp_path / name)
    assert list(tmp_path.iterdir()) == []

    (tmp_path / name).touch()
    with pytest.raises(WeightsError, match=rf"{name}: weights are kept in files named"):
        nn.load(tmp_path / name)


def test_suffixes_in_capitals(tmp_path: Path) -> None:
    nn.save({"x": BASE}, tmp_path / "W.NPZ")

    assert_same_bits(nn.load(tmp_path / "W.NPZ")["x"], BASE)


def test_without_safetensors_the_extra_is_named_and_npz_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "safetensors", None)
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    path = tmp_path / "w.safetensors"

    with pytest.raises(ImportError, match=r'pip install "tapegrad\[io\]"; .npz files need none'):
        nn.save({"x": BASE}, path)
    assert list(tmp_path.iterdir()) == []
    path.touch()
    with pytest.raises(ImportError, match=r'pip install "tapegrad\[io\]"; .npz files need none'):
        nn.load(path)

    nn.save({"x": BASE}, tmp_path / "w.npz")
    assert_same_bits(nn.load(tmp_path / "w.npz")["x"], BASE)
