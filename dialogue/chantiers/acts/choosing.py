"""Candidates: put by a person, retained or set aside by a territorial council, opened as a chantier with what supports it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dialogue.chantiers import proof
from dialogue.chantiers.acts import life, links
from dialogue.chantiers.models import Candidate, Chantier
from dialogue.chantiers.rules import choosing as _rules  # noqa: F401  (declares the permissions)
from dialogue.chantiers.stages import CandidateStage, Reason
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date
from dialogue.territories.models import CalendarDate, Priority
from dialogue.territories.stages import DateKind, Precision

DECIDED = [CandidateStage.RETAINED, CandidateStage.SET_ASIDE]


class Outdated(Refused):
    """The note was rewritten by somebody else since it was shown; nothing is written."""


@act("chantiers.put_candidate", creates=True, record=("theme", "territory", "reason"))
def put_candidate(
    thing: None,
    *,
    by: Any,
    now: datetime,
    theme: Any,
    territory: Any,
    reason: Reason,
    note: str = "",
    contributions: Iterable[Any] = (),
) -> Candidate:
    """To examine. The counts suggest, a person puts; *structuring* rests on the contributions that this person chose.

    Raises Refused for many or few on a theme that is no priority of the pact, for a structuring project without any
    contribution, and when the same candidate stands already.
    """
    chosen = list(contributions)
    if reason == Reason.STRUCTURING and not chosen:
        raise Refused(_("Choisissez au moins une contribution qui porte ce projet."))
    if reason != Reason.STRUCTURING and not Priority.objects.filter(theme=theme, territory=territory).exists():
        raise Refused(_("Ce thème n’est pas une priorité du pacte de ce territoire : posez-la d’abord, ou signalez un projet structurant."))
    fields = {"theme": theme, "territory": territory, "reason": reason, "note": note.strip(), "put_by_id": by.pk, "put_at": now}
    try:
        with transaction.atomic():
            candidate = Candidate.objects.create(**fields)
    except IntegrityError:
        raise Refused(_("Ce candidat est déjà posé.")) from None
    candidate.contributions.set(chosen if reason == Reason.STRUCTURING else [])
    return candidate


@act("chantiers.change_candidate_note", come_from=[CandidateStage.TO_EXAMINE, CandidateStage.RETAINED])
def change_candidate_note(candidate: Candidate, *, by: Any, now: datetime, note: str, shown: str | None = None) -> None:
    """`shown`: the note that the form was made from; raises Outdated when it is no longer that."""
    if shown is not None and _same(shown) != _same(candidate.note):
        raise Outdated(_("Quelqu’un a réécrit cette note entre-temps. La vôtre n’est pas enregistrée : comparez, puis recommencez."))
    _write(candidate, note=note.strip())


def _same(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _write(candidate: Candidate, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(candidate, name, value)
    candidate.save(update_fields=list(fields))


@act("chantiers.announce_candidate", come_from=[CandidateStage.TO_EXAMINE], record=("council",))
def announce_candidate(candidate: Candidate, *, by: Any, now: datetime, council: CalendarDate | None = None) -> None:
    """Everyone reads, on the page of the contributions, that a council (that one, when it is known) will examine it."""
    if council is not None:
        _right_council(candidate, council)
    _write(candidate, is_announced=True, council=council)


@act("chantiers.stop_announcing_candidate", come_from=[CandidateStage.TO_EXAMINE])
def stop_announcing_candidate(candidate: Candidate, *, by: Any, now: datetime) -> None:
    """The coordination's alone again, until a council decides."""
    _write(candidate, is_announced=False, council=None)


def is_not_announced(candidate: Candidate, *, by: Any, now: datetime) -> str | None:
    if candidate.is_announced:
        return _("Il est annoncé au public : cessez d’abord de l’annoncer, ou laissez le conseil l’écarter avec un motif.")
    return None


@act("chantiers.withdraw_candidate", come_from=[CandidateStage.TO_EXAMINE], guards=[is_not_announced])
def withdraw_candidate(candidate: Candidate, *, by: Any, now: datetime) -> None:
    """Put by mistake, never told to anybody: it goes."""
    Candidate.objects.filter(pk=candidate.pk).delete()


# The council --------------------------------------------------------------------------------------------------------


def _right_council(candidate: Candidate, council: CalendarDate) -> None:
    if council.kind != DateKind.COUNCIL:
        raise Refused(_("Choisissez un conseil de territoire."))
    if council.territory_id not in (None, candidate.territory_id):
        raise Refused(_("Ce conseil est celui d’un autre territoire."))


def _council_day(candidate: Candidate, council: CalendarDate, now: datetime) -> date:
    """The day of the decision: that of the council, or today's when the calendar knows the month alone."""
    _right_council(candidate, council)
    today = local_date(now)
    if council.starts_on > today:
        raise Refused(_("Ce conseil ne s’est pas encore tenu."))
    return today if council.precision == Precision.MONTH else council.starts_on


def _decide(candidate: Candidate, stage: CandidateStage, council: CalendarDate, now: datetime, motive: str = "") -> None:
    """The row is held; stage, day and frozen numbers go in one UPDATE, as the constraints of the database want."""
    fields = {
        "stage": stage,
        "council": council,
        "motive": motive,
        "decided_on": _council_day(candidate, council, now),
        "evidence": proof.prove(candidate).as_json(),
    }
    _write(candidate, **fields)


@act("chantiers.retain_candidate", come_from=[CandidateStage.TO_EXAMINE], record=("council",))
def retain_candidate(candidate: Candidate, *, by: Any, now: datetime, council: CalendarDate) -> None:
    """The council wants a chantier; the evidence is frozen as it stood."""
    _decide(candidate, CandidateStage.RETAINED, council, now)


@act("chantiers.set_aside_candidate", come_from=[CandidateStage.TO_EXAMINE], record=("council",))
def set_aside_candidate(candidate: Candidate, *, by: Any, now: datetime, council: CalendarDate, motive: str) -> None:
    """The council does not want it, and says why to all."""
    if not motive.strip():
        raise Refused(_("Écrivez le motif : tout le monde le lira."))
    _decide(candidate, CandidateStage.SET_ASIDE, council, now, motive.strip())


@act("chantiers.reexamine_candidate", come_from=DECIDED)
def reexamine_candidate(candidate: Candidate, *, by: Any, now: datetime) -> None:
    """Back before the decision, while no chantier is open; the numbers are computed anew."""
    fields = {"stage": CandidateStage.TO_EXAMINE, "council": None, "motive": "", "decided_on": None, "evidence": {}}
    try:
        with transaction.atomic():
            _write(candidate, **fields)
    except IntegrityError:
        raise Refused(_("Le même candidat a été posé de nouveau entre-temps : examinez celui-là.")) from None


# The chantier -------------------------------------------------------------------------------------------------------


@act("chantiers.open_from_candidate", come_from=[CandidateStage.RETAINED])
def open_from_candidate(candidate: Candidate, *, by: Any, now: datetime, **facts: Any) -> Chantier:
    """Proposes the chantier (`facts`: those of `chantiers.propose`) with its reason, its numbers and its contributions, for good.

    The chantier then opens like any other (`chantiers.open`). Raises Refused as `propose` does.
    """
    if facts["theme"] != candidate.theme or candidate.territory not in facts["territories"]:
        raise Refused(_("Ce candidat porte sur un autre thème ou un autre territoire."))
    chantier = life.propose(by=by, now=now, **facts)
    _write(candidate, stage=CandidateStage.OPENED, chantier=chantier)
    links.carry(chantier, proof.contributions_of(candidate), by=by, now=now)
    return chantier


@act("chantiers.tie_candidate", come_from=[CandidateStage.RETAINED], record=("chantier",))
def tie_candidate(candidate: Candidate, *, by: Any, now: datetime, chantier: Chantier) -> None:
    """The chantier that it led to exists already (loaded with the frame, opened before the platform): it carries the contributions.

    Raises Refused for a chantier of another theme or territory, or that another candidate opened.
    """
    if chantier.theme_id != candidate.theme_id or not chantier.territories.filter(pk=candidate.territory_id).exists():
        raise Refused(_("Ce chantier porte sur un autre thème ou un autre territoire."))
    if Candidate.objects.filter(chantier=chantier).exists():
        raise Refused(_("Un autre candidat a déjà conduit à ce chantier."))
    _write(candidate, stage=CandidateStage.OPENED, chantier=chantier)
    links.carry(chantier, proof.contributions_of(candidate), by=by, now=now)
