"""Pods of the API are replaced one after another, and no client that asks meanwhile notices."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gravity.local import processes
from gravity.local.environment import LocalSystem, Ports, environment, prepare_folders
from gravity.local.process_spec import ProcessSpec
from gravity.local.startup import PREPARE_SECONDS
from gravity.local.supervisor import Supervisor
from tests.chart.render import get
from tests.rolling.balancer import Balancer
from tests.rolling.clients import Crowd
from tests.rolling.pods import Service, path

REPLICAS = 2
FOLLOWERS = 6
UNTIL_KILLED_SECONDS = 5 + 20  # the hook's, and those that docker/start.sh gives a server
OF_THIS_SYSTEM = (
    *("SECRET_KEY", "JWT_SECRET", "DATABASE_URL", "BROKER_URL", "CACHE_URL"),
    *("DATA_DIR", "HEARTBEAT_DIR", "STATIC_ROOT"),
)
# No worker of the first part takes from its queue.
SHORT = {"universe": "demo", "timeframe": "1d", "analyses": ["rsi"], "output": 1}
LONG = {"universe": "demo", "timeframe": "1d", "analyses": ["all"], "output": 1}


def told(local: LocalSystem) -> dict[str, str]:
    """Return what the chart tells a pod, with this system's stores, folders and secrets."""
    chart: dict[str, str] = get("production", "ConfigMap", "technical-analysis-config")["data"]
    whole = environment(local)
    here = {name: whole[name] for name in OF_THIS_SYSTEM}
    limits = {"REQUESTS_PER_MINUTE": "0"}
    return {"HOME": str(local.data), "PATH": path(), **chart, **here, **limits}


@contextmanager
def stores(local: LocalSystem) -> Iterator[Supervisor]:
    """Run broker, cache and one worker for small jobs on a database with the demo's data."""
    prepare_folders(local)
    with Supervisor(local.data / "logs") as supervisor:
        for part in processes.stores(local):
            supervisor.start(part)
        supervisor.complete(processes.prepare(local), PREPARE_SECONDS)
        supervisor.start(worker(local, "interactive"))
        yield supervisor


def worker(local: LocalSystem, queue: str) -> ProcessSpec:
    return ProcessSpec(f"worker-{queue}", ("sh", "docker/start.sh", "worker", queue), told(local))


def test_no_request_fails_while_every_pod_is_replaced(tmp_path: Path) -> None:
    local = LocalSystem(tmp_path / "system", Ports.free(), {})
    with stores(local) as supervisor, Balancer().serving() as balancer:
        service = Service(tmp_path, told(local), supervisor, balancer)
        for _ in range(REPLICAS):
            service.start()
        crowd = Crowd(balancer.address, local.key_file.read_text().strip())
        with crowd.client() as http:
            crowd.done, crowd.long = (http.post("/api/v1/jobs", json=asked).json() for asked in (SHORT, LONG))
            assert http.get(crowd.done["links"]["self"], params={"wait": 60}).json()["state"] == "succeeded"
        with crowd.asking(pollers=8, waiters=6, followers=FOLLOWERS, submitters=2):
            service.replace_all()
            supervisor.start(worker(local, crowd.long["queue"]))
        assert crowd.failures == [], "\n".join(crowd.failures)
        assert balancer.refused == 0
        # Each stream was told to go on elsewhere at least once, and has seen the job's end.
        assert crowd.closed >= FOLLOWERS
        assert crowd.counts["follow"] == FOLLOWERS
        assert min(crowd.counts[kind] for kind in ("poll", "wait", "submit")) > 0
        # Nothing but the hook's own wait holds a pod up: its server was not killed.
        assert max(service.ended) < UNTIL_KILLED_SECONDS
