"""Plain factories of propositions and votes (tests/factories.py hands them on: import them from there)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dialogue.assembly.models import AssemblySession, FormerResolution, Opinion, Proposition, Resolution
from dialogue.chantiers.models import Chantier
from dialogue.meetings.models import Decision, Meeting
from dialogue.meetings.stages import MeetingStage
from dialogue.people.models import Person
from dialogue.people.stages import Kind
from tests import factories as make


def make_decision(meeting: Meeting, by: Person, **fields: Any) -> Decision:
    last = Decision.objects.filter(chantier=meeting.chantier).order_by("-number").values_list("number", flat=True).first() or 0
    return Decision.objects.create(
        **{
            "chantier": meeting.chantier,
            "meeting": meeting,
            "number": last + 1,
            "text": "Trois cantines s’approvisionnent ensemble à partir de septembre 2018.",
            "by": by,
            "at": make.NOW,
        }
        | fields
    )


def make_held_meeting(chantier: Chantier, **fields: Any) -> Meeting:
    """A meeting that took place a fortnight ago."""
    starts = fields.pop("starts_at", make.NOW - timedelta(days=14))
    return make.make_meeting(chantier, **{"stage": MeetingStage.HELD, "starts_at": starts} | fields)


def make_session(**fields: Any) -> AssemblySession:
    """A plenary session of the last Monday of October 2017, unless said otherwise."""
    n = next(make.count)
    fields = {"date": date(2017, 10, 30) - timedelta(days=fields.pop("back", 0)), "title": f"Séance plénière {n}"} | fields
    return AssemblySession.objects.create(**{"kind": "plenary", "created_at": make.NOW, "members_count": 66} | fields)


#: What each stage of a proposition needs besides.
_WITH_SESSION = ("tabled", "adopted", "adopted_amended", "rejected", "adjourned", "referred_back", "in_pact", "no_follow_up")
_SETTLED = {stage: stage for stage in ("adopted", "adopted_amended", "rejected")} | {
    "in_pact": "adopted",
    "no_follow_up": "adopted",
}


def make_proposition(chantier: Chantier, *, stage: str = "drafting", **fields: Any) -> Proposition:
    """A proposition of a group in any stage, with the meeting, session and vote that this stage needs."""
    n = next(make.count)
    circle = "group" if stage == "drafting" else "partners"
    defaults: dict[str, Any] = {
        "number": n,
        "title": f"Proposition {n}",
        "text": "Le Département achète ses légumes à moins de 60 km.",
        "reasons": "Trois cantines cherchent des légumes.",
        "expected_effect": "Mille repas par jour.",
        "circle": circle,
        "created_at": make.NOW,
    }
    meeting = fields.pop("meeting", None)
    if stage not in {"drafting", "withdrawn"}:
        meeting = meeting or make_held_meeting(chantier, number=5000 + n % 25_000)
        defaults |= {"adopted_at_meeting": meeting, "adopted_by_group_on": date(2017, 10, 23)}
    if stage not in {"drafting", "adopted_by_group", "withdrawn"}:
        defaults["submitted_on"] = date(2017, 10, 24)
    if stage in {"withdrawn", "no_follow_up"}:
        defaults |= {"motive": "Le besoin n’existe plus.", "closed_on": make.TODAY}
    session = fields.pop("session", None)
    if stage in _WITH_SESSION:
        session = session or make_session(back=n % 200)
        defaults["session"] = session
        defaults["circle"] = chantier.circle
    outcome = _SETTLED.get(stage, stage if stage in {"adjourned", "referred_back"} else "")
    proposition = Proposition.objects.create(
        **defaults
        | {"chantier": chantier, "stage": "tabled" if outcome else stage}
        | fields
        | ({"motive": "", "closed_on": None} if outcome else {})
    )
    if outcome:
        _settle(proposition, stage, outcome, {name: defaults[name] for name in ("motive", "closed_on") if name in defaults})
    return proposition


def _settle(proposition: Proposition, stage: str, outcome: str, ends: dict[str, Any]) -> None:
    resolution = make_resolution(proposition, outcome=outcome)
    if stage == "in_pact":
        ends["in_pact_on"] = make.TODAY
    settles = resolution if stage in _SETTLED else None
    Proposition.objects.filter(pk=proposition.pk).update(stage=stage, resolution=settles, **ends)
    proposition.refresh_from_db()


def make_resolution(proposition: Proposition, **fields: Any) -> Resolution:
    outcome = fields.get("outcome", "adopted")
    ayes, noes = (20, 40) if outcome == "rejected" else (58, 4)
    facts: dict[str, Any] = {"votes_for": ayes, "votes_against": noes, "abstentions": 2, "votes_cast": ayes + noes + 2}
    if outcome in {"adopted", "adopted_amended", "rejected"}:
        facts |= {"number": f"CD-{next(make.count)}", "matter_code": "7.5", "matter_name": "Finances locales/Subventions"}
    if outcome == "adopted_amended":
        facts["adopted_text"] = "Le Département achète ses légumes à moins de 80 km."
    return Resolution.objects.create(
        **facts
        | {
            "proposition": proposition,
            "session": proposition.session,
            "date": proposition.session.date,
            "object": proposition.title,
            "outcome": outcome,
            "recorded_at": make.NOW,
        }
        | fields
    )


def make_former_resolution(resolution: Resolution, **fields: Any) -> FormerResolution:
    names = {field.name for field in FormerResolution._meta.local_fields} - {"id", "revision"}
    known = {name: getattr(resolution, name) for name in names if hasattr(resolution, name)}
    return FormerResolution.objects.create(
        **known | {"resolution": resolution, "revision": 0, "motive": "Faute de frappe.", "until": make.NOW} | fields
    )


def make_opinion(proposition: Proposition, **fields: Any) -> Opinion:
    service = fields.pop("service", None) or make.make_organisation(name=f"Direction {next(make.count)}", kind=Kind.DIRECTORATE)
    return Opinion.objects.create(**{"proposition": proposition, "service": service, "asked_at": make.NOW} | fields)
