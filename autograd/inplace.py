"""`t[i] = v` and `t += v`: writing into tensors, with right gradients.

A graph says how values came about, so a value in it never changes. What a write changes is the tensor:

    y = x * 2        y is the result of `multiply`
    y[0] = v         y is the result of `written`, of what y was before and of v
    z = y.sum()      uses the new y; what used the old one still does

So a write is an operation like all others, `written` in ops/writing.py, whose result takes the place of its input. Its
rule sends the gradient at `[0]` to v, and the rest to what y was before. The node is new; the array need not be: if
nobody else holds it, neither the graph nor a snapshot, numbers are written where they are, and a loop that fills an
array never copies it. Otherwise a copy takes its place first (see storage.py).

Views share the memory of their base, as in NumPy. To write through a view is to write to the tensor that owns the
memory, at a place that is described by the views that lead there:

    v = y.T[1:]      a view of a view of y
    v[...] = 0       y is the result of `written`, at `.T[1:]` of what it was
    v.sum()          v is found again, as `.T[1:]` of what y is now (see views.py)

A leaf that requires a gradient stays the leaf that it is: neither it nor a view of it may be written to while
operations are recorded. Under `no_grad` a write changes values alone, and places in the graph stay.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .diagnosis import tensor_name, whereabouts
from .errors import DTypeError, GraphError, ShapeError
from .graph import Edge, Leaf
from .mode import is_grad_enabled
from .ops.indexing import plain, shows_item
from .ops.shaping import astype
from .ops.writing import Place, written
from .recording import recorded
from .tensor import Tensor, wrap
from .views import View, lineage

__all__ = ["augmented", "require_cast", "setitem", "write"]


def write(target: Tensor, value: Any, index: Any = ..., name: str = "setitem") -> None:
    """target[index] = value, for whoever shares the memory of target.

    Args:
        value: a number, an array or a tensor, that broadcasts to `target[index]`. It is converted to the dtype of
            target, as NumPy does; its gradient has its own.
        name: what errors call it.

    Raises:
        GraphError: target is a leaf that requires a gradient, or a view of one, and operations are recorded.
        ShapeError, IndexError: value or index do not fit.
        DTypeError: a complex value for a real tensor, or a tracked one for integers or booleans.
        ValueError: target is read-only, as NumPy's broadcast_to and diagonal are.
    """
    owner, views = lineage(target)
    _require_writable(name, target, owner, views)
    index = plain(index)
    array, source = _converted(name, target, value)
    before = owner.node
    place = Place(tuple((view.operation, view.args, view.kwargs) for view in views), index, _order(owner, views))
    x = owner._owned()
    try:
        place.write(x, array)
    except (ValueError, IndexError) as error:
        what = f"{name}: {_called(target)}[{index!r:.60}] = value {array.shape}"
        where = whereabouts({"value": value})
        if isinstance(error, IndexError):
            error.add_note(f"{what}; {where}")
            raise
        raise ShapeError(f"{what}: {error}; {where}") from error
    finally:
        x.setflags(False)  # type: ignore[call-arg]
    if is_grad_enabled() and (before is not None or source is not None):
        overwritten = not views and index is Ellipsis
        args = (
            x if before is None or overwritten else wrap(x, before),
            array if source is None else wrap(array, source),
        )
        owner._node = recorded(written.primitive, args, args, {"place": place}, x)._node


def setitem(self: Tensor, index: Any, value: Any) -> None:
    """self[index] = value. In `t[i] += v` the view t[i] has been written through already, if it is one."""
    view = getattr(value, "_view", None)
    if view is None or view.base is not self or not shows_item(view, index):
        write(self, value, index)


def augmented(operation: Callable[..., Any]) -> Callable[..., Any]:
    """`t += v` from `t + v`: the result, in the shape and dtype of t, takes its place."""

    def method(self: Tensor, other: Any) -> Any:
        name = f"in-place {operation.__name__}"
        owner, views = lineage(self)
        _require_writable(name, self, owner, views)
        result = operation(self, other)
        if result.shape != self.shape:
            raise ShapeError(
                f"{name}: {_called(self)} cannot take a result of shape {result.shape}; {whereabouts({'value': other})}"
            )
        require_cast(operation.__name__, result.dtype, self.dtype)
        result = astype(result, self.dtype, copy=False)
        if views:
            write(self, result, name=name)
            return self
        array, lay = result._frozen(), self._values
        if array.strides != lay.strides:  # views of it have been found in memory that lies as it does
            array = _like(lay, array)
        self._replace(array)
        if is_grad_enabled():
            self._node = result._node
        return self

    return update_wrapper(method, operation)


def require_cast(name: str, dtype: np.dtype[Any], wanted: np.dtype[Any], casting: Any = "same_kind") -> None:
    """Raise NumPy's own error if the result of a ufunc cannot be stored with another dtype."""
    if not np.can_cast(dtype, wanted, casting):
        ufunc = getattr(np, name)
        ufunc(*[np.empty((0, 0), dtype)] * ufunc.nin, out=np.empty((0, 0), wanted), casting=casting)


def _require_writable(name: str, target: Tensor, owner: Tensor, views: list[View]) -> None:
    if any(view.read_only for view in views):
        raise ValueError(
            f"{name}: {_called(target)} is read-only, as in NumPy, for broadcast_to or diagonal made it; write to what "
            "it was made of, or to a .copy()"
        )
    if not is_grad_enabled():
        return
    if isinstance(owner.node, Leaf):
        raise GraphError(
            f"{name}: {_called(target)} is a {'view of a ' * bool(views)}leaf that requires a gradient, and would no "
            "longer be the leaf that it is; write `with no_grad():` around it, or use t.data"
        )
    if any(view.constant for view in views):
        raise GraphError(
            f"{name}: {_called(target)} was made under no_grad() as a view of a tracked tensor, and cannot tell it of "
            "a write that is to be recorded; make the view outside, or write under no_grad() too"
        )


def _converted(name: str, target: Tensor, value: Any) -> tuple[NDArray[Any], Edge | None]:
    """The array to write, in the dtype of the target, and its place in the graph."""
    tensor = isinstance(value, Tensor)
    array, source = (value._frozen(), value.node) if tensor else (np.asarray(value), None)
    if array.dtype.kind == "c" and target.dtype.kind != "c":
        raise DTypeError(
            f"{name}: {_called(target)} of {target.dtype} cannot take complex values; write their .real, or make it "
            f"complex; {whereabouts({'value': value})}"
        )
    if source is not None and is_grad_enabled() and target.dtype.kind not in "fc":
        raise DTypeError(
            f"{name}: {_called(target)} of {target.dtype} has no gradient, and that of the value would silently be "
            f"lost; write value.detach(), or make it floating; {whereabouts({'value': value})}"
        )
    # From Python's numbers once more: 300 is no int8.
    return np.asarray(array if tensor else value, target.dtype), source


def _order(owner: Tensor, views: list[View]) -> tuple[int, ...]:
    """The axes as they lie in memory, if views have to be found there."""
    steps = owner._values.strides if views else ()
    return tuple(sorted(range(len(steps)), key=lambda axis: -abs(steps[axis])))


def _called(t: Tensor) -> str:
    return f"{tensor_name(t) or 'tensor'} {t.shape}"


def _like(lay: NDArray[Any], array: NDArray[Any]) -> NDArray[Any]:
    """The numbers of an array, as another lies in memory."""
    copy = np.empty_like(lay)
    copy[...] = array
    return copy
