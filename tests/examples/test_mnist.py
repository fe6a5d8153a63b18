"""The figure of the main job on the real MNIST files.

The files are 11 MB that a test run may not download, and the training takes ten seconds: where TAPEGRAD_DATA names a
folder with them this test exists, where it does not it does not. Everything but the figure is tested without them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from examples.mnist.data import load
from examples.mnist.runs import pretrained
from examples.mnist.settings import Settings
from examples.mnist.training import evaluate

if os.environ.get("TAPEGRAD_DATA"):

    def test_the_default_training_reaches_its_figure(root: Path, tmp_path: Path) -> None:
        out = tmp_path / "run"
        done = subprocess.run(
            [sys.executable, "-m", "examples.mnist", "train", "--out", str(out)],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

        assert done.returncode == 0, done.stderr
        result = json.loads((out / "result.json").read_text())
        assert (result["data"], result["not_mnist"]) == ("MNIST", None)
        assert result["test"]["accuracy"] >= 0.982
        assert result["validation"]["accuracy"] >= 0.982
        assert f"test accuracy on MNIST: {100 * result['test']['accuracy']:.2f} %" in done.stdout

    def test_the_model_that_comes_with_the_program_is_above_99_percent() -> None:
        run = pretrained()

        assert evaluate(run.model, run.data().test, run.settings)["accuracy"] > 0.99

    def test_two_digits_are_composed_of_it() -> None:
        data = load(Settings(model="twodigit-mlp"))

        assert data.name == "two-digit MNIST"
        assert (len(data.train), len(data.validation), len(data.test)) == (36_000, 4_000, 10_000)
        assert data.train[np.arange(2)][0].shape == (2, 1, 42, 28)
        assert len(load(Settings(model="twodigit-mlp", pairs=1000)).train) == 900

    def test_images_may_stay_on_disk() -> None:
        at_once, streamed = (load(Settings(stream=stream)).train[np.arange(100)] for stream in (False, True))

        np.testing.assert_array_equal(streamed[0], at_once[0])
        np.testing.assert_array_equal(streamed[1], at_once[1])
