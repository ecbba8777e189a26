"""The roadmap: drafted by several people, adopted in a meeting, then changed only by a meeting's decision."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from dialogue.chantiers.acts import guards as g
from dialogue.chantiers.acts.evaluation import hold
from dialogue.chantiers.letters import life as letters
from dialogue.chantiers.models import Chantier, Objective, PlannedDeliverable, Roadmap, Step
from dialogue.chantiers.rules import life as _rules  # noqa: F401  (declares the permissions)
from dialogue.chantiers.stages import RoadmapStage, Stage
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date
from dialogue.people.stages import Circle

Line = Objective | PlannedDeliverable | Step

#: The three kinds of lines, by the word used in URLs and forms.
LINES: dict[str, type[Line]] = {"objectif": Objective, "livrable": PlannedDeliverable, "etape": Step}
#: What a person types in a line of each kind.
TYPED = {
    Objective: ("title", "indicator", "start_value", "target_value"),
    PlannedDeliverable: ("title", "due_on"),
    Step: ("title", "due_on"),
}
#: A roadmap that nobody could read in a meeting is not a roadmap; also a brake on runaway scripts.
MOST_LINES = 60


class Conflict(Refused):
    """Someone else saved this text first: `theirs` is the row as it is now; nothing of either text is lost."""

    def __init__(self, theirs: Any) -> None:
        self.theirs = theirs
        super().__init__(_("Quelqu’un a modifié ce texte pendant que vous écriviez."))


# Drafting ---------------------------------------------------------------------------------------------------------


@act("chantiers.start_roadmap", come_from=[Stage.OPEN, Stage.LAUNCHED], creates=True, guards=[g.no_roadmap_adopted])
def start_roadmap(chantier: Chantier, *, by: Any, now: datetime) -> Roadmap:
    """The draft of version 1. Raises Refused when there is one."""
    return _draft(chantier, version=1)


def _draft(chantier: Chantier, **fields: Any) -> Roadmap:
    try:
        with transaction.atomic():
            return Roadmap.objects.create(chantier=chantier, **fields)
    except IntegrityError:
        raise Refused(_("Le brouillon existe déjà : écrivez-y.")) from None


def _hold_draft(roadmap_id: int) -> None:
    """Locks the roadmap while a line of it changes: nobody adopts it in the meantime."""
    rows = Roadmap.objects.filter(pk=roadmap_id, stage=RoadmapStage.DRAFT)
    if rows.update(version=F("version")) != 1:
        raise Refused(_("Cette version est arrêtée : elle ne change plus."))


@act("chantiers.add_line", creates=True, come_from=[RoadmapStage.DRAFT])
def add_line(
    roadmap: Roadmap, *, by: Any, now: datetime, line: str, values: dict[str, Any],
    key: uuid.UUID | None = None, order: int | None = None,
) -> Line:
    """A new line of kind `line` ("objectif", "livrable", "etape"); `key` and `order` put a removed line back.

    Raises Refused when the same line stands already (a form sent twice, a line put back twice).
    """
    model = LINES[line]
    rows = model.objects.filter(roadmap=roadmap)
    if rows.count() >= MOST_LINES:
        raise Refused(_("Cette feuille de route est déjà très longue : retirez des lignes avant d’en ajouter."))
    typed = {name: values[name] for name in TYPED[model] if name in values}
    if rows.filter(**typed).exists() or (key and rows.filter(key=key).exists()):
        raise Refused(_("Cette ligne est déjà dans la feuille de route."))
    if order is None:
        order = (rows.order_by("-order").values_list("order", flat=True).first() or 0) + 1
    return model.objects.create(
        roadmap=roadmap, key=key or uuid.uuid4(), order=order, edited_by_id=by.pk, edited_at=now, **typed
    )


@act("chantiers.edit_line")
def edit_line(item: Line, *, by: Any, now: datetime, revision: int, values: dict[str, Any]) -> None:
    """Saves a line if nobody saved it since `revision` was read. Raises Conflict otherwise, with the other's text."""
    _hold_draft(item.roadmap_id)
    model = type(item)
    typed = {name: values[name] for name in TYPED[model] if name in values}
    saved = model.objects.filter(pk=item.pk, revision=revision).update(
        **typed, revision=F("revision") + 1, edited_by_id=by.pk, edited_at=now
    )
    if saved != 1:
        theirs = model.objects.select_related("edited_by").filter(pk=item.pk).first()
        if theirs is None:
            raise Refused(_("Cette ligne a été retirée entre-temps. Ajoutez-la de nouveau si le groupe y tient."))
        if all(getattr(theirs, name) == value for name, value in typed.items()):
            return  # the same form sent twice, or two people who wrote the same words
        raise Conflict(theirs)
    item.refresh_from_db()


@act("chantiers.set_rhythm", come_from=[RoadmapStage.DRAFT])
def set_rhythm(roadmap: Roadmap, *, by: Any, now: datetime, revision: int, rhythm: str) -> None:
    """The rhythm of the meetings, with the same care as a line."""
    saved = Roadmap.objects.filter(pk=roadmap.pk, revision=revision).update(
        rhythm=rhythm, revision=F("revision") + 1, edited_by_id=by.pk, edited_at=now
    )
    if saved != 1:
        theirs = Roadmap.objects.select_related("edited_by").get(pk=roadmap.pk)
        if theirs.rhythm != rhythm:
            raise Conflict(theirs)
    roadmap.refresh_from_db()


@act("chantiers.move_line")
def move_line(item: Line, *, by: Any, now: datetime, up: bool) -> None:
    """One place up or down among the lines of its kind; steps follow their dates and do not move."""
    _hold_draft(item.roadmap_id)
    if isinstance(item, Step):
        raise Refused(_("Les étapes se rangent par date : changez la date."))
    rows = list(type(item).objects.filter(roadmap_id=item.roadmap_id))
    place = next((n for n, row in enumerate(rows) if row.pk == item.pk), None)
    if place is None:
        raise Refused(_("Cette ligne a été retirée entre-temps."))
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    for order, row in enumerate(rows, 1):
        if row.order != order:
            type(item).objects.filter(pk=row.pk).update(order=order)


@act("chantiers.remove_line", come_from=[RoadmapStage.DRAFT])
def remove_line(roadmap: Roadmap, *, by: Any, now: datetime, item: Line) -> dict[str, Any]:
    """Takes a line out of a draft; returns what `add_line` needs to put it back."""
    if item.roadmap_id != roadmap.pk or type(item).objects.filter(pk=item.pk).delete()[0] == 0:
        raise Refused(_("Cette ligne a déjà été retirée."))
    values = {name: getattr(item, name) for name in TYPED[type(item)]}
    kind = next(word for word, model in LINES.items() if model is type(item))
    return {"line": kind, "values": values, "key": item.key, "order": item.order}


# Adoption ---------------------------------------------------------------------------------------------------------


def _adoption_day(chantier: Chantier, day: date, meeting_number: int, now: datetime) -> None:
    if meeting_number < 1:
        raise Refused(_("Indiquez le numéro de la séance."))
    if day > local_date(now):
        raise Refused(_("Cette date n’est pas encore venue : indiquez une date passée ou celle d’aujourd’hui."))
    if chantier.first_meeting_at is None or day < local_date(chantier.first_meeting_at):
        raise Refused(_("La feuille de route s’arrête en séance : cette date est antérieure à la première séance."))


def _adopt(chantier: Chantier, *, day: date, meeting_number: int, circle: Circle, **fields: Any) -> Roadmap:
    """The draft comes into force and replaces the version before, in one transaction. Raises Refused if someone did it."""
    draft = chantier.roadmaps.filter(stage=RoadmapStage.DRAFT).first()
    if draft is None:
        raise Refused(_("Cette feuille de route est déjà arrêtée."))
    _hold_draft(draft.pk)
    if missing := g.missing_in(draft):
        raise Refused(_("Il manque à la feuille de route : %(what)s.") % {"what": ", ".join(missing)})
    _carry_over(chantier, draft)
    chantier.roadmaps.filter(stage=RoadmapStage.ADOPTED).update(stage=RoadmapStage.SUPERSEDED)
    rows = Roadmap.objects.filter(pk=draft.pk, stage=RoadmapStage.DRAFT)
    adopted = {"stage": RoadmapStage.ADOPTED, "adopted_on": day, "adopted_at_meeting": meeting_number, "circle": circle}
    if rows.update(**adopted, **fields) != 1:
        raise Refused(_("Cette feuille de route est déjà arrêtée."))
    draft.refresh_from_db()
    return draft


def _carry_over(chantier: Chantier, draft: Roadmap) -> None:
    """What was done while the new version was being written is done in it too."""
    current = chantier.roadmaps.filter(stage=RoadmapStage.ADOPTED).first()
    if current is None:
        return
    for step in current.steps.all():
        draft.steps.filter(key=step.key).update(done_on=step.done_on)
    for item in current.deliverables.all():
        draft.deliverables.filter(key=item.key).update(
            published_on=item.published_on, abandon_motive=item.abandon_motive
        )


@act(
    "chantiers.adopt_roadmap",
    come_from=[Stage.LAUNCHED],
    go_to=Stage.WORKING,
    guards=[g.draft_is_whole, g.first_meeting_was_held],
    record=("meeting_number", "adopted_on", "circle"),
)
def adopt_roadmap(
    chantier: Chantier, *, by: Any, now: datetime, meeting_number: int, adopted_on: date, circle: Circle = Circle.PARTNERS
) -> Roadmap:
    """Version 1 is adopted by the group in its first meeting; it is the baseline of the evaluation, for good."""
    _adoption_day(chantier, adopted_on, meeting_number, now)
    roadmap = _adopt(chantier, day=adopted_on, meeting_number=meeting_number, circle=circle)
    letters.tell_group("adopted", chantier, by=by, now=now, followers=True)
    return roadmap


@act("chantiers.start_new_version", come_from=[Stage.WORKING], creates=True, guards=[g.has_adopted_roadmap, g.no_draft_pending])
def start_new_version(chantier: Chantier, *, by: Any, now: datetime) -> Roadmap:
    """A draft copied from the version in force, line by line with their keys."""
    current = chantier.roadmaps.get(stage=RoadmapStage.ADOPTED)
    draft = _draft(chantier, version=current.version + 1, rhythm=current.rhythm)
    kept = {PlannedDeliverable: ("published_on", "abandon_motive"), Step: ("done_on",)}
    for model in LINES.values():
        names = (*TYPED[model], *kept.get(model, ()), "key", "order")
        lines = model.objects.filter(roadmap=current).values(*names)
        model.objects.bulk_create([model(roadmap=draft, **line) for line in lines])
    return draft


@act(
    "chantiers.adopt_new_version",
    come_from=[Stage.WORKING],
    guards=[g.draft_is_whole],
    record=("version", "meeting_number", "adopted_on", "circle"),
)
def adopt_new_version(
    chantier: Chantier,
    *,
    by: Any,
    now: datetime,
    meeting_number: int,
    adopted_on: date,
    change_note: str,
    version: int | None = None,
    circle: Circle = Circle.PARTNERS,
) -> Roadmap:
    """A later version, decided in a meeting, with what changes and why. The one before is superseded, never erased.

    `version` is the one the person confirmed: Refused when another draft is there by now.
    """
    _adoption_day(chantier, adopted_on, meeting_number, now)
    if not change_note.strip():
        raise Refused(_("Dites ce qui change et pourquoi."))
    current = chantier.roadmaps.filter(stage=RoadmapStage.ADOPTED).first()
    if current is None or (version is not None and version != current.version + 1):
        raise Refused(_("Cette feuille de route est déjà arrêtée."))
    if adopted_on < current.adopted_on:
        raise Refused(_("Cette date est antérieure à celle de la version en vigueur."))
    roadmap = _adopt(
        chantier, day=adopted_on, meeting_number=meeting_number, circle=circle, change_note=change_note.strip()
    )
    letters.tell_group("new_version", chantier, by=by, now=now, followers=False, change_note=roadmap.change_note)
    return roadmap


# Steps ------------------------------------------------------------------------------------------------------------


def _in_force(step: Step) -> Chantier:
    chantier = step.roadmap.chantier
    hold(chantier, [Stage.WORKING, Stage.DELIVERED])
    if not Roadmap.objects.filter(pk=step.roadmap_id, stage=RoadmapStage.ADOPTED).exists():
        raise Refused(_("Cette version de la feuille de route n’est pas en vigueur."))
    return chantier


@act("chantiers.complete_step", record=("done_on",))
def complete_step(step: Step, *, by: Any, now: datetime, done_on: date) -> None:
    """The step was done that day; its lateness stops counting."""
    chantier = _in_force(step)
    if problem := g.day_is_possible(done_on, now=now, chantier=chantier):
        raise Refused(problem)
    if Step.objects.filter(pk=step.pk, done_on=None).update(done_on=done_on) != 1:
        raise Refused(_("Cette étape est déjà marquée comme faite."))
    step.done_on = done_on


@act("chantiers.reopen_step")
def reopen_step(step: Step, *, by: Any, now: datetime) -> None:
    """Not done after all."""
    _in_force(step)
    if Step.objects.filter(pk=step.pk, done_on__isnull=False).update(done_on=None) != 1:
        raise Refused(_("Cette étape n’est pas marquée comme faite."))
    step.done_on = None
