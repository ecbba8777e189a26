"""From a contribution to the pact: what each author hears, once; what can be followed from a contribution, by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from dialogue.chantiers.acts import life, links
from dialogue.chantiers.letters import contributions as letters
from dialogue.chantiers.models import Chantier, ContributionLink
from dialogue.chantiers.provenance import followups
from dialogue.chantiers.tasks_choosing import take_up_contributions
from dialogue.chantiers.tasks_choosing import tell_authors as job
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.mailer.jobs import run_ready
from dialogue.mailer.models import Letter
from tests.factories import (
    NOW,
    TODAY,
    make_candidate,
    make_chantier,
    make_contribution,
    make_coordinator,
    make_deliverable,
    make_department,
    make_member,
    make_person,
    make_roadmap,
)

pytestmark = pytest.mark.django_db


def taken(chantier: Chantier, *, origin: bool = True, **fields: Any) -> Any:
    row = make_contribution(**{"stage": "linked", "outcome": "linked", "answer": "Reprise."} | fields)
    ContributionLink.objects.create(chantier=chantier, contribution=row, at=NOW, is_origin=origin)
    return row


def answered(**fields: Any) -> dict[str, Any]:
    return {"stage": "answered", "answered_at": NOW} | fields


# Who is told --------------------------------------------------------------------------------------------------------


def test_each_address_hears_once_of_an_event_whatever_it_sent_and_however_often_the_job_runs():
    chantier = make_chantier()
    for _n in range(3):
        taken(chantier, author_email="Prolixe@habitant.example")
    taken(chantier, author_email="prolixe@habitant.example")
    taken(chantier, author_email="autre@habitant.example")
    assert letters.tell_authors(chantier, "opened", NOW) == 2
    assert letters.tell_authors(chantier, "opened", NOW) == 0
    assert sorted(Letter.objects.values_list("address", flat=True)) == ["autre@habitant.example", "prolixe@habitant.example"]
    assert letters.tell_authors(chantier, "completed", NOW) == 2


def test_those_who_were_answered_hear_more_only_if_they_asked_for_news():
    chantier = make_chantier()
    taken(chantier, author_email="assez@habitant.example", **answered())
    taken(chantier, author_email="encore@habitant.example", wants_news=True, **answered())
    letters.tell_authors(chantier, "delivered", NOW)
    assert list(Letter.objects.values_list("address", flat=True)) == ["encore@habitant.example"]


def test_those_who_stopped_our_letters_or_withdrew_or_gave_no_address_hear_nothing():
    chantier = make_chantier()
    taken(chantier, mail_stopped_at=NOW)
    taken(chantier, stage="withdrawn", is_published=False, outcome="", answer="")
    taken(chantier, author_email="")
    assert letters.tell_authors(chantier, "opened", NOW) == 0


def test_an_author_with_an_account_hears_in_the_digest_another_at_once():
    chantier, person = make_chantier(), make_person()
    taken(chantier, person=person)
    taken(chantier, author_email="sans-compte@habitant.example")
    letters.tell_authors(chantier, "opened", NOW)
    assert dict(Letter.objects.values_list("address", "mode")) == {
        person.email: "digest",
        "sans-compte@habitant.example": "immediate",
    }


def test_of_a_chantier_for_partners_only_partners_hear():
    chantier, partner = make_chantier(circle="partners"), make_person()
    taken(chantier, person=partner)
    taken(chantier)
    letters.tell_authors(chantier, "opened", NOW)
    assert list(Letter.objects.values_list("person", flat=True)) == [partner.pk]


@pytest.mark.parametrize("event", list(letters.SUBJECTS))
def test_the_letter_says_what_happened_and_gives_the_link_to_follow(event):
    make_department()
    fields = {"stage": "abandoned", "motive": "Le local manque."} if event == "abandoned" else {}
    chantier = make_chantier(title="Se loger à l’année", **fields)
    row = taken(chantier, title="Des volets clos")
    letters.tell_authors(chantier, event, NOW)
    letter = Letter.objects.get()
    assert "Se loger à l’année" in letter.subject
    for words in ("Se loger à l’année", "Des volets clos", row.key):
        assert words in letter.text
        assert words in letter.html
    assert ("Le local manque." in letter.text) == (event == "abandoned")


def test_thousands_are_told_in_parts_and_a_job_cut_short_goes_on(monkeypatch):
    monkeypatch.setattr(letters, "CHUNK", 2)
    chantier = make_chantier()
    for _n in range(5):
        taken(chantier)
    real, calls = letters._tell, []

    def cut(*args: Any) -> bool:
        calls.append(args)
        if len(calls) == 4:
            raise RuntimeError("killed")
        return real(*args)

    monkeypatch.setattr(letters, "_tell", cut)
    with pytest.raises(RuntimeError):
        job.call(chantier.pk, "opened", NOW.isoformat())
    assert Letter.objects.count() in {2, 3}
    monkeypatch.setattr(letters, "_tell", real)
    job.call(chantier.pk, "opened", NOW.isoformat())
    assert Letter.objects.values("address").distinct().count() == Letter.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_opening_a_chantier_queues_the_news_in_the_background():
    chantier, by = make_chantier(stage="proposed", opened_on=None), make_coordinator()
    taken(chantier)
    life.open_chantier(chantier, by=by, now=NOW)
    assert not Letter.objects.exists()
    while run_ready():
        pass
    assert Letter.objects.filter(kind="chantiers.contribution_news").count() == 1


def test_a_chantier_that_never_opened_ends_without_news():
    chantier, by = make_chantier(stage="proposed", opened_on=None), make_coordinator()
    taken(chantier)
    life.abandon(chantier, by=by, now=NOW, motive="Sans objet.")
    assert letters.tell_authors(chantier, "abandoned", NOW) == 0


# Taking up ----------------------------------------------------------------------------------------------------------


def test_a_contribution_that_is_read_after_its_chantier_opened_is_taken_up_then():
    chantier = make_chantier()
    row = make_contribution(stage="received", is_published=False)
    ContributionLink.objects.create(chantier=chantier, contribution=row, at=NOW, is_origin=True)
    assert take_up_contributions(NOW) == 0
    type(row).objects.filter(pk=row.pk).update(stage="qualified", is_published=True)
    assert take_up_contributions(NOW) == 1
    assert take_up_contributions(NOW) == 0
    row.refresh_from_db()
    assert (row.stage, row.outcome) == ("linked", "linked")


def test_a_contribution_is_attached_once_and_detached_while_its_author_has_no_answer():
    chantier, by, row = make_chantier(), make_coordinator(), make_contribution()
    links.attach_contribution(chantier, by=by, now=NOW, contribution=row)
    with pytest.raises(Refused, match=r"déjà rattachée"):
        links.attach_contribution(chantier, by=by, now=NOW, contribution=row)
    row.refresh_from_db()
    assert (row.stage, chantier.title in row.answer) == ("linked", True)
    links.detach_contribution(chantier, by=by, now=NOW, contribution=row)
    row.refresh_from_db()
    assert (row.stage, row.outcome, ContributionLink.objects.count()) == ("admissible", "", 0)


def test_an_origin_or_an_answered_contribution_stays_attached():
    chantier, by = make_chantier(), make_coordinator()
    with pytest.raises(Refused, match=r"conduit à ouvrir"):
        links.detach_contribution(chantier, by=by, now=NOW, contribution=taken(chantier))
    with pytest.raises(Refused, match=r"déjà reçu la réponse"):
        links.detach_contribution(chantier, by=by, now=NOW, contribution=taken(chantier, origin=False, **answered()))


def test_one_that_another_chantier_takes_up_stays_taken_up():
    one, two, by = make_chantier(), make_chantier(), make_coordinator()
    row = taken(one)
    links.attach_contribution(two, by=by, now=NOW, contribution=row)
    links.detach_contribution(two, by=by, now=NOW, contribution=row)
    row.refresh_from_db()
    assert row.stage == "linked"


def test_what_does_not_stand_is_not_attached_and_partners_attach_nothing():
    chantier = make_chantier()
    gone = make_contribution(stage="withdrawn", is_published=False)
    with pytest.raises(Refused, match=r"ne peut pas être rattachée"):
        links.attach_contribution(chantier, by=make_coordinator(), now=NOW, contribution=gone)
    partner = make_member(chantier).person
    with pytest.raises(NotAllowed):
        links.attach_contribution(chantier, by=partner, now=NOW, contribution=make_contribution())


# Provenance ---------------------------------------------------------------------------------------------------------


def told(row: Any, reader: Any) -> list[str]:
    return [str(step.sentence) for step in followups(row, reader)]


def test_what_became_of_a_contribution_can_be_followed_to_the_pact():
    day = TODAY - timedelta(days=60)
    chantier = make_chantier(
        title="Se loger", stage="completed", opened_on=day, tabled_on=day + timedelta(days=30), in_pact_on=day + timedelta(days=50)
    )
    roadmap = make_roadmap(chantier, stage="adopted", adopted_on=day + timedelta(days=10), adopted_at_meeting=1, circle="public")
    make_deliverable(roadmap, title="La charte", published_on=day + timedelta(days=20))
    row = taken(chantier)
    assert set(told(row, AnonymousUser())) == {
        "Reprise dans le chantier « Se loger », qui s’ouvre",
        "Le groupe arrête sa feuille de route",
        "Livrable publié : La charte",
        "Les propositions du groupe vont à l’assemblée",
        "Le chantier est achevé",
        "Ce que le groupe a proposé entre dans le pacte du territoire",
    }
    assert all(step.url == chantier.get_absolute_url() for step in followups(row, AnonymousUser()))


def test_what_a_reader_may_not_read_is_not_followed():
    chantier = make_chantier(title="À huis clos", circle="partners")
    make_roadmap(chantier, stage="adopted", adopted_on=TODAY, adopted_at_meeting=1, circle="group")
    row = taken(chantier)
    assert told(row, AnonymousUser()) == []
    assert told(row, make_person()) == ["Reprise dans le chantier « À huis clos », qui s’ouvre"]
    proposed = taken(make_chantier(title="En projet", stage="proposed", opened_on=None))
    assert told(proposed, make_person()) == []
    assert told(proposed, make_coordinator()) == ["Un chantier se prépare : « En projet »"]


def test_an_abandoned_chantier_says_why():
    row = taken(make_chantier(stage="abandoned", motive="Le local manque."))
    assert told(row, AnonymousUser())[-1] == "Le chantier s’est arrêté : Le local manque."


def test_one_that_was_merged_follows_the_one_it_was_merged_into():
    kept = taken(make_chantier(title="Se loger"))
    merged = make_contribution(stage="merged", merged_into=kept, is_published=False)
    assert told(merged, AnonymousUser()) == ["Reprise dans le chantier « Se loger », qui s’ouvre"]


def test_following_costs_three_queries_however_many_chantiers(django_assert_max_num_queries):
    row = taken(make_chantier())
    for _n in range(3):
        ContributionLink.objects.create(chantier=make_chantier(), contribution=row, at=NOW)
    with django_assert_max_num_queries(3):
        assert len(followups(row, AnonymousUser())) == 4


def test_the_page_of_a_chantier_says_what_the_council_had_before_it_and_how_many_contributions(client_for):
    make_department()
    chantier = make_chantier(evidence_count=31)
    taken(chantier)
    taken(chantier, circle="group", may_publish=False, is_published=False)
    numbers = {"authors": 30, "expected": 16.0, "ratio": 1.8, "lower": 1.2, "upper": 2.5, "territory_authors": 34}
    numbers |= {"theme_authors": 32, "all_authors": 68, "rank": 1, "themes": 2, "texts": 31}
    make_candidate(stage="opened", chantier=chantier, decided_on=TODAY, evidence=numbers)
    page = client_for().get(reverse("portal:chantier", args=[chantier.slug])).text
    assert "30 auteurs, 16 attendus" in page
    assert "reprend 1 contribution" in page or "Lire la contribution que ce chantier reprend" in page
