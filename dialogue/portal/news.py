"""What is new: the turns in the life of chantiers, read in the register through the chantiers that a reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier
from dialogue.ledger.models import Entry

#: The acts that make news. Their subject is the chantier; steps back and small corrections are not news.
HEADLINES: Mapping[str, str | Promise] = {
    "chantiers.open": _("Le chantier est ouvert"),
    "chantiers.launch": _("La première séance est convoquée"),
    "chantiers.adopt_roadmap": _("La feuille de route est arrêtée"),
    "chantiers.deliver": _("Le livrable est publié"),
    "chantiers.record_tabling": _("Des propositions partent au vote de l’assemblée"),
    "chantiers.record_pact_entry": _("Une proposition est inscrite au pacte"),
    "chantiers.complete": _("Les travaux sont achevés"),
    "chantiers.evaluate": _("L’évaluation est terminée"),
    "chantiers.suspend": _("Le groupe fait une pause"),
    "chantiers.resume": _("Le groupe reprend ses travaux"),
    "chantiers.abandon": _("Le chantier est arrêté"),
}


@dataclass(frozen=True)
class News:
    pk: int
    at: datetime
    headline: str | Promise
    chantier: Chantier


def latest(chantiers: Iterable[Chantier], limit: int) -> list[News]:
    """The last turns of these chantiers, newest first (1 query). Give only chantiers that the reader may see."""
    by_pk = {chantier.pk: chantier for chantier in chantiers}
    rows = Entry.objects.filter(act__in=list(HEADLINES), thing_type=Chantier._meta.label_lower, thing_id__in=list(by_pk))
    return [
        News(pk, at, HEADLINES[act], by_pk[thing_id])
        for pk, at, act, thing_id in rows.order_by("-at", "-pk").values_list("pk", "at", "act", "thing_id")[:limit]
    ]
