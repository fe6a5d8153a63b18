"""explain: what an operation computes, its derivative as it is written here, and a check on numbers of your own."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from ..observing import Observer, observing
from ..primitive import Primitive, registry
from ..reverse import pullback
from ..tensor import Tensor, tensor
from ..testing.differences import derivative_at_zero
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
        operation: one of this engine's or of your own, NumPy's or SciPy's function, or a name.
        args, params: what to call it with.

    Raises:
        ValueError: there is no operation of that name; the message suggests the nearest.
        Exception: whatever the operation raises when it is called so.
    """
    print("\n".join(_explained(_resolved(operation), args, params)))  # noqa: T201 - that is what it is for


def _explained(operation: Any, args: Sequence[Any], params: dict[str, Any]) -> Iterator[str]:
    name = getattr(operation, "__name__", repr(operation)).strip("_")
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
    inputs = [_tracked(x) for x in args]
    with observing(calls):
        y = operation(*inputs, **params)
    given = ", ".join(_shape(x) for x in args) + "".join(f", {name}={value!r}" for name, value in params.items())
    yield from ("", f"on your values: {given} -> {_shape(y) if isinstance(y, Tensor) else type(y).__name__}")
    if getattr(operation, "primitive", None) is None and calls.names:
        yield f"through {', '.join(dict.fromkeys(calls.names))}"
    if not isinstance(y, Tensor) or y.node is None:
        yield "the result is constant: it has no gradient"
        return
    for i, x in enumerate(inputs):
        if isinstance(x, Tensor) and x.requires_grad:
            by_rule, by_differences = _compared(lambda *given: operation(*given, **params), inputs, i)
            apart = abs(by_rule - by_differences) / max(abs(by_rule), abs(by_differences), 1e-300)
            yield (
                f"gradient of argument {i} along a random direction: {by_rule:.10g} by the rule, {by_differences:.10g} "
                f"by differences ({apart:.0e} apart)"
            )


def _compared(f: Callable[..., Any], inputs: Sequence[Any], i: int) -> tuple[float, float]:
    """The derivative of <v, f> along u by argument i, in float64: by rules, and by differences."""
    rng = np.random.default_rng(0)
    wide = [tensor(_wide(x), requires_grad=True) if isinstance(x, Tensor) and x.requires_grad else x for x in inputs]
    y = f(*wide)
    u, v = _random(wide[i].numpy(), rng), _random(y.numpy(), rng)
    (g,) = pullback([y], [wide[i]], [v])

    def moved(epsilon: float) -> float:
        point = [x.numpy() if isinstance(x, Tensor) else x for x in wide]
        point[i] = point[i] + epsilon * u
        return _inner(v, np.asarray(f(*point)))

    return _inner(g.numpy(), u), derivative_at_zero(moved)[0]


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

    if not isinstance(operation, str):
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
        signature = inspect.signature(operation)
    except (TypeError, ValueError):
        return "(...)"
    plain = [each.replace(annotation=inspect.Parameter.empty) for each in signature.parameters.values()]
    return str(inspect.Signature(plain))


def _broadcast(primitive: Primitive) -> str:
    return "; sums over broadcast axes follow" if primitive.elementwise else ""


def _file(thing: Any) -> str:
    rule = next((rule for rule in getattr(thing, "rules", ()) if isinstance(rule, FunctionType)), None)
    function = inspect.unwrap(thing) if rule is None else rule
    code = getattr(function, "__code__", None)
    if code is None:
        return "NumPy"
    path = Path(code.co_filename).resolve()
    shown = path.relative_to(_ENGINE.parent).as_posix() if _ENGINE in path.parents else path.name
    return f"{shown}:{code.co_firstlineno}"


def _indented(text: str) -> Iterator[str]:
    return (f"    {line}".rstrip() for line in text.splitlines())


def _tracked(x: Any) -> Any:
    if isinstance(x, Tensor):
        return tensor(x.numpy(), requires_grad=x.dtype.kind in "fc")
    if isinstance(x, float | complex | np.floating | np.complexfloating | np.ndarray):
        array = np.asarray(x)
        return tensor(array, requires_grad=array.dtype.kind in "fc")
    return x


def _shape(x: Any) -> str:
    return f"{x.dtype} {x.shape}" if hasattr(x, "dtype") and hasattr(x, "shape") else repr(x)


def _wide(x: Tensor) -> NDArray[Any]:
    return x.numpy().astype(np.result_type(x.dtype, np.float64))


def _random(like: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
    real = np.asarray(rng.standard_normal(like.shape))
    return real + 1j * rng.standard_normal(like.shape) if like.dtype.kind == "c" else real


def _inner(a: Any, b: Any) -> float:
    return float(np.real(np.vdot(a, b)))
