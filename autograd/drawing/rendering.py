"""From DOT to an image: by the `dot` program if there is one, else by the Graphviz that pygraphviz's wheel brings.

Either runs as a program of its own. Graphviz is C code that crashes on some large graphs, talks to the standard error
stream and knows no threads; none of that reaches the user's process.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which

__all__ = ["RenderingError", "render"]

_PNG_DPI = 192  # sharp on screens of double density
_LONGEST = 300  # characters of what Graphviz said: the end tells most


class RenderingError(RuntimeError):
    """No image could be made: there is no Graphviz, or it failed on this graph."""


def render(source: str, format: str, seconds: float | None = None, placed: bool = False) -> bytes:
    """The image that Graphviz makes of DOT, as an svg, png or pdf file; of boxes that are `placed` where they stay.

    Raises:
        RenderingError: there is no Graphviz (the message says what to install), it failed, or took more than `seconds`.
    """
    options = ["-Kneato", "-n2"] if placed else []
    command = [*_graphviz(), f"-T{format}", *options, *([f"-Gdpi={_PNG_DPI}"] if format == "png" else [])]
    try:
        done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise RenderingError(
            f"Graphviz did not finish this graph in {seconds:g} seconds: arrows from one tensor to many distant "
            "operations are hard for it. Close modules with depth=, draw a smaller part, or pass anyway=True to wait"
        ) from None
    if done.returncode == 0 and b"too large" in done.stderr:  # it would be shrunk until no word can be read
        raise RenderingError(
            f"this picture is too large for a {format} file. Close modules with depth=, draw a smaller part, or save "
            "an .svg or .html file, which have no limit"
        )
    if done.returncode == 0:
        return done.stdout
    said = " ".join(done.stderr.decode(errors="replace").split())[-_LONGEST:]
    if done.returncode < 0:
        said = f"it crashed (signal {-done.returncode}), as it may on large graphs"
    raise RenderingError(
        f"Graphviz could not draw this graph: {said or f'exit status {done.returncode}'}. Close modules with "
        "depth=, draw a smaller part, save an .html page, or save the .dot file and give it to another program"
    )


def _graphviz() -> list[str]:
    """The command that reads DOT and writes an image."""
    program = which("dot")
    if program is not None:
        return [program]
    if find_spec("pygraphviz") is not None:
        return [sys.executable, "-P", str(Path(__file__).with_name("bundled.py"))]
    raise RenderingError(
        "images need Graphviz, and there is neither a `dot` program nor pygraphviz here: "
        'pip install "tapegrad[viz]", or install Graphviz itself (Debian, Ubuntu: apt-get install graphviz). '
        "Without it, .text() and .save('graph.html') show the graph, and .source is its DOT text"
    )
