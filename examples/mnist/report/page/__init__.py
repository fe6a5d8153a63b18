"""The page: one HTML file that needs nothing else, neither files beside it nor a network.

`whole.py` sets the page, `heads.py` what is told of each output, `model.py` what is told of the model, `pieces.py` what
they are made of, and `page.css` says how it looks.
"""

from __future__ import annotations

from examples.mnist.report.page.whole import page as page

__all__ = ["page"]
