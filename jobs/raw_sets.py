"""Rows found by many keys in plain SQL, on whichever database Django is connected to: all keys are one parameter.

Django makes a placeholder of every key. With hundreds of keys and a dozen statements a transaction, building and
quoting those took longer than the database did.
"""

from collections.abc import Collection, Sequence
from typing import Any

import orjson
from django.db import connection
from django.db.models import Model

from jobs.raw_sql import column, field_of, quoted


def any_of(model: type[Model], name: str, keys: Collection[Any]) -> tuple[str, str]:
    """Return the condition of rows whose key, own or foreign, is one of these, and its one parameter."""
    field = field_of(model, name)
    if connection.vendor == "postgresql":
        return f"{column(field)} = ANY(%s::{field.db_type(connection)}[])", f"{{{','.join(map(str, keys))}}}"
    prepared = [field.get_db_prep_value(key, connection) for key in keys]
    condition = f"{column(field)} IN (SELECT value FROM json_each(%s))"  # noqa: S608 (a name of our models)
    return condition, orjson.dumps(prepared).decode()


def delete(model: type[Model], name: str, keys: Collection[Any], *returned: str) -> list[tuple[Any, ...]]:
    """Delete the rows whose key is one of these, and return these columns of them as the database has them."""
    condition, parameter = any_of(model, name, keys)
    columns = ", ".join(column(field_of(model, one)) for one in returned)
    sql = f"DELETE FROM {quoted(model._meta.db_table)} WHERE {condition}"  # noqa: S608 (names of our models)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {columns}" if returned else sql, [parameter])
        return cursor.fetchall() if returned else []


def insert(rows: Sequence[Model]) -> None:
    """Insert many rows of one model that have their keys; no signal is sent."""
    if not rows:
        return
    model = type(rows[0])
    fields = model._meta.concrete_fields
    columns = ", ".join(column(field) for field in fields)
    statement = f"INSERT INTO {quoted(model._meta.db_table)} ({columns})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One document: arrays, which Django would send, have every quote of every JSON value escaped again.
            typed = ", ".join(f"{column(field)} {field.db_type(connection)}" for field in fields)
            records = [{field.column: getattr(row, field.attname) for field in fields} for row in rows]
            sql = f"{statement} SELECT {columns} FROM jsonb_to_recordset(%s::jsonb) AS given ({typed})"  # noqa: S608 (as above)
            cursor.execute(sql, [orjson.dumps(records).decode()])
        else:
            marks = ", ".join(["%s"] * len(fields))
            values = [
                [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows
            ]
            cursor.executemany(f"{statement} VALUES ({marks})", values)
