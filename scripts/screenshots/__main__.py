"""Photograph the pages of a running system into docs/images, to be looked at before they are committed.

    make screenshots
    python -m scripts.screenshots --only home admin-home

A system of its own is started in a temporary folder, as `make run` does, and is given something to show. Needs Debian's
chromium. Each picture shows real answers; names of workers and times differ from run to run.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from gravity.local.demo_job import run_demo_job
from gravity.local.environment import LocalSystem, Ports
from gravity.local.errors import Fault
from gravity.local.startup import running, say, throwaway_folder
from scripts.screenshots.content import Content

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
DESK, PHONE = (1280, 800), (390, 844)


@dataclass(frozen=True)
class Shot:
    """A picture: the file's name, the page, and how it is looked at."""

    name: str
    path: str
    size: tuple[int, int] = DESK
    dark: bool = False


def shots(content: Content, run: str, series: str, model: str) -> list[Shot]:
    """Return all pictures of a system with this content."""
    job = "/admin/jobs/job/{}/change/".format
    pages = {
        "home": "/",
        "admin-home": "/admin/",
        "job-list": "/admin/jobs/job/",
        "failed-job": job(content.failed),
        "large-job": job(content.large),
        "partial-job": job(content.partial),
        "result-table": f"/admin/jobs/job/{content.charts['oscillators']}/table/",
        "scan": "/admin/scans/scan/1/change/",
        "scan-run": run,
        "model": model,
        "series": series,
        "key": "/admin/accounts/apikey/add/",
    }
    light = [Shot(name, path) for name, path in pages.items()]
    dark = [Shot(f"{name}-dark", pages[name], dark=True) for name in ("home", "admin-home", "failed-job", "scan")]
    phone = [
        Shot(f"{name}-phone", pages[name], PHONE) for name in ("home", "admin-home", "job-list", "failed-job", "scan")
    ]
    drawn = [
        Shot(f"chart-{name}", f"/admin/jobs/job/{pk}/chart.svg", (960, 640)) for name, pk in content.charts.items()
    ]
    return [*light, *dark, *phone, *drawn]


@contextmanager
def looking(browser: Browser, shot: Shot, state: object = None, **options: object) -> Iterator[BrowserContext]:
    """Open the browser as the picture is looked at."""
    width, height = shot.size
    scheme = "dark" if shot.dark else "light"
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        storage_state=state,
        **options,  # type: ignore[arg-type]
    )
    yield context
    context.close()


def take(context: BrowserContext, address: str, shot: Shot) -> None:
    """Photograph one page."""
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    picture = FOLDER / f"{shot.name}.png"
    if shot.path.endswith(".svg"):
        page.locator("svg").first.screenshot(path=picture)  # however high it is
    else:
        page.screenshot(path=picture)
    wide = page.evaluate("document.documentElement.scrollWidth")
    note = f", {wide} px wide" if wide > shot.size[0] else ""
    say(f"{shot.name}.png {picture.stat().st_size // 1000} kB{note}")


def photograph(system: LocalSystem, content: Content, only: set[str]) -> None:
    """Take all pictures, or only those named."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with looking(browser, Shot("login", "")) as context:
            page = context.new_page()
            page.goto(f"{system.api}/admin/")
            page.fill("#id_username", "admin")
            page.fill("#id_password", system.password_file.read_text().strip())
            page.click("button[type=submit]")
            page.goto(f"{system.api}/admin/scans/scanrun/")
            run = str(page.locator("#result_list a[href*='/scanrun/']").first.get_attribute("href"))
            page.goto(f"{system.api}/admin/market/barseries/?q=AAPL")
            series = str(page.locator("#result_list a[href*='/barseries/']").first.get_attribute("href"))
            page.goto(f"{system.api}/admin/forecasts/modelversion/")
            models = page.locator("#result_list a[href*='/modelversion/']")
            model = str(models.first.get_attribute("href")) if models.count() else "/admin/forecasts/modelversion/"
            state = context.storage_state()
        for shot in shots(content, run, series, model):
            if not only or shot.name in only:
                with looking(browser, shot, state) as context:
                    take(context, f"{system.api}{shot.path}", shot)
        user, _, password = system.flower_account.partition(":")
        for name in ("tasks", "broker"):
            shot = Shot(f"flower-{name}", name)
            if not only or shot.name in only:
                with looking(browser, shot, http_credentials={"username": user, "password": password}) as context:
                    take(context, f"{system.flower}{name}", shot)
        browser.close()


def main() -> int:
    """Start a system, fill it, photograph it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", default=[], help="names of pictures, without .png")
    only = set(parser.parse_args().only)
    if shutil.which("chromium") is None:
        print("screenshots: chromium was not found: apt install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    try:
        with throwaway_folder("screenshots") as folder:
            system = LocalSystem(folder, Ports.free(), {})
            with running(system) as supervisor:
                run_demo_job(supervisor, system)
                content = Content(system)
                photograph(system, content, only or {"large-job", "job-list"})
                content.finish()
                photograph(system, content, only)
    except Fault as fault:
        print(f"screenshots: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
