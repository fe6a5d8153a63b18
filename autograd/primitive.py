"""`@primitive`: a function of arrays becomes an operation on tensors, and learns its derivative from `defvjp`.

    @primitive
    def sinh(x):
        return np.sinh(x)

    sinh.defvjp(lambda g, y, x: g * cosh(x))

Arguments without a default are arrays, arguments with one are parameters; `*arrays` takes any number of arrays. A rule
has the flat signature `(g, y, *arrays, **parameters)` and is written in operations, so that it works on arrays (for a
first-order gradient) and on tensors (for a gradient that is itself differentiated). What a rule names with a leading
underscore is not kept alive for it: in the place of its own argument, and of the output, it then gets an object that
knows only `.shape` and `.dtype`, and None for the other arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, update_wrapper
from types import FunctionType
from typing import Any, Protocol

import numpy as np

from .constants import as_constant, plain
from .errors import BatchError, MissingRuleError
from .recording import binary, nary, unary
from .standins import stood_in
from .tensor import Tensor

__all__ = ["Operation", "Primitive", "Rule", "elementwise", "nondifferentiable", "primitive", "registry"]

Rule = Callable[..., Any]

_VARIADIC = 0x04  # co_flags of a function that takes *arrays


class Operation(Protocol):
    """What `@primitive` makes of a function: called with arrays it is that function, with tensors it records."""

    __name__: str
    __qualname__: str
    primitive: Primitive

    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

    def defvjp(self, *rules: Rule | None) -> None:
        """Give the derivative: one rule for each array argument, None for an argument that has none.

        A primitive of `*arrays` takes one rule for all, `(index, g, y, *arrays, **parameters)`.

        Raises:
            TypeError: not one rule for each argument.
        """

    def defvjps(self, rule: Rule) -> None:
        """Give the derivative of a primitive of `*arrays` by all of them at once, where they have work in common.

        The rule, `(g, y, *arrays, **parameters)`, returns a gradient for each, and None for one that is never tracked.

        Raises:
            TypeError: a primitive with named arguments.
        """


registry: dict[str, Operation] = {}
"""Every primitive by its name; a user's own may take the place of one of the engine's here, and only here."""


class Primitive:
    """A pure function of arrays and parameters, and its rules."""

    __slots__ = ("arguments", "defaults", "elementwise", "forward", "keeps", "name", "rule_of_all", "rules", "variadic")

    def __init__(self, forward: Callable[..., Any], elementwise: bool) -> None:
        signature: Any = _UFUNC_SIGNATURES.get(forward.nin) if isinstance(forward, np.ufunc) else forward
        if not isinstance(signature, FunctionType):
            raise TypeError(
                f"primitive: expected a Python function, or a ufunc of one or two arguments, got {forward!r:.80}; "
                "write a function that calls it"
            )
        code = signature.__code__
        positional = code.co_varnames[: code.co_argcount]
        values = signature.__defaults__ or ()
        required = len(positional) - len(values)
        self.name = forward.__name__.strip("_")
        self.forward = forward
        self.elementwise = elementwise  # the walk undoes broadcasting
        self.arguments = positional[:required]
        self.defaults = {**dict(zip(positional[required:], values, strict=True)), **(signature.__kwdefaults__ or {})}
        self.variadic = bool(code.co_flags & _VARIADIC)
        self.rules: tuple[Rule | None, ...] = (partial(_missing, self.name),) * (len(self.arguments) + self.variadic)
        self.rule_of_all: Rule | None = None
        # What each rule wants kept: bit i for argument i, and the bit after the last argument's for the output.
        self.keeps: tuple[int, ...] = (0,) * len(self.rules)

    def __repr__(self) -> str:
        return f"<Primitive {self.name}({', '.join(self.arguments)})>"

    def defvjp(self, *rules: Rule | None) -> None:
        if len(rules) != len(self.rules):
            each = "all of *arrays" if self.variadic else "each of " + ", ".join(self.arguments)
            raise TypeError(f"defvjp: {self.name} needs {len(self.rules)} rules, one for {each}; got {len(rules)}")
        self.rules, self.rule_of_all = rules, None
        self.keeps = tuple(0 if rule is None else self._kept(rule) for rule in rules)

    def defvjps(self, rule: Rule) -> None:
        if not self.variadic:
            raise TypeError(f"defvjps: {self.name} has named arguments; give it a rule for each with defvjp")
        self.rules, self.rule_of_all = (rule,), rule
        y = rule.__code__.co_varnames[1]
        self.keeps = (1 | (not y.startswith("_")) << 1,)  # the arrays, and perhaps the output

    def rules_of_each(self, count: int) -> tuple[Rule | None, ...]:
        """The rule for each of so many arguments of a primitive of *arrays; for one visit, if one is for all."""
        rule = self.rules[0] if self.rule_of_all is None else _once(self.rule_of_all)
        return tuple(rule and partial(rule, i) for i in range(count))

    def _kept(self, rule: Rule) -> int:
        """What a rule names without an underscore; everything, if its names cannot be told apart (a partial, *args)."""
        named = 3 if self.variadic else 2 + len(self.arguments)
        if not isinstance(rule, FunctionType) or rule.__code__.co_argcount < named:
            return -1
        code = rule.__code__
        if self.variadic:  # (index, g, y, *arrays, **parameters): all arrays or none
            stars = code.co_varnames[code.co_argcount + code.co_kwonlyargcount]
            return (not stars.startswith("_")) | (not code.co_varnames[2].startswith("_")) << 1
        y, *arrays = code.co_varnames[1 : 2 + len(self.arguments)]
        return sum(1 << i for i, name in enumerate((*arrays, y)) if not name.startswith("_"))


# NumPy's names for the arguments of a ufunc, which has no signature of its own
_UFUNC_SIGNATURES: dict[int, Callable[..., Any]] = {1: lambda x: x, 2: lambda x1, x2: (x1, x2)}


def _missing(name: str, *_: Any, **__: Any) -> Any:
    raise MissingRuleError(f"{name} has no derivative yet; give it one with {name}.defvjp(...)")


def _once(rule: Rule) -> Rule:
    """A rule for each argument, of one for all that is called for the first."""
    found: list[Any] = []

    def each(index: int, *args: Any, **params: Any) -> Any:
        if not found:
            found.extend(rule(*args, **params))
        return found[index]

    return update_wrapper(each, rule)


def primitive(forward: Callable[..., Any], doc: str | None = None, *, elementwise: bool = False) -> Operation:
    """Make a differentiable operation of a function of arrays; see the top of this file.

    Args:
        forward: a pure function of arrays that returns one array; a ufunc will do.
        doc: the operation's docstring, if it is not to be that of `forward`.
        elementwise: whether the arguments broadcast against each other; the walk then sums each gradient to the shape
            of its argument. The gradient of any other primitive must have its argument's shape.
    """
    entry = Primitive(forward, elementwise)
    plain = not (entry.defaults or entry.variadic)
    if plain and elementwise and len(entry.arguments) == 1:
        operation: Any = unary(entry)
    elif plain and len(entry.arguments) == 2:
        operation = binary(entry)
    else:
        operation = nary(entry)
    update_wrapper(operation, forward)
    operation.__doc__ = doc or forward.__doc__
    operation.primitive = entry
    operation.defvjp = entry.defvjp
    operation.defvjps = entry.defvjps
    registry[entry.name] = operation
    return operation  # type: ignore[no-any-return]


elementwise = partial(primitive, elementwise=True)
"""As `primitive`, for functions that work element by element and broadcast."""


def nondifferentiable(forward: Callable[..., Any]) -> Callable[..., Any]:
    """Make an operation whose result is constant almost everywhere (a comparison, an index): it is never tracked."""

    def operation(*args: Any, **params: Any) -> Any:
        if not any(isinstance(x, Tensor) for x in (*args, *params.values())):
            return forward(*args, **params)
        try:
            arrays = [plain(x) for x in args]
        except BatchError:
            return stood_in(operation, args, params)
        return as_constant(forward(*arrays, **{name: plain(x) for name, x in params.items()}))

    return update_wrapper(operation, forward)
