"""The year ahead: what is left is said, what everyone may read is frozen, the next year begins in one screen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import translation

from dialogue.archive import acts, years
from dialogue.archive.models import ProcessYear
from dialogue.chantiers.models import Chantier
from dialogue.contributions.models import Campaign
from dialogue.deliverables.models import Deliverable
from dialogue.formats.json import seal
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.territories.models import CalendarDate
from tests.factories import (
    NOW,
    make_campaign,
    make_chantier,
    make_contribution,
    make_coordinator,
    make_department,
    make_meeting,
    make_person,
    make_territory,
)
from tests.factories_deliverables import make_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Any:
    make_department()
    return make_coordinator()


def opened(officer: Any, **facts: Any) -> ProcessYear:
    facts = {"year": 2017, "starts_on": date(2017, 1, 1), "ends_on": date(2017, 12, 31)} | facts
    return acts.open_year(None, by=officer, now=NOW, **facts)


def chantier(stage: str, **fields: Any) -> Chantier:
    return make_chantier(**{"stage": stage, "opened_on": date(2017, 3, 20)} | fields)


def test_a_year_opens_with_its_councils_its_conference_and_its_campaign(officer):
    make_territory(name="Médoc")
    make_territory(name="Graves")
    opened(
        officer,
        councils=[(5, date(2017, 3, 15)), (6, date(2017, 11, 2))],
        conference_on=date(2017, 6, 1),
        campaign={"title": "Contributions 2017", "opens_on": date(2017, 10, 1), "closes_on": None},
    )
    councils = list(
        CalendarDate.objects.filter(kind="council").order_by("pk").values_list("title", "starts_on", "series", "precision")
    )
    assert councils[0] == ("Conseil de territoire n° 5, Médoc", date(2017, 3, 1), 5, "month")
    assert [row[2] for row in councils] == [5, 5, 6, 6]
    assert CalendarDate.objects.get(kind="conference").starts_on == date(2017, 6, 1)
    campaign = Campaign.objects.get()
    assert (campaign.title, campaign.is_announced) == ("Contributions 2017", False)


def test_one_year_at_a_time(officer):
    opened(officer)
    with pytest.raises(Refused, match="Une année est encore ouverte"):
        opened(officer, year=2018, starts_on=date(2018, 1, 1), ends_on=date(2018, 12, 31))
    assert ProcessYear.objects.count() == 1


def test_what_is_refused_writes_no_date(officer):
    make_territory()
    with pytest.raises(Refused, match="Le dernier jour vient après le premier"):
        opened(officer, ends_on=date(2016, 1, 1), councils=[(5, date(2017, 3, 1))])
    with pytest.raises(Refused, match="Donnez un titre"):
        opened(officer, councils=[(5, date(2017, 3, 1))], campaign={"title": " ", "opens_on": date(2017, 10, 1)})
    assert (ProcessYear.objects.count(), CalendarDate.objects.count()) == (0, 0)


def test_a_year_closes_with_what_everyone_could_read_that_day(officer):
    year = opened(officer)
    going = chantier("working", number=1, title="Cantines", circle="public")
    done = chantier("evaluated", number=2, title="Vélos", circle="public")
    chantier("working", number=3, title="Secret des partenaires", circle="partners")
    make_contribution(written_at=NOW)
    acts.close_year(year, by=officer, now=NOW, word=" Une belle année. ", carried=Chantier.objects.filter(stage="working"))
    year.refresh_from_db()
    told = [(row["title"], row["carried_on"], row["stage"]) for row in year.content["chantiers"]]
    assert told == [("Cantines", True, "working"), ("Vélos", False, "archived")]
    assert year.content["figures"][0] == {"label": "contribution reçue", "value": 1}
    assert (year.word, year.closed_on, year.seal) == ("Une belle année.", date(2017, 11, 6), seal(year.content))
    done.refresh_from_db()
    going.refresh_from_db()
    assert (done.stage, going.stage) == ("archived", "working")


def test_a_chantier_at_work_is_never_archived_by_oversight(officer):
    year = opened(officer)
    chantier("working", number=4, title="Navettes")
    with pytest.raises(Refused, match="« Navettes », n’est pas terminé"):
        acts.close_year(year, by=officer, now=NOW, word="", carried=[])
    assert ProcessYear.objects.get().stage == "open"


def test_a_year_reopens_until_another_follows(officer):
    year = opened(officer)
    acts.close_year(year, by=officer, now=NOW, word="", carried=[])
    acts.reopen_year(year, by=officer, now=NOW)
    assert (year.stage, year.content, year.seal) == ("open", {}, "")
    acts.close_year(year, by=officer, now=NOW, word="", carried=[])
    opened(officer, year=2018, starts_on=date(2018, 1, 1), ends_on=date(2018, 12, 31))
    with pytest.raises(Refused, match="ne se rouvre plus"):
        acts.reopen_year(year, by=officer, now=NOW)


def test_a_year_does_not_reopen_beside_another_one(officer):
    year = opened(officer)
    acts.close_year(year, by=officer, now=NOW, word="", carried=[])
    opened(officer, year=2016, starts_on=date(2016, 1, 1), ends_on=date(2016, 12, 31))
    with pytest.raises(Refused, match="Une année est encore ouverte"):
        acts.reopen_year(year, by=officer, now=NOW)
    year.refresh_from_db()
    assert (year.stage, year.seal) == ("closed", seal(year.content))


def test_the_database_holds_one_open_year_alone(officer):
    opened(officer)
    with pytest.raises(IntegrityError, match=r"archive_one_open_year|archive_processyear\.stage"):
        ProcessYear.objects.create(year=2018, starts_on=date(2018, 1, 1), ends_on=date(2018, 12, 31))


def test_figures_count_only_what_everyone_may_read(officer):
    year, public = opened(officer), chantier("working")
    reserved = chantier("working", circle="partners")
    for number, row in enumerate((public, reserved, reserved)):
        make_meeting(chantier=row, number=number, stage="held", starts_at=NOW)
    make_contribution(written_at=NOW)
    make_contribution(written_at=NOW, circle="partners")
    make_contribution(written_at=NOW, is_published=False)
    told = {figure.label: figure.value for figure in years.figures(year)}
    assert (told["séance tenue"], told["contribution reçue"], told["chantier ouvert pendant l’année"]) == (1, 1, 1)


def test_what_is_frozen_is_in_the_language_of_the_site_whoever_clicks(officer):
    make_territory(name="Médoc")
    row = chantier("working")
    with translation.override("en"):
        year = opened(officer, councils=[(5, date(2017, 3, 15))])
        acts.close_year(year, by=officer, now=NOW, word="", carried=[row])
    assert CalendarDate.objects.get(territory__name="Médoc").title == "Conseil de territoire n° 5, Médoc"
    assert year.content["figures"][0] == {"label": "contribution reçue", "value": 0}
    assert year.content["chantiers"][0]["state"] == str(row.shown_state.label)
    assert year.content["dates"][0]["kind"] == "conseil de territoire"


def test_a_year_that_has_not_begun_does_not_close(officer):
    year = opened(officer, year=2030, starts_on=date(2030, 1, 1), ends_on=date(2030, 12, 31))
    with pytest.raises(Refused, match="n’a pas commencé"):
        acts.close_year(year, by=officer, now=NOW, word="", carried=[])


def test_partners_neither_open_nor_close_a_year(officer):
    year = opened(officer)
    with pytest.raises(NotAllowed):
        acts.close_year(year, by=make_person(), now=NOW, word="", carried=[])


def test_what_is_left_is_counted(officer):
    year = opened(officer)
    make_contribution(stage="received", received_at=NOW, campaign=make_campaign(opens_on=date(2017, 10, 1)))
    make_meeting(chantier=chantier("completed"), stage="held", starts_at=NOW)
    assert [(one.count, one.words) for one in years.left(year, date(2017, 11, 6))] == [
        (1, "contribution attend encore sa réponse"),
        (1, "séance tenue n’a pas de compte-rendu publié"),
        (1, "chantier achevé attend son évaluation"),
        (1, "territoire n’a pas publié son pacte cette année"),
        (1, "campagne de contributions est encore ouverte"),
    ]


# Pages --------------------------------------------------------------------------------------------------------------


def test_the_officer_opens_then_closes_then_everyone_reads(officer, client_for):
    make_territory()
    row = chantier("working", number=1, title="Cantines")
    client, visitor = client_for(officer), client_for()
    assert visitor.get(reverse("archive:archives")).status_code == 200
    page = client.get(reverse("archive:open"))
    values = {name: field.value() or "" for name, field in ((bound.name, bound) for bound in page.context["form"])}
    values |= {"year": 2017, "starts_on": "2017-01-01", "ends_on": "2017-12-31"}
    assert client.post(reverse("archive:open"), values).status_code == 302
    assert CalendarDate.objects.filter(kind="council").count() == 4
    assert visitor.get(reverse("archive:year", args=[2017])).status_code == 404
    url = reverse("archive:close", args=[2017])
    assert client.get(url).context["form"].initial["carried"] == [row.pk]
    refused = client.post(url, {"word": "Bilan gardé", "carried": []})
    assert refused.status_code == 422
    assert "Bilan gardé" in refused.content.decode()
    assert "n’est pas terminé" in refused.content.decode()
    assert client.post(url, {"word": "Bilan", "carried": [row.pk]}).status_code == 302
    page = visitor.get(reverse("archive:year", args=[2017])).content.decode()
    assert "Cantines" in page
    assert "se poursuit l’année suivante" in page
    assert visitor.get(reverse("archive:year_json", args=[2017])).json()["word"] == "Bilan"
    assert client.post(reverse("archive:reopen", args=[2017])).status_code == 302
    assert visitor.get(reverse("archive:year", args=[2017])).status_code == 404


def test_a_page_that_was_tampered_with_says_so(officer, client_for):
    year = opened(officer)
    acts.close_year(year, by=officer, now=NOW, word="Vrai", carried=[])
    ProcessYear.objects.update(content=year.content | {"word": "Faux"})
    page = client_for().get(year.get_absolute_url()).content.decode()
    assert "ne correspond plus à son empreinte" in page
    assert year.seal not in page
    assert "sha256" not in client_for().get(reverse("archive:year_json", args=[2017])).json()


def test_what_was_withdrawn_from_the_public_since_is_shown_in_no_file(officer, client_for):
    kept, gone = chantier("working", title="Cantines"), chantier("working", title="Vélos", objective="Rouler ensemble")
    public, narrowed = (make_result(kept, officer, title=title, published_on=date(2017, 5, 2)) for title in ("Un guide", "Un plan"))
    year = opened(officer)
    acts.close_year(year, by=officer, now=NOW, word="", carried=[kept, gone])
    address = reverse("archive:year_json", args=[2017])
    assert client_for().get(address).json() == year.content | {"sha256": year.seal}
    Chantier.objects.filter(pk=gone.pk).update(circle="partners")
    Deliverable.objects.filter(pk=narrowed.pk).update(circle="partners")
    page = client_for().get(year.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "1 chantier n’est plus public : il n’est plus montré ici." in page
    assert "1 résultat n’est plus public : il n’est plus montré ici." in page
    assert (kept.title in page, public.title in page) == (True, True)
    answer = client_for(officer).get(address)
    told = answer.json()
    assert told["withdrawn"] == {"chantiers": 1, "documents": 1}
    assert [row["title"] for row in told["chantiers"]] == ["Cantines"]
    assert [row["title"] for row in told["documents"]] == ["Résultat : Un guide"]
    for secret in ("Vélos", "Rouler ensemble", "Un plan"):
        assert secret not in page
        assert secret not in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"year": "deux mille"}, "Indiquez une année, par exemple 2018."),
        ({"first_series": "5", "first_month": ""}, "Dites en quel mois se tient cette série"),
        ({"first_series": "", "second_month": "2017-11-01"}, "Dites d’abord le numéro de la première série."),
        ({"campaign_title": "Dire", "campaign_opens_on": ""}, "Dites quel jour s’ouvre la campagne."),
        ({"ends_on": "2016-01-01"}, "Le dernier jour vient après le premier."),
    ],
)
def test_a_bad_opening_says_what_to_do(officer, client_for, given, sentence):
    values = {"year": "2017", "starts_on": "2017-01-01", "ends_on": "2017-12-31"} | given
    answer = client_for(officer).post(reverse("archive:open"), values)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ProcessYear.objects.exists()


def test_a_year_begins_after_the_one_before_it(officer, client_for):
    year = opened(officer, ends_on=date(2018, 3, 31))
    acts.close_year(year, by=officer, now=NOW.replace(year=2018, month=4), word="", carried=[])
    with pytest.raises(Refused, match="L’année 2017 va jusqu’au samedi 31 mars 2018"):
        opened(officer, year=2018, starts_on=date(2018, 1, 1), ends_on=date(2018, 12, 31))
    assert 'value="2018-04-01"' in client_for(officer).get("/pilotage/annees/ouvrir/").content.decode()
    assert opened(officer, year=2018, starts_on=date(2018, 4, 1), ends_on=date(2018, 12, 31)).stage == "open"
