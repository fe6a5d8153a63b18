"""The families of `scipy.special`. A family uses only families above it in this list, and those of `ops/`."""

from __future__ import annotations

from types import ModuleType

from ...provenance import mark_ours
from . import (
    scipys,
    poles,
    elementary,
    information,
    hypergeometric,
    transforming,
    faddeeva,
    error,
    gammas,
    shape,
    incomplete,
    bessel,
    spherical,
    integrals,
    elliptic,
    lambert,
    sums,
)  # fmt: skip
from .elementary import *
from .information import *
from .hypergeometric import *
from .transforming import *
from .faddeeva import *
from .error import *
from .gammas import *
from .incomplete import *
from .bessel import *
from .spherical import *
from .integrals import *
from .elliptic import *
from .lambert import *
from .sums import *

FAMILIES: tuple[ModuleType, ...] = (
    scipys, poles, elementary, information, hypergeometric, transforming, faddeeva, error, gammas, shape, incomplete,
    bessel, spherical, integrals, elliptic, lambert, sums,
)  # fmt: skip

__all__: list[str] = []
__all__ += [name for family in FAMILIES for name in family.__all__]

mark_ours(__name__)
