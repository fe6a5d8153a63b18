"""Folders of compiled kernels: where they lie, who may write there, what survives, and what goes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numba
import pytest

from tapegrad.autograd.kernels.caching import folder
from tapegrad.autograd.kernels.caching.folder import Folder, place

HOUR = 3600.0


def aged(path: Path, hours: float) -> Path:
    """The path, last changed so long ago."""
    then = time.time() - hours * HOUR
    os.utime(path, (then, then))
    return path


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.iterdir())


@pytest.fixture
def kept(tmp_path: Path) -> Folder:
    """A folder with one file."""
    made = Folder(tmp_path / "kernels" / "state")
    made.save("a.bin", b"content")
    return made


def test_a_file_comes_back_as_it_was(kept: Folder) -> None:
    kept.save("b.bin", b"")
    kept.save("a.bin", b"other")

    assert (kept.load("a.bin"), kept.load("b.bin"), kept.load("c.bin")) == (b"other", b"", None)
    assert names(kept.path) == ["a.bin", "b.bin"]


@pytest.mark.parametrize("length", [0, 10, 32, 33, 38])
def test_a_cut_file_is_none(kept: Folder, length: int) -> None:
    file = kept.path / "a.bin"
    file.write_bytes(file.read_bytes()[:length])

    assert kept.load("a.bin") is None


@pytest.mark.parametrize("at", [0, 31, 32, 38])
def test_an_altered_file_is_none(kept: Folder, at: int) -> None:
    file = kept.path / "a.bin"
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)

    assert kept.load("a.bin") is None


def test_what_cannot_be_written_is_not_there(kept: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    kept.save("b.bin", b"content")

    assert kept.load("b.bin") is None
    assert names(kept.path) == ["a.bin"]


def test_a_folder_that_cannot_be_written_is_still_read(kept: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "utime", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    same = Folder(kept.path)
    same.save("a.bin", b"other")

    assert same.load("a.bin") == b"content"


def test_an_interrupted_write_leaves_nothing(kept: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(path: Path, _: Path) -> None:
        assert path.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        kept.save("a.bin", b"other")

    assert kept.load("a.bin") == b"content"
    assert names(kept.path) == ["a.bin"]


def test_only_the_user_can_write_to_what_is_made(kept: Folder) -> None:
    assert kept.path.stat().st_mode & 0o777 == kept.path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("intrusion", ["group writes", "others write", "another's", "a link"])
def test_where_others_can_write_nothing_is_read_or_kept(
    kept: Folder, intrusion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = kept.path.parent
    if intrusion == "group writes":
        parent.chmod(0o770)
    elif intrusion == "others write":
        parent.chmod(0o702)
    elif intrusion == "another's":
        user = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: user + 1)
    else:
        parent.symlink_to(parent.rename(parent.with_name("elsewhere")), target_is_directory=True)

    with pytest.warns(RuntimeWarning, match="not a folder that only you can write to"):
        assert kept.load("a.bin") is None
    with pytest.warns(RuntimeWarning, match="TAPEGRAD_CACHE_DIR"):
        kept.save("b.bin", b"content")
    assert names(kept.path) == ["a.bin"]


def test_the_folders_opened_last_and_those_in_use_stay(tmp_path: Path) -> None:
    kernels = tmp_path / "kernels"
    for i in range(12):
        Folder(kernels / f"{i:02}").save("a.bin", b"")
    for i in range(12):
        aged(kernels / f"{i:02}", hours=20 - i)
    Folder(kernels / "01")  # opened
    aged(kernels / "02", hours=0.9)

    Folder(kernels / "new").save("a.bin", b"")

    assert names(kernels) == ["01", "02", "07", "08", "09", "10", "11", "new"]
    assert len(names(kernels)) == folder._KEPT

    for i in (8, 9, 10, 11):
        aged(kernels / f"{i:02}", hours=0.5)
    for name in ("a", "b", "c"):
        Folder(kernels / name).save("a.bin", b"")

    assert names(kernels) == ["01", "02", "08", "09", "10", "11", "a", "b", "c", "new"]


def test_a_folder_that_was_removed_is_made_again(kept: Folder) -> None:
    (kept.path / "a.bin").unlink()
    kept.path.rmdir()

    assert kept.load("a.bin") is None
    kept.save("a.bin", b"content")
    assert kept.load("a.bin") == b"content"


def test_what_killed_processes_left_goes_with_the_next_new_folder(kept: Folder) -> None:
    old, young = kept.path / ".a.bin.1.part", kept.path / ".a.bin.2.part"
    old.touch()
    young.touch()
    aged(old, hours=2)

    Folder(kept.path.with_name("new")).save("a.bin", b"")

    assert not old.exists()
    assert young.exists()


def test_the_place_is_named_by_variables_or_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAPEGRAD_CACHE_DIR", raising=False)
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    by_default = place()
    assert by_default is not None
    assert by_default.name == "kernels"
    assert by_default.is_relative_to(tmp_path)
    assert "tapegrad" in by_default.parts

    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "numba"))
    assert place() == tmp_path / "numba" / "tapegrad" / "kernels"

    monkeypatch.setenv("TAPEGRAD_CACHE_DIR", "~/mine")
    assert place() == tmp_path / "mine" / "kernels"

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TAPEGRAD_CACHE_DIR", "here")
    assert place() == tmp_path / "here" / "kernels"


def test_a_user_without_a_home_has_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPEGRAD_CACHE_DIR", "~nobody-of-this-name/cache")

    assert place() is None
