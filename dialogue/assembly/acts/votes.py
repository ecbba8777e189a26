"""What the assembly decided, as its secretariat records it; corrected with a motive, its history kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from dialogue.assembly import letters, matters
from dialogue.assembly import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.assembly.acts.fate import settle_chantier
from dialogue.assembly.acts.moves import motive_of, shift
from dialogue.assembly.models import FormerResolution, Proposition, Resolution
from dialogue.assembly.models.vote import ResolutionFacts
from dialogue.assembly.problems import problems_in
from dialogue.assembly.stages import COMES_BACK, DECISIVE, VOTED_FOR, Outcome, PropositionStage
from dialogue.chantiers.acts import life
from dialogue.chantiers.models import Chantier
from dialogue.ledger.acts import SYSTEM, Refused, act
from dialogue.ledger.clock import local_date

S = PropositionStage
#: What a vote says (ResolutionFacts), without the sum that the act makes.
FACTS = tuple(field.name for field in ResolutionFacts._meta.local_fields if field.name != "votes_cast")
#: A session may last some days; the délibération bears one of them.
LONGEST = timedelta(days=15)


class BadVote(Refused):
    """`errors`: field → sentences ("" for the whole): what a form shows beside each field."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        self.errors = errors
        super().__init__(*[sentence for sentences in errors.values() for sentence in sentences])


def facts_of(values: dict[str, Any], proposition: Proposition) -> dict[str, Any]:
    """The columns of a vote on `proposition` from what was typed, with the sum; raises BadVote for what cannot be."""
    facts: dict[str, Any] = {}
    for field in ResolutionFacts._meta.local_fields:
        if field.name in FACTS:
            value = values.get(field.name)
            value = "" if value is None and field.empty_strings_allowed else value
            facts[field.name] = value.strip() if isinstance(value, str) else value
    if facts["outcome"] != Outcome.ADOPTED_AMENDED:
        facts["adopted_text"] = ""
    if facts["outcome"] not in COMES_BACK:
        facts["reason"] = ""
    if problems := problems_in(facts, proposition.text):
        raise BadVote(problems)
    facts["outcome"] = Outcome(facts["outcome"])
    if facts["matter_code"]:
        facts["matter_code"], facts["matter_name"] = matters.find(facts["matter_code"]) or ("", "")
    counts = [facts["votes_for"], facts["votes_against"], facts["abstentions"]]
    facts["votes_cast"] = sum(counts) if None not in counts else None
    try:
        Resolution(**facts).clean_fields(exclude=["proposition", "session", "recorded_by", "recorded_at"])
    except ValidationError as error:
        raise BadVote(error.message_dict) from None
    return facts


def _in_session(facts: dict[str, Any], session: Any, now: datetime) -> None:
    """The day of the vote is one of the session's, and came."""
    if facts["date"] > local_date(now):
        raise BadVote({"date": [_("Cette date n’est pas encore venue : un vote s’enregistre quand il a eu lieu.")]})
    if not session.date <= facts["date"] <= session.date + LONGEST:
        raise BadVote({"date": [_("Cette date n’est pas celle de la séance.")]})


def _keep(**fields: Any) -> Resolution:
    try:
        with transaction.atomic():
            return Resolution.objects.create(**fields)
    except IntegrityError:
        raise BadVote({"number": [_("Ce numéro est celui d’une autre délibération, ou ce vote est déjà enregistré.")]}) from None


@act("assembly.record_vote", come_from=[S.TABLED], record=("outcome", "date"))
def record_vote(proposition: Proposition, *, by: Any, now: datetime, outcome: Outcome, date: date, **values: Any) -> Resolution:
    """Records what the session did: `values` are the other facts of a Resolution (number, matter, counts…).

    The group is told, and the authors of the contributions. Raises BadVote with the field at fault.
    """
    session = proposition.session
    facts = facts_of({"outcome": outcome, "date": date, "object": proposition.title} | values, proposition)
    _in_session(facts, session, now)
    common = {"proposition": proposition, "session": session, "recorded_by_id": by.pk, "recorded_at": now}
    resolution = _keep(**common, **facts)
    settled = resolution if outcome in DECISIVE else None
    shift(proposition, PropositionStage(outcome), resolution=settled)
    is_last = settle_chantier(proposition.chantier, by=by, now=now)
    letters.tell_vote(resolution, by=by, now=now, is_last=is_last)
    return resolution


@act("assembly.correct_vote", record=("outcome", "date"))
def correct_vote(
    resolution: Resolution,
    *,
    by: Any,
    now: datetime,
    motive: str,
    revision: int,
    outcome: Outcome,
    date: date,
    **values: Any,
) -> None:
    """A recorded vote says otherwise, for a reason; what it said before is kept. The group is told.

    Another outcome only while nothing came of the vote. Raises BadVote, or Refused when someone corrected it meanwhile.
    """
    motive = motive_of(motive, most=1000)
    facts = facts_of({"outcome": outcome, "date": date} | values, resolution.proposition)
    _in_session(facts, resolution.session, now)
    before = Resolution.objects.get(pk=resolution.pk)
    known = {name: getattr(before, name) for name in (*FACTS, "votes_cast")}
    if known == facts:
        raise Refused(_("Rien ne change dans ce qui est enregistré."))
    rows = Resolution.objects.filter(pk=resolution.pk, revision=revision)
    try:
        with transaction.atomic():
            _move_with(before, facts["outcome"])
            if rows.update(**facts, revision=F("revision") + 1, corrected_at=now) != 1:
                raise Refused(_("Quelqu’un a corrigé ce vote entre-temps : relisez-le."))
    except IntegrityError:
        raise BadVote({"number": [_("Ce numéro est celui d’une autre délibération.")]}) from None
    FormerResolution.objects.create(resolution=resolution, revision=revision, motive=motive, until=now, by_id=by.pk, **known)
    resolution.refresh_from_db()
    if known["outcome"] != facts["outcome"]:
        _revise_chantier(resolution.proposition, by=by, now=now)
    letters.tell_correction(resolution, motive, by=by, now=now, turned=known["outcome"] != facts["outcome"])


def _move_with(before: Resolution, outcome: str) -> None:
    """The proposition follows another outcome, while it stands where the vote had put it."""
    if outcome == before.outcome:
        return
    settled = before.pk if outcome in DECISIVE else None
    rows = Proposition.objects.filter(pk=before.proposition_id, stage=before.outcome, session=before.session_id)
    if rows.update(stage=outcome, resolution=settled) != 1:
        raise Refused(_("L’issue ne change plus : la suite de ce vote est déjà enregistrée."))
    before.proposition.refresh_from_db()


def _revise_chantier(proposition: Proposition, *, by: Any, now: datetime) -> None:
    """The chantier that was said without follow-up has one again, or the reverse."""
    proposition.refresh_from_db()
    chantier = Chantier.objects.get(pk=proposition.chantier_id)
    if chantier.no_follow_up_on and proposition.stage in {*VOTED_FOR, *COMES_BACK}:
        life.cancel_no_follow_up(chantier, by=SYSTEM, now=now)
    else:
        settle_chantier(chantier, by=by, now=now)
