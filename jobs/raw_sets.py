"""Rows found by many keys in plain SQL, on whichever database Django is connected to: all keys are one parameter.

Django makes a placeholder of every key. With hundreds of keys and a dozen statements a transaction, building and
quoting those took longer than the database did.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import orjson
from django.db import connection, connections
from django.db.models import ForeignKey, Model

from jobs.raw_sql import column, field_of, quoted


class Keys(str):
    """Many keys of one kind as a statement's parameter: made once where several statements have the same."""


def keys_of(model: type[Model], name: str, keys: Collection[Any]) -> Keys:
    """Return keys, of the kind that this column has, as a parameter."""
    kind, here = field_of(model, name), connections[connection.alias]
    if here.vendor == "postgresql":
        return Keys(f"{{{','.join(map(str, keys))}}}")
    while isinstance(kind, ForeignKey):
        kind = kind.target_field
    return Keys(orjson.dumps([kind.get_db_prep_value(key, here) for key in keys]).decode())


def any_of(model: type[Model], name: str, keys: Collection[Any]) -> tuple[str, str]:
    """Return the condition of rows whose key, own or foreign, is one of these, and its one parameter."""
    field = field_of(model, name)
    parameter = keys if isinstance(keys, Keys) else keys_of(model, name, keys)
    if connection.vendor == "postgresql":
        return f"{column(field)} = ANY(%s::{field.db_type(connection)}[])", parameter
    return f"{column(field)} IN (SELECT value FROM json_each(%s))", parameter  # noqa: S608 (a name of our models)


def delete(model: type[Model], name: str, keys: Collection[Any], *returned: str) -> list[tuple[Any, ...]]:
    """Delete the rows whose key is one of these, and return these columns of them as the database has them."""
    condition, parameter = any_of(model, name, keys)
    columns = ", ".join(column(field_of(model, one)) for one in returned)
    sql = f"DELETE FROM {quoted(model._meta.db_table)} WHERE {condition}"  # noqa: S608 (names of our models)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {columns}" if returned else sql, [parameter])
        return cursor.fetchall() if returned else []


def prepared(rows: Iterable[Model]) -> list[Any]:
    """Return rows as insert() takes them: what can be done before a transaction keeps no other writer waiting."""
    here = connections[connection.alias]  # asked for once: it is each thread's own, and looked up every time
    if here.vendor == "postgresql":
        return [{field.column: getattr(row, field.attname) for field in row._meta.concrete_fields} for row in rows]
    return [
        [field.get_db_prep_save(getattr(row, field.attname), here) for field in row._meta.concrete_fields]
        for row in rows
    ]


def insert(model: type[Model], rows: Sequence[Any]) -> None:
    """Insert many rows of a model that have their keys and are prepared(); no signal is sent."""
    if not rows:
        return
    fields = model._meta.concrete_fields
    columns = ", ".join(column(field) for field in fields)
    statement = f"INSERT INTO {quoted(model._meta.db_table)} ({columns})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One document: arrays, which Django would send, have every quote of every JSON value escaped again.
            typed = ", ".join(f"{column(field)} {field.db_type(connection)}" for field in fields)
            sql = f"{statement} SELECT {columns} FROM jsonb_to_recordset(%s::jsonb) AS given ({typed})"  # noqa: S608 (as above)
            cursor.execute(sql, [orjson.dumps(rows).decode()])
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"{statement} VALUES ({marks})", rows)
