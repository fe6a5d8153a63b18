"""Universal functions on tensors: the call with NumPy's options, and the door to their methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..constants import on_values, plain, tracked
from ..diagnosis import locate
from ..ops.comparing import shape
from ..ops.indexing import scatter_add
from ..ops.shaping import astype, broadcast_to
from ..tensor import Tensor
from .finding import OPERATIONS, found
from .refusing import full_name, missing, without
from .writing import deliver

__all__ = ["array_ufunc"]


def array_ufunc(self: Tensor, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
    """`__array_ufunc__`: our operation, with the options and by the method that NumPy calls it."""
    operation = OPERATIONS.get(ufunc)
    if operation is not None and not options and method == "__call__":
        return operation(*inputs)
    name = full_name(ufunc) + ("" if method == "__call__" else f".{method}")
    try:
        return _delivered(name, ufunc, method, inputs, options)
    except Exception as error:
        locate(error, name, inputs, options)
        raise


def _delivered(name: str, ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    if method == "at":
        from .methods import at  # imported with the first call of a method

        return at(name, ufunc, found(ufunc), *inputs)
    options = dict(options)
    out = options.pop("out", ())
    result = _computed(name, ufunc, method, inputs, options)
    if not out:
        return result
    where = options.get("where", True) if method == "__call__" else True  # a reduction's says what goes in
    results = result if isinstance(result, tuple) else (result,)
    casting = options.get("casting", "same_kind")
    into = [y if o is None else deliver(name, y, o, where, casting) for y, o in zip(results, out, strict=True)]
    return tuple(into) if isinstance(result, tuple) else into[0]


def _computed(name: str, ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    operation = found(ufunc)
    if operation is not None and method == "__call__":
        return _called(name, ufunc, operation, inputs, **options)
    if operation is None and tracked(inputs):
        raise missing(name)
    operands = inputs if method == "outer" else (inputs[0],) * ufunc.nin
    if not tracked(inputs, options) or _is_constant(ufunc, operands):
        return on_values(getattr(ufunc, method), inputs, options)
    from .methods import METHODS

    return METHODS[method](ufunc, operation, *inputs, **options)


def _called(
    name: str,
    ufunc: np.ufunc,
    operation: Callable[..., Any],
    inputs: tuple[Any, ...],
    where: Any = True,
    dtype: Any = None,
    casting: Any = "same_kind",
    order: str = "K",  # of a result in memory; ours decides for itself
    subok: bool = True,
    **rest: Any,
) -> Any:
    if dtype is not None or casting != "same_kind":
        outputs = (None,) * ufunc.nin + (None if dtype is None else np.dtype(dtype),) * ufunc.nout
        inputs = tuple(map(_as, inputs, _resolved(ufunc, inputs, signature=outputs, casting=casting)))
    if ufunc.signature is not None and where is True:  # vecdot and its kin take an axis
        from .signatures import parameters

        taken, _ = parameters(operation)
        if rest.keys() <= taken.keys():
            return operation(*inputs, **rest)
    if rest or ufunc.signature is not None:
        raise without(name, rest or ("where",))
    return operation(*inputs) if where is True else _masked(operation, inputs, where)


def _masked(operation: Callable[..., Any], inputs: tuple[Any, ...], where: Any) -> Any:
    """The operation on the elements that a mask selects, so that the others raise and warn of nothing; 0 elsewhere."""
    mask = np.asarray(plain(where)).astype(bool, casting="safe")
    full = np.broadcast_shapes(mask.shape, *map(shape, inputs))
    mask = np.broadcast_to(mask, full)
    chosen = operation(*(x if isinstance(x, int | float | complex) else broadcast_to(x, full)[mask] for x in inputs))
    return (
        tuple(scatter_add(y, mask, full) for y in chosen) if type(chosen) is tuple else scatter_add(chosen, mask, full)
    )


def _as(x: Any, dtype: np.dtype[Any]) -> Any:
    return astype(x, dtype) if isinstance(x, Tensor) else np.asarray(x, dtype)


def _resolved(ufunc: np.ufunc, inputs: tuple[Any, ...], **options: Any) -> tuple[np.dtype[Any], ...]:
    """The dtypes in which NumPy would compute: of the inputs, then of the outputs."""
    given = [type(x) if type(x) in (int, float, complex) else _dtype(x) for x in inputs]
    return ufunc.resolve_dtypes((*given, *(None,) * ufunc.nout), **options)


def _dtype(x: Any) -> Any:
    return x.dtype if hasattr(x, "dtype") else np.asarray(x).dtype


def _is_constant(ufunc: np.ufunc, inputs: tuple[Any, ...]) -> bool:
    """Whether the results are integers or booleans, which have no gradient."""
    return all(dtype.kind in "biu" for dtype in _resolved(ufunc, inputs)[ufunc.nin :])
