"""`python -m examples.mnist`."""

from __future__ import annotations

import sys

LIBRARIES = ("click", "rich", "threadpoolctl", "PIL")


def main() -> None:
    """Run the command line, or say which packages it lacks."""
    try:
        from examples.mnist.commands import mnist

        mnist(prog_name="python -m examples.mnist")
    except ModuleNotFoundError as error:
        library = str(error.name).partition(".")[0]
        if library not in LIBRARIES:
            raise
        sys.exit(f'the example needs {library}, which is not installed: pip install "tapegrad[data,io,demo]"')


if __name__ == "__main__":
    main()
