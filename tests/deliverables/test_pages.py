"""The pages of the group: each move by its form, without JavaScript, with what was typed kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dialogue.chantiers.models import PlannedDeliverable
from dialogue.deliverables.acts import preparing
from dialogue.deliverables.models import Deliverable
from dialogue.discussion.models import Comment
from dialogue.documents.models import Document
from dialogue.ledger.models import Entry
from tests.deliverables.conftest import Group
from tests.deliverables.files import untagged_pdf
from tests.factories import NOW, make_coordinator, make_meeting, make_newcomer, make_person


def door(group: Group, name: str = "deliverable", **more: Any) -> str:
    return reverse(f"deliverables:{name}", kwargs={"slug": group.chantier.slug, "key": group.line.key} | more)


def page_of(client: Any, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return " ".join(response.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def test_a_line_that_nobody_has_begun_says_so_and_is_begun_there(group: Group, client_for: Any) -> None:
    client = client_for(group.people["anne"])
    text = page_of(client, door(group))
    assert "Personne ne l’a encore commencé" in text
    assert "Y renoncer" not in text
    assert client.post(door(group, "start")).headers["Location"] == door(group)
    assert Deliverable.objects.get().key == group.line.key
    assert "Le groupe le prépare." in page_of(client, door(group))
    assert client_for(group.people["olga"]).post(door(group, "start")).status_code == 403


def test_the_whole_path_by_the_forms(group: Group, client_for: Any) -> None:
    anne, lea, paul = (client_for(group.people[name]) for name in ("anne", "lea", "paul"))
    anne.post(door(group, "start"))
    words = {"title": "Un guide simple", "summary": "Pour ouvrir.", "full_text": "", "revision": "0"}
    assert anne.post(door(group, "words"), words).status_code == 302
    file = SimpleUploadedFile("guide.txt", b"Choisir un lieu.")
    assert anne.post(door(group, "attach"), {"file": file}).status_code == 302
    assert "Télécharger le livrable (TXT, 16 octets)" in page_of(anne, door(group))
    assert anne.get(door(group, "submit")).status_code == 403
    assert "Les 5 membres du groupe reçoivent un courriel" in page_of(lea, door(group, "submit"))
    assert lea.post(door(group, "submit"), {"deadline": "2017-11-10"}).status_code == 302
    assert str(Deliverable.objects.get().deadline) == "2017-11-10 17:00:00+00:00"
    assert "Ne se sont pas encore prononcés : Organisme anne, Organisme paul, Organisme samuel." in page_of(lea, door(group))
    for name in ("anne", "paul", "samuel"):
        assert client_for(group.people[name]).post(door(group, "move", code="accord")).status_code == 302
    assert "Vous êtes d’accord depuis le lundi 6 novembre 2017." in page_of(paul, door(group))
    assert lea.post(door(group, "move", code="valider")).status_code == 302
    said = {
        "title": "Guide",
        "summary": "Pour ouvrir.",
        "licence": "lo-2.0",
        "access": "file",
        "circle": "public",
        "published_on": "2017-11-06",
    }
    assert lea.post(door(group, "publish"), said).status_code == 302
    assert "Voir la page du résultat" in page_of(paul, door(group))
    assert PlannedDeliverable.objects.get().published_on is not None
    assert "Guide" in page_of(client_for(), "/resultats/1/")


def test_a_request_for_change_needs_its_reason_and_keeps_it(group: Group, client_for: Any) -> None:
    group.submitted()
    client = client_for(group.people["paul"])
    assert "Dites ce qui est à changer" in client.post(door(group, "ask_change"), {"reason": " "}).content.decode()
    assert client.post(door(group, "ask_change"), {"reason": "Il manque les horaires."}).status_code == 302
    text = page_of(client_for(group.people["anne"]), door(group))
    assert "demande une modification" in text
    assert "Il manque les horaires." in text


def test_what_someone_else_wrote_meanwhile_stands_under_what_was_typed(group: Group, client_for: Any) -> None:
    row = group.begun()
    preparing.describe(row, by=group.people["anne"], now=NOW, revision=0, title="Le titre d’Anne")
    client = client_for(group.people["paul"])
    typed = {"title": "Le titre de Paul", "summary": "", "full_text": "", "revision": "0"}
    response = client.post(door(group, "words"), typed)
    text = response.content.decode()
    assert response.status_code == 422
    assert "Le titre de Paul" in text
    assert "Le titre d’Anne" in text
    assert 'name="revision" value="1"' in text
    assert client.post(door(group, "words"), typed | {"revision": "1"}).status_code == 302


def test_a_pdf_without_tags_is_told_on_the_page_and_beside_the_field(group: Group, client_for: Any) -> None:
    lea = client_for(group.people["lea"])
    lea.post(door(group, "start"))
    lea.post(door(group, "attach"), {"file": SimpleUploadedFile("scan.pdf", untagged_pdf().read())})
    assert "PDF sans balises : un lecteur d’écran ne peut pas le suivre" in page_of(lea, door(group))
    make_meeting(group.chantier, number=3, starts_at=NOW.replace(day=3))
    assert lea.post(door(group, "meeting"), {"meeting_number": "3"}).status_code == 302
    assert str(Deliverable.objects.get().meeting_on) == "2017-11-03"  # the day of the meeting itself
    said = {
        "title": "Guide",
        "summary": "Pour ouvrir.",
        "licence": "reserved",
        "access": "file",
        "circle": "public",
        "published_on": "2017-11-06",
    }
    response = lea.post(door(group, "publish"), said)
    text = response.content.decode()
    assert response.status_code == 422
    assert "Ce fichier ne peut pas être dit accessible" in text
    assert "Dites pourquoi tous les droits sont réservés." in text
    assert "Pour ouvrir." in text
    said |= {"access": "text", "full_text": "Choisir un lieu.", "licence_reason": "Photos prêtées."}
    assert lea.post(door(group, "publish"), said).status_code == 302
    assert Deliverable.objects.get().licence_reason == "Photos prêtées."


def test_a_file_or_a_document_of_the_group_not_both_not_none(group: Group, client_for: Any) -> None:
    row = group.begun()
    client = client_for(group.people["anne"])
    assert "Choisissez un fichier ou un document." in client.post(door(group, "attach"), {}).content.decode()
    both = {"file": SimpleUploadedFile("a.txt", b"a"), "version": str(row.file_id)}
    assert "pas les deux" in client.post(door(group, "attach"), both).content.decode()
    assert client.post(door(group, "attach_accessible"), {"version": str(row.file_id)}).status_code == 302
    row.refresh_from_db()
    assert (row.accessible_file_id, row.accessible_finding) == (row.file_id, "office")
    refused = client.post(door(group, "attach"), {"file": SimpleUploadedFile("page.html", b"<html>")})
    assert refused.status_code == 422
    assert "pages web" in refused.content.decode()


def test_giving_up_a_line_that_nobody_had_begun_leaves_both_or_nothing(group: Group, client_for: Any) -> None:
    lea = client_for(group.people["lea"])
    assert "Y renoncer" in page_of(lea, door(group))
    assert lea.post(door(group, "give_up"), {"motive": ""}).status_code == 422
    assert Deliverable.objects.count() == 0
    assert lea.post(door(group, "give_up"), {"motive": "Faute de moyens."}).status_code == 302
    assert (Deliverable.objects.get().stage, PlannedDeliverable.objects.get().abandon_motive) == ("abandoned", "Faute de moyens.")
    assert lea.post(door(group, "move", code="remettre")).status_code == 302
    assert Deliverable.objects.get().stage == "in_progress"
    assert "Abandonner ce livrable" in page_of(lea, door(group, "give_up"))
    assert lea.post(door(group, "give_up"), {"motive": "Décidément."}).status_code == 302
    assert client_for(group.people["paul"]).get(door(group, "give_up")).status_code == 403


def test_a_line_published_before_this_room_existed_can_be_put_online(group: Group, client_for: Any) -> None:
    PlannedDeliverable.objects.update(published_on="2017-10-20")
    lea = client_for(group.people["lea"])
    assert "sans fichier ni page ici" in page_of(lea, door(group))
    assert lea.post(door(group, "start")).status_code == 302
    assert Deliverable.objects.get().stage == "in_progress"


def test_the_list_and_the_space_show_where_each_one_is(group: Group, client_for: Any) -> None:
    group.submitted()
    anne = client_for(group.people["anne"])
    url = reverse("deliverables:list", args=[group.chantier.slug])
    text = page_of(anne, url)
    assert "Soumis au groupe" in text
    assert "Votre accord est attendu jusqu’au lundi 13 novembre 2017" in text
    assert anne.post(reverse("deliverables:new", args=[group.chantier.slug]), {"title": ""}).status_code == 422
    assert anne.post(reverse("deliverables:new", args=[group.chantier.slug]), {"title": "Une carte"}).status_code == 302
    assert "Hors feuille de route" in page_of(anne, url)
    space = page_of(anne, reverse("chantiers:space", args=[group.chantier.slug]))
    assert "Donner votre accord : Un guide" in space
    assert "Tous les livrables du groupe" in space
    preparing.agree(Deliverable.objects.get(number=1), by=group.people["anne"], now=NOW)
    assert "Donner votre accord" not in page_of(anne, reverse("chantiers:space", args=[group.chantier.slug]))


def test_remarks_on_the_line_are_under_the_deliverable(group: Group, client_for: Any) -> None:
    group.submitted()
    anne = client_for(group.people["anne"])
    assert 'id="remarques"' in page_of(anne, door(group))
    remark = reverse("discussion:deliverable", args=[group.chantier.slug, group.line.pk])
    assert anne.post(remark, {"text": "Bravo pour la page 3."}).status_code == 302
    assert Comment.objects.get().thread.deliverable == group.line
    assert "Bravo pour la page 3." in page_of(client_for(group.people["paul"]), door(group))


def test_strangers_find_nothing_and_unknown_moves_do_not_exist(group: Group, client_for: Any) -> None:
    group.begun()
    assert client_for().get(door(group)).status_code == 302
    assert client_for(make_person()).get(door(group)).status_code == 403
    assert client_for(make_newcomer()).get("/resultats/1/").status_code == 404
    assert client_for(make_person()).get("/resultats/1/fichier/").status_code == 404
    anne = client_for(group.people["anne"])
    assert anne.get("/resultats/1/fichier/").status_code == 200
    assert anne.post(door(group, "move", code="inconnu")).status_code == 404
    assert (
        anne.get(
            reverse("deliverables:deliverable", args=[group.chantier.slug, "00000000-0000-4000-8000-000000000000"])
        ).status_code
        == 404
    )
    assert anne.get("/resultats/1/").status_code == 404


def test_the_document_says_which_deliverable_it_serves(group: Group, client_for: Any) -> None:
    group.begun()
    text = page_of(
        client_for(group.people["anne"]), reverse("documents:document", args=[group.chantier.slug, Document.objects.get().pk])
    )
    assert f'<a href="{door(group)}">Livrable : Un guide</a>' in text


def test_the_history_of_the_group_tells_each_turn(group: Group, client_for: Any) -> None:
    group.published()
    text = page_of(client_for(make_coordinator()), reverse("chantiers:history", args=[group.chantier.slug]))
    for sentence in ("a commencé un livrable", "a déposé un fichier pour un livrable", "a publié un livrable"):
        assert sentence in text
    assert Entry.objects.filter(act__startswith="deliverables.").count() == 4


@pytest.mark.parametrize("code", ["reprendre", "retravailler", "nouvelle-version"])
def test_a_move_that_is_no_longer_possible_says_so(group: Group, client_for: Any, code: str) -> None:
    group.begun()
    client = client_for(group.people["lea"])
    assert client.post(door(group, "move", code=code)).status_code == 302
    assert "Ce n’est plus possible" in page_of(client, door(group))
