"""Pages of the admin over tables that grow without bound: a list ends where nobody reads on, and no address has it read
the whole table: not `?all=`, not a column to order by, not a condition that the page does not offer.
"""

from functools import cached_property
from typing import Any

from django.contrib.admin import ShowFacets
from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from unfold.views import ChangeList

# No list goes further: who looks for an older row knows more of it than this. A hundred pages of a hundred.
MOST_LISTED = 10_000
# What filters add to the name of the field that they are of.
OPERATORS = frozenset({"", "exact", "id__exact", "isnull", "gte", "lt"})


class ShortPaginator(Paginator):  # type: ignore[type-arg]  # Django's own takes no [Job]
    """A paginator that ends where nobody reads on: counting a million rows takes longer than showing a hundred."""

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, at most as many as are listed."""
        rows: Any = self.object_list
        return int(rows[:MOST_LISTED].count())  # in its order, which is an index's

    def page(self, number: int | str) -> "Page[Any]":
        """Return a page whose place is found among ids alone: an index has them, and only what is shown is read."""
        number = self.validate_number(number)
        begin = (number - 1) * self.per_page
        rows: Any = self.object_list
        ids = list(rows.values_list("pk", flat=True)[begin : min(begin + self.per_page, self.count)])
        shown = rows.all()
        # Which rows they are is said by their ids alone: beside a second list of ids PostgreSQL reads the whole table.
        shown.query.clear_where()
        return Page(shown.filter(pk__in=ids), number, self)


class ShortChangeList(ChangeList):  # type: ignore[misc]
    """A list that is ordered by no column but those that the page lets be clicked, whatever the address says."""

    sortable_by: Any
    query: str
    has_active_filters: bool
    result_count: int
    full_result_count: int | None

    def get_results(self, request: HttpRequest) -> None:
        """Read the page; a list that nothing narrows is all there is, and is not offered to be shown whole."""
        super().get_results(request)
        if not self.query and not self.has_active_filters:
            self.full_result_count = self.result_count

    def get_ordering_field(self, field_name: str) -> Any:
        """Return what a column is ordered by; None where it is not to be."""
        return super().get_ordering_field(field_name) if field_name in self.sortable_by else None


class ShortList:
    """For an admin of many rows, with `ordering` by an index."""

    change_list_template = "accounts/short_list.html"
    paginator = ShortPaginator
    show_full_result_count = False
    list_max_show_all = 0
    show_facets = ShowFacets.NEVER
    sortable_by: list[str] = []
    list_filter: Any

    def get_changelist(self, request: HttpRequest, **_: Any) -> Any:
        """Return the class of the list."""
        return ShortChangeList

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Tell whether an address may ask for this condition: only what the page's filters offer."""
        field, _, operator = lookup.partition("__")
        offered = {one if isinstance(one, str) else one.parameter_name for one in self.list_filter}
        return field in offered and operator in OPERATORS
