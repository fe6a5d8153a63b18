"""Mail arrives, in order, whether the reader looks for it, sleeps, or was just about to."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from tapegrad.autograd.kernels.jit import enabled
from tapegrad.autograd.kernels.threads import mailbox
from tapegrad.autograd.kernels.threads.mailbox import Mailbox


@pytest.fixture(params=["looking", "sleeping at once"])
def waiting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is with and without compiled code."""
    if request.param != "looking":
        monkeypatch.setattr(mailbox, "prepare", lambda: None)


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("pause", [0.0, 1e-5, 1e-4, 1e-3])
def test_everything_arrives_in_order(pause: float) -> None:
    box, back, received = Mailbox(), Mailbox(), []

    def read() -> None:
        while (item := box.take()) is not None:
            received.append(item)
            back.post(item)

    reader = threading.Thread(target=read)
    reader.start()
    for item in range(1, 300):
        box.post(item)
        if item % 3:  # else the next one follows at once
            while back.take() != item:
                pass
        time.sleep(pause)
    box.post(None)
    reader.join(20)

    assert not reader.is_alive()
    assert received == list(range(1, 300))


@pytest.mark.skipif(not enabled(), reason="nothing is compiled, so nobody looks")
def test_a_look_ends_early_when_there_is_mail() -> None:
    watch, box = mailbox.prepare(), Mailbox()
    assert watch(box._full, box._clock, 1_000_000, 0) is False
    box.post("word")
    assert watch(box._full, box._clock, 1_000_000, 0) is True
    assert box.take() == "word"
    assert watch(box._full, box._clock, 1_000_000, 0) is False


@pytest.mark.skipif(not enabled(), reason="nothing is compiled, so nobody looks")
@pytest.mark.parametrize("full", [0, 1])
def test_a_look_ends_even_if_the_clock_stands_still(monkeypatch: pytest.MonkeyPatch, full: int) -> None:
    mailbox.prepare()
    from tapegrad.autograd.kernels.threads import watching

    monkeypatch.setattr(watching, "_now", lambda clock: 0)
    assert bool(watching.watch.py_func(np.full(1, full, np.intp), np.zeros(2, np.intp), 1000, 10)) is bool(full)


def test_without_compiled_code_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "enabled", lambda: False)
    assert mailbox.prepare.__wrapped__() is None
