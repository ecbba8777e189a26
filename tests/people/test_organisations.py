"""Organisations: proposed, validated, changed, merged; mandates; logos."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from dialogue.people import acts, hooks, logos
from dialogue.people.models import Mandate, Organisation
from dialogue.people.stages import Kind, OrganisationStage
from tests.factories import (
    NOW,
    TODAY,
    make_commune,
    make_coordinator,
    make_mandate,
    make_newcomer,
    make_organisation,
    make_person,
)
from tests.people.test_accounts import in_parallel

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


def propose(by: Any, **facts: Any) -> Organisation:
    given = {"name": "Les Paniers du Fleuve", "kind": Kind.ASSOCIATION} | facts
    return acts.propose_organisation(None, by=by, now=NOW, **given)


def test_a_partner_proposes_the_organisation_they_speak_for() -> None:
    coordinator, person, stranger = make_coordinator(), make_person(), make_person()
    organisation = propose(person, speaks=True, title="gérante")
    assert organisation.stage == OrganisationStage.PROPOSED
    assert person.mandates.get().organisation == organisation
    assert [Organisation.objects.visible_to(reader).count() for reader in (coordinator, person, stranger)] == [1, 1, 0]
    assert Letter.objects.get().person == coordinator
    acts.validate_organisation(organisation, by=coordinator, now=NOW)
    assert Organisation.objects.visible_to(stranger).count() == 1
    assert Letter.objects.get(kind="people.organisation_answered").person == person


def test_the_queryset_and_the_predicate_agree() -> None:
    mandate = make_mandate(organisation=make_organisation(stage=OrganisationStage.PROPOSED))
    validated = make_organisation()
    make_organisation(stage=OrganisationStage.MERGED, merged_into=validated)
    for reader in (make_coordinator(), mandate.person, make_person(), make_newcomer()):
        seen = set(Organisation.objects.visible_to(reader))
        assert seen == {row for row in Organisation.objects.all() if row.readable_by(reader)}


def test_a_name_serves_once_for_a_kind() -> None:
    propose(make_person())
    with pytest.raises(Refused, match="porte déjà ce nom"):
        propose(make_person(), name="LES PANIERS DU FLEUVE")
    assert propose(make_person(), kind=Kind.BUSINESS).pk


def test_only_those_who_speak_for_it_and_the_coordination_change_an_organisation() -> None:
    mandate = make_mandate()
    acts.change_organisation(mandate.organisation, by=mandate.person, now=NOW, website="https://www.exemple.fr")
    with pytest.raises(NotAllowed):
        acts.change_organisation(mandate.organisation, by=make_person(), now=NOW, website="https://mechant.example")
    acts.end_mandate(mandate, by=mandate.person, now=NOW)
    with pytest.raises(NotAllowed):
        acts.change_organisation(mandate.organisation, by=mandate.person, now=NOW, website="")


def test_a_validated_organisation_is_renamed_by_the_coordination_only() -> None:
    mandate = make_mandate()
    with pytest.raises(Refused, match="avec la coordination"):
        acts.change_organisation(mandate.organisation, by=mandate.person, now=NOW, name="Autre nom")
    acts.change_organisation(mandate.organisation, by=make_coordinator(), now=NOW, name="Autre nom")
    assert Organisation.objects.get().search_text == "autre nom"


def test_merging_moves_the_mandates_and_keeps_the_trace() -> None:
    double, kept = make_organisation(name="Paniers"), make_organisation(name="Les Paniers du Fleuve")
    both = make_mandate(organisation=double, since=date(2016, 1, 1)).person
    make_mandate(organisation=kept, person=both, since=date(2017, 2, 1))
    only = make_mandate(organisation=double, since=date(2017, 3, 1)).person
    older = make_organisation(stage=OrganisationStage.MERGED, merged_into=double)
    acts.merge_organisations(double, by=make_coordinator(), now=NOW, into=kept)
    assert not double.mandates.exists()
    assert list(both.mandates.order_by("pk").values_list("organisation", "since", "until")) == [
        (kept.pk, date(2016, 1, 1), TODAY),
        (kept.pk, date(2016, 1, 1), None),
    ]
    assert only.mandates.get().organisation == kept
    older.refresh_from_db()
    double.refresh_from_db()
    assert (double.stage, double.merged_into, older.merged_into) == (OrganisationStage.MERGED, kept, kept)
    entry = Entry.objects.get(act="people.merge_organisations")
    assert (entry.stage_from, entry.stage_to, entry.facts) == ("validated", "merged", {"into": f"people.organisation:{kept.pk}"})
    page = Client().get(f"/organismes/{double.pk}/")
    assert (page.status_code, page["Location"]) == (301, f"/organismes/{kept.pk}/")


def test_rooms_above_move_what_they_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[Any] = []
    monkeypatch.setattr(hooks, "on_merge", [lambda source, into, *, by, now: moved.append((source, into, by, now))])
    double, kept, by = make_organisation(), make_organisation(), make_coordinator()
    acts.merge_organisations(double, by=by, now=NOW, into=kept)
    assert moved == [(double, kept, by, NOW)]


def test_an_organisation_does_not_merge_with_itself_nor_with_a_merged_one() -> None:
    one, two, three = make_organisation(), make_organisation(), make_organisation()
    coordinator = make_coordinator()
    with pytest.raises(Refused, match="lui-même"):
        acts.merge_organisations(one, by=coordinator, now=NOW, into=one)
    acts.merge_organisations(one, by=coordinator, now=NOW, into=two)
    with pytest.raises(Refused, match="déjà été fusionné"):
        acts.merge_organisations(three, by=coordinator, now=NOW, into=one)
    with pytest.raises(NotAllowed):
        acts.merge_organisations(two, by=make_person(), now=NOW, into=three)


@pytest.mark.django_db(transaction=True)
def test_two_organisations_merged_into_each_other_at_once_leave_one() -> None:
    one, two, coordinator = make_organisation(), make_organisation(), make_coordinator()
    answers = in_parallel(
        lambda: acts.merge_organisations(one, by=coordinator, now=NOW, into=two),
        lambda: acts.merge_organisations(two, by=coordinator, now=NOW, into=one),
    )
    assert answers == ["Refused", "done"]
    assert Organisation.objects.validated().count() == 1


def test_a_person_holds_one_open_mandate_of_an_organisation() -> None:
    mandate, coordinator = make_mandate(), make_coordinator()
    with pytest.raises(Refused, match="représente déjà"):
        acts.grant_mandate(None, by=coordinator, now=NOW, person=mandate.person, organisation=mandate.organisation)
    acts.end_mandate(mandate, by=coordinator, now=NOW)
    with pytest.raises(Refused, match="déjà terminé"):
        acts.end_mandate(Mandate.objects.get(), by=coordinator, now=NOW)
    acts.grant_mandate(None, by=coordinator, now=NOW, person=mandate.person, organisation=mandate.organisation)
    assert list(Mandate.objects.order_by("pk").values_list("until", flat=True)) == [TODAY, None]


def test_nobody_gives_themselves_a_mandate() -> None:
    person, organisation = make_person(), make_organisation()
    with pytest.raises(NotAllowed):
        acts.grant_mandate(None, by=person, now=NOW, person=person, organisation=organisation)


def test_the_directory_shows_validated_organisations_and_nobody() -> None:
    mandate = make_mandate(organisation=make_organisation(name="École du Médoc", commune=make_commune(name="Lesparre")))
    make_organisation(name="En attente", stage=OrganisationStage.PROPOSED)
    page = Client().get("/organismes/", {"q": "ecole medoc"}).content.decode()
    assert ("École du Médoc" in page, "Lesparre" in page, "En attente" in page) == (True, True, False)
    assert mandate.person.name not in page
    assert mandate.person.name not in Client().get(f"/organismes/{mandate.organisation_id}/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_directory_asks_as_many_queries_whatever_its_length(count: int, django_assert_num_queries: Any) -> None:
    for _ in range(count):
        make_organisation(commune=make_commune())
    with django_assert_num_queries(3):
        Client().get("/organismes/")


def test_a_proposed_organisation_has_no_page_for_others() -> None:
    organisation = make_organisation(stage=OrganisationStage.PROPOSED)
    assert Client().get(f"/organismes/{organisation.pk}/").status_code == 404
    assert Client().get("/organismes/999999/").status_code == 404


def edit(client: Client, organisation: Organisation, **fields: Any) -> Any:
    given = {"commune": "", "website": "", "contact_email": "", "contact_phone": ""} | fields
    return client.post(f"/organismes/{organisation.pk}/modifier/", given)


def test_a_representative_completes_the_page_with_a_logo(client_for: Any) -> None:
    mandate, commune = make_mandate(), make_commune(name="Saint-Émilion")
    client = client_for(mandate.person)
    logo = SimpleUploadedFile("n’importe quoi.svg", PNG, "image/svg+xml")
    done = edit(client, mandate.organisation, commune="saint emilion", website="www.exemple.fr", logo=logo)
    assert done.status_code == 302
    organisation = Organisation.objects.get()
    assert (organisation.commune, organisation.website) == (commune, "https://www.exemple.fr")
    image = Client().get(f"/organismes/{organisation.pk}/logo/")
    assert (image["Content-Type"], b"".join(image.streaming_content)) == ("image/png", PNG)
    assert organisation.logo.name.endswith(".png")
    edit(client, organisation, remove_logo="on")
    assert Client().get(f"/organismes/{organisation.pk}/logo/").status_code == 404


def test_a_logo_that_is_replaced_or_taken_away_leaves_no_file(
    client_for: Any, django_capture_on_commit_callbacks: Any
) -> None:
    mandate = make_mandate()
    client, storage = client_for(mandate.person), mandate.organisation.logo.storage
    edit(client, mandate.organisation, logo=SimpleUploadedFile("0.png", PNG))
    before = set(storage.listdir("logos")[1]) - {Organisation.objects.get().logo.name.removeprefix("logos/")}
    for changes in ({"logo": SimpleUploadedFile("1.png", PNG)}, {"logo": SimpleUploadedFile("2.png", PNG)}, {"remove_logo": "on"}):
        with django_capture_on_commit_callbacks(execute=True):
            assert edit(client, mandate.organisation, **changes).status_code == 302
        stored = Organisation.objects.get().logo
        kept = {stored.name.removeprefix("logos/")} if stored else set()
        assert set(storage.listdir("logos")[1]) - before == kept


def test_a_refused_account_changes_nothing_of_what_it_proposed() -> None:
    person = make_newcomer()
    organisation = propose(person, speaks=True)
    acts.change_organisation(organisation, by=person, now=NOW, website="https://www.exemple.fr")
    acts.refuse_account(person, by=make_coordinator(), now=NOW, motive="Hors du département.")
    with pytest.raises(NotAllowed):
        acts.change_organisation(organisation, by=person, now=NOW, website="https://mechant.example")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "PNG, JPEG ou WebP"),
        (b"\x89PNG\r\n\x1a\nnothing", "PNG, JPEG ou WebP"),
        (b"GIF89a", "PNG, JPEG ou WebP"),
        (PNG + b"\0" * logos.MAX_BYTES, "500 ko au plus"),
    ],
)
def test_what_is_not_a_light_image_is_refused(client_for: Any, content: bytes, sentence: str) -> None:
    mandate = make_mandate()
    upload = SimpleUploadedFile("logo.png", content, "image/png")
    answer = edit(client_for(mandate.person), mandate.organisation, website="https://garde.example", logo=upload)
    page = answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    assert (answer.status_code, sentence in page, "https://garde.example" in page) == (422, True, True)
    assert not Organisation.objects.get().logo


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("commune", "Nulle-Part", "Écrivez le nom d’une commune du département"),
        ("website", "javascript:alert(1)", "Écrivez une adresse comme"),
        ("contact_phone", "appelez-moi", "Écrivez un numéro comme"),
        ("contact_phone", "1" * 30, "Écrivez un numéro comme"),
        ("contact_email", "pas une adresse", "adresse"),
    ],
)
def test_bad_input_is_answered_beside_the_field_and_kept(client_for: Any, field: str, value: str, sentence: str) -> None:
    mandate = make_mandate()
    answer = edit(client_for(mandate.person), mandate.organisation, **{field: value})
    page = answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    assert (answer.status_code, sentence in page, f'value="{value}"' in page) == (422, True, True)


def test_two_communes_of_one_name_are_told_apart_by_their_code(client_for: Any) -> None:
    mandate = make_mandate()
    first = make_commune(name="Saint-Martin", insee_code="33441")
    make_commune(name="Saint Martin", insee_code="33442")
    client = client_for(mandate.person)
    assert "Plusieurs communes portent ce nom" in edit(client, mandate.organisation, commune="saint-martin").content.decode()
    edit(client, mandate.organisation, commune="33441")
    assert Organisation.objects.get().commune == first
    assert 'value="Saint-Martin"' in client.get(f"/organismes/{mandate.organisation_id}/modifier/").content.decode()


def test_a_partner_proposes_through_the_form(client_for: Any) -> None:
    person = make_person()
    client = client_for(person)
    facts = {"name": "Les Paniers", "kind": "association", "title": "gérante", "commune": "", "website": ""}
    done = client.post("/organismes/proposer/", facts | {"contact_email": "", "contact_phone": ""})
    assert (done.status_code, done["Location"]) == (302, f"/organismes/{Organisation.objects.get().pk}/")
    again = client.post("/organismes/proposer/", facts)
    assert (again.status_code, "porte déjà ce nom" in again.content.decode()) == (422, True)
    assert person.mandates.get().title == "gérante"
    assert Client().get("/organismes/proposer/").status_code == 302


def test_the_coordination_merges_after_reading_what_moves(client_for: Any) -> None:
    mandate = make_mandate(organisation=make_organisation(name="Paniers"))
    kept = make_organisation(name="Les Paniers du Fleuve")
    client = client_for(make_coordinator())
    door = f"/pilotage/organismes/{mandate.organisation_id}/fusionner/"
    page = client.get(door, {"into": kept.pk}).content.decode()
    assert "1 mandat" in page.replace("\u00a0", " ").replace("\u202f", " ")
    assert Organisation.objects.validated().count() == 2
    assert client.get(door, {"into": mandate.organisation_id}).status_code == 200
    assert client.post(door, {"into": "abc"}).status_code == 422
    assert client.post(door, {"into": kept.pk}).status_code == 302
    assert Organisation.objects.validated().get() == kept
    assert client.post(door, {"into": kept.pk}).status_code == 404


def test_the_coordination_validates_from_its_list(client_for: Any) -> None:
    organisation = make_organisation(stage=OrganisationStage.PROPOSED)
    client = client_for(make_coordinator())
    assert organisation.name in client.get("/pilotage/organismes/").content.decode()
    door = f"/pilotage/organismes/{organisation.pk}/valider/"
    assert client_for(make_person()).post(door).status_code == 403
    client.post(door)
    organisation.refresh_from_db()
    assert organisation.stage == OrganisationStage.VALIDATED
    assert client.get(door).status_code == 405
