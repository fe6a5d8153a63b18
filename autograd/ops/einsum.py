"""Einstein summation. Its derivative is another einsum: output and operand change places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..broadcasting import sum_to
from ..errors import ShapeError
from ..primitive import primitive
from .indexing import diagonal
from .shaping import astype, broadcast_to, copy, reshape

__all__ = ["einsum"]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"  # in the order in which an implicit output has them


def einsum(
    *operands: Any, optimize: Any = False, dtype: Any = None, order: Any = "K", casting: Any = "safe"
) -> Any:  # fmt: skip
    """The sum of products that subscripts describe: `einsum("ij,jk->ik", a, b)` is a @ b.

    Takes every form that np.einsum takes: implicit output, an ellipsis, a repeated index (a diagonal), and the
    interleaved form `einsum(a, [0, 1], b, [1, 2], [0, 2])`.

    Args:
        optimize: whether, or how, to choose the order of products; np.einsum_path makes one.
        dtype, casting: what to compute in, and which conversions to it are allowed, as in np.can_cast.
        order: how the result lies in memory.

    Raises:
        ShapeError: subscripts and shapes do not go together.
        ValueError: subscripts that are none.
        TypeError: a conversion that is not allowed.
    """
    terms, output, arrays = _parsed(operands)
    if dtype is not None:
        arrays = [_converted(x, np.dtype(dtype), casting) for x in arrays]
    for i, (term, x) in enumerate(zip(terms, arrays, strict=True)):
        terms[i], arrays[i] = _distinct(term, x)
    y = _einsum(*arrays, terms=tuple(terms), output=output, optimize=optimize)
    return y if order in ("K", "A") else copy(y, order)


@primitive
def _einsum(*arrays: Any, terms: tuple[str, ...] = (), output: str = "", optimize: Any = False) -> Any:
    return np.einsum(",".join(terms) + "->" + output, *arrays, optimize=optimize)


def _operand_rule(i: int, g: Any, _y: Any, *arrays: Any, terms: tuple[str, ...], output: str, optimize: Any) -> Any:
    """Sum g and the other operands over all that the operand does not have, then stretch over what only it has."""
    mine = terms[i]
    shape = arrays[i].shape
    others = [(term, x) for j, (term, x) in enumerate(zip(terms, arrays, strict=True)) if j != i]
    elsewhere = set(output).union(*(term for term, _ in others))
    shared = "".join(letter for letter in mine if letter in elsewhere)
    gx = _einsum(g, *(x for _, x in others), terms=(output, *(t for t, _ in others)), output=shared, optimize=optimize)
    sizes = dict(zip(shared, gx.shape, strict=True))
    gx = reshape(gx, tuple(sizes.get(letter, 1) for letter in mine))
    gx = sum_to(gx, tuple(1 if size == 1 else gx.shape[k] for k, size in enumerate(shape)))
    return broadcast_to(gx, shape)


_einsum.defvjp(_operand_rule)


def _converted(x: Any, dtype: np.dtype[Any], casting: Any) -> Any:
    if not np.can_cast(x.dtype, dtype, casting):
        raise TypeError(f"einsum: casting={casting!r} does not allow an operand of {x.dtype} to become {dtype}")
    return astype(x, dtype, copy=False)


def _parsed(operands: tuple[Any, ...]) -> tuple[list[str], str, list[Any]]:
    """Terms, output and arrays, with an ellipsis written out in letters."""
    if isinstance(operands[0], str):
        subscripts, arrays = operands[0].replace(" ", ""), list(operands[1:])
    else:
        arrays = list(operands[: len(operands) // 2 * 2 : 2])
        lists = [*operands[1 : len(operands) // 2 * 2 : 2]]
        subscripts = ",".join(map(_lettered, lists))
        if len(operands) % 2:
            subscripts += "->" + _lettered(operands[-1])
    arrays = [x if hasattr(x, "ndim") else np.asarray(x) for x in arrays]
    left, arrow, output = subscripts.partition("->")
    terms = left.split(",")
    if len(terms) != len(arrays):
        raise ShapeError(f"einsum: {subscripts!r} names {len(terms)} operands, got {len(arrays)}")
    free = [letter for letter in _LETTERS if letter not in subscripts]
    hidden = [
        x.ndim - len(term.replace("...", "")) if "..." in term else 0 for term, x in zip(terms, arrays, strict=True)
    ]
    for term, x, extra in zip(terms, arrays, hidden, strict=True):
        if extra < 0 or ("..." not in term and len(term) != x.ndim) or term.count("...") > 1:
            raise ShapeError(f"einsum: the term {term!r} of {subscripts!r} does not fit an operand of shape {x.shape}")
    ellipsis = "".join(free[: max(hidden, default=0)])
    if ellipsis and arrow and "..." not in output:
        raise ShapeError(f"einsum: the output of {subscripts!r} needs an ellipsis too; sum over it afterwards")
    if not arrow:
        once = sorted(letter for letter in set(left) - set(",.") if left.count(letter) == 1)
        output = ("..." if "..." in left else "") + "".join(once)
    terms = [term.replace("...", ellipsis[len(ellipsis) - extra :]) for term, extra in zip(terms, hidden, strict=True)]
    return terms, output.replace("...", ellipsis), arrays


def _lettered(sublist: Sequence[Any]) -> str:
    wrong = [part for part in sublist if part is not Ellipsis and not 0 <= part < len(_LETTERS)]
    if wrong:
        raise ValueError(f"einsum: expected subscripts from 0 to {len(_LETTERS) - 1}, or an ellipsis, got {wrong[0]}")
    return "".join("..." if part is Ellipsis else _LETTERS[part] for part in sublist)


def _distinct(term: str, x: Any) -> tuple[str, Any]:
    """A term in which no index is repeated, and the diagonals of x that this means."""
    for letter in dict.fromkeys(term):
        while term.count(letter) > 1:
            first = term.index(letter)
            second = term.index(letter, first + 1)
            if x.shape[first] != x.shape[second]:
                raise ShapeError(f"einsum: index {letter!r} names axes of sizes {x.shape[first]} and {x.shape[second]}")
            x = diagonal(x, 0, first, second)
            term = "".join(other for k, other in enumerate(term) if k not in (first, second)) + letter
    return term, x
