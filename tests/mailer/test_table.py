"""The table of docs/notifications.md says what the rooms declare, and what a partner who does nothing gets."""

from __future__ import annotations

import re
from pathlib import Path

from django.urls import get_resolver
from django.utils.translation import override

from dialogue.mailer import kinds, periodic

TABLE = Path(__file__).resolve().parent.parent.parent / "docs" / "notifications.md"
ROW = re.compile(r"^\| `([\w.]+)` \| (.+?) \| (.+?) \| (at once|digest|never) \| (yes|no) \|$", re.MULTILINE)
WHEN = {"immediate": "at once", "digest": "digest", "never": "never"}
#: At once, and refusable, for somebody who holds no charge and follows nothing: the path of a meeting and
#: of a deliverable, the vote on what their group proposed, what names or answers them.
FOR_A_QUIET_PARTNER = {
    "assembly.outcome",
    "deliverables.submitted",
    "deliverables.published",
    "meetings.convened",
    "meetings.poll",
    "meetings.reminder",
    "meetings.minutes_to_check",
    "meetings.minutes_published",
    "evaluation.survey",
    "discussion.mention",
    "discussion.answer",
    "people.organisation_answered",
    # Twice a year, at the council: what their own group tells, and the partners it calls for.
    "restitution.point_published",
    "logbook.answered",
    "logbook.yours",
}
#: At once for those who hold a charge, or who asked to follow.
BY_CHARGE_OR_CHOICE = {
    "deliverables.waiting",
    "assembly.opinion_request",
    "chantiers.join_asked",
    "chantiers.invitation_answered",
    "chantiers.weather_reminder",
    "discussion.followed",
    "evaluation.to_complete",
    "inbox.waiting",
    "meetings.declined",
    "meetings.minutes_waiting",
    "meetings.poll_answered",
    "people.office_changed",
}


def declared() -> list[kinds.Kind]:
    """The kinds of every room: they are declared as its pages and its periodic work are loaded."""
    assert get_resolver().url_patterns
    periodic.discover()
    return [kind for code, kind in sorted(kinds.REGISTRY.items()) if not code.startswith("tests.")]


def test_the_table_says_what_is_declared():
    rows = {code: (label, when, necessary) for code, label, _to, when, necessary in ROW.findall(TABLE.read_text("utf-8"))}
    with override("fr"):
        expected = {kind.code: (str(kind.label), WHEN[kind.default], "yes" if kind.mandatory else "no") for kind in declared()}
    assert rows == expected


def test_whoever_does_nothing_is_disturbed_by_meetings_and_by_what_concerns_them_alone():
    at_once = {kind.code for kind in declared() if kind.default == "immediate" and not kind.mandatory}
    assert at_once == FOR_A_QUIET_PARTNER | BY_CHARGE_OR_CHOICE
