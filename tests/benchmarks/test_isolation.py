"""Peers are the installed libraries, never a folder of this repository; threads are settled before NumPy is loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import ROOT, groups, peers, threads
from benchmarks.groups import GROUPS, Settings


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """An interpreter started in the repository's root, as `python -m benchmarks` is."""
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_root_leaves_the_path() -> None:
    done = python("-c", "import sys; assert '' in sys.path; import benchmarks.peers; print(*sys.path, sep='\\n')")
    assert done.returncode == 0, done.stderr
    assert all(Path(entry).resolve() != ROOT for entry in done.stdout.splitlines())


def load_with_the_root_on_the_path(name: str) -> str:
    """The last line of the error from `peers.load`, where the root came back to the front of the path."""
    line = f"import sys; from benchmarks import peers; sys.path.insert(0, {str(ROOT)!r}); peers.load({name!r})"
    done = python("-c", line)
    assert done.returncode == 1
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize("folder", ["benchmarks", "tests"])  # with and without an __init__.py
def test_a_folder_of_the_repository_is_no_peer(folder: str) -> None:
    error = load_with_the_root_on_the_path(folder)
    assert error.startswith(f"benchmarks.peers.PeerError: `import {folder}` found ")
    assert error.endswith(f"of this repository, not the installed {folder}")


def test_our_own_autograd_never_passes_for_the_peer() -> None:
    assert load_with_the_root_on_the_path("autograd").startswith("benchmarks.peers.PeerError")


def test_a_peer_that_is_not_installed_is_named() -> None:
    with pytest.raises(peers.PeerError, match=r"need no_such_peer .*`make bench`"):
        peers.load("no_such_peer.numpy")


def test_threads_are_settled_before_numpy() -> None:
    with pytest.raises(RuntimeError, match="before NumPy is imported"):
        threads.settle(1)


def test_the_pools_get_the_number_of_threads_that_was_asked_for() -> None:
    line = (
        "from benchmarks import threads; threads.settle(1); import json, tapegrad; print(json.dumps(threads.in_use()))"
    )
    done = python("-c", line)
    assert done.returncode == 0, done.stderr
    pools = json.loads(done.stdout)
    assert "tapegrad" in pools
    assert len(pools) > 1
    assert set(pools.values()) == {1}


def test_more_threads_than_cores_are_refused() -> None:
    done = python("-m", "benchmarks", "--threads", "100000")
    assert done.returncode != 0
    assert "pass --threads" in done.stderr


def test_a_group_that_does_not_exist_is_refused_with_the_list_of_groups() -> None:
    done = python("-m", "benchmarks", "speed")
    assert done.returncode == 2
    assert "no group speed; there are: overhead, mlp" in done.stderr


@pytest.mark.parametrize("rounds", ["0", "-3", "many"])
def test_rounds_are_at_least_one(rounds: str) -> None:
    done = python("-m", "benchmarks", f"--rounds={rounds}")
    assert done.returncode == 2
    assert "--rounds" in done.stderr


@pytest.mark.parametrize(("rounds", "share", "fewer"), [(30, 1 / 2, 15), (30, 1 / 6, 5), (5, 1 / 2, 3), (1, 1 / 6, 1)])
def test_a_share_of_the_rounds_is_never_none(rounds: int, share: float, fewer: int) -> None:
    settings = Settings(rounds=rounds, threads=2, seed=7, compile=True)
    assert settings.with_rounds(share) == Settings(rounds=fewer, threads=2, seed=7, compile=True)


def test_every_group_has_a_file_that_measures() -> None:
    folder = Path(groups.__file__).parent
    for name in GROUPS:
        assert "def measure(settings: Settings) -> list[Table]:" in (folder / f"{name}.py").read_text(encoding="utf-8")
