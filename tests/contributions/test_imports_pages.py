"""The pages of imports: four steps, for the coordination alone, with or without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dialogue.contributions import tasks_imports
from dialogue.contributions.acts import imports_run
from dialogue.contributions.importing.fields import FIELDS, MODEL_HEADER
from dialogue.contributions.models import Contribution, ImportBatch
from dialogue.mailer import jobs
from dialogue.mailer.models import Letter
from tests.contributions.imports_made import MAPPING, check, csv_of, frame, line, numbered, start, upload, whole
from tests.factories import NOW, make_campaign, make_coordinator, make_department, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    make_department()
    return frame()


@pytest.fixture
def client(client_for):
    return client_for(make_coordinator())


def url(name, *args):
    return reverse(f"contributions:{name}", args=args)


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def send(client, campaign, data, name="contributions.csv"):
    return client.post(url("import_new"), {"campaign": campaign.pk, "file": SimpleUploadedFile(name, data)})


DOORS = ["import", "import_start", "import_progress", "import_undo", "import_problems", "import_refused"]


@pytest.mark.parametrize("door", ["imports", "import_new", "import_model", *DOORS])
def test_a_partner_and_a_visitor_enter_none_of_these_pages(campaign, client_for, door):
    args = [upload(campaign, csv_of(line(1))).pk] if door in DOORS else []
    assert client_for(make_person()).get(url(door, *args)).status_code == 403
    assert client_for().get(url(door, *args)).status_code == 302


def test_the_empty_list_says_which_files_and_offers_a_model(campaign, client):
    text = page(client, url("imports"))
    assert "Aucun fichier n’a encore été importé." in text
    assert url("import_model") in text
    model = b"".join(client.get(url("import_model")).streaming_content).decode("utf-8-sig")
    assert model.splitlines()[0] == ";".join(MODEL_HEADER)


def test_every_column_of_the_model_is_guessed_and_its_line_is_good(campaign, client):
    data = b"".join(client.get(url("import_model")).streaming_content)
    batch = check(upload(campaign, data))
    assert set(batch.mapping) == {field.code for field in FIELDS} - {"place"}
    assert (batch.created, batch.refused, batch.problems.count()) == (1, 0, 0)


def test_from_the_file_to_the_contributions(campaign, client):
    answer = send(client, campaign, csv_of(*numbered(3)))
    batch = ImportBatch.objects.get()
    assert answer.url == url("import", batch.pk)
    text = page(client, answer.url)
    assert "point-virgule" in text
    assert "UTF-8" in text
    assert text.count("deviné") >= len(MAPPING)
    assert "Camille Dupuy" in text
    columns = {f"col_{code}": place for code, place in MAPPING.items()}
    answer = client.post(url("import_columns", batch.pk), columns | {"naming": "anonymous", "may_publish": "on"})
    assert answer.status_code == 302
    assert "Importer 3 contributions" in page(client, answer.url)
    text = page(client, url("import_start", batch.pk))
    assert "3 contributions entrent dans la campagne « Concertation 2016 »." in text.replace("\xa0", " ").replace("\u202f", " ")
    assert "Aucun courriel ne part." in text
    assert Contribution.objects.count() == 0
    client.post(url("import_start", batch.pk))
    assert "L’import est en cours" in page(client, url("import", batch.pk))
    batch.refresh_from_db()
    imports_run.run(batch.pk, batch.beat_at)
    text = page(client, url("import", batch.pk)).replace("\xa0", " ").replace("\u202f", " ")
    assert "3 contributions sont entrées dans la campagne « Concertation 2016 »." in text
    assert Contribution.objects.filter(may_publish=True, stage="received").count() == 3
    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_job_of_an_import_is_run_by_the_worker(campaign, client):
    batch = check(upload(campaign, csv_of(*numbered(3))))
    client.post(url("import_start", batch.pk))
    assert jobs.run_ready()
    batch.refresh_from_db()
    assert (batch.stage, batch.created) == ("done", 3)


@pytest.mark.django_db(transaction=True)
def test_a_large_file_is_checked_by_a_job(campaign, client, monkeypatch):
    monkeypatch.setattr(tasks_imports, "AT_ONCE", 10)
    batch = upload(campaign, csv_of(*numbered(3)))
    columns = {f"col_{code}": place for code, place in MAPPING.items()} | {"naming": "anonymous"}
    answer = client.post(url("import_columns", batch.pk), columns)
    text = page(client, answer.url)
    assert "La vérification est en cours" in text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text
    part = client.get(url("import_progress", batch.pk))
    assert part.status_code == 200
    assert jobs.run_ready()
    part = client.get(url("import_progress", batch.pk))
    assert (part.status_code, part["HX-Refresh"]) == (204, "true")
    assert "Importer 3 contributions" in page(client, answer.url)


def test_a_file_that_is_no_table_is_refused_on_the_form(campaign, client):
    answer = send(client, campaign, b"%PDF-1.7", "tableau.xlsx")
    assert answer.status_code == 422
    assert "demandez le tableau d’origine" in answer.content.decode()
    assert client.post(url("import_new"), {}).status_code == 422


def test_a_separator_or_an_encoding_may_be_corrected(campaign, client):
    batch = upload(campaign, "titre;texte\nÉté;a,b\n".encode("cp1252"))
    answer = client.post(url("import_source", batch.pk), {"encoding": "mac_roman", "delimiter": ","})
    assert answer.status_code == 302
    batch.refresh_from_db()
    assert (batch.source["encoding"], batch.source["delimiter"], batch.header) == ("mac_roman", ",", ["titre;texte"])
    assert client.post(url("import_source", batch.pk), {"encoding": "klingon", "delimiter": ","}).status_code == 422


def test_a_sheet_may_be_chosen(campaign, client):
    import io

    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Lisez-moi"
    book.active.append(["Bonjour"])
    other = book.create_sheet("Contributions")
    for row in (["titre", "texte"], ["Un", "Texte un"]):
        other.append(row)
    file = io.BytesIO()
    book.save(file)
    batch = upload(campaign, file.getvalue())
    client.post(url("import_source", batch.pk), {"sheet": "Contributions"})
    batch.refresh_from_db()
    assert (batch.source["sheet"], batch.mapping) == ("Contributions", {"title": 0, "text": 1})


def test_neither_title_nor_text_is_refused_on_the_form(campaign, client):
    batch = upload(campaign, csv_of(line(1)))
    answer = client.post(url("import_columns", batch.pk), {"col_commune": 3, "naming": "anonymous"})
    assert answer.status_code == 422
    assert "Dites au moins quelle colonne contient le texte, ou le titre." in answer.content.decode()


def test_words_that_are_not_ours_are_asked_about_and_the_nearest_is_offered(campaign, client):
    data = csv_of(line(1, thème="Alimentations et santé"), line(2, thème="Bidule"), line(3, commune="Libournne"))
    batch = check(upload(campaign, data), mapping=MAPPING)
    text = page(client, url("import", batch.pk))
    assert "Des mots du fichier ne sont pas les nôtres" in text
    assert '<option value="33243" selected>Libourne</option>' in text
    fields = {f"themes_{place}": "" for place in range(2)}
    words = [word for word, _count in batch.source["words"]["themes"]]
    fields[f"themes_{words.index('Bidule')}"] = "mobilite"
    fields[f"themes_{words.index('Alimentations et santé')}"] = "-"
    answer = client.post(url("import_words", batch.pk), fields | {"communes_0": "33243"})
    assert answer.status_code == 302
    batch.refresh_from_db()
    assert batch.problems.count() == 0
    assert batch.choices["themes"] == {"Bidule": "mobilite", "Alimentations et santé": ""}
    assert client.post(url("import_words", batch.pk), {"themes_0": "rien de tel"}).status_code in {302, 422}


def test_problems_are_shown_downloaded_and_refused_lines_come_back_with_their_reason(campaign, client):
    data = csv_of(line(1), line(2, date="hier"), line(3, titre="=1+1", courriel="personne"), line(4, thème="Bidule"))
    batch = check(upload(campaign, data), mapping=MAPPING)
    text = page(client, url("import", batch.pk))
    assert "écrivez-la jj/mm/aaaa" in text
    assert ">hier<" in page(client, url("import", batch.pk) + "?problemes=bad_date")
    assert ">hier<" not in page(client, url("import", batch.pk) + "?problemes=unknown_theme")
    listed = b"".join(client.get(url("import_problems", batch.pk)).streaming_content).decode("utf-8-sig").splitlines()
    assert listed[0] == "ligne;colonne;valeur;problème;ligne prise"
    assert listed[1] == "3;date;hier;Cette date ne se lit pas : écrivez-la jj/mm/aaaa, ou videz la case.;non"
    assert len(listed) == 4
    back = b"".join(client.get(url("import_refused", batch.pk)).streaming_content)
    lines = back.decode("utf-8-sig").splitlines()
    assert [row.split(";")[0] for row in lines] == ["identifiant", "A-2", "A-3"]
    assert lines[1].endswith("date : Cette date ne se lit pas : écrivez-la jj/mm/aaaa, ou videz la case.")
    again = back.replace(b"hier", b"14/11/2016").replace(b"personne", b"p@exemple.fr")
    done = whole(campaign, again)
    assert (done.created, done.refused) == (2, 0)
    assert Contribution.objects.get(external_id="A-3").title == "=1+1"


def test_an_import_is_undone_from_its_page_unless_someone_used_it(campaign, client):
    batch = whole(campaign, csv_of(*numbered(2)))
    text = page(client, url("import_undo", batch.pk)).replace("\xa0", " ").replace("\u202f", " ")
    assert "2 contributions quittent la campagne « Concertation 2016 »." in text
    Contribution.objects.filter(external_id="A-1").update(stage="qualified")
    assert "L’import ne s’annule plus." in page(client, url("import_undo", batch.pk))
    client.post(url("import_undo", batch.pk))
    assert Contribution.objects.count() == 2
    Contribution.objects.update(stage="received")
    client.post(url("import_undo", batch.pk))
    assert Contribution.objects.count() == 0
    assert "Cet import est annulé" in page(client, url("import", batch.pk))
    assert "Annulé" in page(client, url("imports"))


def test_a_file_already_imported_says_so(campaign, client):
    data = csv_of(*numbered(2))
    whole(campaign, data)
    answer = client.post(
        url("import_new"), {"campaign": campaign.pk, "file": SimpleUploadedFile("encore.csv", data)}, follow=True
    )
    assert "Ce fichier a déjà été importé dans cette campagne. Rien ne sera doublé." in answer.content.decode()


def test_an_interrupted_import_says_so_and_may_start_again(campaign, client):
    batch = check(upload(campaign, csv_of(*numbered(2))))
    start(batch)
    for _ in range(imports_run.LIVES):
        ImportBatch.objects.update(beat_at=imports_run.fresh_beat() - timedelta(minutes=2))
        imports_run.silent()
    text = page(client, url("import", batch.pk))
    assert "L’import s’est interrompu, rien n’est entré." in text
    assert url("import_start", batch.pk) in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_as_many_queries_for_three_files_as_for_one(campaign, client, count, django_assert_max_num_queries):
    for _ in range(count):
        upload(make_campaign(), csv_of(line(1)))
    with django_assert_max_num_queries(12):
        page(client, url("imports"))


def test_an_officer_who_asks_for_it_has_each_author_told_by_one_letter(campaign, client):
    batch = upload(campaign, csv_of(line(1), line(2), line(3, courriel="")))
    columns = {f"col_{code}": place for code, place in MAPPING.items()} | {"naming": "anonymous", "tell_authors": "on"}
    client.post(url("import_columns", batch.pk), columns)
    assert "Un accusé de réception part à chaque auteur" in page(client, url("import_start", batch.pk))
    client.post(url("import_start", batch.pk))
    batch.refresh_from_db()
    imports_run.run(batch.pk, batch.beat_at)
    for _round in range(3):
        tasks_imports.tell_imported_authors(NOW)
    assert sorted(Letter.objects.values_list("address", flat=True)) == ["camille1@exemple.fr", "camille2@exemple.fr"]
