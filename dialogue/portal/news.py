"""What is new: the turns in the life of chantiers, read in the register through the chantiers that a reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier
from dialogue.ledger.models import Entry
from dialogue.logbook.models import Edition
from dialogue.logbook.stages import OUT as EDITION_OUT
from dialogue.meetings.models import Minutes
from dialogue.meetings.stages import OUT
from dialogue.people.stages import Circle
from dialogue.ui.dates import ordinal

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


#: News of a meeting: published minutes that everyone may read.
PUBLICATION = "meetings.publish"
#: News of the whole process: a carnet de voyage.
CARNET = "logbook.publish_edition"


@dataclass(frozen=True)
class News:
    """`url`: the page that the headline speaks of. `title`: of what is new, when it is no chantier."""

    pk: int
    at: datetime
    headline: str | Promise
    chantier: Chantier | None
    url: str
    title: str = ""


def latest(chantiers: Iterable[Chantier], limit: int) -> list[News]:
    """The last turns of these chantiers, newest first (1 query). Give only chantiers that the reader may see."""
    by_pk = {chantier.pk: chantier for chantier in chantiers}
    minutes = Minutes.objects.filter(chantier__in=list(by_pk), stage__in=OUT, circle=Circle.PUBLIC)
    turns = Q(act__in=list(HEADLINES), thing_type=Chantier._meta.label_lower, thing_id__in=list(by_pk))
    published = Q(act=PUBLICATION, thing_type=Minutes._meta.label_lower, thing_id__in=minutes.values("pk"))
    of_entry = Minutes.objects.filter(pk=OuterRef("thing_id")).order_by()
    carnets = Q(act=CARNET, thing_type=Edition._meta.label_lower)
    carnet = Edition.objects.filter(pk=OuterRef("thing_id"), stage__in=EDITION_OUT).order_by()
    rows = Entry.objects.filter(turns | published | carnets).annotate(
        meeting=Subquery(of_entry.values("meeting__number")), group=Subquery(of_entry.values("chantier")),
        slug=Subquery(carnet.values("slug")), title=Subquery(carnet.values("title")),
    )  # fmt: skip
    found = rows.order_by("-at", "-pk").values_list("pk", "at", "act", "thing_id", "meeting", "group", "slug", "title")[:limit]
    return [_carnet(*row[:2], *row[-2:]) if row[2] == CARNET else _news(*row[:6], by_pk=by_pk) for row in found]


def _carnet(pk: int, at: datetime, slug: str, title: str) -> News:
    return News(pk, at, _("Un carnet de voyage est publié"), None, reverse("logbook:edition", args=[slug]), title)


def _news(pk: int, at: datetime, act: str, thing: int, number: int, group: int, *, by_pk: Mapping[int, Chantier]) -> News:
    if act != PUBLICATION:
        return News(pk, at, HEADLINES[act], by_pk[thing], by_pk[thing].get_absolute_url())
    headline = _("Le compte-rendu de la {number} séance est publié")
    told = format_lazy(headline, number=ordinal(number, feminine=True))
    return News(pk, at, told, by_pk[group], reverse("meetings:minutes", args=[by_pk[group].slug, number]))
