"""What is known of a model after one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from .table import html, text

if TYPE_CHECKING:
    from ..module import Module

__all__ = ["Cost", "Row", "Shape", "Summary", "rows_of"]

Shape = tuple[int, ...]

# numbers that an optimizer keeps for each number it trains
_STATES = {
    "sgd": 0, "momentum": 1, "adam": 2, "adamw": 2, "rmsprop": 1, "adagrad": 1, "adadelta": 2, "lion": 1, "muon": 1,
}  # fmt: skip


@dataclass
class Cost:
    """What a module did in all its calls, without what modules inside it did."""

    calls: int = 0
    output_shapes: tuple[Shape, ...] = ()
    """Of the first call."""
    output_bytes: int = 0
    multiply_adds: int = 0
    other_operations: int = 0


@dataclass
class Row(Cost):
    """A module in a `Summary`: what is its own, without what modules inside it have.

    Where rows end for want of depth, a row has what lies deeper too. A parameter that several modules share counts for
    the first, and a module that is called several times is one row with all its calls.

    Attributes:
        name: dotted, "" for the model; kind: the class.
        depth: how many modules it is in.
        output_bytes: of what its calls returned.
        parameters: how many numbers, and how many of them are `frozen`.
        multiply_adds, other_operations: see `counting.py`.
    """

    name: str = ""
    kind: str = ""
    depth: int = 0
    parameters: int = 0
    frozen: int = 0

    @property
    def flops(self) -> int:
        """2 · multiply_adds."""
        return 2 * self.multiply_adds


@dataclass(frozen=True)
class Summary:
    """What each layer makes of an input and what it costs; `print` shows a table, a notebook as well.

    Attributes:
        rows: a `Row` for each module, in the order of the state dict.
        activation_bytes: inputs, outputs, and what the graph between them keeps for the backward pass.
    """

    rows: tuple[Row, ...]
    input_shapes: tuple[Shape, ...]
    input_dtypes: tuple[str, ...]
    training: bool
    activation_bytes: int
    parameter_bytes: int
    trainable_bytes: int
    buffer_bytes: int

    @property
    def total_parameters(self) -> int:
        """Numbers in all parameters, each once."""
        return sum(row.parameters for row in self.rows)

    @property
    def frozen_parameters(self) -> int:
        """Those of them that are not trained."""
        return sum(row.frozen for row in self.rows)

    @property
    def trainable_parameters(self) -> int:
        """Those of them that are."""
        return self.total_parameters - self.frozen_parameters

    @property
    def multiply_adds(self) -> int:
        """Of all products in the forward pass."""
        return sum(row.multiply_adds for row in self.rows)

    @property
    def flops(self) -> int:
        """2 · multiply_adds."""
        return 2 * self.multiply_adds

    @property
    def other_operations(self) -> int:
        """Of all operations that are no products."""
        return sum(row.other_operations for row in self.rows)

    @property
    def batch_size(self) -> int:
        """The first size of the first input."""
        return next((shape[0] for shape in self.input_shapes if shape), 1)

    def training_bytes(self, optimizer: str = "adam", batch_size: int | None = None) -> int:
        """An estimate of the memory of a training step: parameters, buffers, gradients, optimizer state, activations.

        Activations are taken to grow with the batch. What the walk and kernels need for a moment is not in it.

        Raises:
            ValueError: an optimizer that is none of sgd, momentum (sgd with it), adam, adamw, rmsprop, adagrad,
                adadelta, lion, muon; another batch size, but the summary is of an empty batch.
        """
        if optimizer not in _STATES:
            raise ValueError(f"training_bytes: optimizer must be one of {', '.join(_STATES)}, got {optimizer!r}")
        fixed = self.parameter_bytes + self.buffer_bytes + self.trainable_bytes * (1 + _STATES[optimizer])
        if batch_size is None:
            return fixed + self.activation_bytes
        if not self.batch_size:
            raise ValueError("training_bytes: an empty batch says nothing about others; take a summary of one")
        return fixed + -(-self.activation_bytes * batch_size // self.batch_size)

    def largest_batch(self, memory: int, optimizer: str = "adam") -> int:
        """The largest batch whose training step takes no more than so many bytes, by `training_bytes`; 0 for none."""
        rest = memory - self.training_bytes(optimizer, 0)
        return max(rest * self.batch_size // max(self.activation_bytes, 1), 0)

    def to_dict(self) -> dict[str, Any]:
        """Everything, in what JSON has."""
        totals = ("total_parameters", "trainable_parameters", "multiply_adds", "flops", "other_operations")
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        rows = [asdict(row) | {"flops": row.flops} for row in self.rows]
        memory = {optimizer: self.training_bytes(optimizer) for optimizer in ("sgd", "momentum", "adam")}
        return known | {"rows": rows} | {name: getattr(self, name) for name in totals} | {"training_bytes": memory}

    def __str__(self) -> str:
        return text(self)

    def _repr_html_(self) -> str:
        return html(self)


def rows_of(model: Module, costs: Mapping[Module, Cost], depth: int | None) -> tuple[Row, ...]:
    """A row for each module down to a depth."""
    rows: dict[str, Row] = {}
    depths: dict[str, int] = {}
    seen: set[int] = set()
    for name, module in model.named_modules():
        outside = _module_around(name, depths)
        depths[name] = 0 if outside is None else depths[outside] + 1
        if depth is None or depths[name] <= depth:
            row = rows[name] = Row(**vars(costs[module]), name=name, kind=type(module).__name__, depth=depths[name])
        else:
            assert outside is not None
            row = rows[name] = rows[outside]
            row.multiply_adds += costs[module].multiply_adds
            row.other_operations += costs[module].other_operations
        for parameter in module.parameters(recurse=False):
            if id(parameter) not in seen:
                seen.add(id(parameter))
                row.parameters += parameter.size
                row.frozen += 0 if parameter.requires_grad else parameter.size
    return tuple({id(row): row for row in rows.values()}.values())


def _module_around(name: str, known: Mapping[str, Any]) -> str | None:
    """The name of the module that this one is in; None for the model itself."""
    if not name:
        return None
    while name:
        name = name.rpartition(".")[0]
        if name in known:
            return name
    return ""
