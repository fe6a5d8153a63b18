"""The direction of imports (docs/architecture.md): who may know whom, read from the source without running it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Bottom first. A room imports from lines above its own; rooms on one line do not know each other.
ORDER = (
    ("autograd/provenance.py",),
    ("autograd/errors.py", "autograd/broadcasting.py", "autograd/files.py", "autograd/kernels/", "datasets/"),
    ("autograd/trees.py", "autograd/randomness.py"),
    ("autograd/graph.py", "autograd/mode.py", "autograd/sliding/"),
    ("autograd/observing.py",),
    ("autograd/promises.py",),
    ("autograd/storage.py",),
    ("autograd/values.py",),
    ("autograd/tensor.py",),
    ("autograd/constants.py", "autograd/diagnosis.py", "autograd/binding.py", "autograd/standins.py"),
    ("autograd/recording.py",),
    ("autograd/primitive.py",),
    ("autograd/cotangents.py", "autograd/fusing.py", "autograd/views.py"),
    ("autograd/reverse.py", "autograd/ops/"),
    ("autograd/inplace.py",),
    ("autograd/methods.py", "autograd/operators.py", "autograd/protocols/"),
    ("autograd/linalg.py", "autograd/fft.py", "autograd/special.py"),
    ("autograd/batching/",),
    ("autograd/derivatives/",),
    ("autograd/__init__.py",),
    ("autograd/testing/", "autograd/drawing/"),
    ("autograd/inspection/",),
    ("nn/",),
)
ALONE = ("autograd/kernels/", "datasets/")  # import nothing of ours, and nothing of the engine imports datasets
LEVEL = {room: level for level, rooms in enumerate(ORDER) for room in rooms}
FILES = {
    path.relative_to(ROOT).as_posix(): path
    for folder in ("autograd", "nn", "datasets")
    for path in sorted((ROOT / folder).rglob("*.py"))
}


def room_of(file: str) -> str:
    for room in LEVEL:
        if file == room or (room.endswith("/") and file.startswith(room)):
            return room
    raise AssertionError(f"{file} has no place in the order of imports: give it one in {Path(__file__).name}")


def imports(node: ast.AST, inside_function: bool = False) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Every import that runs, and whether it waits for a call."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield node, inside_function
    inside_function |= isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in ast.iter_child_nodes(node):
        yield from imports(child, inside_function)


def ours(file: str) -> set[str]:
    """The files of ours that a file imports, also inside functions."""
    found = set()
    for node, _ in imports(ast.parse(FILES[file].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            package = Path(file).parents[node.level - 1] / (node.module or "").replace(".", "/")
            for alias in node.names:
                tries = (f"{package / alias.name}.py", f"{package / alias.name}/__init__.py", f"{package}.py")
                found.add(next((name for name in tries if name in FILES), f"{package}/__init__.py"))
    return found - {file}


def libraries(file: str) -> Iterator[tuple[str, bool]]:
    """The libraries that a file imports, and whether only inside a function."""
    for node, inside_function in imports(ast.parse(FILES[file].read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        if isinstance(node, ast.Import) or not node.level:
            tops = {name.partition(".")[0] for name in names}
            yield from ((top, inside_function) for top in tops - sys.stdlib_module_names)


@pytest.mark.parametrize("file", FILES)
def test_imports_lead_down(file: str) -> None:
    room = room_of(file)
    for other in map(room_of, ours(file)):
        allowed = other == room or (LEVEL[other] < LEVEL[room] and room not in ALONE and other != "datasets/")
        assert allowed, f"{file} imports from {other}"


def test_no_cycles() -> None:
    """Packages gather their files, so what a file takes from a package's `__init__` counts too."""
    TopologicalSorter({file: ours(file) for file in FILES}).prepare()


@pytest.mark.parametrize("package", [file for file in FILES if file.startswith("autograd/ops/") and "__init__" in file])
def test_families_of_operations_use_those_above_them(package: str) -> None:
    listing = ast.parse(FILES[package].read_text(encoding="utf-8"))
    listed = [
        [a.name for a in node.names] for node in listing.body if isinstance(node, ast.ImportFrom) and not node.module
    ]
    families = [f"{Path(package).parent.as_posix()}/{family}.py" for names in listed for family in names]
    assert {file for file in FILES if Path(file).parent == Path(package).parent} == {package, *families}
    for place, family in enumerate(families):
        used = {other for other in ours(family) if Path(other).parent == Path(package).parent}
        assert used <= set(families[:place]), f"{family} uses {used - set(families[:place])}"


@pytest.mark.parametrize("file", FILES)
def test_libraries_are_numpy_alone_until_a_function_needs_more(file: str) -> None:
    kernel = room_of(file) == "autograd/kernels/"
    for library, inside_function in libraries(file):
        assert library != "tapegrad", f"{file}: imports are relative in here"
        assert kernel or library != "numba", f"{file}: Numba lives in autograd/kernels/ alone"
        allowed = {"numpy", "numba", "llvmlite"} if kernel else {"numpy"}
        if file in ("autograd/testing/properties.py", "autograd/testing/strategies.py"):
            allowed.add("hypothesis")  # for who writes property tests, and for nobody else
        assert inside_function or library in allowed, f"{file}: import {library} inside the function that needs it"


@pytest.mark.parametrize("file", FILES)
def test_files_stay_small(file: str) -> None:
    lines = len(FILES[file].read_text(encoding="utf-8").splitlines())
    assert lines <= 250, f"{file} has {lines} lines; 250 is the ceiling, and each file holds one idea"
