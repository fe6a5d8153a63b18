"""`scipy.special` on tensors; needs SciPy."""

from __future__ import annotations

from .ops.special import __all__ as __all__
from .ops.special.bessel import *
from .ops.special.elementary import *
from .ops.special.elliptic import *
from .ops.special.error import *
from .ops.special.faddeeva import *
from .ops.special.gammas import *
from .ops.special.hypergeometric import *
from .ops.special.incomplete import *
from .ops.special.information import *
from .ops.special.integrals import *
from .ops.special.lambert import *
from .ops.special.spherical import *
from .ops.special.sums import *
from .ops.special.transforming import *
