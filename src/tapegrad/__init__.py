"""tapegrad: record NumPy operations into a graph, differentiate it, and train small models on it.

`Tensor` and grad mode come along with `import tapegrad`; `tapegrad.nn`, `tapegrad.datasets` and what looks into
programs (`detect_anomaly`, `explain`, `lint`, `profile`) load when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import_module("numpy")  # before our own modules: imported from inside them it takes 30 ms longer (measured)

try:
    from .autograd import Tensor as Tensor, enable_grad as enable_grad, no_grad as no_grad, tensor as tensor
except ModuleNotFoundError as error:
    if error.name != f"{__name__}.autograd":
        raise
    raise ImportError(
        f"{__file__}: `autograd` beside this file must be a link to the folder of that name at the top of the "
        "repository, and it was not checked out as one. In the repository run `git config core.symlinks true` and "
        "`git checkout -- src/tapegrad` (Windows: switch on developer mode first), then install again."
    ) from None
from . import autograd as autograd  # noqa: E402 - only after the guard
from .autograd.kernels.buffers import empty_cache as empty_cache  # noqa: E402
from .autograd.kernels.threads import (  # noqa: E402
    get_num_threads as get_num_threads,
    set_num_threads as set_num_threads,
)
from .autograd.kernels.warmup import warmup as warmup  # noqa: E402

__version__ = "0.1.0"
__all__ = [
    "Tensor", "__version__", "autograd", "datasets", "detect_anomaly", "empty_cache", "enable_grad", "explain",
    "get_num_threads", "lint", "nn", "no_grad", "profile", "set_num_threads", "tensor", "warmup",
]  # fmt: skip

if TYPE_CHECKING:
    from . import datasets as datasets, nn as nn
    from .autograd.inspection import (
        detect_anomaly as detect_anomaly,
        explain as explain,
        lint as lint,
        profile as profile,
    )
else:

    def __getattr__(name: str) -> object:
        """Import what is large, or seldom needed, at its first use."""
        if name in ("nn", "datasets"):
            return import_module(f".{name}", __name__)
        if name in ("detect_anomaly", "explain", "lint", "profile"):
            return getattr(import_module(".autograd.inspection", __name__), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
