"""The lookup `among`: a column's value is one of many, in one of a few statements, however many they are.

Django's `in` makes a placeholder of every value. A connection to SQLite keeps its last 128 statements, each with what
was bound to it, and lists of thousands of symbols, each of another length, made those a megabyte each.
"""

from typing import Any

import orjson
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignObject, Lookup
from django.db.models.sql.compiler import SQLCompiler

# Without statistics SQLite reads no index for a list that a statement makes.
MOST_PLACEHOLDERS = 1_024


@ForeignObject.register_lookup  # which leaves out a field's own
@Field.register_lookup
class Among(Lookup):
    """`column__among=values`, of text and whole numbers; of no values, none is."""

    lookup_name = "among"

    def get_prep_lookup(self) -> list[Any]:
        """Return the values as the column has them."""
        return [self.lhs.output_field.get_prep_value(value) for value in self.rhs]

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the condition with twice as many placeholders as before until they are enough, or a list in JSON."""
        column, parameters = self.process_lhs(compiler, connection)
        if not self.rhs:
            return "1 = 0", ()
        count = 1 << (len(self.rhs) - 1).bit_length()
        if count <= MOST_PLACEHOLDERS:
            values = [*self.rhs, *[self.rhs[-1]] * (count - len(self.rhs))]
            return f"{column} IN ({', '.join(['%s'] * count)})", (*parameters, *values)
        sql = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 (a name of our models)
        return sql, (*parameters, orjson.dumps(self.rhs).decode())

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the condition with an array."""
        column, parameters = self.process_lhs(compiler, connection)
        kind, _, _ = str(self.lhs.output_field.cast_db_type(connection)).partition("(")  # or longer texts would be cut
        return f"{column} = ANY(%s::{kind}[])", (*parameters, self.rhs)
