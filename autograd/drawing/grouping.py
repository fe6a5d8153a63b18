"""Which module calls a box stands in: read from the modes that nodes keep, found without recursion."""

from __future__ import annotations

from ..mode import Mode
from .naming import Names
from .picture import Group, Picture

__all__ = ["Groups", "common_group"]


class Groups:
    """The groups of a picture by the calls that made them: a module that is called twice has two."""

    def __init__(self, picture: Picture, names: Names) -> None:
        self._picture = picture
        self._names = names
        self._numbers: dict[int, int] = {}  # by the identity of modes, which the nodes keep alive

    def of(self, mode: Mode) -> int | None:
        """The group of nodes that were made in this mode; a new one, inside of others, where there is none yet."""
        chain: list[Mode] = []
        at: Mode | None = mode
        while at is not None and at.module is not None:
            chain.append(at)
            at = at.parent
        group = None
        for call in reversed(chain):
            if id(call) not in self._numbers:
                self._picture.groups.append(
                    Group(self._names.of_module(call.module), type(call.module).__name__, group)
                )
                self._numbers[id(call)] = len(self._picture.groups) - 1
            group = self._numbers[id(call)]
        return group


def common_group(picture: Picture, groups: list[int | None]) -> int | None:
    """The innermost group that all of some groups are in."""
    chains = [picture.around(group) for group in dict.fromkeys(groups)]
    common = None
    for level in zip(*chains, strict=False):
        if len(set(level)) > 1:
            break
        common = level[0]
    return common
