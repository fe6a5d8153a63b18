"""Image files of every kind: what they show is the same, and what cannot be used is told by name."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from examples.mnist.images import ImageError, read

GREY = np.linspace(0, 255, 30 * 20).reshape(30, 20).astype(np.uint8)


def saved(path: Path, image: Image.Image, **options: Any) -> Path:
    image.save(path, **options)
    return path


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "CMYK"])
def test_modes_show_the_same(tmp_path: Path, mode: str) -> None:
    image = Image.fromarray(GREY).convert(mode)
    pixels = read(saved(tmp_path / ("image.tiff" if mode == "CMYK" else "image.png"), image))

    assert pixels.shape == (30, 20, 3)
    assert pixels.dtype == np.float32
    np.testing.assert_allclose(pixels, np.repeat(GREY[..., None] / 255, 3, axis=2), atol=0.02)


def test_one_bit(tmp_path: Path) -> None:
    pixels = read(saved(tmp_path / "image.png", Image.fromarray(GREY > 100)))

    np.testing.assert_array_equal(pixels[..., 0], GREY > 100)


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_sixteen_bits_keep_what_eight_would_lose(tmp_path: Path, suffix: str) -> None:
    deep = (20_000 + np.arange(600).reshape(30, 20)).astype(np.uint16)
    pixels = read(saved(tmp_path / f"image.{suffix}", Image.fromarray(deep)))

    np.testing.assert_allclose(pixels[..., 0], np.arange(600).reshape(30, 20) / 599, atol=1e-6)


@pytest.mark.parametrize(("ink", "paper"), [(0, 1), (255, 0)])
def test_what_is_transparent_is_paper(tmp_path: Path, ink: int, paper: int) -> None:
    pixels = np.zeros((20, 20, 4), np.uint8)
    pixels[8:12, 8:12] = [ink, ink, ink, 255]
    shown = read(saved(tmp_path / "image.png", Image.fromarray(pixels)))

    assert (shown[0, 0] == paper).all()
    assert (shown[10, 10] == ink / 255).all()


def test_a_photo_is_turned_as_the_camera_was_held(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right by a quarter
    path = saved(tmp_path / "photo.png", Image.fromarray(GREY), exif=exif)

    np.testing.assert_allclose(read(path)[..., 0], np.rot90(GREY, -1) / 255)


def test_the_first_frame_of_an_animation(tmp_path: Path) -> None:
    frames = [Image.fromarray(np.full((10, 10), value, np.uint8)) for value in (200, 10)]
    path = saved(tmp_path / "image.gif", frames[0], save_all=True, append_images=frames[1:])

    np.testing.assert_allclose(read(path), 200 / 255, atol=0.01)


def test_a_large_photo_is_made_smaller(tmp_path: Path) -> None:
    assert read(saved(tmp_path / "photo.jpg", Image.new("RGB", (4000, 3000), "white"))).shape == (768, 1024, 3)


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises more pixels than anybody has memory for."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def png_bytes(tmp_path: Path) -> bytes:
    rng = np.random.default_rng(0)
    return saved(tmp_path / "whole.png", Image.fromarray(rng.integers(0, 255, (64, 64), np.uint8))).read_bytes()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is no image"),
        (b"%PDF-1.4 ...", "is no image"),
        (bomb(20_000, 20_000), "too many"),
        (bomb(9_000, 9_000), "too many"),
        (bomb(1, 1), "1 x 1 pixels are too few"),
        (bomb(4000, 7), "4000 x 7 pixels are too few"),
        (bomb(100, 100), "is damaged"),
        ("truncated", "is damaged"),
        ("garbled", "is damaged"),
    ],
)
def test_what_cannot_be_used(tmp_path: Path, content: bytes | str, says: str) -> None:
    path = tmp_path / "digit.png"
    whole = png_bytes(tmp_path)
    if content == "truncated":
        content = whole[: len(whole) // 2]
    elif content == "garbled":
        content = whole[:200] + bytes(100) + whole[300:]
    assert isinstance(content, bytes)
    path.write_bytes(content)

    with pytest.raises(ImageError, match=says) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_no_such_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"nowhere\.png: cannot be read: No such file"):
        read(tmp_path / "nowhere.png")
    with pytest.raises(ImageError, match="cannot be read: Is a directory"):
        read(tmp_path)


def test_pixels_that_are_no_numbers(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="no numbers"):
        read(saved(tmp_path / "image.tiff", Image.fromarray(np.full((10, 10), np.nan, np.float32))))
