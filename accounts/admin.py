"""Who calls, in the admin: users, who can be signed out, and API keys, made and revoked, seen without their hash."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.audit_admin import AuditLogAdmin as AuditLogAdmin
from accounts.key_form import KeyForm
from accounts.models import ApiKey
from accounts.read_only import ReadOnly
from accounts.services.credentials import sign_out_everywhere
from accounts.services.keys import create_key, revoke

# Their pages would show refresh tokens, with which anyone who reads them could act as their users.
admin.site.unregister([OutstandingToken, BlacklistedToken])
# Registered again below, drawn like the other pages.
admin.site.unregister([User, Group])


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    """Django's own page of groups."""


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
    """List keys, make and revoke them. The text of a new one is in the answer that made it and nowhere else.

    A revoked key stays as a record.
    """

    list_display = ("name", "prefix", "owner", "may", "created_at", "expires_at", "last_used_at", "revoked_at")
    list_filter = ("revoked_at", "expires_at")
    search_fields = ("name", "prefix", "owner__username")
    list_select_related = ("owner",)
    ordering = ("-created_at",)
    fields = readonly_fields = list_display
    actions = ("revoke_keys",)

    @admin.display(description="Scopes")
    def may(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        """Tell whether this user may make keys: their own, and superusers anybody's."""
        return request.user.has_perm("accounts.add_apikey")

    @method_decorator(never_cache)
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask what the key is for, and show it once it is made."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(request.POST or None, user=request.user)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": "Make an API key", "form": form}
        if request.method != "POST" or not form.is_valid():
            return render(request, "accounts/key_form.html", context)
        given, now = form.cleaned_data, timezone.now()
        made = create_key(
            owner=given["owner"],
            name=given["name"],
            scopes=given["scopes"],
            now=now,
            expires_at=form.expires_at(now),
        )
        self.log_addition(request, made.row, "Made.")
        address = request.build_absolute_uri("/").rstrip("/")
        context |= {"key": made.text, "row": made.row, "address": address}
        return render(request, "accounts/key_made.html", context)

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
