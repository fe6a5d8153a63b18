"""The Graphviz inside pygraphviz's wheel as a program: like `dot`, it reads DOT and writes an image."""

from __future__ import annotations

import sys

__all__: list[str] = []


def main() -> None:
    """Lay out the graph on standard input; the arguments are a format and options of `dot`, such as -Tpng -Gdpi=192."""
    from pygraphviz import AGraph

    format, *options = sys.argv[1:]
    engine = next((option.removeprefix("-K") for option in options if option.startswith("-K")), "dot")
    rest = " ".join(option for option in options if not option.startswith("-K"))
    graph = AGraph(string=sys.stdin.buffer.read().decode())
    sys.stdout.buffer.write(graph.draw(format=format.removeprefix("-T"), prog=engine, args=rest))


if __name__ == "__main__":
    main()
