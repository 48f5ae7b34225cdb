"""Every command of docs/deployment.md and of the runbooks does what it says, or is seen to be able to."""

import json
import re
from pathlib import Path

import pytest
import yaml
from structlog.testing import LogCapture

from tests.chart.test_schema import check as check_object
from tests.chart.test_schema import versions
from tests.chart.tools import ROOT
from tests.deployment import inside, kubectl, others
from tests.deployment.pages import PAGES, Command, commands

GUIDE = (ROOT / "docs" / "deployment.md").read_text()
COMMANDS = commands()


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_a_command(command: Command, tmp_path: Path) -> None:
    if command.words[0] == "kubectl":
        kubectl.check(command.words)
    else:
        others.check(command.words, tmp_path)


def test_commands_were_found() -> None:
    programs = [command.words[0] for command in COMMANDS]
    assert programs.count("kubectl") > 100
    assert programs.count("helm") > 8
    assert {command.page for command in COMMANDS} >= {page.stem for page in PAGES if page.stem != "README"}


@pytest.mark.parametrize(
    "wrong",
    [
        "kubectl get pods -n elsewhere",
        "kubectl get pods",
        "kubectl get pods -n tech-analysis-prod -l app=nobody",
        "kubectl get pods -n tech-analysis-prod --nonsense",
        "kubectl apply -f k8s/nothing.yaml",
        "kubectl exec -n tech-analysis-prod deploy/nothing -- ls",
        "kubectl exec -n tech-analysis-prod deploy/technical-analysis -- redis-cli ping",
        "kubectl exec -n tech-analysis-prod deploy/technical-analysis -- python manage.py nonsense",
        "kubectl set image deployment/technical-analysis nginx=nginx:1 -n tech-analysis-prod",
        "kubectl delete pods --field-selector=status.nonsense=1 -n tech-analysis-prod",
    ],
)
def test_what_is_wrong_is_found(wrong: str) -> None:
    with pytest.raises((AssertionError, KeyError)):
        kubectl.check(wrong.split())


def test_every_file_of_the_guide_is_applied() -> None:
    applied = set(re.findall(r"kubectl apply -f (k8s/\S+)", GUIDE))
    there = {str(path.relative_to(ROOT)) for path in (ROOT / "k8s").rglob("*.yaml")}
    assert applied == there - {"k8s/kustomization.yaml"}


def test_links_and_targets_exist() -> None:
    for page in PAGES:
        text = page.read_text()
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            assert link.startswith("https://") or (page.parent / link).exists(), f"{page.name}: {link}"
        for name in re.findall(r"`make ([a-z-]+)", text):
            inside.target(name)


def test_every_correction_has_its_reason() -> None:
    table = GUIDE.partition("## Corrections\n")[2]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]
    assert len(rows) > 20
    assert [row for row in rows if len(row) != 3 or not all(row)] == []


def test_the_pod_that_restores_is_valid_and_restricted() -> None:
    pod = yaml.safe_load((ROOT / "k8s" / "restore.yaml").read_text())
    for version in versions():
        check_object(pod, version)
    (container,) = pod["spec"]["containers"]
    assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_a_trial_answers_to_the_name_by_which_the_page_asks_it() -> None:
    (trial,) = [
        one.words for one in COMMANDS if one.words[:2] == ("helm", "install") and "values-trial" in str(one.words)
    ]
    made = others.ran("helm", "template", *(word for word in trial[2:] if word != "--create-namespace"))
    (config,) = [
        one for one in yaml.safe_load_all(made) if one and one["metadata"]["name"] == "technical-analysis-config"
    ]
    assert "localhost" in config["data"]["ALLOWED_HOSTS"].split(",")
    assert "port-forward -n tech-analysis-prod svc/technical-analysis 8000:8000" in GUIDE.split("values-trial.yaml")[1]


def test_workers_are_called_as_the_image_names_them() -> None:
    (name,) = re.findall(r'--hostname "(\S+)"', (ROOT / "docker" / "start.sh").read_text())
    called = name.replace("$2", "<queue>").replace("%h", "<pod-name>")
    assert set(re.findall(r"drain_worker (\S+@[^\s`]+)", GUIDE)) == {called}


def test_the_log_line_has_the_keys_of_a_real_one(client, access_log: LogCapture) -> None:
    shown = json.loads(re.search(r"```json\n(.*?)```", GUIDE, re.DOTALL)[1])
    client.get("/api/v1/nothing")
    (line,) = [one for one in access_log.entries if one["event"] == "request_completed"]
    added = {"level", "logger", "timestamp"}  # by the processors
    assert line.pop("problem") == "not_found"  # only of an answer that is one
    assert set(line) - {"log_level"} | added == set(shown)
