"""Drawn programs of views, reads and writes do on tensors what they do on arrays, and have the derivatives of that."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tapegrad import tensor
from tapegrad.autograd.testing import check_grads

from .programs import Environment, Step, augmentations, computations, run, views, writes

X = np.array([[1.5, -0.5, 0.75], [0.25, 2.0, -1.25]])
Z = np.array([[0.5 + 1j, -1.5j], [2.0 - 0.5j, 1.0 + 0.25j]])
Y = np.arange(12.0).reshape(2, 2, 3).transpose(2, 0, 1) / 8


def beginning(x: Any, z: Any) -> Environment:
    """A result in C order, one in F order, an array that nothing is known of yet, and a complex result."""
    new = np.array if isinstance(x, np.ndarray) else tensor
    return [x * 1, x.T * 1, new(Y), z * 1]


class ArraysAndTensors(RuleBasedStateMachine):
    """Each rule is one step on both."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []
        self.arrays = beginning(X, Z)
        self.tensors = beginning(tensor(X, requires_grad=True), tensor(Z, requires_grad=True))

    @rule(data=st.data())
    @precondition(lambda self: len(self.arrays) < 9)
    def view(self, data: st.DataObject) -> None:
        self.do(data.draw(views(self.arrays)))

    @rule(data=st.data())
    @precondition(lambda self: len(self.arrays) < 9)
    def compute(self, data: st.DataObject) -> None:
        self.do(data.draw(computations(self.arrays)))

    @rule(data=st.data())
    def write(self, data: st.DataObject) -> None:
        self.do(data.draw(writes(self.arrays)))

    @rule(data=st.data())
    def augment(self, data: st.DataObject) -> None:
        self.do(data.draw(augmentations(self.arrays)))

    def do(self, step: Step) -> None:
        """Run a step, unless NumPy refuses it; then we do."""
        try:
            step(self.arrays)
        except (ValueError, TypeError):
            with pytest.raises((ValueError, TypeError)):
                step(self.tensors)
        else:
            step(self.tensors)
            self.steps.append(step)
        self.compare(self.tensors)

    def compare(self, tensors: Environment) -> None:
        for ours, numpys in zip(tensors, self.arrays, strict=True):
            np.testing.assert_allclose(ours.numpy(), numpys, rtol=1e-12, strict=True)

    def teardown(self) -> None:
        """Once more without a look in between, and as a function of where it began."""
        unseen = beginning(tensor(X, requires_grad=True), tensor(Z, requires_grad=True))
        self.compare(run(self.steps, unseen))
        check_grads(lambda x, z: run(self.steps, beginning(x, z)), X, Z)


TestDrawnPrograms = ArraysAndTensors.TestCase
TestDrawnPrograms.settings = settings(stateful_step_count=10)
