"""The form in which staff make an API key."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.models import ApiKey, Scope

DAYS = (("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("", "for ever"))


class KeyForm(forms.Form):
    """What a new key is for, what it may do, and until when; whose it is, only superusers choose."""

    name = forms.CharField(
        max_length=ApiKey._meta.get_field("name").max_length,
        help_text="What uses it.",
        widget=UnfoldAdminTextInputWidget,
    )
    owner = forms.ModelChoiceField(get_user_model()._default_manager.none(), widget=UnfoldAdminSelectWidget)
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        initial=[Scope.READ, Scope.SUBMIT],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="read: GET; submit: jobs and series; admin: both, other keys, and for staff everybody's jobs.",
    )
    days = forms.ChoiceField(choices=DAYS, required=False, label="Valid for", widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users = get_user_model()._default_manager.filter(is_active=True).order_by("username")
        # A key of somebody else's may do what they may do.
        owner: Any = self.fields["owner"]
        owner.queryset = users if user.is_superuser else users.filter(pk=user.pk)
        owner.initial = user.pk

    def expires_at(self, now: datetime) -> datetime | None:
        """Return until when the key is valid; None for ever."""
        days: str = self.cleaned_data["days"]
        return now + timedelta(days=int(days)) if days else None
