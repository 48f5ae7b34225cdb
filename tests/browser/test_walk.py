"""An operator's way through the pages of a running system, in a browser, with a worker behind it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.test_pages import CHROMIUM, Watched
from tests.e2e.conftest import Running, started

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
expect.set_options(timeout=60_000)
HOSTILE = "<script>window.taken = 1</script>"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with started(Path(tmp_path_factory.mktemp("walk"))) as system:
        yield system


@pytest.fixture
def watched(system: Running) -> Iterator[Watched]:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context().new_page()
        page.set_default_timeout(60_000)
        yield Watched(page, system.local.api)
        browser.close()


def log_in(watched: Watched, system: Running) -> None:
    watched.visit("/admin/")
    watched.page.fill("#id_username", "admin")
    watched.page.fill("#id_password", system.local.password_file.read_text().strip())
    watched.page.click("button[type=submit]")
    expect(watched.page.locator("#figures")).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def until(page: Page, text: str) -> None:
    """Load the page again until it says so."""
    for _ in range(60):
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{page.url} never said {text}")


def test_from_login_to_chart(watched: Watched, system: Running) -> None:
    page = watched.page
    log_in(watched, system)

    page.get_by_role("link", name="API keys", exact=True).first.click()
    watched.visit("/admin/accounts/apikey/add/")
    page.fill("#id_name", HOSTILE)
    press(page, "Make the key")
    key = str(page.locator("#key").text_content())
    headers = {"Authorization": f"Api-Key {key}"}
    assert httpx2.get(f"{watched.address}/api/v1/jobs", headers=headers).status_code == 200

    watched.visit("/admin/scans/scan/add/")
    page.fill("#id_name", "evening")
    page.select_option("#id_universe", "demo")
    page.fill("#id_analyses", "rsi\n")
    page.get_by_label("Find in the catalogue").fill("mac")
    press(page, "Add line")
    expect(page.locator("[data-analyses] output")).to_contain_text("The catalogue has no mac; it has macd")
    assert page.input_value("#id_analyses") == "rsi\n", "half a name is no line"
    page.get_by_label("Find in the catalogue").fill("macd")
    expect(page.locator("[data-analyses] output")).to_contain_text("fast_period=12")
    press(page, "Add line")
    assert page.input_value("#id_analyses") == "rsi\nmacd"
    page.locator("#id_analyses").press_sequentially("\nhammer and candlestick_outcome.p")
    expect(page.locator("[data-analyses] output")).to_contain_text("candlestick_outcome() with .p_target .p_stop")
    page.fill("#id_analyses", "rsi\nmacd")
    page.fill("#id_when", "whenever")
    press(page, "Save and continue editing")
    expect(page.get_by_text("Write `every 15 minutes` or a crontab")).to_be_in_viewport()
    expect(page.locator("#id_when")).to_be_focused()
    page.fill("#id_when", "30 21 * * 1-5 Europe/London")
    press(page, "Save and continue editing")

    press(page, "Run now")
    expect(page.get_by_text("succeeded: 6 of 6")).to_be_visible()  # without a hand that loads it again
    expect(page.get_by_role("columnheader", name="macd.histogram")).to_be_visible()

    page.get_by_role("link", name="the job", exact=True).click()
    assert "rsi, macd" in str(page.locator("#job-head").text_content())
    page.get_by_label("Symbol", exact=True).fill("AAPL")
    press(page, "Chart")
    expect(page.locator("svg").first).to_be_visible()
    assert watched.wrong == []


def test_from_a_failure_to_its_retry(watched: Watched, system: Running) -> None:
    page = watched.page
    with system.http() as http:
        http.put("/api/v1/universes/gaps", json={"symbols": ["AAPL", "LATER"]}).raise_for_status()
        asked = {"universe": "gaps", "analyses": ["sma(2)"], "tags": [HOSTILE]}
        job = system.finished(http.post("/api/v1/jobs", json=asked).raise_for_status().json())
        assert job["state"] == "partial"
        bars = {name: [1.0, 2.0] for name in ("open", "high", "low", "close")}
        series = {"symbol": "LATER", "timeframe": "1d", "adjustment": "raw"}
        times = {"time": ["2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z"]}
        http.post("/api/v1/series", json={**series, "bars": {**times, **bars}}).raise_for_status()
    log_in(watched, system)
    page.get_by_role("link", name="newest").first.click()
    assert job["id"] in page.url
    expect(page.get_by_text("A retry does not help")).to_be_visible()
    press(page, "Retry what failed")
    assert job["id"] not in page.url
    again = re.findall(r"/job/([0-9a-f-]{36})/", page.url)[0]
    expect(page.locator(f"a[href*='{job['id']}']").first).to_be_visible()
    until(page, "1 of 1 symbols have a result")
    watched.visit(f"/admin/jobs/job/{job['id']}/change/")
    expect(page.get_by_text("Tried again as")).to_be_visible()
    page.get_by_role("link", name=again).first.click()
    page.get_by_role("link", name="LATER", exact=True).first.click()
    expect(page.locator("svg").first).to_be_visible()
    watched.visit(f"/admin/jobs/job/?q=tag:{HOSTILE}")
    expect(page.get_by_text(HOSTILE).first).to_be_visible()
    assert page.evaluate("window.taken") is None
    assert watched.wrong == []


def test_the_home_refreshes_itself_while_somebody_looks(watched: Watched, system: Running) -> None:
    log_in(watched, system)
    page = watched.page
    before = page.locator(".stamp time").text_content()
    expect(page.locator(".stamp time")).not_to_have_text(str(before), timeout=40_000)
    assert page.locator("svg.hour").count() == 1
    assert watched.wrong == []
