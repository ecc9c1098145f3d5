"""The site in a browser: every page, opened from disk in Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    sync_playwright,
)

from .site import pages

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"
)

WHITE = "rgb(255, 255, 255)"
WIDER_THAN_THE_WINDOW = """() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (element) => element && element !== document.body
    && (["auto", "scroll"].includes(getComputedStyle(element).overflowX)
      || scrolls(element.parentElement));
  return [...document.querySelectorAll("article *")]
    .filter((element) => element.getBoundingClientRect().right > width + 1 && !scrolls(element))
    .map((element) => `<${element.tagName.toLowerCase()}> ${element.textContent.slice(0, 60)}`);
}"""
SMALL = 400
CUT_TABLES = """() => [...document.querySelectorAll("article .md-typeset__scrollwrap")]
  .filter((room) => room.scrollWidth > room.clientWidth + 1)
  .map((room) => room.textContent.trim().slice(0, 60))"""
NOT_LOADED = """() => [...document.images]
  .filter((image) => !image.complete || !image.naturalWidth).map((image) => image.src)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def opened(context: BrowserContext, faults: list[str]) -> Page:
    """A page that adds console messages and external requests to ``faults``."""
    page = context.new_page()
    page.on(
        "console",
        lambda message: (
            faults.append(f"{message.type}: {message.text}")
            if message.type in ("error", "warning")
            else None
        ),
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda sent: (
            None
            if sent.url.startswith(("file:", "data:", "blob:"))
            else faults.append(f"asks for {sent.url}")
        ),
    )
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, SMALL])
def test_pages_have_no_faults(
    browser: Browser, site: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    """At either width and palette, nothing overflows, is missing or causes an error.

    In a small window, all columns of every table are visible.
    """
    faults: list[str] = []
    window: ViewportSize = {"width": width, "height": 900}
    with browser.new_context(viewport=window, color_scheme=scheme) as context:
        page = opened(context, faults)
        for built in pages(site):
            page.goto(built.as_uri())
            faults += page.evaluate(WIDER_THAN_THE_WINDOW) + page.evaluate(NOT_LOADED)
            if width == SMALL:
                faults += page.evaluate(CUT_TABLES)
            assert [] == faults, built.name
            color = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (color == WHITE) is (scheme == "light"), built.name


def test_faults_are_named(browser: Browser, tmp_path: Path) -> None:
    """The checks name overflowing elements, missing pictures and errors."""
    built = tmp_path / "index.html"
    built.write_text(
        "<article><p style='width: 900px'>wide</p><img src='gone.png'></article>"
        "<script>throw new Error('wrong')</script>"
    )
    faults: list[str] = []
    with browser.new_context(viewport={"width": 400, "height": 900}) as context:
        page = opened(context, faults)
        page.goto(built.as_uri())
        assert ["<p> wide"] == page.evaluate(WIDER_THAN_THE_WINDOW)
        assert [(tmp_path / "gone.png").as_uri()] == page.evaluate(NOT_LOADED)
    assert ["error: Failed to load resource: net::ERR_FILE_NOT_FOUND", "wrong"] == sorted(faults)


def test_search_works(browser: Browser, site: Path) -> None:
    """The search works from disk: a query leads to the matching part of a page."""
    faults: list[str] = []
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = opened(context, faults)
        page.goto((site / "index.html").as_uri())
        page.keyboard.press("/")
        page.get_by_placeholder("Search").last.fill("PriorRequestNotComplete")
        page.get_by_role("option", name="What is retried").click()
        page.wait_for_url("**/guide/retries.html?*#what-is-retried")
    assert [] == faults
