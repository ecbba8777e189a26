# ruff: noqa: E501  (the data of a long document)
"""The PDF of the minutes: tagged, sealed, quick, and saying what the page says."""

from __future__ import annotations

import io
import time

import pikepdf
import pypdf
import pytest
from pdfua import validate

from dialogue.formats.json import seal
from dialogue.meetings import pdf
from dialogue.meetings.content import differences, words_changed
from dialogue.meetings.models import Minutes, MinutesVersion
from tests.factories import NOW, make_chantier, make_department, make_meeting

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LONG = (
    "Les petites cantines renoncent quand la livraison coûte plus que les légumes ; « Le Cabas » a une camionnette libre. " * 12
)


# fmt: off
def content(items: int = 2, **changes):
    return {
        "chantier": "Manger local", "number": 3, "starts_at": "2017-09-19T14:00+02:00", "ends_at": "2017-09-19T16:45+02:00", "place": "Lycée agricole",
        "decisions": [{"number": 5, "text": "Le guide tient en douze pages.", "agreement": "à l’unanimité", "follow_up": ""}],
        "actions": [{"number": 7, "text": "Envoyer les menus.", "owner": "Les cantines", "due_on": "2017-10-31"}],
        "items": [{"key": f"item-{n}", "title": f"Point {n}", "kind": "discussion", "notes": f"{LONG}\n\n- du pain\n- des pommes"} for n in range(items)],
        "present": [{"name": "Commune de Lande-Basse", "note": "arrivé à 14 h 30"}], "represented": [{"name": "Le Cabas", "by": "La Coopérative"}],
        "excused": ["Agence de l’eau"], "absent": [], "next": {"starts_at": "2017-11-07T14:00+01:00", "place": "Lycée"},
    } | changes  # fmt: skip


@pytest.fixture
def version():
    make_department()
    meeting = make_meeting(make_chantier())
    minutes = Minutes.objects.create(meeting=meeting, chantier=meeting.chantier)
    told = content()
    return MinutesVersion.objects.create(
        minutes=minutes, number=2, content=told, sha256=seal(told), made_at=NOW, published_at=NOW
    )


def test_the_pdf_is_tagged_and_its_reader_software_is_told_language_and_title(version):
    made = pdf.of_version(version)
    report = validate(io.BytesIO(made))
    assert [(finding.rule_id, finding.message) for finding in report.findings if finding.severity.name == "ERROR"] == []
    with pikepdf.open(io.BytesIO(made)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "fr"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert "/StructTreeRoot" in document.Root
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Compte-rendu de la 3e séance\u00a0: Manger local"


def test_the_pdf_says_what_the_page_says_with_version_and_seal_on_each_sheet(version):
    text = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.of_version(version))).pages).split())
    for words in (
        "D5",
        "Le guide tient en douze pages.",
        "A7",
        "des pommes",
        "Commune de Lande-Basse (arrivé à 14",
        "Agence de l’eau",
    ):
        assert words in text.replace("\u00a0", " ").replace("\xad", "-")
    assert "d’un groupe de travail · version 2 · empreinte " + version.sha256[:16] in text.replace("\u00a0", " ").replace("\xad", "-")
    assert "procès-verbal" not in text.lower()


def test_the_decision_log_alone_leaves_the_discussion_out(version):
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.of_version(version, log_only=True))).pages)
    assert "Le guide tient" in text
    assert "camionnette" not in text


def test_the_same_version_gives_the_same_bytes(version):
    assert pdf.of_version(version) == pdf.of_version(version)


def test_whatever_people_type_is_no_markup(version):
    version.content = content(items=1)
    version.content["items"][0]["notes"] = '#eval("x") $x$ *gras* <b> [a](b) \\ 😀 \u0627'
    made = pdf.of_version(version)
    assert b"%PDF" in made[:8]
    assert '#eval("x")' in "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)


@pytest.mark.slow
def test_minutes_of_twenty_pages_are_made_in_less_than_a_second(version):
    version.content = content(items=52)
    assert 20 <= len(pypdf.PdfReader(io.BytesIO(pdf.of_version(version))).pages) <= 24
    spent = []
    for _again in range(3):
        started = time.process_time()
        pdf.of_version(version)
        spent.append(time.process_time() - started)
    assert min(spent) < 1


def test_differences_are_told_word_by_word():
    assert [(p.kind, p.text) for p in words_changed("sert 43 repas", "sert 34 repas")] == [
        ("same", "sert "), ("removed", "43"), ("added", "34"), ("same", " repas"),
    ]  # fmt: skip
    before, after = content(), content(excused=[])
    assert [change.title for change in differences(before, after)] == ["Excusés"]
    assert seal(before) != seal(after)
