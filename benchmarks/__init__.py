"""Side-by-side measurements of tapegrad and its peers in one process: `python -m benchmarks`.

`python -m` puts the repository's root first on `sys.path`, where the folder `autograd/` would be taken for HIPS
autograd, one of the peers. So the root leaves the path here, before anything else is imported; tapegrad comes from its
installation.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != ROOT]
