"""`import tapegrad` is cheap: nothing heavy comes along, and nn and datasets come when they are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import tapegrad as tg

HEAVY = ("numba", "scipy", "matplotlib", "graphviz", "pygraphviz", "sklearn", "rich", "pooch", "PIL", "safetensors")
LAZY = ("tapegrad.nn", "tapegrad.datasets")


def loaded_after(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after the statement."""
    code = f"import sys; sys.path[:0] = {sys.path!r}; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_importing_tapegrad_loads_nothing_heavy() -> None:
    assert loaded_after("import tapegrad").isdisjoint({*HEAVY, *LAZY})


def test_importing_everything_compiles_nothing_and_loads_nothing_heavy() -> None:
    loaded = loaded_after("from tapegrad import autograd, datasets, nn")
    assert loaded.issuperset(LAZY)
    assert loaded.isdisjoint(HEAVY)


@pytest.mark.parametrize("name", ["nn", "datasets"])
def test_submodules_load_at_first_use(name: str) -> None:
    assert f"tapegrad.{name}" in loaded_after(f"import tapegrad; tapegrad.{name}")


def test_public_names_are_there() -> None:
    for name in tg.__all__:
        assert getattr(tg, name) is not None
    assert set(tg.__all__) <= set(dir(tg))


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'tapegrad' has no attribute 'numpy'"):
        tg.numpy  # type: ignore[attr-defined]  # noqa: B018
