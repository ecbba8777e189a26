"""The answer: written, then sent. None ends without one (product.md, "Contributions")."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.contributions.acts.rows import write
from dialogue.contributions.acts.sorting_change import change, expect, not_held_by_another, words
from dialogue.contributions.answers import left_places, unknown_places
from dialogue.contributions.letters import answers as letters
from dialogue.contributions.models import AnswerTemplate, Contribution, SortingChange
from dialogue.contributions.rules import sorting as _rules  # noqa: F401  (declares the permissions)
from dialogue.contributions.stages import TO_ANSWER, Outcome, Stage
from dialogue.ledger.acts import Refused, act

LONGEST = 4000
#: From which a contribution may be taken by a chantier: nobody need have sorted it first.
LINKABLE = [Stage.RECEIVED, Stage.ADMISSIBLE, Stage.QUALIFIED]
ANSWERABLE = [Stage.ADMISSIBLE, Stage.QUALIFIED]


def _answer(text: str) -> str:
    text = words(text, LONGEST, _("Écrivez la réponse : son auteur la lira."))
    if left := left_places(text):
        raise Refused(_("Remplacez %(what)s par des mots.") % {"what": ", ".join(left)})
    return text


@act("contributions.refer", come_from=ANSWERABLE, guards=[not_held_by_another])
def refer(
    contribution: Contribution,
    *,
    by: Any,
    now: datetime,
    answer: str,
    revision: int | None = None,
    group: uuid.UUID | None = None,
) -> None:
    """An aid or a service already does it; the answer says which."""
    expect(contribution, revision)
    fields = {"stage": Stage.REFERRED, "outcome": Outcome.REFERRED, "answer": _answer(answer)}
    change(contribution, "contributions.refer", by=by, now=now, group=group, **fields)


@act("contributions.close", come_from=ANSWERABLE, guards=[not_held_by_another])
def close(
    contribution: Contribution,
    *,
    by: Any,
    now: datetime,
    answer: str,
    revision: int | None = None,
    group: uuid.UUID | None = None,
) -> None:
    """Nothing more will be done of it; the answer says why."""
    expect(contribution, revision)
    fields = {"stage": Stage.CLOSED, "outcome": Outcome.CLOSED, "answer": _answer(answer)}
    change(contribution, "contributions.close", by=by, now=now, group=group, **fields)


@act("contributions.mark_linked", come_from=LINKABLE)
def mark_linked(
    contribution: Contribution, *, by: Any, now: datetime, answer: str, group: uuid.UUID | None = None
) -> None:
    """A chantier takes it (the room above keeps which); `answer` is what its author will read. It goes on even when an agent
    has the contribution open: their form will show that it changed."""
    fields = {"stage": Stage.LINKED, "outcome": Outcome.LINKED, "answer": _answer(answer)}
    change(contribution, "contributions.mark_linked", by=by, now=now, group=group, **fields)


@act("contributions.unlink", come_from=[Stage.LINKED])
def unlink(contribution: Contribution, *, by: Any, now: datetime) -> None:
    """The chantier gives it back, before its author was told: it is again what it was before `mark_linked`."""
    made = SortingChange.objects.filter(contribution=contribution, act="contributions.mark_linked", undone_at=None).first()
    stage = made.before["stage"] if made else Stage.QUALIFIED if contribution.qualified_at else Stage.ADMISSIBLE
    before = made.before["answer"] if made else ""
    change(contribution, "contributions.unlink", by=by, now=now, stage=stage, outcome="", answer=before)
    if made is not None:
        SortingChange.objects.filter(pk=made.pk).update(undone_at=now)


@act("contributions.change_answer", come_from=TO_ANSWER, guards=[not_held_by_another])
def change_answer(
    contribution: Contribution, *, by: Any, now: datetime, answer: str, revision: int | None = None
) -> None:
    """Other words, before they leave."""
    expect(contribution, revision)
    change(contribution, "contributions.change_answer", by=by, now=now, answer=_answer(answer))


def has_an_answer(contribution: Contribution, *, by: Any, now: datetime) -> str | None:
    """A guard."""
    return None if contribution.answer.strip() else _("La réponse n’est pas encore écrite.")


@act("contributions.send_answer", come_from=TO_ANSWER, guards=[not_held_by_another, has_an_answer])
def send_answer(contribution: Contribution, *, by: Any, now: datetime, group: uuid.UUID | None = None) -> int:
    """The answer leaves to its author, and to those whose contribution was merged into it; without any address it is recorded,
    and shown on the page of the contribution. Returns how many letters leave."""
    outcome = contribution.outcome
    made = change(
        contribution,
        "contributions.send_answer",
        by=by,
        now=now,
        group=group,
        letter="answer",
        stage=Stage.ANSWERED,
        answered_at=now,
    )
    sent = [letters.tell(outcome, contribution, now=now, dedupe=made.letter, quote=contribution.answer)]
    for merged in merged_into(contribution):
        write(merged, answer=contribution.answer, answered_at=now, outcome=outcome)
        sent.append(letters.tell(outcome, merged, now=now, dedupe=made.letter, quote=contribution.answer))
    return sum(letter is not None for letter in sent)


def merged_into(contribution: Contribution) -> list[Contribution]:
    """Those merged into it, and into those; a merged one is always younger, so that this ends."""
    found: list[Contribution] = []
    level = [contribution.pk]
    while level:
        rows = list(Contribution.objects.filter(merged_into__in=level).select_related("person").order_by("number"))
        found += rows
        level = [row.pk for row in rows]
    return found


def _template(title: str, text: str) -> dict[str, str]:
    text = words(text, LONGEST, _("Écrivez le texte du modèle."))
    if unknown := unknown_places(text):
        raise Refused(_("%(what)s ne veut rien dire ici.") % {"what": ", ".join(unknown)})
    return {"title": words(title, 120, _("Donnez un nom au modèle.")), "text": text}


@act("contributions.write_template", creates=True)
def write_template(_none: None = None, *, by: Any, now: datetime, kind: str, title: str, text: str) -> AnswerTemplate:
    return AnswerTemplate.objects.create(kind=kind, changed_by_id=by.pk, **_template(title, text))


@act("contributions.change_template")
def change_template(template: AnswerTemplate, *, by: Any, now: datetime, kind: str, title: str, text: str) -> None:
    """What was sent with it does not change."""
    fields = _template(title, text)
    AnswerTemplate.objects.filter(pk=template.pk).update(kind=kind, changed_by_id=by.pk, **fields)
    template.refresh_from_db()


@act("contributions.delete_template")
def delete_template(template: AnswerTemplate, *, by: Any, now: datetime) -> None:
    AnswerTemplate.objects.filter(pk=template.pk).delete()
