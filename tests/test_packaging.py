"""What users install: built for real, compared file by file, imported from a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINKS = ("autograd", "datasets", "nn")
SUFFIXES = (".py", ".pyi", ".html", ".css", ".js")


def python(*arguments: str | Path, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def sources() -> set[str]:
    """The files that users get, as import paths."""
    found = {"tapegrad/__init__.py", "tapegrad/py.typed"}
    for name in LINKS:
        files = [path for path in (ROOT / name).rglob("*") if path.suffix in SUFFIXES]
        found.update(f"tapegrad/{path.relative_to(ROOT).as_posix()}" for path in files)
    return found


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a build needs, for a build writes into its tree."""
    copy = tmp_path_factory.mktemp("tree")
    for name in ("setup.cfg", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("src", "tests", *LINKS):
        shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=ignore)
    return copy


@pytest.fixture(scope="module")
def built(tree: Path) -> Path:
    """The folder with the sdist, and the wheel that was built from the sdist."""
    python("-m", "build", "--no-isolation", "--outdir", tree / "dist", cwd=tree)
    return tree / "dist"


@pytest.fixture(scope="module")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel is installed."""
    target = tmp_path_factory.mktemp("site")
    (wheel,) = built.glob("*.whl")
    python("-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", target, wheel, cwd=built)
    return target


def test_wheel_holds_every_source_file_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == sources()


def test_sdist_holds_real_files(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        members = archive.getmembers()
    top = sdist.name.removesuffix(".tar.gz")
    names = {member.name.removeprefix(f"{top}/") for member in members if member.isfile()}
    assert all(member.isfile() or member.isdir() for member in members)
    assert {name.removeprefix("src/") for name in names if name.endswith((*SUFFIXES, "py.typed"))} == sources()
    assert {"setup.cfg", "pyproject.toml", "README.md", "LICENSE"} <= names


def test_installed_wheel_works_and_brings_one_top_level_name(site: Path) -> None:
    assert {path.name for path in site.iterdir() if path.suffix != ".dist-info"} == {"tapegrad"}
    code = f"""
import sys
sys.path.insert(0, {str(site)!r})
import tapegrad as tg
assert tg.__file__.startswith({str(site)!r}), tg.__file__
x = tg.tensor([1.0, 2.0, 3.0], requires_grad=True)
(x * x).sum().backward()
assert x.grad.numpy().tolist() == [2.0, 4.0, 6.0]
assert tg.nn.__name__ == "tapegrad.nn" and tg.datasets.__name__ == "tapegrad.datasets"
"""
    python("-c", code, cwd=site.parent)


@pytest.mark.parametrize("name", LINKS)
def test_installed_wheel_shadows_no_other_library(site: Path, name: str) -> None:
    """With nothing but the standard library and our wheel on the path, the bare names are free."""
    code = f"import sys, importlib.util as u; sys.path.append({str(site)!r}); print(u.find_spec({name!r}))"
    assert python("-I", "-S", "-c", code, cwd=site.parent).stdout.strip() == "None"


@pytest.mark.parametrize("name", LINKS)
def test_bare_import_is_refused(name: str) -> None:
    done = python("-c", f"import {name}", cwd=ROOT, check=False)
    assert done.returncode != 0
    assert f"ModuleNotFoundError: this is a part of tapegrad: write `from tapegrad import {name}`" in done.stderr


def test_links_checked_out_as_text_are_explained(tree: Path, tmp_path: Path) -> None:
    """What git leaves where it may not make links: files that hold the links' targets."""
    package = tmp_path / "tapegrad"
    package.mkdir()
    shutil.copy(tree / "src" / "tapegrad" / "__init__.py", package)
    for name in LINKS:
        (package / name).write_text(f"../../{name}")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import tapegrad"
    done = python("-c", code, cwd=tmp_path, check=False)
    assert done.returncode != 0
    assert "ImportError" in done.stderr
    assert "git config core.symlinks true" in done.stderr


def test_a_failure_inside_the_engine_is_not_blamed_on_links(site: Path, tmp_path: Path) -> None:
    shutil.copytree(site / "tapegrad", tmp_path / "tapegrad")
    (tmp_path / "tapegrad" / "autograd" / "__init__.py").write_text("import a_library_that_is_missing\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import tapegrad"
    done = python("-c", code, cwd=tmp_path, check=False)
    assert "No module named 'a_library_that_is_missing'" in done.stderr
    assert "core.symlinks" not in done.stderr
