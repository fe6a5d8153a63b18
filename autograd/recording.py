"""Calling a primitive: run it on the arrays and, if an input is tracked, leave a Node in the graph.

This is the path that every operation takes, so it is written out three times: for one argument, for two, and for any
number with parameters. The first two save about a microsecond; the third, `recorded`, says what all of them do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from sys import _getframe
from typing import TYPE_CHECKING, Any

import numpy as np

from .binding import NO_PARAMS, any_tensor, bound
from .diagnosis import explain
from .errors import BatchError, DTypeError
from .graph import Node, next_index
from .mode import current_mode
from .observing import tell, timed
from .promises import Promise, joined
from .provenance import OURS
from .standins import StandIn, stood_in
from .tensor import Tensor

if TYPE_CHECKING:
    from .primitive import Primitive

__all__ = ["binary", "nary", "recorded", "unary"]

_new = object.__new__
_ndarray = np.ndarray
_asarray = np.asarray
_SCALARS = frozenset((float, int, complex, bool, np.float32, np.float64, np.bool))


def nary(primitive: Primitive) -> Callable[..., Any]:
    """The operation of a primitive with any number of arguments and parameters."""
    forward = primitive.forward

    def operation(*args: Any, **kwargs: Any) -> Any:
        if not any_tensor(args) and not any_tensor(kwargs.values()):
            return forward(*args, **kwargs)
        args, params = bound(primitive, args, kwargs)
        try:
            arrays = [x._frozen() if isinstance(x, Tensor) else x for x in args]
        except BatchError:
            return stood_in(primitive, args, params)
        try:
            if current_mode().observers is None:
                y, seconds = forward(*arrays, **params), None
            else:
                y, seconds = timed(forward, *arrays, **params)
        except Exception as error:
            explain(error, primitive, args, params)
            raise
        return recorded(primitive, args, arrays, params, y, seconds)

    return operation


def recorded(
    primitive: Primitive, args: Sequence[Any], arrays: Sequence[Any], params: dict[str, Any], y: Any,
    seconds: float | None = None,
) -> Tensor:  # fmt: skip
    """The tensor of a primitive's result, in the graph if one of the arguments is.

    Args:
        args: what the primitive was called with, tensors and others; arrays: the same with the arrays of the tensors.
        y: the result, however it came about, or a promise of it; seconds: how long it took, if somebody watches.
    """
    out = _new(Tensor)
    if isinstance(y, Promise):
        out._promise = y
    else:
        if type(y) is not _ndarray:
            y = _asarray(y)
        if y.dtype.hasobject:
            raise DTypeError(f"{primitive.name}: NumPy keeps these operands as Python objects; pass numbers or arrays")
        out._data = y
    variadic = primitive.variadic
    sources: list[Any] = []
    keep, tracked = 0, False  # what the rules of the tracked arguments want kept, and whether there are any
    for i, x in enumerate(args):
        source = x._node if isinstance(x, Tensor) else None
        if source is not None:
            tracked = True
            keep |= primitive.keeps[0 if variadic else i]
        sources.append(source)
    mode = current_mode()
    if not tracked or not mode.recording:
        if type(y) is _ndarray:
            y.setflags(False)  # type: ignore[call-arg]  # it may share memory with an input
        out._node = None
        if mode.observers is not None:
            tell(mode.observers, "operation", primitive, args, params, out, seconds)
        return out
    saved: list[Any] = list(sources)
    for i, array in enumerate(arrays):
        if keep >> (0 if variadic else i) & 1:
            mine = isinstance(args[i], Tensor) or type(array) in _SCALARS
            saved[i] = array if mine else np.array(array)  # the caller may change it later
    frame = _getframe(1)
    while OURS in frame.f_globals:
        frame = frame.f_back  # type: ignore[assignment]
    out._node = node = Node()
    node.primitive = primitive
    node.inputs = tuple(sources)
    node.saved = tuple(saved) if keep or not variadic else ()  # else each of n rules would be passed n entries
    wanted = bool(keep >> (1 if variadic else len(args)) & 1)
    if type(y) is _ndarray:
        node.output = y if wanted else None
    else:
        node.output = None
        y.node, y.wanted = node, wanted
    node.params = params
    node.shape = y.shape
    node.dtype = y.dtype
    node.index = next_index()
    node.mode = mode
    node.code = frame.f_code
    node.instruction = frame.f_lasti
    node.hooks = None
    if mode.observers is not None:
        tell(mode.observers, "operation", primitive, args, params, out, seconds)
    return out


def unary(primitive: Primitive) -> Callable[..., Any]:
    """The operation of an elementwise primitive with one argument and no parameters."""
    forward = primitive.forward
    general = nary(primitive)

    def operation(x: Any, /) -> Any:
        if not isinstance(x, Tensor):
            return forward(x)
        try:
            array = x._data
        except AttributeError:
            if (promise := joined(x, primitive, NO_PARAMS)) is not None:
                return recorded(primitive, (x,), (None,), NO_PARAMS, promise)
            if isinstance(x, StandIn):
                return stood_in(primitive, (x,), NO_PARAMS)
            array = x._frozen()
        mode = current_mode()
        if mode.observers is not None:
            return general(x)
        source = x._node
        try:
            y = forward(array)
        except Exception as error:
            explain(error, primitive, (x,), NO_PARAMS)
            raise
        if type(y) is not _ndarray:
            y = _asarray(y)
        out = _new(Tensor)
        out._data = y
        if source is None or not mode.recording:
            y.setflags(False)
            out._node = None
            return out
        keep = primitive.keeps[0]
        frame = _getframe(1)
        while OURS in frame.f_globals:
            frame = frame.f_back  # type: ignore[assignment]
        out._node = node = Node()
        node.primitive = primitive
        node.inputs = inputs = (source,)
        node.saved = (array,) if keep & 1 else inputs
        node.output = y if keep & 2 else None
        node.params = NO_PARAMS
        node.shape = source.shape
        node.dtype = y.dtype
        node.index = next_index()
        node.mode = mode
        node.code = frame.f_code
        node.instruction = frame.f_lasti
        node.hooks = None
        return out

    return operation


def binary(primitive: Primitive) -> Callable[..., Any]:
    """The operation of a primitive with two arguments and no parameters."""
    forward = primitive.forward
    general = nary(primitive)

    def operation(x1: Any, x2: Any, /) -> Any:
        if isinstance(x1, Tensor):
            try:
                a = x1._data
            except AttributeError:
                if isinstance(x1, StandIn):
                    return stood_in(primitive, (x1, x2), NO_PARAMS)
                a = x1._frozen()
            source1 = x1._node
        elif type(x1) in _SCALARS and isinstance(x2, Tensor):
            a, source1 = x1, None
        else:
            return general(x1, x2)
        if isinstance(x2, Tensor):
            try:
                b = x2._data
            except AttributeError:
                if isinstance(x2, StandIn):
                    return stood_in(primitive, (x1, x2), NO_PARAMS)
                b = x2._frozen()
            source2 = x2._node
        elif type(x2) in _SCALARS:
            b, source2 = x2, None
        else:
            return general(x1, x2)
        mode = current_mode()
        if mode.observers is not None:
            return general(x1, x2)
        try:
            y = forward(a, b)
        except Exception as error:
            explain(error, primitive, (x1, x2), NO_PARAMS)
            raise
        if type(y) is not _ndarray:
            y = _asarray(y)
        out = _new(Tensor)
        out._data = y
        if (source1 is None and source2 is None) or not mode.recording:
            y.setflags(False)
            out._node = None
            return out
        keeps = primitive.keeps
        keep = keeps[1] if source1 is None else keeps[0] if source2 is None else keeps[0] | keeps[1]
        frame = _getframe(1)
        while OURS in frame.f_globals:
            frame = frame.f_back  # type: ignore[assignment]
        out._node = node = Node()
        node.primitive = primitive
        node.inputs = inputs = (source1, source2)
        node.saved = (a if keep & 1 else source1, b if keep & 2 else source2) if keep & 3 else inputs
        node.output = y if keep & 4 else None
        node.params = NO_PARAMS
        node.shape = y.shape
        node.dtype = y.dtype
        node.index = next_index()
        node.mode = mode
        node.code = frame.f_code
        node.instruction = frame.f_lasti
        node.hooks = None
        return out

    return operation
