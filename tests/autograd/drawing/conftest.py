"""The two ways to Graphviz: the `dot` program and pygraphviz."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROUTES = ["pygraphviz", *(["dot"] if shutil.which("dot") else [])]


@pytest.fixture
def no_dot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A PATH without any program."""
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


@pytest.fixture(params=ROUTES)
def route(request: pytest.FixtureRequest) -> str:
    """Each way that this machine has; pygraphviz is used where PATH has no `dot`."""
    if request.param == "pygraphviz":
        request.getfixturevalue("no_dot")
    return str(request.param)
