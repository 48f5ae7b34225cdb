"""The lookup `among`: a column's value is one of many, and all of them are one parameter of one statement.

Django's `in` makes a placeholder of every value. A connection to SQLite keeps its last 128 statements, each with what
was bound to it, and lists of thousands of symbols, each of another length, made those a megabyte each.
"""

from typing import Any

import orjson
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignObject, Lookup
from django.db.models.sql.compiler import SQLCompiler


@ForeignObject.register_lookup  # which leaves out a field's own
@Field.register_lookup
class Among(Lookup):
    """`column__among=values`, of text and whole numbers; of no values, none is."""

    lookup_name = "among"

    def get_prep_lookup(self) -> list[Any]:
        """Return the values as the column has them."""
        return [self.lhs.output_field.get_prep_value(value) for value in self.rhs]

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the condition with a list in JSON."""
        column, parameters = self.process_lhs(compiler, connection)
        sql = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 (a name of our models)
        return sql, (*parameters, orjson.dumps(self.rhs).decode())

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the condition with an array."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::{self.lhs.output_field.cast_db_type(connection)}[])", (*parameters, self.rhs)
