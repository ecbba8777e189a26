"""What the templates of the carnet ask."""

from __future__ import annotations

from django import template

from dialogue.logbook.pdf import lines

register = template.Library()


@register.filter
def alineas(text: str | None) -> list[str]:
    """The paragraphs of a plain text, one line each."""
    return lines(text or "")
