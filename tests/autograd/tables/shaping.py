"""Shapes, joining, indexing."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw

from .. import arguments, references
from .calls import ANY, Calls, axis, call, equal_shapes, joinable, list_of, on, some_of, taken, taken_along
from .record import Case

SECTIONS = st.sampled_from((1, 2, 3, (1,), [0, 2], (3, 1), (-1,), (2, 5)))

CASES: dict[str, Case] = {
    # shaping
    "reshape": Case(np.reshape, arguments.reshape(), numpy=np.reshape),
    "transpose": Case(np.transpose, arguments.transpose(), numpy=np.transpose),
    "broadcast_to": Case(np.broadcast_to, arguments.broadcast_to(), numpy=np.broadcast_to),
    "copy": Case(np.copy, arguments.copy(), numpy=np.copy),
    "converted": Case(references.converted, arguments.converted()),
    # indexing and joining
    "getitem": Case(references.getitem, arguments.getitem()),
    "scatter_add": Case(references.scatter_add, arguments.scatter_add()),
    "written": Case(references.written, arguments.written()),
    "concatenate": Case(references.concatenate, arguments.concatenate()),
}

COMPOSITIONS: dict[str, Calls] = {
    # shaping
    "ravel": on(lambda x: call(order=st.sampled_from("CF"))),
    "swapaxes": on(lambda x: call(axis(x), axis(x)), min_dims=1),
    "moveaxis": on(lambda x: call(axis(x), axis(x)), min_dims=1),
    "rollaxis": on(lambda x: call(axis(x), st.integers(-x.ndim, x.ndim)), min_dims=1),
    "matrix_transpose": on(min_dims=2),
    "squeeze": on(lambda x: call(st.sampled_from([None, *(i for i, size in enumerate(x.shape) if size == 1)]))),
    "expand_dims": on(lambda x: call(st.sampled_from((0, -1, (0, 1), (-1, 0))))),
    "atleast_1d": on(),
    "atleast_2d": on(),
    "atleast_3d": on(),
    "astype": on(lambda x: call(st.sampled_from([wide for wide in ("float64", "complex128") if x.dtype <= wide]))),
    "flip": on(lambda x: call(some_of(x))),
    "flipud": on(min_dims=1),
    "fliplr": on(min_dims=2),
    "roll": st.one_of(
        on(lambda x: call(st.integers(-3, 3), some_of(x, several=False))),
        on(lambda x: call(st.just((1, -1)), st.just((0, 0))), min_dims=1),
    ),
    "rot90": on(lambda x: call(st.integers(-3, 4), st.sampled_from(((0, 1), (1, 0), (0, -1)))), min_dims=2),
    "tile": on(lambda x: call(st.sampled_from((2, (2, 1), (1, 3, 2), (0,), ())))),
    "repeat": on(lambda x: st.one_of(call(st.integers(0, 3), some_of(x, several=False)), call(st.just(2)))),
    "tril": on(lambda x: call(st.integers(-2, 2)), min_dims=1),
    "triu": on(lambda x: call(st.integers(-2, 2)), min_dims=1),
    # indexing
    "getitem": on(lambda x: call(draw.indices(x.shape))),
    "scatter_add": call(draw.arrays((3, 2), ANY), st.just(np.array([2, 0, 2])), st.just((4, 2))),
    "take": on(lambda x: draw.axes(x.ndim, several=False).flatmap(lambda axis: taken(x, axis)), min_side=1),
    "take_along_axis": on(lambda x: axis(x).flatmap(lambda axis: taken_along(x, axis)), min_dims=1, min_side=1),
    "diagonal": on(lambda x: call(st.integers(-3, 3), st.just(-1), st.just(0)), min_dims=2),
    "diag": on(lambda x: call(st.integers(-3, 3)), min_dims=1, max_dims=2),
    "trace": on(lambda x: call(st.integers(-3, 3), st.just(0), st.just(1)), min_dims=2),
    # joining
    "concatenate": st.one_of(
        call(list_of(joinable(0)), axis=st.sampled_from((0, None))), call(list_of(joinable(1, 2)), st.just(1))
    ),
    "stack": st.one_of(
        call(list_of(equal_shapes(0)), axis=st.sampled_from((0, -1))), call(list_of(equal_shapes(1)), st.just(1))
    ),
    "vstack": st.one_of(call(list_of(joinable(0, 2))), call(list_of(equal_shapes(0, 1)))),
    "hstack": st.one_of(call(list_of(joinable(1, 2))), call(list_of(equal_shapes(0, 1)))),
    "dstack": call(list_of(equal_shapes(0))),
    "column_stack": st.one_of(call(list_of(equal_shapes(0, 2))), st.just((([np.ones(3), np.ones((3, 2))],), {}))),
    "append": st.one_of(
        call(draw.arrays(dtype=ANY), draw.arrays(dtype=ANY)),
        call(draw.arrays((2, 3)), draw.arrays((1, 3)), st.just(0)),
    ),
    "array_split": on(lambda x: call(SECTIONS, axis(x)), min_dims=1),
    "split": st.one_of(
        call(draw.arrays((4, 6), ANY), st.sampled_from((1, 2, (1, 3), np.array([2]))), st.sampled_from((0, 1, -1)))
    ),
    "hsplit": call(st.one_of(draw.arrays((4, 6), ANY), draw.arrays((6,))), st.sampled_from((1, 2, (1, 3)))),
    "vsplit": call(draw.arrays((4, 2), ANY), st.sampled_from((1, 2, (1, 3)))),
    "dsplit": call(draw.arrays((2, 1, 4), ANY), st.sampled_from((1, 2, (1, 3)))),
}
