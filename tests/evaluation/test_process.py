"""The chantiers side by side, the edition of a year, what the coordination sees."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pypdf
import pytest
from django.urls import reverse

from dialogue.chantiers.models import Chantier, Objective, PlannedDeliverable
from dialogue.chantiers.stages import Stage
from dialogue.evaluation import table
from dialogue.evaluation.acts import process as acts
from dialogue.evaluation.models import Evaluation, ProcessEdition, ProcessEvaluation
from dialogue.evaluation.stages import Verdict
from dialogue.evaluation.table import Selection, verdict_of
from dialogue.formats.json import seal
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.mailer.models import Letter
from dialogue.people.circles import Glance
from dialogue.people.stages import Circle
from tests import factories as make
from tests.factories import NOW, TODAY
from tests.factories_evaluation import make_completed, make_evaluation, make_process, make_version

pytestmark = pytest.mark.django_db
WORDS = {"introduction": "Les chantiers de 2017.", "lessons": "Commencer par le transport."}


@pytest.fixture(autouse=True)
def on_6_november_2017(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: NOW)
    make.make_department()


def evaluated(rating: str = "reached", *, circle: str = Circle.PUBLIC, **fields: Any) -> Chantier:
    chantier = make_completed(**{"stage": Stage.EVALUATED} | fields)
    Objective.objects.filter(roadmap__chantier=chantier).update(rating=rating)
    PlannedDeliverable.objects.filter(roadmap__chantier=chantier).update(rating=rating)
    sheet = make_evaluation(chantier, stage="published", published_at=NOW, circle=circle, worked="Tout.")
    make_version(sheet)
    return chantier


def content(*ratings: str) -> dict[str, Any]:
    return {"objectives": [{"rating": rating} for rating in ratings], "deliverables": []}


@pytest.mark.parametrize(
    ("ratings", "verdict"),
    [
        (("reached", "reached"), Verdict.KEPT),
        (("reached", "not"), Verdict.PARTLY),
        (("partly", "not"), Verdict.PARTLY),
        (("not", "not"), Verdict.NOT),
        ((), Verdict.PARTLY),
    ],
)
def test_the_rule_of_the_verdict(ratings: tuple[str, ...], verdict: Verdict):
    assert verdict_of(content(*ratings)) == verdict


def test_each_chantier_has_its_row_with_what_the_reader_may_know():
    kept, partners_only = evaluated(), evaluated("not", circle=Circle.PARTNERS)
    waiting, going_on = make_completed(), make.make_chantier(stage=Stage.WORKING)
    stopped = make.make_chantier(stage=Stage.ABANDONED, motive="Faute de lieu.")
    hidden = make.make_chantier(circle=Circle.PARTNERS)
    make.make_chantier(stage=Stage.PROPOSED, opened_on=None)
    public = {row.slug: row.verdict for row in table.rows_for(Glance())}
    assert public == {
        kept.slug: Verdict.KEPT, partners_only.slug: Verdict.RESERVED, waiting.slug: Verdict.WAITING,
        going_on.slug: Verdict.GOING_ON, stopped.slug: Verdict.STOPPED,
    }  # fmt: skip
    partner = {row.slug: row.verdict for row in table.rows_for(make.make_person())}
    assert partner == public | {partners_only.slug: Verdict.NOT, hidden.slug: Verdict.GOING_ON}


def test_a_draft_shows_in_no_row():
    chantier = make_completed()
    Objective.objects.update(rating="reached")
    make_evaluation(chantier, worked="Secret.")
    row = table.rows_for(make.make_coordinator())[0]
    assert (row.verdict, row.objectives) == (Verdict.WAITING, [])


def test_the_table_is_filtered_and_sorted_and_ignores_what_it_does_not_know():
    rows = [
        table.Row(n, f"c{n}", f"Chantier {n}", f"t{n % 2}", f"Thème {n % 2}", [[f"p{n}", f"Lieu {n}"]], "kept") for n in (1, 2, 3)
    ]
    rows.append(table.Row(4, "c4", "Chantier 4", "t0", "Thème 0", [["p1", "Lieu 1"]], "not", [0, 0, 2], [0, 0, 1], delay=12))
    found = Selection.of({"theme": "t0"}).apply(rows)
    assert [row.number for row in found] == [2, 4]
    assert [row.number for row in Selection.of({"territoire": "p1"}).apply(rows)] == [1, 4]
    assert [row.number for row in Selection.of({"resultat": "not"}).apply(rows)] == [4]
    assert [row.number for row in Selection.of({"resultat": "x", "tri": "y"}).apply(rows)] == [1, 2, 3, 4]
    assert [row.number for row in Selection.of({"tri": "retard"}).apply(rows)] == [4, 1, 2, 3]
    assert next(row.number for row in Selection.of({"tri": "promesses"}).apply(rows)) == 4


def test_the_page_of_today_is_good_when_nothing_is_evaluated(client_for: Any):
    assert "Aucun chantier n’est encore ouvert" in client_for().get(reverse("evaluation:process")).content.decode()
    make.make_chantier()
    page = client_for().get(reverse("evaluation:process")).content.decode()
    assert "Aucune évaluation de la démarche n’est encore publiée." in page
    assert "Se poursuit" in page
    assert "Aucun chantier ne correspond" in client_for().get(reverse("evaluation:today"), {"theme": "rien"}).content.decode()


def test_the_files_hold_the_selection_and_disarm_formulas(client_for: Any):
    evaluated(title="=cmd|' /C calc'!A0")
    make.make_chantier(title="Autre")
    answer = client_for().get(reverse("evaluation:export", args=["csv"]), {"resultat": "kept"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(lines) == 2
    assert lines[1][1] == "'=cmd|' /C calc'!A0"
    assert lines[1][4:] == ["Promesses tenues", "2", "0", "0", "1", "0", "0", "7", "", "", ""]
    book = client_for().get(reverse("evaluation:export", args=["xlsx"]))
    page = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    assert page is not None
    assert (page.max_row, page["B2"].data_type) == (3, "s")
    assert client_for().get(reverse("evaluation:export", args=["exe"])).status_code == 404


# The edition of a year ---------------------------------------------------------------------------------------------


def test_only_the_coordination_prepares_a_year_and_once():
    by = make.make_coordinator()
    with pytest.raises(NotAllowed):
        acts.prepare_process(by=make.make_person(), now=NOW, year=2017)
    process = acts.prepare_process(by=by, now=NOW, year=2017)
    assert (process.starts_on, process.ends_on) == (date(2017, 1, 1), date(2017, 12, 31))
    for year in (2017, 2018, 1999):
        with pytest.raises(Refused):
            acts.prepare_process(by=by, now=NOW, year=year)


def test_two_people_who_write_the_same_text_are_both_heard():
    process, by = make_process(), make.make_coordinator()
    common = {"by": by, "starts_on": process.starts_on, "ends_on": process.ends_on}
    acts.save_process(process, now=NOW, seen_at=None, **common, **WORDS)
    with pytest.raises(Refused, match="en même temps"):
        acts.save_process(process, now=NOW, seen_at=None, **common, introduction="", lessons="")
    acts.save_process(process, now=NOW + timedelta(hours=1), seen_at=NOW, **common, introduction="Autre.", lessons="Autre.")
    assert ProcessEvaluation.objects.get().lessons == "Autre."
    with pytest.raises(Refused, match="finit après"):
        acts.save_process(
            process, now=NOW, by=by, starts_on=TODAY, ends_on=TODAY - timedelta(days=1), introduction="", lessons=""
        )


def test_a_period_is_over_from_the_day_after_its_last_one():
    by, process = make.make_coordinator(), make_process(**WORDS, ends_on=TODAY)
    with pytest.raises(Refused, match="publiez après son dernier jour"):
        acts.publish_process(process, by=by, now=NOW)
    assert acts.publish_process(process, by=by, now=NOW + timedelta(days=1)).number == 1


def test_an_edition_needs_its_words_and_a_period_that_is_over():
    by = make.make_coordinator()
    process = make_process(ends_on=date(2017, 12, 31))
    with pytest.raises(Refused) as caught:
        acts.publish_process(process, by=by, now=NOW)
    assert len(caught.value.reasons) == 2
    assert not ProcessEdition.objects.exists()


def test_an_edition_is_public_frozen_sealed_and_corrected_by_another():
    by = make.make_coordinator()
    kept, secret = evaluated(), evaluated(circle=Circle.PARTNERS)
    make.make_chantier(circle=Circle.PARTNERS)
    process = make_process(**WORDS)
    edition = acts.publish_process(process, by=by, now=NOW)
    frozen = ProcessEdition.objects.get().content
    assert seal(frozen) == edition.sha256
    assert [(row["slug"], row["verdict"]) for row in frozen["rows"]] == [(kept.slug, "kept"), (secret.slug, "reserved")]
    assert frozen["reserved"] == 1
    assert [figure["code"] for figure in frozen["figures"]][:3] == ["participants", "organisations", "meetings"]
    with pytest.raises(Refused, match="Dites ce qui change"):
        acts.publish_process(process, by=by, now=NOW)
    with pytest.raises(Refused, match="Rien n’a changé"):
        acts.publish_process(process, by=by, now=NOW, change_note="Une virgule.")
    Evaluation.objects.filter(chantier=secret).update(circle=Circle.PUBLIC)
    again = acts.publish_process(process, by=by, now=NOW, change_note="Un chantier de plus est public.")
    assert again.number == 2
    assert ProcessEdition.objects.get(number=1).content == frozen


def test_the_publication_is_told_to_every_partner_in_their_digest():
    by, partner = make.make_coordinator(), make.make_person()
    newcomer = make.make_newcomer()
    acts.publish_process(make_process(**WORDS), by=by, now=NOW)
    told = Letter.objects.filter(kind="evaluation.published")
    assert set(told.values_list("person", flat=True)) == {partner.pk}
    assert told.get().mode == "digest"
    assert newcomer.pk not in set(told.values_list("person", flat=True))


def test_everybody_reads_the_edition_its_files_and_the_former_one(client_for: Any):
    by = make.make_coordinator()
    evaluated()
    process = make_process(**WORDS)
    acts.publish_process(process, by=by, now=NOW)
    evaluated("not")
    acts.publish_process(process, by=by, now=NOW, change_note="Un chantier de plus.")
    assert client_for().get(reverse("evaluation:process"))["Location"] == reverse("evaluation:edition", args=[2017])
    url = reverse("evaluation:edition", args=[2017])
    last, first = client_for().get(url).content.decode(), client_for().get(url, {"edition": "1"}).content.decode()
    assert "Commencer par le transport." in last
    assert "Un chantier de plus." in last
    assert "2 chantiers" in last.replace("\u00a0", " ")
    assert "Une édition plus récente" in first
    assert "1 chantier<" in first.replace("\u00a0", " ")
    assert client_for().get(url, {"edition": "9"}).status_code == 404
    address = reverse("evaluation:edition_file", args=[2017, "pdf"])
    pdf = client_for().get(address)
    assert pdf.content.startswith(b"%PDF-")
    assert client_for().get(address, headers={"If-None-Match": pdf["ETag"]}).status_code == 304
    lines = b"".join(client_for().get(reverse("evaluation:edition_file", args=[2017, "csv"])).streaming_content)
    assert lines.decode("utf-8-sig").count("\r\n") == 3
    assert client_for().get(reverse("evaluation:edition", args=[2016])).status_code == 404


def test_what_was_withdrawn_from_the_public_since_is_shown_in_no_file(client_for: Any):
    by, kept, narrowed = make.make_coordinator(), evaluated(title="Cantines"), evaluated(title="Navettes")
    gone = evaluated("not", title="Chantier secret")
    acts.publish_process(make_process(**WORDS), by=by, now=NOW)
    address = {code: reverse("evaluation:edition_file", args=[2017, code]) for code in ("csv", "xlsx", "pdf")}
    before = client_for().get(address["pdf"])
    Chantier.objects.filter(pk=gone.pk).update(circle=Circle.PARTNERS)
    Evaluation.objects.filter(chantier=narrowed).update(circle=Circle.PARTNERS)
    answer = client_for(by).get(reverse("evaluation:edition", args=[2017]))
    page = answer.content.decode().replace("\u00a0", " ")
    assert "Chantier secret" not in page
    assert "1 chantier de cette édition n’est plus public : il ne figure plus dans ce tableau." in page
    told = [(row.title, row.verdict, row.objectives) for row in answer.context["rows"]]
    assert told == [("Cantines", "kept", [2, 0, 0]), ("Navettes", "reserved", [])]
    lines = b"".join(client_for(by).get(address["csv"]).streaming_content).decode("utf-8-sig")
    assert [line["Chantier"] for line in csv.DictReader(io.StringIO(lines), delimiter=";")] == [kept.title, narrowed.title]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(client_for(by).get(address["xlsx"]).streaming_content))).active
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == [kept.title, narrowed.title]
    after = client_for(by).get(address["pdf"], headers={"If-None-Match": before["ETag"]})
    text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(after.content)).pages)
    text = " ".join(text.replace("\u00a0", " ").split())
    assert "Chantier secret" not in text
    assert "Chantiers de cette édition qui ne sont plus publics, retirés de ce tableau : 1." in text


def test_an_edition_and_its_pdf_that_were_tampered_with_show_no_seal_and_the_log_says_so(client_for: Any, caplog: Any):
    evaluated()
    edition = acts.publish_process(make_process(**WORDS), by=make.make_coordinator(), now=NOW)
    ProcessEdition.objects.update(content=edition.content | {"lessons": "Faux."})
    page = client_for().get(reverse("evaluation:edition", args=[2017])).content.decode()
    assert "Le contenu de cette page ne correspond plus à son empreinte." in page
    assert edition.sha256 not in page
    told = [record.message for record in caplog.records if record.name == "dialogue.formats.json"]
    assert told == ["the content of 2017 · 1 (ProcessEdition) is not what its seal says"]
    file = client_for().get(reverse("evaluation:edition_file", args=[2017, "pdf"]))
    text = pypdf.PdfReader(io.BytesIO(file.content)).pages[0].extract_text()
    assert "empreinte non conforme" in text.replace("\u00a0", " ")


def test_a_frozen_document_is_the_same_in_the_language_of_its_words_for_every_reader(client_for: Any):
    chantier = evaluated()
    acts.publish_process(make_process(**WORDS), by=make.make_coordinator(), now=NOW)
    edition = reverse("evaluation:edition_file", args=[2017, "pdf"])
    for address in (edition, reverse("evaluation:chantier_pdf", args=[chantier.slug])):
        french = client_for().get(address)
        english = client_for().get(address, headers={"accept-language": "en"})
        assert english.content == french.content
        assert (english["ETag"], english["Content-Language"]) == (french["ETag"], "fr")
        assert pypdf.PdfReader(io.BytesIO(english.content)).trailer["/Root"]["/Lang"] == "fr"


# The coordination --------------------------------------------------------------------------------------------------


def test_the_coordination_sees_what_is_missing_and_reminds_in_one_click(client_for: Any):
    chantier = make_completed()
    make.make_member(chantier, role="lead")
    evaluated()
    make.make_chantier(stage=Stage.WORKING)
    client = client_for(make.make_coordinator())
    page = " ".join(client.get(reverse("evaluation:pilot")).content.decode().replace("\u00a0", " ").split())
    assert "3 lignes à apprécier sur 3. La synthèse manque. Pas d’enquête." in page
    assert "1 chantier sur 3 est encore en travail" in page
    assert client.post(reverse("evaluation:remind", args=[chantier.slug])).status_code == 302
    assert Letter.objects.filter(kind="evaluation.to_complete").count() == 1
    assert "1 chantier" in client.get(reverse("evaluation:remind_all")).content.decode().replace("\u00a0", " ")
    assert client.post(reverse("evaluation:remind_all")).status_code == 302
    assert Letter.objects.filter(kind="evaluation.to_complete").count() == 1
    for name in ("pilot", "governance", "remind_all"):
        assert client_for(make.make_person()).get(reverse(f"evaluation:{name}")).status_code == 403


def test_a_year_is_prepared_written_and_published_from_its_pages(client_for: Any):
    client = client_for(make.make_coordinator())
    assert client.post(reverse("evaluation:pilot"), {"year": ""}).status_code == 422
    assert client.post(reverse("evaluation:pilot"), {"year": "2017"}).status_code == 302
    url = reverse("evaluation:year", args=[2017])
    form = {"starts_on": "2017-01-01", "ends_on": "2016-01-01", **WORDS}
    wrong = client.post(url, form)
    assert wrong.status_code == 422
    assert "Commencer par le transport." in wrong.content.decode()
    assert client.post(url, form | {"ends_on": "2017-10-31"}).status_code == 302
    assert client.post(url, form | {"ends_on": "2017-10-31", "lessons": "Autre"}).status_code == 422
    publish = reverse("evaluation:year_publish", args=[2017])
    assert "Ce qui sera figé" in client.get(publish).content.decode()
    assert client.post(publish).status_code == 302
    assert client.post(publish, {"change_note": ""}).status_code == 422
    assert "Édition n° 1" in client.get(url).content.decode().replace("\u00a0", " ")


def test_the_period_of_the_figures_is_chosen_and_a_wrong_one_is_said(client_for: Any):
    client = client_for(make.make_coordinator())
    url = reverse("evaluation:governance")
    assert "Du dimanche 1er janvier 2017 au lundi 6 novembre 2017" in client.get(url).content.decode().replace("\u00a0", " ")
    found = client.get(url, {"du": "2017-06-01", "au": "2017-06-30"}).content.decode().replace("\u00a0", " ")
    assert "Du jeudi 1er juin 2017 au vendredi 30 juin 2017" in found
    assert client.get(url, {"du": "2017-06-30", "au": "2017-06-01"}).status_code == 422
    assert client.get(url, {"du": "x"}).status_code == 422
