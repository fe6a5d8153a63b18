"""Weights in files: what is written comes back, what is not whole is refused, a failed write leaves the old file."""

from __future__ import annotations

import json
import resource
import signal
import stat
import subprocess
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
}


def test_every_layout_comes_back(tmp_path: Path) -> None:
    nn.save(LAYOUTS, tmp_path / "w")
    loaded = nn.load(tmp_path / "w")

    assert sorted(loaded) == sorted(LAYOUTS)
    for name, array in LAYOUTS.items():
        assert loaded[name].shape == array.shape, name
        np.testing.assert_array_equal(loaded[name], array, err_msg=name)


@pytest.mark.parametrize(
    "dtype", ["bool", "int8", "uint8", "int16", "int32", "int64", "float16", "float32", "float64", "complex64"]
)
def test_every_dtype_comes_back(tmp_path: Path, dtype: str) -> None:
    nn.save({"x": BASE.astype(dtype)}, tmp_path / "w")
    loaded = nn.load(tmp_path / "w")["x"]

    assert loaded.dtype == dtype
    np.testing.assert_array_equal(loaded, BASE.astype(dtype))


@given(
    arrays=st.dictionaries(
        st.text(min_size=1).filter(lambda s: s != "__metadata__"),
        hnp.arrays(np.float32, hnp.array_shapes(min_dims=0, min_side=0)),
    )
)
def test_any_names_and_shapes_come_back(arrays: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("w") / "w"
    nn.save(arrays, path)
    loaded = nn.load(path)

    assert sorted(loaded) == sorted(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(loaded[name], array, strict=True)


def test_a_model_comes_back(tmp_path: Path) -> None:
    model, twin = (nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2)) for _ in range(2))
    nn.save(model, tmp_path / "w.safetensors")

    twin.load_state_dict(nn.load(tmp_path / "w.safetensors"))

    x = tg.tensor(np.ones((4, 3), np.float32))
    np.testing.assert_array_equal(model(x).numpy(), twin(x).numpy())


def test_the_file_is_what_others_read(tmp_path: Path) -> None:
    """The format, as its specification has it: the length of a JSON header, the header, the bytes."""
    nn.save({"w": BASE.astype(np.float32).T}, tmp_path / "w")
    content = (tmp_path / "w").read_bytes()

    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    assert header == {"w": {"dtype": "F32", "shape": [6, 4], "data_offsets": [0, 96]}}
    np.testing.assert_array_equal(np.frombuffer(content[8 + length :], "<f4").reshape(6, 4), BASE.T)


def test_what_was_loaded_is_ones_own(tmp_path: Path) -> None:
    nn.save({"x": BASE}, tmp_path / "w")
    loaded = nn.load(tmp_path / "w")["x"]

    loaded[0, 0] = 99

    assert nn.load(tmp_path / "w")["x"][0, 0] == 0


def test_a_file_cut_at_any_byte_is_refused(tmp_path: Path) -> None:
    nn.save({"weight": np.ones((2, 3), np.float32), "bias": np.ones(2)}, tmp_path / "w")
    content = (tmp_path / "w").read_bytes()
    cut = tmp_path / "cut"

    for size in range(len(content)):
        cut.write_bytes(content[:size])
        with pytest.raises(WeightsError, match=r"cut: not a whole safetensors file"):
            nn.load(cut)


@pytest.mark.parametrize(
    "content", [b"", b"\x80\x04K\x01.", b"PK\x03\x04" * 9, b"\xff" * 64, b"text, not weights\n" * 3]
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "w").write_bytes(content)

    with pytest.raises(WeightsError, match="not a whole safetensors file"):
        nn.load(tmp_path / "w")


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        nn.load(tmp_path / "nowhere")


@pytest.mark.parametrize("array", [np.array([1j]), np.array([None]), np.array(["x"]), np.longdouble(1)])
def test_what_a_file_cannot_hold(tmp_path: Path, array: Any) -> None:
    nn.save({"x": BASE}, tmp_path / "w")

    with pytest.raises(WeightsError, match=rf"save: safetensors cannot hold these arrays .*: y is {array.dtype}"):
        nn.save({"y": array}, tmp_path / "w")

    np.testing.assert_array_equal(nn.load(tmp_path / "w")["x"], BASE)


def test_a_name_that_the_format_keeps_for_itself(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="'__metadata__' is no name for an array"):
        nn.save({"__metadata__": BASE}, tmp_path / "w")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """A real failure half-way: a process that may not write files of more than 4 kB."""
    path = tmp_path / "w"
    nn.save({"x": BASE}, path)
    before = path.read_bytes()
    program = f"import numpy as np; from tapegrad import nn; nn.save({{'x': np.zeros(5000)}}, {str(path)!r})"

    def small_files_only() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    done = subprocess.run(
        [sys.executable, "-c", program], preexec_fn=small_files_only, capture_output=True, text=True, check=False
    )

    assert "OSError: [Errno 27] File too large" in done.stderr
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["w"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        nn.save({"x": BASE}, tmp_path / "nowhere" / "w")
    assert list(tmp_path.iterdir()) == []


def test_others_may_read_the_file_if_they_may_read_new_files(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    nn.save({"x": BASE}, tmp_path / "w")

    mode, usual = (stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("w", "plain"))
    assert mode == usual


def test_without_safetensors_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)

    for call in (lambda: nn.save({"x": BASE}, tmp_path / "w"), lambda: nn.load(tmp_path / "w")):
        with pytest.raises(ImportError, match=r'pip install "tapegrad\[io\]"'):
            call()
    assert list(tmp_path.iterdir()) == []
