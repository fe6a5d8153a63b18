from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray
from scipy import ndimage

from tapegrad.datasets.transforms import Affine, RandomAffine

SMALL = st.floats(-4, 4)


def forward(degrees: float, scale: float, shear: float) -> NDArray[np.float64]:
    """The matrix of rotation, scale and shear in (row, column), as a product of three."""
    angle, lean = np.radians(degrees), np.tan(np.radians(shear))
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])  # x = column, y = -row
    matrix: NDArray[np.float64] = scale * rotation @ np.array([[1, 0], [-lean, 1]])
    return matrix


@given(degrees=st.floats(-180, 180), right=SMALL, down=SMALL, scale=st.floats(0.5, 2), shear=st.floats(-60, 60))
def test_against_scipy(degrees: float, right: float, down: float, scale: float, shear: float) -> None:
    images = np.random.default_rng(0).random((2, 2, 8, 11), dtype=np.float32)

    changed = Affine(degrees, shift=(right, down), scale=scale, shear=shear, fill=0.5)(images)

    inverse = np.linalg.inv(forward(degrees, scale, shear))
    centre = np.array([3.5, 5.0])
    offset = centre - inverse @ (centre + np.array([down, right]))
    for image, expected in zip(changed.reshape(4, 8, 11), images.reshape(4, 8, 11), strict=True):
        moved = ndimage.affine_transform(
            expected.astype(np.float64), inverse, offset, order=1, mode="grid-constant", cval=0.5
        )
        np.testing.assert_allclose(image, moved, atol=1e-4)


def test_a_quarter_turn_is_counter_clockwise() -> None:
    images = np.random.default_rng(0).random((3, 2, 6, 6), dtype=np.float32)

    np.testing.assert_allclose(Affine(90)(images), np.rot90(images, axes=(2, 3)), atol=1e-5)
    np.testing.assert_allclose(Affine(-180)(images), images[:, :, ::-1, ::-1], atol=1e-5)


def test_shear_leans_upright_lines_to_the_right() -> None:
    line = np.zeros((1, 1, 5, 5), dtype=np.float32)
    line[:, :, :, 2] = 1

    np.testing.assert_allclose(Affine(shear=45)(line)[0, 0], np.eye(5)[::-1], atol=1e-6)


def test_random_draws_stay_in_their_ranges_and_use_them() -> None:
    dot = np.zeros((2000, 1, 21, 21), dtype=np.float32)
    dot[:, :, 10, 10] = 1
    rows, columns = np.mgrid[:21, :21]

    moved = RandomAffine(180, shift=3, scale=(1.0, 1.0))(dot, np.random.default_rng(0))[:, 0]

    mass = moved.sum(axis=(1, 2))
    for centre in ((moved * rows).sum(axis=(1, 2)) / mass, (moved * columns).sum(axis=(1, 2)) / mass):
        assert 7 - 0.3 <= centre.min() < 7.5
        assert 12.5 < centre.max() <= 13 + 0.3


def test_each_image_gets_its_own() -> None:
    images = np.repeat(np.random.default_rng(0).random((1, 1, 12, 12), dtype=np.float32), 50, axis=0)
    for transform in (
        RandomAffine(20),
        RandomAffine(shift=2),
        RandomAffine(scale=(0.8, 1.2)),
        RandomAffine(shear=20),
    ):
        changed = transform(images, np.random.default_rng(0))
        assert len(np.unique(changed.reshape(50, -1), axis=0)) == 50, transform


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"degrees": float("nan")}, "degrees: expected a number from -1,000,000 to 1,000,000; got nan"),
        ({"shift": (1, float("inf"))}, "shift: expected a number"),
        ({"scale": 0}, "scale: expected a positive number, at least 1e-6; got 0"),
        ({"scale": -1}, "scale: expected a positive number"),
        ({"shear": 90}, "shear: expected degrees between -90 and 90; got 90"),
        ({"fill": 1e7}, "fill: expected a number from"),
    ],
)
def test_numbers_that_cannot_be(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        Affine(**arguments)  # type: ignore[arg-type]


def test_other_wrong_arguments() -> None:
    with pytest.raises(TypeError, match=r"shift: expected pixels \(right, down\); got 2"):
        Affine(shift=2)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="degrees: expected a number; got 'ten'"):
        Affine("ten")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="degrees: expected a number; got True"):
        Affine(True)
    with pytest.raises(TypeError, match=r"scale: expected a range \(low, high\) around 1, as \(0.9, 1.1\); got 1.1"):
        RandomAffine(scale=1.1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="shear: expected degrees between -90 and 90"):
        RandomAffine(shear=(0, 95))
    with pytest.raises(TypeError, match="translate"):  # torchvision's, which means fractions
        RandomAffine(translate=(0.1, 0.1))  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional"):
        RandomAffine(10, (0.1, 0.1))  # type: ignore[call-arg]
