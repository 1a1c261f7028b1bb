"""The one-file report as people open it: on a desk, on a phone and in print, network and scripts off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.report.html.page import write_page
from sim.study.runs.results import Run
from tests.runs import real_run

playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright here: pip install playwright")

DESK, PHONE = 1440, 390


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    goals = {"order_fill_rate": "at least 60 %"}
    return real_run(tmp_path_factory.mktemp("run"), ["nearest", "cheapest", "balanced"], 2, goals=goals)


@pytest.fixture(scope="module")
def file(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_page([run], path)
    return path


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, browser: playwright.Browser, file: Path) -> Iterator[playwright.Page]:
    viewport = {"width": request.param, "height": 900}
    context = browser.new_context(viewport=viewport, java_script_enabled=False, offline=True)
    asked: list[str] = []
    context.on("request", lambda asking: asked.append(asking.url))
    page = context.new_page()
    page.goto(file.as_uri())
    yield page
    assert asked == [file.as_uri()]
    context.close()


def test_the_verdict_is_seen_without_scrolling(page: playwright.Page) -> None:
    box = page.locator(".verdict").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 900


def test_all_charts_are_seen_and_as_wide_as_a_hand(page: playwright.Page) -> None:
    charts = page.locator("svg").all()
    assert len(charts) == 7
    for chart in charts:
        assert chart.is_visible()
        box = chart.bounding_box()
        assert box is not None
        assert box["width"] >= 320


def test_letters_in_charts_are_large_enough_to_read(page: playwright.Page) -> None:
    for label in page.locator("svg text", has_text="cheapest").all():
        box = label.bounding_box()
        assert box is not None
        assert box["height"] >= 9


def test_tables_of_all_kpis_are_seen(page: playwright.Page) -> None:
    for title in ("Cost and fill", "Delivery", "Stock"):
        assert page.locator("caption", has_text=title).first.is_visible()


def test_what_is_folded_opens_without_scripts(page: playwright.Page) -> None:
    item = page.locator("dt", has_text="1.1 Purpose of the model")
    assert not item.is_visible()
    page.locator("summary", has_text="STRESS-DES").click()
    assert item.is_visible()


def test_the_page_is_never_wider_than_its_window(page: playwright.Page) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    for element in page.locator("body, main, section, figure, .card, .wide, details").all():
        box = element.bounding_box()
        if box is not None:
            assert box["x"] + box["width"] <= width + 0.5


def test_in_print_all_that_is_folded_is_open(page: playwright.Page) -> None:
    item = page.locator("dt", has_text="6.1 Sharing of the model")
    assert not item.is_visible()
    page.emulate_media(media="print")
    assert item.is_visible()
