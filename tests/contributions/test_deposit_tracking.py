"""The author's page: where it stands, correct, complete, withdraw, agree, files, letters; what leaves with an account."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from dialogue.contributions import hooks
from dialogue.contributions.acts import deposit as acts
from dialogue.contributions.acts.deposit_files import attach_file
from dialogue.contributions.exports_deposit import on_leaving, on_merge, personal_data
from dialogue.contributions.letters.news import tell_author
from dialogue.contributions.models import Attachment, Contribution, Support
from dialogue.contributions.stages import Stage
from dialogue.contributions.tasks_deposit import purge_drafts
from dialogue.ledger.acts import SYSTEM
from dialogue.mailer import kinds
from dialogue.mailer.message import headers_of
from dialogue.mailer.models import Letter
from dialogue.people.acts import merge_organisations
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(db: Any) -> Contribution:
    make.make_department()
    return make.make_contribution(
        stage=Stage.RECEIVED, is_published=False, title="Des bus le soir", author_email="anne@habitant.example"
    )


def url(row: Contribution, door: str = "tracking") -> str:
    return reverse(f"contributions:{door}", args=[row.key])


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_link_alone_opens_the_page_and_nothing_keeps_it(client, row):
    answer = client.get(url(row))
    assert answer.status_code == 200
    assert "Des bus le soir" in answer.text
    assert "anne@habitant.example" not in answer.text
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("private, no-store", "same-origin")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert client.get(url(row)[:-2] + "x/").status_code == 404


def test_the_path_tells_what_was_done_and_what_is_promised(client, row, monkeypatch):
    page = plain(client.get(url(row)).text)
    assert "Reçue" in page
    assert "Relecture" in page
    assert "avant le jeudi 9 novembre 2017" in page
    assert "avant le dimanche 4 février 2018" in page
    monkeypatch.setattr(
        hooks, "followups", [lambda _row, _reader: [hooks.FollowUp("Débattue à la séance 2", NOW.date(), "/seance/")]]
    )
    Contribution.objects.filter(pk=row.pk).update(
        stage=Stage.ANSWERED, outcome="linked", answered_at=NOW, answer="Le chantier en parle."
    )
    page = plain(client.get(url(row)).text)
    assert "Réponse envoyée" in page
    assert "Le chantier en parle." in page
    assert '<a href="/seance/">Débattue à la séance 2</a>' in page
    assert "Relecture" not in page


def test_its_author_corrects_it_as_long_as_nobody_worked_on_it(client, row):
    fields = {"nature": "idea", "title": "Des bus la nuit", "text": "Après minuit.", "territory": "?"}
    assert client.post(url(row, "tracking_correct"), fields).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.text, row.nature, row.stage) == ("Des bus la nuit", "Après minuit.", "idea", Stage.RECEIVED)
    assert " nuit " in row.words.stems
    Contribution.objects.filter(pk=row.pk).update(stage=Stage.QUALIFIED)
    client.post(url(row, "tracking_correct"), fields | {"title": "Trop tard"})
    row.refresh_from_db()
    assert row.title == "Des bus la nuit"


def test_completed_it_is_read_again(client, row):
    Contribution.objects.filter(pk=row.pk).update(stage=Stage.TO_COMPLETE, motive="Dites où.")
    assert "Dites où." in client.get(url(row)).text
    fields = {"nature": "idea", "title": row.title, "text": "À Langon.", "territory": "?"}
    assert client.post(url(row, "tracking_correct"), fields).status_code == 302
    row.refresh_from_db()
    assert (row.stage, row.text, row.motive) == (Stage.RECEIVED, "À Langon.", "")
    assert Letter.objects.get().subject == "Votre complément est reçu : Des bus le soir"


def test_withdrawn_nobody_reads_it(client, row):
    assert "Retirer votre contribution" in client.get(url(row, "tracking_withdraw")).text
    client.post(url(row, "tracking_withdraw"))
    row.refresh_from_db()
    assert (row.stage, row.is_published) == (Stage.WITHDRAWN, False)
    assert Contribution.objects.published_to(make.make_person()).count() == 0
    assert client.post(url(row, "tracking_withdraw")).status_code == 302


def test_consent_is_taken_back_at_any_time(client, row):
    Contribution.objects.filter(pk=row.pk).update(stage=Stage.QUALIFIED, is_published=True)
    assert Contribution.objects.published_to(None).count() == 1
    client.post(url(row, "tracking_consent"), {"naming": "anonymous"})
    assert Contribution.objects.published_to(None).count() == 0


# Files --------------------------------------------------------------------------
def photo() -> bytes:
    data = io.BytesIO()
    image = Image.new("RGB", (40, 30))
    exif = image.getexif()
    exif[0x010E] = "chez moi"
    image.save(data, "JPEG", exif=exif)
    return data.getvalue()


def test_files_are_judged_kept_without_the_camera_s_notes_and_taken_away(client, row):
    good = SimpleUploadedFile("photo.jpg", photo())
    bad = SimpleUploadedFile("virus.exe", b"MZ\x90\0" * 50)
    answer = client.post(url(row, "tracking_files"), {"files": [good, bad]})
    assert answer.status_code == 422
    assert "virus.exe" in answer.text
    file = row.attachments.get()
    with file.file.open("rb") as kept:
        assert b"chez moi" not in kept.read()
    handed = client.get(reverse("contributions:tracking_file", args=[row.key, file.key]))
    assert (handed.status_code, handed["Content-Type"]) == (200, "image/jpeg")
    assert client.get(reverse("contributions:attachment", args=[file.key])).status_code == 404
    client.post(url(row, "tracking_files"), {"retirer": str(file.key)})
    assert not Attachment.objects.exists()


def test_five_files_at_most_and_each_once(row):
    by = {"by": SYSTEM, "now": NOW}
    for n in range(5):
        attach_file(row, file=ContentFile(f"Texte {n}".encode()), name=f"{n}.txt", **by)
    with pytest.raises(Exception, match="Cinq fichiers au plus"):
        attach_file(row, file=ContentFile(b"Six"), name="6.txt", **by)
    row.attachments.last().delete()
    with pytest.raises(Exception, match="déjà joint"):
        attach_file(row, file=ContentFile(b"Texte 1"), name="autre.txt", **by)


# Letters ------------------------------------------------------------------------
@pytest.fixture
def kind() -> Any:
    kinds.register("test.news", label="Nouvelles")
    yield "test.news"
    del kinds.REGISTRY["test.news"]


def tell(row: Contribution, kind: str, dedupe: str = "") -> Letter | None:
    return tell_author(
        row, kind=kind, subject="Une suite", template="contributions/mail/withdrawn", context={}, now=NOW, dedupe=dedupe
    )


def test_an_author_without_an_account_stops_letters_in_one_click(client, row, kind):
    letter = tell(row, kind)
    assert letter.address == "anne@habitant.example"
    header = headers_of(letter)["List-Unsubscribe"].strip("<>")
    assert header in letter.text
    assert header in letter.html
    path = header.removeprefix("http://localhost:8000")
    assert client.get(path).status_code == 200
    assert tell(row, kind) is not None
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    row.refresh_from_db()
    assert tell(row, kind) is None
    assert tell(row, "contributions.acknowledged") is not None
    client.post(url(row, "tracking_mail"), {"reprendre": "1"})
    row.refresh_from_db()
    assert tell(row, kind) is not None
    assert client.get("/contributions/courriels/faux/").status_code == 404


def test_an_author_with_an_account_gets_it_there_once(row, kind):
    row.person = make.make_person()
    first = tell(row, kind, "suite-1")
    assert (first.person, first.space) == (row.person, f"contribution/{row.number}")
    assert tell(row, kind, "suite-1") is None


def test_without_any_address_nothing_is_sent(row, kind):
    row.author_email = ""
    assert tell(row, kind) is None


# Time and people ------------------------------------------------------------------
def test_a_draft_without_an_account_goes_after_fifteen_days(row):
    fields = {"stage": Stage.DRAFT, "is_published": False, "received_at": None, "campaign": row.campaign}
    old = make.make_contribution(written_at=NOW - timedelta(days=15), **fields)
    make.make_contribution(written_at=NOW - timedelta(days=14), **fields)
    make.make_contribution(written_at=NOW - timedelta(days=90), person=make.make_person(), **fields)
    attach_file(old, by=SYSTEM, now=NOW, file=ContentFile(b"Un texte"), name="un.txt")
    Support.objects.create(contribution=row, author_key="a", at=NOW - timedelta(days=15))
    Support.objects.create(contribution=row, author_key="b", at=NOW - timedelta(days=15), confirmed_at=NOW)
    assert purge_drafts(NOW) == 2
    assert not Contribution.objects.filter(pk=old.pk).exists()
    assert Contribution.objects.count() == 3
    assert (Attachment.objects.count(), Support.objects.count()) == (0, 1)
    assert purge_drafts(NOW) == 0


def test_what_an_import_is_writing_is_nobodys_forgotten_draft(row):
    batch = make.make_batch(campaign=row.campaign)
    fields = {"stage": Stage.DRAFT, "is_published": False, "received_at": None, "campaign": row.campaign, "batch": batch}
    make.make_contribution(written_at=NOW - timedelta(days=400), external_id="A1", **fields)
    assert purge_drafts(NOW) == 0
    assert Contribution.objects.filter(batch=batch).count() == 1


def test_a_closed_account_leaves_the_text_without_the_name(row):
    person = make.make_person(email="anne@habitant.example", name="Anne")
    Contribution.objects.filter(pk=row.pk).update(person=person, naming="name", shown_name="Anne", author_phone="05")
    draft = make.make_contribution(stage=Stage.DRAFT, is_published=False, received_at=None, person=person, campaign=row.campaign)
    Support.objects.create(
        contribution=make.make_contribution(), person=person, author_email=person.email, author_key="k", at=NOW, confirmed_at=NOW
    )
    data = personal_data(person)
    assert [line["titre"] for line in data["contributions"]] == ["Des bus le soir", draft.title]
    assert len(data["soutiens"]) == 1
    on_leaving(person, by=SYSTEM, now=NOW)
    row.refresh_from_db()
    assert (row.person, row.author_name, row.author_email, row.author_phone, row.shown_name) == (None, "", "", "", "")
    assert row.text
    assert not Contribution.objects.filter(pk=draft.pk).exists()
    assert list(Support.objects.values_list("person", "author_email")) == [(None, "")]


def test_merged_organisations_speak_with_one_name_and_support_once(row):
    kept, gone = make.make_organisation(name="Amicale"), make.make_organisation(name="Amicale laïque")
    Contribution.objects.filter(pk=row.pk).update(
        organisation=gone, naming="organisation", shown_name="Amicale laïque", author_email=""
    )
    from dialogue.contributions.authors import author_key

    other = make.make_contribution()
    for body in (kept, gone):
        Support.objects.create(
            contribution=other, organisation=body, author_key=author_key(organisation=body), at=NOW, confirmed_at=NOW
        )
    merge_organisations(gone, by=make.make_coordinator(), now=NOW, into=kept)
    row.refresh_from_db()
    assert (row.organisation, row.shown_name, row.author_key) == (kept, "Amicale", author_key(organisation=kept))
    assert [support.organisation for support in other.supports.all()] == [kept]
    on_merge(gone, kept, by=SYSTEM, now=NOW)


def test_a_draft_is_never_shown_as_received(client, row):
    Contribution.objects.filter(pk=row.pk).update(stage=Stage.DRAFT, is_published=False, received_at=None)
    row.refresh_from_db()
    page = client.get(url(row)).text
    assert "Reprendre mon brouillon" in page
    assert client.post(url(row, "tracking_resume")).url == f"/contributions/deposer/{row.campaign.slug}/"
    assert not acts.withdraw.offered(SYSTEM, row)
