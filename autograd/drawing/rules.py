"""The source of a derivative's rule: what stands behind the lambda's colon, found by the positions in its code."""

from __future__ import annotations

import linecache
import re
from functools import lru_cache, partial
from types import CodeType, FunctionType

from ..primitive import Rule

__all__ = ["rule_text"]

_LONGEST = 160


def rule_text(rule: Rule) -> str:
    """`g * y` of `lambda g, y, x: g * y`; the name of a rule that is a function of several lines."""
    while isinstance(rule, partial):
        rule = rule.func
    if not isinstance(rule, FunctionType):
        return getattr(rule, "__name__", type(rule).__name__)
    if rule.__name__ != "<lambda>":
        return f"{rule.__name__}(…)"
    return _body(rule.__code__)


@lru_cache(maxsize=2_000)
def _body(code: CodeType) -> str:
    """The source of the expression that a lambda's code evaluates."""
    spots = [spot for spot in code.co_positions() if None not in spot and spot[2] != spot[3]]
    if not spots:
        return "…"
    first = min((line, column) for line, _, column, _ in spots)
    last = max((line, column) for _, line, _, column in spots)
    lines = linecache.getlines(code.co_filename)[first[0] - 1 : last[0]]  # type: ignore[operator]
    if not lines:
        return "…"
    # the columns count bytes; the last line is cut first, for it may be the first one too
    raw = [line.encode() for line in lines]
    raw[-1] = raw[-1][: last[1]]
    raw[0] = raw[0][first[1] :]
    words = b"".join(raw).decode(errors="replace").split()
    text = re.sub(r"(?<=[(\[{]) | (?=[)\]}])", "", " ".join(words)).replace(",)", ")").replace(",]", "]")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
