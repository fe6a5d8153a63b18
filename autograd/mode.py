"""Grad mode: whether operations are recorded, per thread and per asyncio task, and inside which module they run."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar, Token
from functools import wraps
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from .observing import Observer

__all__ = ["Mode", "current_mode", "enable_grad", "entered", "is_grad_enabled", "leave", "no_grad", "watched"]

Function = TypeVar("Function", bound=Callable[..., Any])

# co_flags of generator functions, coroutines and asynchronous generators: their bodies run after the call returned
_RUNS_LATER = 0x20 | 0x80 | 0x200


class Mode:
    """What the current context does with operations: record or not; the modules being called; who watches."""

    __slots__ = ("module", "observers", "parent", "recording")

    def __init__(
        self,
        recording: bool,
        module: object = None,
        parent: Mode | None = None,
        observers: tuple[Observer, ...] | None = None,
    ) -> None:
        self.recording = recording
        self.module = module
        self.parent = parent
        self.observers = observers  # None, never empty: that is quicker to ask


_mode: ContextVar[Mode] = ContextVar("tapegrad_mode", default=Mode(recording=True))  # noqa: B039 - never mutated
current_mode = _mode.get


def entered(module: object) -> Token[Mode]:
    """Enter a module's call: nodes recorded until `leave` know that they belong to it."""
    mode = _mode.get()
    return _mode.set(Mode(mode.recording, module, mode, mode.observers))


def watched(observer: Observer) -> Token[Mode]:
    """Tell one more observer of what runs until `leave` (see observing.py)."""
    mode = _mode.get()
    return _mode.set(Mode(mode.recording, mode.module, mode.parent, (*(mode.observers or ()), observer)))


def leave(token: Token[Mode]) -> None:
    """Leave what `entered` or `watched` began."""
    _mode.reset(token)


def is_grad_enabled() -> bool:
    """Whether operations on tracked tensors are recorded in this thread and task."""
    return _mode.get().recording


class _GradMode:
    """A context manager, and a decorator, that sets whether operations are recorded."""

    recording: bool

    def __init__(self) -> None:
        self._tokens: list[Token[Mode]] = []

    def __enter__(self) -> None:
        mode = _mode.get()
        self._tokens.append(_mode.set(Mode(self.recording, mode.module, mode.parent, mode.observers)))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        _mode.reset(self._tokens.pop())

    def __call__(self, function: Function) -> Function:
        name = type(self).__name__
        code = getattr(function, "__code__", None)
        if code is not None and code.co_flags & _RUNS_LATER:
            raise TypeError(
                f"@{name}() cannot decorate {function.__qualname__}, whose body runs after the call has returned; "
                f"write `with {name}():` inside the body, around code that neither yields nor awaits"
            )

        @wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with type(self)():
                return function(*args, **kwargs)

        return wrapped  # type: ignore[return-value]


class no_grad(_GradMode):  # noqa: N801 - used like a function, and named as in PyTorch
    """Within it, or in a function that it decorates, operations are computed but not recorded."""

    recording = False


class enable_grad(_GradMode):  # noqa: N801
    """Within it, or in a function that it decorates, operations are recorded, also inside `no_grad()`."""

    recording = True
