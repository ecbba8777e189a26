"""What is mailed of a survey: the single-use link, and one reminder to the links that have not served.

The link is written when the mail leaves (mailer/secrets.py): letters are kept for weeks, beside the name of their reader.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.evaluation.models import SurveyToken
from dialogue.mailer import kinds, outbox, secrets
from dialogue.mailer.models import Letter

kinds.register("evaluation.survey", label=_("Enquêtes anonymes auprès des participants d’un chantier"), default="immediate")


def _token(letter: Letter, number: int) -> str | None:
    """The link of the reader of the letter, and of nobody else."""
    found = SurveyToken.objects.filter(pk=number, person=letter.person_id).first()
    return found.token if found else None


secrets.register("enquete", _token)

SUBJECTS: dict[str, Any] = {
    "asked": _("Votre avis, sans votre nom, sur le chantier : {title}"),
    "reminded": _("Il vous reste quelques jours pour donner votre avis : {title}"),
}


def invite(token: SurveyToken, *, now: datetime) -> None:
    _send("asked", token, now)


def remind(token: SurveyToken, *, now: datetime) -> None:
    _send("reminded", token, now)


def _send(event: str, token: SurveyToken, now: datetime) -> None:
    survey = token.survey
    outbox.send(
        "evaluation.survey",
        token.person,
        subject=format_lazy(SUBJECTS[event], title=survey.chantier.title),
        template="evaluation/mail/survey",
        context={
            "event": event, "survey": survey, "chantier": survey.chantier,
            "path": reverse("evaluation:answer", args=[secrets.mark("enquete", token.pk)]),
        },
        now=now,
        space=survey.chantier.ledger_space,
        thread=f"survey-{survey.pk}",
        dedupe=f"survey-{survey.pk}-{event}",
    )  # fmt: skip
