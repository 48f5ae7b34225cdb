"""Pods of the API as the kubelet keeps them: the chart's command, environment and hooks, run on this machine."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2

from gravity.local.ports import free_ports
from gravity.local.process_spec import ProcessSpec
from gravity.local.supervisor import Supervisor
from tests.chart.render import get
from tests.chart.tools import ROOT
from tests.rolling.balancer import LOOPBACK, Balancer

# How long it takes until every node has heard that a pod is about to end. Longer than usual, and less than preStop.
HEARD_SECONDS = 1.0
DEPLOYMENT = get("production", "Deployment", "technical-analysis")["spec"]["template"]["spec"]
(CONTAINER,) = DEPLOYMENT["containers"]


class Pod:
    """One pod of the API: started, ready, told to end."""

    def __init__(self, name: str, folder: Path, told: Mapping[str, str], supervisor: Supervisor) -> None:
        folder.mkdir()
        (self.port,) = free_ports(1)
        self._name, self._supervisor, self.log = name, supervisor, supervisor.log(name)
        own = {one["name"]: one["value"] for one in CONTAINER["env"] if "value" in one}
        places = {"TMPDIR": str(folder), "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics")}
        places["DRAIN_FILE"] = str(folder / "draining")
        self._env = {**told, **own, **places, "API_PORT": str(self.port)}
        self._process = supervisor.start(ProcessSpec(name, _here(CONTAINER["command"]), self._env))

    def is_ready(self) -> bool:
        """Ask as the readiness probe does."""
        asked: dict[str, Any] = CONTAINER["readinessProbe"]
        assert self._process.poll() is None, self.log.read_text()
        try:
            path = asked["httpGet"]["path"]
            return httpx2.get(f"http://{LOOPBACK}:{self.port}{path}", timeout=asked["timeoutSeconds"]).is_success
        except httpx2.TransportError:
            return False

    def wait_until_ready(self) -> None:
        """Return when it is ready."""
        until = time.monotonic() + 60
        while not self.is_ready():
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)

    def end(self) -> float:
        """Run the hook, send SIGTERM, and SIGKILL when the grace period is over; return the seconds it took."""
        began = time.monotonic()
        subprocess.run(_here(CONTAINER["lifecycle"]["preStop"]["exec"]["command"]), cwd=ROOT, env=self._env, check=True)
        left = DEPLOYMENT["terminationGracePeriodSeconds"] - (time.monotonic() - began)
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(left)
        self._supervisor.kill(self._name)
        return time.monotonic() - began


class Service:
    """The pods of the Deployment and the endpoints of its Service."""

    def __init__(self, folder: Path, told: Mapping[str, str], supervisor: Supervisor, balancer: Balancer) -> None:
        self._folder, self._told, self._supervisor, self._balancer = folder, told, supervisor, balancer
        self.pods: list[Pod] = []
        self.ended: list[float] = []
        self._made = 0

    def start(self) -> None:
        """Start one more, and send it connections once it is ready."""
        self._made += 1
        name = f"pod{self._made}"
        pod = Pod(name, self._folder / name, self._told, self._supervisor)
        self.pods.append(pod)
        pod.wait_until_ready()
        self._balancer.add(pod.port)

    def end_oldest(self) -> None:
        """Take the oldest out: the endpoints hear of it while the hook runs already."""
        pod = self.pods[0]
        hearing = threading.Timer(HEARD_SECONDS, self._balancer.remove, (pod.port,))
        hearing.start()
        self.ended.append(pod.end())
        hearing.join()
        self.pods.remove(pod)

    def replace_all(self) -> None:
        """Replace each by another, one after the other: maxSurge 1, maxUnavailable 0."""
        for _ in range(len(self.pods)):
            self.start()
            self.end_oldest()


def _here(command: list[str]) -> tuple[str, ...]:
    """Return a command of the chart with the paths of this tree."""
    return tuple(word.replace("/app/", f"{ROOT}/") for word in command)


def path() -> str:
    """Return a PATH on which this interpreter's programs come first."""
    return f"{Path(sys.executable).parent}:{os.environ['PATH']}"
