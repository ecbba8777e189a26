"""A deliverable let out: what is asked, who is told, what it settles, the version that replaces it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from dialogue.chantiers.acts import life
from dialogue.chantiers.models import Chantier, ContributionLink, Follow, PlannedDeliverable
from dialogue.chantiers.provenance import followups
from dialogue.deliverables.acts import preparing, publishing
from dialogue.deliverables.models import Deliverable
from dialogue.deliverables.stages import Access, Finding, Licence
from dialogue.deliverables.tasks_telling import tell_partners
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.jobs import run_ready
from dialogue.mailer.models import Letter
from dialogue.people.stages import Circle
from tests.chantiers.races import at_once
from tests.deliverables.conftest import Group, a_file
from tests.deliverables.files import tagged_pdf, untagged_pdf
from tests.factories import NOW, TODAY, make_contribution, make_newcomer, make_person

SAID = {"title": "Guide des points de vente", "summary": "Comment en ouvrir un.", "access": Access.FILE}


def told(kind: str) -> list[str]:
    return sorted(Letter.objects.filter(kind=kind).values_list("address", flat=True))


def test_publishing_settles_the_line_and_opens_the_result_to_the_circle_of_the_chantier(group: Group) -> None:
    row = group.published()
    assert (row.stage, row.circle, row.licence, row.published_on) == ("published", "public", "lo-2.0", TODAY)
    assert PlannedDeliverable.objects.get().published_on == TODAY
    assert [row] == list(Deliverable.objects.visible_to(AnonymousUser()))
    assert Entry.objects.get(act="deliverables.publish").facts == {"access": "file"}
    life.deliver(Chantier.objects.get(), by=group.people["lea"], now=NOW)
    assert Chantier.objects.get().stage == "delivered"


def test_every_sentence_that_is_missing_comes_at_once(group: Group) -> None:
    row = group.validated()
    said = {"title": " ", "summary": "", "access": Access.VERSION, "licence": Licence.RESERVED, "circle": Circle.GROUP}
    with pytest.raises(Refused) as refusal:
        publishing.publish(row, by=group.people["lea"], now=NOW, published_on=TODAY + timedelta(days=1), **said)
    assert refusal.value.reasons == [
        "Donnez un titre au livrable.",
        "Écrivez un résumé : quelques phrases que tout le monde comprend.",
        "Dites pourquoi tous les droits sont réservés.",
        "Joignez d’abord la version accessible.",
        "Un livrable publié se lit par tous les partenaires au moins.",
        "Cette date n’est pas encore venue : indiquez une date passée ou celle d’aujourd’hui.",
    ]
    row.refresh_from_db()
    assert (row.stage, PlannedDeliverable.objects.get().published_on) == ("validated", None)


def test_only_the_lead_lets_it_out_and_only_once_it_is_validated(group: Group) -> None:
    row = group.validated()
    with pytest.raises(NotAllowed):
        publishing.publish(row, by=group.people["samuel"], now=NOW, **SAID)
    preparing.rework(row, by=group.people["lea"], now=NOW)
    with pytest.raises(Refused, match="plus possible"):
        publishing.publish(row, by=group.people["lea"], now=NOW, **SAID)


def test_a_pdf_without_tags_needs_an_accessible_version_or_its_text(group: Group) -> None:
    row = preparing.start_deliverable(group.chantier, by=group.people["anne"], now=NOW, line=group.line)
    preparing.attach_file(row, by=group.people["anne"], now=NOW, file=untagged_pdf(), finding=Finding.UNTAGGED)
    preparing.validate_at_meeting(row, by=group.people["lea"], now=NOW, meeting_number=3, meeting_on=TODAY)
    with pytest.raises(Refused, match="ne peut pas être dit accessible : PDF sans balises"):
        publishing.publish(row, by=group.people["lea"], now=NOW, **SAID)
    with pytest.raises(Refused, match="Écrivez le texte complet"):
        publishing.publish(row, by=group.people["lea"], now=NOW, **SAID | {"access": Access.TEXT})
    preparing.replace_accessible(row, by=group.people["lea"], now=NOW, file=tagged_pdf(), finding=Finding.TAGGED)
    publishing.publish(row, by=group.people["lea"], now=NOW, **SAID | {"access": Access.VERSION})
    assert (row.stage, row.access) == ("published", "version")


def test_a_result_without_file_is_its_text(group: Group) -> None:
    row = preparing.start_deliverable(group.chantier, by=group.people["lea"], now=NOW, title="Dix propositions")
    preparing.describe(row, by=group.people["lea"], now=NOW, revision=0, title="Dix propositions", full_text="Une, deux…")
    preparing.validate_at_meeting(row, by=group.people["lea"], now=NOW, meeting_number=3, meeting_on=TODAY)
    said = SAID | {"access": Access.TEXT, "full_text": "Une, deux…"}
    with pytest.raises(Refused, match="Aucun fichier n’est déposé"):
        publishing.publish(row, by=group.people["lea"], now=NOW, **said | {"access": Access.FILE})
    publishing.publish(row, by=group.people["lea"], now=NOW, **said)
    assert PlannedDeliverable.objects.get().published_on is None


def test_it_is_never_wider_than_its_chantier(group: Group) -> None:
    Chantier.objects.update(circle=Circle.PARTNERS)
    group.chantier.refresh_from_db()
    row = group.validated()
    with pytest.raises(Refused, match="Le chantier lui-même n’est pas public"):
        publishing.publish(row, by=group.people["lea"], now=NOW, **SAID, circle=Circle.PUBLIC)
    publishing.publish(row, by=group.people["lea"], now=NOW, **SAID)
    assert row.circle == "partners"
    assert not Deliverable.objects.visible_to(AnonymousUser()).exists()
    assert Deliverable.objects.visible_to(make_person()).exists()


def test_the_circle_narrows_and_widens_but_never_to_the_group_alone(group: Group) -> None:
    row = group.published()
    publishing.change_circle(row, by=group.people["samuel"], now=NOW, circle=Circle.PARTNERS)
    assert row.circle == "partners"
    with pytest.raises(Refused, match="par tous les partenaires au moins"):
        publishing.change_circle(row, by=group.people["lea"], now=NOW, circle=Circle.GROUP)
    with pytest.raises(NotAllowed):
        publishing.change_circle(row, by=group.people["anne"], now=NOW, circle=Circle.PUBLIC)


def test_a_new_version_replaces_the_former_one_which_stays(group: Group) -> None:
    first = group.published()
    second = publishing.start_version(first, by=group.people["lea"], now=NOW)
    assert (second.number, second.version, second.stage, second.file) == (2, 2, "in_progress", first.file)
    with pytest.raises(Refused, match="vient de commencer"):
        publishing.start_version(first, by=group.people["samuel"], now=NOW)
    preparing.attach_file(second, by=group.people["anne"], now=NOW, file=a_file("Choisir deux lieux."), finding=Finding.OFFICE)
    preparing.validate_at_meeting(second, by=group.people["lea"], now=NOW, meeting_number=4, meeting_on=TODAY)
    assert Deliverable.objects.get(number=1).stage == "published"
    publishing.publish(second, by=group.people["lea"], now=NOW, **SAID)
    first.refresh_from_db()
    assert (first.stage, first.file.number, second.file.number) == ("superseded", 1, 2)
    assert Entry.objects.filter(act="deliverables.supersede").count() == 1
    assert publishing.supersede.name == "deliverables.supersede"
    assert set(Deliverable.objects.visible_to(AnonymousUser()).values_list("number", flat=True)) == {1, 2}
    assert PlannedDeliverable.objects.get().published_on == TODAY


def test_a_second_version_given_up_leaves_the_first_one_published(group: Group) -> None:
    first = group.published()
    second = publishing.start_version(first, by=group.people["lea"], now=NOW)
    publishing.give_up(second, by=group.people["lea"], now=NOW, motive="La première suffit.")
    assert PlannedDeliverable.objects.get().abandon_motive == ""
    assert Deliverable.objects.get(number=1).stage == "published"


def test_a_version_begun_by_mistake_is_cancelled_as_if_it_had_not_been_begun(group: Group, client_for: Any) -> None:
    only = preparing.start_deliverable(group.chantier, by=group.people["anne"], now=NOW, title="Une affiche")
    with pytest.raises(Refused, match="abandonnez-le plutôt"):
        publishing.drop_version(only, by=group.people["lea"], now=NOW)
    first = group.published()
    publishing.start_version(first, by=group.people["lea"], now=NOW)
    lea, page = client_for(group.people["lea"]), first.group_url
    assert "Annuler cette nouvelle version" in lea.get(page).content.decode()
    assert "La version 1 reste publiée" in lea.get(f"{page}annuler-la-version/").content.decode()
    assert lea.post(f"{page}annuler-la-version/").status_code == 302
    assert list(Deliverable.objects.filter(key=first.key).values_list("version", "stage")) == [(1, "published")]
    second = publishing.start_version(first, by=group.people["lea"], now=NOW)
    preparing.submit(second, by=group.people["lea"], now=NOW)
    preparing.ask_change(second, by=group.people["anne"], now=NOW, reason="Il manque une page.")
    second.refresh_from_db()
    with pytest.raises(Refused, match="se sont prononcés"):
        publishing.drop_version(second, by=group.people["lea"], now=NOW)


def validated_again(group: Group, first: Deliverable) -> Deliverable:
    second = publishing.start_version(first, by=group.people["lea"], now=NOW)
    preparing.validate_at_meeting(second, by=group.people["lea"], now=NOW, meeting_number=4, meeting_on=TODAY)
    return second


def public_numbers() -> set[int]:
    return set(Deliverable.objects.visible_to(AnonymousUser()).values_list("number", flat=True))


def test_all_the_versions_that_were_published_have_the_same_readers(group: Group) -> None:
    second = validated_again(group, group.published())
    publishing.publish(second, by=group.people["lea"], now=NOW, **SAID)
    later = NOW + timedelta(days=1)
    publishing.change_circle(second, by=group.people["lea"], now=later, circle=Circle.PARTNERS)
    assert (public_numbers(), second.circle) == (set(), "partners")
    assert set(Deliverable.objects.values_list("circle", "changed_at")) == {("partners", later)}
    publishing.change_circle(second, by=group.people["lea"], now=later, circle=Circle.PUBLIC)
    assert public_numbers() == {1, 2}


def test_a_new_version_for_fewer_readers_takes_the_former_one_from_the_others(group: Group) -> None:
    second = validated_again(group, group.published())
    publishing.publish(second, by=group.people["lea"], now=NOW, **SAID, circle=Circle.PARTNERS)
    assert public_numbers() == set()
    third = validated_again(group, second)
    publishing.publish(third, by=group.people["lea"], now=NOW, **SAID, circle=Circle.PUBLIC)
    assert public_numbers() == {3}


@pytest.mark.parametrize("is_given_up", [False, True])
def test_a_result_is_taken_from_its_readers_while_its_next_version_is_prepared_or_given_up(
    group: Group, client_for: Any, is_given_up: bool
) -> None:
    second = publishing.start_version(group.published(), by=group.people["lea"], now=NOW)
    if is_given_up:
        publishing.give_up(second, by=group.people["lea"], now=NOW, motive="La première suffit.")
    lea, paul = (client_for(group.people[name]) for name in ("lea", "paul"))
    door = reverse("deliverables:circle", args=[group.chantier.slug, second.key])
    page = reverse("deliverables:deliverable", args=[group.chantier.slug, second.key])
    assert [door in client.get(page).content.decode() for client in (lea, paul)] == [True, False]
    assert paul.post(door, {"circle": "partners"}).status_code == 403
    assert lea.post(door, {"circle": "partners"}).status_code == 302
    assert list(Deliverable.objects.order_by("version").values_list("circle", flat=True)) == ["partners", "group"]
    assert client_for().get("/resultats/1/").status_code == 404


def test_the_words_that_the_group_validated_are_those_that_are_published(group: Group, client_for: Any) -> None:
    row = preparing.start_deliverable(group.chantier, by=group.people["anne"], now=NOW, title="Dix propositions")
    preparing.describe(row, by=group.people["anne"], now=NOW, revision=0, title="Dix", full_text="Une, deux…")
    preparing.validate_at_meeting(row, by=group.people["lea"], now=NOW, meeting_number=3, meeting_on=TODAY)
    said = SAID | {"access": Access.TEXT}
    with pytest.raises(Refused) as refusal:
        publishing.publish(row, by=group.people["lea"], now=NOW, **said, full_text="Tout autre chose.")
    assert refusal.value.reasons == [
        "Le groupe a validé le texte complet : pour le changer, remettez d’abord le livrable au travail."
    ]
    lea = client_for(group.people["lea"])
    door = reverse("deliverables:publish", args=[group.chantier.slug, row.key])
    assert 'name="full_text"' not in lea.get(door).content.decode()
    typed = {
        "title": "Dix",
        "summary": "Dix.",
        "licence": "lo-2.0",
        "access": "text",
        "circle": "public",
        "published_on": "2017-11-06",
    }
    assert lea.post(door, typed | {"full_text": "Tout autre chose."}).status_code == 302
    row.refresh_from_db()
    assert (row.stage, row.full_text) == ("published", "Une, deux…")


@pytest.mark.django_db(transaction=True)
def test_of_two_publications_at_once_one_is_made(group: Group) -> None:
    row = group.validated()
    copies = [Deliverable.objects.select_related("chantier").get(pk=row.pk) for _ in range(2)]
    lea = group.people["lea"]
    results = at_once(
        lambda: publishing.publish(copies[0], by=lea, now=NOW, **SAID),
        lambda: publishing.publish(copies[1], by=lea, now=NOW, **SAID),
    )
    assert sorted(results) == ["Refused", "done"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_a_deliverable_at_once_one_is_first(group: Group) -> None:
    results = at_once(
        lambda: preparing.start_deliverable(group.chantier, by=group.people["anne"], now=NOW, line=group.line),
        lambda: preparing.start_deliverable(group.chantier, by=group.people["paul"], now=NOW, line=group.line),
    )
    assert sorted(results) == ["Refused", "done"]
    assert Deliverable.objects.count() == 1


def run_all() -> None:
    while run_ready():
        pass


# Who is told --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_group_and_followers_hear_at_once_and_all_other_partners_in_their_digest(group: Group) -> None:
    follower, partner = make_person(email="suit@partenaire.example"), make_person(email="loin@partenaire.example")
    newcomer = make_newcomer()
    Follow.objects.create(chantier=group.chantier, person=follower)
    row = group.published()
    assert told("deliverables.published") == [f"{name}@partenaire.example" for name in ("anne", "olga", "paul", "samuel", "suit")]
    run_all()
    assert told("deliverables.new_results") == ["coordination@gironde.example", "loin@partenaire.example"]
    assert tell_partners.call(row.pk, NOW.isoformat(), group.people["lea"].pk) == 0
    letter = Letter.objects.get(address=partner.email)
    assert (letter.mode, letter.space, letter.subject) == ("digest", "", "Nouveau résultat : Guide des points de vente")
    assert "/resultats/1/" in letter.text
    assert "Comment en ouvrir un." in letter.text
    assert not Letter.objects.filter(person=newcomer).exists()


@pytest.mark.django_db(transaction=True)
def test_a_new_version_is_told_as_such_and_the_authors_are_told_once(group: Group) -> None:
    row = make_contribution(author_email="autrice@habitant.example", wants_news=True)
    ContributionLink.objects.create(chantier=group.chantier, contribution=row, at=NOW)
    first = group.published()
    second = publishing.start_version(first, by=group.people["lea"], now=NOW)
    preparing.validate_at_meeting(second, by=group.people["lea"], now=NOW, meeting_number=4, meeting_on=TODAY)
    publishing.publish(second, by=group.people["lea"], now=NOW, **SAID)
    run_all()
    letter = Letter.objects.get(kind="chantiers.contribution_news")
    assert letter.subject == "Un résultat du chantier qui reprend votre contribution : Points de vente"
    assert "publie un résultat : « Guide des points de vente »" in " ".join(letter.text.split())
    assert "/resultats/1/" in letter.text
    subjects = Letter.objects.filter(kind="deliverables.published", person=group.people["anne"]).order_by("pk")
    assert [each.subject for each in subjects] == [
        "Nouveau résultat : Guide des points de vente",
        "Nouvelle version d’un résultat : Guide des points de vente",
    ]


@pytest.mark.django_db(transaction=True)
def test_authors_who_may_not_read_the_result_hear_nothing_of_it(group: Group) -> None:
    row = make_contribution(author_email="autrice@habitant.example", wants_news=True)
    ContributionLink.objects.create(chantier=group.chantier, contribution=row, at=NOW)
    group.published(circle=Circle.PARTNERS)
    run_all()
    assert not Letter.objects.filter(kind="chantiers.contribution_news").exists()


def test_a_contribution_leads_to_the_result_that_came_of_it(group: Group) -> None:
    row = make_contribution()
    ContributionLink.objects.create(chantier=group.chantier, contribution=row, at=NOW)
    group.published(published_on=date(2017, 11, 3))
    steps = [
        (str(step.sentence), step.on, step.url) for step in followups(row, AnonymousUser()) if "Livrable" in str(step.sentence)
    ]
    assert steps == [("Livrable publié : Guide des points de vente", date(2017, 11, 3), "/resultats/1/")]
    Deliverable.objects.update(circle=Circle.PARTNERS)
    assert [step for step in followups(row, AnonymousUser()) if "Guide des points" in str(step.sentence)] == []
