"""What other rooms tell of a chantier, for its progress point: results, and what became of its propositions.

The titles are frozen with the point: they are in the language of the site, whoever gathers them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from dialogue.assembly.models import Proposition
from dialogue.chantiers.models import Chantier
from dialogue.deliverables.models import Deliverable

Blocks = dict[int, list[dict[str, Any]]]


def results(chantiers: list[Chantier], reader: Any) -> Blocks:
    """What is published and not replaced (1 query)."""
    rows = Deliverable.objects.visible_to(reader).current().filter(chantier__in=[chantier.pk for chantier in chantiers])
    lines = [(row.chantier_id, row.title, row.get_absolute_url()) for row in rows.order_by("number")]
    with translation.override(settings.LANGUAGE_CODE):
        return _gathered(_("Résultats publiés"), lines)


def propositions(chantiers: list[Chantier], reader: Any) -> Blocks:
    """What the group proposes and where it stands (1 query)."""
    rows = Proposition.objects.visible_to(reader).filter(chantier__in=[chantier.pk for chantier in chantiers])
    with translation.override(settings.LANGUAGE_CODE):
        told = [
            (row.chantier_id, f"{row.title} · {row.get_stage_display()}", row.get_absolute_url()) for row in rows.order_by("number")
        ]
        return _gathered(_("Propositions à l’assemblée"), told)


def _gathered(title: str, lines: list[tuple[int, str, str]]) -> Blocks:
    found: Blocks = {}
    for pk, text, url in lines:
        found.setdefault(pk, [{"title": title, "lines": []}])[0]["lines"].append({"text": text, "url": url})
    return found
