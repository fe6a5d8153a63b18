"""A terminal: what moves is below what stays, and nothing of it is left behind."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from tapegrad.nn.training import Curves, History
from tapegrad.nn.training.showing import Display, display_here
from tapegrad.nn.training.showing.terminal import Terminal

from ..problems import loaders, trainer


def terminal(width: int = 80) -> tuple[Terminal, io.StringIO]:
    screen = io.StringIO()
    return Terminal(
        Console(file=screen, force_terminal=True, width=width, color_system=None, legacy_windows=False)
    ), screen


def shown(screen: io.StringIO) -> list[str]:
    """The lines on a screen, by the few codes that rich uses to go up and clear."""
    lines, row = [""], 0
    for part in re.split(r"(\x1b\[[0-9;?]*[A-Za-z]|\r|\n)", screen.getvalue()):
        if part == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif part == "\x1b[1A":
            row -= 1
        elif part == "\x1b[2K":
            lines[row] = ""
        elif part and part[0] not in "\x1b\r":
            lines[row] += part
    return [line.rstrip() for line in lines if line.strip()]


def test_lines_stay_above_the_bar() -> None:
    display, screen = terminal(60)
    display.bar("epoch 1/2", 0.25, "batch 3/6  loss 0.5")
    display.line("a line [with] brackets")
    display.bar("epoch 1/2", 0.5, "batch 6/6  loss 0.4")
    line, bar = shown(screen)
    assert line == "a line [with] brackets"
    assert re.fullmatch(r"epoch 1/2 [━╸╺ ]{25,} batch 6/6  loss 0.4", bar)
    assert len(bar) <= 60
    display.close()
    assert shown(screen) == ["a line [with] brackets"]
    display.close()


@pytest.mark.parametrize("width", [30, 45, 60, 200])
def test_a_narrow_bar_leaves_out_the_end(width: int) -> None:
    display, screen = terminal(width)
    display.bar("epoch 10/20", None, "batch 3/6  1:30 left  loss 0.5000  accuracy 0.9876  12,345 samples/s")
    (bar,) = shown(screen)
    assert bar.startswith("epoch 10/20 ━━")
    assert "batch" in bar
    assert len(bar) <= width
    display.close()


def test_curves_stand_above_the_bar_and_stay() -> None:
    display, screen = terminal()
    history = trainer().fit(*loaders(), epochs=2)
    display.curves(history)
    display.bar("epoch 1/2", 0.25, "batch 3/6")
    during = shown(screen)
    assert "━ training ━ validation" in during[0]
    assert during[-1].startswith("epoch 1/2")
    display.close()
    assert shown(screen) == during[:-1]
    assert len(during) == 11  # heads, eight rows side by side, numbers of updates, the bar


def test_a_training_on_it() -> None:
    t = trainer(progress=True, callbacks=[Curves()])
    t.display, screen = terminal(100)
    t.fit(*loaders(), epochs=3)
    assert [line.split()[0] for line in shown(screen)[:4]] == ["epoch", "1", "2", "3"]
    assert "18" not in shown(screen)[-1]
    assert shown(screen)[-1].endswith("27 updates")


def test_a_training_that_fails_leaves_no_bar() -> None:
    class Broken:
        def __iter__(self) -> object:
            yield from list(loaders()[0])[:2]
            raise OSError("the disk is gone")

    t = trainer(progress=True)
    t.display, screen = terminal()
    with pytest.raises(OSError, match="the disk is gone"):
        t.fit(Broken())  # type: ignore[arg-type]
    assert shown(screen) == []


PROGRAM = """
import sys
sys.path.insert(0, {folder!r})
from problems import loaders, trainer
print(trainer().fit(*loaders(), epochs=2).last["epoch"])
"""


def test_in_a_terminal_of_its_own() -> None:
    """Without any option, on a real one."""
    import pty

    program = PROGRAM.format(folder=str(Path(__file__).parent.parent))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm", "COLUMNS": "90"}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=theirs, text=True, env=environment
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 10_000)
        except OSError:  # the other end is closed
            break
        written += part
    os.close(ours)
    assert process.communicate(timeout=60)[0] == "2\n"
    text = written.decode()
    assert re.search(r"epoch +loss +val_loss +accuracy +val_accuracy +time", text)
    assert "epoch 1/2" in text
    assert "batch 9/9" in text or "validation, batch" in text or "batch 1/9" in text


def test_a_file_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    display = display_here()
    assert type(display) is Display
    display.bar("epoch", 0.5, "batch")
    display.curves(History())
    display.line("said")
    display.close()
    assert capsys.readouterr().err == "said\n"


def test_without_rich_there_are_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert type(display_here()) is Display
