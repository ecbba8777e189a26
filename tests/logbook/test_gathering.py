"""What is gathered: by whom, with whose agreement; answered, taken back; agreements that end."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from dialogue.chantiers.stages import Role
from dialogue.files.stages import Scan
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.logbook import book, tasks
from dialogue.logbook.acts import consent, editors
from dialogue.logbook.acts import entries as acts
from dialogue.logbook.exports import personal_data
from dialogue.logbook.models import BoundFile, Edition, Editor, LogbookEntry, Placement, is_editor
from dialogue.logbook.stages import EditionStage, EntryKind, EntryStage, Treatment
from dialogue.mailer.models import Letter
from dialogue.meetings.models import Material
from dialogue.meetings.stages import MeetingStage
from dialogue.people.models import Person
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = date(2017, 9, 19)
WORDS = {"text": "On s’est assis.", "credit": "Un maraîcher", "consent": True}


@pytest.fixture
def chantier():
    return make.make_chantier(slug="manger-local", title="Manger local")


@pytest.fixture
def member(chantier):
    return make.make_member(chantier).person


@pytest.fixture
def coordinator():
    return make.make_coordinator()


def said(chantier, by, **fields):
    return acts.propose(chantier, by=by, now=make.NOW, kind=EntryKind.VERBATIM, on=DAY, **WORDS | fields)


def test_a_member_proposes_words_which_are_the_groups_and_the_teams_alone(chantier, member, coordinator):
    entry = said(chantier, member)
    assert (entry.stage, entry.territory, entry.by) == (EntryStage.PROPOSED, chantier.territories.get(), member)
    other = make.make_member(make.make_chantier()).person
    readers = {
        name: LogbookEntry.objects.visible_to(p).exists()
        for name, p in {"member": member, "other": other, "team": coordinator}.items()
    }
    assert readers == {"member": True, "other": False, "team": True}
    line = Entry.objects.get(act="logbook.propose")
    assert (line.space, line.facts) == (chantier.ledger_space, {"kind": "verbatim", "on": "2017-09-19"})


def test_who_is_not_of_the_group_or_only_observes_proposes_nothing(chantier):
    observer = make.make_member(chantier, role=Role.OBSERVER).person
    for person in (make.make_person(), observer):
        with pytest.raises(NotAllowed):
            said(chantier, person)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"consent": False}, "Sans l’accord"),
        ({"credit": ""}, "Dites qui parle"),
        ({"text": "  "}, "Écrivez quelques mots"),
    ],
)
def test_words_want_a_role_and_an_agreement(chantier, member, changes, reason):
    with pytest.raises(Refused, match=reason):
        said(chantier, member, **changes)


def test_a_name_of_the_group_is_no_role(chantier, member):
    with pytest.raises(Refused, match="un rôle plutôt qu’un nom"):
        said(chantier, member, credit=member.name.upper())


def test_the_same_form_sent_twice_is_written_once(chantier, member):
    key = uuid.uuid4()
    assert said(chantier, member, client_key=key) == said(chantier, member, client_key=key)
    assert LogbookEntry.objects.count() == 1
    someone = make.make_member(chantier).person
    assert said(chantier, someone, client_key=key).key != key


def test_material_of_a_meeting_comes_once_it_is_closed_with_its_agreement(chantier, member):
    lead = make.make_member(chantier, role=Role.LEAD).person
    meeting = make.make_meeting(chantier, starts_at=make.NOW - timedelta(days=30), stage=MeetingStage.HELD)
    facts = {"meeting": meeting, "by": lead, "at": make.NOW, "kind": "verbatim"}
    agreed = Material.objects.create(text="On n’attend plus.", credit="Une élue", consent=True, **facts)
    silent = Material.objects.create(text="Je ne dis rien.", credit="Un voisin", **facts)
    assert tasks.gather_closed(make.NOW) == 0
    type(meeting).objects.filter(pk=meeting.pk).update(stage=MeetingStage.CLOSED)
    assert tasks.gather_closed(make.NOW) == 1
    assert tasks.gather_closed(make.NOW) == 0
    entry = LogbookEntry.objects.get()
    assert (entry.material, entry.text, entry.credit, entry.by, entry.on) == (
        agreed,
        agreed.text,
        "Une élue",
        lead,
        date(2017, 10, 7),
    )
    with pytest.raises(Refused, match="Il manque l’accord"):
        acts.propose_material(silent, by=member, now=make.NOW)


def test_a_photo_taken_at_a_meeting_is_copied_not_lent(chantier, member):
    meeting = make.make_meeting(chantier, stage=MeetingStage.CLOSED)
    document = make.make_document(chantier, member)
    last = document.last
    default_storage.delete(last.file.name)
    default_storage.save(last.file.name, ContentFile(make.make_jpeg(500, 300)))
    material = Material.objects.create(
        meeting=meeting,
        by=member,
        at=make.NOW,
        kind="photo",
        document=document,
        alternative="Le tableau de papier.",
        consent=True,
    )
    entry = acts.propose_material(material, by=member, now=make.NOW)
    tasks.prepare.call(entry.pk)
    entry.refresh_from_db()
    assert (entry.treatment, entry.widths, entry.consent_by) == (Treatment.READY, [480, 500], "Recueilli en séance n° 1")
    assert default_storage.exists(last.file.name)


def test_an_author_is_told_that_it_is_chosen_or_why_not(chantier, member, coordinator):
    chosen, other = said(chantier, member), said(chantier, member, text="Autre chose.")
    acts.choose(chosen, by=coordinator, now=make.NOW)
    with pytest.raises(Refused, match="Un mot à son auteur"):
        acts.refuse(other, by=coordinator, now=make.NOW, answer=" ")
    acts.refuse(other, by=coordinator, now=make.NOW, answer="Trop proche d’une autre parole.")
    letters = list(Letter.objects.filter(kind="logbook.answered").order_by("pk"))
    assert [letter.person for letter in letters] == [member, member]
    assert "On s’est assis." in letters[0].text
    assert "Trop proche" in letters[1].text
    for act in (acts.choose, acts.reconsider):
        with pytest.raises(NotAllowed):
            act(other, by=member, now=make.NOW)


def test_an_answer_given_by_mistake_is_taken_back_with_its_letter(chantier, member, coordinator):
    entry = said(chantier, member)
    acts.choose(entry, by=coordinator, now=make.NOW)
    acts.reconsider(entry, by=coordinator, now=make.NOW)
    assert entry.stage == EntryStage.PROPOSED
    assert not Letter.objects.exists()


def test_its_author_mends_it_until_it_is_chosen_then_the_team(chantier, member, coordinator):
    entry = said(chantier, member, may_name=True)
    acts.edit_entry(entry, by=member, now=make.NOW, on=DAY, text="On s’est enfin assis.")
    acts.choose(entry, by=coordinator, now=make.NOW)
    with pytest.raises(Refused, match="demandez-lui"):
        acts.edit_entry(entry, by=member, now=make.NOW, on=DAY, text="Non")
    acts.edit_entry(entry, by=coordinator, now=make.NOW, on=DAY, credit="Un maraîcher du Langonnais", may_name=False)
    assert (entry.text, entry.credit, entry.may_name) == ("On s’est enfin assis.", "Un maraîcher du Langonnais", True)


def test_ones_own_is_taken_back_before_it_is_published_and_its_file_destroyed(
    chantier, member, coordinator, django_capture_on_commit_callbacks
):
    entry = make.make_entry(chantier, kind="photo", by=member)
    copy = entry.stored("480.webp")
    with pytest.raises(NotAllowed):
        acts.withdraw(entry, by=coordinator, now=make.NOW)
    with django_capture_on_commit_callbacks(execute=True):
        acts.withdraw(entry, by=member, now=make.NOW)
    entry.refresh_from_db()
    assert (entry.stage, entry.treatment, entry.widths, entry.consent_by) == (EntryStage.WITHDRAWN, Treatment.REMOVED, [], "")
    assert not default_storage.exists(copy)
    published = make.make_entry(chantier, by=member, stage="chosen")
    make.make_edition(published, stage="published")
    with pytest.raises(Refused, match="C’est publié"):
        acts.withdraw(published, by=member, now=make.NOW)


def test_when_an_agreement_ends_the_photo_leaves_every_page_and_a_new_edition_is_made(
    chantier, member, coordinator, django_capture_on_commit_callbacks
):
    photo, words = make.make_entry(chantier, kind="photo", by=member, stage="chosen"), make.make_entry(chantier, stage="chosen")
    edition = make.make_edition(photo, words, stage="published")
    BoundFile.objects.create(edition=edition, format="pdf", treatment="ready", size=3)
    default_storage.save(bound_name := edition.files.get().stored, ContentFile(b"pdf"))
    copy = photo.stored("480.webp")
    with django_capture_on_commit_callbacks(execute=True):
        (made,) = consent.end_consent(photo, by=member, now=make.NOW)
    edition.refresh_from_db()
    assert (edition.stage, made.stage, made.number, made.edition) == ("superseded", "published", edition.number, 2)
    assert made.replaces == edition
    assert [e["entry"] for c in made.content["chapters"] for e in c["entries"]] == [words.pk]
    # The former edition stays, without it: neither picture, nor words, nor file.
    (gone, kept) = book.read(edition).stops[0].items
    assert (gone.withdrawn, gone.photo, gone.text, kept.withdrawn) == (True, None, "", False)
    assert not default_storage.exists(copy)
    assert not default_storage.exists(bound_name)
    assert set(edition.files.values_list("format", "treatment")) == {("pdf", "waiting"), ("epub", "waiting")}
    assert LogbookEntry.objects.get(pk=photo.pk).consent_by == ""
    with pytest.raises(Refused, match="déjà retiré"):
        consent.end_consent(photo, by=coordinator, now=make.NOW)


def test_a_correction_under_way_follows_the_edition_made_anew(chantier, member, coordinator):
    from dialogue.logbook.acts import publishing

    photo = make.make_entry(chantier, kind="photo", by=member, stage="chosen")
    edition = make.make_edition(photo, make.make_entry(chantier, stage="chosen"), stage="published")
    draft = publishing.correct_edition(edition, by=coordinator, now=make.NOW)
    (made,) = consent.end_consent(photo, by=coordinator, now=make.NOW)
    draft.refresh_from_db()
    assert (draft.stage, draft.number, draft.replaces) == (EditionStage.DRAFT, edition.number, made)
    assert not Placement.objects.filter(chapter__edition=draft, entry=photo).exists()


def test_only_who_is_concerned_ends_an_agreement(chantier, member):
    entry = make.make_entry(chantier, kind="photo", by=member)
    with pytest.raises(NotAllowed):
        consent.end_consent(entry, by=make.make_member(chantier).person, now=make.NOW)
    lead = make.make_member(chantier, role=Role.LEAD).person
    assert consent.end_consent(entry, by=lead, now=make.NOW) == []


def test_files_of_what_was_not_kept_go_after_their_term(chantier, member, django_capture_on_commit_callbacks):
    entry = make.make_entry(chantier, kind="photo", by=member, stage="refused", answer="Flou", answered_at=make.NOW)
    copy = entry.stored("480.webp")
    assert tasks.forget_refused(make.NOW + timedelta(days=59)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.forget_refused(make.NOW + timedelta(days=60)) == 1
    assert tasks.forget_refused(make.NOW + timedelta(days=61)) == 0
    assert not default_storage.exists(copy)
    assert LogbookEntry.objects.get().consent_by == ""
    with pytest.raises(NotAllowed):
        consent.forget_original(entry, by=member, now=make.NOW)


def test_the_team_writes_what_is_chosen_at_once(coordinator, member):
    entry = acts.write(None, by=coordinator, now=make.NOW, kind=EntryKind.STORY, on=DAY, text="Six mois déjà.")
    assert (entry.stage, entry.chantier, entry.ledger_space) == (EntryStage.CHOSEN, None, "")
    with pytest.raises(NotAllowed):
        acts.write(None, by=member, now=make.NOW, kind=EntryKind.STORY, on=DAY, text="Moi aussi.")


def test_the_coordination_names_an_editor_who_reads_all_that_was_gathered(chantier, coordinator):
    entry, editor = make.make_entry(chantier), make.make_person()
    assert not is_editor(editor)
    editors.name_editor(editor, by=coordinator, now=make.NOW)
    editor = Person.objects.get(pk=editor.pk)
    assert list(LogbookEntry.objects.visible_to(editor)) == [entry]
    acts.choose(entry, by=editor, now=make.NOW)
    with pytest.raises(Refused, match="déjà"):
        editors.name_editor(editor, by=coordinator, now=make.NOW)
    with pytest.raises(NotAllowed):
        editors.name_editor(make.make_person(), by=editor, now=make.NOW)
    editors.end_editor(editor, by=coordinator, now=make.NOW)
    assert not LogbookEntry.objects.visible_to(Person.objects.get(pk=editor.pk)).exists()


def test_whoever_closes_their_account_is_named_nowhere_any_more(chantier, coordinator):
    from dialogue.people.acts import close_account

    person = make.make_member(chantier).person
    entry = make.make_entry(chantier, by=person, may_name=True, stage="chosen")
    edition = make.make_edition(entry, stage="published")
    editors.name_editor(person, by=coordinator, now=make.NOW)
    assert book.read(edition).stops[0].items[0].name == person.name
    name = person.name
    close_account(person, by=coordinator, now=make.NOW)
    assert book.read(Edition.objects.get(pk=edition.pk)).stops[0].items[0].name == ""
    assert name not in str(Edition.objects.get(pk=edition.pk).content)
    assert not Editor.objects.exists()
    with pytest.raises(NotAllowed):
        consent.unname(entry, by=make.make_person(), now=make.NOW)


def test_an_author_takes_their_name_back_from_what_is_published(chantier, client_for):
    person = make.make_member(chantier).person
    entry = make.make_entry(chantier, by=person, may_name=True, stage="chosen")
    edition = make.make_edition(entry, stage="published")
    stranger = make.make_person(pk=entry.pk) if not Person.objects.filter(pk=entry.pk).exists() else make.make_person()
    assert not consent.unname.allows(stranger, entry)
    client, page = client_for(person), f"/chantiers/{chantier.slug}/espace/carnet/"
    address = f"{page}{entry.pk}/sans-nom/"
    assert address in client.get(page).content.decode()
    assert "sans votre nom" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert book.read(Edition.objects.get(pk=edition.pk)).stops[0].items[0].name == ""
    assert address not in client.get(page).content.decode()


def test_a_copy_of_ones_data_holds_what_one_proposed(chantier, member):
    said(chantier, member)
    rows = personal_data(member)["carnet_de_voyage"]
    assert [(row["texte"], row["suite"]) for row in rows] == [("On s’est assis.", "À lire")]


def test_the_platform_notes_what_became_of_a_file(chantier, member):
    entry = make.make_entry(chantier, kind="photo", treatment="waiting", by=member)
    with pytest.raises(NotAllowed):
        consent.note_treatment(entry, by=member, now=make.NOW, treatment=Treatment.READY, scan=Scan.CLEAN)
    consent.note_treatment(entry, by=SYSTEM, now=make.NOW, treatment=Treatment.READY, scan=Scan.CLEAN, size=(9, 9), widths=[9])
    assert entry.widths == [9]
