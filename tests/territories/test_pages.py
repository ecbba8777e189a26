"""The coordination's screens on territories, themes, communes and dates."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.urls import reverse

from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.territories import acts
from dialogue.territories.models import CalendarDate, Commune, Territory, Theme
from dialogue.territories.queries import find_communes
from tests.factories import (
    NOW,
    make_chantier,
    make_commune,
    make_coordinator,
    make_date,
    make_department,
    make_person,
    make_territory,
    make_theme,
)

pytestmark = pytest.mark.django_db


def doors() -> list[str]:
    territory, theme, day = make_territory(), make_theme(), make_date()
    commune = make_commune(territory=territory)
    return [
        reverse("territories:brand"),
        reverse("territories:frame"),
        reverse("territories:edit_territory", args=[territory.code]),
        reverse("territories:edit_theme", args=[theme.code]),
        reverse("territories:new_theme"),
        reverse("territories:edit_commune", args=[commune.pk]),
        reverse("territories:dates"),
        reverse("territories:new_date"),
        reverse("territories:date", args=[day.pk]),
        reverse("territories:remove_date", args=[day.pk]),
    ]


def test_every_screen_is_the_coordinations(client_for: Any) -> None:
    make_department()
    coordination, partner, visitor = client_for(make_coordinator()), client_for(make_person()), client_for()
    for url in doors():
        assert coordination.get(url).status_code == 200, url
        assert partner.get(url).status_code == 403, url
        assert partner.post(url).status_code in {403, 405}, url
        assert visitor.get(url).status_code == 302, url


def test_the_frame_page_asks_the_same_number_of_queries_for_one_or_many(
    client_for: Any, django_assert_max_num_queries: Any
) -> None:
    make_department()
    client = client_for(make_coordinator())
    for _n in range(3):
        make_commune(name="Saint-Médard")
        make_theme()
    with django_assert_max_num_queries(12):
        page = client.get(reverse("territories:frame"), {"commune": "saint medard"})
    assert page.content.decode().count("Saint-Médard") == 3


def test_communes_are_found_without_accents_and_by_code() -> None:
    make_commune(name="Ambarès-et-Lagrave", insee_code="33003")
    make_commune(name="L’Île-Saint-Georges", insee_code="33206")
    assert [c.pk for c in find_communes("AMBARES lagrave")] == ["33003"]
    assert [c.pk for c in find_communes("ile st")] == []
    assert [c.pk for c in find_communes("ile saint")] == ["33206"]
    assert [c.pk for c in find_communes("33003")] == ["33003"]
    assert list(find_communes("")) == list(find_communes("%")) == []


def test_a_commune_moves_and_the_ledger_says_where(client_for: Any) -> None:
    commune, target = make_commune(insee_code="2A004", name="Ajaccio"), make_territory(name="Sud")
    client = client_for(make_coordinator())
    url = reverse("territories:edit_commune", args=["2A004"])
    assert client.post(url, {"territory": ""}).status_code == 422
    assert client.post(url, {"territory": "999999"}).context["form"].errors["territory"] == [
        "Choisissez un territoire dans la liste."
    ]
    assert client.post(url, {"territory": target.pk}).status_code == 302
    assert Commune.objects.get(pk="2A004").territory == target
    entry = Entry.objects.get(act="territories.move_commune")
    assert (entry.thing_id, entry.facts) == (target.pk, {"commune": "territories.commune:2A004"})
    with pytest.raises(Refused, match="déjà dans ce territoire"):
        acts.move_commune(target, by=SYSTEM, now=NOW, commune=commune)


def test_a_territory_changes_name_and_keeps_its_address(client_for: Any) -> None:
    territory = make_territory(code="nord", name="Nord")
    client = client_for(make_coordinator())
    url = reverse("territories:edit_territory", args=["nord"])
    data = {"name": "Grand Nord", "short_name": "Nord", "order": 3, "tile_row": 1, "tile_column": 2, "description": "<b>x</b>"}
    assert client.post(url, data).status_code == 302
    territory.refresh_from_db()
    assert (territory.code, territory.name, territory.tile_column) == ("nord", "Grand Nord", 2)
    assert "&lt;b&gt;x" in client.get(url).content.decode()


def test_a_tile_or_name_that_is_taken_is_refused_beside_the_field(client_for: Any) -> None:
    make_territory(code="nord", name="Nord", tile_row=1, tile_column=1)
    make_territory(code="sud", name="Sud", tile_row=2, tile_column=1)
    url = reverse("territories:edit_territory", args=["sud"])
    data = {"name": "Nord", "short_name": "S", "order": 1, "tile_row": 1, "tile_column": 1}
    response = client_for(make_coordinator()).post(url, data)
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "name": ["Un autre territoire porte ce nom. Choisissez-en un autre."],
        "tile_row": ["Cette tuile est celle de Nord. Choisissez une autre place."],
    }
    assert response.context["title"] == "Sud"
    assert Territory.objects.get(code="sud").tile_row == 2


def test_a_theme_is_added_with_its_keywords(client_for: Any) -> None:
    client = client_for(make_coordinator())
    data = {"name": "Mer & littoral", "short_name": "Mer", "icon": "bus", "keywords": "plage, port,\nPort , plage", "order": 14}
    assert client.post(reverse("territories:new_theme"), data).status_code == 302
    theme = Theme.objects.get()
    assert (theme.code, theme.keywords) == ("mer-littoral", ["plage", "port", "Port"])
    again = client.post(reverse("territories:new_theme"), data | {"name": "Mer, littoral"})
    assert again.status_code == 422
    assert again.context["form"].non_field_errors() == ["Un thème porte déjà ce nom, ou un nom très proche."]
    assert client.post(reverse("territories:new_theme"), data | {"name": "…"}).status_code == 422


@pytest.mark.parametrize(
    ("keywords", "sentence"),
    [
        (", ".join(f"mot{n}" for n in range(41)), "Gardez quarante mots-clés au plus."),
        ("x" * 41, "Un mot-clé a quarante signes au plus. Séparez-les par des virgules."),
    ],
)
def test_too_many_or_too_long_keywords_are_refused(client_for: Any, keywords: str, sentence: str) -> None:
    theme = make_theme(keywords=["bus"])
    url = reverse("territories:edit_theme", args=[theme.code])
    data = {"name": theme.name, "short_name": "T", "icon": "bus", "keywords": keywords, "order": 1}
    response = client_for(make_coordinator()).post(url, data)
    assert response.context["form"].errors["keywords"] == [sentence]
    assert Theme.objects.get().keywords == ["bus"]


DATE = {
    "kind": "council", "series": "6", "title": "Conseil du Médoc", "territory": "", "precision": "time", "starts_on": "2017-11-14",
    "ends_on": "", "starts_at": "18:30", "place": "Lesparre", "description": "", "circle": "public",
}  # fmt: skip


def test_a_date_is_added_then_moved_and_calendars_are_told(client_for: Any) -> None:
    client = client_for(make_coordinator())
    assert client.post(reverse("territories:new_date"), DATE).status_code == 302
    row = CalendarDate.objects.get()
    assert (row.starts_on, row.starts_at, row.sequence, row.code) == (date(2017, 11, 14), time(18, 30), 0, None)
    url = reverse("territories:date", args=[row.pk])
    for changes, sequence in (
        ({"title": "Conseil"}, 0),
        ({"starts_at": "19:00"}, 1),
        ({"starts_at": "19:00"}, 1),
        ({"place": "Pauillac"}, 2),
    ):
        assert client.post(url, DATE | changes).status_code == 302
        row.refresh_from_db()
        if changes != {"title": "Conseil"}:
            assert row.sequence >= sequence
    assert row.place == "Pauillac"


@pytest.mark.parametrize(
    ("changes", "sequence"),
    [
        ({"title": "Autre"}, 0),
        ({"place": "Ailleurs"}, 1),
        ({"starts_on": date(2017, 12, 1)}, 1),
        ({"description": "x"}, 0),
        ({}, 0),
    ],
)
def test_the_sequence_grows_only_when_day_hour_or_place_changes(changes: dict[str, Any], sequence: int) -> None:
    row = make_date()
    acts.change_date(row, by=SYSTEM, now=NOW, values=changes)
    assert CalendarDate.objects.get().sequence == sequence


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"ends_on": "2017-11-13"}, "ends_on", "La fin précède le début. Indiquez une date de fin plus tardive."),
        ({"starts_on": "0217-11-14"}, "starts_on", "Indiquez une année entre 1990 et 2100."),
        ({"starts_on": "9999-12-31"}, "starts_on", "Indiquez une année entre 1990 et 2100."),
        ({"starts_at": ""}, "starts_at", "Indiquez l’heure, ou choisissez la précision « jour »."),
        ({"precision": "day"}, "starts_at", "Choisissez la précision « heure », ou effacez l’heure."),
        ({"circle": "group"}, "circle", None),
        ({"kind": "fête"}, "kind", None),
        ({"series": "-3"}, "series", None),
        ({"title": " "}, "title", None),
        ({"title": "x" * 161}, "title", None),
        ({"starts_on": "31/02/2017"}, "starts_on", None),
        ({"territory": "4000"}, "territory", None),
    ],
)
def test_bad_dates_are_refused_beside_their_field_and_kept(
    client_for: Any, changes: dict[str, str], field: str, sentence: str | None
) -> None:
    response = client_for(make_coordinator()).post(reverse("territories:new_date"), DATE | changes)
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert list(errors) == [field]
    assert sentence is None or errors[field] == [sentence]
    assert "Lesparre" in response.content.decode()
    assert not CalendarDate.objects.exists()


def test_a_month_starts_on_its_first_day(client_for: Any) -> None:
    client_for(make_coordinator()).post(reverse("territories:new_date"), DATE | {"precision": "month", "starts_at": ""})
    assert CalendarDate.objects.get().starts_on == date(2017, 11, 1)


def test_a_date_is_removed_after_a_confirmation(client_for: Any) -> None:
    row = make_date(title="Conseil n° 7")
    client = client_for(make_coordinator())
    url = reverse("territories:remove_date", args=[row.pk])
    assert "Conseil n° 7" in client.get(url).content.decode().replace("\xa0", " ").replace("\u202f", " ")
    assert CalendarDate.objects.exists()
    client.post(url)
    assert not CalendarDate.objects.exists()
    assert Entry.objects.get(act="territories.remove_date").thing_id == row.pk


def test_a_council_that_opened_a_chantier_stays(client_for: Any) -> None:
    row = make_date()
    make_chantier(council=row, title="Un car par heure")
    page = client_for(make_coordinator()).post(reverse("territories:remove_date", args=[row.pk]), follow=True).content.decode()
    assert "Cette date ne peut pas être retirée" in page
    assert "Un car par heure" in page
    assert CalendarDate.objects.exists()
    with pytest.raises(Refused):
        acts.remove_date(row, by=SYSTEM, now=NOW)


def test_a_partner_may_do_none_of_these_acts() -> None:
    partner, territory, theme, row = make_person(), make_territory(), make_theme(), make_date()
    commune = make_commune(territory=territory)
    for attempt in (
        lambda: acts.change_territory(territory, by=partner, now=NOW, values={}),
        lambda: acts.change_theme(theme, by=partner, now=NOW, values={}),
        lambda: acts.add_theme(None, by=partner, now=NOW, values={"name": "Mer"}),
        lambda: acts.move_commune(make_territory(), by=partner, now=NOW, commune=commune),
        lambda: acts.add_date(None, by=partner, now=NOW, values={}),
        lambda: acts.change_date(row, by=partner, now=NOW, values={}),
        lambda: acts.remove_date(row, by=partner, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_the_page_of_dates_tells_the_coming_from_the_past(client_for: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from dialogue.ledger import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
    make_date(title="Conseil passé", starts_on=date(2017, 3, 1))
    make_date(title="Conseil du mois", starts_on=date(2017, 11, 1), precision="month")
    make_date(title="Groupes", starts_on=date(2017, 6, 1), ends_on=date(2017, 11, 30), precision="month")
    client = client_for(make_coordinator())
    coming, past = client.get(reverse("territories:dates")), client.get(reverse("territories:dates"), {"quand": "passees"})
    assert [row.title for row in coming.context["page"]] == ["Groupes", "Conseil du mois"]
    assert [row.title for row in past.context["page"]] == ["Conseil passé"]


def test_the_department_is_read_once_a_page(client_for: Any, django_assert_max_num_queries: Any) -> None:
    make_department()
    client = client_for(make_coordinator())
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(reverse("territories:dates"))
    assert sum('FROM "territories_department"' in query["sql"] for query in captured) == 1
