"""Single rows written and read in plain SQL, on whichever database Django is connected to.

A small job costs a dozen of these, and Django's query builder takes several times as long over each as the database. A
statement is put together once from the model's own fields.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Field, ForeignKey, Model

Row = TypeVar("Row", bound=Model)
Converter = Callable[[Any, Any, Any], Any]

# Of more rows the building is no longer what takes the time, and Django knows how to cut them into statements.
FEW = 20


def update(model: type[Model], guard: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Set plain values on the rows whose columns equal those of the guard; return how many there were."""
    given, kept = _prepared(model, values), _prepared(model, guard)
    assigned = ", ".join(f"{column} = %s" for column in given)
    equal = " AND ".join(f"{column} = %s" for column in kept)
    sql = f"UPDATE {quoted(model._meta.db_table)} SET {assigned} WHERE {equal}"  # noqa: S608 (names of our models)
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


def find(model: type[Row], guard: Mapping[str, Any], *joined: str) -> Row | None:
    """Return the row whose columns equal those of the guard, or None; of several, any.

    `joined` are foreign keys to read with it, those beyond them by their path (`job__bars_blob`), nearer ones first.
    """
    statement = _statement(model, tuple(guard), joined)
    values = [
        field.get_db_prep_value(value, connection, prepared=False)
        for field, value in zip(statement.guard, guard.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        try:
            cursor.execute(statement.sql, values)
        except OverflowError:  # larger than any number that SQLite holds
            return None
        found = cursor.fetchone()
    if found is None:
        return None
    first, *others = statement.parts
    row = first.made(found)
    made: dict[str, Model | None] = {"": row}
    for part in others:
        holder = made[part.holder]
        made[part.path] = None if holder is None or found[part.key] is None else part.made(found)
        if holder is not None and part.foreign is not None:
            part.foreign.set_cached_value(holder, made[part.path])
    return row  # type: ignore[return-value]


def keys(model: type[Model], sql: str, parameters: Sequence[Any]) -> list[Any]:
    """Return what a statement finds that selects keys of this model."""
    pk = field_of(model, "pk")
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [pk.to_python(found) for (found,) in cursor.fetchall()]


@cache
def _insertion(model: type[Model]) -> tuple[str | None, list["Field[Any, Any]"], str]:
    """Return the column of a key that the database gives, the fields to write, and the statement up to its values."""
    fields = list(model._meta.concrete_fields)
    key = model._meta.auto_field
    if key is not None:
        fields.remove(key)
    columns = ", ".join(column(field) for field in fields)
    statement = f"INSERT INTO {quoted(model._meta.db_table)} ({columns})"
    return None if key is None else column(key), fields, statement


def _prepared(model: type[Model], values: Mapping[str, Any]) -> dict[str, Any]:
    prepared = {}
    for name, value in values.items():
        field = field_of(model, name)
        plain = value.pk if isinstance(value, Model) else value
        prepared[column(field)] = field.get_db_prep_save(plain, connection)
    return prepared


class _Part(NamedTuple):
    """One table of a statement: where its columns begin among the selected ones, and how each is made a value."""

    model: type[Model]
    path: str
    holder: str
    foreign: "ForeignKey[Any, Any] | None"
    names: list[str]
    begin: int
    key: int
    converters: list[tuple[int, Converter, Any]]

    def made(self, found: tuple[Any, ...]) -> Model:
        values = list(found[self.begin : self.begin + len(self.names)])
        for place, convert, expression in self.converters:
            values[place] = convert(values[place], expression, connection)
        return self.model.from_db(connection.alias, self.names, values)


class _Statement(NamedTuple):
    sql: str
    guard: list["Field[Any, Any]"]
    parts: list[_Part]


@cache
def _statement(model: type[Model], guard: tuple[str, ...], joined: tuple[str, ...]) -> _Statement:
    parts = [_part(model, "", "", None, 0)]
    joins = []
    for path in joined:
        holder, _, name = path.rpartition("__")
        holding = next(place for place, part in enumerate(parts) if part.path == holder)
        foreign = parts[holding].model._meta.get_field(name)
        if not isinstance(foreign, ForeignKey):
            raise TypeError(f"{path} is not a foreign key.")
        target: type[Model] = foreign.remote_field.model
        joins.append(
            f" LEFT JOIN {quoted(target._meta.db_table)} t{len(parts)}"
            f" ON t{len(parts)}.{column(foreign.target_field)} = t{holding}.{column(foreign)}"
        )
        parts.append(_part(target, path, holder, foreign, parts[-1].begin + len(parts[-1].names)))
    columns = ", ".join(
        f"t{place}.{column(field)}" for place, part in enumerate(parts) for field in part.model._meta.concrete_fields
    )
    fields = [field_of(model, name) for name in guard]
    equal = " AND ".join(f"t0.{column(field)} = %s" for field in fields)
    table = quoted(model._meta.db_table)
    sql = f"SELECT {columns} FROM {table} t0{''.join(joins)} WHERE {equal} LIMIT 1"  # noqa: S608 (names of our models)
    return _Statement(sql, fields, parts)


def _part(model: type[Model], path: str, holder: str, foreign: "ForeignKey[Any, Any] | None", begin: int) -> _Part:
    fields = list(model._meta.concrete_fields)
    converters = []
    for place, field in enumerate(fields):
        expression = field.get_col(model._meta.db_table)
        both = [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)]
        converters += [(place, convert, expression) for convert in both]
    key = begin + next(place for place, field in enumerate(fields) if field.primary_key)
    return _Part(model, path, holder, foreign, [field.attname for field in fields], begin, key, converters)


def field_of(model: type[Model], name: str) -> "Field[Any, Any]":
    """Return a field that is a column; `pk` is the key."""
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    if not isinstance(field, Field):
        raise TypeError(f"{name} is not a column.")
    return field


def column(field: "Field[Any, Any]") -> str:
    """Return a column's name as statements have it."""
    return quoted(str(field.column))


def quoted(name: str) -> str:
    """Return the name of a table or column as statements have it."""
    return str(connection.ops.quote_name(name))
