"""What holds for every test: the import path, how hard hypothesis tries, and that no test leaves traces."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest

# The source folders at the top must not be importable by their bare names: `import autograd` is HIPS autograd.
ROOT = Path(__file__).resolve().parent.parent
sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != ROOT]

# How quick the machine is, is no matter of the tests: neither a deadline nor the health check for slow data.
patient = hypothesis.settings(deadline=None, print_blob=True, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("dev", patient, max_examples=25)
hypothesis.settings.register_profile("ci", patient, max_examples=100, derandomize=True)
hypothesis.settings.register_profile("proof", patient, max_examples=1_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


def global_state() -> dict[str, Any]:
    """What a test could leave changed for those after it."""
    from tapegrad.autograd import is_grad_enabled

    legacy = np.random.get_state(legacy=False)  # noqa: NPY002 - that nobody draws from it is what we watch
    return {
        "grad mode": is_grad_enabled(),
        "NumPy's error state": (np.geterr(), np.geterrcall()),
        "NumPy's print options": np.get_printoptions(),
        "np.random's state": (legacy["state"]["key"].tobytes(), legacy["state"]["pos"], legacy["gauss"]),
        "random's state": random.getstate(),
        "working directory": Path.cwd(),
    }


@pytest.fixture(autouse=True)
def leaves_no_traces() -> Iterator[None]:
    """Fail a test after which global state is not what it was."""
    before = global_state()
    yield
    after = global_state()
    changed = [name for name in before if before[name] != after[name]]
    assert not changed, f"the test changed {', '.join(changed)} and did not put it back"
