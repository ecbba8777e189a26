"""Sample values of the addresses of a group at work (see samples.py)."""

from __future__ import annotations

from typing import Any

from dialogue.chantiers.models import Chantier, PlannedDeliverable
from dialogue.discussion.models import Comment, Thread
from dialogue.documents.models import Document
from dialogue.meetings.models import Decision, Meeting, NotesConflict, PollInvitee
from tests.world_group import LIVE, POLLED, PUBLISHED, REVIEWED

Values = dict[str, dict[str, Any]]


def poll_links(world: Any) -> Values:
    """The mailed link of someone without an account, and one of nobody."""
    invitee = PollInvitee.objects.filter(poll__meeting__chantier=world.chantiers["ours"], person=None).first()
    return {"key of the invited": {"token": invitee.token}, "unknown": {"token": "x" * 64}}


def within(chantier: Chantier) -> dict[str, Values]:
    """What comes after a chantier's slug."""
    if not chantier.threads.exists():
        return {}
    return _talk(chantier) | _documents(chantier) | _meetings(chantier) | _minutes(chantier)


def _talk(chantier: Chantier) -> dict[str, Values]:
    talk = Thread.objects.filter(chantier=chantier, subject="group").order_by("pk").first()
    remarks = Thread.objects.filter(chantier=chantier, subject="roadmap").first()
    said = Comment.objects.filter(thread=talk).order_by("pk").first()
    remark = Comment.objects.filter(thread=remarks).first()
    promised = PlannedDeliverable.objects.filter(roadmap__chantier=chantier).exclude(roadmap__stage="draft").order_by("pk").first()
    thread = {"": {"pk": talk.pk}}
    return {
        "discussion:thread": thread | {"roadmap": {"pk": remarks.pk}},
        **dict.fromkeys(("discussion:post", "discussion:follow", "discussion:close"), thread),
        **{name: {"": {"pk": said.pk}} for name in ("discussion:edit", "discussion:hide", "discussion:show")},
        "discussion:settle": {"": {"pk": remark.pk}},
        "discussion:roadmap": {"": {"number": remarks.roadmap.version}},
        "discussion:deliverable": {"": {"pk": promised.pk}},
    }


def _documents(chantier: Chantier) -> dict[str, Values]:
    rows = {
        code: Document.objects.filter(chantier=chantier, circle=code, withdrawn_at=None).order_by("pk").first()
        for code in ("group", "partners", "public")
    }
    each = {code: {"pk": row.pk} for code, row in rows.items()}
    one = {"": each["group"]}
    return {
        "documents:document": each,
        "documents:shared": each,
        "documents:offer": {code: each[code] for code in ("group", "partners")},
        "documents:download": {code: {"pk": row.pk, "number": 1} for code, row in rows.items()},
        **dict.fromkeys(
            ("documents:version", "documents:change", "documents:circle", "documents:withdraw", "documents:remark"), one
        ),
        "documents:move": {code: each["group"] | {"code": code} for code in ("reprendre", "inconnu")},
    }


def _meetings(chantier: Chantier) -> dict[str, Values]:
    live = Meeting.objects.get(chantier=chantier, number=LIVE)
    item = live.items.first()
    decision = live.decisions.first()
    action = live.actions.order_by("number").first()
    conflict = NotesConflict.objects.filter(item=item).first()
    coming, now = {"": {"number": 2}}, {"": {"number": LIVE}}
    point = {"": {"number": LIVE, "pk": item.pk}}
    return {
        "meetings:meeting": {
            "coming": {"number": 2},
            "polled": {"number": POLLED},
            "live": {"number": LIVE},
            "held": {"number": REVIEWED},
        },
        "meetings:hold": {"": {"number": 1}},
        **dict.fromkeys(
            ("meetings:move", "meetings:cancel", "meetings:answer", "meetings:introduce", "meetings:add_item"), coming
        ),
        **dict.fromkeys(
            ("meetings:presence", "meetings:mark", "meetings:sheet", "meetings:session", "meetings:news", "meetings:photo"), now
        ),
        "meetings:step": {code: {"number": 2, "code": code} for code in ("reporter", "inconnu")},
        **dict.fromkeys(("meetings:edit_item", "meetings:shift_item", "meetings:notes", "meetings:add_line"), point),
        **{name: {"": {"number": POLLED}} for name in ("meetings:poll", "meetings:poll_decide")},
        "meetings:poll_open": coming,
        "meetings:conflict": {"": {"number": LIVE, "pk": conflict.pk}},
        "meetings:line": {
            "decision": {"number": LIVE, "kind": "decision", "pk": decision.pk},
            "action": {"number": LIVE, "kind": "action", "pk": action.pk},
            "carnet": {"number": LIVE, "kind": "carnet", "pk": live.materials.first().pk},
        },
        "meetings:settle": {"": {"pk": Decision.objects.filter(chantier=chantier).order_by("pk").first().pk}},
        **{name: {"": {"pk": action.pk}} for name in ("meetings:done", "meetings:drop", "meetings:reopen")},
    }


def _minutes(chantier: Chantier) -> dict[str, Values]:
    both = {"review": {"number": REVIEWED}, "published": {"number": PUBLISHED}}
    taken = {
        state: {"number": Decision.objects.filter(meeting__chantier=chantier, meeting__number=number).order_by("pk").first().number}
        for state, number in (("review", REVIEWED), ("published", PUBLISHED))
    }
    return {
        "meetings:decision": taken,
        **dict.fromkeys(("meetings:minutes", "meetings:log"), both),
        "meetings:start_minutes": {"": {"number": LIVE}},
        "meetings:write": both,
        "meetings:pdf": {
            f"{what} {state}": {"number": number, "what": what}
            for what in ("compte-rendu", "releve")
            for state, number in (("review", REVIEWED), ("published", PUBLISHED))
        },
        "meetings:turn": {code: {"number": REVIEWED, "code": code} for code in ("lu", "approuver", "inconnu")},
        "meetings:compare": {
            state: {"number": number, "before": 1, "after": 2}
            for state, number in (("review", REVIEWED), ("published", PUBLISHED))
        },
    }
