"""Images in a terminal."""

from __future__ import annotations

import numpy as np

from examples.mnist.images import blocks


def test_two_pixels_in_a_character() -> None:
    text = blocks(np.array([[0, 1], [1, 0.5], [1, 0]], np.float32))

    assert text.plain == "▀▀\n▀▀"
    assert [span.style for span in text.spans] == [
        "rgb(0,0,0) on rgb(255,255,255)",
        "rgb(255,255,255) on rgb(128,128,128)",
        "rgb(255,255,255) on rgb(0,0,0)",
        "rgb(0,0,0) on rgb(0,0,0)",
    ]


def test_shades_where_there_are_no_colours() -> None:
    text = blocks(np.array([[0, 0.5, 1], [0, 0.5, 1]], np.float32), colours=False)

    assert text.plain == " ▒█"
    assert not text.spans
