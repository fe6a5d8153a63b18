"""What the page is made of. Every text is escaped here or where it is put in; every image is inside the page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from examples.mnist.report.pictures import Picture

__all__ = ["note", "percent", "picture", "pictures", "png", "section", "table"]


def section(name: str, title: str, *content: str) -> str:
    """A part of the page, with its heading."""
    return f'<section id="{escape(name)}">\n<h2>{escape(title)}</h2>\n{"".join(content)}\n</section>'


def pictures(several: Iterable[Picture]) -> str:
    """Pictures side by side as far as there is room."""
    return f'<div class="side-by-side">{"".join(map(picture, several))}</div>'


def picture(one: Picture) -> str:
    """A picture with what is said about it."""
    source = f"data:image/svg+xml;base64,{b64encode(one.svg).decode()}"
    title, caption = escape(one.title), escape(one.caption)
    return f"""<figure class="{escape(one.name)}">
<div class="scroll"><img src="{source}" alt="{title}: {caption}"></div>
<figcaption><b>{title}.</b> {caption}</figcaption>
</figure>"""


def png(image: NDArray[np.float32]) -> str:
    """A grey image (H, W), from 0 to 1, as the source of an `<img>`."""
    file = BytesIO()
    Image.fromarray(np.rint(255 * image).astype(np.uint8)).save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{b64encode(file.getvalue()).decode()}"


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column names the rows."""
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>\n'
        for first, *rest in rows
    )
    return f"""<div class="scroll card"><table>
<caption>{escape(caption)}</caption>
<thead><tr>{head}</tr></thead>
<tbody>{body}</tbody>
</table></div>"""


def note(text: str) -> str:
    """What a reader must not miss."""
    return f'<p class="note">{escape(text)}</p>'


def percent(share: float) -> str:
    """0.98765 as `98.77 %`; a dash where there was nothing to divide by."""
    return f"{100 * share:.2f} %" if np.isfinite(share) else "–"
