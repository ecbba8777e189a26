"""What to look at before a progress point is frozen: some of it holds the freezing back, the rest is only told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.chantiers.models import Chantier
from dialogue.ledger.clock import local_date
from dialogue.restitution import content, facts, gatherings
from dialogue.restitution.models import Conference, PointLine, PointVersion, ProgressPoint
from dialogue.restitution.stages import STALE_DAYS
from dialogue.territories.models import CalendarDate, Territory
from dialogue.territories.stages import Precision
from dialogue.ui.dates import long_day


@dataclass(frozen=True)
class Check:
    """`anchor`: where on the preparation screen one sets it right."""

    text: str
    anchor: str = ""
    blocks: bool = True


@dataclass
class Review:
    """A point as it stands beside the data of today."""

    lines: list[PointLine]
    missing: list[Chantier]
    changed: dict[int, list[str]] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)

    @property
    def blocking(self) -> list[Check]:
        return [check for check in self.checks if check.blocks]

    @property
    def warnings(self) -> list[Check]:
        return [check for check in self.checks if not check.blocks]

    @property
    def told(self) -> list[PointLine]:
        return [line for line in self.lines if not line.left_out]

    @property
    def ready(self) -> int:
        return sum(1 for line in self.told if line.is_ready and line.done.strip() and line.left.strip())


def review(point: ProgressPoint, *, now: datetime) -> Review:
    """One point (11 queries)."""
    return review_all([point], now=now)[point.pk]


def review_all(points: Sequence[ProgressPoint], *, now: datetime) -> dict[int, Review]:
    """Several points, for the same number of queries: what each says, and what the data say today."""
    territories = [point.territory for point in points]
    chantiers = facts.chantiers_in(territories)
    fresh = facts.gather(chantiers, now=now)
    rows = PointLine.objects.filter(point__in=points).select_related("chantier").order_by("point", "order", "pk")
    by_point: dict[int, list[PointLine]] = {point.pk: [] for point in points}
    for line in rows:
        by_point[line.point_id].append(line)
    found = {}
    dated = {slug: gatherings.one(facts.ANYBODY, slug) for slug in {point.gathering.slug for point in points}}
    for point in points:
        lines = by_point[point.pk]
        for line in lines:
            line.point = point
        here = chantiers_of(chantiers, point.territory)
        missing = [c for c in here if c.pk not in {line.chantier_id for line in lines}]
        made = Review(lines, missing)
        made.changed = {
            line.pk: told
            for line in made.told
            if line.chantier_id in fresh and (told := content.changed((line.data, line.reserved), fresh[line.chantier_id]))
        }
        held = dated[point.gathering.slug].date_in(point.territory_id)
        made.checks = checks_of(point, made, local_date(now), held)
        found[point.pk] = made
    return found


def chantiers_of(chantiers: Iterable[Chantier], territory: Territory) -> list[Chantier]:
    return [chantier for chantier in chantiers if territory in chantier.territories.all()]


def checks_of(point: ProgressPoint, made: Review, today: date, held: CalendarDate | None = None) -> list[Check]:
    """In the order of the screen: what blocks, then what is only told."""
    found = []
    if not point.introduction.strip():
        found.append(Check(_("L’introduction est vide."), "id_introduction"))
    if not made.told:
        found.append(Check(_("Le point ne parle d’aucun chantier."), "actualiser"))
    for chantier in made.missing:
        text = _("Il manque le chantier « %(title)s » : ajoutez-le, ou laissez-le de côté.")
        found.append(Check(text % {"title": chantier.title}, "actualiser"))
    for line in made.told:
        found += _line_checks(line, today)
    for line in made.told:
        if line.pk in made.changed:
            words = {"title": line.chantier.title, "what": ", ".join(made.changed[line.pk])}
            text = _("« %(title)s » : les données ont changé depuis la préparation (%(what)s).") % words
            found.append(Check(text, anchor(line), blocks=False))
    if held and held.precision != Precision.MONTH and (held.ends_on or held.starts_on) < today:
        text = _("Ce rendez-vous a eu lieu le %(day)s : le point dira où en sont les chantiers aujourd’hui, pas ce jour-là.")
        found.append(Check(text % {"day": long_day(held.starts_on)}, blocks=False))
    waiting = len(made.told) - made.ready
    if waiting:
        text = ngettext(
            "%(n)d chantier n’est pas marqué comme relu.", "%(n)d chantiers ne sont pas marqués comme relus.", waiting
        )
        found.append(Check(text % {"n": waiting}, blocks=False))
    return sorted(found, key=lambda check: not check.blocks)


def anchor(line: PointLine) -> str:
    return f"chantier-{line.chantier.number}"


def _line_checks(line: PointLine, today: date) -> list[Check]:
    title, found = line.chantier.title, []
    empty = [name for name, text in ((_("ce qui est fait"), line.done), (_("ce qui reste"), line.left)) if not text.strip()]
    if line.calls_partners and not line.call.strip():
        empty.append(_("l’appel à partenaires"))
    if empty:
        text = _("« %(title)s » : à écrire, %(what)s.") % {"title": title, "what": ", ".join(empty)}
        found.append(Check(text, anchor(line)))
    weather = line.facts.get("weather")
    age = (today - date.fromisoformat(weather["on"])).days if weather else None
    if weather is None and line.facts.get("is_joinable"):
        found.append(Check(_("« %(title)s » : aucune météo n’a été donnée.") % {"title": title}, anchor(line), blocks=False))
    elif age is not None and age > STALE_DAYS and line.facts.get("is_joinable"):
        text = _("« %(title)s » : la météo a %(n)d jours.") % {"title": title, "n": age}
        found.append(Check(text, anchor(line), blocks=False))
    return found


# Guards of acts --------------------------------------------------------------------------------------------------------


def nothing_blocks(point: ProgressPoint, *, by: Any, now: datetime) -> str | None:
    """What must be set right first, in one sentence each."""
    found = review(point, now=now).blocking
    return " ".join(check.text for check in found) or None


def conference_checks(conference: Conference, versions: Sequence[PointVersion], territories: Sequence[Territory]) -> list[Check]:
    found = []
    if not conference.introduction.strip():
        found.append(Check(_("L’introduction est vide."), "id_introduction"))
    if not versions:
        found.append(Check(_("Aucun territoire n’a de point d’étape publié."), "territoires"))
    there = {version.point.territory_id for version in versions}
    for territory in territories:
        if territory.pk not in there:
            text = _("%(territory)s n’a pas de point d’étape publié : la conférence n’en parlera pas.")
            found.append(Check(text % {"territory": territory.name}, "territoires", blocks=False))
    if content.figures() != conference.figures:
        found.append(Check(_("Les chiffres de l’ensemble ont changé depuis qu’ils ont été comptés."), "chiffres", blocks=False))
    return found


def published_points() -> list[PointVersion]:
    """Of each territory the version published last (1 query)."""
    rows = PointVersion.objects.filter(published_at__isnull=False).select_related("point__territory")
    return content.latest_points(rows)


def conference_is_whole(conference: Conference, *, by: Any, now: datetime) -> str | None:
    found = [check for check in conference_checks(conference, published_points(), []) if check.blocks]
    return " ".join(check.text for check in found) or None
