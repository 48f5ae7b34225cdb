"""Analyses in a form: a line each, completed from the catalogue."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminTextareaWidget

from analysis.catalog import catalog
from analysis.catalog.params import Param
from analysis.language.grammar import HANDED
from analysis.language.handed import handed_params

HELP = (
    "One a line, as in a request: <code>rsi</code>, <code>rsi(21)</code>, <code>mine = ema(50)</code>, "
    "<code>close > mine</code>, <code>candlesticks</code>; or an object: <code>{&quot;group&quot;: "
    "&quot;trend&quot;}</code>."
)


class AnalysesWidget(UnfoldAdminTextareaWidget):  # type: ignore[misc]  # unfold has no types
    """A text with what the catalogue says of the line that is written."""

    template_name = "scans/analyses_widget.html"

    class Media:
        """Load what completes the lines."""

        js = ("scans/analyses.js",)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Return what the widget is drawn with, the catalogue among it."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["known"] = known_words()
        return context


def known_words() -> dict[str, dict[str, str]]:
    """Return by name what is told of what may be written: the catalogue's entries, what models say, and its columns."""
    known = {one.name: {"title": one.title, "call": _call(one.name, one.params)} for one in catalog()}
    for word, said in HANDED.items():
        outputs = " ".join(f".{output}" for output in said.outputs)
        known[word] = {"title": said.title, "call": f"{_call(word, handed_params(word))} with {outputs}"}
        columns = [f"{word}.{output}" for output in said.outputs]
        known |= {column: {"title": said.title, "call": column} for column in columns}
    return known


def _call(name: str, params: Sequence[Param]) -> str:
    return f"{name}({', '.join(f'{one.name}={one.default}' for one in params)})"


class AnalysesField(forms.CharField):
    """Lines in, a list of strings and objects out."""

    widget = AnalysesWidget

    def prepare_value(self, value: Any) -> Any:
        """Return the lines of a stored list; what was typed stays as it is."""
        return lines_of(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the list; a text that is a list already, as a request has it, is taken as one."""
        text = str(value or "").strip()
        if text.startswith("["):
            return _read(text, 'This is not a list such as ["rsi"].')
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return [
            _read(line, f"Line {number} is not an object.") if line.startswith("{") else line
            for number, line in enumerate(lines, 1)
        ]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether the list is another one."""
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True


def lines_of(analyses: list[Any]) -> str:
    """Return stored analyses as they are written, a line each."""
    return "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in analyses)


def _read(text: str, otherwise: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValidationError(otherwise) from None
