"""An evaluation in a folder. The page comes last, and each file takes its place whole: nobody ever sees half of one."""

from __future__ import annotations

import json
from pathlib import Path

from examples.mnist.report.evaluation import Evaluation
from examples.mnist.report.page import page
from examples.mnist.report.text import as_text
from tapegrad.autograd.files import save_whole

__all__ = ["PAGE", "write"]

PAGE = "report.html"


def write(evaluation: Evaluation, folder: Path) -> Path:
    """Write the page, pictures (SVG), figures (JSON) and text into a folder; where the page is.

    Raises:
        OSError: the folder cannot be made, or a file not written; one that was there before is then whole.
    """
    files = {
        "evaluation.json": json.dumps(evaluation.to_json(), indent=1, ensure_ascii=False, allow_nan=False).encode(),
        "evaluation.txt": f"{as_text(evaluation)}\n".encode(),
    }
    for picture in (*evaluation.training, *evaluation.inside):
        files[f"{picture.name}.svg"] = picture.svg
    for head in evaluation.heads:
        prefix = f"{head.predictions.head}-" if head.predictions.head else ""
        for picture in head.pictures.values():
            files[f"{prefix}{picture.name}.svg"] = picture.svg
    files[PAGE] = page(evaluation).encode()  # last
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        save_whole(folder / name, content, "the evaluation")
    return folder / PAGE
