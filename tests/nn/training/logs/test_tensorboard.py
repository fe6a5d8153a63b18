"""Event files, read back by the format's own rules: records with checksums, protobuf messages inside."""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboardX.crc32c import crc32c
from tensorboardX.proto.event_pb2 import Event, SessionLog

from tapegrad.nn.training import TensorBoard

from ..problems import loaders, trainer


def events(folder: Path) -> list[Any]:
    """All events in a folder's files, in the order of these.

    A record: its length, the checksum of that, the content, its checksum.
    """
    found = []
    for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns):
        content = path.read_bytes()
        while content:
            (length,) = struct.unpack("<Q", content[:8])
            for part, check in ((content[:8], content[8:12]), (content[12 : 12 + length], content[12 + length :][:4])):
                crc = crc32c(part)
                assert struct.unpack("<I", check)[0] == ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
            found.append(Event.FromString(content[12 : 12 + length]))
            content = content[16 + length :]
    return found


def scalars(found: list[Any]) -> dict[str, list[tuple[int, float]]]:
    table: dict[str, list[tuple[int, float]]] = {}
    for event in found:
        for value in event.summary.value:
            if value.WhichOneof("value") == "simple_value":
                table.setdefault(value.tag, []).append((event.step, value.simple_value))
    return table


def test_figures_of_training_and_validation(tmp_path: Path) -> None:
    history = trainer(callbacks=[TensorBoard(tmp_path, every=3)]).fit(*loaders(), epochs=2)
    train, validation = (scalars(events(tmp_path / name)) for name in ("train", "validation"))
    assert set(train) == {f"epoch/{name}" for name in ("loss", "accuracy", "lr", "seconds")} | {
        f"step/{name}" for name in ("loss", "accuracy", "lr")
    }
    assert set(validation) == {"epoch/loss", "epoch/accuracy"}
    for table, prefix in ((train, ""), (validation, "val_")):
        for name in ("loss", "accuracy"):
            assert [step for step, _ in table[f"epoch/{name}"]] == [9, 18]
            np.testing.assert_allclose([value for _, value in table[f"epoch/{name}"]], history[prefix + name], 1e-6)
    assert [step for step, _ in train["step/loss"]] == [3, 6, 9, 12, 15, 18]
    for name in ("loss", "lr"):
        np.testing.assert_allclose([v for _, v in train[f"step/{name}"]], [s[name] for s in history.steps[2::3]], 1e-6)


def test_histograms_of_weights_and_gradients(tmp_path: Path) -> None:
    t = trainer(callbacks=[TensorBoard(tmp_path, histograms=2)])
    t.fit(*loaders(), epochs=4)
    found = [
        (event.step, value.tag, value.histo)
        for event in events(tmp_path / "train")
        for value in event.summary.value
        if value.WhichOneof("value") == "histo"
    ]
    names = [name for name, _ in t.model.named_parameters()]
    assert [(step, tag) for step, tag, _ in found] == [
        (step, f"{kind}/{name}") for step in (18, 36) for name in names for kind in ("weights", "gradients")
    ]
    last = {tag: histogram for step, tag, histogram in found if step == 36}
    for name, parameter in t.model.named_parameters():
        assert parameter.grad is not None
        for kind, array in (("weights", parameter.numpy()), ("gradients", parameter.grad.numpy())):
            histogram = last[f"{kind}/{name}"]
            assert histogram.num == array.size == sum(histogram.bucket)
            np.testing.assert_allclose([histogram.min, histogram.max], [array.min(), array.max()], 1e-6)
            np.testing.assert_allclose(histogram.sum, array.sum(), 1e-4, 1e-6)


def test_a_resumption_takes_back_what_is_done_again(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    trainer(tmp_path, callbacks=[TensorBoard(folder, every=1)]).fit(*loaders(), epochs=1)
    trainer(tmp_path, callbacks=[TensorBoard(folder, every=1)]).fit(*loaders(), epochs=2, resume=True)
    for name in ("train", "validation"):
        found = events(folder / name)
        starts = [event.step for event in found if event.session_log.status == SessionLog.START]
        assert starts == [1, 10], name
    assert [step for step, _ in scalars(events(folder / "train"))["step/loss"]] == list(range(1, 19))


def test_options_and_the_missing_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="every must be at least 1, got 0"):
        TensorBoard(tmp_path, every=0)
    with pytest.raises(ValueError, match="histograms must be at least 1, got -1"):
        TensorBoard(tmp_path, histograms=-1)
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(ImportError, match=r'package tensorboardX, .* pip install "tapegrad\[log\]"'):
        TensorBoard(tmp_path)
