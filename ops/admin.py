"""The audit log: what staff have changed, to read and for nothing else."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from unfold.admin import ModelAdmin


@admin.register(LogEntry)
class AuditLogAdmin(ModelAdmin):
    """Newest first, found by user, by kind of thing, and by its id."""

    list_display = ["action_time", "user", "content_type", "object_repr", "action_flag", "message"]
    list_filter = ["action_flag", "content_type", "action_time"]
    search_fields = ["user__username__exact", "object_id__exact"]
    list_select_related = ["user", "content_type"]
    show_full_result_count = False
    ordering = ["-action_time"]

    @admin.display(description="What")
    def message(self, entry: LogEntry) -> str:
        return entry.get_change_message()

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        return False
