"""Tensor: an array and its place in the graph. It knows no operation; operators.py gives it those."""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .errors import DTypeError, GraphError, ShapeError
from .graph import Edge, Hook, Leaf, Node, RemovableHandle
from .values import Values, refuse

if TYPE_CHECKING:
    from .methods import Methods
else:
    Methods = object

__all__ = ["Tensor", "tensor", "wrap"]


class Tensor(Values, Methods):
    """An array that records what is done with it.

    Args:
        data: anything that NumPy turns into an array of numbers, or an untracked tensor.
        requires_grad: whether `backward` is to leave a gradient in `.grad`; for floating and complex dtypes.
        dtype: the dtype; None takes NumPy's choice for `data`.
        copy: as in `np.array`. True protects the tensor against later changes of `data`; None shares memory where that
            is possible and False insists on it: then nobody may write to `data` while a graph lives.
        name: what errors and drawings call it.

    Raises:
        DTypeError: an object array; `requires_grad` with an integer or boolean dtype.
        DetachError: `data` is tracked.
    """

    __slots__ = ("__weakref__",)

    def __init__(
        self,
        data: ArrayLike | Tensor,
        requires_grad: bool = False,
        dtype: DTypeLike | None = None,
        *,
        copy: bool | None = True,
        name: str | None = None,
    ) -> None:
        if isinstance(data, Tensor):
            if data.node is not None:
                refuse(data, "tensor(t)", "t.detach() to leave the graph, or t + 0 to stay in it")
            data = data._frozen()
        array = np.array(data, dtype=dtype, copy=copy)
        if array is data:
            array = array.view()  # freezing ours must not freeze the caller's
        if array.dtype.kind not in "biufc":
            raise DTypeError(
                f"tensor: expected numbers, got {data!r:.80}, of which NumPy makes an array of {array.dtype}"
            )
        self._replace(array)
        self._node = None
        if requires_grad:
            _require_inexact(array.dtype)
            self._node = Leaf(array.shape, array.dtype, name)

    @property
    def data(self) -> NDArray[Any]:
        """The values. A recorded result's are read-only; a leaf's may be written to, or replaced by assignment."""
        owner = self
        while hasattr(owner, "_view"):
            owner = owner._view.base
        return self.numpy() if isinstance(owner.node, Node) else self._writable()

    @data.setter
    def data(self, value: ArrayLike) -> None:
        old = self._values
        if value is old:  # t.data += ...
            return
        if isinstance(self.node, Node):
            raise GraphError(
                f"data: a result of {self.node.primitive.name} cannot be replaced, its gradient belongs to the old "
                "values; make a new tensor, or use .detach()"
            )
        array = np.asarray(value)
        if array.shape != old.shape:
            raise ShapeError(f"data: expected shape {old.shape}, got {array.shape}; a tensor keeps its shape")
        if hasattr(self, "_view"):
            np.copyto(self._writable(), array, casting="same_kind")
            return
        new = np.empty_like(old)
        np.copyto(new, array, casting="same_kind")
        self._replace(new)

    @property
    def requires_grad(self) -> bool:
        """Whether operations on this tensor are recorded. Assignable on leaves; a view then parts from its base."""
        return self.node is not None

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if isinstance(self.node, Node):
            raise GraphError(f"requires_grad: this is a result of {self.node.primitive.name}; use .detach() instead")
        if bool(value) is self.requires_grad:
            return
        if value:
            _require_inexact(self.dtype)
            self._part()
        self._node = Leaf(self.shape, self.dtype) if value else None
        self._outrun()  # views of it are tracked from now on, or are not

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made this tensor."""
        return not isinstance(self.node, Node)

    @property
    def name(self) -> str | None:
        """What errors and drawings call this tensor, if it was named."""
        return getattr(self.node, "name", None)

    @property
    def grad(self) -> Tensor | None:
        """The gradient that `backward` accumulated; None before. Results have one only after `retain_grad()`."""
        if isinstance(self.node, Node) and not hasattr(self.node, "grad"):
            warnings.warn(
                f"grad: this tensor is a result of {self.node.primitive.name}, and backward() keeps the gradients of "
                "leaves; call .retain_grad() on it before backward()",
                stacklevel=2,
            )
        return getattr(self.node, "grad", None)

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        if value is None:
            if self.node is not None:
                self.node.grad = None
            return
        if self.node is None:
            raise GraphError("grad: this tensor does not require a gradient; set requires_grad = True first")
        if not isinstance(value, Tensor) or value.shape != self.shape or value.dtype != self.dtype:
            raise ShapeError(f"grad: expected a Tensor of {self.dtype}{list(self.shape)} or None, got {value!r:.80}")
        self.node.grad = value

    def retain_grad(self) -> None:
        """Ask `backward` to leave this result's gradient in `.grad`, as it does for leaves."""
        node = self.node
        if node is None:
            raise GraphError("retain_grad: this tensor is not tracked; no gradient will reach it")
        if isinstance(node, Node) and not hasattr(node, "grad"):
            node.grad = None
            place = weakref.ref(node)  # a node whose hook holds it would never be freed
            self.register_hook(lambda g: setattr(place(), "grad", g))

    def register_hook(self, hook: Hook) -> RemovableHandle:
        """Call `hook(gradient)` whenever a walk has this tensor's gradient; a tensor that it returns replaces it.

        Returns a handle whose `remove()` takes the hook away.
        """
        if self.node is None:
            raise GraphError("register_hook: this tensor is not tracked; no gradient will reach it")
        if self.node.hooks is None:
            self.node.hooks = []
        self.node.hooks.append(hook)
        return RemovableHandle(self.node.hooks, hook)

    def detach(self) -> Tensor:
        """The same values outside the graph: gradients stop here."""
        return wrap(self._frozen(), None)

    def __repr__(self) -> str:
        values = np.array2string(self._values, separator=", ", prefix="tensor(")
        node = self.node
        origin = (
            ""
            if node is None
            else f", node={node.primitive.name}"
            if isinstance(node, Node)
            else ", requires_grad=True"
        )
        name = f", name={self.name!r}" if self.name else ""
        return f"tensor({values}, dtype={self.dtype}{origin}{name})"

    def __reduce__(self) -> tuple[Callable[..., Tensor], tuple[Any, ...]]:
        if isinstance(self.node, Node):
            raise GraphError(f"copy: a result of {self.node.primitive.name} cannot leave its graph; use .detach()")
        return type(self), (self._frozen(), self.requires_grad)

    __hash__ = object.__hash__


def tensor(
    data: ArrayLike | Tensor,
    requires_grad: bool = False,
    dtype: DTypeLike | None = None,
    *,
    copy: bool | None = True,
    name: str | None = None,
) -> Tensor:
    """A `Tensor` of `data`; see there."""
    return Tensor(data, requires_grad, dtype, copy=copy, name=name)


def wrap(array: NDArray[Any], node: Edge | None) -> Tensor:
    """The tensor of an array that is already ours."""
    out = object.__new__(Tensor)
    if node is None:
        array.setflags(False)  # type: ignore[call-arg]
    out._data = array
    out._node = node
    return out


def _require_inexact(dtype: np.dtype[Any]) -> None:
    if dtype.kind not in "fc":
        raise DTypeError(
            f"requires_grad: only floating and complex tensors have gradients, got {dtype}; "
            "convert with .astype(np.float64)"
        )
