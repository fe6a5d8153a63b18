"""What a user is told when an operation cannot run: which one, on what shapes, which tensor, and from which line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import ShapeError
from .mode import Mode, current_mode
from .provenance import place, user_frame
from .tensor import Tensor

if TYPE_CHECKING:
    from .primitive import Primitive

__all__ = ["argument_names", "explain", "tensor_name", "whereabouts"]

# The last axes of each argument: those with one letter must have one size; axes before them broadcast.
_CORES = {"matmul": ("nk", "km"), "linear": ("k", "mk", "m"), "linear_without_bias": ("k", "mk")}
_SYMBOLS = {"add": " + ", "subtract": " - ", "multiply": " * ", "divide": " / ", "power": " ** ", "matmul": " @ "}


def explain(error: Exception, primitive: Primitive, args: tuple[Any, ...], params: dict[str, Any]) -> None:
    """Raise `error` again as a ShapeError in the user's terms if shapes are to blame, else add a note to it."""
    names = argument_names(primitive, args)
    shapes = [x.shape if isinstance(x, Tensor) else np.shape(x) for x in args]
    shown = _SYMBOLS.get(primitive.name, ", ").join(
        f"{name} {shape}" for name, shape in zip(names, shapes, strict=True)
    )
    where = whereabouts(dict(zip(names, args, strict=True)))
    conflict = _conflict(primitive, shapes) if isinstance(error, ValueError) else None
    if conflict is not None:
        raise ShapeError(f"{primitive.name}: {shown}: {conflict}; {where}") from error
    extra = "".join(f", {name}={value!r:.60}" for name, value in params.items() if value is not None)
    error.add_note(f"{primitive.name}: {shown}{extra}; {where}")


def whereabouts(args: dict[str, Any]) -> str:
    """`weight is layers.1.weight, called at train.py:40`: which tensors a call was given, and the user's line."""
    known = [(name, tensor_name(x)) for name, x in args.items()]
    frame = user_frame()
    named = "".join(f"{name} is {full}, " for name, full in known if full and full != name)
    return f"{named}called at {place(frame.f_code, frame.f_lasti)}"


def tensor_name(x: Any) -> str | None:
    """The name that a tensor was given, or its dotted name in the outermost module being called."""
    if not isinstance(x, Tensor):
        return None
    mode: Mode = current_mode()
    while mode.parent is not None and mode.parent.module is not None:
        mode = mode.parent
    name_of = getattr(mode.module, "name_of", None)
    return (name_of(x) if name_of is not None else None) or x.name


def argument_names(primitive: Primitive, args: tuple[Any, ...]) -> list[str]:
    """What a call's arguments are called: by the user or their module, else as the primitive does."""
    if not primitive.variadic:
        positions = primitive.arguments
    else:
        positions = tuple(f"arrays[{i}]" for i in range(len(args)))
    full = [tensor_name(x) for x in args]
    return [
        position if name is None else name.rpartition(".")[2] for position, name in zip(positions, full, strict=True)
    ]


def _conflict(primitive: Primitive, shapes: list[tuple[int, ...]]) -> str | None:
    """The two sizes that do not go together, if that is what is wrong."""
    cores = _CORES.get(primitive.name, ("",) * len(shapes) if primitive.elementwise else None)
    if cores is None:
        return None
    if primitive.name == "matmul":
        if not all(shapes):
            return "a 0-d array has no axis to sum over; use * to scale"
        cores = ("k" if len(shapes[0]) == 1 else "nk", "k" if len(shapes[1]) == 1 else "km")
    sizes: dict[str, int] = {}
    for shape, core in zip(shapes, cores, strict=True):
        if len(shape) < len(core):
            return f"{shape} has too few axes"
        for letter, size in zip(core, shape[len(shape) - len(core) :], strict=True):
            if sizes.setdefault(letter, size) != size:
                return f"{sizes[letter]} != {size}"
    outer = [shape[: len(shape) - len(core)] for shape, core in zip(shapes, cores, strict=True)]
    for axis in range(1, max(map(len, outer), default=0) + 1):
        stretched = dict.fromkeys(shape[-axis] for shape in outer if len(shape) >= axis and shape[-axis] != 1)
        if len(stretched) > 1:
            return " != ".join(map(str, stretched))
    return None
