"""explain: what an operation computes, its derivative as it is written here, and a check on numbers of your own."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from ..mode import no_grad
from ..observing import Observer, observing
from ..primitive import Primitive, registry
from ..reverse import pullback
from ..tensor import Tensor, tensor
from ..testing.differences import derivative_at_zero
from ..trees import children, leaves, mapped, paths, rebuilt
from .formulas import rule_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["explain"]

_ENGINE = Path(__file__).resolve().parents[1]


def explain(operation: Any, *args: Any, **params: Any) -> None:
    """Print what an operation computes, its derivative, where both are written, and, given arguments, a check of it.

    `explain("tanh")`, `explain(np.tanh, x)`, `explain(my_operation, x, y, axis=0)`. The check compares the gradient
    along a random direction with central differences of values, in float64, for each floating argument.

    Args:
        operation: one of this engine's or of your own, NumPy's or SciPy's function, a method, a module, or a name.
        args, params: what to call it with.

    Raises:
        TypeError: nothing that can be called.
        ValueError: there is no operation of that name; the message suggests the nearest.
        Exception: whatever the operation raises when it is called so.
    """
    while isinstance(operation, partial):
        operation, args, params = operation.func, (*operation.args, *args), {**operation.keywords, **params}
    for line in _explained(_resolved(operation), args, params):
        print(line)  # noqa: T201 - that is what it is for


def _explained(operation: Any, args: Sequence[Any], params: dict[str, Any]) -> Iterator[str]:
    name = getattr(operation, "__name__", type(operation).__name__).strip("_")
    primitive: Primitive | None = getattr(operation, "primitive", None)
    yield f"{name}{_signature(operation, primitive)}"
    yield from _indented(inspect.getdoc(operation) or "")
    if primitive is not None:
        yield from ("", f"derivative, for an incoming gradient g (y is the result{_broadcast(primitive)}):")
        names = ("each of *arrays",) if primitive.variadic else primitive.arguments
        for argument, rule in zip(names, primitive.rules, strict=True):
            yield from _indented(rule_text(f"g_{argument}" if not primitive.variadic else f"g of {argument}", rule))
        yield f"written in {_file(primitive)}"
    else:
        yield from ("", f"a composition, differentiated through what it calls; written in {_file(operation)}")
    if args:
        yield from _tried(operation, args, params)


def _tried(operation: Any, args: Sequence[Any], params: dict[str, Any]) -> Iterator[str]:
    calls = _Calls()
    inputs = tuple(map(_tracked, args))
    with observing(calls):
        y = operation(*inputs, **params)
    given = ", ".join(_shape(x) for x in args) + "".join(f", {name}={value!r}" for name, value in params.items())
    yield from ("", f"on your values: {given} -> {_shape(y)}")
    if getattr(operation, "primitive", None) is None and calls.names:
        yield f"through {', '.join(dict.fromkeys(calls.names))}"
    if not _results(y):
        yield "the result is constant: it has no gradient"
        return
    for i, (path, x) in enumerate(paths(inputs)):
        if _is_tracked(x):
            by_rule, by_differences, again = _compared(lambda given: operation(*given, **params), inputs, i)
            if not np.isclose(by_differences, again, rtol=1e-3, equal_nan=True):
                yield "the result is another at each call, so there are no differences to compare with"
                return
            apart = abs(by_rule - by_differences) / max(abs(by_rule), abs(by_differences), 1e-300)
            yield (
                f"gradient of argument {path[1:].replace(']', '', 1)} along a random direction: {by_rule:.10g} by the "
                f"rule, {by_differences:.10g} by differences ({apart:.0e} apart)"
            )


def _compared(f: Callable[[Any], Any], inputs: Any, i: int) -> tuple[float, float, float]:
    """The derivative of <v, f> along u, by the i-th array of the arguments, in float64: by rules, twice by differences.

    Of several results all that are tracked count, with a random v for each.
    """
    rng = np.random.default_rng(0)
    wide = mapped(lambda x: tensor(_wide(x), requires_grad=True) if _is_tracked(x) else x, inputs)
    points = leaves(wide)
    x, ys = points[i], _results(f(wide))
    u, vs = _random(x.numpy(), rng), [_random(y.numpy(), rng) for y in ys.values()]
    (g,) = pullback(list(ys.values()), [x], vs)

    def moved(epsilon: float) -> float:
        points[i] = tensor(x.numpy() + epsilon * u)
        with no_grad():
            there = dict(paths(f(rebuilt(wide, points))))
        return sum(_inner(v, there[path].numpy()) for path, v in zip(ys, vs, strict=True))

    return _inner(g.numpy(), u), derivative_at_zero(moved)[0], derivative_at_zero(moved)[0]


def _results(y: Any) -> dict[str, Tensor]:
    """The results that have a gradient, by their paths."""
    return {path: each for path, each in paths(y) if _is_tracked(each)}


def _is_tracked(x: Any) -> bool:
    return isinstance(x, Tensor) and x.requires_grad


class _Calls(Observer):
    """The names of the primitives that run."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def operation(
        self, primitive: Primitive, args: Sequence[Any], params: dict[str, Any], result: Tensor, seconds: float | None
    ) -> None:
        self.names.append(primitive.name)


def _resolved(operation: Any) -> Any:
    from ... import autograd

    if isinstance(operation, property):
        operation = operation.fget
    if not isinstance(operation, str):
        if not callable(operation):
            raise TypeError(f"explain: expected an operation, a function or a name, got {operation!r:.80}")
        if hasattr(operation, "primitive"):
            return operation
        name = getattr(operation, "__name__", "")
        ours = _ours(autograd, name, getattr(operation, "__module__", None) or "")
        return operation if ours is None or _is_ours(operation) else ours
    found = registry.get(operation) or _ours(autograd, operation, "")
    if found is None:
        near = difflib.get_close_matches(operation, [*registry, *autograd.__all__], n=1)
        raise ValueError(
            f"explain: there is no operation {operation!r}" + (f"; did you mean {near[0]!r}?" if near else "")
        )
    return found


def _ours(autograd: Any, name: str, module: str) -> Any:
    """Our operation of a name, `linalg.norm` among them, or of a function of NumPy's or SciPy's."""
    spaces = [space for space in ("linalg", "fft") if space in module]
    if not hasattr(np, name):
        spaces.append("special")
    for path in (*(f"{space}.{name}" for space in spaces), name):
        found: Any = autograd
        for part in path.split("."):
            found = getattr(found, part, None)
        if callable(found):
            return found
    return None


def _is_ours(function: Any) -> bool:
    return isinstance(function, FunctionType) and _ENGINE in Path(function.__code__.co_filename).resolve().parents


def _signature(operation: Any, primitive: Primitive | None) -> str:
    if primitive is not None and isinstance(primitive.forward, np.ufunc):
        return f"({', '.join(primitive.arguments)})"
    try:
        signature = inspect.signature(getattr(operation, "forward", operation))  # of a module, what it computes
    except (TypeError, ValueError):
        return "(...)"
    plain = [each.replace(annotation=inspect.Parameter.empty) for each in signature.parameters.values()]
    return str(inspect.Signature(plain))


def _broadcast(primitive: Primitive) -> str:
    return "; sums over broadcast axes follow" if primitive.elementwise else ""


def _file(thing: Any) -> str:
    rule = next((rule for rule in getattr(thing, "rules", ()) if isinstance(rule, FunctionType)), None)
    function = inspect.unwrap(getattr(thing, "forward", thing)) if rule is None else rule
    code = getattr(function, "__code__", None)
    if code is None or function.__module__.startswith("numpy"):
        return "NumPy"
    path = Path(code.co_filename).resolve()
    shown = path.relative_to(_ENGINE.parent).as_posix() if _ENGINE.parent in path.parents else path.name
    return f"{shown}:{code.co_firstlineno}"


def _indented(text: str) -> Iterator[str]:
    return (f"    {line}".rstrip() for line in text.splitlines())


def _tracked(x: Any) -> Any:
    if children(x) is not None:  # numbers in it may be a shape, or become an array together
        return mapped(lambda part: _tracked(part) if isinstance(part, Tensor | np.ndarray) else part, x)
    if isinstance(x, Tensor):
        return tensor(x.numpy(), requires_grad=x.dtype.kind in "fc")
    if isinstance(x, float | complex | np.floating | np.complexfloating | np.ndarray):
        array = np.asarray(x)
        return tensor(array, requires_grad=array.dtype.kind in "fc")
    return x


def _shape(x: Any) -> str:
    parts = children(x)
    if parts:
        shapes = ", ".join(map(_shape, parts.values()))
        return f"[{shapes}]" if isinstance(x, list) else f"({shapes})"
    return f"{x.dtype} {x.shape}" if hasattr(x, "dtype") and hasattr(x, "shape") else repr(x)


def _wide(x: Tensor) -> NDArray[Any]:
    return x.numpy().astype(np.result_type(x.dtype, np.float64))


def _random(like: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
    real = np.asarray(rng.standard_normal(like.shape))
    return real + 1j * rng.standard_normal(like.shape) if like.dtype.kind == "c" else real


def _inner(a: Any, b: Any) -> float:
    return float(np.real(np.vdot(a, b)))
