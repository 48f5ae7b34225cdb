"""The steps of `make adopt` on a cluster: the guide's files in the guide's order, by commands that there are."""

import re

import pytest

from scripts.adopt_on_cluster import KEYS, applied, taken_over
from tests.chart.test_manifests import GUIDE, OURS, read
from tests.chart.tools import ROOT, run
from tests.deployment.kubectl import VERBS, parse


def steps() -> list[tuple[str, tuple[str, ...], bool]]:
    lives = [step for helm in ("helm", "helm3") for step in taken_over(helm, monitoring=True)]
    return [*applied(monitoring=True), *lives]


def test_every_file_of_the_guide_is_applied_in_its_order() -> None:
    files = [words[2].rpartition("/")[2].removesuffix(".yaml") for _, words, _ in applied(True) if words[0] == "apply"]
    assert [one for one in files if one in GUIDE] == [one for one in GUIDE if one != "secret"]
    assert set(files) == set(GUIDE) - {"secret"} | set(OURS)
    (secret,) = read("secret.yaml")
    assert set(KEYS) == set(secret["stringData"])


def test_every_command_has_the_flags_that_it_is_given() -> None:
    for program, words, _ in steps():
        if program == "kubectl":
            verb = next(verb for verb in VERBS if " ".join(words).startswith(f"{verb} "))
            parse(verb, words[len(verb.split()) :])
        else:
            known = run(program, words[0], "--help").stdout
            given = [word for word in words if word.startswith("--")]
            assert [word for word in given if not re.search(rf"(?<![\w-]){word}\b", known)] == [], words


@pytest.mark.parametrize("helm", ["helm", "helm3"])
def test_helm_4_is_to_find_what_helm_3_undoes(helm: str) -> None:
    life = list(taken_over(helm, monitoring=False))
    by_hand = [n for n, (program, _, _) in enumerate(life) if program == "kubectl"]
    assert len(by_hand) == 2
    for n in by_hand:
        assert life[n + 1][2] is (helm == "helm3")
        assert ("--force-conflicts" in life[n + 2][1]) is (helm == "helm")
    assert all((ROOT / word).exists() for _, words, _ in life for word in words if word.endswith("production.yaml"))
