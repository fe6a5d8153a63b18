"""Checkpoints: what is written comes back, what is none is refused, and a killed writer leaves a whole file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from tapegrad import nn
from tapegrad.nn.training import load_checkpoint, save_checkpoint
from tapegrad.nn.training.checkpoints import CheckpointError

STATE: dict[str, Any] = {
    "model": {"0.weight": np.arange(6.0).reshape(2, 3).T, "0.bias": np.ones(2, np.float32), "counts": np.array(7)},
    "optimizer": {"groups": [{"lr": 0.1, "nesterov": False}], "moments": [np.zeros(3), np.ones(2)]},
    "schedule": None,
    "random": {"state": 2**100, "name": "PCG64"},
    "place": {"best": float("inf"), "text": "ä\0\ud800"},
    "texts": ["array:", "array:model.counts", "text:array:"],
    "a.b": np.zeros(1),
    "a": {"b": np.ones(1)},
}
both_formats = pytest.mark.parametrize("name", ["last.safetensors", "last.npz"])


def assert_same(loaded: Any, state: Any) -> None:
    if isinstance(state, np.ndarray):
        np.testing.assert_array_equal(loaded, state, strict=True)
    elif isinstance(state, dict | list):
        assert type(loaded) is type(state)
        assert len(loaded) == len(state)
        for key in state if isinstance(state, dict) else range(len(state)):
            assert_same(loaded[key], state[key])
    else:
        assert loaded == state
        assert type(loaded) is type(state)


@both_formats
def test_a_tree_comes_back(tmp_path: Path, name: str) -> None:
    save_checkpoint(STATE, tmp_path / name)

    assert_same(load_checkpoint(tmp_path / name), STATE)


LEAVES: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9)
)
LEAVES |= st.lists(st.integers(0, 9), max_size=3).map(np.array)


@given(
    state=st.dictionaries(
        st.text(max_size=5),
        st.recursive(LEAVES, lambda t: st.lists(t, max_size=3) | st.dictionaries(st.text(max_size=5), t, max_size=3)),
        max_size=4,
    )
)
def test_any_tree_comes_back(state: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("c") / "c.safetensors"
    save_checkpoint(state, path)

    assert_same(load_checkpoint(path), state)


@both_formats
def test_weights_alone_are_no_checkpoint(tmp_path: Path, name: str) -> None:
    nn.save({"x": np.zeros(2)}, tmp_path / name)

    with pytest.raises(CheckpointError, match=rf"{name}: no checkpoint of a training; weights are loaded with nn.load"):
        load_checkpoint(tmp_path / name)


@both_formats
def test_a_cut_checkpoint_is_refused(tmp_path: Path, name: str) -> None:
    save_checkpoint(STATE, tmp_path / name)
    content = (tmp_path / name).read_bytes()

    for size in range(0, len(content), 97):
        (tmp_path / name).write_bytes(content[:size])
        with pytest.raises(CheckpointError, match=rf"{name}: not a whole checkpoint"):
            load_checkpoint(tmp_path / name)


def test_a_leaf_that_no_file_holds_leaves_the_old_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "c.safetensors"
    save_checkpoint(STATE, path)

    with pytest.raises(TypeError, match=r"checkpoint: model.1 is <object object"):
        save_checkpoint({"model": [1, object()]}, path)

    assert_same(load_checkpoint(path), STATE)


# A process that writes checkpoints as fast as it can is killed at a moment drawn at random, again and again; it is
# forked from one that has imported everything. A checkpoint says in three places which one it is.
KILLING = """
import json, os, random, signal, sys, time
from pathlib import Path
import numpy as np
from tapegrad.nn.training import load_checkpoint, save_checkpoint

path, kills = Path(sys.argv[1]), int(sys.argv[2])
draw = random.Random(0)
written, cut = [], 0

def state(step):
    return {"first": np.full(30_000, step), "step": step, "last": [np.full(30_000, step)]}

def write_for_ever(step, told):
    while True:
        save_checkpoint(state(step), path)
        os.write(told, b".")
        step += 1

save_checkpoint(state(0), path)
for _ in range(kills):
    listen, told = os.pipe()
    child = os.fork()
    if not child:
        write_for_ever(written[-1] + 1 if written else 1, told)
    os.close(told)
    os.read(listen, 1)
    time.sleep(draw.uniform(0, 0.01))
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    done = len(os.read(listen, 10_000))  # after the first
    os.close(listen)
    loaded = load_checkpoint(path)
    step = loaded["step"]
    assert (loaded["first"] == step).all() and (loaded["last"][0] == step).all(), "mixed"
    last = written[-1] if written else 0
    assert step - last - 1 - done in (0, 1), "neither the old nor the new one"
    written.append(step)
    for left in set(path.parent.iterdir()) - {path}:
        assert left.suffix == ".part", left
        cut += 1
        left.unlink()
print(json.dumps([len(written), cut]))
"""


@both_formats
def test_200_kills_leave_a_whole_checkpoint(tmp_path: Path, name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLING, str(tmp_path / name), "200"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.stderr == ""
    kills, cut = json.loads(done.stdout)
    assert kills == 200
    assert cut > 20, f"only {cut} of the kills hit a write"
