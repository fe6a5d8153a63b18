"""SciPy's functions as forwards. SciPy is an extra: it is imported when the first of them is called."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from ...errors import MissingRuleError
from ...primitive import Operation, Rule, elementwise

__all__: list[str] = []


@cache
def scipys(name: str) -> Callable[..., Any]:
    """The function of that name in `scipy.special`.

    Raises:
        ImportError: SciPy is not installed.
    """
    try:
        import scipy.special
    except ImportError as error:
        raise ImportError(f"special.{name} is SciPy's: pip install tapegrad[special]") from error
    return getattr(scipy.special, name)  # type: ignore[no-any-return]


_FORWARDS: dict[int, Callable[[str], Callable[..., Any]]] = {
    1: lambda name: lambda x: scipys(name)(x),
    2: lambda name: lambda x1, x2: scipys(name)(x1, x2),
    3: lambda name: lambda x1, x2, x3: scipys(name)(x1, x2, x3),
    4: lambda name: lambda x1, x2, x3, x4: scipys(name)(x1, x2, x3, x4),
}


def of_scipy(name: str, doc: str, arguments: int = 1) -> Operation:
    """SciPy's function of so many arguments as an elementwise primitive of the same name."""
    forward: Any = _FORWARDS[arguments](name)
    forward.__name__ = forward.__qualname__ = name
    return elementwise(forward, doc)


def no_rule(name: str, argument: str) -> Rule:
    """The rule of an argument by which nobody knows a derivative worth having: it says so if one is asked for."""

    def refuse(*_: Any) -> Any:
        raise MissingRuleError(
            f"special.{name} has no derivative by its argument {argument} here; pass it as a constant, {argument}"
            ".detach(), for that by the others"
        )

    return refuse
