"""Ctrl-C as a request: real signals to this process."""

from __future__ import annotations

import signal

import pytest

from examples.mnist.stopping import ctrl_c_requests_stop


def test_the_first_is_a_request() -> None:
    with ctrl_c_requests_stop() as stop:
        assert not stop.made
        signal.raise_signal(signal.SIGINT)
        assert stop.made


def test_the_second_ends_the_program_as_usual() -> None:
    with ctrl_c_requests_stop():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_afterwards_all_is_as_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with ctrl_c_requests_stop():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before

    with pytest.raises(ZeroDivisionError), ctrl_c_requests_stop():
        _ = 1 / 0
    assert signal.getsignal(signal.SIGINT) is before
