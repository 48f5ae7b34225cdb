"""The admin's page of drains: to add one has a worker take no more, to delete it lets the worker take again."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.audit import staff_actor
from jobs import clock
from ops import drains
from ops.heartbeats import announced
from ops.models import Drain


class DrainForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """Choose one of the workers that there are."""

    worker = forms.ChoiceField(widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drained = set(Drain.objects.values_list("worker", flat=True))
        self.fields["worker"].choices = [(name, name) for name in sorted(announced("worker")) if name not in drained]  # type: ignore[attr-defined]

    class Meta:
        model = Drain
        fields = ["worker"]


@admin.register(Drain)
class DrainAdmin(ModelAdmin):
    form = DrainForm
    change_list_template = "accounts/short_list.html"
    list_display = ["worker", "standing", "asked_at", "by"]
    list_display_links = None
    ordering = ["worker"]

    @display(description="State")
    def standing(self, row: Drain) -> str:
        return drains.standing(row.worker)

    def has_change_permission(self, request: HttpRequest, obj: Drain | None = None) -> bool:
        """Refuse: there is nothing to change."""
        return False

    def save_model(self, request: HttpRequest, obj: Drain, form: Any, change: bool) -> None:
        row = drains.drain(obj.worker, by=staff_actor(request.user), now=clock.now())
        obj.asked_at, obj.by = row.asked_at, row.by
