"""The interactive page, in a browser: what it shows, and that closing, searching, clicking and replaying work."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import exp
from tapegrad.autograd.drawing import Drawing, draw

from .test_escaping import NASTY, visible

OFFLINE = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
Opener = Callable[[Drawing], Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=OFFLINE)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Open a drawing's page; afterwards, fail if it complained about something or asked anybody for anything."""
    noted: list[str] = []
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")

    def open_(drawing: Drawing) -> Page:
        path = tmp_path / "graph.html"
        drawing.save(path)
        page = context.new_page()
        page.on("console", lambda message: noted.append(message.text))
        page.on("pageerror", lambda error: noted.append(str(error)))
        page.on("dialog", lambda dialog: noted.append(dialog.message))
        page.on("request", lambda request: noted.extend({request.url} - {path.as_uri(), "data:,"}))
        page.goto(path.as_uri())
        return page

    yield open_
    context.close()
    assert noted == []


def network() -> Drawing:
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    encoder = nn.TransformerEncoder(layer, 3)
    return draw(lambda x: encoder(x).sum(), np.ones((2, 3, 8), np.float32), depth=2, gradients=True, values=True)


def titles(page: Page) -> list[str]:
    return page.locator(".box > text.title").all_text_contents()


def centre(page: Page, title: str) -> tuple[float, float]:
    box = page.locator(".box", has=page.get_by_text(title, exact=True)).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def click(page: Page, title: str) -> None:
    page.mouse.click(*centre(page, title))


def details(page: Page) -> dict[str, str]:
    names, values = (page.locator(f"#details {tag}").all_text_contents() for tag in ("dt", "dd"))
    return dict(zip(names, values, strict=True))


def test_what_is_seen_first(visit: Opener) -> None:
    page = visit(network())
    assert page.title() == "TransformerEncoder"
    assert [title.partition(":")[0] for title in titles(page)] == [
        "x", "self_attn", "add", "norm1", "linear1", "relu", "linear2", "add", "norm2", "sum",
    ]  # fmt: skip
    assert page.locator(".module > text").all_text_contents() == [
        "TransformerEncoder",
        "layers.0 … 2: TransformerEncoderLayer ×3",
    ]
    assert "linear algebra" in page.locator("#legend li").all_text_contents()


def test_boxes_do_not_overlap_and_stand_inside_of_their_modules(visit: Opener) -> None:
    page = visit(network())
    page.click("#open-all")
    frames: list[list[float]] = page.evaluate("[...scene.items.values()].map((i) => [i.left, i.top, i.w, i.h])")
    assert len(frames) > 30
    for i, (x, y, w, h) in enumerate(frames):
        for left, top, wide, high in frames[:i]:
            assert x >= left + wide or left >= x + w or y >= top + high or top >= y + h
    modules: list[list[float]] = page.evaluate("[...scene.modules.values()].map((i) => [i.left, i.top, i.w, i.h])")
    outer = modules[0]
    for left, top, wide, high in modules[1:]:
        assert outer[0] < left
        assert left + wide < outer[0] + outer[2]
        assert outer[1] < top
        assert top + high < outer[1] + outer[3]
    widths: list[list[float]] = page.evaluate(
        "[...document.querySelectorAll('.box')].map((b) => [b.querySelector('rect').getBBox().width, "
        "Math.max(...[...b.querySelectorAll('text')].map((t) => t.getBBox().width))])"
    )
    assert all(text < box for box, text in widths)


def test_modules_open_and_close(visit: Opener) -> None:
    page = visit(network())
    before = titles(page)
    page.locator(".box", has_text="norm1").locator(".fold").click()
    assert "norm1: LayerNorm" in page.locator(".module > text").all_text_contents()
    assert len(titles(page)) > len(before)
    page.locator(".module", has_text="norm1").locator(".fold").click()
    assert titles(page) == before
    page.click("#close-all")
    assert titles(page) == ["x", "TransformerEncoder", "sum"]
    page.click("#open-all")
    assert page.locator(".fold").count() == page.locator(".module").count() > 5


def test_arrows_follow_what_is_open(visit: Opener) -> None:
    page = visit(network())
    page.click("#close-all")
    assert page.locator(".arrow").count() == 2
    page.click("#open-all")
    assert page.locator(".arrow").count() == page.evaluate("scene.links.length") > 40


def test_a_click_tells_everything(visit: Opener) -> None:
    drawing = draw(lambda x: exp(x).sum(), np.zeros((2, 3)), values=True, gradients=True, times=True)
    page = visit(drawing)
    click(page, "exp")
    told = details(page)
    assert page.locator("#details h2").text_content() == "exp"
    assert told["kind"] == "elementwise"
    assert told["result"] == "f64[2, 3]"
    assert told["values"] == "1 ± 0 in [1, 1]"
    assert told["gradient"].startswith("norm 2.449;")
    assert told["rule for x"] == "g * y"
    assert told["saves"] == "its result (48 B)"
    assert told["called at"].startswith("test_page.py:")
    assert told["forward"].endswith(" ms")
    assert page.locator(".box.chosen text.title").all_text_contents() == ["exp"]


def test_search_opens_what_hides_it(visit: Opener) -> None:
    page = visit(network())
    page.click("#close-all")
    page.keyboard.press("Tab")
    page.locator("#graph").focus()
    page.keyboard.press("/")
    page.keyboard.type("SOFTMAX")
    assert page.locator("#found").text_content() == "1 found"
    assert page.locator(".box.match text.title").all_text_contents() == ["TransformerEncoder"]
    page.keyboard.press("Enter")
    assert page.locator(".box.chosen text.title").all_text_contents() == ["softmax"]
    assert page.locator("#details h2").text_content() == "softmax"
    x, y = centre(page, "softmax")
    assert 0 < x < 1120
    assert 0 < y < 900
    page.fill("#query", "norm")
    found = page.locator("#found").text_content() or ""
    page.keyboard.press("Enter")
    assert page.locator("#found").text_content() == f"1 of {found.partition(' ')[0]}"
    page.keyboard.press("Enter")
    assert (page.locator("#found").text_content() or "").startswith("2 of")
    page.fill("#query", "no such thing")
    assert page.locator("#found").text_content() == "nothing found"
    assert page.locator(".box.match").count() == 0


def test_the_slider_replays_the_walk(visit: Opener) -> None:
    page = visit(draw(lambda x: (exp(x) * x).sum(), np.zeros(3), gradients=True))
    slider = page.locator("#step")
    assert slider.get_attribute("max") == "4"
    walked = []
    for step in range(1, 5):
        slider.fill(str(step))
        [now] = page.locator(".box.now text.title").all_text_contents()
        walked.append(now)
        assert page.locator(".box.done text.title").count() == step - 1
        assert page.locator("#details h2").text_content() == f"Step {step}: ∂ {now}"
        assert page.locator(".arrow.now").count() == {1: 1, 2: 2, 3: 1, 4: 0}[step]
    assert walked == ["sum", "multiply", "exp", "x"]
    slider.fill("2")
    assert details(page) == {"gradient": "f64[3]", "its norm": "1.732", "to x1": "g * x2", "to x2": "g * x1"}
    slider.fill("0")
    assert page.locator(".box.now").count() == 0


def test_the_replay_runs_by_itself(visit: Opener) -> None:
    page = visit(draw(lambda x: exp(x).sum(), np.zeros(3)))
    page.click("#play")
    assert page.locator("#play").get_attribute("aria-pressed") == "true"
    expect(page.locator("#step")).to_have_value("3", timeout=60_000)
    expect(page.locator("#play")).to_have_text("Replay", timeout=60_000)


def test_all_by_keyboard(visit: Opener) -> None:
    page = visit(network())
    page.locator("#graph").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator(".box.chosen text.title").all_text_contents() == ["x"]
    page.keyboard.press("ArrowDown")
    assert page.locator(".box.chosen text.title").all_text_contents() == ["self_attn: MultiheadAttention"]
    page.keyboard.press("Enter")
    assert "softmax" in titles(page)
    assert "self_attn: MultiheadAttention" not in titles(page)
    page.keyboard.press("Enter")
    assert "softmax" not in titles(page)
    assert page.locator(".box.chosen text.title").all_text_contents() == ["self_attn: MultiheadAttention"]
    page.keyboard.press("Escape")
    assert page.locator(".box.chosen").count() == 0
    scale = page.evaluate("view.scale")
    page.keyboard.press("+")
    assert page.evaluate("view.scale") > scale
    page.keyboard.press("0")
    assert page.evaluate("scene.root.h * view.scale") < 900


def test_moving_and_zooming_with_the_mouse(visit: Opener) -> None:
    page = visit(network())
    x, y = centre(page, "relu")
    page.mouse.move(300, 300)
    page.mouse.down()
    page.mouse.move(340, 330, steps=4)
    page.mouse.up()
    moved = centre(page, "relu")
    assert moved == pytest.approx((x + 40, y + 30), abs=1.5)
    page.mouse.move(*moved)
    page.mouse.wheel(0, -400)
    for _ in range(1_000):
        if page.evaluate("view.scale") > 1.1:
            break
        page.wait_for_timeout(20)
    assert centre(page, "relu") == pytest.approx(moved, abs=2)


@pytest.mark.parametrize("direction", ["LR", "TB", "RL", "BT"])
def test_directions(visit: Opener, direction: Any) -> None:
    page = visit(draw(lambda x: exp(x).sum(), np.zeros(3), direction=direction))
    x, total = centre(page, "x"), centre(page, "sum")
    along = {"LR": total[0] - x[0], "RL": x[0] - total[0], "TB": total[1] - x[1], "BT": x[1] - total[1]}
    assert along[direction] > 50


def test_hostile_names_are_text(visit: Opener) -> None:
    names = [*NASTY, "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "@script@", "\u2028", "${1}"]

    class Hostile(nn.Module):
        def __init__(self) -> None:
            self.parts = {name: nn.Parameter(np.ones(1)) for name in names}

        def forward(self, x: Any) -> Any:
            for part in self.parts.values():
                x = x * part
            return x

    Hostile.__name__ = "</title><script>alert(2)</script>"
    drawing = draw(Hostile(), np.ones(1))
    page = visit(drawing)
    assert page.title() == Hostile.__name__
    page.evaluate("zoom(0.001)")
    shown = set(page.evaluate("data.boxes.map((box) => box.title)"))
    assert {visible(f"parts.{name}") for name in names} <= shown
    assert page.locator("script").count() == 2
    assert page.locator("img").count() == 0
    page.fill("#query", "<img")
    page.keyboard.press("Enter")
    assert page.locator("#details h2").text_content() == "parts.<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(browser: Browser, tmp_path: Path, scheme: Any) -> None:
    draw(nn.Sequential(nn.Linear(3, 2), nn.Tanh()), np.ones((1, 3), np.float32)).save(tmp_path / "graph.html")
    page = browser.new_page(color_scheme=scheme)
    page.goto((tmp_path / "graph.html").as_uri())
    pairs: dict[str, list[str]] = page.evaluate(
        """() => {
            const style = (name) => getComputedStyle(document.querySelector(name));
            return { bar: [style('header h1').color, style('header').backgroundColor],
                     keys: [style('#keys').color, style('aside').backgroundColor],
                     module: [style('.module > text').fill, style('.module > rect').fill],
                     title: [style('.box > text.title').fill, style('.box > rect').fill],
                     words: [style('.box > text:last-of-type').fill, style('.box > rect').fill] };
        }"""
    )
    page.close()
    for what, (ink, ground) in pairs.items():
        bright, dark = sorted(map(luminance, (ink, ground)), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, what  # WCAG 2.2, AA


def luminance(colour: str) -> float:
    """Relative luminance of `rgb(1, 2, 3)`, as WCAG defines it."""
    parts = [int(part) / 255 for part in colour[4:-1].split(",")]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_ten_thousand_boxes(visit: Opener) -> None:
    y = tg.tensor(1.0, requires_grad=True)
    for _ in range(9_999):
        y = y * 1.0001
    page = visit(draw(y))
    assert page.evaluate("scene.items.size") == 10_000
    assert 5 < page.locator(".box").count() < 100  # those that the window shows
    page.click("#fit")
    assert page.locator(".box").count() == 0  # colours alone
    page.locator("#step").fill("5000")
    assert page.locator(".box.now text.title").all_text_contents() == ["multiply"]


def test_a_large_model_begins_closed(visit: Opener) -> None:
    class Layer(nn.Module):
        def forward(self, x: Any) -> Any:
            return np.tanh(x) * x

    model = nn.Sequential(*[nn.Sequential(*[Layer() for _ in range(20)]) for _ in range(20)])
    page = visit(draw(model, np.ones(3), fold=False))
    assert page.evaluate("scene.items.size") == 21
    assert page.evaluate("data.boxes.length") == 801


def test_the_data_is_json_that_can_close_no_element() -> None:
    text = draw(tg.tensor(1.0, True, name="</script>&<!--")).html()
    data = text.partition('type="application/json" id="data">')[2].partition("</script>")[0]
    assert not {"<", ">", "&"} & {*data}
    assert json.loads(data)["boxes"][0]["title"] == "</script>&<!--"
    assert text.count("</script>") == 2
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
