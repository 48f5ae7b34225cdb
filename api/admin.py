"""API keys in the admin: seen without their hash, revoked, never made or changed here."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from unfold.admin import ModelAdmin

from api.keys import revoke
from api.models import ApiKey

# Their pages would show refresh tokens, with which whoever reads them could act as their users.
admin.site.unregister([OutstandingToken, BlacklistedToken])


@admin.register(ApiKey)
class ApiKeyAdmin(ModelAdmin):
    """List keys and revoke them. A new one is made by a command, which shows the secret to its owner only."""

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
        return request.user.has_perm("api.change_apikey")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: the admin would have to show a secret."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """Refuse: a key is revoked, not changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """Refuse: a revoked key stays as a record."""
        return False
