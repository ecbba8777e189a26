"""Queueing a letter: to whom, in which language, once."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import translation

from dialogue.mailer import outbox
from dialogue.mailer.models import Choice, Letter, Rhythm, Suspension
from dialogue.people.stages import AccountStage
from tests import factories as make
from tests.mailer.letters import queue

pytestmark = pytest.mark.django_db


def test_a_letter_is_queued_with_everything_its_delivery_needs():
    person = make.make_person(email="Claire@Partenaire.example")
    letter = queue(person, space="chantier/cantines", thread="chantier-1", dedupe="a", reply_to="groupe@dialogue.example")
    letter.refresh_from_db()
    assert (letter.kind, letter.person, letter.address) == ("tests.news", person, "claire@partenaire.example")
    assert (letter.space, letter.thread, letter.dedupe) == ("chantier/cantines", "chantier-1", "a")
    assert (letter.stage, letter.mode, letter.attempts) == ("queued", "immediate", 0)
    assert (letter.subject, letter.written_at, letter.reply_to) == ("Une nouvelle", make.NOW, "groupe@dialogue.example")
    assert letter.message_id.endswith("@localhost>")
    assert letter.message_id.startswith("<")


def test_a_letter_leaves_only_if_the_act_is_committed():
    person = make.make_person()
    with transaction.atomic():
        queue(person)
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


def test_the_body_says_what_happened_first_and_why_one_receives_it_last():
    letter = queue(make.make_person())
    assert letter.text.startswith("Bonjour,\n\nLa coordination vous confie une charge\u00a0: coordination")
    assert "\n-- \nVous recevez ce message parce qu’il fait partie de vos notifications\u00a0:" in letter.text
    assert "http://localhost:8000/mon-compte/notifications/" in letter.text
    assert "http://localhost:8000/desinscription/" in letter.text
    assert "<table" not in letter.html
    assert "<img" not in letter.html
    assert '<html lang="fr">' in letter.html
    assert '<p style="margin:0 0 16px">La coordination vous confie une charge\u00a0: coordination.</p>' in letter.html


def test_lines_of_plain_text_are_at_most_78_signs_but_for_links():
    letter = queue(make.make_person(), context={"office": "mot " * 60})
    assert max(len(line) for line in letter.text.splitlines() if "http" not in line) <= 78


def test_a_letter_is_written_in_the_language_of_its_reader_and_leaves_ours_alone():
    person = make.make_person(language="en")
    letter = queue(person, subject=lambda: f"[{translation.get_language()}]")
    assert (letter.language, letter.subject, translation.get_language()) == ("en", "[en]", "fr")
    assert '<html lang="en">' in letter.html


def test_what_a_person_typed_cannot_break_the_html_nor_the_subject():
    letter = queue(make.make_person(), context={"office": "<script>"}, subject="Un\r\nBcc: autre@partenaire.example")
    assert "<script>" not in letter.html
    assert "<script>" in letter.text
    assert letter.subject == "Un Bcc: autre@partenaire.example"


def test_the_same_key_is_never_sent_twice_to_the_same_person():
    person, other = make.make_person(), make.make_person()
    assert queue(person, dedupe="seance-4") is not None
    assert queue(person, dedupe="seance-4") is None
    assert queue(other, dedupe="seance-4") is not None
    assert queue(person, dedupe="seance-5") is not None
    assert queue(person) is not None
    assert queue(person) is not None
    assert Letter.objects.count() == 5


def test_a_repeated_key_does_not_break_the_transaction_around_it():
    person = make.make_person()
    with transaction.atomic():
        queue(person, dedupe="x")
        queue(person, dedupe="x")
        person.name = "Autre nom"
        person.save()
    person.refresh_from_db()
    assert person.name == "Autre nom"
    assert Letter.objects.count() == 1


def test_who_left_or_was_refused_gets_nothing():
    refused = make.make_person(stage=AccountStage.REFUSED)
    closed = make.make_person(stage=AccountStage.CLOSED, is_active=False, closed_at=make.NOW)
    assert queue(refused) is None
    assert queue(closed, "tests.duty") is None
    assert queue(make.make_newcomer()) is not None


def test_a_plain_address_gets_its_letter_at_once_without_a_way_to_unsubscribe():
    letter = queue("Invitee@Partenaire.example ", "tests.summed")
    assert (letter.person, letter.address, letter.mode) == (None, "invitee@partenaire.example", "immediate")
    assert "/desinscription/" not in letter.text
    assert "votre adresse a été donnée sur le site" in letter.text


def test_a_suspended_address_gets_nothing_not_even_a_mandatory_letter():
    person = make.make_person(email="perdue@partenaire.example")
    Suspension.objects.create(address="perdue@partenaire.example")
    assert queue(person, "tests.duty") is None
    assert queue("Perdue@partenaire.example") is None


def test_a_choice_for_a_group_counts_more_than_the_general_one_which_counts_more_than_the_default():
    person = make.make_person()
    assert outbox.mode_for(person, "tests.news", "chantier/a") == "immediate"
    assert outbox.mode_for(person, "tests.summed") == "digest"
    Choice.objects.create(person=person, kind="tests.news", mode="never")
    Choice.objects.create(person=person, kind="tests.news", space="chantier/a", mode="digest")
    assert queue(person) is None
    assert queue(person, space="chantier/b") is None
    assert queue(person, space="chantier/a").mode == "digest"


def test_a_mandatory_letter_leaves_whatever_was_chosen_and_cannot_be_refused():
    person = make.make_person()
    Choice.objects.create(person=person, kind="tests.news", mode="never")
    letter = queue(person, mandatory=True)
    assert (letter.mode, letter.mandatory) == ("immediate", True)
    assert "/desinscription/" not in letter.text
    assert "il ne peut pas être refusé" in letter.text
    assert queue(person, "tests.duty").mandatory


def test_without_a_digest_what_waited_for_it_is_not_sent():
    person = make.make_person()
    Rhythm.objects.create(person=person, frequency="never")
    assert queue(person, "tests.summed") is None
    assert queue(person) is not None


def test_a_letter_for_the_digest_has_no_frame_of_its_own():
    letter = queue(make.make_person(), "tests.summed")
    assert letter.text == "La coordination vous confie une charge : coordination."
    assert letter.html == "<p>La coordination vous confie une charge : coordination.</p>"


def test_a_kind_that_nobody_declared_is_an_error():
    with pytest.raises(KeyError):
        queue(make.make_person(), "tests.unknown")


def test_closing_an_account_erases_its_letters_its_choices_and_the_refusals_of_its_address():
    person, other = make.make_person(email="partie@partenaire.example"), make.make_person()
    queue(person)
    queue("partie@partenaire.example")
    queue(other)
    Choice.objects.create(person=person, kind="tests.news", mode="never")
    Rhythm.objects.create(person=person)
    Suspension.objects.create(address="partie@partenaire.example")
    outbox.forget(person)
    assert [letter.person for letter in Letter.objects.all()] == [other]
    assert (Choice.objects.count(), Rhythm.objects.count(), Suspension.objects.count()) == (0, 0, 0)


def test_a_story_told_long_after_writes_no_letters_but_its_last_ones():
    person = make.make_person()
    with outbox.unwritten():
        assert queue(person) is None
    assert queue(person) is not None
