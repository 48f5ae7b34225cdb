"""Single rows written in plain SQL, on whichever database Django is connected to.

A small job costs a dozen of these, and Django's query builder takes several times as long over each as the database.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model

# Of more rows the building is no longer what takes the time, and Django knows how to cut them into statements.
FEW = 20


def update(model: type[Model], guard: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Set plain values on the rows whose columns equal those of the guard; return how many there were."""
    given, kept = _prepared(model, values), _prepared(model, guard)
    assigned = ", ".join(f"{column} = %s" for column in given)
    equal = " AND ".join(f"{column} = %s" for column in kept)
    sql = f"UPDATE {_quoted(model._meta.db_table)} SET {assigned} WHERE {equal}"  # noqa: S608 (names of our models)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*given.values(), *kept.values()])
        return int(cursor.rowcount)


def insert(rows: Sequence[Model]) -> None:
    """Insert rows of one model and give those their key that the database numbers; no signal is sent."""
    if not rows:
        return
    model = type(rows[0])
    if len(rows) > FEW:
        model._default_manager.bulk_create(rows, batch_size=500)
        return
    key, fields, statement = _insertion(model)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields]
    one = f"({', '.join(['%s'] * len(fields))})"
    sql = f"{statement} VALUES {', '.join([one] * len(rows))}"
    with connection.cursor() as cursor:
        if key is None:
            cursor.execute(sql, values)
        else:
            cursor.execute(f"{sql} RETURNING {key}", values)
            for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = pk
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@cache
def _insertion(model: type[Model]) -> tuple[str | None, list["Field[Any, Any]"], str]:
    """Return the column of a key that the database gives, the fields to write, and the statement up to its values."""
    fields = list(model._meta.concrete_fields)
    key = model._meta.auto_field
    if key is not None:
        fields.remove(key)
    columns = ", ".join(_column(field) for field in fields)
    statement = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns})"
    return None if key is None else _column(key), fields, statement


def _prepared(model: type[Model], values: Mapping[str, Any]) -> dict[str, Any]:
    prepared = {}
    for name, value in values.items():
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        if not isinstance(field, Field):
            raise TypeError(f"{name} is not a column.")
        plain = value.pk if isinstance(value, Model) else value
        prepared[_column(field)] = field.get_db_prep_save(plain, connection)
    return prepared


def _column(field: "Field[Any, Any]") -> str:
    return _quoted(str(field.column))


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
