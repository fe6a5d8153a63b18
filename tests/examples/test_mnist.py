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
        start, *epochs, end = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
        assert (start["data"], start["not_mnist"]) == ("MNIST", None)
        assert end["test"]["accuracy"] >= 0.982
        assert epochs[-1]["validation"]["accuracy"] >= 0.982
        assert f"test accuracy on MNIST: {100 * end['test']['accuracy']:.2f} %" in done.stdout
