"""Reading the API: what it holds, its pages, its filters, its errors, what it costs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dialogue.chantiers.acts import life
from dialogue.contributions.models import Contribution
from dialogue.ledger.models import Entry
from dialogue.opendata import sets
from dialogue.opendata.resources import PUBLIC
from tests import factories as make

pytestmark = pytest.mark.django_db
API = "/api/v1/"
#: The chantiers of the small world that everyone reads, by number.
OF_THE_WORLD = ["ours", "theirs", "evaluated-ours", "evaluated-theirs", "completed-ours", "completed-theirs"]
#: What the small world always has.
FILLED = {
    "chantiers", "feuilles-de-route", "membres", "provenance", "seances", "comptes-rendus", "decisions", "contributions", "dates",
    "priorites", "territoires", "communes", "themes", "organismes",
}  # fmt: skip


def get(client: Any, path: str, **headers: str) -> Any:
    return client.get(API + path, headers=headers)


def codes(answer: Any, key: str) -> list[Any]:
    return [row[key] for row in answer.json()["results"]]


# What is there -----------------------------------------------------------------------------------------------------


def test_the_entrance_names_every_resource_and_its_files(client, world):
    told = get(client, "").json()
    assert [each["code"] for each in told["ressources"]] == list(sets.BY_CODE)
    assert list(sets.BY_CODE)[:7] == [
        "chantiers", "feuilles-de-route", "membres", "provenance", "seances", "comptes-rendus", "decisions",
    ]  # fmt: skip
    assert list(sets.BY_CODE)[-7:] == [
        "contributions", "dates", "priorites", "territoires", "communes", "themes", "organismes",
    ]  # fmt: skip
    assert told["ressources"][0]["fichiers"][-1] == "http://localhost:8000/donnees/chantiers.geojson"


def test_every_resource_lists_and_shows_its_items_at_the_address_they_carry(client, world):
    for resource in sets.ALL:
        found = get(client, f"{resource.code}/?limit=100").json()
        assert found["total"] == len(found["results"]), resource.code
        assert found["results"] or resource.code not in FILLED, resource.code
        for item in found["results"]:
            path = item["api"].removeprefix("http://localhost:8000")
            whole = client.get(path)
            assert whole.status_code == 200, path
            assert {key: value for key, value in whole.json().items() if key in item} == item


def test_the_public_reads_the_chantiers_of_its_circle_alone(client, world):
    assert codes(get(client, "chantiers/"), "code") == OF_THE_WORLD
    assert get(client, "chantiers/theirs-partners/").status_code == 404
    assert get(client, "chantiers/proposed/").status_code == 404


def test_one_who_is_signed_in_reads_no_more(client_for, world):
    client = client_for(world.people["coordination"])
    assert codes(get(client, "chantiers/"), "code") == OF_THE_WORLD


def test_a_chantier_comes_with_its_roadmap_in_force_its_organisations_and_its_sponsor(client, world):
    found = get(client, "chantiers/ours/").json()
    assert found["titre"] == world.chantiers["ours"].title
    assert found["etape"] == "working"
    assert found["etape_libelle"] == "Séances en cours"
    assert [roadmap["version"] for roadmap in found["feuilles_de_route"]] == [2]
    assert [line["intitule"] for line in found["feuilles_de_route"][0]["objectifs"]] == ["Trois cantines approvisionnées"]
    assert found["elu_porteur"] == world.people["sponsor"].name
    assert {member["role"] for member in found["membres"]} == {"sponsor", "lead", "resource", "partner"}
    text = get(client, "chantiers/ours/").content.decode()
    assert world.people["member"].name not in text
    assert "@" not in text


def test_a_roadmap_that_is_the_partners_is_not_shown(client, world):
    world.adopted["ours"].circle = "partners"
    world.adopted["ours"].save()
    assert get(client, "chantiers/ours/").json()["feuilles_de_route"] == []
    assert get(client, "feuilles-de-route/ours/").status_code == 404


def test_meetings_say_their_dates_and_nothing_of_where(client, world):
    found = get(client, "seances/?chantier=ours").json()["results"]
    assert {row["etat"] for row in found} <= {"convened", "in_session", "held", "closed", "cancelled"}
    assert "Salle" not in str(found)
    assert "visio" not in str(found)


def test_minutes_are_the_last_published_version(client, world):
    found = get(client, "comptes-rendus/?chantier=ours").json()["results"]
    assert len(found) == 1
    whole = client.get(found[0]["api"].removeprefix("http://localhost:8000")).json()
    assert whole["version"] >= 1
    assert len(whole["empreinte"]) == 64
    assert whole["decisions"][0]["numero"].startswith("D")


def test_contributions_never_say_who_wrote_them_but_for_the_name_that_was_chosen(client, world):
    row = world.contributions["public"]
    found = get(client, f"contributions/{row.number}/").json()
    assert found["nom_affiche"] == "Habitante du bourg"
    assert found["chantiers"] == ["ours", "theirs"]
    assert found["soutiens"] == 1
    text = str(found)
    assert row.author_email not in text
    assert row.author_name not in text
    for key in ("partners", "unconsented", "own", "draft"):
        assert get(client, f"contributions/{world.contributions[key].number}/").status_code == 404


def test_a_theme_suggested_by_the_machine_is_not_told_as_a_theme(client, world):
    row = world.contributions["received"]
    Contribution.objects.filter(pk=row.pk).update(theme=None, theme_source="", suggested_theme=world.themes[0])
    assert get(client, f"contributions/{row.number}/").json()["theme"] is None


# Pages and filters -------------------------------------------------------------------------------------------------


def test_pages_follow_each_other_to_the_end_and_back(client):
    for n in range(5):
        make.make_theme(code=f"t{n}", order=n)
    first = get(client, "themes/?limit=2").json()
    assert (first["total"], first["previous"]) == (5, None)
    second = client.get(first["next"].removeprefix("http://localhost:8000")).json()
    third = client.get(second["next"].removeprefix("http://localhost:8000")).json()
    assert [row["code"] for page in (first, second, third) for row in page["results"]] == ["t0", "t1", "t2", "t3", "t4"]
    assert third["next"] is None
    assert third["previous"] == "http://localhost:8000/api/v1/themes/?limit=2&offset=2"
    assert get(client, "themes/?offset=400").json()["results"] == []


def test_a_page_keeps_its_filters(client):
    territory = make.make_territory(code="nord")
    for _ in range(3):
        make.make_commune(territory=territory)
    make.make_commune()
    found = get(client, "communes/?territoire=nord&limit=2").json()
    assert found["total"] == 3
    assert found["next"] == "http://localhost:8000/api/v1/communes/?territoire=nord&limit=2&offset=2"


def test_chantiers_are_filtered_by_theme_territory_stage_date_words_and_change(client):
    north, eating = make.make_territory(code="nord"), make.make_theme(code="alimentation")
    both = make.make_chantier(slug="cantines", theme=eating, territories=[north], title="Des cantines", stage="launched")
    make.make_chantier(slug="velo", title="Du vélo", objective="Trois pistes.", opened_on=date(2017, 9, 1))
    for query in ("theme=alimentation", "territoire=nord", "etape=launched", "q=cantine", "jusqua=2017-04-01"):
        assert codes(get(client, f"chantiers/?{query}"), "code") == ["cantines"], query
    assert codes(get(client, "chantiers/?depuis=2017-06-01"), "code") == ["velo"]
    assert codes(get(client, "chantiers/?modifie_apres=2100-01-01"), "code") == []
    moved = make.NOW + timedelta(days=365 * 150)
    Entry.objects.create(
        act="chantiers.launch", at=moved, thing_type="chantiers.chantier", thing_id=both.pk, stage_from="open", stage_to="launched",
        actor="system",
    )  # fmt: skip
    assert codes(get(client, "chantiers/?modifie_apres=2100-01-01"), "code") == ["cantines"]


def test_contributions_are_searched_as_on_their_page(client, world):
    row = make.make_contribution(title="Des légumes bio", text="Les maraîchers du canton livreraient.", theme=world.themes[0])
    assert codes(get(client, "contributions/?q=maraîcher livrer"), "numero") == [row.number]
    assert codes(get(client, "contributions/?q=le de"), "numero") == []
    assert row.number in codes(get(client, "contributions/?nature=need&limit=100"), "numero")


def test_a_day_is_a_day_here_not_in_greenwich(client, world):
    """Written at 0 h 30 in Paris: still the day before in UTC."""
    row = make.make_contribution(written_at=make.NOW.replace(month=7, day=13, hour=22, minute=30))
    assert codes(get(client, "contributions/?depuis=2017-07-14&jusqua=2017-07-14"), "numero") == [row.number]
    assert codes(get(client, "contributions/?depuis=2017-07-13&jusqua=2017-07-13"), "numero") == []


def test_the_first_and_the_last_day_of_all_are_days_like_others(client, world):
    for query in ("depuis=0001-01-01", "jusqua=9999-12-31", "modifie_apres=0001-01-01T00:00:00%2B14:00"):
        assert codes(get(client, f"chantiers/?{query}"), "code") == OF_THE_WORLD, query
    assert codes(get(client, "chantiers/?modifie_apres=9999-12-31T23:59:59-14:00"), "code") == []


# Errors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("chantiers/?limit=1000", "limit"),
        ("chantiers/?limit=²", "limit"),
        ("chantiers/?offset=-1", "offset"),
        ("chantiers/?etape=proposed", "etape"),
        ("chantiers/?depuis=hier", "depuis"),
        ("chantiers/?depuis=0000-01-01", "depuis"),
        ("chantiers/?modifie_apres=demain", "modifie_apres"),
        ("chantiers/?theme=<script>", "theme"),
        ("chantiers/?tri=nom", "tri"),
        ("chantiers/ours/?limit=1", "limit"),
        ("contributions/99999999999999999999/", "cle"),
        ("seances/rien/", "cle"),
        ("?q=1", "q"),
    ],
)
def test_what_is_wrongly_asked_is_a_problem_that_names_the_field(client, path, field):
    answer = get(client, path)
    told = answer.json()
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert told["title"] == "La demande ne se lit pas"
    assert [each["champ"] for each in told["errors"]] == [field]
    assert "Input" not in str(told)


def test_what_does_not_exist_is_a_problem_too(client, world):
    for path in ("chantiers/rien/", "rien/", "seances/00000000-0000-0000-0000-000000000000/"):
        answer = get(client, path)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        assert answer.json()["type"] == "http://localhost:8000/api/#erreur-404"


def test_an_address_without_its_last_sign_leads_to_the_right_one(client):
    answer = get(client, "themes?limit=2")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/themes/?limit=2")


# How it is served --------------------------------------------------------------------------------------------------


def test_an_unchanged_answer_is_an_empty_304_for_one_query(client, world):
    first = get(client, "chantiers/")
    with CaptureQueriesContext(connection) as queries:
        again = get(client, "chantiers/", if_none_match=first["ETag"])
    assert (again.status_code, again.content, len(queries)) == (304, b"", 1)
    assert again["ETag"] == first["ETag"]
    assert get(client, "chantiers/", if_modified_since=first["Last-Modified"]).status_code == 304
    assert get(client, "themes/", if_none_match=first["ETag"]).status_code == 200


def test_any_act_changes_the_mark(client, world):
    first = get(client, "chantiers/")
    life.suspend(world.chantiers["theirs"], by=world.people["coordination"], now=make.NOW, motive="Le local manque.")
    again = get(client, "chantiers/", if_none_match=first["ETag"])
    assert again.status_code == 200
    assert {row["code"]: row["etape"] for row in again.json()["results"]}["theirs"] == "suspended"


def test_an_act_seen_late_changes_the_mark_too(client, world):
    """On PostgreSQL, an act that began before another may be written after it."""
    last = Entry.objects.order_by("-pk")[0]
    facts = {field.attname: getattr(last, field.attname) for field in Entry._meta.concrete_fields}
    Entry.objects.bulk_create([Entry(**facts | {"id": last.pk + 2})])
    first = get(client, "themes/")["ETag"]
    Entry.objects.bulk_create([Entry(**facts | {"id": last.pk + 1})])
    assert get(client, "themes/")["ETag"] != first


def test_head_and_options_say_what_get_would(client, world):
    shown, head = get(client, "chantiers/"), client.head(API + "chantiers/")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == shown["ETag"]
    assert head["Content-Length"] == str(len(shown.content))
    options = client.options(API + "chantiers/")
    assert (options.status_code, options["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert options["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert client.options(API + "contributions/")["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_other_sites_may_read_and_nobody_may_write_without_a_token(client, world):
    assert get(client, "chantiers/", origin="https://ailleurs.example")["Access-Control-Allow-Origin"] == "*"
    answer = client.delete(API + "chantiers/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer["Content-Type"] == "application/problem+json"
    assert client.post(API + "chantiers/", {}).status_code == 405


def test_one_address_may_ask_so_many_times_a_minute(client, settings, monkeypatch):
    settings.API_REQUESTS_PER_MINUTE = 5
    monkeypatch.setattr("dialogue.opendata.limits.time.time", lambda: 1_000_000.0)
    answers = [get(client, "themes/") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[0]["RateLimit"] == '"adresse";r=4;t=20'
    assert answers[0]["RateLimit-Policy"] == '"adresse";q=5;w=60'
    last = answers[-1]
    assert (last["Retry-After"], last["Content-Type"]) == ("20", "application/problem+json")
    assert client.get(API + "themes/", REMOTE_ADDR="192.0.2.7").status_code == 200
    monkeypatch.setattr("dialogue.opendata.limits.time.time", lambda: 1_000_060.0)
    assert get(client, "themes/").status_code == 200


def test_two_processes_count_together(client, settings, monkeypatch):
    """What this process forgets, the shared cache knows."""
    from dialogue.opendata import limits

    settings.API_REQUESTS_PER_MINUTE = 40
    monkeypatch.setattr("dialogue.opendata.limits.time.time", lambda: 1_000_000.0)
    for _ in range(2):
        for _request in range(24):
            last = get(client, "themes/")
        limits.forget()
    assert last.status_code == 429


def test_neighbours_of_one_ipv6_network_count_as_one(client, settings):
    settings.API_REQUESTS_PER_MINUTE = 1
    assert client.get(API + "themes/", REMOTE_ADDR="2001:db8::1").status_code == 200
    assert client.get(API + "themes/", REMOTE_ADDR="2001:db8::2").status_code == 429
    assert client.get(API + "themes/", REMOTE_ADDR="2001:db8:0:1::1").status_code == 200


def test_a_list_asks_a_constant_number_of_queries(client, world):
    most = {}
    for resource in sets.ALL:
        with CaptureQueriesContext(connection) as queries:
            get(client, f"{resource.code}/?limit=100")
        most[resource.code] = len(queries)
    assert max(most.values()) <= 7, most


def test_every_resource_goes_through_the_reading_door():
    """The reader of everything here is the public."""
    assert PUBLIC.is_anonymous
    assert len({resource.code for resource in sets.ALL}) == len(sets.ALL)
    for resource in sets.ALL:
        assert len({field.code for field in resource.fields}) == len(resource.fields), resource.code
        assert resource.key_field in {field.code for field in resource.fields}
