"""The progress point of a territory: drafted from the data, written, frozen, published, corrected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused, act
from dialogue.restitution import checks, content, facts, wording
from dialogue.restitution import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.restitution.acts import paths
from dialogue.restitution.letters import points as letters
from dialogue.restitution.models import PointLine, PointVersion, ProgressPoint
from dialogue.restitution.stages import PaperStage, Where
from dialogue.territories.models import Territory

Gathered = Mapping[int, tuple[facts.Facts, facts.Facts]]
#: What the coordination writes of a chantier.
WRITTEN = ("done", "left", "asked", "calls_partners", "call", "hidden_decisions", "is_ready")


@act("restitution.draft_point", creates=True, record=("kind", "series"))
def draft_point(territory: Territory, *, by: Any, now: datetime, kind: Where, series: int) -> ProgressPoint:
    """From the data, in one go: a line for each chantier that partners may know of. The one that exists already, if it does."""
    known = ProgressPoint.objects.filter(kind=kind, series=series, territory=territory).first()
    if known is not None:
        return known
    chantiers = facts.chantiers_in([territory])
    gathered = facts.gather(chantiers, now=now)
    public = [gathered[chantier.pk][0] for chantier in chantiers if gathered[chantier.pk][0]]
    point = ProgressPoint.objects.create(
        kind=kind,
        series=series,
        territory=territory,
        introduction=wording.introduction(territory.name, public),
        drafted_at=now,
        drafted_by_id=by.pk,
    )
    _add_lines(point, chantiers, gathered, now=now)
    return point


def _add_lines(point: ProgressPoint, chantiers: list[Any], gathered: Gathered, *, now: datetime) -> None:
    last = point.lines.count()
    rows = []
    for order, chantier in enumerate(chantiers, last + 1):
        data, reserved = gathered[chantier.pk]
        words = wording.drafted(data, reserved)
        rows.append(
            PointLine(point=point, chantier=chantier, order=order, data=data, reserved=reserved, gathered_at=now, **words)
        )
    PointLine.objects.bulk_create(rows)


@act("restitution.edit_point", come_from=[PaperStage.DRAFTING])
def edit_point(
    point: ProgressPoint,
    *,
    by: Any,
    now: datetime,
    revision: int,
    values: Mapping[str, str],
    lines: Mapping[int, Mapping[str, Any]] | None = None,
) -> None:
    """Introduction and conclusion; and, by number of line, what is written of a chantier. Raises paths.Conflict when somebody
    saved since `revision` was read."""
    paths.save_texts(point, by=by, now=now, revision=revision, values=values)
    for pk, fields in (lines or {}).items():
        kept = {name: fields[name] for name in WRITTEN if name in fields}
        PointLine.objects.filter(pk=pk, point=point).update(**kept)


def _in_drafting(line: PointLine) -> ProgressPoint:
    """The point of the line, held until the act ends; the line is brought up to date. Raises Refused when it is frozen."""
    point = ProgressPoint.objects.select_for_update().select_related("territory").get(pk=line.point_id)
    if point.stage != PaperStage.DRAFTING:
        raise Refused(_("Ce point est figé : rouvrez-le pour le modifier."))
    line.refresh_from_db(fields=["done", "left", "data", "reserved"])
    return point


@act("restitution.refresh_line")
def refresh_line(line: PointLine, *, by: Any, now: datetime) -> None:
    """The data of one chantier as they are today. What was written stays; a text that nobody changed is drafted anew."""
    point = _in_drafting(line)
    _refresh(point, [line], now=now, add=False)
    paths.touch(point, by=by, now=now)
    line.refresh_from_db()


def _refresh(point: ProgressPoint, lines: list[PointLine], *, now: datetime, add: bool) -> None:
    here = facts.chantiers_in([point.territory])
    gathered = facts.gather(here, now=now)
    for line in lines:
        if line.chantier_id not in gathered:
            continue
        data, reserved = gathered[line.chantier_id]
        before, after = wording.drafted(line.data, line.reserved), wording.drafted(data, reserved)
        untouched = {name: after[name] for name in ("done", "left") if getattr(line, name) == before[name]}
        PointLine.objects.filter(pk=line.pk).update(data=data, reserved=reserved, gathered_at=now, **untouched)
    if add:
        known = set(point.lines.values_list("chantier_id", flat=True))
        _add_lines(point, [chantier for chantier in here if chantier.pk not in known], gathered, now=now)


@act("restitution.refresh_point", come_from=[PaperStage.DRAFTING])
def refresh_point(point: ProgressPoint, *, by: Any, now: datetime) -> None:
    """The data of every chantier, and the chantiers that are missing."""
    _refresh(point, list(point.lines.all()), now=now, add=True)
    paths.touch(point, by=by, now=now)


@act("restitution.use_steps")
def use_steps(line: PointLine, *, by: Any, now: datetime) -> None:
    """The steps of a roadmap that only partners read are written into the texts, which everybody will read: on purpose."""
    point = _in_drafting(line)
    roadmap = line.reserved.get("roadmap")
    if not roadmap:
        raise Refused(_("Ce chantier n’a pas d’étapes réservées aux partenaires."))
    with translation.override(settings.LANGUAGE_CODE):
        # The deliverables of the roadmap say more than the chantier's own line.
        general = wording.expected(line.data["deliverable"], line.data["deliverable_due_on"]) if line.data else ""
        both = {"done": wording.steps_done(roadmap), "left": wording.steps_left(roadmap)}
    words = {}
    for name, found in both.items():
        kept = [row for row in getattr(line, name).rstrip().split("\n") if row.strip() and row != f"- {general}"]
        new = [f"- {sentence}" for sentence in found if f"- {sentence}" not in kept]
        words[name] = "\n".join([*kept, *new])
    PointLine.objects.filter(pk=line.pk).update(**words)
    paths.touch(point, by=by, now=now)
    line.refresh_from_db()


@act("restitution.move_line")
def move_line(line: PointLine, *, by: Any, now: datetime, up: bool) -> None:
    """One place up or down in the point."""
    point = _in_drafting(line)
    rows = list(point.lines.order_by("order", "pk"))
    here = next(n for n, row in enumerate(rows) if row.pk == line.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        raise Refused(_("Ce chantier est déjà au bout de la liste."))
    rows[here], rows[there] = rows[there], rows[here]
    for order, row in enumerate(rows, 1):
        PointLine.objects.filter(pk=row.pk).exclude(order=order).update(order=order)
    paths.touch(point, by=by, now=now)


@act("restitution.leave_out")
def leave_out(line: PointLine, *, by: Any, now: datetime) -> None:
    """The council will not hear of this chantier; nothing that was written is lost."""
    _set_left_out(line, left_out=True, by=by, now=now)


@act("restitution.take_back")
def take_back(line: PointLine, *, by: Any, now: datetime) -> None:
    _set_left_out(line, left_out=False, by=by, now=now)


def _set_left_out(line: PointLine, *, left_out: bool, by: Any, now: datetime) -> None:
    point = _in_drafting(line)
    PointLine.objects.filter(pk=line.pk).update(left_out=left_out)
    paths.touch(point, by=by, now=now)
    line.refresh_from_db()


# The path --------------------------------------------------------------------------------------------------------------


@act(
    "restitution.freeze_point",
    come_from=[PaperStage.DRAFTING],
    go_to=PaperStage.FROZEN,
    guards=[checks.nothing_blocks],
)
def freeze_point(point: ProgressPoint, *, by: Any, now: datetime, note: str = "") -> PointVersion:
    """A version, whole, that nobody changes any more. A correction says what changes, and why."""
    told = content.of_point(point, point.lines.select_related("chantier").order_by("order", "pk"))
    version: PointVersion = paths.freeze(point, told, by=by, now=now, note=note)
    return version


@act("restitution.thaw_point", come_from=[PaperStage.FROZEN], go_to=PaperStage.DRAFTING)
def thaw_point(point: ProgressPoint, *, by: Any, now: datetime) -> None:
    """Frozen too early: nobody outside the coordination has seen it."""


@act("restitution.publish_point", come_from=[PaperStage.FROZEN])
def publish_point(point: ProgressPoint, *, by: Any, now: datetime) -> PointVersion:
    """Readable by all; the groups are told at once, the partners of the territory with their digest."""
    version: PointVersion = paths.publish(point, now=now)
    letters.tell(point, version, by=by, now=now)
    return version


@act("restitution.correct_point", come_from=[PaperStage.PUBLISHED], go_to=PaperStage.DRAFTING)
def correct_point(point: ProgressPoint, *, by: Any, now: datetime) -> None:
    """What is published stays readable until the correction replaces it."""


@act("restitution.give_up_point", come_from=[PaperStage.DRAFTING, PaperStage.FROZEN])
def give_up_point(point: ProgressPoint, *, by: Any, now: datetime) -> None:
    """The texts are again those of the version published last."""
    version = paths.published(point)
    if version is None:
        raise Refused(_("Rien n’est publié encore : il n’y a rien à corriger."))
    ProgressPoint.objects.filter(pk=point.pk).update(
        stage=PaperStage.PUBLISHED,
        introduction=version.content["introduction"],
        conclusion=version.content["conclusion"],
        revision=F("revision") + 1,
        edited_by_id=by.pk,
        edited_at=now,
    )
    _put_back(point, version)
    point.refresh_from_db()


def _put_back(point: ProgressPoint, version: PointVersion) -> None:
    """What a version says of each chantier, into its line; a chantier of which it says nothing is left out."""
    extras = version.reserved.get("extras", {})
    told = {e["facts"]["number"]: (e, e["facts"], extras.get(str(e["facts"]["number"]), {})) for e in version.content["entries"]}
    told |= {e["facts"]["number"]: (e, {}, e["facts"]) for e in version.reserved.get("entries", [])}
    for line in point.lines.select_related("chantier"):
        if line.chantier.number not in told:
            PointLine.objects.filter(pk=line.pk).update(left_out=True)
            continue
        entry, data, reserved = told[line.chantier.number]
        gathered_at = timezone.make_aware(datetime.combine(date.fromisoformat(entry["as_of"]), time(12)))
        words = {name: entry[name] for name in ("done", "left", "asked", "order")}
        words |= {"calls_partners": bool(entry["call"]), "call": entry["call"] or line.call}
        PointLine.objects.filter(pk=line.pk).update(
            left_out=False, data=data, reserved=reserved, gathered_at=gathered_at, hidden_decisions=[], **words
        )


@act("restitution.discard_point", come_from=[PaperStage.DRAFTING])
def discard_point(point: ProgressPoint, *, by: Any, now: datetime) -> None:
    """A draft that was never frozen goes; it can be drafted again from the data."""
    if point.versions.exists():
        raise Refused(_("Ce point a déjà été figé : il reste dans les archives."))
    PointLine.objects.filter(point=point).delete()
    ProgressPoint.objects.filter(pk=point.pk).delete()
