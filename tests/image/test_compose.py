"""compose.yaml: every process of the system, the settings it reads, files that are there, no secret in clear."""

import re
from typing import Any

import yaml

from jobs.queues import QUEUES
from ops.heartbeats import KINDS
from tests.chart.render import containers, pods
from tests.chart.test_configuration import READ, SECRET, STARTED
from tests.chart.tools import ROOT, run

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PROGRAM = {name: one for name, one in SERVICES.items() if str(one["image"]).startswith("gravity-technical-analysis:")}
PROMETHEUS = yaml.safe_load((ROOT / "monitoring" / "prometheus.yml").read_text())
EXAMPLE = ROOT / "docker" / "compose.env.example"


def queues_of(service: dict[str, Any]) -> list[str]:
    """Return the queues that a worker takes."""
    command = service.get("command", [])
    return command[3].split(",") if command[2:3] == ["worker"] else []


def test_every_process_is_there() -> None:
    started = [one["command"][2] for one in PROGRAM.values() if one.get("command", [""])[0] == "sh"]
    # The image's own is the API; the others are started when the migration has ended, and need not wait for it.
    assert {*started, "api", "wait"} == set(
        re.findall(r"^    (\w+)\)$", (ROOT / "docker" / "start.sh").read_text(), re.M)
    )
    assert "command" not in PROGRAM["api"]  # the image's own
    served = [queue for one in PROGRAM.values() for queue in queues_of(one)]
    assert sorted(served) == sorted(QUEUES)


def test_the_program_reads_what_it_is_told() -> None:
    for name, one in PROGRAM.items():
        assert set(one["environment"]) <= READ | STARTED, name
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        probe = one.get("healthcheck", {}).get("test", [])
        assert not probe or (probe[:3] == ["CMD", "sh", "/app/docker/probe.sh"] and probe[3] in KINDS)


def test_secrets_are_asked_for_and_never_given() -> None:
    asked = set(re.findall(r"\$\{(\w+):\?", (ROOT / "compose.yaml").read_text()))
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#")]
    assert asked <= {line.rstrip("=") for line in lines}
    assert all(line.endswith("=") for line in lines)
    for name, one in SERVICES.items():
        for key, value in one.get("environment", {}).items():
            # The broker's and the cache's addresses have no password here.
            if key in SECRET - {"BROKER_URL", "CACHE_URL"} or "PASSWORD" in key:
                assert "${" in value, f"{name}: {key}"


def test_ports_are_open_on_this_machine_alone() -> None:
    assert [
        port for one in SERVICES.values() for port in one.get("ports", []) if not port.startswith("127.0.0.1:")
    ] == []


def test_clients_come_through_a_front_that_receives_whole_requests() -> None:
    from django.conf import settings

    published = {port.rpartition(":")[2]: name for name, one in SERVICES.items() for port in one.get("ports", [])}
    assert published["8080"] == "front"
    assert "8000" not in published
    assert SERVICES["front"]["volumes"] == ["./docker/nginx.conf:/etc/nginx/nginx.conf:ro"]
    lines = re.findall(r"^ *(\w+) ([^;{\n]+);", (ROOT / "docker" / "nginx.conf").read_text(), re.M)
    said = {name: value for name, value in lines if name != "proxy_set_header"}
    assert said["listen"] == "8080"
    assert said["proxy_pass"] == "http://api:8000"
    assert (said["proxy_request_buffering"], said["proxy_buffering"]) == ("on", "off")
    assert said["client_max_body_size"] == f"{settings.BODY_MAX_BYTES >> 20}m"
    assert int(said["client_body_timeout"].removesuffix("s")) <= 10
    assert int(said["proxy_read_timeout"].removesuffix("s")) > settings.WAIT_MAX_SECONDS
    # It adds what it sees to what clients say of themselves, and the API believes as many as it is told of.
    assert ("proxy_set_header", "X-Forwarded-For $proxy_add_x_forwarded_for") in lines
    assert SERVICES["api"]["environment"]["TRUSTED_PROXIES"] == "${TRUSTED_PROXIES:-1}"


def test_the_servers_are_the_charts() -> None:
    chart = {container["image"] for pod in pods("trial").values() for container in containers(pod)}
    for name in ("postgres", "broker", "cache"):
        assert f"docker.io/library/{SERVICES[name]['image']}" in chart


def test_the_files_that_are_mounted_are_there() -> None:
    for name, one in SERVICES.items():
        for volume in one.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in COMPOSE["volumes"] if source[0] != "." else (ROOT / source).exists(), name


def test_what_waits_waits_for_what_is_there() -> None:
    for name, one in SERVICES.items():
        assert set(one.get("depends_on", {})) <= set(SERVICES), name
        for other, how in one.get("depends_on", {}).items():
            assert how["condition"] != "service_healthy" or "healthcheck" in SERVICES[other]


def test_prometheus_scrapes_every_process_that_has_metrics() -> None:
    done = run("promtool", "check", "config", "--syntax-only", "monitoring/prometheus.yml")
    assert done.returncode == 0, done.stderr
    found, workers = set(), {}
    for job in PROMETHEUS["scrape_configs"]:
        for group in job["static_configs"]:
            (target,) = group["targets"]
            found.add(target)
            if group["labels"]["component"] == "worker":
                workers[group["labels"]["worker"]] = target
    ports = {"worker": "9101", "beat": "9101", "api": "8000"}
    expected = {f"{name}:{ports[name.split('-')[0]]}" for name in PROGRAM if name.split("-")[0] in ports}
    assert found == expected
    assert workers == {queue: f"{name}:9101" for name, one in PROGRAM.items() for queue in queues_of(one)}
