"""The files: tagged PDF that a checker accepts, slides that a screen reader reads in order, codes that lead to the right place."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pikepdf
import pytest
from pdfua import validate
from pptx import Presentation

from dialogue.formats import pptx, qr
from dialogue.restitution import pdf, reading, slides
from dialogue.restitution.acts import conferences
from dialogue.restitution.slides import ROWS, Sheet
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def errors(made: bytes) -> list[str]:
    return [finding.message for finding in validate(io.BytesIO(made)).findings if finding.severity.name == "ERROR"]


def test_document_and_slides_are_tagged_for_everybody_and_for_partners(place):
    version = place.publish()
    for reserved in (None, version.reserved):
        read = reading.point(version.content, reserved)
        for made in (pdf.of_point(version, read), slides.as_pdf(version, read, slides.of_point(read))):
            assert errors(made) == []
            with pikepdf.open(io.BytesIO(made)) as document, document.open_metadata() as metadata:
                assert document.Root.MarkInfo.Marked
                assert metadata["pdfuaid:part"] == "1"
                assert metadata["dc:title"].startswith("Point d’étape")
    with pikepdf.open(io.BytesIO(made)) as document:
        box = [float(side) for side in document.pages[0].MediaBox]
        assert round(box[2] / box[3], 2) == 1.78


def test_the_conference_too(place):
    place.publish()
    paper = conferences.draft_conference(None, **place.facts, series=3, introduction="Un an.")
    version = conferences.freeze_conference(paper, **place.facts)
    read = reading.conference(version.content, version.reserved)
    assert errors(pdf.of_conference(version, read)) == []
    assert errors(slides.as_pdf(version, read, slides.of_conference(read))) == []


def test_each_slide_has_a_title_then_its_text_then_a_picture_with_words_and_notes(place):
    version = place.publish()
    read = reading.point(version.content, version.reserved)
    deck = Presentation(io.BytesIO(slides.as_pptx(version, read, slides.of_point(read))))
    assert round(deck.slide_width / deck.slide_height, 2) == 1.78
    assert deck.core_properties.title == "Point d’étape\xa0: Sud Gironde"
    assert deck.core_properties.language == "fr-FR"
    titles = [slide.shapes.title.text_frame.text.replace("\xa0", " ") for slide in deck.slides]
    assert titles[:3] == ["Point d’étape : Sud Gironde", "Où en sont nos chantiers", "Manger local"]
    assert len(titles) == len(set(titles))
    for slide in deck.slides:
        assert slide.shapes[0] == slide.shapes.title
        pictures = [shape for shape in slide.shapes if shape.shape_type == 13]
        alternatives = [shape._element.nvPicPr.cNvPr.get("descr") for shape in pictures]
        assert all(text.startswith("Code QR vers http") for text in alternatives)
        runs = [run for shape in slide.shapes if shape.has_text_frame for p in shape.text_frame.paragraphs for run in p.runs]
        assert {run._r.rPr.get("lang") for run in runs} == {"fr-FR"}
    notes = deck.slides[2].notes_slide.notes_text_frame.text
    assert "Objectif" in notes
    assert "Nuageux" in notes
    assert "Écrire le guide" in notes


def test_a_long_text_goes_on_to_other_slides_of_which_the_titles_differ():
    text = "\n".join(f"- Une étape assez longue, numéro {n}, qui tient sur une ligne." for n in range(30))
    made = slides._split(Sheet("Titre", tuple(slides.written(text))))
    assert [sheet.title for sheet in made] == ["Titre", "Titre (suite)", "Titre (suite 2)"]
    assert max(slides._rows(sheet) for sheet in made) <= ROWS
    assert sum(len(sheet.lines) for sheet in made) == 30
    assert slides._split(Sheet("Vide")) == []


def test_a_code_is_square_with_a_margin_and_its_image_is_black_on_white():
    rows = qr.matrix("https://dialogue.example/rejoindre/2/")
    assert {len(row) for row in rows} == {len(rows)}
    assert not any(any(row) for row in rows[:4])
    assert qr.svg("https://dialogue.example/").startswith("<svg ")
    assert qr.png("https://dialogue.example/")[:8] == b"\x89PNG\r\n\x1a\n"


def test_slides_say_nothing_of_the_hour_at_which_they_were_written():
    page = pptx.Slide("Titre", (pptx.Line("Texte"),))
    facts = {"title": "T", "author": "A", "language": "fr-FR", "brand": "#00536b", "made_at": make.NOW}
    made = pptx.presentation([page, replace(page, is_cover=True)], **facts)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {entry.date_time[:3] for entry in package.infolist()} == {(1980, 1, 1)}
    assert made == pptx.presentation([page, replace(page, is_cover=True)], **facts)


def test_nothing_that_people_write_is_read_as_markup(place):
    point = place.draft()
    point.lines.update(done='#import "x"\n$ 1 + 1 $ *gras* <b>', call="= Titre @ref")
    version = place.publish(point)
    read = reading.point(version.content, version.reserved)
    made = pdf.of_point(version, read)
    assert errors(made) == []
