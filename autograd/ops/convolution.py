"""Convolution (cross-correlation, as networks have it), and transposed convolution, which is its adjoint.

Three linear operations are closed under differentiation: the convolution of x with a weight, and its adjoints in x (the
transposed convolution) and in the weight. Each is linear in either argument, and their rules name each other.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..diagnosis import whereabouts
from ..fusing import convolved, joining, rectified
from ..kernels import convolution as kernels
from ..kernels.channels import sum_per_channel
from ..primitive import primitive
from ..recording import recorded
from ..sliding.convolution import convolution, transposed_convolution
from ..sliding.options import Shape, plain
from ..standins import StandIn
from ..tensor import Tensor
from .creating import asarray
from .padding import pad
from .rectifiers import relu
from .shaping import reshape

__all__ = ["conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d"]


@primitive
def _convolution(x: Any, weight: Any, bias: Any, geometry: Any = None) -> Any:
    return kernels.convolve(x, weight, bias, geometry)


@primitive
def _convolution_without_bias(x: Any, weight: Any, geometry: Any = None) -> Any:
    return kernels.convolve(x, weight, None, geometry)


@primitive
def _transposed_convolution(g: Any, weight: Any, spatial: Shape = (), geometry: Any = None) -> Any:
    return kernels.input_gradient(g, weight, spatial, geometry)


@primitive
def _weight_gradient(x: Any, g: Any, kernel: Shape = (), geometry: Any = None) -> Any:
    return kernels.weight_gradient(x, g, kernel, geometry)


def _per_channel(g: Any) -> Any:
    """(N, O, *output) -> (O,)"""
    if isinstance(g, np.ndarray):
        return sum_per_channel(g)
    return g.sum(axis=(0, *range(2, len(g.shape))))


_convolution.defvjp(
    lambda g, _y, _x, weight, _bias, geometry: _transposed_convolution(g, weight, _x.shape[2:], geometry),
    lambda g, _y, x, _weight, _bias, geometry: _weight_gradient(x, g, _weight.shape[2:], geometry),
    lambda g, _y, _x, _weight, _bias, geometry: _per_channel(g),
)
_convolution_without_bias.defvjp(
    lambda g, _y, _x, weight, geometry: _transposed_convolution(g, weight, _x.shape[2:], geometry),
    lambda g, _y, x, _weight, geometry: _weight_gradient(x, g, _weight.shape[2:], geometry),
)
_transposed_convolution.defvjp(
    lambda gg, _y, _g, weight, spatial, geometry: _convolution_without_bias(gg, weight, geometry),
    lambda gg, _y, g, _weight, spatial, geometry: _weight_gradient(gg, g, _weight.shape[2:], geometry),
)
_weight_gradient.defvjp(
    lambda gg, _y, _x, g, kernel, geometry: _transposed_convolution(g, gg, _x.shape[2:], geometry),
    lambda gg, _y, x, _g, kernel, geometry: _convolution_without_bias(x, gg, geometry),
)


joining[relu.primitive] = rectified


def conv1d(
    x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    """`conv2d` along one axis: x (N, C, L) or (C, L), weight (O, C / groups, kL) -> (N, O, L')."""
    return _conv("conv1d", 1, x, weight, bias, stride, padding, dilation, groups)


def conv2d(
    x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    """y[n, o, p] = bias[o] + Σ x[n, c, stride p + dilation k - padding] weight[o, c, k], over c and k.

    x (N, C, H, W) or (C, H, W), weight (O, C / groups, kH, kW), bias (O,) or None -> (N, O, H', W'), with
    H' = floor((H + before + after - dilation (kH - 1) - 1) / stride) + 1.

    Args:
        stride: how far the kernel moves; an int, or one for each axis. The same goes for `padding` and `dilation`.
        padding: zeros on each side of x, as an int or a pair (before, after); 'valid' for none; 'same' for as many as
            give the result the size of x, an odd one after.
        dilation: how far apart the kernel's elements look at x.
        groups: channels are divided into so many groups, each of which sees its own part of the weight alone.

    Raises:
        ShapeError: the shapes do not go together, or the kernel reaches further than the padded x.
        ValueError: a stride, dilation or groups below 1, a negative padding, another number of entries than of axes.
        TypeError, DTypeError: an option that is no int, elements that are no numbers.
    """
    return _conv("conv2d", 2, x, weight, bias, stride, padding, dilation, groups)


def conv3d(
    x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    """`conv2d` along three axes: x (N, C, D, H, W) or (C, D, H, W), weight (O, C / groups, kD, kH, kW)."""
    return _conv("conv3d", 3, x, weight, bias, stride, padding, dilation, groups)


def conv_transpose1d(
    x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0,
    groups: int = 1, dilation: Any = 1,
) -> Any:  # fmt: skip
    """`conv_transpose2d` along one axis: x (N, C, L) or (C, L), weight (C, O / groups, kL) -> (N, O, L')."""
    return _conv_transpose("conv_transpose1d", 1, x, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(
    x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0,
    groups: int = 1, dilation: Any = 1,
) -> Any:  # fmt: skip
    """The adjoint of `conv2d`, plus bias: y[n, o, stride p + dilation k - padding] += x[n, c, p] weight[c, o, k].

    x (N, C, H, W) or (C, H, W), weight (C, O / groups, kH, kW), bias (O,) or None -> (N, O, H', W'), with
    H' = (H - 1) stride - before - after + dilation (kH - 1) + 1 + output_padding. (Zeiler et al., Deconvolutional
    networks, 2010)

    Args:
        output_padding: positions added after the last, for several sizes of a result give an x of the same size.
        stride, padding, groups, dilation: those of the convolution, as in `conv2d`; padding takes positions away here.

    Raises: as `conv2d`.
    """
    return _conv_transpose("conv_transpose2d", 2, x, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose3d(
    x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0,
    groups: int = 1, dilation: Any = 1,
) -> Any:  # fmt: skip
    """`conv_transpose2d` along three axes: x (N, C, D, H, W) or (C, D, H, W), weight (C, O / groups, kD, kH, kW)."""
    return _conv_transpose("conv_transpose3d", 3, x, weight, bias, stride, padding, output_padding, groups, dilation)


def _conv(
    name: str, n: int, x: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: Any
) -> Any:
    x, weight, bias = asarray(x), asarray(weight), bias if bias is None else asarray(bias)
    try:
        geometry = convolution(
            name,
            n,
            *_seen(x, weight, bias),
            plain(name, "stride", stride),
            padding if isinstance(padding, str) else plain(name, "padding", padding),
            plain(name, "dilation", dilation),
            plain(name, "groups", groups),
        )
    except (TypeError, ValueError) as error:
        raise _located(error, x, weight, bias) from None
    batch = x if len(x.shape) == n + 2 else reshape(x, (1, *x.shape))
    y = _promised(batch, weight, bias, geometry)
    return y if batch is x else reshape(y, y.shape[1:])


def _promised(x: Any, weight: Any, bias: Any, geometry: Any) -> Any:
    """The convolution, put off if it can be: relu and max pooling may join it."""
    args = (x, weight) if bias is None else (x, weight, bias)
    operation = _convolution_without_bias if bias is None else _convolution
    if any(isinstance(array, Tensor) for array in args) and not any(isinstance(array, StandIn) for array in args):
        arrays = [array._frozen() if isinstance(array, Tensor) else array for array in args]
        promise = convolved(arrays[0], arrays[1], None if bias is None else arrays[2], geometry)
        if promise is not None:
            return recorded(operation.primitive, args, arrays, {"geometry": geometry}, promise)
    return operation(*args, geometry)


def _conv_transpose(
    name: str, n: int, x: Any, weight: Any, bias: Any, stride: Any, padding: Any, output_padding: Any, groups: Any,
    dilation: Any,
) -> Any:  # fmt: skip
    x, weight, bias = asarray(x), asarray(weight), bias if bias is None else asarray(bias)
    try:
        spatial, geometry = transposed_convolution(
            name,
            n,
            *_seen(x, weight, bias),
            plain(name, "stride", stride),
            plain(name, "padding", padding),
            plain(name, "output_padding", output_padding),
            plain(name, "groups", groups),
            plain(name, "dilation", dilation),
        )
    except (TypeError, ValueError) as error:
        raise _located(error, x, weight, bias) from None
    batch = x if len(x.shape) == n + 2 else reshape(x, (1, *x.shape))
    output = geometry.output(spatial, weight.shape[2:])
    if output != batch.shape[2:]:  # output_padding goes further than the stride: the convolution of y sees more than x
        more = [(0, has - had) for has, had in zip(output, batch.shape[2:], strict=True)]
        batch = pad(batch, [(0, 0), (0, 0), *more])
    y = _transposed_convolution(batch, weight, spatial, geometry)
    if bias is not None:
        y = y + reshape(bias, (*bias.shape, *(1,) * n))
    return y if len(x.shape) == n + 2 else reshape(y, y.shape[1:])


def _seen(x: Any, weight: Any, bias: Any) -> tuple[Any, ...]:
    """What is checked of the arrays: their shapes and dtypes."""
    if bias is None:
        return x.shape, weight.shape, None, (x.dtype, weight.dtype)
    return x.shape, weight.shape, bias.shape, (x.dtype, weight.dtype, bias.dtype)


def _located(error: Exception, x: Any, weight: Any, bias: Any) -> Exception:
    return type(error)(f"{error}; {whereabouts({'x': x, 'weight': weight, 'bias': bias})}")
