"""Models to look at, with their cards; staff promote one, or go back to the one before."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.forms import ActionForm

from accounts.read_only import ReadOnly
from accounts.short_lists import ShortList
from forecasts.errors import RegistryError
from forecasts.fallbacks import WORSE, detail, in_force
from forecasts.model_page import page_of
from forecasts.models import KeptPrediction, ModelVersion
from forecasts.selectors import examination
from forecasts.served import is_served
from forecasts.services.deleting import delete_candidate
from forecasts.services.falling_back import lift
from forecasts.services.registry import MOST_REASON, promote, roll_back
from forecasts.services.shadowing import put_in_shadow, take_out_of_shadow
from forecasts.stored_cards import stored_card


class ReasonedActionForm(ActionForm):
    """The choice of an action, and why a model is served that is not shown to be better."""

    reason = forms.CharField(
        label="",
        required=False,
        max_length=MOST_REASON,
        widget=forms.TextInput(
            {
                "placeholder": "Reason, where it is not shown to be better",
                "aria-label": "Reason",
                "class": "bg-white/20 px-2 py-1 rounded-default sm:w-96 placeholder:text-white/70",
                "x-show": "['promote_model', 'lift_fallback'].includes(action)",
            }
        ),
    )


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnly, ModelAdmin):
    list_display = [
        "name",
        "version",
        "is_served",
        "status",
        "files",
        "examined",
        "owner",
        "registered_at",
        "promoted_at",
        "retired_at",
    ]
    list_filter = ["name", "status"]
    ordering = ["name", "-registered_at"]
    readonly_fields = ["is_served", "files", "examined"]
    change_form_outer_before_template = "forecasts/model_head.html"
    change_form_outer_after_template = "forecasts/model_card.html"
    action_form = ReasonedActionForm
    actions = [
        "promote_model",
        "roll_back_model",
        "put_model_in_shadow",
        "take_model_out_of_shadow",
        "lift_fallback",
        "delete_candidates",
    ]

    @display(description="Served", boolean=True)
    def is_served(self, row: ModelVersion) -> bool:
        return is_served(row)

    @display(description="Files")
    def files(self, row: ModelVersion) -> str:
        try:
            found = stored_card(row.name, row.version)
        except ValueError:  # no name that a folder could have
            found = None
        if found is None:
            return "away"
        return "as registered" if found.sha256 == row.sha256 else "others than were registered"

    @display(description="When last read")
    def examined(self, row: ModelVersion) -> str:
        seen = examination(row.name, row.version)
        if seen is None or seen.sha256 != row.sha256:
            return "not read yet"
        if seen.code:
            return f"{seen.code}: {seen.detail}"
        fallback = in_force(row.sha256)
        return "sound" if fallback is None else f"sound, but {WORSE}. {detail(fallback)}"

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the model's page, how it does on top."""
        extra = kwargs.pop("extra_context", None) or {}
        row = self.get_object(request, object_id)
        if row is not None and self.has_view_permission(request, row):
            extra["model"] = page_of(row)
        answer: HttpResponse = super().change_view(request, object_id, *args, extra_context=extra, **kwargs)
        return answer

    @admin.action(description="Serve the selected model", permissions=["act"])
    def promote_model(self, request: HttpRequest, rows: Any) -> None:
        reason, now = request.POST.get("reason", ""), timezone.now()
        self._on_one(request, rows, lambda row, who: promote(row.pk, actor=who, now=now, reason=reason), "is served.")

    @admin.action(description="Go back to the model before the selected one", permissions=["act"])
    def roll_back_model(self, request: HttpRequest, rows: Any) -> None:
        self._on_one(
            request, rows, lambda row, who: roll_back(row.name, actor=who, now=timezone.now()), "is served again."
        )

    @admin.action(description="Put the selected model in shadow", permissions=["act"])
    def put_model_in_shadow(self, request: HttpRequest, rows: Any) -> None:
        self._on_one(
            request, rows, lambda row, who: put_in_shadow(row.pk, actor=who, now=timezone.now()), "is in shadow."
        )

    @admin.action(description="Take the selected model out of shadow", permissions=["act"])
    def take_model_out_of_shadow(self, request: HttpRequest, rows: Any) -> None:
        self._on_one(request, rows, lambda row, who: take_out_of_shadow(row.pk, actor=who), "is out of shadow.")

    @admin.action(description="Let the selected model answer again after its fallback", permissions=["act"])
    def lift_fallback(self, request: HttpRequest, rows: Any) -> None:
        reason, now = request.POST.get("reason", ""), timezone.now()
        self._on_one(request, rows, lambda row, who: lift(row.pk, actor=who, now=now, reason=reason), "answers again.")

    @admin.action(description="Delete the selected candidates, with their files", permissions=["remove"])
    def delete_candidates(self, request: HttpRequest, rows: Any) -> None:
        who: Any = request.user
        gone, now = [], timezone.now()
        for row in list(rows):
            try:
                gone.append(delete_candidate(row.pk, actor=who, now=now))
            except RegistryError as refused:
                self.message_user(request, refused.detail, messages.WARNING)
        if gone:
            self.message_user(request, f"Deleted: {', '.join(gone)}.", messages.SUCCESS)

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("forecasts.change_modelversion")

    def has_remove_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("forecasts.delete_modelversion")

    def _on_one(self, request: HttpRequest, rows: Any, act: Any, done: str) -> None:
        chosen = list(rows)
        if len(chosen) != 1:
            self.message_user(request, "Choose one model.", messages.WARNING)
            return
        try:
            now = act(chosen[0], request.user)
        except RegistryError as refused:
            self.message_user(request, refused.detail, messages.WARNING)
        else:
            self.message_user(request, f"{now or 'What the settings name'} {done}", messages.SUCCESS)


class ModelFilter(admin.SimpleListFilter):
    """Choose a model; which there are is known without asking the predictions."""

    title = "model"
    parameter_name = "model"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return what can be chosen."""
        return [(str(row), str(row)) for row in ModelVersion.objects.order_by("name", "-registered_at")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Return the predictions of the model chosen, all for none."""
        return queryset.filter(model=self.value()) if self.value() else queryset


@admin.register(KeptPrediction)
class KeptPredictionAdmin(ShortList, ReadOnly, ModelAdmin):
    list_display = ["symbol", "timeframe", "name", "served_at", "p_target", "chance_target", "result", "r", "model"]
    list_filter = ["result", ModelFilter]
    search_fields = ["symbol"]  # that there is a field to type into
    search_help_text = "A symbol, or a pattern"
    ordering = ["-served_at"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Return what the text means, looked up in one index: predictions of a symbol, or of a pattern."""
        text = search_term.strip().replace("\0", "")
        if not text:
            return queryset, False
        of_symbol = queryset.filter(symbol=text)
        return (of_symbol if of_symbol.exists() else queryset.filter(name=text)), False
