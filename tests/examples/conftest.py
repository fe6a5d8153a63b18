"""The examples as an importable package, and a world without network, where they fall back on Digits."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import rich.console  # noqa: F401 - draws from `random` when it is imported: here, and not in the first test that prints

from tapegrad.autograd.kernels.caching.folder import place

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples"


def register() -> None:
    """Put the package `examples` where `import` finds it, and leave the path as it is."""
    spec = spec_from_file_location("examples", FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)])
    assert spec is not None
    assert spec.loader is not None
    package = module_from_spec(spec)
    sys.modules["examples"] = package
    spec.loader.exec_module(package)


register()


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No folder named, an empty cache, and for every request a proxy at a port where nobody listens."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken, so that no other program opens it; not listened to, so refused
        proxy = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        monkeypatch.delenv("TAPEGRAD_DATA", raising=False)
        if kernels := place():  # compiled ones stay where they are: to compile them anew would take most of the time
            monkeypatch.setenv("TAPEGRAD_CACHE_DIR", str(kernels.parent))
        for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
            monkeypatch.setenv(name, str(tmp_path / "empty"))
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy)
            monkeypatch.setenv(name.upper(), proxy)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """Where `python -m examples.mnist` is started."""
    return ROOT


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in, for the default output folders are relative ones."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder
