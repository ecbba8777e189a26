"""What minutes say, as data: made from the rows of a meeting, frozen in a version, read by page, PDF and comparison.

Content (JSON): `title`, `chantier`, `number`, `starts_at`, `ends_at` (ISO 8601), `place`; `decisions` [{number, text, agreement,
follow_up}]; `actions` [{number, text, owner, due_on}]; `items` [{key, title, kind, notes}]; `present` [{name, note}],
`represented` [{name, by}], `excused`, `absent` [names]; `next` {starts_at, place} or null.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import STANDING, Presence
from dialogue.ui.dates import hour, when

Content = dict[str, Any]


def content_of(meeting: Meeting) -> Content:
    """The minutes as the rows stand now (6 queries)."""
    chantier = meeting.chantier
    following = (
        Meeting.objects.filter(chantier=chantier, stage__in=STANDING, starts_at__gt=meeting.starts_at)
        .order_by("starts_at")
        .first()
    )
    return {
        "chantier": chantier.title,
        "number": meeting.number,
        "starts_at": _iso(meeting.opened_at if meeting.opened_at and meeting.held_at else meeting.starts_at),
        "ends_at": _iso(meeting.ends_at),
        "place": meeting.place,
        "decisions": [
            {"number": d.number, "text": d.text, "agreement": d.agreement, "follow_up": d.follow_up}
            for d in meeting.decisions.order_by("number")
        ],
        "actions": [
            {
                "number": a.number,
                "text": a.text,
                "owner": str(a.owner or a.owner_text),
                "due_on": a.due_on.isoformat() if a.due_on else "",
            }
            for a in meeting.actions.select_related("owner").order_by("number")
        ],
        "items": [{"key": f"item-{i.pk}", "title": i.title, "kind": i.kind, "notes": i.notes} for i in meeting.items.all()],
        **_attendance(meeting),
        "next": {"starts_at": _iso(following.starts_at), "place": following.place} if following else None,
    }


def _iso(moment: Any) -> str:
    return timezone.localtime(moment).isoformat(timespec="minutes") if moment else ""


def _attendance(meeting: Meeting) -> dict[str, Any]:
    rows = list(meeting.attendances.select_related("organisation", "represented_by"))
    named = {kind: [str(r.organisation) for r in rows if r.presence == kind] for kind in (Presence.EXCUSED, Presence.ABSENT)}
    return {
        "present": [{"name": str(r.organisation), "note": _hours(r)} for r in rows if r.presence == Presence.PRESENT],
        "represented": [
            # Organisations alone: published minutes name no person who stood in (product.md).
            {"name": str(r.organisation), "by": str(r.represented_by or "")}
            for r in rows
            if r.presence == Presence.REPRESENTED
        ],
        "excused": named[Presence.EXCUSED],
        "absent": named[Presence.ABSENT],
    }


def _hours(row: Any) -> str:
    told = []
    if row.arrived_at:
        told.append(_("arrivé à %(hour)s") % {"hour": hour(row.arrived_at)})
    if row.left_at:
        told.append(_("parti à %(hour)s") % {"hour": hour(row.left_at)})
    return ", ".join(told)



# Differences -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """Some words: `kind` is same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """A part that two versions do not say alike."""

    title: str
    pieces: list[Piece]


_WORDS = re.compile(r"\s+|\w+|[^\w\s]+")


def words_changed(before: str, after: str) -> list[Piece]:
    """The two texts as one, word by word: without the added pieces it is `before`, without the removed ones `after`."""
    first, second = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(first[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("removed", "".join(first[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("added", "".join(second[j1:j2])))
    return pieces


def differences(before: Content, after: Content) -> list[Difference]:
    """What changed, part by part, in the order of the document."""
    old, new = dict(_parts(before)), dict(_parts(after))
    titles = list(dict.fromkeys([*new, *old]))
    return [
        Difference(title, words_changed(old.get(title, ""), new.get(title, "")))
        for title in titles
        if old.get(title, "") != new.get(title, "")
    ]


def _told(moment: str) -> str:
    return when(datetime.fromisoformat(moment)) if moment else ""


def _parts(content: Content) -> list[tuple[str, str]]:
    parts = [
        (_("Date et lieu"), " · ".join(filter(None, [_told(content["starts_at"]), _told(content["ends_at"]), content["place"]])))
    ]
    parts += [
        (f"D{d['number']}", " · ".join(filter(None, [d["text"], d["agreement"], d["follow_up"]]))) for d in content["decisions"]
    ]
    parts += [(f"A{a['number']}", " · ".join(filter(None, [a["text"], a["owner"], a["due_on"]]))) for a in content["actions"]]
    parts += [(f"{n}. {item['title']}", item["notes"]) for n, item in enumerate(content["items"], 1)]
    parts.append(
        (
            _("Présents"),
            ", ".join(" ".join(filter(None, [p["name"], p["note"] and f"({p['note']})"])) for p in content["present"]),
        )
    )
    parts.append(
        (_("Représentés"), ", ".join(f"{r['name']} ({r['by']})" if r["by"] else r["name"] for r in content["represented"]))
    )
    parts.append((_("Excusés"), ", ".join(content["excused"])))
    parts.append((_("Absents"), ", ".join(content["absent"])))
    following = content["next"] or {}
    parts.append(
        (_("Prochaine séance"), " · ".join(filter(None, [_told(following.get("starts_at", "")), following.get("place")])))
    )
    return parts


def corrected_in(passage: str, since: datetime, versions: Iterable[Any]) -> int:
    """The number of the first version made after `since` that changed this passage ("": anything); 0 when none did."""
    before = None
    for version in sorted(versions, key=lambda each: each.number):
        if before is not None and version.made_at >= since and _passage(before, passage) != _passage(version, passage):
            return int(version.number)
        before = version
    return 0


def _passage(version: Any, passage: str) -> Any:
    if not passage:
        return version.sha256
    return next((item["notes"] for item in version.content["items"] if item["key"] == passage), None)
