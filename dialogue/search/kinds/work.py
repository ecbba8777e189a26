"""What the groups do: meetings and what is said in them, documents, discussions. Most of it is the group's alone."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import groups_of
from dialogue.deliverables.models import Deliverable
from dialogue.deliverables.stages import Stage as DeliverableStage
from dialogue.discussion.letters import url_of as url_of_thread
from dialogue.discussion.models import Comment, Thread
from dialogue.discussion.stages import Subject
from dialogue.documents.models import Document, Version, Words
from dialogue.documents.pages import url_of as url_of_document
from dialogue.meetings.content import Content
from dialogue.meetings.exports import label_of
from dialogue.meetings.models import Action, AgendaItem, Decision, Material, Meeting, Minutes, MinutesVersion
from dialogue.meetings.stages import OUT, UNDATED, MinutesStage
from dialogue.people.stages import Circle
from dialogue.search.kinds.base import Kind, Telling, lines
from dialogue.ui.dates import when

INSIDE_MEETING = {"meetings.meeting": "meeting__in"}


# Meetings -----------------------------------------------------------------------------------------------------------


def _page(meeting: Meeting, anchor: str = "") -> str:
    return reverse("meetings:meeting", args=[meeting.chantier.slug, meeting.number]) + anchor


def _meeting(row: Meeting) -> Telling:
    """For those who know the dates alone."""
    return Telling(
        title=label_of(row),
        text=lines(row.get_stage_display(), when(row.starts_at) if row.starts_at else ""),
        also=row.chantier.title,
        path=row.chantier.get_absolute_url(),
        circle=row.chantier.circle,
        at=row.starts_at,
        chantier_id=row.chantier_id,
    )


def _preparation(row: Meeting) -> Telling:
    """For the group: the same, its place and its introduction."""
    date = when(row.starts_at) if row.starts_at else ""
    return Telling(
        title=label_of(row),
        text=lines(row.get_stage_display(), date, row.place, row.introduction),
        also=row.chantier.title,
        path=_page(row),
        circle=Circle.GROUP,
        at=row.starts_at,
        chantier_id=row.chantier_id,
    )


def _dates_alone(reader: Any) -> Any:
    """The meetings of the groups whose space the reader does not enter; the others are found whole."""
    rows = Meeting.objects.visible_to(reader)
    return rows.none() if getattr(reader, "is_coordination", False) else rows.exclude(chantier__in=list(groups_of(reader)))


def _item(row: AgendaItem) -> Telling:
    return Telling(
        title=row.title,
        text=row.notes,
        path=_page(row.meeting, f"#point-{row.pk}"),
        circle=Circle.GROUP,
        at=row.meeting.starts_at or row.edited_at,
        chantier_id=row.meeting.chantier_id,
    )


def _material(row: Material) -> Telling:
    return Telling(
        title=now_("%(kind)s, pour le carnet de voyage") % {"kind": row.get_kind_display()},
        text=lines(row.text, row.credit, row.alternative),
        path=reverse("meetings:session", args=[row.meeting.chantier.slug, row.meeting.number]) + "#carnet",
        circle=Circle.GROUP,
        at=row.at,
        chantier_id=row.meeting.chantier_id,
    )


# Minutes, decisions, actions ----------------------------------------------------------------------------------------


def _circle_of(minutes: Minutes | None) -> str:
    return minutes.circle if minutes and minutes.stage in OUT else Circle.GROUP


def _captured(row: Any, anchor: str, *more: str) -> Telling:
    meeting: Meeting = row.meeting
    args = [meeting.chantier.slug, meeting.number]
    return Telling(
        title=f"{row.label} · {row.text}"[:300],
        text=lines(row.text, *more),
        path=f"{reverse('meetings:decisions', args=args[:1])}?seance={meeting.number}#{anchor}{row.number}",
        path_outside=f"{reverse('meetings:minutes', args=args)}#{anchor}{row.number}",
        circle=_circle_of(getattr(meeting, "minutes", None)),
        at=row.at,
        chantier_id=row.chantier_id,
    )


def _decision(row: Decision) -> Telling:
    return _captured(row, "d", row.agreement, row.follow_up, row.get_state_display(), row.state_note)


def _action(row: Action) -> Telling:
    return _captured(row, "a", str(row.owner or row.owner_text), row.done_note, row.dropped_motive)


def _words_of(content: Content) -> str:
    """Decisions, actions, then the notes of each item. Who came is read in the document, not looked for."""
    told = [f"D{each['number']} {each['text']}" for each in content.get("decisions", [])]
    told += [f"A{each['number']} {lines(each['text'], each['owner'])}" for each in content.get("actions", [])]
    for item in content.get("items", []):
        told += [item["title"], item["notes"]]
    return lines(content.get("place"), *told)


def _of_version(row: Minutes, version: MinutesVersion | None, circle: str) -> Telling:
    return Telling(
        title=now_("Compte-rendu de la %(meeting)s") % {"meeting": label_of(row.meeting)},
        text=_words_of(version.content) if version else "",
        also=row.chantier.title,
        path=reverse("meetings:minutes", args=[row.chantier.slug, row.meeting.number]),
        circle=circle,
        at=version.made_at if version else None,
        chantier_id=row.chantier_id,
    )


def _minutes(row: Minutes) -> Telling:
    """The last published version: what those outside the group read."""
    return _of_version(row, row.versions.exclude(published_at=None).order_by("-number").first(), row.circle)


def _review(row: Minutes) -> Telling:
    """The version that the group checks."""
    return _of_version(row, row.versions.order_by("-number").first(), Circle.GROUP)


def _minutes_rows() -> Any:
    return Minutes.objects.select_related("meeting__chantier", "chantier")


def _under_review() -> Any:
    return _minutes_rows().filter(stage__in=[MinutesStage.IN_REVIEW, MinutesStage.APPROVED])


def _of_my_groups(rows: Any, reader: Any) -> Any:
    if getattr(reader, "is_coordination", False):
        return rows
    return rows.filter(chantier__in=list(groups_of(reader)))


def _captured_kind(code: str, label: Any, model: Any, tell: Any, *, related: tuple[str, ...] = ()) -> Kind:
    return Kind(
        code,
        label,
        "decisions",
        rows=lambda: model.objects.select_related("meeting__chantier", "meeting__minutes", *related),
        tell=tell,
        readable=model.objects.visible_to,
        because=INSIDE_MEETING | {"meetings.minutes": "meeting__minutes__in"},
    )


# Documents and discussions ------------------------------------------------------------------------------------------


def _document(row: Document) -> Telling:
    last: Version | None = next(iter(row.versions.all()), None)
    words = Words.objects.filter(version=last).values_list("text", flat=True).first() if last and last.is_handed_out else None
    return Telling(
        title=row.title,
        text=lines(row.get_nature_display(), row.description, last.filename if last else "", words),
        path=url_of_document(row),
        path_outside=reverse("documents:public", args=[row.chantier.slug]),
        circle=row.circle,
        at=row.changed_at,
        chantier_id=row.chantier_id,
    )


def _deliverable(row: Deliverable) -> Telling:
    """For the group while it is prepared; for its circle once it is published. What its file says is found too."""
    words = Words.objects.filter(version=row.file_id).values_list("text", flat=True).first() if row.file_id else None
    handed_out = row.file is not None and row.file.is_handed_out
    return Telling(
        title=row.title,
        text=lines(str(row.get_stage_display()), row.summary, row.full_text, words if handed_out else None),
        also=row.chantier.title,
        path=row.group_url,
        path_outside=row.get_absolute_url() if row.is_out else "",
        circle=row.circle,
        at=row.published_at or row.changed_at,
        chantier_id=row.chantier_id,
    )


def _thread(row: Thread) -> Telling:
    return Telling(
        title=row.title,
        path=url_of_thread(row),
        circle=Circle.GROUP,
        at=row.started_at,
        chantier_id=row.chantier_id,
    )


def _comment(row: Comment) -> Telling:
    return Telling(
        title=row.thread.title,
        text=lines(row.text, row.outcome_reason),
        path=f"{url_of_thread(row.thread)}#m{row.pk}",
        circle=Circle.GROUP,
        at=row.at,
        chantier_id=row.thread.chantier_id,
    )


_COMMENT_ROADS = ("thread__chantier", "thread__document__chantier", "thread__minutes__chantier", "thread__minutes__meeting")

KINDS = [
    Kind(
        "meeting",
        _("Séance"),
        "seances",
        rows=lambda: Meeting.objects.exclude(stage__in=UNDATED).select_related("chantier"),
        tell=_meeting,
        readable=_dates_alone,
        because={
            "chantiers.chantier": "chantier__in",
            "meetings.poll": "poll__in",
            "meetings.polloption": "poll__options__in",
        },
    ),
    Kind(
        "preparation",
        _("Séance"),
        "seances",
        rows=lambda: Meeting.objects.select_related("chantier"),
        tell=_preparation,
        readable=Meeting.objects.prepared_for,
        because={
            "chantiers.chantier": "chantier__in",
            "meetings.poll": "poll__in",
            "meetings.polloption": "poll__options__in",
        },
    ),
    Kind(
        "item",
        _("Point de l’ordre du jour"),
        "seances",
        rows=lambda: AgendaItem.objects.select_related("meeting__chantier"),
        tell=_item,
        readable=AgendaItem.objects.visible_to,
        because=INSIDE_MEETING | {"meetings.notesconflict": "conflicts__in"},
    ),
    Kind(
        "material",
        _("Matière du carnet"),
        "seances",
        rows=lambda: Material.objects.select_related("meeting__chantier"),
        tell=_material,
        readable=Material.objects.visible_to,
    ),
    Kind(
        "minutes",
        _("Compte-rendu"),
        "comptes-rendus",
        rows=lambda: _minutes_rows().filter(stage__in=OUT),
        tell=_minutes,
        readable=lambda reader: Minutes.objects.visible_to(reader).filter(stage__in=OUT),
        because=INSIDE_MEETING,
    ),
    Kind(
        "review",
        _("Compte-rendu en relecture"),
        "comptes-rendus",
        rows=_under_review,
        tell=_review,
        readable=lambda reader: _of_my_groups(_under_review().select_related(None), reader),
        because=INSIDE_MEETING,
    ),
    _captured_kind("decision", _("Décision"), Decision, _decision),
    _captured_kind("action", _("Action"), Action, _action, related=("owner",)),
    Kind(
        "document",
        _("Document"),
        "documents",
        rows=lambda: Document.objects.shown().select_related("chantier").prefetch_related("versions"),
        tell=_document,
        readable=lambda reader: Document.objects.visible_to(reader).shown(),
        because={"documents.version": "versions__in", "discussion.comment": "comments__in"},
    ),
    Kind(
        "result",
        _("Livrable"),
        "resultats",
        rows=lambda: Deliverable.objects.exclude(stage=DeliverableStage.SUPERSEDED).select_related("chantier", "file"),
        tell=_deliverable,
        readable=lambda reader: Deliverable.objects.visible_to(reader).exclude(stage=DeliverableStage.SUPERSEDED),
        because={"documents.version": "file__in"},
    ),
    Kind(
        "thread",
        _("Sujet de discussion"),
        "discussions",
        rows=lambda: Thread.objects.filter(subject=Subject.GROUP).select_related("chantier"),
        tell=_thread,
        readable=Thread.objects.visible_to,
    ),
    Kind(
        "comment",
        _("Message"),
        "discussions",
        rows=lambda: Comment.objects.filter(hidden_at=None).exclude(text="").select_related(*_COMMENT_ROADS),
        tell=_comment,
        readable=lambda reader: Comment.objects.visible_to(reader).filter(hidden_at=None),
        because={"discussion.thread": "thread__in"},
    ),
]
