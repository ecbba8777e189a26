"""What became of a contribution, step by step, as its author reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dialogue.contributions import hooks
from dialogue.contributions.letters.deposit import read_by
from dialogue.contributions.models import Contribution
from dialogue.contributions.stages import Outcome, Stage
from dialogue.ledger.clock import local_date
from dialogue.ledger.models import Entry

DONE, NOW, NEXT = "done", "now", "next"
#: Nothing more is to come after these.
ENDED = {Stage.ANSWERED, Stage.INADMISSIBLE, Stage.WITHDRAWN, Stage.MERGED}


@dataclass
class Step:
    """`state`: done, now or next; `text` may be longer than a line (a motive, an answer)."""

    title: str
    state: str
    on: date | None = None
    text: str = ""
    url: str = ""
    icon: str = "n6"


def steps_of(row: Contribution, reader: Any) -> list[Step]:
    """Received → … → what became of it; then what comes next, with its promised day. Three queries, and those of the rooms above."""
    steps = [*_passed(row), *_followups(row, reader)]
    if row.stage == Stage.DRAFT:
        return [Step(_("Brouillon, pas encore envoyé"), NOW, icon="n2")]
    steps[-1].state = NOW if row.stage in ENDED or row.stage == Stage.TO_COMPLETE else DONE
    return steps + _coming(row)


def _passed(row: Contribution) -> list[Step]:
    entries = Entry.objects.filter(thing_type=row._meta.label_lower, thing_id=row.pk).exclude(stage_to="").order_by("at", "pk")
    steps = [Step(_("Reçue"), DONE, local_date(row.received_at or row.written_at), _("Sous le n° %(n)d.") % {"n": row.number})]
    seen = Stage.RECEIVED
    for code, at in entries.values_list("stage_to", "at"):
        if code != seen and code in Stage.values and code != Stage.DRAFT:
            steps.append(_step(row, Stage(code), local_date(at)))
            seen = Stage(code)
    if row.stage not in {seen, Stage.DRAFT}:
        steps.append(_step(row, Stage(row.stage), None))
    return steps


def _step(row: Contribution, stage: Stage, on: date | None) -> Step:
    """A stage that was reached. The words that belong to the present state are told there only."""
    is_now = stage == row.stage
    titles = {
        Stage.RECEIVED: _("Complétée, relue de nouveau"),
        Stage.ADMISSIBLE: _("Relue et acceptée"),
        Stage.TO_COMPLETE: _("Il manque quelque chose"),
        Stage.INADMISSIBLE: _("Elle n’a pas pu être retenue"),
        Stage.QUALIFIED: _("Classée"),
        Stage.LINKED: _("Reprise dans le pacte du territoire") if row.outcome == Outcome.PACT else _("Reprise dans un chantier"),
        Stage.REFERRED: _("Orientée vers une aide ou un service"),
        Stage.CLOSED: _("Sans suite : la réponse s’écrit"),
        Stage.ANSWERED: _("Réponse envoyée"),
        Stage.WITHDRAWN: _("Retirée par son auteur"),
        Stage.MERGED: _("Regroupée avec une autre"),
    }
    step = Step(titles[stage], DONE, on)
    if stage == Stage.QUALIFIED:
        step.text = " · ".join(str(part) for part in (row.theme, row.territory) if part)
    elif stage == Stage.ANSWERED:
        step.text = row.answer
    elif is_now and stage in {Stage.TO_COMPLETE, Stage.INADMISSIBLE}:
        step.text, step.icon = row.motive, "alerte" if stage == Stage.TO_COMPLETE else "n6"
    elif stage == Stage.MERGED and row.merged_into:
        step.text = _("Avec la contribution n° %(n)d : « %(title)s ». Vous en êtes aussi l’auteur.") % {
            "n": row.merged_into.number,
            "title": row.merged_into.title,
        }
    return step


def _followups(row: Contribution, reader: Any) -> list[Step]:
    found = [each for source in hooks.followups for each in source(row, reader)]
    return [Step(_plain(each.sentence), DONE, each.on, url=each.url, icon=each.icon) for each in found]


def _plain(sentence: str | Promise) -> str:
    return str(sentence)


def _coming(row: Contribution) -> list[Step]:
    """What is still promised."""
    if row.stage in ENDED:
        return []
    if row.stage == Stage.TO_COMPLETE:
        return [Step(_("Vous la complétez"), NEXT, text=_("Elle sera relue de nouveau."), icon="n2")]
    coming = []
    if row.stage == Stage.RECEIVED:
        coming.append(Step(_("Relecture"), NOW, read_by(row), _("L’équipe lit chaque contribution."), icon="n3"))
    coming.append(Step(_("Réponse"), NEXT if coming else NOW, row.due_on, _("Promise au plus tard ce jour-là."), icon="n1"))
    return coming
