"""What Helm says after an install holds for what was installed; `helm template` leaves it out."""

import re

import pytest

from tests.chart.render import NAMESPACE, VALUES, keys_asked_of_secrets, objects
from tests.chart.tools import CHART, run


def notes(*arguments: str) -> str:
    done = run("helm", "install", "technical-analysis", str(CHART), "-n", NAMESPACE, "--dry-run=client", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.partition("\nNOTES:\n")[2]


@pytest.mark.parametrize("values", VALUES)
def test_every_key_that_the_secret_must_hold_is_listed(values: str) -> None:
    text = notes(*VALUES[values])
    assert "<no value>" not in text
    asked = keys_asked_of_secrets(values)
    listed = re.search(r"must hold (.*)\.$", text, re.MULTILINE)
    made = [one for one in objects(values) if one["kind"] == "Secret"]
    assert (set(listed[1].split(", ")) if listed else set()) == (set() if made else asked)


def test_who_asks_from_outside_is_told_the_address() -> None:
    routed = ("--set", "gateway.enabled=true,gateway.parentRefs[0].name=a,gateway.hostnames={a.example.org}")
    assert "curl https://a.example.org/health" in notes(*routed)
    assert "kubectl port-forward" in notes()
