"""profile: where a program's time goes, forward and backward, by operation, by module and by line."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..graph import Node
from ..mode import Mode, current_mode
from ..observing import Observer, observing
from ..provenance import place, user_frame
from ..tensor import Tensor
from .places import module_path, modules_called
from .tables import Table

if TYPE_CHECKING:
    from ..primitive import Primitive

__all__ = ["Event", "Profile", "profile"]


@dataclass(frozen=True)
class Event:
    """One operation that ran, or one rule.

    Attributes:
        name: of the operation; of those that one kernel did together, `convolution + relu`.
        direction: "forward" or "backward".
        module: the modules being called, the outermost first: `("Sequential", "0 (Linear)")`.
        line: of the user's program that called the operation.
        start, seconds: since the profile began, and how long; without what ran inside of it.
        nbytes: memory that the result takes; 0 for a view of another array.
        thread: a number for each thread.
    """

    name: str
    direction: Literal["forward", "backward"]
    module: tuple[str, ...]
    line: str
    start: float
    seconds: float
    nbytes: int
    thread: int = field(default_factory=threading.get_ident)


class Profile(Observer):
    """What `profile` has seen.

    Attributes:
        events: one for each operation and each rule, in order.
        seconds: from beginning to end; what is not in events is Python, the engine's own work and your program.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.seconds = 0.0
        self._begun = perf_counter()
        self._models: list[object] = []  # the outermost modules that were called
        self._paths: dict[tuple[int, ...], tuple[str, ...]] = {}  # by the ids of the modules being called
        self._held: list[object] = []  # those modules, so that no others get their ids

    def operation(
        self, primitive: Primitive, args: Sequence[Any], params: dict[str, Any], result: Tensor, seconds: float | None
    ) -> None:
        if seconds is not None:
            frame = user_frame()
            line = place(frame.f_code, frame.f_lasti)
            array = result._values
            view = any(isinstance(x, Tensor) and np.may_share_memory(x._values, array) for x in args)
            self._note(primitive.name, "forward", current_mode(), line, seconds, 0 if view else array.nbytes)

    def computed(self, node: Node | None, array: Any, seconds: float) -> None:
        if node is None:
            frame = user_frame()
            line = place(frame.f_code, frame.f_lasti)
            self._note("convolution and what joined it", "forward", current_mode(), line, seconds, array.nbytes)
        else:
            name = " + ".join(getattr(node, "kernel", (node.primitive.name,)))
            self._note(name, "forward", node.mode, place(node.code, node.instruction), seconds, array.nbytes)

    def pulled(self, node: Node, argument: int, g: Any, seconds: float) -> None:
        line = place(node.code, node.instruction)
        self._note(node.primitive.name, "backward", node.mode, line, seconds, g.nbytes)

    def by_operation(self) -> Table:
        """Calls, time and memory of each operation, the slowest first."""
        return self._summed("operation", lambda event: (event.name,))

    def by_module(self) -> Table:
        """The same of each module, what is inside of it included."""
        return self._summed("module", lambda event: tuple(dict.fromkeys(event.module)) or ("no module",))

    def by_line(self) -> Table:
        """The same of each line of your program."""
        return self._summed("line", lambda event: (event.line,))

    def __str__(self) -> str:
        known = sum(event.seconds for event in self.events)
        head = f"{self.seconds * 1e3:.3g} ms, of which {known * 1e3:.3g} ms in {len(self.events)} operations and rules"
        return "\n\n".join([head, *map(str, (self.by_operation(), self.by_module(), self.by_line()))])

    def __rich__(self) -> Any:
        from rich.console import Group

        head = str(self).partition("\n")[0]
        return Group(head, *(table.__rich__() for table in (self.by_operation(), self.by_module(), self.by_line())))

    def to_dict(self) -> dict[str, Any]:
        """Everything, for `json.dump`."""
        tables = {table.of: table.rows for table in (self.by_operation(), self.by_module(), self.by_line())}
        return {"seconds": self.seconds, **tables}

    def to_chrome_trace(self) -> dict[str, Any]:
        """Everything as events that chrome://tracing and https://ui.perfetto.dev show, for `json.dump`.

        Source: Trace Event Format (Google, 2016), complete events.
        """
        threads = {ident: number for number, ident in enumerate(dict.fromkeys(event.thread for event in self.events))}
        return {
            "displayTimeUnit": "ms",
            "traceEvents": [
                {
                    "name": event.name,
                    "cat": event.direction,
                    "ph": "X",
                    "ts": event.start * 1e6,
                    "dur": event.seconds * 1e6,
                    "pid": 0,
                    "tid": threads[event.thread],
                    "args": {"module": " > ".join(event.module), "line": event.line, "bytes": event.nbytes},
                }
                for event in self.events
            ],
        }

    def _summed(self, of: str, keys: Callable[[Event], Sequence[str]]) -> Table:
        return Table.summed(of, ((key, event) for event in self.events for key in keys(event)))

    def _note(
        self, name: str, direction: Literal["forward", "backward"], mode: Mode, line: str, seconds: float, nbytes: int
    ) -> None:
        now = perf_counter() - self._begun
        start = max(now - seconds, self.events[-1].start + self.events[-1].seconds if self.events else 0.0)
        self.events.append(Event(name, direction, self._path(mode), line, start, seconds, nbytes))

    def _path(self, mode: Mode) -> tuple[str, ...]:
        """The names of the modules being called; those inside of a second model say of which they are."""
        modules = modules_called(mode)
        key = tuple(map(id, modules))
        if key not in self._paths:
            names = module_path(mode)
            if modules:
                model = self._model(modules[0])
                of = "" if modules[0] is self._models[0] else f" of {model}"
                names = (model, *(f"{name}{of}" for name in names[1:]))
            self._paths[key] = names
            self._held.append(modules)
        return self._paths[key]

    def _model(self, module: object) -> str:
        """The class of an outermost module, and a number if others of that class were called before."""
        if not any(module is each for each in self._models):
            self._models.append(module)
        alike = [each for each in self._models if type(each).__name__ == type(module).__name__]
        number = next(i for i, each in enumerate(alike) if each is module)
        return f"{type(module).__name__} {number + 1}" if number else type(module).__name__


@contextmanager
def profile() -> Iterator[Profile]:
    """Watch what runs inside, in this thread: `with profile() as p: loss = f(x); loss.backward()`, then `print(p)`.

    Seconds are those of kernels and rules alone. Watching costs some microseconds an operation, which are not in them.
    """
    seen = Profile()
    begun = perf_counter()
    try:
        with observing(seen):
            yield seen
    finally:
        seen.seconds = perf_counter() - begun
