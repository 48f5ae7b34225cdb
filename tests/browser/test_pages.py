"""Every page in a browser: it runs under its policy without a word in the console, and does what it is for."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule
from playwright.sync_api import Page, sync_playwright

from accounts.services.keys import create_key
from forecasts import scorecard
from forecasts.models import ModelReport, ModelVersion
from forecasts.recent import recent
from forecasts.services.registry import register_all
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from market.services import put_universe, store_series
from ml.family import PATTERNS
from scans.models import Scan, ScanRun
from tests.api.server import served
from tests.bars import random_walk

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium"),
    pytest.mark.django_db(transaction=True),
]


class Watched:
    """A page of a browser and all that went wrong in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.wrong: list[str] = []
        page.on("console", lambda said: said.type in ("error", "warning") and self._note(said.text))
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("response", lambda answer: answer.status >= 400 and self._note(f"{answer.status} {answer.url}"))

    def _note(self, text: str) -> None:
        self.wrong.append(f"{self.page.url}: {text}")

    def visit(self, path: str) -> None:
        self.page.goto(self.address + path, wait_until="networkidle")


@pytest.fixture
def boss(broker: Any, cache: Any) -> User:
    return User.objects.create_superuser("boss", password="a long password")


@pytest.fixture
def job(boss: User) -> Job:
    bars = random_walk(120, symbol="M&M")
    made = submit(owner=boss, request=JobRequest(analyses=["rsi"], bars=bars, output="all"), now=timezone.now())
    run_chunk(Chunk.objects.get(job=made).pk, clock=timezone.now)
    return made


@pytest.fixture
def wide(boss: User) -> Job:
    """A job over a series that has ended, with more columns than a window has room for."""
    now = timezone.now()
    bars = random_walk(300)
    store_series(owner=None, bars=bars, symbol="W", timeframe="1d", source="s", adjustment="raw", now=now)
    analyses = ["macd", "bollinger", "stochastic", "ichimoku", "pivots_traditional"]
    made = submit(owner=boss, request=JobRequest(analyses=analyses, symbols=["W"]), now=now)
    run_chunk(Chunk.objects.get(job=made).pk, clock=timezone.now)
    return made


@pytest.fixture
def watched(boss: User, job: Job, tmp_path: Path) -> Iterator[Watched]:
    """A browser that is logged into the admin; while it is open Django asks no database in this thread."""
    client = Client()
    client.force_login(boss)
    session: SessionStore = client.session  # type: ignore[assignment]
    with served(tmp_path) as address, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        name, key = settings.SESSION_COOKIE_NAME, str(session.session_key)
        context.add_cookies([{"name": name, "value": key, "url": address}])
        yield Watched(context.new_page(), address)
        browser.close()


def test_no_page_is_stopped_by_its_policy(watched: Watched, job: Job) -> None:
    for path in ("/", "/docs", "/admin/"):
        watched.visit(path)
    links = watched.page.eval_on_selector_all("a[href^='/admin/']", "all => all.map(a => a.getAttribute('href'))")
    inside = sorted({link for link in links if "logout" not in link} | {f"/admin/jobs/job/{job.pk}/change/"})
    assert "/admin/django_celery_beat/periodictask/add/" in inside
    for path in inside:
        watched.visit(path)
    assert watched.wrong == []


def test_the_documentation_calls_the_api(watched: Watched) -> None:
    watched.visit("/docs")
    page = watched.page
    page.locator("#operations-token-post_token").click()
    assert page.locator(".opblock").count() > 30
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.locator(".live-responses-table tbody .response-col_status").wait_for()


def test_a_job_is_shown_with_its_chart(watched: Watched, job: Job) -> None:
    watched.visit(f"/admin/jobs/job/{job.pk}/change/")
    widths = watched.page.eval_on_selector_all("img[src$='chart.svg']", "all => all.map(a => a.naturalWidth)")
    assert widths
    assert min(widths) > 100


@pytest.fixture
def model() -> ModelVersion:
    """The model of patterns that ships, of which everything has been measured."""
    row = next(row for row in register_all(timezone.now()) if row.name == PATTERNS.name)
    figures: dict[str, dict[str, Any]] = {
        "drift": {
            "events": 4_321,
            "series": 200,
            "verdict": "warn",
            "worst": [["volatility", 0.1421], ["gap", 0.0811]],
        },
        "recent": recent(row.sha256, timezone.now()),
        "score": scorecard.figures(row.sha256),
    }
    for kind, told in figures.items():
        ModelReport.objects.create(sha256=row.sha256, kind=kind, figures=told, measured_at=timezone.now())
    return row


# In how many lines the texts of an element are; a bold word begins a pixel higher.
LINES = """one => {
    const texts = document.createRange();
    texts.selectNodeContents(one);
    return new Set([...texts.getClientRects()].map((box) => Math.round(box.bottom / 12))).size;
}"""


def test_a_result_tables_first_column_stays_on_one_line(wide: Job, watched: Watched) -> None:
    watched.page.set_viewport_size({"width": 1280, "height": 800})
    watched.visit(f"/admin/jobs/job/{wide.pk}/table/")
    first = watched.page.locator("#main tbody td").first
    assert "stale" in first.inner_text()
    assert first.evaluate(LINES) == 1


def test_a_models_page_draws_its_reliability_as_bright_as_the_page(model: ModelVersion, watched: Watched) -> None:
    watched.visit(f"/admin/forecasts/modelversion/{model.pk}/change/")
    assert watched.page.locator("#reliability circle.bin").count() == 15
    fill = "one => getComputedStyle(one).fill"
    light = watched.page.locator("#reliability text").first.evaluate(fill)
    watched.page.evaluate("document.documentElement.classList.toggle('dark')")
    assert watched.page.locator("#reliability text").first.evaluate(fill) != light
    assert "warn: 4321 events of 200 series" in watched.page.locator("#drift").inner_text()
    watched.page.set_viewport_size({"width": 390, "height": 844})
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert watched.wrong == []


def test_a_script_that_comes_into_a_page_does_not_run(watched: Watched) -> None:
    for path in ("/", "/docs", "/admin/"):
        watched.visit(path)
        watched.wrong.clear()
        watched.page.evaluate(
            """() => {
                const script = document.createElement("script");
                script.textContent = "document.title = 'taken over'";
                document.body.append(script);
            }"""
        )
        watched.page.wait_for_timeout(100)
        assert watched.page.title() != "taken over"
        assert any("Content Security Policy" in one for one in watched.wrong)


def test_what_a_crontab_means_is_said_in_words(watched: Watched) -> None:
    watched.visit("/admin/django_celery_beat/crontabschedule/add/")
    watched.page.get_by_role("button", name="Save", exact=True).click()
    watched.visit("/admin/django_celery_beat/periodictask/add/")
    watched.page.locator("#id_crontab").select_option(index=1)
    watched.page.get_by_text("Every minute").wait_for()
    assert watched.wrong == []


HOSTILE = "<script>window.taken=1</script>\"'><img src=x onerror=window.taken=1>"


@pytest.fixture
def hostile(boss: User, job: Job) -> list[str]:
    """Rows with a script in every name that a client or a machine can choose; the pages that show them."""
    now = timezone.now()
    bars = random_walk(120, symbol=HOSTILE[:40])
    request = JobRequest(analyses=["rsi"], bars=bars, tags=[HOSTILE[:50]])
    made = submit(owner=boss, request=request, now=now, request_id="r" * 64)
    run_chunk(Chunk.objects.get(job=made).pk, worker=HOSTILE, clock=timezone.now)
    told = [{"symbol": HOSTILE, "code": HOSTILE, "detail": HOSTILE}]
    failed = submit(owner=boss, request=JobRequest(analyses=["rsi"], bars=random_walk(60)), now=now)
    Chunk.objects.filter(job=failed).update(state="failed", failures=told)
    Job.objects.filter(pk=failed.pk).update(state="failed", failed_count=1, finished_at=now, end_reason=HOSTILE[:50])
    owner = User.objects.create(username=HOSTILE[:150])
    put_universe(owner=None, name="walks", symbols=["W"], now=now)
    hourly = IntervalSchedule.objects.create(every=1, period="hours")
    scan = Scan.objects.create(owner=owner, name=HOSTILE[:60], universe="walks", analyses=[HOSTILE], interval=hourly)
    run = ScanRun.objects.create(scan=scan, fire_at=now, started_at=now, error=HOSTILE)
    series = store_series(
        owner=None, bars=random_walk(60), symbol="W", timeframe="1d", source=HOSTILE, adjustment="raw", now=now
    )
    create_key(owner=boss, name=HOSTILE[:100], scopes=("read",), now=now)
    model = ModelVersion.objects.create(name=HOSTILE[:64], version="1", sha256="0" * 64, registered_at=now)
    jobs = [f"/admin/jobs/job/{pk}/change/" for pk in (made.pk, failed.pk)]
    lists = ["jobs/job", "jobs/chunk", "jobs/transition", "scans/scan", "scans/scanrun", "market/barseries"]
    lists += ["market/instrument", "accounts/apikey", "forecasts/modelversion", "admin/logentry"]
    return [
        *("/", "/admin/", "/admin/figures/", *jobs, f"/admin/jobs/job/{made.pk}/table/"),
        *(f"/admin/{name}/" for name in lists),
        *(f"/admin/scans/scan/{scan.pk}/change/", f"/admin/scans/scanrun/{run.pk}/change/"),
        *(f"/admin/market/barseries/{series.pk}/change/", f"/admin/market/instrument/{series.instrument_id}/change/"),
        *(f"/admin/forecasts/modelversion/{model.pk}/change/", f"/admin/jobs/job/{made.pk}/chart.svg"),
    ]


def test_names_with_scripts_are_text_on_every_page(hostile: list[str], watched: Watched) -> None:
    for path in hostile:
        watched.visit(path)
        assert watched.page.evaluate("window.taken") is None, path
        assert watched.page.locator("img[src='x']").count() == 0, path
    assert watched.wrong == []


@pytest.fixture
def chunk(wide: Job) -> int:
    """A chunk that names its series with the hash of its bars."""
    return Chunk.objects.get(job=wide).pk


PHONE = {"width": 390, "height": 844}
# Opens what can be opened, and says how wide the page is then.
OPENED = """() => {
    for (const one of document.querySelectorAll("details")) one.open = true;
    return document.documentElement.scrollWidth;
}"""


def test_no_page_is_wider_than_a_phone(hostile: list[str], chunk: int, boss: User, watched: Watched) -> None:
    watched.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    models = [model._meta for model in admin.site._registry]
    lists = [f"/admin/{meta.app_label}/{meta.model_name}/" for meta in models]
    pages = [path for path in hostile if path.endswith("/") and path != "/admin/figures/"]  # which is no page by itself
    wide = {}
    others = ["/admin/accounts/apikey/add/", "/admin/scans/scan/add/", f"/admin/{'nothing' * 20}/"]
    user = f"/admin/auth/user/{boss.pk}/change/"
    others += ["/admin/django_celery_beat/periodictask/add/", user, f"/admin/jobs/chunk/{chunk}/change/"]
    for path in dict.fromkeys([*pages, *lists, *others]):
        watched.visit(path)
        found = watched.page.evaluate(OPENED)
        if found > PHONE["width"]:
            wide[path] = found
    assert wide == {}
    watched.page.set_viewport_size({"width": 1280, "height": 800})
    watched.visit(user)  # with two lists of groups beside each other
    assert watched.page.evaluate(OPENED) <= 1280


def test_a_new_key_is_whole_on_a_phone(watched: Watched) -> None:
    watched.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    watched.visit("/admin/accounts/apikey/add/")
    watched.page.fill("#id_name", "n" * 100)
    watched.page.get_by_role("button", name="Make the key").click()
    watched.page.locator("#key").wait_for()
    assert watched.page.evaluate(OPENED) <= PHONE["width"]
    for box in watched.page.locator("pre").all():
        assert box.evaluate("one => one.scrollWidth <= one.clientWidth"), "all of it is seen without pushing it about"
    assert watched.wrong == []
