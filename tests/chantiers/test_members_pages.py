"""The pages of the membership: who reads what, what they can do there, how much they cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dialogue.chantiers.models import JoinRequest, Member, Representative
from dialogue.chantiers.pages_members import members_page
from dialogue.chantiers.rules.members import keeper
from dialogue.chantiers.stages import Role, Stage
from dialogue.people.models import Mandate, Organisation, Person
from dialogue.people.stages import Circle, OrganisationStage
from tests.factories import (
    make_chantier,
    make_coordinator,
    make_department,
    make_invitation,
    make_mandate,
    make_member,
    make_newcomer,
    make_organisation,
    make_person,
    make_request,
)

pytestmark = pytest.mark.django_db


def page_of(client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


def group(**fields):
    chantier = make_chantier(**{"title": "Cantines"} | fields)
    lead = make_member(chantier, role=Role.LEAD, person=make_person(name="Léa Pilote", email="lead@g.example")).person
    partner = make_member(chantier, person=make_person(name="Paul Partenaire", phone="05 56 00 00 00"))
    return chantier, lead, partner


def members_url(chantier) -> str:
    return f"/chantiers/{chantier.slug}/espace/membres/"


def test_members_read_the_names_and_contacts_of_their_group(client_for):
    chantier, _lead, partner = group()
    page = page_of(client_for(partner.person), members_url(chantier))
    for words in ("Léa Pilote", "lead@g.example", "Paul Partenaire", "tel:0556000000", "Direction référente", "Votre organisme"):
        assert words in page


def test_outsiders_do_not_enter(client_for):
    chantier, _lead, _partner = group()
    url = members_url(chantier)
    assert client_for(make_person()).get(url).status_code == 403
    assert client_for(make_newcomer()).get(url).status_code == 403
    assert client_for().get(url)["Location"] == f"/compte/login/?next={url}"


def test_requests_and_invitations_are_shown_to_those_in_charge_only(client_for):
    chantier, lead, partner = group()
    demand = make_request(chantier)
    make_invitation(chantier, email="invite@p.example")
    for person in (lead, make_coordinator()):
        page = page_of(client_for(person), members_url(chantier))
        assert f"/chantiers/{chantier.slug}/espace/demandes/{demand.pk}/" in page
        assert "invite@p.example" in page
    page = page_of(client_for(partner.person), members_url(chantier))
    assert "demandes/" not in page
    assert "invite@p.example" not in page
    assert "Inviter quelqu’un" not in page


def test_the_page_of_members_costs_the_same_with_ten_members(client_for):
    make_department()
    chantier, lead, _partner = group()
    client = client_for(lead)

    def cost() -> int:
        client.get(members_url(chantier))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            page_of(client, members_url(chantier))
        return len(caught)

    make_request(chantier)
    make_invitation(chantier)
    first = cost()
    for _n in range(5):
        make_member(chantier)
        make_request(chantier)
        make_invitation(chantier)
    assert cost() == first
    assert first <= 12


def test_the_page_offers_exactly_what_the_rule_allows():
    chantier, lead, partner = group()
    sponsor = make_member(chantier, role=Role.SPONSOR).person
    for person in (lead, partner.person, sponsor, make_coordinator()):
        reader = Person.objects.get(pk=person.pk)
        for _label, lines in members_page(chantier, reader).roles:
            for line in lines:
                assert line.may_keep == bool(keeper(Person.objects.get(pk=person.pk), line.member)), (person, line.member)


def test_an_organisation_leaves_from_its_page_after_a_confirmation(client_for):
    chantier, _lead, partner = group()
    client, url = client_for(partner.person), f"{members_url(chantier)}{partner.member_id}/quitter/"
    assert "n’en recevra plus les messages" in page_of(client, url)
    assert Member.objects.get(pk=partner.member_id).until is None
    answer = client.post(url, {"motive": ""})
    assert (answer.status_code, answer["Location"]) == (302, f"/chantiers/{chantier.slug}/")
    assert Member.objects.get(pk=partner.member_id).until is not None
    assert client.get(members_url(chantier)).status_code == 403


def test_a_lead_reads_why_they_do_not_leave_alone(client_for):
    chantier, lead, _partner = group()
    member = Member.objects.get(chantier=chantier, role=Role.LEAD)
    url = f"{members_url(chantier)}{member.pk}/quitter/"
    assert "La direction référente ne quitte pas seule le chantier" in page_of(client_for(lead), url)
    assert client_for(lead).post(url, {}).status_code == 422


def test_replacing_and_adding_representatives_on_the_page(client_for):
    chantier, _lead, partner = group()
    colleague = make_mandate(organisation=partner.member.organisation).person
    client, url = client_for(partner.person), f"{members_url(chantier)}{partner.member_id}/representants/"
    assert client.post(url, {"person": make_person().pk}).status_code == 422
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"person": colleague.pk, "replaces": partner.person_id}).status_code == 302
    assert list(Representative.objects.active().filter(member=partner.member).values_list("person", flat=True)) == [colleague.pk]


def test_the_coordination_adds_a_member_and_the_lead_finds_no_officer_role(client_for):
    chantier, lead, _partner = group()
    organisation = make_organisation()
    url = f"{members_url(chantier)}ajouter/"
    data = {"organisation": organisation.pk, "role": "sponsor"}
    answer = client_for(lead).post(url, data)
    assert answer.status_code == 422
    assert "Choisissez un rôle dans la liste." in answer.content.decode()
    assert client_for(make_coordinator()).post(url, data).status_code == 302
    assert chantier.members.get(role="sponsor").organisation == organisation
    assert client_for(make_coordinator()).post(url, data | {"organisation": make_organisation().pk}).status_code == 422


def test_whoever_answers_for_a_chantier_is_offered_only_the_people_that_the_directory_tells(client_for):
    chantier, lead, _partner = group()
    url = f"{members_url(chantier)}ajouter/"
    make_mandate(person=make_person(name="Hélène Inconnue"))
    seat = make_member(make_chantier(), person=make_person(name="Karim Annuaire", share_contact=True))
    make_mandate(person=seat.person, organisation=make_organisation(name="Un autre organisme de Karim"))
    make_member(make_chantier(), person=make_person(name="Sonia Discrète"))
    make_mandate(person=make_person(name="Denis Collègue"), organisation=lead.mandates.get().organisation)
    page = page_of(client_for(lead), url)
    offered = [name for name in ("Hélène Inconnue", "Karim Annuaire", "Sonia Discrète", "Denis Collègue") if name in page]
    assert offered == ["Karim Annuaire", "Denis Collègue"]
    assert f"Karim Annuaire · {seat.member.organisation}<" in page
    coordination = page_of(client_for(make_coordinator()), url)
    assert "Hélène Inconnue" in coordination
    assert "Sonia Discrète" in coordination


def test_somebody_unlisted_is_added_by_the_exact_address_of_their_account(client_for):
    chantier, lead, _partner = group()
    url, mandate = f"{members_url(chantier)}ajouter/", make_mandate(person=make_person(email="helene@asso.example"))
    data = {"organisation": mandate.organisation_id, "role": "partner"}
    unlisted = client_for(lead).post(url, data | {"person": mandate.person_id})
    assert (unlisted.status_code, "Choisissez une personne dans la liste." in unlisted.content.decode()) == (422, True)
    other = make_mandate(person=make_person(email="autre@asso.example"))
    answers = {email: client_for(lead).post(url, data | {"email": email}) for email in ("x@nulle.example", other.person.email)}
    # An account that speaks for others is not told from an address without account.
    for email, answer in answers.items():
        assert answer.status_code == 422, email
        assert "Aucun compte validé ne parle pour cet organisme à cette adresse." in answer.content.decode()
    assert client_for(lead).post(url, data | {"email": "Helene@asso.example"}).status_code == 302
    assert (
        Representative.objects.get(member__chantier=chantier, person=mandate.person).member.organisation == mandate.organisation
    )


def test_a_new_representative_is_named_by_address_or_from_the_list_but_not_both(client_for):
    chantier, lead, partner = group()
    url = f"{members_url(chantier)}{partner.member_id}/representants/"
    colleague = make_mandate(organisation=partner.member.organisation, person=make_person(name="Zoé Voisine")).person
    assert "Zoé Voisine" in page_of(client_for(partner.person), url)
    assert "Zoé Voisine" not in page_of(client_for(lead), url)
    both = client_for(partner.person).post(url, {"person": colleague.pk, "email": colleague.email})
    assert (both.status_code, "pas les deux" in both.content.decode()) == (422, True)
    assert client_for(lead).post(url, {"email": colleague.email}).status_code == 302
    assert Representative.objects.active().filter(member=partner.member, person=colleague).exists()


def test_a_member_of_another_chantier_cannot_be_reached_through_this_one(client_for):
    chantier, lead, _partner = group()
    other = make_member(make_chantier())
    for door in ("quitter", "role", "representants"):
        assert client_for(lead).get(f"{members_url(chantier)}{other.member_id}/{door}/").status_code == 404
    demand = make_request(make_chantier())
    assert client_for(lead).get(f"/chantiers/{chantier.slug}/espace/demandes/{demand.pk}/").status_code == 404


# Asking to join -----------------------------------------------------------------------------------------------------


def test_a_visitor_reads_how_to_join_and_signs_in_coming_back(client):
    chantier, _lead, _partner = group()
    page = page_of(client, f"/chantiers/{chantier.slug}/rejoindre/")
    assert f"/compte/login/?next=/chantiers/{chantier.slug}/rejoindre/" in page
    assert f"/compte/signup/?next=/chantiers/{chantier.slug}/rejoindre/" in page
    assert "lead@g.example" not in page
    assert "Léa Pilote" not in page
    assert client.post(f"/chantiers/{chantier.slug}/rejoindre/", {}).status_code == 403


def test_a_partner_asks_and_the_page_tells_the_deadline(client_for):
    chantier, _lead, _partner = group()
    mandate = make_mandate()
    client, url = client_for(mandate.person), f"/chantiers/{chantier.slug}/rejoindre/"
    page = page_of(client, url)
    assert f'<option value="{mandate.organisation_id}" selected>' in page
    answer = client.post(url, {"organisation": mandate.organisation_id, "motivation": "<script>alert(1)</script>"}, follow=True)
    page = answer.content.decode()
    assert "Réponse sous sept jours, avec un rappel automatique." in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    demand = JoinRequest.objects.get()
    assert client.post(url, {"organisation": mandate.organisation_id}).status_code == 422
    assert client.post(f"{url}{demand.pk}/retirer/").status_code == 302
    assert "Votre demande" in page_of(client, url)


def test_a_newcomer_declares_their_organisation_and_asks_in_one_go(client_for):
    chantier, _lead, _partner = group()
    newcomer = make_newcomer()
    client, url = client_for(newcomer), f"/chantiers/{chantier.slug}/rejoindre/"
    data = {"organisation": "", "new_name": "Épicerie du Port", "new_kind": "business", "motivation": "Nous livrons."}
    assert client.post(url, data | {"new_kind": ""}).status_code == 422
    assert client.post(url, data | {"new_name": ""}).status_code == 422
    assert client.post(url, data | {"organisation": make_organisation().pk}).status_code == 422
    assert client.post(url, data).status_code == 302
    organisation = Organisation.objects.get(name="Épicerie du Port")
    assert organisation.stage == OrganisationStage.PROPOSED
    assert Mandate.objects.filter(person=newcomer, organisation=organisation).exists()
    assert JoinRequest.objects.get().organisation == organisation
    assert "La coordination valide aussi votre compte" in page_of(client, url)


def test_a_request_that_fails_leaves_no_organisation_behind(client_for):
    chantier, _lead, partner = group()
    make_request(chantier, person=partner.person, organisation=make_organisation())
    data = {"organisation": "", "new_name": "Fantôme", "new_kind": "other"}
    assert client_for(partner.person).post(f"/chantiers/{chantier.slug}/rejoindre/", data).status_code == 422
    assert not Organisation.objects.filter(name="Fantôme").exists()


@pytest.mark.parametrize("stage", [Stage.COMPLETED, Stage.EVALUATED, Stage.ARCHIVED])
def test_the_page_says_that_a_completed_chantier_takes_nobody(client_for, stage):
    chantier = make_chantier(stage=stage)
    assert "n’accueille plus de nouveaux membres" in page_of(client_for(make_person()), f"/chantiers/{chantier.slug}/rejoindre/")


def test_a_chantier_of_the_partners_circle_is_unknown_to_visitors(client):
    chantier = make_chantier(circle=Circle.PARTNERS)
    assert client.get(f"/chantiers/{chantier.slug}/rejoindre/").status_code == 404
    assert client.get(f"/chantiers/{chantier.slug}/suivre/").status_code == 404


def test_those_in_charge_answer_on_the_page(client_for):
    chantier, lead, partner = group()
    demand, other = make_request(chantier), make_request(chantier)
    url = f"/chantiers/{chantier.slug}/espace/demandes/"
    assert client_for(partner.person).get(f"{url}{demand.pk}/").status_code == 404
    client = client_for(lead)
    page = page_of(client, f"{url}{demand.pk}/")
    assert demand.motivation in page
    assert client.post(f"{url}{demand.pk}/", {"answer": "accept", "role": "resource"}).status_code == 302
    assert chantier.members.get(organisation=demand.organisation).role == "resource"
    late = client.post(f"{url}{demand.pk}/", {"answer": "accept", "role": "partner"})
    assert late.status_code == 422
    assert "Ce n’est plus possible" in late.content.decode()
    assert client.post(f"{url}{other.pk}/", {"answer": "refuse", "motive": ""}).status_code == 422
    assert client.post(f"{url}{other.pk}/", {"answer": "refuse", "motive": "x" * 2001}).status_code == 422
    assert client.post(f"{url}{other.pk}/", {"answer": "accept", "role": "lead"}).status_code == 422
    assert client.post(f"{url}{other.pk}/", {"answer": "refuse", "motive": "Complet."}).status_code == 302
    assert JoinRequest.objects.get(pk=other.pk).stage == "refused"


def test_the_asker_sees_the_motive_and_may_ask_again_on_the_page(client_for):
    chantier, lead, _partner = group()
    demand = make_request(chantier)
    client_for(lead).post(
        f"/chantiers/{chantier.slug}/espace/demandes/{demand.pk}/", {"answer": "refuse", "motive": "Groupe complet."}
    )
    page = page_of(client_for(demand.person), f"/chantiers/{chantier.slug}/rejoindre/")
    assert "Groupe complet." in page
    assert "Envoyer ma demande" in page
