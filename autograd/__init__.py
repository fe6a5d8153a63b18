"""The engine: tensors that record NumPy operations into a graph, and reverse mode that walks it.

Every operation of a family in `ops/` is here under NumPy's name; `np.<name>(tensor)` is the same operation.
"""

from __future__ import annotations

if __name__ == "autograd":
    raise ModuleNotFoundError("this is a part of tapegrad: write `from tapegrad import autograd`", name=__name__)

from . import operators, protocols
from .derivatives import grad as grad, value_and_grad as value_and_grad, vjp as vjp
from .errors import (
    DetachError as DetachError,
    DTypeError as DTypeError,
    GraphError as GraphError,
    MissingRuleError as MissingRuleError,
    ShapeError as ShapeError,
)
from .mode import enable_grad as enable_grad, is_grad_enabled as is_grad_enabled, no_grad as no_grad
from .ops.arithmetic import (
    add as add, ceil as ceil, divide as divide, floor as floor, floor_divide as floor_divide, fmod as fmod,
    mod as mod, multiply as multiply, negative as negative, positive as positive, reciprocal as reciprocal,
    remainder as remainder, rint as rint, round as round, subtract as subtract, true_divide as true_divide,
    trunc as trunc,
)  # fmt: skip
from .ops.comparing import (
    all as all, allclose as allclose, any as any, argmax as argmax, argmin as argmin, argsort as argsort,
    array_equal as array_equal, bitwise_and as bitwise_and, bitwise_or as bitwise_or, bitwise_xor as bitwise_xor,
    count_nonzero as count_nonzero, equal as equal, greater as greater, greater_equal as greater_equal,
    invert as invert, isclose as isclose, isfinite as isfinite, isinf as isinf, isnan as isnan, less as less,
    less_equal as less_equal, logical_and as logical_and, logical_not as logical_not, logical_or as logical_or,
    logical_xor as logical_xor, ndim as ndim, nonzero as nonzero, not_equal as not_equal, ones_like as ones_like,
    shape as shape, signbit as signbit, size as size, zeros_like as zeros_like,
)  # fmt: skip
from .ops.complex import (
    abs as abs, absolute as absolute, angle as angle, conj as conj, conjugate as conjugate, fabs as fabs,
    imag as imag, real as real, sign as sign,
)  # fmt: skip
from .ops.selecting import (
    clip as clip, fmax as fmax, fmin as fmin, maximum as maximum, minimum as minimum, nan_to_num as nan_to_num,
    where as where,
)  # fmt: skip
from .ops.rectifiers import (
    elu as elu, leaky_relu as leaky_relu, relu as relu, relu6 as relu6, selu as selu,
)  # fmt: skip
from .ops.exponential import (
    exp as exp, exp2 as exp2, expm1 as expm1, log as log, log10 as log10, log1p as log1p, log2 as log2,
    logaddexp as logaddexp, logaddexp2 as logaddexp2, sigmoid as sigmoid, softplus as softplus,
)  # fmt: skip
from .ops.powers import (
    cbrt as cbrt, float_power as float_power, hypot as hypot, pow as pow, power as power, sqrt as sqrt,
    square as square,
)  # fmt: skip
from .ops.trigonometric import (
    acos as acos, acosh as acosh, arccos as arccos, arccosh as arccosh, arcsin as arcsin, arcsinh as arcsinh,
    arctan as arctan, arctan2 as arctan2, arctanh as arctanh, asin as asin, asinh as asinh, atan as atan,
    atan2 as atan2, atanh as atanh, cos as cos, cosh as cosh, deg2rad as deg2rad, degrees as degrees,
    rad2deg as rad2deg, radians as radians, sin as sin, sinc as sinc, sinh as sinh, tan as tan, tanh as tanh,
)  # fmt: skip
from .ops.shaping import (
    astype as astype, atleast_1d as atleast_1d, atleast_2d as atleast_2d, atleast_3d as atleast_3d,
    broadcast_to as broadcast_to, copy as copy, expand_dims as expand_dims, flip as flip, fliplr as fliplr,
    flipud as flipud, matrix_transpose as matrix_transpose, moveaxis as moveaxis, pad as pad,
    permute_dims as permute_dims, ravel as ravel, repeat as repeat, reshape as reshape, roll as roll,
    rollaxis as rollaxis, rot90 as rot90, squeeze as squeeze, swapaxes as swapaxes, tile as tile,
    transpose as transpose, tril as tril, triu as triu,
)  # fmt: skip
from .ops.reducing import (
    amax as amax, amin as amin, cumsum as cumsum,   max as max,
    mean as mean, min as min, prod as prod,  std as std, sum as sum, var as var,
)  # fmt: skip
from .ops.softmax import (
    log_softmax as log_softmax, logsumexp as logsumexp, softmax as softmax,
    softmax_cross_entropy as softmax_cross_entropy,
)  # fmt: skip
from .ops.indexing import (
    diag as diag, diagonal as diagonal, getitem as getitem, scatter_add as scatter_add, take as take,
    take_along_axis as take_along_axis, trace as trace,
)  # fmt: skip
from .ops.joining import (
    append as append, array_split as array_split, column_stack as column_stack, concat as concat,
    concatenate as concatenate, dsplit as dsplit, dstack as dstack, hsplit as hsplit, hstack as hstack,
    split as split, stack as stack, vsplit as vsplit, vstack as vstack,
)  # fmt: skip
from .ops.products import (
    dot as dot, inner as inner, linear as linear, matmul as matmul, outer as outer, tensordot as tensordot,
)  # fmt: skip
from .ops.einsum import (
    einsum as einsum,
)  # fmt: skip
from .ops.convolution import (
    conv1d as conv1d, conv2d as conv2d, conv3d as conv3d, conv_transpose1d as conv_transpose1d,
    conv_transpose2d as conv_transpose2d, conv_transpose3d as conv_transpose3d,
)  # fmt: skip
from .ops.windows import (
    fold as fold, unfold as unfold,
)  # fmt: skip
from .ops.pooling import (
    adaptive_max_pool1d as adaptive_max_pool1d, adaptive_max_pool2d as adaptive_max_pool2d,
    adaptive_max_pool3d as adaptive_max_pool3d, max_pool1d as max_pool1d, max_pool2d as max_pool2d,
    max_pool3d as max_pool3d,
)  # fmt: skip
from .ops.averaging import (
    adaptive_avg_pool1d as adaptive_avg_pool1d, adaptive_avg_pool2d as adaptive_avg_pool2d,
    adaptive_avg_pool3d as adaptive_avg_pool3d, avg_pool1d as avg_pool1d, avg_pool2d as avg_pool2d,
    avg_pool3d as avg_pool3d, lp_pool1d as lp_pool1d, lp_pool2d as lp_pool2d, lp_pool3d as lp_pool3d,
)  # fmt: skip
from .ops.unpooling import (
    max_unpool1d as max_unpool1d, max_unpool2d as max_unpool2d, max_unpool3d as max_unpool3d,
)  # fmt: skip
from .ops.resizing import (
    interpolate as interpolate,
)  # fmt: skip
from .primitive import elementwise as elementwise, nondifferentiable as nondifferentiable, primitive as primitive
from .provenance import mark_ours
from .reverse import backward as backward, pullback as pullback
from .tensor import Tensor as Tensor, tensor as tensor

operators.bind()
protocols.bind()
mark_ours(__name__)

__all__ = [
    "DTypeError", "DetachError", "GraphError", "MissingRuleError", "ShapeError", "Tensor", "abs", "absolute", "acos",
    "acosh", "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool1d",
    "adaptive_max_pool2d", "adaptive_max_pool3d", "add", "all", "allclose", "amax", "amin", "angle", "any", "append",
    "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "argmax", "argmin", "argsort",
    "array_equal", "array_split", "asin", "asinh", "astype", "atan", "atan2", "atanh", "atleast_1d", "atleast_2d",
    "atleast_3d", "avg_pool1d", "avg_pool2d", "avg_pool3d", "backward", "bitwise_and", "bitwise_or", "bitwise_xor",
    "broadcast_to", "cbrt", "ceil", "clip", "column_stack", "concat", "concatenate", "conj", "conjugate", "conv1d",
    "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "copy", "cos", "cosh",
    "count_nonzero", "cumsum", "deg2rad", "degrees", "diag", "diagonal", "divide", "dot", "dsplit", "dstack", "einsum",
    "elementwise", "elu", "enable_grad", "equal", "exp", "exp2", "expand_dims", "expm1", "fabs", "flip", "fliplr",
    "flipud", "float_power", "floor", "floor_divide", "fmax", "fmin", "fmod", "fold", "getitem", "grad", "greater",
    "greater_equal", "hsplit", "hstack", "hypot", "imag", "inner", "interpolate", "invert", "is_grad_enabled",
    "isclose", "isfinite", "isinf", "isnan", "leaky_relu", "less", "less_equal", "linear", "log", "log10", "log1p",
    "log2", "log_softmax", "logaddexp", "logaddexp2", "logical_and", "logical_not", "logical_or", "logical_xor",
    "logsumexp", "lp_pool1d", "lp_pool2d", "lp_pool3d", "matmul", "matrix_transpose", "max", "max_pool1d", "max_pool2d",
    "max_pool3d", "max_unpool1d", "max_unpool2d", "max_unpool3d", "maximum", "mean", "min", "minimum", "mod",
    "moveaxis", "multiply", "nan_to_num", "ndim", "negative", "no_grad", "nondifferentiable", "nonzero", "not_equal",
    "ones_like", "outer", "pad", "permute_dims", "positive", "pow", "power", "primitive", "prod", "pullback", "rad2deg",
    "radians", "ravel", "real", "reciprocal", "relu", "relu6", "remainder", "repeat", "reshape", "rint", "roll",
    "rollaxis", "rot90", "round", "scatter_add", "selu", "shape", "sigmoid", "sign", "signbit", "sin", "sinc", "sinh",
    "size", "softmax", "softplus", "split", "sqrt", "square", "squeeze", "stack", "std", "subtract", "sum", "swapaxes",
    "take", "take_along_axis", "tan", "tanh", "tensor", "tensordot", "tile", "trace", "transpose", "tril", "triu",
    "true_divide", "trunc", "unfold", "value_and_grad", "var", "vjp", "vsplit", "vstack", "where", "zeros_like",
]  # fmt: skip
