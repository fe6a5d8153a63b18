"""Modules made of modules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..module import Module

__all__ = ["Sequential"]


class Sequential(Module):
    """Modules called one after the other, each with what the one before returned; named 0, 1, 2, ..."""

    def __init__(self, *modules: Module) -> None:
        for i, module in enumerate(modules):
            if not isinstance(module, Module):
                raise TypeError(f"Sequential: item {i} must be a Module, got {module!r:.80}; wrap a function in one")
            setattr(self, str(i), module)

    def forward(self, x: Any) -> Any:
        for module in vars(self).values():
            if isinstance(module, Module):
                x = module(x)
        return x

    def __iter__(self) -> Iterator[Module]:
        return (module for _, module in self.named_children())

    def __len__(self) -> int:
        return len(list(self.named_children()))

    def __getitem__(self, index: int) -> Module:
        return list(self)[index]
