"""The page, as text and in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from examples.mnist.report import Evaluation, write
from examples.mnist.report.page import page

OFFLINE = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
VOID = {"meta", "link", "img"}


class Outline(HTMLParser):
    """The elements of a page; raises where one is closed that is not open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=OFFLINE)
        yield chromium
        chromium.close()


class Visit:
    """A page in a browser, and all that it complained about or asked for."""

    def __init__(self, browser: Browser, path: Path, **context: Any) -> None:
        self.context = browser.new_context(**context)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())
        self.outside = [url for url in self.requests if not url.startswith("data:") and url != path.as_uri()]

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def test_the_page_is_well_formed_and_images_have_texts(two_heads: Evaluation) -> None:
    seen = Outline(page(two_heads)).seen

    assert [tag for tag, _ in seen].count("h1") == 1
    images = [attributes for tag, attributes in seen if tag == "img"]
    assert len(images) > 100
    assert all(image["alt"] and str(image["src"]).startswith("data:image/") for image in images)
    names = [attributes["id"] for _, attributes in seen if "id" in attributes]
    assert len(names) == len(set(names))


def test_what_others_wrote_is_escaped(hostile: Evaluation) -> None:
    tags = {tag for tag, _ in Outline(page(hostile)).seen}

    assert "script" not in tags
    assert "&lt;script&gt;alert(&#x27;&quot;&amp;&#x27;)&lt;/script&gt;" in page(hostile)


def test_it_opens_without_an_error_and_asks_for_nothing(
    browser: Browser, one_head: Evaluation, hostile: Evaluation, tmp_path: Path
) -> None:
    for name, evaluation in (("one", one_head), ("hostile", hostile)):
        with Visit(browser, write(evaluation, tmp_path / name)) as visit:
            assert visit.complaints == []
            assert visit.outside == []
            sizes = visit.page.evaluate("[...document.images].map(image => image.naturalWidth)")
            assert len(sizes) >= 60
            assert min(sizes) > 0
            assert visit.page.locator("h1").inner_text().endswith(" %")


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_window(browser: Browser, two_heads: Evaluation, tmp_path: Path, width: int) -> None:
    with Visit(browser, write(two_heads, tmp_path), viewport={"width": width, "height": 800}) as visit:
        assert visit.page.evaluate("document.documentElement.scrollWidth") == width


def test_day_and_night(browser: Browser, one_head: Evaluation, tmp_path: Path) -> None:
    """Letters contrast with the paper, on the page and in its pictures."""
    path = write(one_head, tmp_path)
    for scheme, bright in (("light", True), ("dark", False)):
        with Visit(browser, path, color_scheme=scheme) as visit:
            background = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (int(background.split("(")[1].split(",")[0]) > 127) is bright
        with Visit(browser, tmp_path / "confusion.svg", color_scheme=scheme) as visit:
            letters = visit.page.evaluate("getComputedStyle(document.querySelector('text')).fill")
            assert (int(letters.split("(")[1].split(",")[0]) < 127) is bright
