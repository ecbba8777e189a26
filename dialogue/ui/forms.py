"""How forms are drawn: the markup of the design, and the browser's own date and time fields."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.formats import get_format

#: widget template → (type of the HTML field, setting with the formats Django writes, format of HTML)
NATIVE = {
    "django/forms/widgets/date.html": ("date", "DATE_INPUT_FORMATS", "%Y-%m-%d"),
    "django/forms/widgets/time.html": ("time", "TIME_INPUT_FORMATS", "%H:%M"),
    "django/forms/widgets/datetime.html": ("datetime-local", "DATETIME_INPUT_FORMATS", "%Y-%m-%dT%H:%M"),
}


def html_value(written: str, formats: list[str], html_format: str) -> str:
    """`written` in one of `formats`, as HTML wants it; kept as it is when it is no date, so that nothing typed is lost."""
    for known in formats:
        try:
            return datetime.strptime(written, known).strftime(html_format)  # noqa: DTZ007 (a form's value has no zone)
        except ValueError:
            continue
    return written


class Renderer(TemplatesSetting):
    """Draws fields with the templates of this room (`templates/django/forms/`), found before Django's own."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name in NATIVE:
            kind, setting, html_format = NATIVE[template_name]
            widget = context["widget"]
            widget["type"] = kind
            if widget["value"]:
                widget["value"] = html_value(str(widget["value"]), get_format(setting), html_format)
        return super().render(template_name, context, request)


class ManyRowsField(forms.ModelMultipleChoiceField):
    """Several rows of a list; a number that no database column could hold is no choice, rather than an error of SQLite."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError as error:
            shown = {"value": value[0] if value else ""}
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params=shown) from error
