"""One contribution, the map, the files, the pages that lead there: what each one says, and what none ever says."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from dialogue.contributions import hooks
from dialogue.contributions.hooks import FollowUp
from dialogue.contributions.models import Attachment, Contribution, Suggestion, Support
from dialogue.ledger.models import Entry
from dialogue.portal import contributions_counts
from dialogue.portal.contributions_counts import UNSETTLED, Version, memory
from tests.factories import NOW, make_cluster, make_contribution, make_coordinator, make_person
from tests.portal.test_contributions import URL, numbers, page_of, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def text_of(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return body(response).decode().replace("\xa0", " ").replace("\u202f", " ")


# One contribution ---------------------------------------------------------------------------------------------------


def test_a_contribution_says_what_where_by_whom_and_what_became_of_it(world, client_for):
    text = text_of(client_for(), "/contributions/1284/")
    for words in (
        "Une seule cuisine pour trois villages", "Syndicat de restauration", "Langon", "Sud Gironde", "Alimentaire", "l’auteur",
        "Automne 2016",
        "Reprise dans le chantier « Manger local dans les cantines »",
    ):  # fmt: skip
        assert words in text, words


def test_its_author_is_named_by_the_name_that_they_chose_alone(world, client_for):
    for reader in (None, make_person(), make_coordinator()):
        for path in (URL, f"{URL}2051/", f"{URL}carte/", f"{URL}export.csv", f"{URL}export.json"):
            text = text_of(client_for(reader), path)
            assert "Habitante" not in text, path
            assert "habitant.example" not in text, path
            assert "b" * 64 not in text, path


def test_the_answer_is_read_once_it_has_left(world, client_for):
    row = world["kitchen"]
    row.answer = "Le groupe étudie votre cuisine."
    row.save()
    assert "étudie votre cuisine" not in text_of(client_for(), "/contributions/1284/")
    for_the_team = text_of(client_for(make_coordinator()), "/contributions/1284/")
    assert "étudie votre cuisine" in for_the_team
    assert "Réponse écrite, pas encore envoyée" in for_the_team
    assert "La réponse faite à son auteur" not in for_the_team
    row.stage, row.answered_at = "answered", NOW
    row.save()
    text = text_of(client_for(), "/contributions/1284/")
    assert "étudie votre cuisine" in text
    assert "La réponse faite à son auteur" in text
    assert "Réponse envoyée à son auteur : reprise dans un chantier" in text


def test_what_other_rooms_know_of_it_is_told_without_saying_a_chantier_twice(world, client_for, monkeypatch):
    again = FollowUp("Encore le chantier", None, world["chantier"].get_absolute_url())
    steps = [FollowUp("Votée par l’assemblée", NOW.date(), "/votes/1/"), again]
    monkeypatch.setattr(hooks, "followups", [lambda row, reader: steps])
    text = text_of(client_for(), "/contributions/1284/")
    assert "Votée par l’assemblée" in text
    assert "Encore le chantier" not in text


def test_organisations_that_say_the_same_are_named_and_people_are_counted(world, client_for):
    signed = [("Commune de Langon", NOW), ("Club discret", None), ("", NOW), ("", NOW)]
    for n, (name, confirmed) in enumerate(signed):
        Support.objects.create(
            contribution=world["kitchen"], organisation_name=name, author_key=f"{n:064d}", author_email=f"s{n}@x.example", at=NOW,
            confirmed_at=confirmed,
        )  # fmt: skip
    text = text_of(client_for(), "/contributions/1284/")
    assert "Commune de Langon" in text
    assert "2 personnes" in text
    assert "Club discret" not in text
    assert "x.example" not in text


def test_files_that_were_judged_safe_are_listed(world, client_for):
    common = {"contribution": world["kitchen"], "size": 2048, "content_type": "application/pdf", "added_at": NOW}
    Attachment.objects.create(**common, filename="plan.pdf", sha256="1", scan="clean")
    Attachment.objects.create(**common, filename="virus.pdf", sha256="2", scan="infected")
    text = text_of(client_for(), "/contributions/1284/")
    assert "plan.pdf" in text
    assert "virus.pdf" not in text


def merge(row, into):
    Contribution.objects.filter(pk=row.pk).update(stage="merged", is_published=False, merged_into=into)


def test_one_that_was_grouped_leads_to_the_one_that_was_kept_which_says_so(world, client_for):
    merge(world["peeling"], world["kitchen"])
    response = client_for().get("/contributions/2051/")
    assert (response.status_code, response["Location"]) == (302, "/contributions/1284/?regroupee=2051")
    text = text_of(client_for(), "/contributions/1284/?regroupee=2051")
    assert "La contribution n° 2051 disait la même chose" in text
    assert "1 autre contribution, regroupée avec celle-ci" in text
    assert "disait la même chose" not in text_of(client_for(), "/contributions/1284/?regroupee=31")
    assert "disait la même chose" not in text_of(client_for(), "/contributions/1284/?regroupee=99999999999999999999")


def test_one_that_was_grouped_and_was_never_for_this_reader_is_not_there(world, client_for):
    Contribution.objects.filter(pk=world["peeling"].pk).update(may_publish=False, circle="group")
    merge(world["peeling"], world["kitchen"])
    assert client_for().get("/contributions/2051/").status_code == 404
    assert "regroupée avec" not in text_of(client_for(), "/contributions/1284/")
    assert client_for(make_coordinator()).get("/contributions/2051/").status_code == 302


def test_its_author_reads_it_before_it_is_published_and_nobody_else_does(world, client_for):
    author = make_person()
    make_contribution(number=70, campaign=world["kitchen"].campaign, person=author, is_published=False, stage="received")
    assert "n’est pas publiée" in text_of(client_for(author), "/contributions/70/")
    assert client_for().get("/contributions/70/").status_code == 404
    assert client_for(make_person()).get("/contributions/70/").status_code == 404
    assert 70 not in numbers(client_for(author))


# Nothing leaks ------------------------------------------------------------------------------------------------------


@pytest.fixture
def secrets(world):
    """One for partners, one that its author did not agree to publish, one not published yet; all in a cluster of theirs."""
    cluster = make_cluster(number=9, theme=world["food"], territory=world["sud"], name="Zqcluster", named_by=make_coordinator())
    common = {"campaign": world["kitchen"].campaign, "theme": world["food"], "territory": world["sud"], "commune": world["langon"]}
    common |= {"cluster": cluster}
    make_contribution(number=101, title="zqpartners", circle="partners", **common)
    make_contribution(number=102, title="zqunconsented", circle="group", may_publish=False, **common)
    make_contribution(number=103, title="zqunpublished", is_published=False, **common)
    make_contribution(number=104, title="zqdraft", is_published=False, stage="draft", received_at=None, **common)
    return common


OUTLETS = ["", "?theme=alimentaire", "?page=2", "carte/", "carte/?territoire=sud", "export.csv", "export.json", "?regroupement=9"]


@pytest.mark.parametrize("outlet", OUTLETS)
@pytest.mark.parametrize(
    ("who", "read"), [("public", set()), ("partner", {"zqpartners"}), ("team", {"zqpartners", "zqunconsented", "zqunpublished"})]
)
def test_nobody_reads_further_than_their_circle(world, secrets, client_for, outlet, who, read):
    reader = {"public": None, "partner": make_person(), "team": make_coordinator()}[who]
    text = text_of(client_for(reader), URL + outlet)
    for secret in {"zqpartners", "zqunconsented", "zqunpublished", "zqdraft"} - read:
        assert secret not in text, secret


@pytest.mark.parametrize(("who", "n"), [("public", 0), ("partner", 1), ("team", 3)])
def test_no_count_gives_away_what_is_not_read(world, secrets, client_for, who, n):
    client = client_for({"public": None, "partner": make_person(), "team": make_coordinator()}[who])
    page = page_of(client).context
    assert (page["counts"].total, page["counts"].authors) == (6 + n, 4 + n)
    assert page["matrix"].rows[0].cells[1].n == 2 + n
    facets = {facet.name: {o.code: o.count for o in facet.options} for facet in page["facets"]}
    assert facets["theme"]["alimentaire"] == 3 + n
    assert page_of(client, "?theme=alimentaire").context["clusters"] == ([(9, "Zqcluster", n)] if n else [])
    places = client.get(URL + "carte/").context["map"]
    assert [(p.name, p.n, p.authors) for p in places.communes] == [("Langon", 1 + n, 1 + n)]
    assert [p.n for p in places.territories if p.name == "Sud Gironde"] == [2 + n]
    assert json.loads(body(client.get(URL + "export.json")))["count"] == 6 + n
    assert client.get("/territoires/sud/").context["contributions"] == 2 + n
    assert client.get("/themes/alimentaire/").context["contributions"] == 3 + n


def test_the_sitemap_names_public_contributions_alone(world, secrets, client_for):
    text = text_of(client_for(make_coordinator()), "/sitemap.xml")
    assert "/contributions/1284/" in text
    for number in (101, 102, 103, 104):
        assert f"/contributions/{number}/" not in text


# Files --------------------------------------------------------------------------------------------------------------


def table(client, query=""):
    response = client.get(f"{URL}export.csv{query}")
    assert response["Content-Disposition"].startswith('attachment; filename="contributions-')
    return list(csv.DictReader(io.StringIO(body(response).decode("utf-8-sig")), delimiter=";"))


def test_the_file_holds_the_selection_with_all_its_classifications(world, client_for):
    (row,) = table(client_for(), "?chantier=manger-local")
    assert row == {
        "Numéro": "1284",
        "Titre": "Une seule cuisine pour trois villages",
        "Texte": "La cuisine pourrait être partagée entre communes.",
        "Nature": "Initiative en cours",
        "Thème": "Alimentaire",
        "Second thème": "",
        "Qui a dit le thème": "l’auteur",
        "Territoire": "Sud Gironde",
        "Commune": "Langon",
        "Code INSEE": "33227",
        "Lieu écrit": "",
        "Campagne": "Automne 2016",
        "Écrite le": "2017-11-06",
        "Reçue le": "2017-11-06",
        "Suite donnée": "reprise dans un chantier",
        "Réponse envoyée le": "",
        "Chantiers": "Manger local dans les cantines",
        "Regroupement": "",
        "Nom affiché": "Syndicat de restauration",
        "Soutiens": "0",
        "Adresse": row["Adresse"],
        "Premier texte de cet auteur dans ce fichier (1) ou suivant (0)": "1",
    }
    assert row["Adresse"].endswith("/contributions/1284/")


def test_the_last_column_adds_up_to_the_distinct_authors(world, client_for):
    rows = table(client_for())
    assert [r["Numéro"] for r in rows] == ["31", "32", "33", "34", "1284", "2051"]
    assert sum(int(r["Premier texte de cet auteur dans ce fichier (1) ou suivant (0)"]) for r in rows) == 4


def test_a_text_that_would_be_a_formula_is_disarmed(world, client_for):
    world["kitchen"].title = '=HYPERLINK("http://mal.example")'
    world["kitchen"].save()
    assert table(client_for(), "?chantier=manger-local")[0]["Titre"] == "'=HYPERLINK(\"http://mal.example\")"


def test_the_team_also_takes_what_the_machine_suggests_and_it_is_said_to_be_the_machine_s(world, client_for):
    Suggestion.objects.create(contribution=world["unsaid"], themes=[{"theme": "habitat", "confidence": 0.61, "words": ["banc", "fleuve"]}])
    row = next(r for r in table(client_for(make_coordinator())) if r["Numéro"] == "33")
    assert row["Thème suggéré par la machine, non confirmé"] == "Habitat"
    assert (row["Confiance de la machine"], row["Mots qui ont parlé à la machine"]) == ("0.61", "banc, fleuve")
    assert (row["Thème"], row["Étape"], row["Qui peut lire"]) == ("", "Recevable", "Public")
    assert not any("machine" in heading for heading in table(client_for(make_person()))[0])


def test_the_workbook_and_the_json_say_the_same_as_the_table(world, client_for):
    client = client_for()
    rows = table(client, "?theme=alimentaire")
    sheet = load_workbook(io.BytesIO(body(client.get(f"{URL}export.xlsx?theme=alimentaire")))).active
    lines = list(sheet.iter_rows(values_only=True))
    assert list(lines[0]) == list(rows[0])
    assert [str(line[0]) for line in lines[1:]] == [row["Numéro"] for row in rows]
    found = json.loads(body(client.get(f"{URL}export.json?theme=alimentaire")))
    assert (found["count"], found["distinct_authors"]) == (3, 2)
    assert [item["number"] for item in found["contributions"]] == [31, 1284, 2051]
    assert found["contributions"][1]["chantiers"] == "Manger local dans les cantines"
    assert found["source"].endswith("/contributions/?theme=alimentaire")


def test_a_workbook_of_too_many_rows_is_given_as_csv(world, client_for, monkeypatch):
    monkeypatch.setattr("dialogue.portal.contributions_export.MOST_IN_A_SHEET", 2)
    response = client_for().get(f"{URL}export.xlsx?theme=alimentaire")
    assert (response.status_code, response["Location"]) == (302, "/contributions/export.csv?theme=alimentaire")


def test_a_file_asks_as_many_questions_for_thirty_rows_as_for_six(world, client_for, django_assert_num_queries):
    with django_assert_num_queries(6):
        body(client_for().get(f"{URL}export.csv"))
    for n in range(24):
        make_contribution(number=900 + n, campaign=world["kitchen"].campaign)
    with django_assert_num_queries(6):
        body(client_for().get(f"{URL}export.csv"))


# Map, other pages ---------------------------------------------------------------------------------------------------


def test_the_map_counts_by_territory_and_by_commune_and_says_what_has_none(world, client_for):
    places = client_for().get(f"{URL}carte/").context["map"]
    assert [(p.name, p.n) for p in places.territories] == [("Médoc", 3), ("Sud Gironde", 2), ("", 1)]
    assert [(p.name, p.territory, p.n, p.authors) for p in places.communes] == [("Langon", "Sud Gironde", 1, 1)]
    assert (places.without, places.silent, places.others) == (5, 0, 0)


def test_every_number_of_the_map_opens_as_many_contributions(world, client_for):
    client = client_for()
    places = client.get(f"{URL}carte/?theme=alimentaire").context["map"]
    for place in [*places.territories, *places.communes]:
        assert len(numbers(client, place.query)) == place.n


def test_pages_of_the_site_lead_to_the_contributions(world, client_for):
    client = client_for()
    assert '<a href="/contributions/"' in text_of(client, "/")
    assert "?territoire=medoc#liste" in text_of(client, "/territoires/medoc/")
    assert "?theme=habitat#liste" in text_of(client, "/themes/habitat/")
    assert 'href="/contributions/?chantier=manger-local#liste"' in text_of(client, "/chantiers/manger-local/")
    assert "/contributions/carte/" in text_of(client, "/plan-du-site/")
    assert "/contributions/</loc>" in text_of(client, "/sitemap.xml")
    assert "Disallow: /contributions/export." in text_of(client, "/robots.txt")


def test_selections_are_not_for_search_engines(world, client_for):
    assert "X-Robots-Tag" not in client_for().get(URL)
    assert client_for().get(f"{URL}?theme=habitat")["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00", "?theme=%00&page=99999999999999999999", "?regroupement=9999999999999", "?page=-1", "?commune=%00x",
        "?chantier=" + "x" * 3000, "?q=" + "mot+" * 500, "?tri=x&suggeres=x",
    ],
)  # fmt: skip
def test_anything_can_be_typed(world, client_for, query):
    for reader in (None, make_coordinator()):
        for path in ("", "carte/", "export.csv"):
            assert client_for(reader).get(URL + path + query).status_code == 200


# Memory of the counts -----------------------------------------------------------------------------------------------


@pytest.fixture
def remembering(monkeypatch):
    monkeypatch.setattr(contributions_counts, "WORTH", 1)
    memory.forget()
    yield
    memory.forget()


def act(name):
    Entry.objects.create(act=name, actor="system", at=NOW)


def test_many_contributions_are_counted_once_until_one_changes(world, client_for, remembering):
    def total():
        return page_of(client_for()).context["counts"].total

    act("contributions.qualify")
    assert [total(), total()] == [6, 6]
    Contribution.objects.filter(number=34).update(is_published=False)
    assert total() == 6  # nothing said that it changed
    act("meetings.convene")
    assert total() == 6
    act("contributions.withdraw")
    assert total() == 5
    make_contribution(number=500, campaign=world["kitchen"].campaign)
    assert total() == 6


def test_counts_are_never_remembered_from_one_kind_of_reader_to_another(world, secrets, client_for, remembering):
    readers = {None: 6, make_person(): 7, make_coordinator(): 9}
    for _ in range(2):
        assert [page_of(client_for(reader)).context["counts"].total for reader in readers] == list(readers.values())


def test_counts_made_while_another_was_writing_are_kept_a_few_seconds_only(monkeypatch):
    found, clock = [], iter([0, UNSETTLED - 1, UNSETTLED + 1, UNSETTLED + 2])
    box = contributions_counts.Memory()
    box.is_worth = True
    monkeypatch.setattr(contributions_counts.time, "monotonic", lambda: next(clock))
    for _ in range(3):
        box.get("x", lambda: Version(1, 1, settled=False), lambda: found.append(1) or len(found))
    assert len(found) == 2


def test_the_memory_is_bounded(monkeypatch):
    box = contributions_counts.Memory()
    box.is_worth = True
    for n in range(contributions_counts.MOST_KEPT + 10):
        box.get(n, Version, lambda: 0)
    assert len(box._kept) == contributions_counts.MOST_KEPT


def test_texts_beyond_a_thousand_are_in_the_order_of_dates_and_it_is_said(world, client_for, monkeypatch):
    monkeypatch.setattr("dialogue.portal.contributions_list.MOST_RANKED", 1)
    world["peeling"].written_at = NOW + timedelta(days=1)
    world["peeling"].save()
    page = page_of(client_for(), "?q=cuisine")
    assert [line.row.number for line in page.context["page"]] == [2051, 1284]
    assert "trop nombreux pour être classés" in page.content.decode()


def test_found_texts_are_counted_alike_whether_read_or_grouped(world, client_for, monkeypatch):
    read = page_of(client_for(), "?q=cuisine").context
    monkeypatch.setattr(contributions_counts, "MOST_READ", 1)
    grouped = page_of(client_for(), "?q=cuisine").context
    assert (read["counts"].total, read["counts"].authors) == (grouped["counts"].total, grouped["counts"].authors) == (2, 2)
    assert read["facets"] == grouped["facets"]
    assert read["matrix"] == grouped["matrix"]


def test_the_search_of_the_whole_site_says_how_many_contributions_answer_and_leads_to_them(world, secrets, client_for, monkeypatch):
    def told(reader, words):
        text = text_of(client_for(reader), f"/recherche/?q={words}")
        return text.split("#liste\">")[1].split("</a>")[0] if "#liste" in text else ""

    assert told(None, "cuisine") == "2 contributions pour « cuisine »"
    assert told(None, "zqpartners") == ""
    assert told(make_person(), "zqpartners") == "1 contribution pour « zqpartners »"
    assert told(None, "le") == ""
    monkeypatch.setattr("dialogue.search.finding.MOST_CONTRIBUTIONS", 1)
    monkeypatch.setattr("dialogue.search.views.MOST_CONTRIBUTIONS", 1)
    assert told(None, "cuisine") == "Plus de 1 contributions pour « cuisine »"
