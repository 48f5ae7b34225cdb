"""Filters of the admin's lists: what can be chosen is written here, for asking a million rows for it takes a second."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from jobs.states import State


class StateFilter(admin.SimpleListFilter):
    """Choose one state; the addresses are `?state=failed`."""

    title = "state"
    parameter_name = "state"
    states: tuple[State, ...] = tuple(State)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return what can be chosen."""
        return [(str(state), str(state)) for state in self.states]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        """Return the rows in the state chosen; all for none, and for a word that is no state."""
        chosen = self.value()
        return queryset.filter(state=chosen) if chosen in self.states else queryset


class OpenStateFilter(StateFilter):
    """Of chunks only those that are not over: each of these states has an index, those that are over have none."""

    states = (State.ACCEPTED, State.QUEUED, State.RUNNING)
