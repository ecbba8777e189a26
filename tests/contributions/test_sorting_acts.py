"""The life of a contribution in the hands of the coordination: each step, its guard, its letter, its way back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dialogue.contributions.acts import answers, sorting
from dialogue.contributions.acts.sorting_change import Outdated
from dialogue.contributions.models import Contribution, SortingChange
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter, LetterStage
from tests import factories as make
from tests.contributions.sorting_world import acts_of, letters_to, suggested
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief():
    return make.make_coordinator(name="Camille Roux")


def received(**fields):
    return make.make_contribution(**{"stage": "received", "is_published": False} | fields)


def refusal(act, *args, **facts):
    with pytest.raises(Refused) as told:
        act(*args, **facts)
    return told.value.reasons


def test_a_partner_sorts_nothing():
    row, partner = received(), make.make_person()
    for act, facts in (
        (sorting.take_up, {}),
        (sorting.qualify, {"theme": make.make_theme()}),
        (answers.mark_linked, {"answer": "Oui"}),
        (answers.send_answer, {}),
    ):
        with pytest.raises(NotAllowed):
            act(row, by=partner, now=NOW, **facts)


def test_admissible_then_classified_then_answered_then_sent(chief):
    row, theme = received(), make.make_theme()
    sorting.judge_admissible(row, by=chief, now=NOW)
    assert (row.stage, row.is_published) == ("admissible", True)
    sorting.qualify(row, by=chief, now=NOW, theme=theme)
    assert (row.stage, row.theme, row.theme_source, row.qualified_by, row.qualified_at) == ("qualified", theme, "agent", chief, NOW)
    answers.refer(row, by=chief, now=NOW, answer="Le service des routes s’en charge.")
    assert (row.stage, row.outcome, letters_to(row)) == ("referred", "referred", [])
    assert answers.send_answer(row, by=chief, now=NOW) == 1
    row.refresh_from_db()
    assert (row.stage, row.answered_at, row.is_published) == ("answered", NOW, True)
    assert letters_to(row) == [f"Une aide ou un service répond à votre contribution n° {row.number}"]
    assert "Le service des routes s’en charge." in Letter.objects.get().text.replace("\n", " ")
    assert row.key in Letter.objects.get().text
    assert acts_of(row) == ["judge_admissible", "qualify", "refer", "send_answer"]


def test_what_is_moderated_or_not_consented_stays_out_of_sight(chief):
    row = received(may_publish=False, circle="group")
    sorting.qualify(row, by=chief, now=NOW, theme=make.make_theme())
    row.refresh_from_db()
    assert (row.is_published, row.circle) == (True, "group")
    assert not Contribution.objects.visible_to(make.make_person()).exists()


def test_a_motive_is_written_and_mailed_with_the_tracking_link(chief):
    row = received()
    assert refusal(sorting.ask_to_complete, row, by=chief, now=NOW, motive=" ") == ["Écrivez le motif : son auteur le lira."]
    assert sorting.ask_to_complete(row, by=chief, now=NOW, motive="Dans quelle commune ?") is True
    row.refresh_from_db()
    assert (row.stage, row.motive, row.is_published) == ("to_complete", "Dans quelle commune ?", False)
    assert sorting.judge_inadmissible(row, by=chief, now=NOW, motive="Publicité.") is True
    assert letters_to(row) == [
        f"Un complément est demandé : votre contribution n° {row.number}",
        f"Votre contribution n° {row.number} ne peut pas être retenue",
    ]
    assert "Dans quelle commune" in Letter.objects.order_by("pk")[0].text


def test_without_any_address_the_answer_is_recorded_and_nobody_is_mailed(chief):
    row = make.make_contribution(stage="qualified", author_email="", qualified_at=NOW)
    answers.close(row, by=chief, now=NOW, answer="Déjà fait.")
    assert answers.send_answer(row, by=chief, now=NOW) == 0
    row.refresh_from_db()
    assert (row.stage, row.answer, row.is_published, Letter.objects.count()) == ("answered", "Déjà fait.", True, 0)
    assert sorting.judge_inadmissible(received(author_email=""), by=chief, now=NOW, motive="Publicité.") is False


def test_a_chantier_takes_it_from_any_stage_even_while_an_agent_reads_it(chief):
    theme = make.make_theme()
    for stage in ("received", "admissible", "qualified"):
        row = make.make_contribution(stage=stage, theme=theme, is_published=stage != "received")
        sorting.take_up(row, by=chief, now=NOW)
        answers.mark_linked(row, by=SYSTEM, now=NOW, answer="Le chantier n° 1 la reprend.")
        row.refresh_from_db()
        assert (row.stage, row.outcome, row.is_published, row.held_by) == ("linked", "linked", True, None)
        answers.unlink(row, by=SYSTEM, now=NOW)
        row.refresh_from_db()
        assert (row.stage, row.outcome, row.answer, row.is_published) == (stage, "", "", stage != "received")
        assert sorting.last_change(row).act == "contributions.unlink"


def test_the_territory_follows_from_the_commune_and_a_second_theme_differs(chief):
    row, theme, commune = received(), make.make_theme(), make.make_commune()
    told = refusal(sorting.qualify, row, by=chief, now=NOW, theme=theme, second_theme=theme)
    assert told == ["Le second thème est le même que le premier : choisissez-en un autre, ou aucun."]
    sorting.qualify(row, by=chief, now=NOW, theme=theme, commune=commune, territory=make.make_territory())
    assert row.territory == commune.territory
    facts = Entry.objects.get(act="contributions.qualify").facts
    assert facts["theme"] == f"territories.theme:{theme.pk}"


def test_undo_gives_back_every_column_and_takes_the_letter_back(chief):
    theme, other = make.make_theme(), make.make_theme()
    row = received(theme=theme, nature="need", motive="")
    sorting.qualify(row, by=chief, now=NOW, theme=other, nature="idea", commune=make.make_commune())
    sorting.judge_inadmissible(Contribution.objects.get(pk=received().pk), by=chief, now=NOW, motive="Non.")
    sorting.undo_sorting(row, by=chief, now=NOW)
    row.refresh_from_db()
    assert (row.stage, row.theme, row.theme_source, row.nature, row.commune, row.territory, row.qualified_by, row.is_published) == (
        "received", theme, "author", "need", None, None, None, False,
    )  # fmt: skip
    refused = Contribution.objects.get(stage="inadmissible")
    sorting.undo_sorting(refused, by=chief, now=NOW)
    assert (refused.stage, refused.motive, Letter.objects.count()) == ("received", "", 0)
    nothing = ["Il n’y a rien à annuler, ou la contribution a changé depuis."]
    assert refusal(sorting.undo_sorting, refused, by=chief, now=NOW) == nothing


def test_two_steps_are_undone_one_after_the_other(chief):
    row = received()
    sorting.judge_admissible(row, by=chief, now=NOW)
    sorting.qualify(row, by=chief, now=NOW, theme=make.make_theme())
    sorting.undo_sorting(row, by=chief, now=NOW)
    assert row.stage == "admissible"
    sorting.undo_sorting(row, by=chief, now=NOW)
    assert (row.stage, SortingChange.objects.filter(undone_at=None).count()) == ("received", 0)


def test_once_the_letter_left_one_reopens_and_the_author_is_told(chief):
    row = received()
    sorting.judge_inadmissible(row, by=chief, now=NOW, motive="Hors sujet.")
    Letter.objects.update(stage=LetterStage.SENT)
    assert refusal(sorting.undo_sorting, row, by=chief, now=NOW) == [
        "Le courriel est déjà parti à l’auteur : reprenez plutôt l’examen, il en sera prévenu."
    ]
    assert sorting.reopen(row, by=chief, now=NOW, reason="Nous l’avions mal lue.") is True
    assert (row.stage, row.motive) == ("received", "")
    assert letters_to(row)[1] == f"Nous reprenons l’examen de votre contribution n° {row.number}"
    assert SortingChange.objects.first().also == {"reason": "Nous l’avions mal lue."}


def test_an_answer_is_taken_up_again_but_never_under_a_chantier(chief):
    row = make.make_contribution(stage="qualified", theme=make.make_theme(), qualified_at=NOW)
    answers.close(row, by=chief, now=NOW, answer="Rien à faire.")
    answers.change_answer(row, by=chief, now=NOW, answer="Rien à faire cette année.")
    answers.send_answer(row, by=chief, now=NOW)
    sorting.reopen(row, by=chief, now=NOW, reason="Le budget est voté.")
    assert (row.stage, row.outcome, row.answered_at, row.answer) == ("qualified", "", None, "Rien à faire cette année.")
    linked = make.make_contribution(stage="answered", outcome="linked", answer="Oui.", answered_at=NOW)
    assert refusal(sorting.reopen, linked, by=chief, now=NOW, reason="Non.") == [
        "Elle est reprise dans un chantier : retirez-la d’abord du chantier."
    ]


def test_an_answer_with_a_hole_does_not_leave(chief):
    row = make.make_contribution(stage="qualified", qualified_at=NOW)
    told = refusal(answers.refer, row, by=chief, now=NOW, answer="Voyez {chantier}.")
    assert told == ["Remplacez {chantier} par des mots."]


def test_a_form_from_an_older_revision_is_refused(chief):
    row = received()
    sorting.requalify(row, by=chief, now=NOW, theme=make.make_theme())
    with pytest.raises(Outdated):
        sorting.judge_admissible(row, by=chief, now=NOW, revision=0)
    row.refresh_from_db()
    assert row.stage == "received"


def test_what_another_holds_is_not_decided_until_the_lease_ends(chief):
    row, other = received(), make.make_coordinator(name="Dominique Vial")
    sorting.take_up(row, by=other, now=NOW)
    (told,) = refusal(sorting.judge_admissible, row, by=chief, now=NOW)
    assert told.startswith("Dominique Vial s’en occupe (depuis")
    assert refusal(sorting.take_up, row, by=chief, now=NOW) == ["Dominique Vial s’en occupe."]
    Contribution.objects.update(held_at=timezone.now() - timedelta(minutes=11))
    sorting.take_up(row, by=chief, now=NOW)
    assert row.held_by == chief
    sorting.release(row, by=other, now=NOW)
    row.refresh_from_db()
    assert row.held_by == chief
    sorting.release(row, by=chief, now=NOW)
    row.refresh_from_db()
    assert (row.held_by, row.held_at, row.revision) == (None, None, 0)


def test_one_is_assigned_to_the_coordination_alone_and_stays_so(chief):
    row, other = received(), make.make_coordinator()
    told = refusal(sorting.assign, row, by=chief, now=NOW, to=make.make_person())
    assert told == ["On confie une contribution à quelqu’un de la coordination."]
    sorting.assign(row, by=chief, now=NOW, to=other)
    sorting.take_up(row, by=other, now=NOW)
    row.refresh_from_db()
    assert (row.held_by, row.held_at > timezone.now() + timedelta(days=13)) == (other, True)


def test_no_free_text_enters_the_register(chief):
    row = suggested((make.make_theme(), 0.6))
    sorting.ask_to_complete(row, by=chief, now=NOW, motive="Un secret bien gardé")
    assert "secret" not in "".join(str(entry.facts) for entry in Entry.objects.all())
