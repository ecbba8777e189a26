"""The library of a group: what is taken, who reads, what is kept."""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dialogue.chantiers.stages import Role, Stage
from dialogue.discussion.acts import start_thread
from dialogue.documents import acts, tasks
from dialogue.documents.models import Document, Version
from dialogue.documents.stages import Nature, Reading, Scan
from dialogue.files import judging
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.mailer.models import Letter
from dialogue.people.stages import Circle
from tests.documents import files
from tests.factories import NOW, make_chantier, make_coordinator, make_department, make_member, make_person

pytestmark = pytest.mark.django_db
EICAR = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def group():
    make_department()
    chantier = make_chantier(stage=Stage.WORKING)
    lead = make_member(chantier, role=Role.LEAD).person
    member = make_member(chantier).person
    return chantier, lead, member


def upload(data: bytes, name: str = "etude.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def add(chantier, by, data=None, name="etude.pdf", **fields):
    return acts.add_document(chantier, by=by, now=NOW, file=upload(data or files.pdf(), name), **fields)


def test_a_member_adds_a_document_that_the_group_alone_reads(group):
    chantier, lead, member = group
    document = add(chantier, member, title="Étude des cantines", nature=Nature.STUDY)
    assert (document.circle, document.last.number, document.last.content_type) == (Circle.GROUP, 1, "application/pdf")
    assert Document.objects.visible_to(lead).get() == document
    assert not Document.objects.visible_to(make_person()).exists()
    letter = Letter.objects.get()
    assert (letter.person, letter.mode, letter.subject) == (lead, "digest", "Nouveau document : Étude des cantines")


@pytest.mark.parametrize(
    ("name", "data", "extension"),
    [
        ("plan.pdf", files.pdf(), "pdf"),
        ("plan.exe", files.pdf(), "pdf"),
        ("texte.docx", files.docx("Bonjour"), "docx"),
        ("texte.odt", files.odt("Bonjour"), "odt"),
        ("table.xlsx", files.xlsx("Bonjour"), "xlsx"),
        ("photo.jpeg", files.jpeg(), "jpg"),
        ("notes.csv", "a;é\n".encode("cp1252"), "csv"),
        ("notes", b"Des notes.", "txt"),
    ],
)
def test_a_file_is_what_its_content_says(name, data, extension):
    assert judging.judge(io.BytesIO(data), name).extension == extension


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("vide.pdf", b""),
        ("virus.pdf", b"MZ\x90\x00\x03"),
        ("page.pdf", b"<html><script>alert(1)</script></html>"),
        ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("ancien.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
        ("macros.docx", files.docx("Bonjour", {"word/vbaProject.bin": b"x"})),
        ("archive.docx", files.archive({"a.txt": b"a"})),
        ("bombe.xlsx", files.bomb()),
        ("image.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
    ],
)
def test_what_may_not_be_taken_is_refused_in_words(group, name, data):
    chantier, _lead, member = group
    with pytest.raises(Refused, match=r"\."):
        add(chantier, member, data or b"", name) if data else acts.add_document(
            chantier, by=member, now=NOW, file=upload(b"", name)
        )
    assert not Document.objects.exists()
    assert not Path(default_storage.path("documents")).exists()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("plan.pdf.exe", "plan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\moi\\Étude n°2.PDF", "Étude n°2.pdf"),
        ("\u202egpj.exe", "gpj.pdf"),
        ("", "document.pdf"),
    ],
)
def test_a_name_has_no_trick_left(said, kept):
    assert judging.judge(io.BytesIO(files.pdf()), said).filename == kept


@given(st.binary(max_size=300), st.text(max_size=40))
def test_whatever_is_sent_is_judged_or_refused(data, name):
    try:
        kind = judging.judge(io.BytesIO(data), name)
    except judging.Unfit:
        return
    assert kind.extension in judging.TYPES
    assert "/" not in kind.filename


def test_a_file_too_heavy_is_refused(group, settings):
    chantier, _lead, member = group
    settings.DOCUMENT_MAX_BYTES = 100
    with pytest.raises(Refused, match="trop lourd"):
        add(chantier, member)


def test_several_files_at_once_and_a_bad_one_loses_nothing(group, client_for):
    chantier, _lead, member = group
    sent = {
        "files": [upload(files.pdf(), "a.pdf"), upload(b"MZ\x90\x00", "b.exe"), upload(files.odt("B"), "c.odt")],
        "nature": "study",
    }
    answer = client_for(member).post(reverse("documents:list", args=[chantier.slug]), sent)
    assert answer.status_code == 422
    assert "b.exe" in answer.content.decode()
    assert set(Document.objects.values_list("title", flat=True)) == {"a", "c"}


def test_the_same_file_is_kept_once_in_a_chantier(group):
    chantier, lead, member = group
    add(chantier, member)
    with pytest.raises(Refused, match="déjà"):
        add(chantier, lead, name="autre.pdf")


def test_an_attachment_that_the_group_has_already_is_the_same_document(group):
    chantier, lead, member = group
    document = add(chantier, member)
    comment = start_thread(chantier, by=lead, now=NOW, title="Étude", text="La voici").comments.get()
    assert acts.attach(comment, by=lead, now=NOW, name="encore.pdf", data=files.pdf()) == document
    assert acts.attach(comment, by=lead, now=NOW, name="encore.pdf", data=files.pdf()) == document
    assert Document.objects.count() == Version.objects.count() == 1


def test_versions_follow_each_other_and_the_former_ones_are_the_groups(group, client_for):
    chantier, lead, member = group
    document = add(chantier, member, circle=Circle.GROUP)
    acts.change_circle(document, by=lead, now=NOW, circle=Circle.PUBLIC)
    acts.add_version(document, by=member, now=NOW, file=upload(files.pdf("Deux")), note="Chiffres corrigés")
    doors = {n: reverse("documents:download", args=[chantier.slug, document.pk, n]) for n in (1, 2)}
    assert client_for().get(doors[2]).status_code == 200
    assert client_for().get(doors[1]).status_code == 404
    assert client_for(member).get(doors[1]).status_code == 200


def test_each_download_asks_again_who_reads(group, client_for):
    chantier, lead, member = group
    document = add(chantier, member)
    door = reverse("documents:download", args=[chantier.slug, document.pk, 1])
    partner = make_person()
    assert client_for(partner).get(door).status_code == 404
    acts.change_circle(document, by=lead, now=NOW, circle=Circle.PARTNERS)
    answer = client_for(partner).get(door)
    assert b"".join(answer.streaming_content) == files.pdf()
    assert answer["Content-Disposition"] == 'attachment; filename="etude.pdf"'
    assert "no-store" in answer["Cache-Control"]
    acts.change_circle(document, by=lead, now=NOW, circle=Circle.GROUP)
    assert client_for(partner).get(door).status_code == 404
    assert client_for().get(door).status_code == 404


def test_only_those_in_charge_widen_the_circle(group):
    chantier, _lead, member = group
    document = add(chantier, member)
    with pytest.raises(NotAllowed):
        acts.change_circle(document, by=member, now=NOW, circle=Circle.PUBLIC)
    with pytest.raises(Refused):
        add(chantier, member, files.odt("x"), "x.odt", circle=Circle.PUBLIC)


def test_a_tool_offered_to_all_is_read_by_the_partners(group, client_for):
    chantier, lead, member = group
    document = add(chantier, member, title="Questionnaire")
    acts.offer_tool(document, by=lead, now=NOW)
    assert document.circle == Circle.PARTNERS
    page = reverse("documents:toolbox")
    assert "Questionnaire" in client_for(make_person()).get(page).content.decode()
    assert "Questionnaire" not in client_for().get(page).content.decode()
    acts.change_circle(document, by=lead, now=NOW, circle=Circle.GROUP)
    assert "Questionnaire" not in client_for(make_person()).get(page).content.decode()


def test_a_withdrawn_document_stays_in_the_archives_of_its_group(group, client_for):
    chantier, lead, member = group
    document = add(chantier, member)
    acts.change_circle(document, by=lead, now=NOW, circle=Circle.PUBLIC)
    acts.withdraw(document, by=lead, now=NOW, motive="Remplacée par l’étude de 2018")
    assert not Document.objects.visible_to(make_person()).exists()
    assert "Remplacée" in client_for(member).get(reverse("documents:list", args=[chantier.slug]) + "?retires=1").content.decode()
    acts.put_back(document, by=lead, now=NOW)
    assert Document.objects.visible_to(make_person()).get() == document


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", files.pdf("pommes")),
        ("a.docx", files.docx("pommes")),
        ("a.odt", files.odt("pommes")),
        ("a.xlsx", files.xlsx("pommes")),
    ],
)
def test_the_words_of_a_file_are_read_in_the_background(group, name, data):
    chantier, _lead, member = group
    document = add(chantier, member, data, name)
    tasks.treat.call(document.last.pk)
    version = Version.objects.get()
    assert (version.reading, version.words.text) == (Reading.DONE, "pommes")
    tasks.treat.call(version.pk)


def test_words_cut_by_the_layout_stay_whole_and_lines_stay_apart(group):
    chantier, _lead, member = group
    document = add(
        chantier,
        member,
        files.docx("</w:t></w:r><w:r><w:t>canti</w:t></w:r><w:r><w:t>nes</w:t></w:r><w:br/><w:r><w:t>bio"),
        "a.docx",
    )
    tasks.treat.call(document.last.pk)
    assert Version.objects.get().words.text == "cantines bio"


def test_an_image_gets_a_reduced_copy_without_the_notes_of_the_camera(group, client_for):
    chantier, _lead, member = group
    document = add(chantier, member, files.jpeg(size=(2400, 1200), place=True), "photo.jpg")
    tasks.treat.call(document.last.pk)
    answer = client_for(member).get(reverse("documents:download", args=[chantier.slug, document.pk, 1]) + "?apercu")
    image = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
    assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (1600, 800), {})


def test_a_damaged_file_is_kept_and_said_unreadable(group):
    chantier, _lead, member = group
    document = add(chantier, member, b"%PDF-1.7 nothing more", "a.pdf")
    tasks.treat.call(document.last.pk)
    assert Version.objects.get().reading == Reading.FAILED


def test_a_file_of_nobody_is_forgotten_after_a_day(group, settings, monkeypatch):
    chantier, _lead, member = group
    document = add(chantier, member)
    lost = default_storage.save("documents/ab/abcd", io.BytesIO(b"lost"))
    assert tasks.forget_orphans(NOW) == 0
    monkeypatch.setattr(tasks, "GRACE", -tasks.GRACE)
    assert tasks.forget_orphans(NOW) == 1
    assert not default_storage.exists(lost)
    assert default_storage.exists(document.last.file.name)


def test_pages_open_to_their_readers(group, client_for):
    chantier, lead, member = group
    document = add(chantier, member)
    inside = [reverse("documents:list", args=[chantier.slug]), reverse("documents:document", args=[chantier.slug, document.pk])]
    for page in inside:
        assert client_for(member).get(page).status_code == 200
        assert client_for(make_coordinator()).get(page).status_code == 200
        assert client_for(make_person()).get(page).status_code == 403
    remark = reverse("documents:remark", args=[chantier.slug, document.pk])
    assert client_for(member).post(remark, {"text": "Page 3, une erreur"}).status_code == 302
    assert "Page 3, une erreur" in client_for(lead).get(inside[1]).content.decode()


@pytest.fixture
def clamd(tmp_path):
    """A real clamd that knows one signature: EICAR's."""
    daemon = shutil.which("clamd") or "/usr/sbin/clamd"
    if not Path(daemon).exists():
        pytest.skip("clamd is not installed (apt install clamav-daemon)")
    base = tmp_path / "db"
    base.mkdir()
    (base / "test.ndb").write_text(f"Eicar-Test:0:*:{EICAR.encode().hex()}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    conf = tmp_path / "clamd.conf"
    lines = {
        "Foreground": "yes",
        "TCPSocket": port,
        "TCPAddr": "127.0.0.1",
        "DatabaseDirectory": base,
        "LogFile": tmp_path / "log",
    }
    conf.write_text("".join(f"{key} {value}\n" for key, value in lines.items()) + f"TemporaryDirectory {tmp_path}\nUser root\n")
    process = subprocess.Popen([daemon, "-c", str(conf)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"tcp://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.slow
@pytest.mark.sqlite
def test_nothing_leaves_before_the_antivirus_has_answered_nor_when_it_refused(group, client_for, settings, clamd):
    chantier, _lead, member = group
    settings.CLAMAV = clamd
    clean, infected = add(chantier, member), add(chantier, member, EICAR.encode(), "virus.txt")
    doors = [reverse("documents:download", args=[chantier.slug, d.pk, 1]) for d in (clean, infected)]
    assert [client_for(member).get(door).status_code for door in doors] == [409, 409]
    for document in (clean, infected):
        tasks.treat.call(document.last.pk)
    assert [Version.objects.get(document=d).scan for d in (clean, infected)] == [Scan.CLEAN, Scan.INFECTED]
    assert [client_for(member).get(door).status_code for door in doors] == [200, 409]
    assert Letter.objects.get(kind="documents.refused").person == member


@pytest.mark.sqlite
def test_without_an_answer_of_the_antivirus_the_file_waits(group, settings):
    chantier, _lead, member = group
    settings.CLAMAV = "tcp://127.0.0.1:1"
    document = add(chantier, member)
    tasks.treat.call(document.last.pk)
    assert Version.objects.get().scan == Scan.WAITING


@pytest.mark.slow
@pytest.mark.sqlite
def test_documents_may_be_kept_in_s3_storage(group, client_for, settings, tmp_path):
    from moto.server import ThreadedMotoServer

    from config.env import storage

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        found = storage(f"s3+http://key:secret@{host}:{port}/dialogue", tmp_path)
        import boto3

        boto3.client(
            "s3", endpoint_url=f"http://{host}:{port}", aws_access_key_id="key", aws_secret_access_key="secret"
        ).create_bucket(Bucket="dialogue")
        settings.STORAGES = settings.STORAGES | {"default": found}
        settings.STORAGE_SIGNED_SECONDS = 30
        chantier, _lead, member = group
        document = add(chantier, member)
        answer = client_for(member).get(reverse("documents:download", args=[chantier.slug, document.pk, 1]))
        assert answer.status_code == 302
        import urllib.request

        with urllib.request.urlopen(answer["Location"]) as file:  # noqa: S310
            assert file.read() == files.pdf()
            assert "etude.pdf" in file.headers["Content-Disposition"]
        settings.STORAGE_SIGNED_SECONDS = 0
        answer = client_for(member).get(reverse("documents:download", args=[chantier.slug, document.pk, 1]))
        assert b"".join(answer.streaming_content) == files.pdf()
    finally:
        server.stop()


def test_the_file_of_a_document_is_corrected_and_a_tool_taken_back(group):
    chantier, lead, member = group
    document = add(chantier, member)
    acts.change_document(document, by=member, now=NOW, title="Étude des cantines", nature=Nature.DIAGNOSIS, description="En bref")
    assert (document.title, document.nature) == ("Étude des cantines", Nature.DIAGNOSIS)
    acts.offer_tool(document, by=lead, now=NOW)
    acts.take_back_tool(document, by=lead, now=NOW)
    assert (document.is_shared_tool, document.circle) == (False, Circle.PARTNERS)
    acts.open_remarks(document, by=member, now=NOW)
    assert document.thread.title == "Étude des cantines"
    with pytest.raises(NotAllowed):
        acts.note_treatment(document.last, by=lead, now=NOW, scan=Scan.CLEAN, reading=Reading.DONE)
