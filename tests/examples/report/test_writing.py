"""The folder: whole files, and nothing lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from examples.mnist.building import build
from examples.mnist.report import PAGE, Evaluation, write
from examples.mnist.report.text import as_text, matrix
from examples.mnist.settings import Settings


def test_what_is_in_the_folder(one_head: Evaluation, tmp_path: Path) -> None:
    page = write(one_head, tmp_path / "a/b")

    assert page == tmp_path / "a/b" / PAGE
    assert sorted(path.name for path in page.parent.iterdir()) == [
        "accuracy-by-epoch.svg", "accuracy-by-iteration.svg", "confidence.svg", "confusion.svg", "evaluation.json",
        "evaluation.txt", "filters.svg", "graph.svg", "loss-by-epoch.svg", "loss-by-iteration.svg", "mistakes.svg",
        "reliability.svg", "report.html",
    ]  # fmt: skip


def test_pictures_of_two_heads_do_not_meet(two_heads: Evaluation, tmp_path: Path) -> None:
    write(two_heads, tmp_path)

    assert (tmp_path / "upper-confusion.svg").read_bytes() == two_heads.heads[0].pictures["confusion"].svg
    assert (tmp_path / "lower-confusion.svg").read_bytes() == two_heads.heads[1].pictures["confusion"].svg


def test_the_figures_for_machines(two_heads: Evaluation, tmp_path: Path) -> None:
    write(two_heads, tmp_path)
    record = json.loads((tmp_path / "evaluation.json").read_text(encoding="utf-8"))

    upper, lower = record["heads"]
    assert (upper["head"], lower["head"]) == ("upper", "lower")
    assert record["accuracy"] <= min(upper["accuracy"], lower["accuracy"])
    assert len(upper["misclassified"]) == upper["mistakes"] == 150 - round(150 * upper["accuracy"])
    said = two_heads.heads[0].predictions
    for each in upper["misclassified"][:20]:
        assert said.labels[each["image"]] == each["label"] != each["predicted"] == said.predicted[each["image"]]
        assert each["probability"] == said.probabilities[each["image"], each["predicted"]]
        assert each["probability_of_label"] == said.probabilities[each["image"], each["label"]]


def test_the_text(one_head: Evaluation) -> None:
    text = as_text(one_head)

    parameters = sum(parameter.size for parameter in build(Settings(model="fast")).parameters())
    assert text.startswith(f"fast on MNIST, {parameters:,} parameters\n")
    assert f"{one_head.heads[0].measures.mistakes} of 150 images wrong" in text
    assert str(one_head.heads[0].measures.by_class) in text


def test_the_matrix_as_text() -> None:
    assert matrix(np.array([[980, 0], [3, 12_000]])) == (
        "             0      1\n      0    980      ·\n      1      3  12000"
    )


def test_an_earlier_page_stays_whole_when_writing_fails(
    one_head: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / PAGE).write_text("the page before")

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="cannot save the evaluation: No space left"):
        write(one_head, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [PAGE]
    assert (tmp_path / PAGE).read_text() == "the page before"


def test_a_file_in_the_way(one_head: Evaluation, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        write(one_head, tmp_path / "file")
