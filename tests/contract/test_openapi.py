"""The live server against its own document: whatever is sent, no 5xx, and every answer is one that the document names.

CONTRACT_EXAMPLES says how many requests are made of each operation; `make contract` asks for many, at random.
"""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks as openapi

from accounts.services.keys import create_key
from tests.api.server import served

GIVEN = os.environ.get("CONTRACT_EXAMPLES")
CHECKS = (
    schemathesis.checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_headers_conformance,
    openapi.response_schema_conformance,
)
# Short streams and long-polls, and no limit but the requests' own.
CHANGES = {"EVENTS_MAX_SECONDS": "1", "WAIT_MAX_SECONDS": "1", "REQUESTS_PER_MINUTE": "0", "LOGIN_FAILURES": "0"}
SEARCH = settings(
    max_examples=int(GIVEN or 10),
    deadline=None,
    database=None,
    derandomize=GIVEN is None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.timeout(900)  # forty seconds of a core, behind whole systems
@pytest.mark.django_db(transaction=True)
def test_every_answer_is_in_the_document(
    tmp_path: Path, owner: AbstractUser, walks: list[str], broker: Any, cache: Any
) -> None:
    document = schemathesis.openapi.from_path(Path(django_settings.BASE_DIR) / "docs" / "openapi.yaml")
    key = create_key(owner=owner, name="contract", scopes=("read", "submit"), now=timezone.now()).text
    cases: Counter[str] = Counter()
    failures: dict[str, str] = {}
    with served(tmp_path, **CHANGES) as address:
        for result in document.get_all_operations():
            operation = result.ok()

            def ask(case: Any) -> None:
                cases[case.operation.label] += 1
                case.call_and_validate(
                    base_url=address, headers={"Authorization": f"Api-Key {key}"}, checks=list(CHECKS), timeout=60
                )

            for mode in GenerationMode:
                try:
                    SEARCH(given(case=operation.as_strategy(generation_mode=mode))(ask))()
                except Unsatisfiable:
                    pass  # nothing about it can be wrong
                except BaseExceptionGroup as group:
                    failures[operation.label] = "\n".join(map(str, group.exceptions))
                except Exception as error:
                    failures[operation.label] = str(error)
    print(f"{sum(cases.values())} cases of {len(cases)} operations, {len(failures)} with a failure")
    assert len(cases) >= 35
    assert not failures, "\n\n".join(f"{label}:\n{text[:1500]}" for label, text in failures.items())
