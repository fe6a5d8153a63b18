from __future__ import annotations

import random
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest

from tapegrad.datasets import MNIST, Digits
from tapegrad.datasets.optional import import_optional


class NotInstalled:
    """An import hook that makes one library look as if it were not installed."""

    def __init__(self, library: str) -> None:
        self.library = library

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        if name.partition(".")[0] == self.library:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def uninstall(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(sys, "meta_path", [NotInstalled(library), *sys.meta_path])


def test_imports() -> None:
    assert import_optional("email.message") is sys.modules["email.message"]


def test_a_missing_library_names_the_extra() -> None:
    with pytest.raises(ImportError, match=r'no_such_library, .* pip install "tapegrad\[data\]"'):
        import_optional("no_such_library.inside")


def test_an_import_leaves_the_users_random_stream_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "drawing_library.py").write_text("import random; random.random()")
    monkeypatch.syspath_prepend(tmp_path)
    before = random.getstate()

    import_optional("drawing_library")

    assert random.getstate() == before


def test_a_broken_library_tells_its_own_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_library.py").write_text("import a_thing_it_lacks")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'a_thing_it_lacks'$"):
        import_optional("broken_library")


@pytest.mark.parametrize("library", ["pooch", "rich"])
def test_mnist_without_its_libraries(no_named_folder: Path, monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    uninstall(library, monkeypatch)

    with pytest.raises(ImportError, match=rf'package {library}, .* pip install "tapegrad\[data\]"'):
        MNIST(mirrors=[])


def test_digits_without_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    uninstall("sklearn", monkeypatch)

    with pytest.raises(ImportError, match=r'package sklearn, .* pip install "tapegrad\[data\]"'):
        Digits()
