"""Settings: what they may be, and that files and the command line agree about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from examples.mnist.presets import PRESETS, chosen, preset
from examples.mnist.settings import Settings, SettingsError


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    settings = Settings(
        model="cnn", hidden=(64, 32), batch_size="full", ema=0.99, live_curves=True, lr=1e-3, data_dir='a "folder" Ž\\'
    )
    path = tmp_path / "settings.toml"
    path.write_text(settings.to_toml(), encoding="utf-8")

    assert Settings.read(path) == settings


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("epochs", 0, "epochs: 0 is less than 1"),
        ("epochs", "many", "epochs: 'many' is not a whole number"),
        ("epochs", 1.5, "epochs: 1.5 is not a whole number"),
        ("epochs", True, "epochs: True is not a whole number"),
        ("batch_size", "half", "batch_size: 'half' is not a whole number or 'full'"),
        ("lr", 0, "lr: 0 is not above 0"),
        ("lr", float("nan"), "lr: nan is not a number to train with"),
        ("lr", "fast", "lr: 'fast' is not a number"),
        ("dropout", 1, "dropout: 1 is not below 1"),
        ("validation_fraction", 0.0, "validation_fraction: 0 is not above 0"),
        ("optimizer", "adamm", r"optimizer: there is no optimizer 'adamm'\. Did you mean 'adam'\?"),
        ("activation", "rellu", "Did you mean 'relu'"),
        ("hidden", "8,y", "hidden: 'y' is not a whole number"),
        ("hidden", "8,,4", "hidden: '' is not a whole number"),
        ("hidden", 8, "hidden: 8 is not a list of whole numbers, such as 256,128"),
        ("stream", "perhaps", "stream: 'perhaps' is neither yes nor no"),
        ("data", "minst", "Did you mean 'mnist'"),
        ("data_dir", 3, "data_dir: 3 is not a text"),
    ],
)
def test_values_that_a_setting_cannot_have(name: str, value: Any, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Settings.of({name: value})


def test_an_unknown_setting_suggests_the_nearest() -> None:
    with pytest.raises(SettingsError, match=r"there is no setting 'bach_size'\. Did you mean 'batch_size'\?"):
        Settings.of({"bach_size": 3})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"model": "lenet", "hidden": (3,)}, "hidden: model lenet has no such option; those that shape it: activation"),
        ({"model": "linear", "dropout": 0.5}, "dropout: model linear has no such option; those that shape it: none"),
        ({"optimizer": "adagrad", "momentum": 0.5}, "momentum: optimizer adagrad has none"),
    ],
)
def test_settings_that_do_not_go_together(values: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Settings.of(values)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("hidden", "256,128", (256, 128)), ("hidden", "256x128", (256, 128)), ("hidden", "", ()), ("ema", "none", None),
        ("batch_size", "full", "full"), ("batch_size", "1", 1), ("momentum", "0.5", 0.5), ("stream", "yes", True),
    ],
)  # fmt: skip
def test_texts_as_the_command_line_has_them(name: str, text: str, value: Any) -> None:
    assert getattr(Settings.of({name: text}), name) == value


def test_none_takes_the_place_of_what_a_preset_says(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("ema = 0.9\n")

    assert chosen(str(path), {}).ema == 0.9
    assert chosen(str(path), {"ema": "none"}).ema is None


@pytest.mark.parametrize("content", ["epochs = ", "epochs = 0", "epoch = 3", "\xff"])
def test_a_file_that_is_wrong_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content.encode("latin-1"))

    with pytest.raises(SettingsError, match=r"mine\.toml: "):
        Settings.read(path)
    with pytest.raises(SettingsError, match=r"mine\.toml: "):
        preset(str(path))


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_read(name: str) -> None:
    found = preset(name)

    assert found.name == name
    assert found.rung is None or len(found.rung.goal) <= 2


def test_a_model_begins_with_the_preset_of_its_name() -> None:
    assert chosen(None, {"model": "mlp16"}) == preset("mlp16").settings
    assert chosen(None, {"model": "mlp16", "epochs": 3}).epochs == 3
    assert chosen(None, {"model": "linear"}) == Settings(model="linear")
    assert chosen("mlp128-leaky", {}).activation == "leaky-relu"


def test_a_preset_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('model = "tiny"\nlr = 0.5\n')

    assert chosen(str(path), {"epochs": 2}) == Settings(model="tiny", lr=0.5, epochs=2)


def test_a_preset_that_is_not_there() -> None:
    with pytest.raises(SettingsError, match=r"there is no preset 'cnnn'\. Did you mean 'cnn'\?"):
        preset("cnnn")
    with pytest.raises(FileNotFoundError):
        preset("nowhere.toml")
