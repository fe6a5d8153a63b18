"""The README's code does what the README says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def test_the_ten_lines_learn_exclusive_or(tmp_path: Path) -> None:
    programs = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    [program] = [code for code in programs if "import" in code]
    command = [sys.executable, "-W", "error", "-c", program]
    printed = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    found = re.fullmatch(r"loss (0\.\d+)\n", printed)
    assert found, printed
    assert float(found[1]) < 0.2  # 1 is what a constant reaches


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)", README.read_text(encoding="utf-8")):
        assert (README.parent / target).exists(), target
