"""`numpy.fft` on tensors."""

from __future__ import annotations

from .ops.fft import __all__ as __all__
from .ops.fft.frequencies import *
from .ops.fft.multidimensional import *
from .ops.fft.transforms import *
