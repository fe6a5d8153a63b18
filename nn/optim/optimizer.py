"""Optimizer: groups of parameters and the loop over them. A subclass says what is remembered, and how one changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...autograd.tensor import Tensor

__all__ = ["Group", "Optimizer", "Params", "State", "require"]

State: TypeAlias = dict[str, NDArray[Any]]
Group: TypeAlias = dict[str, Any]
Params: TypeAlias = Iterable[Any]


class Optimizer:
    """The base of optimizers.

    Args:
        params: the tensors to train, such as `model.parameters()`; or dicts with "params" and options of their own, as
            `[{"params": body, "lr": 1e-4}, {"params": head}]`.
        defaults: the options of groups that do not say otherwise; "lr" among them.

    Attributes:
        param_groups: a dict for each group: its "params" and options, which may be changed at any time.
        steps: how often `step` was called.

    Raises:
        ValueError: no parameters, one twice, an unknown option, or a learning rate below 0.
        TypeError: something that is not a leaf tensor that requires a gradient, or a rate that is no number.
    """

    def __init__(self, params: Params, **defaults: Any) -> None:
        if isinstance(params, Tensor) or hasattr(params, "parameters") or not isinstance(params, Iterable):
            raise TypeError(
                f"{type(self).__name__}: expected the tensors to train, such as model.parameters(), "
                f"got a {type(params).__name__}"
            )
        given = list(params)
        grouped = all(isinstance(each, Mapping) for each in given)
        self.param_groups: list[Group] = []
        self.defaults = defaults
        self.states: list[State] = []
        self.steps = 0
        groups: list[Any] = given if grouped else [{"params": given}]
        for group in groups:
            self.add_param_group(group)
        require(self, len(self.states) > 0, "there are no parameters to train; was the model empty?")

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Train further tensors, with options of their own. Errors as for the constructor."""
        unknown = set(group) - {"params", *self.defaults}
        require(
            self, not unknown, f"there is no option {', '.join(sorted(unknown))}; it has {', '.join(self.defaults)}"
        )
        members = group["params"]
        params = [members] if isinstance(members, Tensor) else list(members)
        known = {id(p): i for i, p in enumerate(self.params)}
        for p in params:
            i = len(known)
            if not isinstance(p, Tensor) or not p.is_leaf or not p.requires_grad:
                raise TypeError(
                    f"{type(self).__name__}: parameter {i} must be a leaf tensor that requires a gradient, "
                    f"got {_told(p)}"
                )
            require(self, id(p) not in known, f"a parameter is given twice: {i} is {known.get(id(p))} again")
            known[id(p)] = i
        new = {**self.defaults, **group, "params": params}
        is_number = isinstance(new["lr"], Real)
        if not is_number:
            raise TypeError(f"{type(self).__name__}: lr must be a number, got {new['lr']!r}")
        require(self, new["lr"] >= 0, f"lr must not be negative, got {new['lr']}")
        self.check(new)
        self.param_groups.append(new)
        self.states += [self.init_state(p.numpy(), new) for p in params]

    @property
    def params(self) -> list[Tensor]:
        """The tensors of all groups."""
        return [p for group in self.param_groups for p in group["params"]]

    @property
    def lr(self) -> float:
        """The learning rate of the first group; assigning sets that of all."""
        lr: float = self.param_groups[0]["lr"]
        return lr

    @lr.setter
    def lr(self, value: float) -> None:
        for group in self.param_groups:
            group["lr"] = value

    def check(self, group: Group) -> None:
        """Raise a ValueError for options out of range."""

    def init_state(self, parameter: NDArray[Any], group: Group) -> State:
        """What is remembered of a parameter from step to step."""
        return {}

    def update(self, parameter: NDArray[Any], grad: NDArray[Any], state: State, group: Group) -> None:
        """Change a parameter, and its state, in place."""
        raise NotImplementedError

    def step(self) -> None:
        """Update every parameter that has a gradient."""
        self.steps += 1
        states = iter(self.states)
        for group in self.param_groups:
            for parameter in group["params"]:
                state, grad = next(states), parameter.grad
                if grad is not None:
                    self.update(parameter.data, grad._frozen(), state, group)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.grad = None

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` needs to go on, in PyTorch's form: states by number of the parameter, and groups.

        Beside these it tells how often `step` was called, and the kind of optimizer.
        """
        first = 0
        groups = []
        for group in self.param_groups:
            count = len(group["params"])
            groups.append({**group, "params": list(range(first, first + count))})
            first += count
        states = {i: {name: x.copy() for name, x in state.items()} for i, state in enumerate(self.states)}
        return {"state": states, "param_groups": groups, "steps": self.steps, "kind": type(self).__name__}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave, PyTorch's with arrays in the place of its tensors among them.

        Raises:
            ValueError: it is that of another kind of optimizer, or has other numbers of groups or parameters, or arrays
                of other shapes; nothing is changed then.
        """
        missing = [key for key in ("param_groups", "state") if key not in state_dict]
        require(self, not missing, f"the state has no {' and no '.join(missing)}: it is not that of an optimizer")
        kind = state_dict.get("kind", type(self).__name__)
        require(self, kind == type(self).__name__, f"the state is that of {kind}")
        groups = state_dict["param_groups"]
        sizes, own = [len(group["params"]) for group in groups], [len(group["params"]) for group in self.param_groups]
        require(self, sizes == own, f"the state is of groups with {sizes} parameters, these groups have {own}")
        loaded = {int(i): state for i, state in state_dict["state"].items()}
        states: list[State] = []
        fresh = [self.init_state(p.numpy(), group) for group in self.param_groups for p in group["params"]]
        for i, (parameter, state) in enumerate(zip(self.params, fresh, strict=True)):
            given = {name: np.asarray(array) for name, array in loaded.get(i, {}).items() if array is not None}
            for name, array in given.items():
                fits = array.shape in (parameter.shape, ())
                require(self, fits, f"{name} of parameter {i} has shape {array.shape}, expected {parameter.shape}")
            states.append(state | {name: _like(parameter.numpy(), array) for name, array in given.items()})
        self.states = states
        for group, other in zip(self.param_groups, groups, strict=True):
            options = {key: value for key, value in other.items() if key != "params" and key in group}
            group.update({key: tuple(value) if isinstance(value, list) else value for key, value in options.items()})
        self.steps = int(state_dict.get("steps", max((int(s["step"]) for s in states if "step" in s), default=0)))


def _told(given: Any) -> str:
    """What was given in the place of a parameter, for an error."""
    if not isinstance(given, Tensor):
        return f"{given!r:.80}"
    if not given.is_leaf:
        return f"the result of an operation, of shape {given.shape}"
    return f"one of shape {given.shape} that is frozen: give [p for p in model.parameters() if p.requires_grad]"


def _like(parameter: NDArray[Any], array: NDArray[Any]) -> NDArray[Any]:
    """A copy of part of a state: of what belongs to the elements of a parameter, in its dtype and layout in memory."""
    if array.shape != parameter.shape or array.dtype.kind not in "fc":
        return array.copy()
    copy = np.empty_like(parameter)
    copy[...] = array
    return copy


def require(optimizer: Optimizer, condition: bool, message: str) -> None:
    """Raise ValueError with a message that names the optimizer, unless the condition holds."""
    if not condition:
        raise ValueError(f"{type(optimizer).__name__}: {message}")
