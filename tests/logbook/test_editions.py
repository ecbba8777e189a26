"""An edition: laid out, frozen, published, corrected; from one source its pages, its PDF and its EPUB."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf
import pypdf
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from pdfua import validate

from dialogue.formats.json import seal
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.logbook import book, epub, figures, pdf, tasks
from dialogue.logbook.acts import layout as acts
from dialogue.logbook.acts import publishing
from dialogue.logbook.content import content_of
from dialogue.logbook.models import BoundFile, Edition
from dialogue.logbook.stages import EditionStage, Layout, Treatment
from dialogue.mailer.models import Letter
from tests import factories as make
from tests.logbook.epubs import complaints, needs_epubcheck, parts

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    make.make_department()
    return make.make_coordinator()


@pytest.fixture
def chantier():
    return make.make_chantier(slug="manger-local", title="Manger local dans les cantines")


def chosen(chantier: Any, **fields: Any) -> Any:
    return make.make_entry(chantier, stage="chosen", **fields)


@pytest.fixture
def whole(chantier):
    """One of each nature, laid out; published."""
    kinds = ("photo", "verbatim", "figure", "story", "step", "sound")
    entries = [chosen(chantier, kind=kind) for kind in kinds]
    edition = make.make_edition(*entries)
    edition.figures.create(value="81", title="séances tenues", source="comptes-rendus publiés")
    edition.chapters.update(chantier=chantier)
    content = content_of(edition)
    Edition.objects.filter(pk=edition.pk).update(
        content=content, sha256=seal(content), stage="published", edition=1, slug="a-mi-maree", published_at=make.NOW
    )
    return Edition.objects.get(pk=edition.pk)


# The table ------------------------------------------------------------------------------------------------------------


def test_an_edition_is_drafted_described_and_dropped(coordinator):
    edition = acts.draft_edition(None, by=coordinator, now=make.NOW, title="À mi-marée", period="automne 2017")
    assert (edition.number, edition.stage, edition.slug) == (1, EditionStage.DRAFT, None)
    acts.describe_edition(edition, by=coordinator, now=make.NOW, title="À marée haute", editorial="Un an.")
    assert (edition.title, edition.editorial) == ("À marée haute", "Un an.")
    assert acts.draft_edition(None, by=coordinator, now=make.NOW, title="Suite").number == 2
    with pytest.raises(Refused, match="Donnez un titre"):
        acts.draft_edition(None, by=coordinator, now=make.NOW, title="  ")
    with pytest.raises(NotAllowed):
        acts.draft_edition(None, by=make.make_person(), now=make.NOW, title="À moi")
    acts.drop_draft(edition, by=coordinator, now=make.NOW)
    assert [each.number for each in Edition.objects.all()] == [2]


def test_chapters_and_what_stands_in_them_are_put_in_order(coordinator, chantier):
    facts = {"by": coordinator, "now": make.NOW}
    edition = acts.draft_edition(None, **facts, title="Carnet")
    one, two = (acts.add_chapter(edition, **facts, title=title) for title in ("Un", "Deux"))
    entries = [chosen(chantier) for _ in range(3)]
    placed = [acts.place(one, **facts, entry=entry) for entry in entries]
    assert {p.layout for p in placed} == {Layout.QUOTE}
    acts.move_placement(placed[2], **facts, step=-1)
    acts.move_placement(placed[0], **facts, step=-1)  # at the top already
    assert list(one.placements.values_list("entry", flat=True)) == [entries[0].pk, entries[2].pk, entries[1].pk]
    acts.place(two, **facts, entry=entries[2])
    assert list(one.placements.values_list("entry", flat=True)) == [entries[0].pk, entries[1].pk]
    acts.lay_out(placed[0], **facts, layout=Layout.BESIDE)
    with pytest.raises(Refused, match="ne convient pas"):
        acts.lay_out(placed[0], **facts, layout=Layout.FIGURE)
    acts.unplace(placed[0], **facts)
    acts.move_chapter(two, **facts, step=-1)
    acts.edit_chapter(one, **facts, title="La cuisine", introduction="Tout a commencé.", chantier=chantier)
    assert [c.title for c in edition.chapters.all()] == ["Deux", "La cuisine"]
    acts.remove_chapter(two, **facts)
    assert [c.title for c in edition.chapters.all()] == ["La cuisine"]


def test_only_what_is_chosen_is_placed_and_only_in_a_draft(coordinator, chantier, whole):
    facts = {"by": coordinator, "now": make.NOW}
    edition = acts.draft_edition(None, **facts, title="Carnet")
    chapter = acts.add_chapter(edition, **facts, title="Un")
    with pytest.raises(Refused, match="Seul ce qui est retenu"):
        acts.place(chapter, **facts, entry=make.make_entry(chantier))
    with pytest.raises(Refused, match="faites-en une correction"):
        acts.add_chapter(whole, **facts, title="Trop tard")


def test_figures_are_those_that_the_platform_counts_then_those_of_the_team(coordinator, chantier):
    make.make_meeting(chantier, stage="closed", starts_at=make.NOW.replace(month=9))
    found = figures.governance_figures(2017)
    assert next((f.value, f.title) for f in found) == ("1", "groupes de travail, dans 1 territoire")
    assert ("1", "Séances tenues") in [(f.value, f.title) for f in found]
    edition = acts.draft_edition(None, by=coordinator, now=make.NOW, title="Carnet")
    rows = [{"value": "81", "title": "séances", "source": "le groupe"}, {"value": "", "title": "rien", "source": ""}]
    acts.set_figures(edition, by=coordinator, now=make.NOW, rows=rows)
    assert list(edition.figures.values_list("value", "title", "source")) == [("81", "séances", "le groupe")]


# Publishing -----------------------------------------------------------------------------------------------------------


def test_publishing_says_what_is_missing(coordinator, chantier):
    edition = acts.draft_edition(None, by=coordinator, now=make.NOW, title="Carnet")
    with pytest.raises(Refused, match="aucune escale"):
        publishing.publish_edition(edition, by=coordinator, now=make.NOW)
    chapter = acts.add_chapter(edition, by=coordinator, now=make.NOW, title="Vide")
    with pytest.raises(Refused, match="Une escale est vide : « Vide »"):
        publishing.publish_edition(edition, by=coordinator, now=make.NOW)
    acts.place(chapter, by=coordinator, now=make.NOW, entry=chosen(chantier, kind="photo", treatment="waiting"))
    with pytest.raises(Refused, match="1 fichier placé n’est pas prêt"):
        publishing.publish_edition(edition, by=coordinator, now=make.NOW)


def test_an_edition_is_frozen_numbered_and_told_to_authors_at_once_and_to_partners_in_their_digest(coordinator, chantier):
    author = make.make_member(chantier).person
    entry = chosen(chantier, by=author)
    edition = make.make_edition(entry, title="À mi-marée")
    publishing.publish_edition(edition, by=coordinator, now=make.NOW)
    assert (edition.slug, edition.edition, edition.published_at) == ("a-mi-maree", 1, make.NOW)
    assert edition.sha256 == seal(edition.content)
    type(entry).objects.filter(pk=entry.pk).update(text="Changé après coup.")
    assert "Changé" not in str(Edition.objects.get(pk=edition.pk).content)
    partner = make.make_person()
    assert dict(Letter.objects.values_list("person", "kind")) == {author.pk: "logbook.yours"}
    other = make.make_edition(chosen(chantier), title="À marée haute")
    publishing.publish_edition(other, by=coordinator, now=make.NOW)
    told = Letter.objects.filter(kind="logbook.published")
    assert {letter.mode for letter in told} == {"digest"}
    assert partner.pk in told.values_list("person", flat=True)
    with pytest.raises(Refused, match="déjà publié"):
        publishing.publish_edition(edition, by=coordinator, now=make.NOW)


def test_a_correction_is_another_edition_and_the_former_stays_readable_with_a_notice(coordinator, whole, client_for):
    made = publishing.correct_edition(whole, by=coordinator, now=make.NOW)
    assert (made.number, made.edition, made.replaces) == (whole.number, None, whole)
    with pytest.raises(Refused, match="déjà en préparation"):
        publishing.correct_edition(whole, by=coordinator, now=make.NOW)
    with pytest.raises(Refused, match="Dites ce que cette édition corrige"):
        publishing.publish_edition(made, by=coordinator, now=make.NOW)
    acts.describe_edition(made, by=coordinator, now=make.NOW, title=whole.title, change_note="La date de la séance.")
    publishing.publish_edition(made, by=coordinator, now=make.NOW)
    whole.refresh_from_db()
    assert (whole.stage, made.edition, whole.edition) == (EditionStage.SUPERSEDED, 2, 1)
    page = client_for().get(whole.get_absolute_url()).content.decode()
    assert "Cette édition a été corrigée depuis" in page
    assert made.get_absolute_url() in page
    assert "La date de la séance." in client_for().get(made.get_absolute_url()).content.decode()
    with pytest.raises(Refused, match="Seule l’édition en vigueur"):
        publishing.correct_edition(whole, by=coordinator, now=make.NOW)


def test_only_the_platform_makes_an_edition_anew_or_notes_a_file(whole):
    partner = make.make_person()
    with pytest.raises(NotAllowed):
        publishing.reissue(whole, by=partner, now=make.NOW, note="")
    bound = BoundFile.objects.create(edition=whole, format="pdf")
    with pytest.raises(NotAllowed):
        publishing.note_bound(bound, by=partner, now=make.NOW, key=bound.key, treatment=Treatment.READY)


def test_its_files_are_made_by_a_job_that_may_run_twice_or_come_too_late(whole):
    publishing.bind_again(whole, by=SYSTEM, now=make.NOW)
    for bound in whole.files.all():
        tasks.bind.call(bound.pk)
        tasks.bind.call(bound.pk)
    files = {f.format: f for f in whole.files.all()}
    assert files["pdf"].pages >= 3
    assert all(default_storage.size(f.stored) == f.size > 5_000 for f in files.values())
    stale = files["pdf"]
    publishing.bind_again(whole, by=SYSTEM, now=make.NOW)
    assert not publishing.note_bound(stale, by=SYSTEM, now=make.NOW, key=stale.key, treatment=Treatment.READY)
    BoundFile.objects.update(asked_at=make.NOW)
    tasks.bind_waiting(make.NOW)
    assert set(whole.files.values_list("treatment", flat=True)) == {Treatment.READY}


def test_a_chantier_that_is_no_longer_public_is_named_nowhere(whole, chantier):
    assert book.read(whole).stops[0].chantier == chantier
    type(chantier).objects.filter(pk=chantier.pk).update(circle="partners")
    assert book.read(whole).stops[0].chantier is None
    assert chantier.title not in pages_text(pdf.of_edition(whole))


# PDF and EPUB ---------------------------------------------------------------------------------------------------------


def pages_text(data: bytes) -> str:
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_the_pdf_is_tagged_and_describes_its_photos(whole):
    made = pdf.of_edition(whole)
    report = validate(io.BytesIO(made))
    assert [(f.rule_id, f.message) for f in report.findings if f.severity.name == "ERROR"] == []
    with pikepdf.open(io.BytesIO(made)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "fr"
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
    assert b"Une table couverte de plans" in bytes(_unpacked(made)).replace(b"\x00", b"")


def _unpacked(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def test_the_pdf_says_what_the_pages_say(whole, client_for):
    text = pages_text(pdf.of_edition(whole))
    page = client_for().get(whole.get_absolute_url()).content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    for words in (
        "Remonter le filet.",
        "La cuisine",
        "On ne s’était jamais assis",
        "Un maraîcher",
        "On entend la pluie.",
        "81",
        "séances tenues",
    ):
        assert words in page
        assert words.replace(" ", "") in text.replace(" ", "").replace("-", "")
    assert pdf.of_edition(whole) == pdf.of_edition(whole)


def test_whatever_people_type_is_no_markup(whole, tmp_path):
    nasty = '#eval("x") $x$ *gras* <b> [a](b) \\ & ]]> 😀'
    content = whole.content
    for entry in content["chapters"][0]["entries"]:
        entry["text"] = entry["credit"] = nasty
    content["chapters"][0]["introduction"] = content["title"] = nasty
    whole.content = content
    assert b"%PDF" in pdf.of_edition(whole)[:8]
    for name, data in parts(epub.of_edition(whole)).items():
        if name.endswith((".xhtml", ".opf")):
            ET.fromstring(data)


@needs_epubcheck
def test_the_epub_is_clean_and_says_how_accessible_it_is(whole, tmp_path):
    made = epub.of_edition(whole)
    assert complaints(made, tmp_path) == []
    inside = parts(made)
    package = inside["EPUB/package.opf"].decode()
    for said in (
        'property="schema:accessMode">textual<',
        'property="schema:accessMode">visual<',
        'property="schema:accessModeSufficient">textual<',
        'property="schema:accessibilityFeature">alternativeText<',
        'property="schema:accessibilityHazard">none<',
        'property="schema:accessibilitySummary">',
        'property="dcterms:conformsTo">EPUB Accessibility 1.1 - WCAG 2.1 Level AA<',
        "<dc:language>fr</dc:language>",
    ):
        assert said in package
    stop = inside["EPUB/escale-1.xhtml"].decode()
    assert 'xml:lang="fr"' in stop
    assert 'alt="Une table couverte de plans' in stop
    assert "On entend la pluie." in stop
    assert epub.of_edition(whole) == made


def test_nothing_of_the_camera_stands_in_the_pdf_or_the_epub(whole):
    for data in (_unpacked(pdf.of_edition(whole)), *parts(epub.of_edition(whole)).values()):
        assert b"Zqdevicex" not in data
        assert b"zqcommentx" not in data
        assert b"Exif" not in data


def test_a_carnet_that_cannot_be_bound_is_tried_for_two_hours_then_told_to_the_team(whole, monkeypatch, caplog):
    def broken(_edition):
        raise OSError("disk full")

    monkeypatch.setattr("dialogue.logbook.pdf.of_edition", broken)
    bound = BoundFile.objects.create(edition=whole, format="pdf", asked_at=timezone.now() - timedelta(minutes=90))
    tasks.bind_waiting(make.NOW)
    assert BoundFile.objects.get().treatment == Treatment.WAITING
    BoundFile.objects.update(asked_at=timezone.now() - timedelta(minutes=121))
    tasks.bind_waiting(make.NOW)
    assert BoundFile.objects.get(pk=bound.pk).treatment == Treatment.FAILED
    assert "disk full" in caplog.text


def test_two_editors_who_write_one_chapter_are_both_heard(whole, chantier, coordinator, client_for):
    draft = acts.draft_edition(None, by=coordinator, now=make.NOW, title="Suite")
    chapter = acts.add_chapter(draft, by=coordinator, now=make.NOW, title="Escale", introduction="Au départ.")
    address = reverse("logbook:edit_chapter", args=[draft.pk, chapter.pk])
    client = client_for(coordinator)
    mark = re.search(r'name="seen" value="(\w+)"', client.get(address).content.decode())
    typed = {"title": "Escale", "introduction": "Mon récit.", "seen": mark.group(1)}
    acts.edit_chapter(chapter, by=coordinator, now=make.NOW, title="Escale", introduction="Le récit d’une autre.")
    answer = client.post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("pendant que vous écriviez", "Le récit d’une autre.", "Mon récit."):
        assert words in page
    again = re.search(r'name="seen" value="(\w+)"', page)
    assert client.post(address, typed | {"seen": again.group(1)}).status_code == 302
    assert type(chapter).objects.get(pk=chapter.pk).introduction == "Mon récit."
