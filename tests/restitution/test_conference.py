"""The departmental conference, assembled from the points of the territories as they were published."""

from __future__ import annotations

import pytest

from dialogue.ledger import clock
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.mailer.models import Letter
from dialogue.restitution.acts import conferences, points
from dialogue.restitution.acts.paths import Conflict
from dialogue.restitution.models import Conference, ProgressPoint
from dialogue.restitution.stages import PaperStage, Where
from dialogue.territories.stages import DateKind
from tests import factories as make
from tests.restitution.test_pages import MIST, deck_text, pdf_text, text

pytestmark = pytest.mark.django_db
PILOT, PAGE = "/pilotage/restitution/conference-3/", "/restitution/conference-3/"


@pytest.fixture(autouse=True)
def that_day(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make.NOW)


@pytest.fixture
def paper(place):
    make.make_date(kind=DateKind.CONFERENCE, series=3, title="Troisième conférence")
    place.publish()
    return conferences.draft_conference(None, **place.facts, series=3, introduction="Un an de travail.")


def published(paper, place):
    conferences.freeze_conference(paper, **place.facts)
    return conferences.publish_conference(paper, **place.facts)


def test_figures_count_what_anybody_may_read(paper):
    assert paper.figures == {
        "chantiers": 2,
        "states": [["seances", 1], ["pause", 1]],
        "meetings": 1,
        "organisations": 2,
        "contributions": 0,
        "deliverables": 0,
        "tabled": 0,
        "in_pact": 0,
    }


def test_it_takes_of_each_territory_the_version_published_last(paper, place):
    later = place.draft(kind=Where.CONFERENCE, series=3)
    points.edit_point(later, **place.facts, revision=0, values={"introduction": "En mars."})
    later.refresh_from_db()
    points.freeze_point(later, **place.facts)
    points.publish_point(later, by=place.desk, now=make.NOW.replace(year=2018))
    version = published(paper, place)
    assert [row["content"]["introduction"] for row in version.content["territories"]] == ["En mars."]
    assert list(version.reserved["territories"]) == ["sud-gironde"]


def test_without_any_published_point_there_is_nothing_to_freeze(place):
    paper = conferences.draft_conference(None, **place.facts, series=3, introduction="Un an de travail.")
    with pytest.raises(Refused, match="Aucun territoire n’a de point d’étape publié"):
        conferences.freeze_conference(paper, **place.facts)
    with pytest.raises(NotAllowed):
        conferences.draft_conference(None, by=place.member, now=make.NOW, series=4)


def test_two_people_who_write_at_once_are_both_heard(paper, place):
    conferences.edit_conference(paper, **place.facts, revision=0, values={"introduction": "Un", "conclusion": ""})
    with pytest.raises(Conflict):
        conferences.edit_conference(paper, **place.facts, revision=0, values={"introduction": "Deux", "conclusion": ""})
    make.make_chantier()
    conferences.refresh_figures(paper, **place.facts)
    assert (paper.introduction, paper.figures["chantiers"]) == ("Un", 3)


def test_published_it_is_read_by_all_with_the_meteo_for_partners_and_every_partner_is_told(paper, place, client_for):
    assert "Rien n’est encore publié" in text(client_for().get(PAGE))
    stranger = make.make_person()
    published(paper, place)
    assert Letter.objects.filter(kind="restitution.news", person=stranger).get().mode == "digest"
    public, partner = text(client_for().get(PAGE)), text(client_for(stranger).get(PAGE))
    assert ("Sud Gironde" in public, MIST in public, "En interne" in public) == (True, False, False)
    assert (MIST in partner, "En interne" in partner) == (True, True)
    for suffix, read in ((".pdf", pdf_text), ("-diapositives.pdf", pdf_text), (".pptx", deck_text)):
        path = f"/restitution/conference-3{suffix}"
        told = read(client_for().get(path))
        assert ("Manger local" in told, "Nuageux" in told) == (True, False)
        assert "Nuageux" in read(client_for(stranger).get(path + "?edition=partenaires"))
        assert client_for().get(path + "?edition=partenaires").status_code == 404


def test_a_correction_is_a_new_version_and_giving_it_up_brings_back_the_published_one(paper, place, client_for):
    published(paper, place)
    conferences.correct_conference(paper, **place.facts)
    conferences.edit_conference(paper, **place.facts, revision=paper.revision, values={"introduction": "Faux."})
    conferences.give_up_conference(paper, **place.facts)
    assert (paper.stage, paper.introduction) == (PaperStage.PUBLISHED, "Un an de travail.")
    conferences.correct_conference(paper, **place.facts)
    conferences.edit_conference(paper, **place.facts, revision=paper.revision, values={"introduction": "Deux ans de travail."})
    with pytest.raises(Refused, match="Dites ce qui change"):
        conferences.freeze_conference(paper, **place.facts)
    paper.refresh_from_db()
    conferences.freeze_conference(paper, **place.facts, note="Le compte des années")
    assert "Deux ans" not in text(client_for().get(PAGE))
    conferences.publish_conference(paper, **place.facts)
    page = text(client_for().get(PAGE + "differences/1-2/"))
    assert "Le compte des années" in page
    assert "<ins>" in page
    assert "<del>" in page


def test_frozen_too_early_it_is_reopened_and_only_a_draft_may_be_thrown_away(paper, place):
    conferences.freeze_conference(paper, **place.facts)
    conferences.thaw_conference(paper, **place.facts)
    with pytest.raises(Refused, match="déjà été figé"):
        conferences.discard_conference(paper, **place.facts)
    other = conferences.draft_conference(None, **place.facts, series=4)
    conferences.discard_conference(other, **place.facts)
    assert list(Conference.objects.values_list("series", flat=True)) == [3]


def test_it_is_prepared_frozen_and_published_from_its_screen(place, client_for):
    make.make_date(kind=DateKind.CONFERENCE, series=3, title="Troisième conférence")
    place.publish()
    desk = client_for(place.desk)
    assert "Commencer le document" in text(desk.get(PILOT))
    desk.post(PILOT + "conference/")
    page = text(desk.get(PILOT + "conference/"))
    assert "À corriger :" in page
    assert "L’introduction est vide." in page
    paper = Conference.objects.get()
    data = {"introduction": "Un an.", "conclusion": "", "revision": str(paper.revision), "do": "freeze"}
    answer = desk.post(PILOT + "conference/", data, follow=True)
    assert answer.request["PATH_INFO"] == PILOT + "conference/figer/"
    assert "Aperçu : ce que lira tout le monde." in text(desk.get(PILOT + "conference/apercu/"))
    desk.post(PILOT + "conference/figer/")
    desk.post(PILOT + "conference/publier/")
    assert Conference.objects.get().stage == PaperStage.PUBLISHED
    assert client_for().get(PAGE).status_code == 200
    stale = desk.post(PILOT + "conference/", data | {"revision": "0"})
    assert stale.status_code == 422
    assert ProgressPoint.objects.count() == 1
