"""Modules made of modules, of parameters, and of a function."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from typing import Any, Generic, Self, TypeVar

from ..module import Module
from ..parameters import Parameter

__all__ = ["Lambda", "ModuleDict", "ModuleList", "ParameterList", "Sequential"]

T = TypeVar("T", Module, Parameter)


class _Numbered(Module, Generic[T]):
    """Items kept as attributes 0, 1, 2, ..., so that these are their names in state dicts."""

    _kind: type[T]
    _hint = "wrap a function in Lambda"

    def _item(self, item: Any, place: int | str) -> T:
        if not isinstance(item, self._kind):
            raise TypeError(
                f"{type(self).__name__}: item {place} must be a {self._kind.__name__}, got {item!r:.80}; {self._hint}"
            )
        return item

    def _set(self, items: Iterable[Any]) -> Self:
        """Hold these items and no others."""
        checked = [self._item(item, i) for i, item in enumerate(items)]
        for name in self._named():
            delattr(self, name)
        for i, item in enumerate(checked):
            setattr(self, str(i), item)
        return self

    def _named(self) -> dict[str, T]:
        return {name: value for name, value in vars(self).items() if isinstance(value, self._kind)}

    def __iter__(self) -> Iterator[T]:
        return iter(self._named().values())

    def __len__(self) -> int:
        return len(self._named())

    def __getitem__(self, index: int | slice) -> Any:
        items = list(self)[index]
        return type(self).__new__(type(self))._set(items) if isinstance(items, list) else items

    def __setitem__(self, index: int, item: T) -> None:
        place = range(len(self))[index]
        setattr(self, list(self._named())[place], self._item(item, place))

    def __delitem__(self, index: int | slice) -> None:
        items = list(self)
        del items[index]
        self._set(items)

    def append(self, item: T) -> Self:
        """Add one item at the end."""
        setattr(self, str(len(self)), self._item(item, len(self)))
        return self

    def extend(self, items: Iterable[T]) -> Self:
        """Add items at the end."""
        return self._set([*self, *items])

    def insert(self, index: int, item: T) -> Self:
        """Put an item before another; those behind it get new names."""
        items: list[T] = list(self)
        items.insert(index, item)
        return self._set(items)

    def __iadd__(self, items: Iterable[T]) -> Self:
        return self.extend(items)


class Sequential(_Numbered[Module]):
    """Modules called one after the other, each with what the one before returned.

    They are named 0, 1, 2, ...; or as in a dict, if that is what is given.
    """

    _kind = Module

    def __init__(self, *modules: Module | Mapping[str, Module]) -> None:
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            for name, module in modules[0].items():
                setattr(self, name, self._item(module, name))
        else:
            self._set(modules)

    def forward(self, x: Any) -> Any:
        for module in self:
            x = module(x)
        return x


class ModuleList(_Numbered[Module]):
    """A list of modules, named 0, 1, 2, ...; what is done with them is up to the module that has it.

    Raises:
        TypeError: an item that is no module.
        IndexError: an index outside.
    """

    _kind = Module

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        self._set(modules)


class ParameterList(_Numbered[Parameter]):
    """A list of parameters, named 0, 1, 2, ...

    Raises:
        TypeError: an item that is no parameter.
        IndexError: an index outside.
    """

    _kind = Parameter
    _hint = "Parameter(x) makes one"

    def __init__(self, parameters: Iterable[Parameter] = ()) -> None:
        self._set(parameters)

    def extra_repr(self) -> str:
        return ", ".join(f"{parameter.dtype}{list(parameter.shape)}" for parameter in self)


class ModuleDict(Module):
    """Modules by name, in the order in which they came; what is done with them is up to the module that has it.

    Raises:
        TypeError: a value that is no module.
        KeyError: a name that is no string, has a dot in it, or is an attribute of every module; one that is not there.
    """

    def __init__(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]] = ()) -> None:
        self.update(modules)

    def update(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]]) -> None:
        """Add modules, or put them in the place of those of the same names."""
        for name, module in dict(modules).items():
            self[name] = module

    def __setitem__(self, name: str, module: Module) -> None:
        if not isinstance(name, str) or "." in name or not name or hasattr(type(self), name):
            raise KeyError(f"ModuleDict: {name!r} cannot be the name of a module; take one that is no method's")
        if not isinstance(module, Module):
            raise TypeError(f"ModuleDict: {name!r} must be a Module, got {module!r:.80}; wrap a function in Lambda")
        setattr(self, name, module)

    def __getitem__(self, name: str) -> Module:
        return self._modules()[name]

    def __delitem__(self, name: str) -> None:
        del self._modules()[name]  # raises KeyError for what is no module
        delattr(self, name)

    def _modules(self) -> dict[str, Module]:
        return {name: value for name, value in vars(self).items() if isinstance(value, Module)}

    def __contains__(self, name: object) -> bool:
        return name in self._modules()

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules())

    def __len__(self) -> int:
        return len(self._modules())

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._modules().keys()

    def values(self) -> ValuesView[Module]:
        """The modules."""
        return self._modules().values()

    def items(self) -> ItemsView[str, Module]:
        """Names and modules."""
        return self._modules().items()

    def pop(self, name: str) -> Module:
        """Take a module out."""
        module = self[name]
        delattr(self, name)
        return module


class Lambda(Module):
    """A function as a module, so that it can stand in a Sequential: `Lambda(np.tanh)`, `Lambda(lambda x: x * 2)`.

    Args:
        function: of whatever the module is called with. What it computes with tensors is differentiated.
        name: what `repr` shows; the function's own by default.

    Raises:
        TypeError: what cannot be called.
    """

    def __init__(self, function: Callable[..., Any], name: str | None = None) -> None:
        if not callable(function):
            raise TypeError(f"Lambda: expected a function, got {function!r:.80}")
        self.function = function
        self.name = name or getattr(function, "__name__", None) or type(function).__name__

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def extra_repr(self) -> str:
        return self.name
