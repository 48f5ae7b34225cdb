"""Old and new processes share the database during an upgrade, so a release only adds, and takes away what none reads.

A migration after the baseline may add tables, nullable columns and columns with a database default, and indexes. What
renames, removes or tightens breaks the processes of the release before, which go on reading and writing meanwhile.
"""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.models import NOT_PROVIDED

from tests.architecture.contract import ROOT

# The first release: nothing older can be running beside these.
BASELINE = {
    "accounts": "",  # younger: all that it has is held to the rule
    "api": "0001_initial",
    "forecasts": "",  # came later, too
    "jobs": "0004_callbacks",
    "market": "0001_initial",
    "notifications": "",  # came later: everything in it runs beside older processes
    "ops": "",  # came later, too
    "scans": "0001_initial",
}
# Taking away what the release before no longer reads: (app, migration), with the reason beside it.
CONTRACTS: dict[tuple[str, str], str] = {
    # An index: nobody names it, and job_state_newest finds the same rows for all who ask.
    ("jobs", "0015_without_job_open"): "job_open",
}
# Values of a column that no release before writes: a constraint on rows with one is on none of theirs.
YOUNG_VALUES = {"status": "shadow"}
ADDING = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.RunPython,
)


def faults(operations: Iterable[Any]) -> list[str]:
    """Return what in these operations the release before would not survive."""
    found = []
    operations = list(operations)
    new = {one.name: one.field.db_default for one in operations if isinstance(one, migrations.AddField)}
    for operation in operations:
        if isinstance(operation, migrations.AddField):
            field: models.Field[Any, Any] = operation.field
            if not (field.null or field.db_default is not NOT_PROVIDED or field.many_to_many):
                found.append(f"{operation.name}: old processes insert rows without it; null or db_default")
        elif isinstance(operation, migrations.AddConstraint) and _only_of_rows_marked_by(new, operation.constraint):
            continue
        elif isinstance(operation, migrations.SeparateDatabaseAndState):
            found += faults(operation.database_operations)
        elif not isinstance(operation, ADDING):
            found.append(f"{type(operation).__name__} {getattr(operation, 'name', '')}: not while old processes run")
    return found


def _only_of_rows_marked_by(new: dict[str, Any], constraint: models.BaseConstraint) -> bool:
    """Tell whether a constraint is on no row of the release before: all that it is on have a young value, or a new
    column set, otherwise than the database sets it where nobody says anything.
    """
    condition = constraint.condition if isinstance(constraint, models.UniqueConstraint) else None
    if condition is None or condition.negated or condition.connector != models.Q.AND:
        return False
    said = dict(child for child in condition.children if isinstance(child, tuple))
    is_young = any(said.get(name) == value for name, value in YOUNG_VALUES.items())
    return is_young or any(name in said and said[name] not in (None, default) for name, default in new.items())


def later_migrations() -> list[tuple[str, str]]:
    """Return the migrations of our own apps after the baseline."""
    found = []
    for app, baseline in BASELINE.items():
        folder = import_module(f"{apps.get_app_config(app).name}.migrations")
        names = sorted(path.stem for path in Path(folder.__path__[0]).glob("[0-9]*.py"))
        assert any(name.startswith(baseline) for name in names), f"{app}: there is no {baseline}"
        found += [(app, name) for name in names if name[:4] > baseline[:4]]
    return found


def test_every_app_of_ours_is_held_to_the_rule() -> None:
    ours = [app for app in apps.get_app_configs() if Path(app.path).parent == ROOT]
    assert {app.label for app in ours if (Path(app.path) / "migrations").is_dir()} == set(BASELINE)


def test_releases_only_add() -> None:
    for app, name in later_migrations():
        if (app, name) in CONTRACTS:
            continue
        migration = import_module(f"{app}.migrations.{name}").Migration
        assert not faults(migration.operations), f"{app}.{name}"


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("job", "reused"),
        migrations.RenameField("job", "reused", "again"),
        migrations.DeleteModel("Job"),
        migrations.AlterField("job", "queue", models.CharField(max_length=5)),
        migrations.AddField("job", "weight", models.IntegerField(default=1)),
        migrations.AddConstraint("job", models.UniqueConstraint(fields=["queue"], name="once")),
        migrations.RunSQL("DROP TABLE jobs_job"),
    ],
)
def test_what_breaks_the_release_before_is_found(operation: Any) -> None:
    assert faults([operation])


@pytest.mark.parametrize(("kind", "breaks"), [("new", False), ("old", True)])
def test_a_constraint_is_fine_on_rows_that_the_release_before_does_not_write(kind: str, breaks: bool) -> None:
    field = migrations.AddField("job", "kind", models.CharField(max_length=5, db_default="old"))
    constraint = models.UniqueConstraint(fields=["owner"], condition=models.Q(kind=kind, state="queued"), name="once")
    assert bool(faults([field, migrations.AddConstraint("job", constraint)])) is breaks


def test_what_adds_is_fine() -> None:
    assert not faults(
        [
            migrations.AddField("job", "weight", models.IntegerField(null=True)),
            migrations.AddField("job", "weight", models.IntegerField(db_default=1)),
            migrations.AddIndex("job", models.Index(fields=["queue"], name="by_queue")),
        ]
    )
