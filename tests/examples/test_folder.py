"""Output folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.mnist.folder import LOG, WEIGHTS, holds_a_run, make_folder


def test_numbers_count_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    made = [make_folder(None, "mlp") for _ in range(3)]

    assert [path.as_posix() for path in made] == ["runs/mnist/mlp-1", "runs/mnist/mlp-2", "runs/mnist/mlp-3"]
    assert all(path.is_dir() for path in made)


def test_a_chosen_folder_with_its_parents(tmp_path: Path) -> None:
    chosen = tmp_path / "a/b"

    assert make_folder(chosen, "mlp") == chosen
    assert chosen.is_dir()
    assert make_folder(chosen, "mlp") == chosen


@pytest.mark.parametrize("name", [WEIGHTS, LOG])
def test_either_file_is_a_run(tmp_path: Path, name: str) -> None:
    assert not holds_a_run(tmp_path / "nowhere")
    assert not holds_a_run(tmp_path)

    (tmp_path / name).touch()

    assert holds_a_run(tmp_path)


def test_a_file_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").touch()

    with pytest.raises(OSError, match="runs"):
        make_folder(None, "mlp")
