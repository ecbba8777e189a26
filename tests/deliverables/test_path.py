"""The path of a deliverable in its group: begun, written, submitted, agreed or sent back, validated."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from dialogue.chantiers.models import PlannedDeliverable
from dialogue.deliverables import checking, lines
from dialogue.deliverables.acts import preparing, publishing
from dialogue.deliverables.models import Deliverable, Opinion
from dialogue.deliverables.stages import Finding
from dialogue.deliverables.tasks import validate_by_silence
from dialogue.documents.models import Document, Version
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from tests.deliverables.conftest import Group, a_file
from tests.deliverables.files import png, tagged_pdf, untagged_pdf
from tests.factories import NOW, make_chantier, make_deliverable, make_document, make_organisation, make_roadmap

LATER = NOW + timedelta(days=8)


def told(kind: str) -> list[str]:
    return sorted(Letter.objects.filter(kind=kind).values_list("address", flat=True))


def test_a_line_of_the_roadmap_is_begun_once_and_takes_the_next_number(group: Group) -> None:
    row = preparing.start_deliverable(group.chantier, by=group.people["anne"], now=NOW, line=group.line)
    assert (row.number, row.stage, row.title, row.key, row.circle) == (1, "in_progress", "Un guide", group.line.key, "group")
    with pytest.raises(Refused, match="déjà commencé"):
        preparing.start_deliverable(group.chantier, by=group.people["paul"], now=NOW, line=group.line)
    more = preparing.start_deliverable(group.chantier, by=group.people["paul"], now=NOW, title=" Une  carte ")
    assert (more.number, more.title, lines.line_of(more)) == (2, "Une carte", None)
    with pytest.raises(Refused, match="Donnez un titre"):
        preparing.start_deliverable(group.chantier, by=group.people["paul"], now=NOW, title=" ")


def test_an_observer_reads_and_listens(group: Group) -> None:
    with pytest.raises(NotAllowed):
        preparing.start_deliverable(group.chantier, by=group.people["olga"], now=NOW, line=group.line)
    row = group.submitted()
    with pytest.raises(NotAllowed):
        preparing.agree(row, by=group.people["olga"], now=NOW)
    assert list(Deliverable.objects.visible_to(group.people["olga"])) == [row]


def test_only_the_roadmap_in_force_is_begun(group: Group) -> None:
    former = make_deliverable(make_roadmap(group.chantier, version=9))
    with pytest.raises(Refused, match="pas dans la feuille de route en vigueur"):
        preparing.start_deliverable(group.chantier, by=group.people["anne"], now=NOW, line=former)


def test_two_who_write_at_once_are_both_heard(group: Group) -> None:
    row = group.begun()
    preparing.describe(row, by=group.people["anne"], now=NOW, revision=0, title="Un guide simple", summary="Pour ouvrir.")
    with pytest.raises(Refused, match="Quelqu’un a écrit entre-temps"):
        preparing.describe(row, by=group.people["paul"], now=NOW, revision=0, title="Autre")
    assert Deliverable.objects.get().title == "Un guide simple"


def test_the_file_is_a_document_of_the_group_and_the_next_one_its_version(group: Group) -> None:
    row = group.begun()
    preparing.attach_file(row, by=group.people["paul"], now=NOW, file=a_file("Mieux choisir."), finding=Finding.OFFICE)
    document = Document.objects.get()
    assert (document.nature, document.circle, document.versions.count()) == ("deliverable", "group", 2)
    assert row.file == document.versions.get(number=2)
    preparing.attach_file(row, by=group.people["paul"], now=NOW, file=a_file(), finding=Finding.OFFICE, accessible=True)
    assert row.accessible_file == document.versions.get(number=1)


def test_what_others_read_already_does_not_change_before_the_group_agrees(group: Group) -> None:
    row = group.begun()
    Document.objects.update(circle="public")
    row.refresh_from_db()
    preparing.attach_file(row, by=group.people["anne"], now=NOW, file=a_file("Encore secret."), finding=Finding.OFFICE)
    assert Document.objects.count() == 2
    assert row.file.document.circle == "group"


def test_a_file_of_another_group_or_refused_by_the_antivirus_cannot_serve(group: Group) -> None:
    row = group.begun()
    theirs = make_document(make_chantier(), group.people["anne"]).versions.get()
    with pytest.raises(Refused, match="ne peut pas servir"):
        preparing.attach_file(row, by=group.people["anne"], now=NOW, version=theirs, finding=Finding.OFFICE)
    Version.objects.filter(pk=row.file_id).update(scan="infected")
    row.refresh_from_db()
    with pytest.raises(Refused, match="L’antivirus a refusé le fichier « guide"):
        preparing.submit(row, by=group.people["lea"], now=NOW)


def test_nothing_is_submitted_empty_and_the_deadline_is_sensible(group: Group) -> None:
    row = preparing.start_deliverable(group.chantier, by=group.people["anne"], now=NOW, line=group.line)
    with pytest.raises(Refused, match="Déposez le fichier du livrable"):
        preparing.submit(row, by=group.people["lea"], now=NOW)
    preparing.describe(row, by=group.people["anne"], now=NOW, revision=0, title="Un guide", full_text="Choisir un lieu.")
    with pytest.raises(Refused, match="dans une heure au moins"):
        preparing.submit(row, by=group.people["lea"], now=NOW, deadline=NOW)
    with pytest.raises(NotAllowed):
        preparing.submit(row, by=group.people["anne"], now=NOW)
    preparing.submit(row, by=group.people["lea"], now=NOW)
    assert (row.stage, row.deadline, row.round) == ("submitted", NOW + timedelta(days=7), 1)


def test_the_group_is_told_until_when_and_that_silence_is_agreement(group: Group) -> None:
    group.submitted()
    assert told("deliverables.submitted") == [f"{name}@partenaire.example" for name in ("anne", "olga", "paul", "samuel")]
    letter = Letter.objects.filter(kind="deliverables.submitted", address="anne@partenaire.example").get()
    assert letter.mode == "immediate"
    assert letter.subject == "Votre accord avant le 13 novembre : Un guide"
    assert "le silence vaut accord" in " ".join(letter.text.split())


def test_one_request_sends_it_back_and_all_read_why(group: Group) -> None:
    row = group.submitted()
    with pytest.raises(Refused, match="ce qui est à changer"):
        preparing.ask_change(row, by=group.people["paul"], now=NOW, reason=" ")
    preparing.ask_change(row, by=group.people["paul"], now=NOW, reason="Il manque les horaires.")
    assert (row.stage, Opinion.objects.get(person=group.people["paul"]).reason) == ("in_progress", "Il manque les horaires.")
    assert told("deliverables.waiting") == ["lea@partenaire.example", "samuel@partenaire.example"]
    assert told("deliverables.path") == ["anne@partenaire.example", "olga@partenaire.example"]
    assert all("Il manque les horaires." in letter.text for letter in Letter.objects.filter(kind="deliverables.path"))
    assert Entry.objects.get(act="deliverables.ask_change").facts == {}
    preparing.submit(row, by=group.people["lea"], now=NOW)
    assert (row.round, [each.name for each in lines.not_heard(row)]) == (
        2,
        [f"Organisme {n}" for n in ("anne", "paul", "samuel")],
    )


def test_it_is_validated_early_only_when_every_organisation_agreed(group: Group) -> None:
    row = group.submitted()
    with pytest.raises(Refused, match="3 organismes ne se sont pas encore prononcés"):
        preparing.validate(row, by=group.people["lea"], now=NOW)
    for name in ("anne", "paul"):
        preparing.agree(row, by=group.people[name], now=NOW)
    with pytest.raises(Refused, match="Un organisme ne s’est pas encore prononcé"):
        preparing.validate(row, by=group.people["samuel"], now=NOW)
    preparing.agree(row, by=group.people["samuel"], now=NOW)
    preparing.validate(row, by=group.people["samuel"], now=NOW)
    assert (row.stage, row.validated_by_silence) == ("validated", False)
    assert told("deliverables.waiting") == ["lea@partenaire.example"]


def test_silence_is_agreement_at_the_deadline_and_not_before(group: Group) -> None:
    row = group.submitted()
    assert validate_by_silence(NOW + timedelta(days=6)) == 0
    assert validate_by_silence(LATER) == 1
    assert validate_by_silence(LATER) == 0
    row.refresh_from_db()
    assert (row.stage, row.validated_by_silence) == ("validated", True)
    assert Entry.objects.get(act="deliverables.validate").actor == "system"


def test_the_lead_takes_it_back_and_reworks_what_was_validated(group: Group) -> None:
    row = group.submitted()
    preparing.take_back(row, by=group.people["lea"], now=NOW)
    assert (row.stage, len(told("deliverables.path"))) == ("in_progress", 4)
    with pytest.raises(Refused, match="n’est pas encore venue"):
        preparing.validate_at_meeting(row, by=group.people["lea"], now=NOW, meeting_number=4, meeting_on=date(2017, 12, 1))
    preparing.validate_at_meeting(row, by=group.people["lea"], now=NOW, meeting_number=4, meeting_on=date(2017, 11, 3))
    assert Entry.objects.get(act="deliverables.validate_at_meeting").facts == {"meeting_number": 4, "meeting_on": "2017-11-03"}
    with pytest.raises(Refused, match="remettez d’abord le livrable au travail"):
        preparing.attach_file(row, by=group.people["anne"], now=NOW, file=a_file("Autre"), finding=Finding.OFFICE)
    preparing.rework(row, by=group.people["samuel"], now=NOW)
    assert (row.stage, row.meeting_number, row.validated_at) == ("in_progress", None, None)


def test_giving_up_says_why_on_the_roadmap_and_can_be_taken_back(group: Group) -> None:
    row = group.submitted()
    with pytest.raises(Refused, match="Écrivez pourquoi"):
        publishing.give_up(row, by=group.people["lea"], now=NOW, motive=" ")
    with pytest.raises(NotAllowed):
        publishing.give_up(row, by=group.people["samuel"], now=NOW, motive="Faute de moyens.")
    publishing.give_up(row, by=group.people["lea"], now=NOW, motive="Faute de moyens.")
    assert (row.stage, PlannedDeliverable.objects.get().abandon_motive) == ("abandoned", "Faute de moyens.")
    publishing.resume(row, by=group.people["lea"], now=NOW)
    assert (row.stage, PlannedDeliverable.objects.get().abandon_motive) == ("in_progress", "")
    assert [letter.subject for letter in Letter.objects.filter(kind="deliverables.path", address="anne@partenaire.example")] == [
        "Livrable abandonné : Un guide",
        "Livrable repris après tout : Un guide",
    ]


def test_a_line_given_up_before_this_room_existed_is_begun_again_by_its_lead(group: Group) -> None:
    PlannedDeliverable.objects.update(abandon_motive="Faute de moyens.")
    group.line.refresh_from_db()
    with pytest.raises(NotAllowed):
        preparing.start_deliverable(group.chantier, by=group.people["anne"], now=NOW, line=group.line)
    preparing.start_deliverable(group.chantier, by=group.people["lea"], now=NOW, line=group.line)
    assert PlannedDeliverable.objects.get().abandon_motive == ""


def test_nothing_moves_while_the_chantier_pauses(group: Group) -> None:
    row = group.begun()
    type(group.chantier).objects.update(stage="suspended", motive="Été", suspended_from="working")
    with pytest.raises(Refused, match="plus possible à ce stade du chantier"):
        preparing.submit(row, by=group.people["lea"], now=NOW)


def test_the_database_refuses_what_makes_no_sense(group: Group) -> None:
    row = group.begun()
    for nonsense in (
        {"stage": "published"},
        {"circle": "public"},
        {"stage": "abandoned"},
        {"stage": "submitted", "deadline": None},
        {"licence": "reserved"},
        {"meeting_number": 3},
        {"version": 2},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Deliverable.objects.filter(pk=row.pk).update(**nonsense)


def test_merged_organisations_have_spoken_under_their_new_name(group: Group) -> None:
    row = group.submitted()
    preparing.agree(row, by=group.people["anne"], now=NOW)
    source, into = Opinion.objects.get(person=group.people["anne"]).organisation, make_organisation(name="Réunie")
    preparing.on_merge(source, into, by=None, now=NOW)
    assert Opinion.objects.get(person=group.people["anne"]).organisation == into
    assert Entry.objects.filter(act="deliverables.move_organisation").count() == 1
    assert preparing.move_organisation.name == "deliverables.move_organisation"


def test_what_can_be_seen_of_a_file_is_said() -> None:
    assert checking.look(tagged_pdf(), "guide.pdf") == Finding.TAGGED
    assert checking.look(untagged_pdf(), "guide.pdf") == Finding.UNTAGGED
    assert checking.look(a_file(), "guide.txt") == Finding.OFFICE
    assert checking.look(png(), "carte.png") == Finding.OPAQUE
    assert checking.look(a_file("%PDF-1.7 rien d’autre"), "guide.pdf") == Finding.UNKNOWN
    assert checking.look(a_file("<html>"), "page.html") == Finding.UNKNOWN
