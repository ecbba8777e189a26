"""The evaluation of the whole process, year by year: prepared, then frozen in public editions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.evaluation import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.evaluation.edition import edition_content
from dialogue.evaluation.letters import evaluation as letters
from dialogue.evaluation.models import ProcessEdition, ProcessEvaluation
from dialogue.evaluation.stages import ProcessStage
from dialogue.formats.json import seal
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date

YEARS = range(2000, 2101)


@act("evaluation.prepare_process", creates=True, record=("year",))
def prepare_process(thing: None, *, by: Any, now: datetime, year: int) -> ProcessEvaluation:
    """The evaluation of a year, over its calendar days until told otherwise."""
    if year not in YEARS or year > local_date(now).year:
        raise Refused(_("Choisissez une année passée ou l’année en cours."))
    if ProcessEvaluation.objects.filter(year=year).exists():
        raise Refused(_("L’évaluation de cette année existe déjà."))
    return ProcessEvaluation.objects.create(year=year, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))


@act("evaluation.save_process", record=("starts_on", "ends_on"))
def save_process(
    process: ProcessEvaluation,
    *,
    by: Any,
    now: datetime,
    starts_on: date,
    ends_on: date,
    introduction: str,
    lessons: str,
    seen_at: datetime | None = None,
) -> None:
    """Period and words of the next edition. `seen_at`: when the text that one corrects was written; raises Refused if another was
    written since."""
    if ends_on < starts_on:
        raise Refused(_("La période finit après avoir commencé."))
    rows = ProcessEvaluation.objects.filter(pk=process.pk, edited_at=seen_at)
    words = {"introduction": introduction.strip()[:6000], "lessons": lessons.strip()[:6000]}
    if rows.update(starts_on=starts_on, ends_on=ends_on, edited_at=now, edited_by=by, **words) != 1:
        raise Refused(
            _("Quelqu’un a écrit en même temps que vous : copiez votre texte, rechargez la page, puis réunissez les deux.")
        )
    process.refresh_from_db()


def words_are_written(process: ProcessEvaluation, *, by: Any, now: datetime) -> str | None:
    if process.introduction.strip() and process.lessons.strip():
        return None
    return _("Écrivez ce que cette évaluation regarde, et ce que vous en retenez.")


def period_is_over(process: ProcessEvaluation, *, by: Any, now: datetime) -> str | None:
    """Figures of days to come would be invented, and the last day is not over on its own day."""
    return None if process.ends_on < local_date(now) else _("La période n’est pas finie : publiez après son dernier jour.")


@act("evaluation.publish_process", guards=[words_are_written, period_is_over])
def publish_process(process: ProcessEvaluation, *, by: Any, now: datetime, change_note: str = "") -> ProcessEdition:
    """Freezes what everybody may read today in a numbered, sealed edition. The next ones say what changes."""
    # The row is held: of two who publish at once, the second has to say what it changes.
    ProcessEvaluation.objects.filter(pk=process.pk).update(stage=ProcessStage.PUBLISHED, published_at=now)
    process.refresh_from_db()
    last = process.editions.order_by("-number").first()
    number = last.number + 1 if last else 1
    if number > 1 and not change_note.strip():
        raise Refused(_("Dites ce qui change et pourquoi : cette phrase est publiée avec la nouvelle édition."))
    content = edition_content(process)
    if last and last.sha256 == seal(content):
        raise Refused(_("Rien n’a changé depuis la dernière édition."))
    edition = ProcessEdition.objects.create(
        process=process, number=number, content=content, sha256=seal(content), made_at=now, made_by=by,
        change_note=change_note.strip()[:500] if number > 1 else "",
    )  # fmt: skip
    letters.tell_process(process, edition, by=by, now=now)
    return edition
