"""The path of the minutes: draft, review, approval (or silence), publication, rectification. Each state is a whole version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.discussion.acts import open_thread
from dialogue.discussion.models import Comment
from dialogue.discussion.stages import Outcome, Subject
from dialogue.formats.json import seal
from dialogue.ledger.acts import Refused, act
from dialogue.meetings import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.meetings.content import content_of
from dialogue.meetings.letters import minutes as letters
from dialogue.meetings.models import Action, AgendaItem, Assent, Decision, Meeting, Minutes, MinutesVersion
from dialogue.meetings.stages import OUT, PAST, MinutesStage
from dialogue.people.circles import within
from dialogue.people.stages import Circle

REVIEW = timedelta(days=7)


@act("meetings.start_minutes", creates=True)
def start_minutes(meeting: Meeting, *, by: Any, now: datetime) -> Minutes:
    """The draft of a meeting that took place; the one that exists already, if it does."""
    if meeting.stage not in PAST:
        raise Refused(_("La séance n’a pas encore eu lieu."))
    facts = {"chantier": meeting.chantier, "circle": meeting.chantier.circle}
    return Minutes.objects.get_or_create(meeting=meeting, defaults=facts)[0]


def _freeze(minutes: Minutes, *, by: Any, now: datetime, note: str = "", published: bool = False) -> MinutesVersion:
    content = content_of(minutes.meeting)
    last = minutes.versions.aggregate(last=Max("number"))["last"] or 0
    return MinutesVersion.objects.create(
        minutes=minutes,
        number=last + 1,
        content=content,
        sha256=seal(content),
        made_at=now,
        made_by_id=by.pk,
        change_note=note.strip()[:500],
        published_at=now if published else None,
    )


def last_version(minutes: Minutes) -> MinutesVersion | None:
    return minutes.versions.order_by("-number").first()


def meeting_was_held(minutes: Minutes, *, by: Any, now: datetime) -> str | None:
    return None if minutes.meeting.stage in PAST else _("La séance n’est pas levée.")


def no_conflict_left(minutes: Minutes, *, by: Any, now: datetime) -> str | None:
    count = AgendaItem.objects.filter(meeting=minutes.meeting, conflicts__isnull=False, conflicts__resolved_at=None).count()
    return _("Deux textes restent à réunir dans les notes.") if count else None


def says_something(minutes: Minutes, *, by: Any, now: datetime) -> str | None:
    meeting = minutes.meeting
    if meeting.items.exclude(notes="").exists() or meeting.decisions.exists() or meeting.actions.exists():
        return None
    return _("Le compte-rendu est vide : prenez des notes, ou ajoutez une décision.")


def someone_came(minutes: Minutes, *, by: Any, now: datetime) -> str | None:
    return None if minutes.meeting.attendances.exclude(presence="").exists() else _("Notez d’abord la présence.")


@act(
    "meetings.send_for_review",
    come_from=[MinutesStage.DRAFTING],
    stage_field="stage",
    record=("deadline",),
    guards=[meeting_was_held, no_conflict_left, says_something, someone_came],
)
def send_for_review(minutes: Minutes, *, by: Any, now: datetime, deadline: datetime | None = None) -> MinutesVersion:
    """Version 1 goes to the group, which corrects it on the page or by mail until the deadline (7 days unless said otherwise)."""
    deadline = deadline or now + REVIEW
    if not now + timedelta(hours=1) <= deadline <= now + timedelta(days=60):
        raise Refused(_("L’échéance est dans une heure au moins, deux mois au plus."))
    if minutes.thread_id is None:
        title = format_lazy(gettext_lazy("Compte-rendu de la séance {n}"), n=minutes.meeting.number)
        minutes.thread = open_thread(minutes.chantier, by=by, now=now, subject=Subject.MINUTES, title=title)
    # In one UPDATE with the stage: the database wants review and deadline together.
    Minutes.objects.filter(pk=minutes.pk).update(
        stage=MinutesStage.IN_REVIEW, deadline=deadline, reviewed_at=now, thread=minutes.thread
    )
    minutes.refresh_from_db()
    version = _freeze(minutes, by=by, now=now)
    letters.tell_review(minutes, version, by=by, now=now)
    return version


@act("meetings.back_to_draft", come_from=[MinutesStage.IN_REVIEW])
def back_to_draft(minutes: Minutes, *, by: Any, now: datetime) -> None:
    """Sent too early: possible as long as nobody made a remark."""
    if minutes.thread_id and Comment.objects.filter(thread=minutes.thread).exists():
        raise Refused(_("Des remarques sont arrivées : corrigez le compte-rendu plutôt."))
    Minutes.objects.filter(pk=minutes.pk).update(stage=MinutesStage.DRAFTING)
    minutes.refresh_from_db()


def _apply(
    minutes: Minutes,
    *,
    by: Any,
    now: datetime,
    notes: Mapping[int, str],
    decisions: Mapping[int, Mapping[str, Any]],
    actions: Mapping[int, Mapping[str, Any]],
) -> None:
    """Corrections by id; what is not named stays."""
    for pk, text in notes.items():
        rows = AgendaItem.objects.filter(pk=pk, meeting=minutes.meeting).exclude(notes=text)
        item = rows.first()
        if item is not None:
            rows.update(notes=text[:50_000], revision=item.revision + 1, edited_by_id=by.pk, edited_at=now)
    for model, changes in ((Decision, decisions), (Action, actions)):
        for pk, fields in changes.items():
            model._base_manager.filter(pk=pk, meeting=minutes.meeting).update(**fields)


def _correct(minutes: Minutes, *, by: Any, now: datetime, note: str, published: bool, changes: dict[str, Any]) -> MinutesVersion:
    if not note.strip():
        raise Refused(_("Dites ce qui change, et pourquoi."))
    before = last_version(minutes)
    _apply(minutes, by=by, now=now, **changes)
    if before is not None and seal(content_of(minutes.meeting)) == before.sha256:
        raise Refused(_("Rien n’a changé depuis la version %(n)d.") % {"n": before.number})
    return _freeze(minutes, by=by, now=now, note=note, published=published)


@act("meetings.correct_minutes", come_from=[MinutesStage.IN_REVIEW])
def correct_minutes(
    minutes: Minutes,
    *,
    by: Any,
    now: datetime,
    note: str,
    notes: Mapping[int, str],
    decisions: Mapping[int, Any] | None = None,
    actions: Mapping[int, Any] | None = None,
) -> MinutesVersion:
    """A new version during the review, with what the remarks made better. Raises Refused when nothing changed."""
    changes = {"notes": notes, "decisions": decisions or {}, "actions": actions or {}}
    return _correct(minutes, by=by, now=now, note=note, published=False, changes=changes)


def open_remarks(minutes: Minutes) -> int:
    """Remarks without an answer."""
    return _remarks(minutes, Outcome.OPEN)


def to_discuss(minutes: Minutes) -> int:
    """Remarks that the group will speak of in session: they are no silence."""
    return _remarks(minutes, Outcome.TO_DISCUSS)


def _remarks(minutes: Minutes, outcome: Outcome) -> int:
    if minutes.thread_id is None:
        return 0
    return Comment.objects.filter(thread_id=minutes.thread_id, hidden_at=None, outcome=outcome).count()


def remarks_are_answered(minutes: Minutes, *, by: Any, now: datetime) -> str | None:
    count = open_remarks(minutes)
    if not count:
        return None
    return _("Une remarque attend une réponse.") if count == 1 else _("%(n)d remarques attendent une réponse.") % {"n": count}


def silence_is_whole(minutes: Minutes, *, by: Any, now: datetime) -> str | None:
    """Silence approves nothing that is still to discuss; sponsor and lead, who know, may approve."""
    if not getattr(by, "is_system", False) or not to_discuss(minutes):
        return None
    return _("Une remarque est à discuter en séance.")


def deadline_has_passed(minutes: Minutes, *, by: Any, now: datetime) -> str | None:
    if minutes.deadline is None or minutes.deadline <= now:
        return None
    return _("Le groupe peut encore faire des remarques : l’échéance n’est pas passée.")


@act("meetings.approve", come_from=[MinutesStage.IN_REVIEW], guards=[deadline_has_passed, remarks_are_answered, silence_is_whole])
def approve(minutes: Minutes, *, by: Any, now: datetime) -> None:
    """By the sponsor, or the lead by delegation; by the platform when nobody spoke before the deadline (silence is agreement)."""
    silence = bool(getattr(by, "is_system", False))
    Minutes.objects.filter(pk=minutes.pk).update(
        stage=MinutesStage.APPROVED, approved_at=now, approved_by_id=by.pk, approved_by_silence=silence
    )
    minutes.refresh_from_db()
    letters.tell_approved(minutes, by=by, now=now)


@act("meetings.publish", come_from=[MinutesStage.APPROVED], record=("circle",))
def publish(minutes: Minutes, *, by: Any, now: datetime, circle: Circle) -> None:
    """The approved version becomes readable by `circle`, never wider than the chantier's own."""
    _within(minutes, circle)
    Minutes.objects.filter(pk=minutes.pk).update(stage=MinutesStage.PUBLISHED, published_at=now, circle=circle)
    minutes.refresh_from_db()
    version = last_version(minutes)
    assert version is not None  # noqa: S101  review made one
    MinutesVersion.objects.filter(pk=version.pk).update(published_at=now)
    letters.tell_published(minutes, version, by=by, now=now)


def _within(minutes: Minutes, circle: Circle) -> None:
    if circle not in within(minutes.chantier.circle):
        raise Refused(_("Le chantier lui-même n’est pas public."))


@act("meetings.change_circle", record=("circle",))
def change_circle(minutes: Minutes, *, by: Any, now: datetime, circle: Circle) -> None:
    """Who may read the published versions, from now on."""
    if minutes.stage not in OUT:
        raise Refused(_("Le compte-rendu n’est pas encore publié."))
    _within(minutes, circle)
    Minutes.objects.filter(pk=minutes.pk).update(circle=circle)
    minutes.refresh_from_db()


@act("meetings.rectify", come_from=OUT)
def rectify(
    minutes: Minutes,
    *,
    by: Any,
    now: datetime,
    note: str,
    notes: Mapping[int, str],
    decisions: Mapping[int, Any] | None = None,
    actions: Mapping[int, Any] | None = None,
) -> MinutesVersion:
    """After publication a correction is a new published version; the former one stays readable, differences are shown."""
    changes = {"notes": notes, "decisions": decisions or {}, "actions": actions or {}}
    version = _correct(minutes, by=by, now=now, note=note, published=True, changes=changes)
    Minutes.objects.filter(pk=minutes.pk).update(stage=MinutesStage.RECTIFIED)
    minutes.refresh_from_db()
    letters.tell_rectified(minutes, version, by=by, now=now)
    return version


@act("meetings.assent")
def assent(minutes: Minutes, *, by: Any, now: datetime) -> None:
    """« Je l’ai lu, je n’ai rien à ajouter. »"""
    if minutes.stage != MinutesStage.IN_REVIEW:
        raise Refused(_("Ce compte-rendu n’est plus en relecture."))
    Assent.objects.get_or_create(minutes=minutes, person_id=by.pk, defaults={"at": now})
