"""A compiled function calls none outside its own file: Numba's cache would not notice when that one changes."""

from __future__ import annotations

import ast
import builtins
from pathlib import Path

import pytest

KERNELS = Path(__file__).resolve().parents[3] / "autograd" / "kernels"
FILES = sorted(KERNELS.glob("*.py"))
LIBRARIES = {"np", "math"}


def is_compiled(function: ast.stmt) -> bool:
    """Whether a statement defines a function under @jit or @jit(...)."""
    if not isinstance(function, ast.FunctionDef):
        return False
    marks = [mark.func if isinstance(mark, ast.Call) else mark for mark in function.decorator_list]
    return any(ast.unparse(mark).rpartition(".")[2] in ("jit", "njit", "vectorize", "stencil") for mark in marks)


def strangers(source: str) -> list[str]:
    """What compiled functions use that is neither theirs, NumPy's, Python's, nor their file's constant or kernel."""
    tree = ast.parse(source)
    compiled = [node for node in tree.body if is_compiled(node)]
    known = {node.name for node in compiled if isinstance(node, ast.FunctionDef)} | LIBRARIES | set(dir(builtins))
    known |= {
        name.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for name in node.targets
        if isinstance(name, ast.Name)
    }
    found = []
    for function in compiled:
        assert isinstance(function, ast.FunctionDef)
        names = [node for statement in function.body for node in ast.walk(statement) if isinstance(node, ast.Name)]
        own = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
        own |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
        found += [f"{function.name} uses {name.id}" for name in names if name.id not in own | known]
    return sorted(found)


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_compiled_functions_keep_to_their_file(file: Path) -> None:
    assert strangers(file.read_text(encoding="utf-8")) == []


def test_there_are_kernels_to_look_at() -> None:
    assert any(is_compiled(node) for file in FILES for node in ast.parse(file.read_text(encoding="utf-8")).body)


def test_a_stranger_is_found() -> None:
    source = """
from .other import elsewhere
from .jit import jit

LIMIT = 3.0

def plain(x): return x

@jit
def good(x):
    y = np.exp(x[0])
    return min(float(y), math.pi)

@numba.njit(cache=True)
def bad(x):
    total = good(x) + elsewhere(x)
    return plain(total) + LIMIT
"""
    assert strangers(source) == ["bad uses elsewhere", "bad uses plain"]
