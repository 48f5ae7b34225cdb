"""Who calls, in the admin: users, who can be signed out; API keys, seen without their hash, revoked, never made or
changed here; and the audit log, to read.
"""

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.models import ApiKey
from accounts.read_only import ReadOnly
from accounts.services.credentials import sign_out_everywhere
from accounts.services.keys import revoke

# Their pages would show refresh tokens, with which anyone who reads them could act as their users.
admin.site.unregister([OutstandingToken, BlacklistedToken, User])


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Django's own page of users, and an action that ends what they have logged in by."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    actions = ("sign_out",)

    @admin.action(description="Sign out everywhere", permissions=["change"])
    def sign_out(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """End the tokens and sessions of the selected users."""
        users = list(queryset)
        for user in users:
            sign_out_everywhere(user)
            self.log_change(request, user, "Signed out everywhere.")
        messages.success(request, f"{len(users)} user{'s' if len(users) != 1 else ''} signed out.")


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly, ModelAdmin):
    """List keys and revoke them. A new one is made by a command, which shows the secret to its owner only.

    A revoked key stays as a record.
    """

    list_display = ("name", "prefix", "owner", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
    list_filter = ("revoked_at", "expires_at")
    search_fields = ("name", "prefix", "owner__username")
    list_select_related = ("owner",)
    ordering = ("-created_at",)
    fields = readonly_fields = list_display
    actions = ("revoke_keys",)

    @admin.action(description="Revoke the selected keys", permissions=["revoke"])
    def revoke_keys(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """Revoke the selected keys at once."""
        keys = list(queryset.filter(revoked_at__isnull=True))
        count = revoke([key.pk for key in keys], now=timezone.now())
        for key in keys:
            self.log_change(request, key, "Revoked.")
        messages.success(request, f"{count} key{'s' if count != 1 else ''} revoked.")

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Tell whether this user may revoke keys."""
        return request.user.has_perm("accounts.change_apikey")


@admin.register(LogEntry)
class AuditLogAdmin(ReadOnly, ModelAdmin):
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
