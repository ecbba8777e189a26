"""The figures of governance that an edition may carry: gathered from whoever computes them, then corrected by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier, Member
from dialogue.chantiers.stages import Stage
from dialogue.meetings.models import Attendance, Decision, Meeting
from dialogue.meetings.stages import PAST, Presence
from dialogue.people.stages import Circle
from dialogue.ui.dates import thousands


@dataclass(frozen=True)
class Figure:
    """`value` as it is printed."""

    value: str
    title: str
    source: str


#: `(year) -> list[Figure]`, in the order in which they are shown (docs/adr/0011). A room that computes them better takes the
#: place of `of_the_groups`.
sources: list[Callable[[int], list[Figure]]] = []


def governance_figures(year: int) -> list[Figure]:
    return [figure for source in sources for figure in source(year)]


def of_the_groups(year: int) -> list[Figure]:
    """What the rooms below count of a year, of the chantiers that everybody may read (6 queries)."""
    chantiers = Chantier.objects.filter(circle=Circle.PUBLIC).exclude(stage=Stage.PROPOSED)
    chantiers = chantiers.filter(opened_on__year__lte=year)
    meetings = Meeting.objects.filter(chantier__in=chantiers.values("pk"), stage__in=PAST, starts_at__year=year)
    came = Attendance.objects.filter(meeting__in=meetings.values("pk"), presence=Presence.PRESENT)
    source = _("compté par la plateforme, année %(year)d") % {"year": year}
    territories = chantiers.order_by().values("territories").distinct().count()
    members = Member.objects.filter(chantier__in=chantiers.values("pk"), since__year__lte=year)
    told = [
        (chantiers.count(), _("groupes de travail, dans %(n)d territoires") % {"n": territories}),
        (members.order_by().values("organisation").distinct().count(), _("organismes membres d’un groupe")),
        (meetings.count(), _("séances tenues")),
        (came.count(), _("présences d’organismes en séance")),
        (Decision.objects.filter(meeting__in=meetings.values("pk")).count(), _("décisions prises par les groupes")),
    ]
    return [Figure(thousands(number), title, source) for number, title in told if number]


sources.append(of_the_groups)
