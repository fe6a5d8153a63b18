"""Special functions. SciPy is the witness of their values; corners and tails are in ops/special/."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special as scipy
from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw
from tapegrad.autograd.testing.strategies import INSIDE, NONZERO, POSITIVE, REAL, Domain

from .. import references
from .calls import ANY, Calls, call, on, some_of
from .record import Case

ANGLES = Domain(-80, 80)
NEGATIVE = Domain(-3, -0.1)
UNIT = Domain(0.1, 0.9)


def each(name: str, *domains: Domain, complex: bool = False, analytic: bool = False, order: int = 2) -> Case:
    """The record of SciPy's function of that name, each of whose arguments is from one domain."""
    reference = getattr(scipy, name)
    drawn = st.tuples(draw.broadcasting_arrays(*domains, dtype=draw.dtypes(complex=complex)), st.just({}))
    return Case(reference, drawn, reference if analytic else None, _ufunc(reference), order)


def of_order(name: str, least: tuple[int, ...], domain: Domain, *, complex: bool = False) -> Case:
    """Of one whose first arguments, whole numbers from some least ones on, are constants."""
    reference = getattr(scipy, name)
    return Case(reference, st.tuples(orders_and(least, domain, complex), st.just({})), None, _ufunc(reference))


@st.composite
def orders_and(call: st.DrawFn, least: tuple[int, ...], domain: Domain, complex: bool = False) -> tuple[Any, ...]:
    *shapes, last = call(draw.broadcasting_shapes(len(least) + 1, max_dims=2))
    rng = np.random.default_rng(call(draw.seeds()))
    orders = [np.asarray(rng.integers(n, n + 4, shape)) for n, shape in zip(least, shapes, strict=True)]
    return (*orders, call(draw.arrays(last, draw.dtypes(complex=complex), domain)))


def _ufunc(reference: Callable[..., Any]) -> Callable[..., Any] | None:
    """What reaches the primitive by NumPy's protocol."""
    return reference if isinstance(reference, np.ufunc) else None


def output_of(name: str, count: int, domain: Domain) -> Case:
    """Of one with several results, of which the primitive gives one."""
    x = draw.broadcasting_arrays(domain, dtype=ANY)
    output = st.fixed_dictionaries({"output": st.integers(0, count - 1)})
    return Case(lambda x, output: getattr(scipy, name)(x)[output], st.tuples(x, output))


def spherical() -> Calls:
    return st.tuples(orders_and((0,), POSITIVE, complex=True), st.fixed_dictionaries({"derivative": st.booleans()}))


def weighted(x: Any) -> Calls:
    weights = draw.arrays(x.shape, str(x.real.dtype), POSITIVE)
    return call(axis=some_of(x), b=st.none() | weights, keepdims=st.booleans(), return_sign=st.booleans())


CASES: dict[str, Case] = {
    # elementary
    "exp10": each("exp10", REAL),
    "cosm1": each("cosm1", REAL),
    "powm1": each("powm1", POSITIVE, REAL),
    "expit": each("expit", REAL),
    "log_expit": each("log_expit", REAL),
    "logit": each("logit", UNIT),
    "xlogy": each("xlogy", NONZERO, POSITIVE, complex=True, analytic=True),
    "xlog1py": each("xlog1py", NONZERO, Domain(-0.8, 3), complex=True, analytic=True),
    "sindg": each("sindg", ANGLES),
    "cosdg": each("cosdg", ANGLES),
    "tandg": each("tandg", Domain(-60, 60)),
    "cotdg": each("cotdg", Domain(30, 120)),
    "radian": each("radian", ANGLES, REAL, REAL),
    # information, transforming
    "entr": each("entr", POSITIVE),
    "rel_entr": each("rel_entr", POSITIVE, POSITIVE),
    "kl_div": each("kl_div", Domain(0.1, 1.4), Domain(1.6, 3)),
    "boxcox": each("boxcox", POSITIVE, REAL),
    "boxcox1p": each("boxcox1p", POSITIVE, REAL),
    "inv_boxcox": each("inv_boxcox", UNIT, Domain(-0.9, 2)),
    "inv_boxcox1p": each("inv_boxcox1p", UNIT, Domain(-0.9, 2)),
    "huber": each("huber", Domain(1.9, 2.1), Domain(-4, 4, (-2, 2), 0.2)),
    "pseudo_huber": each("pseudo_huber", POSITIVE, REAL),
    # hypergeometric
    "hyp0f1": of_order("hyp0f1", (1,), REAL, complex=True),
    "hyp1f1": of_order("hyp1f1", (1, 2), REAL, complex=True),
    "hyp2f1": of_order("hyp2f1", (0, 1, 2), Domain(-0.6, 0.6), complex=True),
    "exprel": each("exprel", REAL),
    # errors
    "erfcx": each("erfcx", Domain(-2, 3), complex=True, analytic=True),
    "dawsn": each("dawsn", Domain(-2, 3), complex=True, analytic=True),
    "wofz": each("wofz", Domain(-2, 3), complex=True),
    "faddeeva_derivative": Case(
        references.faddeeva_derivative,
        st.tuples(
            draw.broadcasting_arrays(Domain(-1, 2), dtype=ANY),
            st.fixed_dictionaries(
                {"function": st.sampled_from(("erfcx", "dawsn", "wofz")), "order": st.integers(1, 2)}
            ),
        ),
    ),
    "erf": each("erf", REAL, complex=True, analytic=True),
    "erfc": each("erfc", REAL, complex=True, analytic=True),
    "erfi": each("erfi", Domain(-2, 2), complex=True, analytic=True),
    "erfinv": each("erfinv", INSIDE),
    "erfcinv": each("erfcinv", Domain(0.1, 1.9)),
    "ndtr": each("ndtr", REAL, complex=True, analytic=True),
    "ndtri": each("ndtri", UNIT),
    "ndtri_exp": each("ndtri_exp", NEGATIVE),
    "log_ndtr": each("log_ndtr", Domain(-3, 2), complex=True, analytic=True),
    "owens_t": each("owens_t", REAL, REAL),
    "fresnel": output_of("fresnel", 2, Domain(-1.5, 1.5)),
    # gamma
    "gamma": each("gamma", POSITIVE, analytic=True),
    "gammaln": each("gammaln", POSITIVE),
    "loggamma": each("loggamma", POSITIVE, analytic=True),
    "gammasgn": each("gammasgn", Domain(-3, 3, range(-3, 1), 0.2)),
    "psi": each("psi", POSITIVE, analytic=True),
    "polygamma": of_order("polygamma", (0,), POSITIVE),
    "rgamma": each("rgamma", REAL),
    "zeta": of_order("zeta", (2,), POSITIVE),
    "beta": each("beta", POSITIVE, POSITIVE),
    "betaln": each("betaln", POSITIVE, POSITIVE),
    "binom": each("binom", Domain(2, 5), UNIT),
    "poch": each("poch", POSITIVE, POSITIVE),
    "gammainc": of_order("gammainc", (1,), POSITIVE),
    "gammaincc": of_order("gammaincc", (1,), POSITIVE),
    "gammaincinv": of_order("gammaincinv", (1,), UNIT),
    "gammainccinv": of_order("gammainccinv", (1,), UNIT),
    "gammainc_by_shape": Case(
        references.gammainc_by_shape, st.tuples(orders_and((1,), POSITIVE), st.just({})), order=2
    ),
    "betainc": of_order("betainc", (1, 1), UNIT),
    "betaincc": of_order("betaincc", (1, 1), UNIT),
    "betaincinv": of_order("betaincinv", (1, 1), UNIT),
    "betainccinv": of_order("betainccinv", (1, 1), UNIT),
    # Bessel
    "jv": of_order("jv", (-2,), REAL, complex=True),
    "yv": of_order("yv", (-2,), POSITIVE, complex=True),
    "yn": of_order("yn", (-2,), POSITIVE),
    "hankel1": of_order("hankel1", (-2,), POSITIVE, complex=True),
    "hankel2": of_order("hankel2", (-2,), POSITIVE, complex=True),
    "iv": of_order("iv", (-2,), REAL, complex=True),
    "kv": of_order("kv", (-2,), POSITIVE, complex=True),
    "kn": of_order("kn", (-2,), POSITIVE),
    "ive": of_order("ive", (-2,), NONZERO),
    "kve": of_order("kve", (-2,), POSITIVE, complex=True),
    "j0": each("j0", REAL),
    "j1": each("j1", REAL),
    "y0": each("y0", POSITIVE),
    "y1": each("y1", POSITIVE),
    "i1": each("i1", REAL),
    "k0": each("k0", POSITIVE),
    "k1": each("k1", POSITIVE),
    "i0e": each("i0e", NONZERO),
    "i1e": each("i1e", NONZERO),
    "k0e": each("k0e", POSITIVE),
    "k1e": each("k1e", POSITIVE),
    "spherical": Case(
        lambda n, x, kind, derivative: getattr(scipy, f"spherical_{kind}")(n, x, derivative),
        st.tuples(
            orders_and((0,), POSITIVE, complex=True),
            st.fixed_dictionaries({"kind": st.sampled_from(("jn", "yn", "in", "kn")), "derivative": st.booleans()}),
        ),
    ),
    "airy": output_of("airy", 4, Domain(-2, 2)),
    # integrals and others
    "expi": each("expi", NONZERO, complex=True),
    "exp1": each("exp1", POSITIVE, complex=True, analytic=True),
    "expn": of_order("expn", (0,), POSITIVE),
    "sici": output_of("sici", 2, POSITIVE),
    "shichi": output_of("shichi", 2, POSITIVE),
    "spence": each("spence", POSITIVE, complex=True, analytic=True),
    "ellipk": each("ellipk", Domain(-2, 0.9)),
    "ellipkm1": each("ellipkm1", Domain(0.1, 3)),
    "ellipe": each("ellipe", Domain(-2, 0.9)),
    "lambertw": Case(
        scipy.lambertw,
        st.tuples(
            draw.broadcasting_arrays(POSITIVE, dtype=ANY),
            st.fixed_dictionaries({"k": st.integers(-1, 1), "tol": st.just(1e-8)}),
        ),
    ),
    "wrightomega": each("wrightomega", Domain(-2, 3), complex=True, analytic=True),
}

COMPOSITIONS: dict[str, Calls] = {
    "special.fresnel": call(draw.arrays(dtype=ANY, domain=Domain(-1.5, 1.5))),
    "special.multigammaln": call(draw.arrays(dtype="float64", domain=Domain(1.1, 4)), st.integers(1, 3)),
    "special.zeta": orders_and((2,), POSITIVE).map(lambda drawn: (drawn, {})),
    "special.airy": call(draw.arrays(dtype=ANY, domain=Domain(-2, 2))),
    "special.spherical_jn": spherical(),
    "special.spherical_yn": spherical(),
    "special.spherical_in": spherical(),
    "special.spherical_kn": spherical(),
    "special.sici": call(draw.arrays(dtype=ANY, domain=POSITIVE)),
    "special.shichi": call(draw.arrays(dtype=ANY, domain=POSITIVE)),
    "special.softmax": on(lambda x: call(axis=some_of(x)), min_side=1),
    "special.log_softmax": on(lambda x: call(axis=some_of(x)), min_side=1),
    "special.logsumexp": on(weighted, min_dims=1, min_side=1),
}
