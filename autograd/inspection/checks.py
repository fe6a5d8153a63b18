"""What `lint` looks for: a function for each kind of mistake. To add one, write it and enter it in CHECKS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..graph import Edge, Leaf, Node
from ..observing import Observer
from ..provenance import place
from ..tensor import Tensor
from .places import module_name
from .statistics import counted

__all__ = ["CHECKS", "Evidence", "Finding", "Passed"]

_FEW = 8  # samples: of fewer, a unit that none activates says nothing
_MANY_DEAD = 0.25  # of a layer's units
_MANY_SATURATED = 0.5  # of a layer's numbers
_SATURATED = 0.01  # how near to its limits a sigmoid or tanh is flat, as a part of the way between them
_VANISHING = 1e-5  # of the largest gradient among the weights, by root mean square
_EXPLODING = 100.0  # times the weight itself

_RECTIFIERS = {"relu", "relu6"}
_LIMITS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}


@dataclass(frozen=True)
class Finding:
    """One probable mistake.

    Attributes:
        check: which kind: "unreached", "untracked", "dead", "saturated", "gradient", "float64", "broadcast".
        where: a parameter, or a line of the program and the module.
        message: what was seen, and what to do.
    """

    check: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.check}: {self.where}: {self.message}"


class Passed(Observer):
    """What the walk gave to rectifiers and what they passed on: by node, whether it was zero, unit for unit.

    Where one kernel did relu and a max pooling after it, the pooling knows what relu lets through.
    """

    def __init__(self) -> None:
        self.came: dict[int, NDArray[np.bool]] = {}
        self.went: dict[int, NDArray[np.bool]] = {}

    def arrived(self, node: Edge, g: Any) -> None:
        if isinstance(node, Node) and _rectifies(node):
            self.came[node.index] = _units(g, node)

    def pulled(self, node: Node, argument: int, g: Any, seconds: float) -> None:
        if _rectifies(node):
            self.went[node.index] = _units(g, node)


@dataclass(frozen=True)
class Evidence:
    """What the checks look at: the graph, inputs first; gradients of its leaves; and their names."""

    order: Sequence[Edge]
    gradients: dict[Leaf, NDArray[Any]]
    passed: Passed
    names: dict[Leaf, str]
    model: Any

    @property
    def nodes(self) -> Iterator[Node]:
        return (node for node in self.order if isinstance(node, Node))


def unreached(evidence: Evidence) -> Iterator[Finding]:
    """Parameters that the loss does not depend on."""
    for name, parameter in [] if evidence.model is None else evidence.model.named_parameters():
        if parameter.requires_grad and parameter.node not in evidence.gradients:
            yield Finding("unreached", name, "no path leads from it to the loss, so it is never trained")


def untracked(evidence: Evidence) -> Iterator[Finding]:
    """Constants that were probably meant to be trained."""
    if evidence.model is None:
        return
    for dotted, module in evidence.model.named_modules():
        for name, value in vars(module).items():
            if type(value) is Tensor and value.dtype.kind in "fc" and not value.requires_grad:
                message = "a plain tensor is not trained; make it a Parameter, or a Buffer if it is to stay as it is"
                yield Finding("untracked", f"{dotted}.{name}" if dotted else name, message)
    parameters = [(name, each) for name, each in evidence.model.named_parameters() if each.requires_grad and each.size]
    for node in evidence.nodes:
        for source, array in zip(node.inputs, node.saved or (), strict=False):
            if source is not None or not isinstance(array, np.ndarray):
                continue
            for name, parameter in parameters:
                if np.may_share_memory(array, parameter._values):
                    yield Finding("untracked", name, f"its values are used as a constant by {_step(node)}")


def dead(evidence: Evidence) -> Iterator[Finding]:
    """Units of relu that no sample of the batch activates."""
    for node in evidence.nodes:
        came, went = evidence.passed.came.get(node.index), evidence.passed.went.get(node.index)
        if came is None or went is None or not node.shape or node.shape[0] < _FEW:
            continue
        count = int((came & ~went).sum())
        if came.size and count >= _MANY_DEAD * came.size:
            yield Finding(
                "dead",
                _step(node),
                f"{count} of {came.size} units are 0 for all {node.shape[0]} samples and learn nothing; a smaller "
                "learning rate, another initialisation or leaky_relu may help",
            )


def saturated(evidence: Evidence) -> Iterator[Finding]:
    """Sigmoid and tanh where they are flat."""
    for node in evidence.nodes:
        limits = _LIMITS.get(node.primitive.name)
        if limits is None or node.output is None or not node.output.size:
            continue
        low, high = limits
        margin = _SATURATED * (high - low)
        share = float(np.mean((node.output < low + margin) | (node.output > high - margin)))
        if share >= _MANY_SATURATED:
            message = (
                f"{share:.0%} of its results are at the limits, where the gradient vanishes; smaller inputs may help"
            )
            yield Finding("saturated", _step(node), message)


def gradients(evidence: Evidence) -> Iterator[Finding]:
    """Gradients of weights that vanish or explode, or are not finite."""
    sizes = {}
    for leaf, g in evidence.gradients.items():
        bad = counted(g)
        if bad:
            message = f"its gradient has {bad}; detect_anomaly() tells where they are born"
            yield Finding("gradient", evidence.names[leaf], message)
        elif g.ndim >= 2 and g.size:
            sizes[leaf] = _rms(g)
    largest = max(sizes.values(), default=0.0)
    values = {} if evidence.model is None else {each.node: each._values for each in evidence.model.parameters()}
    for leaf, size in sizes.items():
        if size == 0:
            yield Finding("gradient", evidence.names[leaf], "its gradient is 0 everywhere")
        elif size < _VANISHING * largest:
            message = f"its gradient vanishes: {size:.1e} by root mean square, the largest is {largest:.1e}"
            yield Finding("gradient", evidence.names[leaf], message)
        elif leaf in values and size > _EXPLODING * _rms(values[leaf]) > 0:
            message = f"its gradient explodes: {size:.1e} by root mean square, the weight has {_rms(values[leaf]):.1e}"
            yield Finding("gradient", evidence.names[leaf], message)


def float64(evidence: Evidence) -> Iterator[Finding]:
    """Where float32 becomes float64."""
    for node in evidence.nodes:
        dtypes = [parent.dtype for parent in node.inputs if parent is not None]
        asked = node.primitive.name == "converted"  # by astype, or a dtype=
        if (
            not asked
            and node.dtype in (np.float64, np.complex128)
            and all(each in (np.float32, np.complex64) for each in dtypes)
        ):
            message = f"{dtypes[0]} becomes {node.dtype}, which takes twice the time; convert the constant beside it"
            yield Finding("float64", _step(node), message)


def broadcast(evidence: Evidence) -> Iterator[Finding]:
    """(n,) against (n, 1), of which NumPy makes (n, n)."""
    for node in evidence.nodes:
        shape = node.shape
        if (
            not node.primitive.elementwise
            or len(node.inputs) != 2
            or len(shape) != 2
            or shape[0] != shape[1]
            or shape[0] < 2
        ):
            continue
        n = shape[0]
        known = zip(node.inputs, node.saved or node.inputs, strict=True)  # a constant's, if it was saved
        shapes = {getattr(saved if parent is None else parent, "shape", None) for parent, saved in known}
        if shapes in ({(n,), (n, 1)}, {None, (n, 1)}):
            other = "" if None not in shapes else ", and the other argument is a constant"
            message = f"{' and '.join(str(each) for each in shapes if each)} became {shape}{other}; reshape one of them"
            yield Finding("broadcast", _step(node), message)


CHECKS: tuple[Callable[[Evidence], Iterator[Finding]], ...] = (
    unreached, untracked, dead, saturated, gradients, float64, broadcast,
)  # fmt: skip


def _rectifies(node: Node) -> bool:
    name = node.primitive.name
    return name in _RECTIFIERS or (name == "max_pool2d" and not _RECTIFIERS.isdisjoint(getattr(node, "kernel", ())))


def _units(g: Any, node: Node) -> NDArray[np.bool]:
    """Where a gradient is anything but zero, for each unit: the last axis after a linear layer, else of (N, C, ...)."""
    array = g._values if isinstance(g, Tensor) else np.asarray(g)
    source = node.inputs[0]
    linear = isinstance(source, Node) and source.primitive.name.startswith("linear")
    units = array.ndim - 1 if linear else 1
    return np.asarray((array != 0).any(axis=tuple(axis for axis in range(array.ndim) if axis != units)))


def _rms(array: NDArray[Any]) -> float:
    return float(np.sqrt(np.mean(np.abs(array).astype(np.float64) ** 2))) if array.size else 0.0


def _step(node: Node) -> str:
    module = module_name(node.mode)
    where = f"{node.primitive.name} at {place(node.code, node.instruction)}"
    return f"{where}, in {module}" if module else where
