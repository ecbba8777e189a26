"""The survey of the participants: opened, reminded, closed for good, its links destroyed. An answer is no act (see urn.py)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from dialogue.chantiers.letters.life import group_of
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.models.member import hash_of
from dialogue.chantiers.stages import Stage
from dialogue.evaluation import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.evaluation.letters import survey as letters
from dialogue.evaluation.models import Survey, SurveyToken
from dialogue.evaluation.results import answers_in
from dialogue.evaluation.stages import FEWEST, SurveyStage
from dialogue.ledger.acts import SYSTEM, Refused, act
from dialogue.ledger.clock import local_date
from dialogue.people.models import Person

#: Days that are left to answer, and days before the end on which those who have not answered are reminded.
SHORTEST, LONGEST, REMINDED_BEFORE = 7, 90, 4
#: Days after which the links are destroyed (docs/retention.yaml).
LINK_DAYS = 30


def enough_people(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    if len(group_of(chantier)) >= FEWEST:
        return None
    return _("Le groupe compte moins de cinq personnes : leurs réponses ne pourraient pas rester anonymes.")


@act(
    "evaluation.open_survey",
    come_from=[Stage.DELIVERED, Stage.COMPLETED],
    creates=True,
    guards=[enough_people],
    record=("closes_on",),
)
def open_survey(chantier: Chantier, *, by: Any, now: datetime, closes_on: date) -> Survey:
    """One link to each person who speaks for a member today, whatever their role."""
    today = local_date(now)
    if not today + timedelta(days=SHORTEST) <= closes_on <= today + timedelta(days=LONGEST):
        raise Refused(_("Laissez entre sept et quatre-vingt-dix jours pour répondre."))
    if Survey.objects.filter(chantier=chantier).exists():
        raise Refused(_("Les participants de ce chantier ont déjà été interrogés."))
    people = group_of(chantier)
    survey = Survey.objects.create(chantier=chantier, opened_at=now, closes_on=closes_on, asked=len(people))
    for person in people:
        token = SurveyToken(survey=survey, person=person)
        token.token_hash = hash_of(token.token)
        token.save()
        letters.invite(token, now=now)
    return survey


@act("evaluation.remind_survey", come_from=[SurveyStage.OPEN])
def remind_survey(survey: Survey, *, by: Any, now: datetime) -> None:
    """Once, to the links that have not served: the table of links says who, and knows nothing of what anybody answered."""
    if Survey.objects.filter(pk=survey.pk, reminded_at=None).update(reminded_at=now) != 1:
        raise Refused(_("L’enquête a déjà été rappelée."))
    for token in survey.tokens.filter(used=False).select_related("person"):
        letters.remind(token, now=now)


@act("evaluation.close_survey", come_from=[SurveyStage.OPEN], record=("answered",))
def close_survey(survey: Survey, *, by: Any, now: datetime, answered: int) -> None:
    """For good. `answered`: how many the caller counted; it is all that the register keeps of the answers. Raises Refused when one
    came in the meantime."""
    if answers_in(survey) != answered:
        raise Refused(_("Une réponse vient d’arriver : recommencez."))
    rows = Survey.objects.filter(pk=survey.pk, stage=SurveyStage.OPEN)
    if rows.update(stage=SurveyStage.CLOSED, closed_at=now, answered=answered) != 1:
        raise Refused(_("L’enquête est déjà close."))
    survey.stage, survey.closed_at, survey.answered = SurveyStage.CLOSED, now, answered


@act("evaluation.forget_survey", come_from=[SurveyStage.CLOSED])
def forget_survey(survey: Survey, *, by: Any, now: datetime) -> None:
    """Who was asked and whose link served: destroyed. The answers stay, as they are tied to nobody."""
    SurveyToken.objects.filter(survey=survey).delete()
    Survey.objects.filter(pk=survey.pk).update(forgotten_at=now)


@act("evaluation.forget_person")
def forget_person(person: Person, *, by: Any, now: datetime) -> None:
    """Their links. What they answered cannot be found, by anybody."""
    SurveyToken.objects.filter(person=person).delete()


def on_leaving(person: Person, *, by: Any, now: datetime) -> None:
    """For `people.hooks.on_leaving`."""
    if SurveyToken.objects.filter(person=person).exists():
        forget_person(person, by=SYSTEM, now=now)
