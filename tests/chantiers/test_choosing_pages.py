"""The pages of the choice: who enters, what they say, what their forms do, how many queries they ask."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from dialogue.chantiers.models import Candidate, Chantier, ContributionLink
from dialogue.chantiers.stages import CandidateStage, Reason
from tests.factories import (
    TODAY,
    make_candidate,
    make_chantier,
    make_cluster,
    make_contribution,
    make_coordinator,
    make_date,
    make_department,
    make_member,
    make_person,
    make_priority,
    make_territory,
    make_theme,
)

pytestmark = pytest.mark.django_db
EVIDENCE = {
    "authors": 30, "expected": 16.0, "ratio": 1.8, "lower": 1.2, "upper": 2.5, "territory_authors": 34, "theme_authors": 32,
    "all_authors": 68, "rank": 1, "themes": 2, "texts": 31, "basis_texts": 31, "basis_authors": 30, "communes": 4, "organisations": 3,
}  # fmt: skip


@pytest.fixture
def world() -> dict[str, Any]:
    make_department()
    medoc, graves = make_territory(name="Médoc", code="medoc"), make_territory(name="Graves", code="graves")
    housing, buses = make_theme(name="Habitat", code="habitat"), make_theme(name="Mobilité", code="mobilite")
    for theme, territory, n in ((housing, medoc, 22), (buses, medoc, 2), (housing, graves, 2), (buses, graves, 22)):
        for author in range(n):
            make_contribution(theme=theme, territory=territory, author_key=f"{theme.pk}{territory.pk}{author}", organisation_name="Ville")
    make_priority(territory=medoc, theme=housing, statement="Se loger à l’année")
    council = make_date(territory=medoc, title="Conseil du Médoc", starts_on=TODAY - timedelta(days=3))
    return {"medoc": medoc, "graves": graves, "housing": housing, "buses": buses, "council": council}


@pytest.fixture
def client(client_for) -> Any:
    return client_for(make_coordinator())


def candidate_of(world: dict[str, Any], **fields: Any) -> Candidate:
    return make_candidate(**{"theme": world["housing"], "territory": world["medoc"]} | fields)


def retained_of(world: dict[str, Any]) -> Candidate:
    return candidate_of(world, stage="retained", decided_on=TODAY, council=world["council"], evidence=EVIDENCE, note="Le littoral.")


def doors(candidate: Candidate, council: Any) -> list[str]:
    names = ["choose", "choose_structuring", "candidates", "candidates_csv"]
    one = ["candidate", "candidate_announce", "candidate_withdraw", "candidate_decide", "candidate_reexamine", "candidate_open"]
    found = [reverse(f"chantiers:{name}") for name in names] + [reverse(f"chantiers:{name}", args=[candidate.pk]) for name in one]
    cell = f"{reverse('chantiers:choose_cell')}?theme={candidate.theme.code}&territoire={candidate.territory.code}"
    return [*found, cell, reverse("chantiers:council_choices", args=[council.pk])]


def test_the_choice_is_the_coordinations(client_for, world):
    candidate = candidate_of(world)
    partner, visitor = client_for(make_person()), client_for()
    for door in doors(candidate, world["council"]):
        assert partner.get(door).status_code == 403, door
        assert visitor.get(door).status_code == 302, door


def test_every_page_of_the_choice_opens(client, world):
    candidate = candidate_of(world)
    for door in doors(candidate, world["council"]):
        assert client.get(door, follow=True).status_code == 200, door


def test_the_cockpit_shows_authors_expected_and_suggestions(client, world):
    page = client.get(reverse("chantiers:choose")).text
    assert "22 auteurs, 22 contributions, priorité du pacte" in page
    assert "Habitat, Médoc" in page
    assert "22 auteurs, 12 attendus si ce thème pesait ici comme ailleurs" in page


def test_the_toggle_and_the_campaign_are_kept_in_the_addresses(client, world):
    campaign = make_contribution(theme=world["housing"], territory=world["medoc"]).campaign
    page = client.get(reverse("chantiers:choose"), {"campagne": campaign.slug, "suggestions": "1"}).text
    assert f"&amp;campagne={campaign.slug}&amp;suggestions=1" in page
    assert "que personne n’a confirmés" in page


def test_the_evidence_of_a_cell_is_said_and_put(client, world):
    address = f"{reverse('chantiers:choose_cell')}?theme=habitat&territoire=medoc"
    page = client.get(address).text
    assert "Se loger à l’année" in page
    assert 'role="img" aria-label="Par rapport à ce qui était attendu' in page
    client.post(address, {"note": "À voir"})
    candidate = Candidate.objects.get()
    assert (candidate.reason, candidate.note, candidate.theme) == (Reason.MANY, "À voir", world["housing"])
    assert "Déjà posé" in client.get(address).text


def test_a_cell_without_a_reason_offers_nothing_to_put(client, world):
    address = f"{reverse('chantiers:choose_cell')}?theme=mobilite&territoire=graves"
    assert "se disent d’une priorité du pacte" in client.get(address).text
    assert client.post(address, {"note": ""}).status_code == 422
    assert not Candidate.objects.exists()


@pytest.mark.parametrize("query", ["?theme=habitat&territoire=nulle-part", "?theme=%00&territoire=medoc"])
def test_an_unknown_cell_is_not_found(client, world, query):
    assert client.get(reverse("chantiers:choose_cell") + query).status_code == 404


@pytest.mark.parametrize("query", ["", "?theme=habitat"])
def test_half_a_cell_leads_back_to_the_cockpit(client, world, query):
    assert client.get(reverse("chantiers:choose_cell") + query).url == reverse("chantiers:choose")


def test_a_structuring_project_is_flagged_from_pasted_numbers(client, world):
    one, two = make_contribution(), make_contribution()
    facts = {"theme": world["buses"].pk, "territory": world["medoc"].pk, "numbers": f"n° {one.number}, {two.number}\n{one.number}"}
    client.post(reverse("chantiers:choose_structuring"), facts)
    candidate = Candidate.objects.get()
    assert set(candidate.contributions.all()) == {one, two}
    page = client.get(reverse("chantiers:candidate", args=[candidate.pk])).text
    assert "Les contributions choisies" in page


def test_numbers_that_nobody_bears_are_said(client, world):
    facts = {"theme": world["buses"].pk, "territory": world["medoc"].pk, "numbers": "999999"}
    page = client.post(reverse("chantiers:choose_structuring"), facts)
    assert page.status_code == 422
    assert page.context["form"].errors["numbers"] == ["Aucune contribution en cours ne porte ces numéros : 999999."]


def test_the_candidate_page_shows_clusters_verbatims_and_speakers(client, world):
    candidate = candidate_of(world)
    cluster = make_cluster(theme=world["housing"], territory=world["medoc"], words=["littoral", "hiver"])
    row = make_contribution(theme=world["housing"], territory=world["medoc"], cluster=cluster, text="Les volets sont clos.")
    cluster.verbatims = [row.number]
    cluster.save()
    page = client.get(reverse("chantiers:candidate", args=[candidate.pk])).text
    for words in ("littoral, hiver", "nom proposé par la machine", "Les volets sont clos.", "Ville"):
        assert words in page


def test_a_note_that_was_rewritten_meanwhile_shows_both(client, world):
    candidate = candidate_of(world, note="Celle d’un autre")
    page = client.post(reverse("chantiers:candidate", args=[candidate.pk]), {"note": "La mienne", "shown": "Avant"})
    assert page.status_code == 422
    assert "La mienne" in page.text
    assert "Celle d’un autre" in page.text
    form = page.context["form"]
    client.post(reverse("chantiers:candidate", args=[candidate.pk]), {"note": "La mienne", "shown": form["shown"].value()})
    assert Candidate.objects.get().note == "La mienne"


def test_a_candidate_is_shown_as_the_public_will_see_it_then_announced(client, client_for, world):
    candidate = candidate_of(world, note="Le littoral se vide.")
    address = reverse("chantiers:candidate_announce", args=[candidate.pk])
    assert "comme le public les verra" in client.get(address).text
    coming = make_date(territory=world["medoc"], starts_on=date(2099, 3, 1))
    response = client.post(address, {"council": coming.pk})
    assert response.status_code == 302, response.context["form"].errors
    candidate.refresh_from_db()
    assert (candidate.is_announced, candidate.council) == (True, coming)
    assert "comme le public les voit" in client.get(address).text
    client.post(reverse("chantiers:candidate_stop", args=[candidate.pk]))
    candidate.refresh_from_db()
    assert not candidate.is_announced


def test_a_candidate_is_withdrawn_after_a_confirmation(client, world):
    candidate = candidate_of(world)
    client.post(reverse("chantiers:candidate_withdraw", args=[candidate.pk]))
    assert not Candidate.objects.exists()


def test_a_council_decides_in_the_meeting_room(client, world):
    keep, aside = candidate_of(world), candidate_of(world, reason=Reason.FEW)
    address = reverse("chantiers:council_choices", args=[world["council"].pk])
    client.post(address, {"candidat": keep.pk})
    client.post(address, {"candidat": aside.pk, "ecarter": "1", "motif": ""})
    aside.refresh_from_db()
    assert aside.stage == CandidateStage.TO_EXAMINE
    client.post(address, {"candidat": aside.pk, "ecarter": "1", "motif": "Un syndicat s’en charge."})
    page = client.get(address).text
    assert "Retenu le" in page
    assert "Un syndicat s’en charge." in page
    keep.refresh_from_db()
    assert (keep.stage, keep.evidence["authors"]) == (CandidateStage.RETAINED, 22)


@pytest.mark.parametrize("key", ["", "abc", "99999999999999999999", "-1"])
def test_a_council_that_is_sent_nonsense_decides_nothing(client, world, key):
    address = reverse("chantiers:council_choices", args=[world["council"].pk])
    assert client.post(address, {"candidat": key}).status_code == 404


def test_a_decision_is_recorded_on_its_own_page_too_and_taken_back(client, world):
    candidate = candidate_of(world)
    address = reverse("chantiers:candidate_decide", args=[candidate.pk])
    assert client.post(address, {"ecarter": "1", "ecarter-council": world["council"].pk}).status_code == 422
    client.post(address, {"retenir": "1", "retenir-council": world["council"].pk})
    candidate.refresh_from_db()
    assert candidate.stage == CandidateStage.RETAINED
    client.post(reverse("chantiers:candidate_reexamine", args=[candidate.pk]))
    candidate.refresh_from_db()
    assert candidate.stage == CandidateStage.TO_EXAMINE


def test_one_click_from_a_retained_candidate_gives_a_drafted_chantier(client, world):
    candidate = retained_of(world)
    address = reverse("chantiers:candidate_open", args=[candidate.pk])
    page = client.get(address)
    assert page.context["form"].initial["reason_text"] == (
        "De nombreuses contributions du territoire Médoc parlent de « Habitat », une priorité de son pacte. "
        "30 auteurs, 16 attendus si ce thème pesait ici comme ailleurs : entre 1,2 et 2,5 fois plus. "
        "88 % des auteurs du territoire en parlent, contre 47 % dans l’ensemble du Département. Le littoral."
    )
    facts = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    facts |= {"title": "Se loger à l’année", "objective": "Vingt logements.", "deliverable": "Une charte."}
    response = client.post(address, facts)
    chantier = Chantier.objects.get()
    assert response.url == reverse("chantiers:settings", args=[chantier.slug])
    assert (chantier.evidence_count, chantier.council) == (31, world["council"])
    assert ContributionLink.objects.filter(chantier=chantier, is_origin=True).count() == 22


def test_candidates_are_compared_side_by_side_from_two_to_four(client, world):
    rows = [candidate_of(world), candidate_of(world, reason=Reason.STRUCTURING, note="Un collège ouvert le soir")]
    make_chantier(theme=world["housing"], territories=[world["medoc"]], title="Des volets ouverts")
    page = client.get(reverse("chantiers:candidates_compare"), {"c": [row.pk for row in rows]}).text
    for words in ("2 candidats côte à côte", "Un collège ouvert le soir", "Des volets ouverts", "Attendus"):
        assert words in page
    for keys in ([rows[0].pk], ["x", "99999999999999"], []):
        assert client.get(reverse("chantiers:candidates_compare"), {"c": keys}).url == reverse("chantiers:candidates")


def test_all_candidates_are_exported_with_their_evidence(client, world):
    candidate_of(world, note="=1+1")
    lines = b"".join(client.get(reverse("chantiers:candidates_csv")).streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("theme;territoire;raison;etat")
    assert lines[1].startswith("Habitat;Médoc;Beaucoup de contributions sur un thème prioritaire;À examiner;0;2017-11-06;")
    assert lines[1].endswith(";'=1+1")


def test_the_lead_attaches_and_detaches_a_contribution(client_for, world):
    chantier, lead = make_chantier(), make_person()
    make_member(chantier, role="lead", person=lead)
    row, client = make_contribution(), client_for(lead)
    address = reverse("chantiers:links", args=[chantier.slug])
    page = client.post(address, {"number": f"n° {row.number}"}, follow=True).text
    assert row.title in page
    row.refresh_from_db()
    assert row.stage == "linked"
    client.post(reverse("chantiers:link_detach", args=[chantier.slug, row.number]))
    row.refresh_from_db()
    assert (row.stage, ContributionLink.objects.count()) == ("admissible", 0)


@pytest.mark.parametrize("typed", ["", "abc", "99999999999999999999999", "12345678"])
def test_a_number_that_no_readable_contribution_bears_is_said(client_for, world, typed):
    chantier = make_chantier()
    page = client_for(make_coordinator()).post(reverse("chantiers:links", args=[chantier.slug]), {"number": typed})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text


def test_partners_of_the_group_do_not_find_the_page_of_its_links(client_for, world):
    chantier, partner = make_chantier(), make_person()
    make_member(chantier, person=partner)
    assert client_for(partner).get(reverse("chantiers:links", args=[chantier.slug])).status_code == 404


def test_pages_ask_twelve_queries_at_most(client, world, django_assert_max_num_queries):
    candidate = candidate_of(world)
    retained = make_candidate(theme=world["housing"], territory=world["graves"], stage="retained", decided_on=TODAY, evidence=EVIDENCE)
    cluster = make_cluster(theme=world["housing"], territory=world["medoc"])
    make_contribution(theme=world["housing"], territory=world["medoc"], cluster=cluster)
    compare = f"{reverse('chantiers:candidates_compare')}?c={candidate.pk}&c={retained.pk}"
    chosen = f"{reverse('chantiers:choose')}?campagne={make_contribution().campaign.slug}"
    for door in [*doors(candidate, world["council"]), reverse("chantiers:candidate_open", args=[retained.pk]), compare, chosen]:
        with django_assert_max_num_queries(12, info=door):
            assert client.get(door).status_code in {200, 302}
