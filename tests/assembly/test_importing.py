"""Votes from a table: columns guessed, every problem by line and column, nothing said twice."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dialogue.assembly import importing
from dialogue.assembly.acts.importing import import_votes
from dialogue.assembly.models import Resolution
from dialogue.assembly.stages import PropositionStage
from dialogue.chantiers.stages import Stage
from dialogue.ledger.acts import NotAllowed, Refused
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
S = PropositionStage


@pytest.fixture
def session():
    return make.make_session(date=date(2017, 10, 30))


@pytest.fixture
def tabled(session):
    chantier = make.make_chantier(stage=Stage.DELIVERED)
    return [make.make_proposition(chantier, stage=S.TABLED, session=session, title=f"Proposition votée {n}") for n in range(3)]


def table(text: str) -> importing.Table:
    return importing.read(io.BytesIO(text.encode("cp1252")))


def rows(read: importing.Table):
    return [(number, read.cells(cells)) for number, cells in read.rows]


def test_the_columns_of_the_scdl_and_those_of_a_french_office_are_recognised():
    scdl = importing.guess(["COLL_NOM", "DELIB_ID", "DELIB_DATE", "DELIB_MATIERE_CODE", "DELIB_OBJET", "VOTE_POUR", "VOTE_REEL"])
    assert scdl == {"number": 1, "date": 2, "matter_code": 3, "object": 4, "votes_for": 5, "votes_cast": 6}
    office = importing.guess(["N° proposition", "Issue", "Numéro de délibération", "Pour", "Contre", "Abstentions", "Ne prend pas part"])
    assert office == {
        "proposition": 0, "outcome": 1, "number": 2, "votes_for": 3, "votes_against": 4, "abstentions": 5, "not_voting": 6,
    }  # fmt: skip


def test_a_file_is_recorded_once_however_often_it_comes(tabled, secretary):
    first, second, _third = tabled
    text = (
        "Proposition;Issue;Numéro;Matière;Pour;Contre;Abstentions;Texte adopté\r\n"
        f"P{first.number};Adoptée;CD-1;7.5 Finances locales/Subventions;58;4;2;\r\n"
        f"{second.number};Modifiée;CD-2;Subventions;40;20;2;Un autre texte\r\n"
    )
    report = import_votes(None, by=secretary, now=NOW, rows=rows(table(text)))
    assert [line.state for line in report.lines] == ["recorded", "recorded"]
    again = import_votes(None, by=secretary, now=NOW, rows=rows(table(text)))
    assert [line.state for line in again.lines] == ["known", "known"]
    assert sorted(Resolution.objects.values_list("number", "outcome", "votes_cast", "date")) == [
        ("CD-1", "adopted", 64, date(2017, 10, 30)), ("CD-2", "adopted_amended", 62, date(2017, 10, 30)),
    ]  # fmt: skip


def test_each_problem_is_named_by_its_line_and_its_column(tabled, secretary):
    first, second, third = (row.number for row in tabled)
    text = (
        "Proposition;Issue;Numéro;Matière;Pour;Contre;Abstentions;Votants;Date\r\n"
        f"{first};Adoptée;CD-1;7.5;beaucoup;4;2;;30/10/2017\r\n"
        f"{second};Adoptée;CD-2;7.5;58;4;2;60;30/10/2017\r\n"
        f"{third};Peut-être;;99;1;2;3;;bientôt\r\n"
        "9999;Adoptée;CD-4;7.5;58;4;2;64;30/10/2017\r\n"
        ";Adoptée;CD-5;7.5;58;4;2;64;30/10/2017\r\n"
        f"{third};;CD-6;7.5;3;3;0;;30/10/2017\r\n"
    )
    lines = importing.examine(rows(table(text)))
    said = {line.number: (line.state, [label for label, _sentence in line.problems]) for line in lines}
    assert said == {
        2: ("problem", ["pour"]),
        3: ("problem", ["suffrages"]),
        4: ("problem", ["date de la délibération", "issue"]),
        5: ("problem", ["numéro de la proposition"]),
        6: ("ignored", []),
        7: ("problem", ["issue"]),
    }
    with pytest.raises(Refused, match="n’est pas un nombre entier"):
        import_votes(None, by=secretary, now=NOW, rows=rows(table(text)), only_whole=True)
    assert Resolution.objects.count() == 0


def test_the_outcome_is_deduced_from_the_voices_only_without_a_doubt(tabled):
    first, second, _third = tabled
    text = (
        "Objet;Numéro;Matière;Pour;Contre;Abstentions\r\n"
        f"{first.title};CD-1;7.5;58;4;2\r\n"
        f"{second.title};CD-2;7.5;4;58;2\r\n"
        "La voirie de la D1;CD-3;8.3;58;4;2\r\n"
    )
    lines = importing.examine(rows(table(text)))
    assert [(line.state, line.outcome_label) for line in lines] == [("ready", "Adoptée"), ("ready", "Rejetée"), ("ignored", "")]
    assert lines[0].notes == ["Issue déduite du nombre de voix."]


def test_a_title_that_several_propositions_bear_needs_the_number(session, secretary):
    for _n in range(2):
        chantier = make.make_chantier(stage=Stage.DELIVERED)
        made = make.make_proposition(chantier, stage=S.TABLED, session=session, title="Créer un guichet unique")
    text = f"Proposition;Objet;Issue;Numéro;Matière\r\n;Créer un guichet unique;Rejetée;CD-1;7.5\r\nP{made.number};;Rejetée;CD-2;7.5\r\n"
    report = import_votes(None, by=secretary, now=NOW, rows=rows(table(text)))
    assert [(line.state, line.problems) for line in report.lines] == [
        ("problem", [("objet", "Plusieurs propositions portent ce titre : ajoutez le numéro de la proposition.")]),
        ("recorded", []),
    ]
    assert Resolution.objects.get().proposition == made


def test_a_number_is_read_whole_or_not_at_all(session):
    chantier = make.make_chantier(stage=Stage.DELIVERED)
    for number in (2017, 42):
        make.make_proposition(chantier, stage=S.TABLED, session=session, number=number)
    typed = ["42", "P42", "p 42", "n° 42", "N°42", "No 42", " 42 ", "2017-42", "42 bis", "P", "9" * 5000]
    facts = {"outcome": "rejetée", "number": "CD-1", "matter_code": "7.5"}
    lines = [importing.examine([(2, facts | {"proposition": cell})])[0] for cell in typed]
    assert [line.proposition.number if line.proposition else line.state for line in lines] == [42] * 7 + ["problem"] * 4


def test_what_is_recorded_otherwise_is_corrected_on_its_page(tabled, secretary):
    first = tabled[0]
    head = "Proposition;Issue;Numéro;Matière;Pour;Contre;Abstentions\r\n"
    import_votes(None, by=secretary, now=NOW, rows=rows(table(f"{head}{first.number};Adoptée;CD-1;7.5;58;4;2\r\n")))
    lines = importing.examine(rows(table(f"{head}{first.number};Adoptée;CD-1;7.5;57;4;2\r\n")))
    assert lines[0].state == "problem"
    assert "corrigez-le sur la page de la séance" in lines[0].problems[0][1]


def test_the_same_proposition_or_number_twice_in_a_file_is_said(tabled):
    first, second, _third = (row.number for row in tabled)
    head = "Proposition;Issue;Numéro;Matière;Pour;Contre;Abstentions\r\n"
    vote = "Adoptée;CD-1;7.5;58;4;2\r\n"
    lines = importing.examine(rows(table(f"{head}{first};{vote}{first};Adoptée;CD-2;7.5;58;4;2\r\n{second};{vote}")))
    assert [line.state for line in lines] == ["ready", "problem", "problem"]


def test_only_the_secretariat_imports():
    with pytest.raises(NotAllowed):
        import_votes(None, by=make.make_person(), now=NOW, rows=[])


def test_the_page_shows_the_dry_run_then_records(client, tabled, secretary):
    client.force_login(secretary)
    url = reverse("assembly:import")
    first, second, _third = (row.number for row in tabled)
    data = f"Prop.;Issue;Numéro;Matière;Pour;Contre;Abstentions\r\n{first};Adoptée;CD-1;7.5;58;4;2\r\n{second};Rejetée;CD-2;7.5;58;4;2\r\n"
    page = client.post(url, {"file": SimpleUploadedFile("votes.csv", data.encode())})
    assert page.status_code == 200
    assert page.context["counts"] == {"ready": 0, "known": 0, "ignored": 2, "problem": 0}  # "Prop." is no usual name
    form = page.context["form"]
    typed = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields} | {"c_proposition": 0}
    page = client.post(url, typed)
    assert page.context["counts"] == {"ready": 1, "known": 0, "ignored": 0, "problem": 1}
    assert "Il y a plus de voix pour que contre" in page.content.decode()
    assert Resolution.objects.count() == 0
    page = client.post(url, typed | {"record": "1"})
    assert "1 vote enregistré." in page.content.decode()
    assert Resolution.objects.get().number == "CD-1"
    page = client.post(url, {"content": "{}"}, follow=True)
    assert "choisissez de nouveau le fichier" in page.content.decode()


def test_what_is_no_table_is_said_beside_the_field(client, secretary):
    client.force_login(secretary)
    page = client.post(reverse("assembly:import"), {"file": SimpleUploadedFile("votes.pdf", b"%PDF-1.4 rien")})
    assert page.status_code == 422
    assert page.context["form"]["file"].errors
