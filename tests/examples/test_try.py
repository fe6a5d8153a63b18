"""The command `try`, with the shipped model on Digits, which stand in where there is no MNIST."""

from __future__ import annotations

import re
from typing import Any

import pytest
from click.testing import CliRunner, Result

from examples.mnist.commands import mnist

pytestmark = pytest.mark.usefixtures("offline")


def samples(*arguments: Any) -> Result:
    result = CliRunner().invoke(mnist, ["try", *map(str, arguments)], env={"COLUMNS": "100"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def shown(result: Result) -> list[int]:
    return [int(number) for number in re.findall(r"^test image (\d+)", result.output, re.MULTILINE)]


def test_images_with_their_probabilities() -> None:
    result = samples("--count", 3, "--seed", 0)

    assert result.exit_code == 0
    assert "MNIST is not at hand (https://" in result.output
    assert len(shown(result)) == 3
    assert len(re.findall(r"label \d, predicted \d", result.output)) == 3
    assert len(re.findall(r" (right|wrong)\b", result.output)) == 3
    shares = [float(share) for share in re.findall(r"\b\d +█?[█▏ ]* +(\d+\.\d\d) %", result.output)]
    assert len(shares) == 30
    for i in range(3):
        assert sum(shares[10 * i : 10 * i + 10]) == pytest.approx(100, abs=0.1)
    assert re.search(r"^\d of 3 images are recognised", result.output, re.MULTILINE)


def test_the_seed_chooses_the_images() -> None:
    assert shown(samples("--seed", 1)) == shown(samples("--seed", 1)) != shown(samples("--seed", 2))


def test_only_wrong_ones() -> None:
    result = samples("--wrong", "--count", 2, "--seed", 0)

    said = re.findall(r"label (\d), predicted (\d)", result.output)
    assert len(said) == 2
    assert all(label != predicted for label, predicted in said)
    assert " right" not in result.output
    assert " of 360 images are recognised" in result.output


def test_bad_values() -> None:
    assert samples("--count", 0).exit_code == 2
    assert samples("--seed", -1).exit_code == 2
    assert "holds no run" in samples("--run", "nowhere").output
