"""The names of NumPy that engines are measured by: what HIPS autograd or MyGrad differentiate, and what is beyond."""

from __future__ import annotations

__all__ = ["FIRST", "SECOND"]

FIRST = """
abs absolute fabs negative positive square sqrt cbrt reciprocal power pow exp exp2 expm1 log log2 log10 log1p
logaddexp logaddexp2 sin cos tan arcsin asin arccos acos arctan atan arctan2 atan2 sinh cosh tanh arcsinh asinh
arccosh acosh arctanh atanh degrees rad2deg radians deg2rad hypot sinc add subtract multiply divide true_divide mod
remainder maximum minimum fmax fmin clip where select nan_to_num real imag conj conjugate angle real_if_close sum prod
mean std var max amax min amin cumsum cumprod diff gradient dot inner outer kron matmul tensordot einsum cross trace
linalg.norm linalg.det linalg.slogdet linalg.inv linalg.pinv linalg.solve linalg.cholesky linalg.eigh linalg.eig
linalg.svd reshape ravel transpose permute_dims swapaxes moveaxis rollaxis squeeze expand_dims broadcast_to
concatenate concat stack vstack hstack column_stack append split array_split hsplit vsplit dsplit tile repeat roll
fliplr flipud rot90 tril triu atleast_1d atleast_2d atleast_3d array astype diag diagonal pad full linspace sort
partition fft.fft fft.ifft fft.fft2 fft.ifft2 fft.fftn fft.ifftn fft.rfft fft.irfft fft.rfft2 fft.irfft2 fft.rfftn
fft.irfftn fft.fftshift fft.ifftshift
""".split()

SECOND = """
i0 copysign heaviside float_power fmod divmod modf frexp ldexp unwrap choose piecewise interp median ptp average
percentile quantile nansum nanprod nanmean nanvar nanstd nanmax nanmin nanmedian nanpercentile nanquantile nancumsum
nancumprod cumulative_sum cumulative_prod trapezoid ediff1d cov corrcoef vdot vecdot matvec vecmat linalg.svdvals
linalg.cond linalg.matrix_norm linalg.vector_norm linalg.eigvalsh linalg.eigvals linalg.qr linalg.lstsq
linalg.matrix_power linalg.multi_dot linalg.tensorsolve linalg.tensorinv linalg.diagonal linalg.trace
linalg.matrix_transpose linalg.outer linalg.cross linalg.vecdot linalg.matmul linalg.tensordot matrix_transpose
broadcast_arrays dstack block unstack flip diagflat copy asarray take take_along_axis compress extract delete insert
resize trim_zeros vander meshgrid full_like logspace geomspace apply_along_axis fft.hfft fft.ihfft convolve correlate
polyval polyadd polysub polymul polyder polyint polyfit poly argsort argmax argmin argpartition argwhere nanargmax
nanargmin lexsort searchsorted digitize nonzero flatnonzero count_nonzero bitwise_count isnan isfinite isinf floor
ceil trunc rint round fix sign
""".split()
