"""Photos and sounds: judged by their content, upright, without place nor hour; made by a job that may die and begin again."""

from __future__ import annotations

import io
import struct
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from dialogue.ledger.acts import Refused
from dialogue.logbook import darkroom, sounds, tasks
from dialogue.logbook.acts import entries as acts
from dialogue.logbook.models import LogbookEntry
from dialogue.logbook.stages import EntryKind, Treatment
from dialogue.mailer.models import Letter
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = date(2017, 9, 19)
WORDS = {"alternative": "Trois femmes autour d’une table.", "consent": True, "consent_by": "Les trois personnes"}


@pytest.fixture
def member():
    return make.make_member(make.make_chantier()).person


@pytest.fixture
def chantier(member):
    return LogbookEntry._meta.get_field("chantier").related_model.objects.get(members__representatives__person=member)


def sent(chantier, member, data: bytes, name: str = "IMG_2041.jpg", **words) -> LogbookEntry:
    return acts.propose(
        chantier, by=member, now=make.NOW, kind=EntryKind.PHOTO, on=DAY, file=ContentFile(data, name=name), **WORDS | words
    )


def bare(data: bytes) -> bool:
    """No note of the camera, no comment, no profile."""
    with Image.open(io.BytesIO(data)) as image:
        notes = dict(image.getexif()) or image.info.get("exif") or image.info.get("comment") or image.info.get("icc_profile")
    return not notes and b"Zqdevicex" not in data and b"zqcommentx" not in data and b"2017:09" not in data


def test_a_photo_becomes_copies_in_three_formats_without_any_note_and_what_was_sent_is_destroyed(
    chantier, member, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        entry = sent(chantier, member, make.make_jpeg(2000, 1000))
    original = entry.original.name
    assert default_storage.exists(original)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.prepare.call(entry.pk)
    entry.refresh_from_db()
    assert (entry.treatment, entry.width, entry.height, entry.widths) == (Treatment.READY, 2000, 1000, [480, 960, 1600])
    names = {f"{w}.{code}" for w in entry.widths for code in ("avif", "webp")} | {"960.jpg"}
    for name in names:
        data = default_storage.open(entry.stored(name)).read()
        assert bare(data), name
        assert Image.open(io.BytesIO(data)).size == (int(name.split(".")[0]), int(name.split(".")[0]) // 2)
    assert not default_storage.exists(entry.stored("1600.jpg"))
    assert entry.original == ""
    assert not default_storage.exists(original)


def test_a_photo_taken_on_its_side_stands_upright():
    made = darkroom.develop(io.BytesIO(make.make_jpeg(600, 300, orientation=6)))
    assert (made.width, made.height, made.widths) == (300, 600, [300])


@pytest.mark.parametrize(("width", "widths"), [(120, [120]), (480, [480]), (1000, [480, 960, 1000]), (4000, [480, 960, 1600])])
def test_no_copy_is_wider_than_the_photo(width, widths):
    assert darkroom.widths_for(width) == widths


def test_the_job_may_run_twice_and_after_it_was_killed_half_way(chantier, member):
    entry = sent(chantier, member, make.make_jpeg(700, 400))
    default_storage.save(entry.stored("480.webp"), ContentFile(b"half of a fi"))
    tasks.prepare.call(entry.pk)
    first = default_storage.open(entry.stored("480.webp")).read()
    tasks.prepare.call(entry.pk)
    assert default_storage.open(entry.stored("480.webp")).read() == first
    assert Image.open(io.BytesIO(first)).size[0] == 480
    assert LogbookEntry.objects.get(pk=entry.pk).treatment == Treatment.READY


def test_a_job_that_died_is_done_again(chantier, member):
    entry = sent(chantier, member, make.make_jpeg(500, 300))
    LogbookEntry.objects.filter(pk=entry.pk).update(stored_at=make.NOW)
    tasks.prepare_waiting(make.NOW)
    assert LogbookEntry.objects.get(pk=entry.pk).treatment == Treatment.READY


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("photo.jpg", b"%PDF-1.7 not a photo"),
        ("photo.jpg", b"\xff\xd8\xff\xe0 broken"),
        ("a.svg", b"<svg onload='x'></svg>"),
        ("a.jpg", b""),
    ],
)
def test_a_photo_is_judged_by_its_content(chantier, member, name, data):
    with pytest.raises(Refused):
        sent(chantier, member, data, name)
    assert not LogbookEntry.objects.exists()


def test_a_photo_that_cannot_be_developed_is_said_to_its_author(chantier, member):
    whole = make.make_jpeg(800, 500)
    entry = sent(chantier, member, whole)
    with default_storage.open(entry.original.name, "wb") as file:
        file.write(whole[: len(whole) // 8])
    tasks.prepare.call(entry.pk)
    assert LogbookEntry.objects.get(pk=entry.pk).treatment == Treatment.FAILED
    assert Letter.objects.get(kind="logbook.answered").person == member


def test_files_that_no_row_names_go_after_a_day(chantier, member):
    entry = make.make_entry(chantier, kind="photo", by=member)
    kept = entry.stored("480.webp")
    lost = default_storage.save("logbook/ab/0123456789abcdef0123456789abcdef/480.webp", ContentFile(b"x"))
    tasks.GRACE, grace = tasks.GRACE * 0, tasks.GRACE
    try:
        assert tasks.forget_orphans(make.NOW) == 1
    finally:
        tasks.GRACE = grace
    assert default_storage.exists(kept)
    assert not default_storage.exists(lost)


# Sounds ---------------------------------------------------------------------------------------------------------------


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def an_m4a() -> bytes:
    dated = box(b"mvhd", bytes(4) + b"zqhours" + bytes(93)) + box(b"tkhd", b"\x01" + bytes(3) + b"zqsixteensigns!!" + bytes(72))
    moov = dated + box(b"trak", box(b"udta", b"zqplacex")) + box(b"udta", box(b"meta", b"zqnamex"))
    return box(b"ftyp", b"M4A \x00\x00\x00\x00") + box(b"moov", moov) + box(b"mdat", b"sound" * 30)


def test_a_sound_loses_what_its_recorder_wrote_and_nothing_else():
    data = an_m4a()
    made = sounds.cleaned(data, "m4a")
    assert len(made) == len(data)
    assert b"zqplacex" not in made
    assert b"zqnamex" not in made
    assert b"zqhours" not in made
    assert b"zqsixteen" not in made
    assert made.endswith(b"sound" * 30)
    tagged = b"ID3\x04\x00\x00\x00\x00\x00\x0azqartistx0\xff\xfb\x90\x00" + b"frames" * 40 + b"TAG" + b"zqtitlex".ljust(125)
    assert sounds.cleaned(tagged, "mp3") == b"\xff\xfb\x90\x00" + b"frames" * 40


def test_a_video_is_no_sound():
    video = box(b"ftyp", b"isom") + box(b"moov", box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + b"vide"))))
    with pytest.raises(sounds.Unfit):
        sounds.cleaned(video, "m4a")


def test_a_sound_wants_its_transcript_and_is_heard_piece_by_piece(chantier, member, client_for):
    file = ContentFile(an_m4a(), name="memo.m4a")
    words = {"consent": True, "consent_by": "Une habitante", "credit": "Une habitante"}
    with pytest.raises(Refused, match="sans les oreilles"):
        acts.propose(chantier, by=member, now=make.NOW, kind=EntryKind.SOUND, on=DAY, file=file, **words)
    entry = acts.propose(
        chantier, by=member, now=make.NOW, kind=EntryKind.SOUND, on=DAY, file=file, transcript="La pluie.", **words
    )
    tasks.prepare.call(entry.pk)
    entry.refresh_from_db()
    assert (entry.treatment, entry.sound) == (Treatment.READY, "m4a")
    address = f"/carnet/sons/{entry.key.hex}.m4a"
    assert client_for().get(address).status_code == 404
    answer = client_for(member).get(address, headers={"range": "bytes=0-9"})
    assert (answer.status_code, answer.content[4:8], answer["Content-Range"].split("/")[0]) == (206, b"ftyp", "bytes 0-9")
    whole = b"".join(client_for(member).get(address).streaming_content)
    assert b"zqplacex" not in whole
    assert client_for(member).get(address, headers={"range": "bytes=999999-"}).status_code == 416
