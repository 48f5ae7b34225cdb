"""Messages to look at, and the one thing staff may do: have them sent again."""

from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display

from accounts.read_only import ReadOnly
from notifications.models import Message
from notifications.services.replay import send_again

STATE_COLOURS = {"pending": "info", "delivered": "success", "dead": "danger"}


@admin.register(Message)
class MessageAdmin(ReadOnly, ModelAdmin):
    """Messages, without the addresses' paths: those may hold a secret of the client's."""

    list_display = ["id", "kind", "subject_id", "host", "state_label", "attempts", "due_at", "delivered_at"]
    list_filter = ["state", "kind", "created_at"]
    search_fields = ["subject_id__exact", "owner__username__exact"]
    show_full_result_count = False
    ordering = ["-created_at"]
    fields = readonly_fields = [
        *("id", "owner", "kind", "subject_id", "channel", "host"),
        *("state", "attempts", "log", "created_at", "due_at", "delivered_at"),
    ]
    actions = ["send_again"]

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
