"""On a cluster of one's own: apply k8s/*.yaml, let Helm take it over, change something by hand, and upgrade.

It makes the namespace tech-analysis-prod, refuses to begin where there is one, and deletes it at the end. Pods need not
start: what is asked is whether the server takes what it is sent.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping

from scripts.write_manifests import FOLDER, NAMESPACE
from tests.chart.tools import CHART, ROOT, need

CRDS = "prometheusrules.monitoring.coreos.com"
FILES = (
    "namespace",
    "rbac",
    "redis",
    "configmap",
    "networkpolicy",
    "deployment",
    "service",
    "ingress",
    "hpa",
    "backup",
)
KEYS = ("SECRET_KEY", "JWT_SECRET", "DATABASE_URL", "FLOWER_BASIC_AUTH")
BY_HAND = (
    ("patch", "hpa", "technical-analysis-hpa", "--patch", '{"spec": {"minReplicas": 10}}'),
    ("set", "image", "deployment", "-l", "app=technical-analysis", "*=example.org/another:v1"),
)
# A step: the program, what it is told, and whether it is to succeed.
Step = tuple[str, tuple[str, ...], bool]


def applied(monitoring: bool) -> Iterator[Step]:
    """Yield what the guide applies, in its order."""
    files = (*FILES, "monitoring") if monitoring else FILES
    for name in files[:3]:
        yield "kubectl", ("apply", "-f", str(FOLDER / f"{name}.yaml")), True
    literals = (f"--from-literal={key}={'x' * 40}" for key in KEYS)
    yield "kubectl", ("create", "secret", "generic", "technical-analysis-secret", *literals, "-n", NAMESPACE), True
    for name in files[3:]:
        yield "kubectl", ("apply", "-f", str(FOLDER / f"{name}.yaml")), True


def taken_over(helm: str, monitoring: bool) -> Iterator[Step]:
    """Yield the life of a release with one of the two Helms: Helm 4 finds a change by hand, Helm 3 undoes it."""
    values = ("--values", str(CHART / "values-production.yaml"), "--set", f"monitoring.enabled={monitoring}".lower())
    release = ("technical-analysis", str(CHART), "--namespace", NAMESPACE, *values)
    finds = helm == "helm"
    force = ("--force-conflicts",) if finds else ()
    yield helm, ("install", *release), True
    yield helm, ("upgrade", *release, "--set", "api.autoscaling.minReplicas=4"), True
    for change in BY_HAND:
        yield "kubectl", (*change, "-n", NAMESPACE), True
        yield helm, ("upgrade", *release), not finds
        yield helm, ("upgrade", *release, *force), True
    yield helm, ("rollback", "technical-analysis", "1", "--namespace", NAMESPACE, *force), True
    yield helm, ("uninstall", "technical-analysis", "--namespace", NAMESPACE), True


def _run(program: str, words: tuple[str, ...], environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [need(program), *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )


def _end(environment: Mapping[str, str]) -> None:
    _run("kubectl", ("delete", "namespace", NAMESPACE, "--wait=true", "--timeout=240s"), environment)


def main() -> int:
    """Print each step with what came of it; return how many ended otherwise than they should."""
    environment = {**os.environ, "HELM_NO_PLUGINS": "1"}
    if _run("kubectl", ("get", "namespace", NAMESPACE), environment).returncode == 0:
        sys.exit(f"adopt: there is a namespace {NAMESPACE} already; this is for a cluster that has none")
    monitoring = _run("kubectl", ("get", "crd", CRDS), environment).returncode == 0
    wrong = 0
    for helm in ("helm", "helm3"):
        try:
            for program, words, succeeds in (*applied(monitoring), *taken_over(helm, monitoring)):
                done = _run(program, words, environment)
                as_expected = (done.returncode == 0) == succeeds
                wrong += not as_expected
                told = "" if as_expected else f"\n    {(done.stderr or done.stdout).strip()}"
                said = shlex.join([program, *words]).replace(f"{ROOT}/", "")
                result = {True: "done", False: "refused"}[done.returncode == 0]
                sys.stdout.write(f"{'ok ' if as_expected else 'BAD'} {result:>8}  {said[:150]}{told}\n")
        finally:
            _end(environment)
    sys.stdout.write(f"{wrong} steps ended otherwise than they should\n")
    return wrong


if __name__ == "__main__":
    sys.exit(main() > 0)
