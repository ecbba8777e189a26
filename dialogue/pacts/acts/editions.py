"""The yearly update of a pact: prepared from the data in one click, written, adopted and frozen, published, corrected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from dialogue.assembly.models import Resolution
from dialogue.formats.json import seal
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date
from dialogue.pacts import letters
from dialogue.pacts import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.pacts.acts.lines import enter_all, line_up, take_in
from dialogue.pacts.acts.words import Outdated, cleaned, expect
from dialogue.pacts.content import content_of
from dialogue.pacts.missing import last_vote_in, no_longer_voted
from dialogue.pacts.models import EditionLine, Pact, PactAction, PactEdition
from dialogue.pacts.models.action import FIRST_YEAR, HELD, LAST_YEAR
from dialogue.pacts.report import Year, drafted
from dialogue.pacts.stages import FROZEN, EditionStage
from dialogue.territories.models import Territory
from dialogue.ui.dates import long_day

INTRODUCTION, REPORT, NOTE = 6000, 12_000, 1000


@act("pacts.open_pact", creates=True, record=("territory",))
def open_pact(_none: None = None, *, by: Any, now: datetime, territory: Territory, introduction: str = "") -> Pact:
    """The pact of a territory; the one that exists already, if it does. Nobody reads it before an edition is published.

    Raises Outdated when somebody else opened it with other words.
    """
    words = cleaned(introduction, INTRODUCTION)
    facts = {"introduction": words, "opened_at": now, "revision": int(bool(words))}
    pact, _is_new = Pact.objects.get_or_create(territory=territory, defaults=facts)
    if words and pact.introduction != words:
        raise Outdated
    return pact


@act("pacts.write_pact")
def write_pact(pact: Pact, *, by: Any, now: datetime, introduction: str, revision: int | None = None) -> None:
    """The project of the territory, which each edition takes up; those that exist already keep their words."""
    _hold(pact)
    pact.refresh_from_db(fields=["introduction", "revision"])
    expect(pact, revision)
    pact.introduction = cleaned(introduction, INTRODUCTION)
    pact.revision += 1
    pact.save(update_fields=["introduction", "revision"])


# Prepared ---------------------------------------------------------------------------------------------------------------


def _hold(pact: Pact) -> None:
    """Two people at once: one after the other, until the end of the transaction."""
    Pact.objects.filter(pk=pact.pk).update(opened_at=F("opened_at"))


@act("pacts.prepare_edition", creates=True, record=("year",))
def prepare_edition(pact: Pact, *, by: Any, now: datetime, year: int) -> PactEdition:
    """The operational part of `year`: takes in the propositions voted, carries on the actions not done, drafts the report.

    Raises Refused while another edition is being prepared, and for a year that the pact has already.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(_("Cette année n’est pas possible."))
    _hold(pact)
    last = pact.editions.order_by("-year", "-number").first()
    if pact.editions.filter(stage=EditionStage.DRAFT).exists():
        raise Refused(_("Une actualisation de ce pacte est déjà en préparation."))
    if last is not None and last.year >= year:
        raise Refused(_("Le pacte de %(year)d est déjà adopté : corrigez-le plutôt.") % {"year": last.year})
    facts = {"introduction": last.introduction if last else pact.introduction, "prepared_at": now, "prepared_by_id": by.pk}
    edition = PactEdition.objects.create(pact=pact, year=year, **facts)
    _gather(edition, by=by, now=now, redraft=True)
    return edition


def _gather(edition: PactEdition, *, by: Any, now: datetime, redraft: bool) -> int:
    """Returns how many propositions became actions."""
    taken = take_in(edition, by=by, now=now)
    line_up(edition)
    year = Year(edition.pact, edition.report_year, local_date(now))
    edition.figures = year.figures
    if redraft:
        edition.report = drafted(year)[:REPORT]
    edition.revision += 1
    edition.save(update_fields=["figures", "report", "revision"])
    return taken


@act("pacts.refresh_edition", come_from=[EditionStage.DRAFT])
def refresh_edition(edition: PactEdition, *, by: Any, now: datetime, redraft: bool = False) -> int:
    """What was voted or ended since it was prepared. Texts stay as they were written, but for the report with `redraft`.

    Returns how many propositions became actions.
    """
    return _gather(edition, by=by, now=now, redraft=redraft)


@act("pacts.write_edition", come_from=[EditionStage.DRAFT])
def write_edition(
    edition: PactEdition,
    *,
    by: Any,
    now: datetime,
    introduction: str,
    report: str,
    notes: Mapping[int, str],
    change_note: str = "",
    revision: int | None = None,
) -> None:
    """The texts of a draft; `notes`: where each action is, by the number of the action."""
    expect(edition, revision)
    edition.introduction = cleaned(introduction, INTRODUCTION)
    edition.report = cleaned(report, REPORT)
    edition.change_note = cleaned(change_note, 500)
    edition.revision += 1
    edition.save(update_fields=["introduction", "report", "change_note", "revision"])
    lines = list(edition.lines.filter(action__number__in=list(notes)).select_related("action"))
    for line in lines:
        line.note = cleaned(notes[line.action.number], NOTE)
    EditionLine.objects.bulk_update(lines, ["note"])


@act("pacts.discard_edition", come_from=[EditionStage.DRAFT])
def discard_edition(edition: PactEdition, *, by: Any, now: datetime) -> None:
    """It will not be adopted. The actions that it took in by itself, that nobody changed and that stand nowhere else, go with
    it; propositions stay voted."""
    mine = PactAction.objects.filter(taken_in_by=edition, revision=0, published_on=None, contribution_links=None)
    adopted = EditionLine.objects.filter(edition__stage__in=FROZEN)
    keys = list(mine.exclude(lines__in=adopted).values_list("pk", flat=True))
    PactEdition.objects.filter(pk=edition.pk).delete()
    PactAction.objects.filter(pk__in=keys).delete()


# Adopted, published, corrected --------------------------------------------------------------------------------------------


def introduction_is_written(edition: PactEdition, *, by: Any, now: datetime) -> str | None:
    return None if edition.introduction.strip() else _("L’introduction est vide.")


def report_is_written(edition: PactEdition, *, by: Any, now: datetime) -> str | None:
    """The first edition of a pact has no year behind it; the others do."""
    if edition.report.strip() or not PactEdition.objects.filter(pact=edition.pact_id, year__lt=edition.year).exists():
        return None
    return _("Le bilan de %(year)d est vide.") % {"year": edition.report_year}


def holds_an_action(edition: PactEdition, *, by: Any, now: datetime) -> str | None:
    return None if edition.lines.exists() else _("Aucune action n’y figure.")


def propositions_are_voted(edition: PactEdition, *, by: Any, now: datetime) -> str | None:
    """A vote may be corrected, or a proposition given up, while the edition is prepared."""
    lines = edition.lines.filter(action__proposition__isnull=False).exclude(action__proposition__stage__in=HELD)
    fallen = [no_longer_voted(line.action) for line in lines.select_related("action__proposition").order_by("action__number")]
    return " ".join(fallen) or None


def correction_says_why(edition: PactEdition, *, by: Any, now: datetime) -> str | None:
    is_silent = edition.number > 1 and not edition.change_note.strip()
    return _("Dites ce que cette correction change, et pourquoi.") if is_silent else None


@act(
    "pacts.adopt_edition",
    come_from=[EditionStage.DRAFT],
    guards=[introduction_is_written, report_is_written, holds_an_action, propositions_are_voted, correction_says_why],
    record=("adopted_on", "resolution"),
)
def adopt_edition(
    edition: PactEdition,
    *,
    by: Any,
    now: datetime,
    adopted_on: date,
    resolution: Resolution | None = None,
    resolution_words: str = "",
) -> None:
    """The assembly adopted it (the platform records, it never votes): frozen and sealed. The voted propositions that it carries
    are in the pact from this day on."""
    if adopted_on > local_date(now):
        raise Refused(_("Cette date n’est pas encore venue : indiquez une date passée ou celle d’aujourd’hui."))
    if (voted := last_vote_in(edition)) and adopted_on < voted:
        said = _("Cette édition contient une proposition votée le %(day)s : elle n’a pas pu être adoptée avant.")
        raise Refused(said % {"day": long_day(voted)})
    if resolution is not None and resolution.date != adopted_on:
        raise Refused(_("La délibération choisie n’est pas de ce jour."))
    words = cleaned(resolution_words, 200)
    enter_all(edition, by=by, now=now, on=adopted_on)
    line_up(edition)
    # Said by the content too, so that the seal holds them: a vote may be corrected later.
    edition.adopted_on, edition.resolution, edition.resolution_words = adopted_on, resolution, words
    content = content_of(edition)
    # In one UPDATE with the stage: the database wants the seal and the adoption together.
    PactEdition.objects.filter(pk=edition.pk).update(
        stage=EditionStage.ADOPTED,
        adopted_on=adopted_on,
        resolution=resolution,
        resolution_words=words,
        content=content,
        sha256=seal(content),
    )
    edition.refresh_from_db()


@act("pacts.publish_edition", come_from=[EditionStage.ADOPTED])
def publish_edition(edition: PactEdition, *, by: Any, now: datetime) -> None:
    """Everybody reads it. Those whom a new action concerns are told, and the partners of the territory in their digest."""
    PactEdition.objects.filter(pk=edition.pk).update(stage=EditionStage.PUBLISHED, published_at=now)
    edition.refresh_from_db()
    fresh = list(PactAction.objects.filter(lines__edition=edition, published_on=None).order_by("number"))
    PactAction.objects.filter(pk__in=[action.pk for action in fresh]).update(published_on=local_date(now))
    letters.tell_published(edition, fresh, by=by, now=now)


@act("pacts.correct_edition", creates=True)
def correct_edition(edition: PactEdition, *, by: Any, now: datetime) -> PactEdition:
    """A new edition of the same year, with the same words to correct, and what was voted since; the one before stays readable,
    and linked."""
    _hold(edition.pact)
    if edition.stage not in FROZEN:
        raise Refused(_("Cette édition est encore en préparation : modifiez-la."))
    if edition.pact.editions.filter(stage=EditionStage.DRAFT).exists():
        raise Refused(_("Une actualisation de ce pacte est déjà en préparation."))
    newer = Q(year__gt=edition.year) | Q(year=edition.year, number__gt=edition.number)
    if edition.pact.editions.filter(newer).exists():
        raise Refused(_("Une édition plus récente existe : corrigez celle-là."))
    number = edition.pact.editions.filter(year=edition.year).aggregate(last=Max("number"))["last"] + 1
    again = PactEdition.objects.create(
        pact=edition.pact,
        year=edition.year,
        number=number,
        corrects=edition,
        introduction=edition.introduction,
        report=edition.report,
        figures=edition.figures,
        prepared_at=now,
        prepared_by_id=by.pk,
    )
    EditionLine.objects.bulk_create(
        EditionLine(edition=again, action_id=line.action_id, situation=line.situation, state=line.state, note=line.note)
        for line in edition.lines.all()
    )
    take_in(again, by=by, now=now)
    line_up(again)
    return again
