"""The command `predict`: digits of MNIST as photographs, screenshots and drawings of them would have them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from numpy.typing import NDArray
from PIL import Image

from examples.mnist.building import build
from examples.mnist.classifying import classify
from examples.mnist.commands import mnist
from examples.mnist.data import preparation
from examples.mnist.images import prepare
from examples.mnist.runs import PRETRAINED, Run, pretrained
from examples.mnist.settings import Settings
from tapegrad import nn

SHOWN = 20
Digit = NDArray[np.uint8]


@pytest.fixture(scope="module")
def shipped() -> Run:
    return pretrained()


def said(run: Run, images: NDArray[Any]) -> list[int]:
    """What the model makes of images (N, 28, 28), from 0 to 1."""
    ready = preparation(run.settings)(images[:, None].astype(np.float32))
    predicted: list[int] = classify(run.model, ready)[0].argmax(axis=1).tolist()
    return predicted


def predict(*arguments: Any) -> Result:
    result = CliRunner().invoke(mnist, ["predict", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def enlarged(digit: Digit, size: int) -> NDArray[np.float64]:
    image = Image.fromarray(digit).resize((size, size), Image.Resampling.BICUBIC)
    pixels: NDArray[np.float64] = np.asarray(image, np.float64) / 255
    return pixels


def inverted(digit: Digit, rng: np.random.Generator) -> NDArray[np.float64]:
    return 1 - enlarged(digit, 171)


def off_centre(digit: Digit, rng: np.random.Generator) -> NDArray[np.float64]:
    page = np.zeros((400, 300))
    top, left = rng.integers(0, 260), rng.integers(0, 160)
    page[top : top + 140, left : left + 140] = enlarged(digit, 140)
    return page


def photo(digit: Digit, rng: np.random.Generator) -> NDArray[np.float64]:
    """Blue ink on cream paper with grain, lit from one side."""
    ink = off_centre(digit, rng)[..., None]
    y, x = np.mgrid[0:1:400j, 0:1:300j]
    light = (0.95 - rng.uniform(0, 0.25) * x - rng.uniform(0, 0.25) * y)[..., None]
    page = light * ([1.0, 0.97, 0.9] * (1 - ink) + [0.1, 0.15, 0.45] * ink)
    grainy: NDArray[np.float64] = np.clip(page + rng.normal(0, 0.03, (400, 300, 1)), 0, 1)
    return grainy


def pencil(digit: Digit, rng: np.random.Generator) -> NDArray[np.float64]:
    return 0.92 - 0.25 * enlarged(digit, 300)


@pytest.mark.parametrize(
    ("drawn", "suffix"), [(inverted, "png"), (off_centre, "png"), (off_centre, "jpg"), (photo, "jpg"), (pencil, "png")]
)
def test_the_answer_is_that_for_the_original(
    drawn: Callable[..., NDArray[np.float64]], suffix: str, digits: Digit, shipped: Run, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    path = tmp_path / f"digit.{suffix}"
    prepared = []
    for digit in digits[:SHOWN]:
        Image.fromarray(np.rint(255 * drawn(digit, rng)).astype(np.uint8)).save(path)
        prepared.append(prepare(path))

    same = np.equal(said(shipped, np.stack(prepared)), said(shipped, digits[:SHOWN] / 255))
    assert same.mean() >= 0.95


def test_the_shipped_model_is_small_and_knows_digits(shipped: Run, digits: Digit, labels: NDArray[np.int64]) -> None:
    assert sum(path.stat().st_size for path in PRETRAINED.iterdir()) < 500_000
    assert np.mean(np.equal(said(shipped, digits / 255), labels)) >= 0.98
    assert json.loads(shipped.result_file.read_text(encoding="utf-8"))["test"]["accuracy"] > 0.99


def test_a_table_without_a_run(digits: Digit, tmp_path: Path) -> None:
    for i in (0, 1):
        Image.fromarray(digits[i]).save(tmp_path / f"{i}.png")
    result = predict(tmp_path / "0.png", tmp_path / "1.png", "--show")

    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0].split() == ["image", "digit", "probability", *"0123456789"]
    table = "".join(lines[1:5])
    assert "7" in table
    assert "%" in table
    assert sum("█" in line for line in lines) >= 15  # bars and two pictures


def test_json(digits: Digit, tmp_path: Path) -> None:
    Image.fromarray(digits[0]).save(tmp_path / "seven.png")
    result = predict(tmp_path / "seven.png", tmp_path / "nowhere.png", "--json")

    assert result.exit_code == 1
    seven, nowhere = json.loads(result.stdout)
    assert seven["image"] == str(tmp_path / "seven.png")
    assert seven["prediction"] == 7
    assert len(seven["probabilities"]) == 10
    assert sum(seven["probabilities"]) == pytest.approx(1)
    assert max(seven["probabilities"]) == seven["probability"]
    assert nowhere == {
        "image": str(tmp_path / "nowhere.png"),
        "error": f"{tmp_path / 'nowhere.png'}: cannot be read: No such file or directory",
    }


def test_the_others_are_told_when_one_cannot_be_read(digits: Digit, tmp_path: Path) -> None:
    Image.fromarray(digits[0]).save(tmp_path / "seven.png")
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    (tmp_path / "empty.png").touch()
    result = predict(tmp_path / "blank.png", tmp_path / "seven.png", tmp_path / "empty.png")

    assert result.exit_code == 1
    assert f"Error: {tmp_path / 'blank.png'}: shows no digit" in result.stderr
    assert f"Error: {tmp_path / 'empty.png'}: is no image" in result.stderr
    assert result.stdout.count("%") == 1
    assert "Error" not in result.stdout


def test_no_image_at_all_and_no_run(tmp_path: Path) -> None:
    assert predict().exit_code == 2
    result = predict("digit.png", "--run", tmp_path)
    assert result.exit_code == 1
    assert "holds no run" in result.output


def test_pillow_is_missing(root: Path) -> None:
    program = (
        "import sys; sys.modules['PIL'] = None; sys.argv = ['', 'predict', 'digit.png']; "
        "import runpy; runpy.run_module('examples.mnist', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith("the example needs PIL, which is not installed: pip install")


def test_a_model_for_two_digits_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('model = "twodigit-mlp"\n', encoding="utf-8")
    nn.save(build(Settings(model="twodigit-mlp")), tmp_path / "weights.safetensors")
    result = predict("digit.png", "--run", tmp_path)

    assert result.exit_code == 1
    assert "model twodigit-mlp reads images of two digits" in result.output
