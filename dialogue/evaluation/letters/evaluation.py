"""What is mailed of an evaluation: published or corrected, of a chantier or of the whole process; and the lead reminded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.letters.life import followers_of, group_of
from dialogue.chantiers.models import Chantier, Representative
from dialogue.chantiers.stages import Role
from dialogue.evaluation.models import Evaluation, EvaluationVersion, ProcessEdition, ProcessEvaluation
from dialogue.ledger.clock import local_date
from dialogue.mailer import kinds, outbox
from dialogue.people.models import Person
from dialogue.people.stages import AccountStage, Circle

kinds.register("evaluation.published", label=_("Évaluations publiées"), default="digest")
kinds.register("evaluation.to_complete", label=_("Rappel : évaluation d’un chantier à compléter"), default="immediate")


def partners() -> list[Person]:
    """Everyone whose account is validated."""
    return list(Person.objects.active().filter(stage=AccountStage.VALIDATED))


def tell_published(evaluation: Evaluation, version: EvaluationVersion, *, by: Any, now: datetime) -> None:
    """The group, those who follow the chantier, and every partner: it waits for their digest. A correction is told to the group and
    the followers alone."""
    chantier = evaluation.chantier
    people = {person.pk: person for person in group_of(chantier)}
    people |= {p.pk: p for p in followers_of(chantier) if evaluation.circle == Circle.PUBLIC or p.is_partner}
    if version.number == 1:
        people |= {person.pk: person for person in partners()}
    subject = _("Évaluation publiée : {title}") if version.number == 1 else _("Évaluation corrigée : {title}")
    for person in people.values():
        if person.pk == getattr(by, "pk", None):
            continue
        outbox.send(
            "evaluation.published",
            person,
            subject=format_lazy(subject, title=chantier.title),
            template="evaluation/mail/published",
            context={
                "chantier": chantier, "version": version, "content": version.content, "path": evaluation.get_absolute_url(),
            },
            now=now,
            space=chantier.ledger_space,
            thread=f"evaluation-{evaluation.pk}",
            dedupe=f"evaluation-{evaluation.pk}-v{version.number}",
        )  # fmt: skip


def tell_process(process: ProcessEvaluation, edition: ProcessEdition, *, by: Any, now: datetime) -> None:
    for person in partners():
        if person.pk == getattr(by, "pk", None):
            continue
        outbox.send(
            "evaluation.published",
            person,
            subject=format_lazy(_("Évaluation de la démarche {year}, {number}"), year=process.year, number=_edition(edition)),
            template="evaluation/mail/process",
            context={"process": process, "edition": edition, "path": process.get_absolute_url()},
            now=now,
            thread=f"evaluation-demarche-{process.year}",
            dedupe=f"process-{process.year}-{edition.number}",
        )


def _edition(edition: ProcessEdition) -> Any:
    return format_lazy(_("édition n° {n}"), n=edition.number)


def remind_lead(chantier: Chantier, *, unrated: list[str], is_written: bool, now: datetime) -> int:
    """Those who speak for the lead directorate, once a day at most; returns how many letters were queued."""
    speakers = Representative.objects.active().filter(member__chantier=chantier, member__role=Role.LEAD)
    sent = [
        outbox.send(
            "evaluation.to_complete",
            person,
            subject=format_lazy(_("Évaluation à compléter : {title}"), title=chantier.title),
            template="evaluation/mail/to_complete",
            context={
                "chantier": chantier, "unrated": unrated, "is_written": is_written,
                "path": reverse("evaluation:write", args=[chantier.slug]),
            },
            now=now,
            space=chantier.ledger_space,
            thread=f"evaluation-{chantier.slug}",
            dedupe=f"evaluation-{chantier.pk}-{local_date(now).isoformat()}",
        )
        for person in Person.objects.active().filter(pk__in=speakers.values("person_id"))
    ]  # fmt: skip
    return sum(letter is not None for letter in sent)
