"""Messages to look at, and the one thing staff may do: have them sent again."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display

from accounts.read_only import ReadOnly
from accounts.selectors import owner_named
from accounts.short_lists import ShortList
from notifications.kinds import known_kinds
from notifications.models import Message
from notifications.services.replay import send_again

STATE_COLOURS = {"pending": "info", "delivered": "success", "dead": "danger"}


class KindFilter(admin.SimpleListFilter):
    """Choose a kind; which there are is known without asking the messages."""

    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return what can be chosen."""
        return [(kind, kind) for kind in known_kinds()]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Message]") -> "QuerySet[Message]":
        """Return the messages of the kind chosen, all for none."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(ShortList, ReadOnly, ModelAdmin):
    """Messages, without the addresses' paths: those may hold a secret of the client's."""

    list_display = ["id", "kind", "subject_id", "host", "state_label", "attempts", "due_at", "delivered_at"]
    list_filter = ["state", KindFilter, "created_at"]
    search_fields = ["subject_id"]  # that there is a field to type into
    search_help_text = "The id of what it is about, or an owner"
    ordering = ["-created_at"]
    fields = readonly_fields = [
        *("id", "owner", "kind", "subject_id", "channel", "host"),
        *("state", "attempts", "log", "created_at", "due_at", "delivered_at"),
    ]
    actions = ["send_again"]

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Message]", search_term: str
    ) -> tuple["QuerySet[Message]", bool]:
        """Return what the text means, looked up in one index: messages about it, or an owner's."""
        text = search_term.strip().replace("\0", "")
        if not text:
            return queryset, False
        about = queryset.filter(subject_id=text)
        return (about if about.exists() else queryset.filter(owner_id=owner_named(text))), False

    @display(description="State", ordering="state", label=STATE_COLOURS)
    def state_label(self, message: Message) -> str:
        return message.state

    @display(description="Host")
    def host(self, message: Message) -> str:
        return urlsplit(message.address).hostname or "–"

    @admin.action(description="Send the selected messages again", permissions=["act"])
    def send_again(self, request: HttpRequest, rows: "QuerySet[Message]") -> None:
        for message in rows:
            send_again(Message.objects.filter(pk=message.pk), now=timezone.now())
            self.log_change(request, message, "To be sent again.")
        self.message_user(request, f"{len(rows)} to be sent.", messages.SUCCESS)

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_message")
