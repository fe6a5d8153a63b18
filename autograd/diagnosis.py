"""What a user is told when an operation cannot run: which one, on what shapes, which tensor, and from which line."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from reprlib import repr as shortened
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from .errors import ShapeError
from .mode import Mode, current_mode
from .provenance import place, user_frame
from .tensor import Tensor

if TYPE_CHECKING:
    from .primitive import Primitive

__all__ = ["argument_names", "explain", "locate", "locate_all", "located", "tensor_name", "whereabouts"]

Function = TypeVar("Function", bound=Callable[..., Any])

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


def locate(error: Exception, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Add to an error what was called, on which tensors, and from where, as far as it does not say so itself."""
    notes = getattr(error, "__notes__", [])
    bare = next((i for i, note in enumerate(notes) if note.startswith("called at ")), None)
    if bare is None and any("called at " in text for text in (str(error), *notes)):
        return
    given = ", ".join([*map(_shown, args), *(f"{key}={_shown(value)}" for key, value in kwargs.items())])
    if bare is None:
        frame = user_frame()
        error.add_note(f"in {name}({given}), called at {place(frame.f_code, frame.f_lasti)}")
    else:
        notes[bare] = f"in {name}({given}), {notes[bare]}"


def located(function: Function) -> Function:
    """The function with errors that `locate` has seen to."""

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            locate(error, function.__name__.strip("_"), args, kwargs)
            raise

    return call  # type: ignore[return-value]


def locate_all(module: ModuleType) -> dict[str, Any]:
    """Put `located` functions in the place of those that a module defines for others, and return them by name."""
    functions = {name: vars(module)[name] for name in module.__all__}
    ours = {name: located(each) for name, each in functions.items() if each.__module__ == module.__name__}
    vars(module).update(ours)
    return ours


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
    """What arguments are called: by the user or their module, in short if that tells, else by the primitive."""
    if not primitive.variadic:
        positions = primitive.arguments
    else:
        positions = tuple(f"arrays[{i}]" for i in range(len(args)))
    full = [tensor_name(x) or position for position, x in zip(positions, args, strict=True)]
    short = [name.rpartition(".")[2] for name in full]
    return [name if short.count(last) > 1 else last for name, last in zip(full, short, strict=True)]


def _shown(x: Any) -> str:
    if isinstance(x, Tensor):
        return f"{tensor_name(x) or 'tensor'} {x.shape}"
    if isinstance(x, np.ndarray):
        return f"array {x.shape}"
    if isinstance(x, list | tuple) and any(isinstance(part, Tensor | np.ndarray) for part in x):
        return f"[{', '.join(map(_shown, x[:4]))}{', ...' if len(x) > 4 else ''}]"
    return getattr(x, "__name__", None) or shortened(x)


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
