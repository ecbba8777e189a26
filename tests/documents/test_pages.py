"""What readers see of a document, inside and outside its group."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from PIL import Image

from dialogue.chantiers.stages import Role, Stage
from dialogue.discussion.acts import start_thread
from dialogue.documents import acts, checks, tasks
from dialogue.documents.models import Document, Version
from dialogue.documents.stages import Scan
from dialogue.files import antivirus
from dialogue.ledger.acts import Refused
from dialogue.meetings.models import AgendaItem
from dialogue.people.stages import Circle
from tests.documents import files
from tests.factories import NOW, make_chantier, make_department, make_meeting, make_member, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    make_department()
    chantier = make_chantier(stage=Stage.WORKING)
    return chantier, make_member(chantier, role=Role.LEAD).person, make_member(chantier).person


def add(chantier, by, data=None, name="étude 2017.pdf", **fields) -> Document:
    file = SimpleUploadedFile("x", data or files.pdf())
    file.name = name
    return acts.add_document(chantier, by=by, now=NOW, file=file, **fields)


def body(answer) -> str:
    return answer.content.decode()


def test_a_shared_document_has_its_page_outside_the_group(group, client_for):
    chantier, lead, member = group
    document = add(chantier, member, title="Étude des cantines")
    page, chantier_page = (
        reverse("documents:shared", args=[chantier.slug, document.pk]),
        reverse("portal:chantier", args=[chantier.slug]),
    )
    assert client_for(make_person()).get(page).status_code == 404
    assert "documents/" not in body(client_for(make_person()).get(chantier_page))
    acts.change_circle(document, by=lead, now=NOW, circle=Circle.PARTNERS)
    reader = client_for(make_person())
    assert "Étude des cantines" in body(reader.get(page))
    assert page in body(reader.get(reverse("documents:public", args=[chantier.slug])))
    assert "1 document partagé par le groupe" in body(reader.get(chantier_page))
    assert client_for().get(page).status_code == 404
    assert "document partagé" not in body(client_for().get(chantier_page))
    assert "espace du groupe" in body(client_for(member).get(page))


def test_a_file_keeps_its_name_and_runs_nothing(group, client_for):
    chantier, _lead, member = group
    document = add(chantier, member)
    door = reverse("documents:download", args=[chantier.slug, document.pk, 1])
    answer = client_for(member).get(door)
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9tude%202017.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"].startswith("private, no-store")
    assert client_for(member).get(door + "?voir")["Content-Disposition"].startswith("inline")
    text = add(chantier, member, b"Des mots", "a.txt")
    answer = client_for(member).get(reverse("documents:download", args=[chantier.slug, text.pk, 1]) + "?voir")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_outside_the_group_a_photograph_says_nothing_of_where_it_was_taken(group, client_for):
    chantier, lead, member = group
    document = add(chantier, member, files.jpeg(place=True), "photo.jpg", circle=Circle.GROUP)
    acts.change_circle(document, by=lead, now=NOW, circle=Circle.PUBLIC)
    door = reverse("documents:download", args=[chantier.slug, document.pk, 1])
    assert client_for().get(door).status_code == 409
    tasks.treat.call(document.last.pk)

    def taken(answer):
        image = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
        return answer["Content-Disposition"], image.format, 0x010F in image.getexif()

    assert taken(client_for().get(door)) == ('attachment; filename="photo.webp"', "WEBP", False)
    assert taken(client_for().get(door + "?voir")) == ('inline; filename="photo.webp"', "WEBP", False)
    assert taken(client_for(member).get(door)) == ('attachment; filename="photo.jpg"', "JPEG", True)
    assert taken(client_for(member).get(door + "?voir")) == ('inline; filename="photo.webp"', "WEBP", False)


def test_changing_the_circle_says_who_will_read_and_how_many(group, client_for):
    chantier, lead, member = group
    document = add(chantier, member)
    page = body(client_for(lead).get(reverse("documents:circle", args=[chantier.slug, document.pk])))
    assert "Les 2 membres du groupe, et la coordination." in page
    assert "Les 2 personnes qui ont un compte validé" in page
    assert "moteurs de recherche compris" in page


def test_a_document_is_offered_to_all_after_a_confirmation(group, client_for):
    chantier, lead, member = group
    document = add(chantier, member)
    door = reverse("documents:offer", args=[chantier.slug, document.pk])
    assert "tous les partenaires le liront" in body(client_for(lead).get(door))
    document.refresh_from_db()
    assert not document.is_shared_tool
    assert client_for(member).get(door).status_code == 403
    assert client_for(lead).post(door).status_code == 302
    document.refresh_from_db()
    assert (document.is_shared_tool, document.circle) == (True, Circle.PARTNERS)


def test_a_withdrawn_document_is_not_offered(group):
    chantier, lead, member = group
    document = add(chantier, member)
    acts.withdraw(document, by=lead, now=NOW, motive="Remplacée")
    with pytest.raises(Refused, match="retiré"):
        acts.offer_tool(document, by=lead, now=NOW)


def test_a_document_says_where_it_is_used(group, client_for):
    chantier, lead, member = group
    document = add(chantier, member)
    comment = start_thread(chantier, by=lead, now=NOW, title="Les cantines", text="La voici").comments.get()
    acts.attach(comment, by=lead, now=NOW, name="encore.pdf", data=files.pdf())
    AgendaItem.objects.create(meeting=make_meeting(chantier, number=3), title="L’étude", order=1).documents.add(document)
    page = body(client_for(member).get(reverse("documents:document", args=[chantier.slug, document.pk])))
    for door in (
        reverse("discussion:thread", args=[chantier.slug, comment.thread_id]),
        reverse("meetings:meeting", args=[chantier.slug, 3]),
    ):
        assert f'<li><a href="{door}">' in page


def test_files_that_came_before_the_antivirus_are_checked_on_demand(group, settings, monkeypatch):
    chantier, _lead, member = group
    document = add(chantier, member)
    tasks.treat.call(document.last.pk)
    assert [warning.id for warning in checks.antivirus_is_set()] == ["documents.W001"]
    with pytest.raises(CommandError):
        call_command("scan_documents")
    settings.CLAMAV = "command:cat"
    call_command("scan_documents")
    version = Version.objects.get()
    assert (version.scan, version.words.text) == (Scan.CLEAN, "pommes")
    assert checks.antivirus_is_set() == []


@pytest.mark.parametrize(("command", "answer"), [("true", Scan.CLEAN), ("false", Scan.INFECTED)])
def test_an_antivirus_may_be_a_command(settings, command, answer):
    settings.CLAMAV = f"command:{command}"
    assert antivirus.scan(io.BytesIO(b"x")) == answer
    settings.CLAMAV = "command:no-such-program"
    with pytest.raises(antivirus.Unreachable):
        antivirus.scan(io.BytesIO(b"x"))


def test_one_file_that_is_lost_does_not_keep_the_others_waiting(group, monkeypatch):
    chantier, _lead, member = group
    lost, other = add(chantier, member), add(chantier, member, files.odt("poires"), "b.odt")
    lost.last.file.delete(save=False)
    monkeypatch.setattr(tasks.timezone, "now", lambda: Version.objects.latest("stored_at").stored_at + tasks.GRACE)
    tasks.treat_waiting(NOW)
    assert Version.objects.get(document=other).words.text == "poires"


@pytest.mark.parametrize("folder", ["xl/macrosheets/sheet1.xml", "xl/vbaData.xml"])
def test_macros_of_all_ages_are_refused(group, folder):
    chantier, _lead, member = group
    data = files.archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>", folder: b"x"})
    with pytest.raises(Refused, match="macros"):
        add(chantier, member, data, "a.xlsx")
