"""Pages of text, the accessibility statement, what machines read."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse

from dialogue.chantiers.acts.life import open_chantier
from dialogue.chantiers.stages import Stage
from dialogue.people.stages import Circle
from dialogue.portal import retention, statement
from tests.factories import (
    NOW,
    make_chantier,
    make_commune,
    make_coordinator,
    make_date,
    make_department,
    make_territory,
    make_theme,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
AUDIT = {
    "date": "2026-03-01", "auditor": "Cabinet Exemple", "pages": ["Accueil", "Chantier"],
    "criteria": {"conform": 60, "not_conform": 6, "not_applicable": 40},
}


def read(tmp_path, audit, checks=None):
    path = tmp_path / "audit.json"
    path.write_text(audit if isinstance(audit, str) else json.dumps({"audit": audit, "checks": checks}), encoding="utf-8")
    return statement.read(path, today=TODAY)


@pytest.mark.parametrize(
    ("criteria", "level", "rate"),
    [
        ((60, 6, 40), "partial", 90),
        ((66, 0, 40), "total", 100),
        ((33, 33, 40), "partial", 50),
        ((32, 34, 40), "none", 48),
        ((199, 1, -94), "none", None),
        ((60, 6, 41), "none", None),
    ],
)
def test_the_level_follows_the_counted_criteria(tmp_path, criteria, level, rate):
    counts = dict(zip(("conform", "not_conform", "not_applicable"), criteria, strict=True))
    found = read(tmp_path, AUDIT | {"criteria": counts})
    assert (found.level, found.audit.rate if found.audit else None) == (level, rate)


@pytest.mark.parametrize(
    "audit",
    [
        None, "pas du json", "[]", {}, AUDIT | {"date": "2022-01-01"}, AUDIT | {"date": "2027-01-01"}, AUDIT | {"date": "hier"},
        AUDIT | {"auditor": " "}, AUDIT | {"pages": []}, AUDIT | {"criteria": {"conform": 106}},
        AUDIT | {"criteria": {"conform": "60", "not_conform": 6, "not_applicable": 40}},
    ],
)
def test_without_a_valid_audit_the_site_says_that_it_does_not_conform(tmp_path, audit):
    assert (read(tmp_path, audit).level, read(tmp_path, audit).audit) == ("none", None)


def test_automatic_checks_never_raise_the_level(tmp_path):
    found = read(tmp_path, None, {"tool": "axe-core 4.10", "date": "2026-05-01", "pages": ["/"], "violations": 0})
    assert (found.level, found.checks.pages) == ("none", ["/"])


def test_the_statement_says_where_to_complain(client_for):
    html = client_for().get(reverse("portal:accessibility")).content.decode()
    assert "Défenseur des droits" in html
    assert str(statement.read(today=TODAY).label) in html


def test_the_privacy_page_shows_the_durations_of_the_retention_file(client_for):
    rules = retention.table()
    html = client_for().get(reverse("portal:privacy")).content.decode()
    assert len(rules) > 3
    assert [rule.what for rule in rules if rule.what not in html] == []


def test_the_sitemap_holds_the_public_circle_alone(client_for):
    seen, hidden = make_chantier(), make_chantier(circle=Circle.PARTNERS)
    proposed = make_chantier(stage=Stage.PROPOSED, opened_on=None)
    response = client_for(make_coordinator()).get("/sitemap.xml")
    urls = [loc.text for loc in ET.fromstring(response.content).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert f"http://localhost:8000{seen.get_absolute_url()}" in urls
    assert [u for u in urls if hidden.slug in u or proposed.slug in u or "pilotage" in u or "mon-" in u] == []
    assert len(urls) == len(set(urls))


def test_the_feed_tells_the_public_alone_and_sleeps_when_nothing_changed(client_for):
    make_department()
    seen = make_chantier(stage=Stage.PROPOSED, opened_on=None, title="Ouvert à tous")
    hidden = make_chantier(stage=Stage.PROPOSED, opened_on=None, title="Entre nous", circle=Circle.PARTNERS)
    for chantier in (seen, hidden):
        open_chantier(chantier, by=make_coordinator(), now=NOW)
    client = client_for(make_coordinator())
    response = client.get(reverse("portal:feed"))
    atom = "{http://www.w3.org/2005/Atom}"
    entries = ET.fromstring(response.content).findall(f"{atom}entry")
    assert [e.find(f"{atom}title").text for e in entries] == ["Ouvert à tous : Le chantier est ouvert"]
    assert re.fullmatch(r"tag:localhost,2017-11-06:acte-\d+", entries[0].find(f"{atom}id").text)
    assert client.get(reverse("portal:feed"), headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_robots_are_kept_out_of_the_demo_and_of_private_pages(client_for, settings):
    assert "Disallow: /pilotage/" in client_for().get("/robots.txt").content.decode()
    settings.DEMO = True
    assert client_for().get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_the_security_contact_is_good_for_more_than_thirty_days(client_for):
    make_department(contact_email="dialogue@gironde.example")
    text = client_for().get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:dialogue@gironde.example\n" in text
    expires = datetime.strptime(re.search(r"Expires: (\S+)", text)[1], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert 30 < (expires - datetime.now(UTC)).days < 366


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("st macaire", ["Saint-Macaire"]),
        ("SAINT", ["Saint-Macaire", "Saint-Magne"]),
        ("begles", ["Bègles"]),
        ("magne", ["Saint-Magne"]),
        ("rien", []),
        ("  ", []),
    ],
)
def test_a_commune_leads_to_its_territory(client_for, text, names):
    territory = make_territory(name="Sud Gironde")
    for n, name in enumerate(["Saint-Macaire", "Saint-Magne", "Bègles"]):
        make_commune(name=name, territory=territory, insee_code=f"3300{n}")
    response = client_for().get("/territoires/", {"commune": text})
    assert [c.name for c in response.context["communes"]] == names


def test_a_territory_says_its_population_and_its_chantiers(client_for):
    territory = make_territory(name="Médoc", code="medoc")
    make_commune(territory=territory, population=1200)
    make_commune(territory=territory, population=300)
    make_chantier(territories=[territory], title="Bien vieillir chez soi")
    make_chantier(title="Ailleurs")
    response = client_for().get("/territoires/medoc/")
    assert response.context["population"] == 1500
    assert [c.title for c, _m in response.context["lines"]] == ["Bien vieillir chez soi"]


def test_the_history_of_the_process_tells_a_series_of_councils_once(client_for):
    for name in ("Médoc", "Graves"):
        make_date(title="Conseils de territoire n° 5", territory=make_territory(name=name), starts_on=date(2017, 3, 6))
    make_date(title="Conférence départementale", starts_on=date(2018, 3, 1))
    moments = client_for().get(reverse("portal:process")).context["moments"]
    assert [row.title for row, _over in moments] == ["Conseils de territoire n° 5", "Conférence départementale"]


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize(("url", "queries"), [("/themes/", 4), ("/territoires/", 3), ("/plan-du-site/", 6), ("/demarche/", 3)])
def test_pages_ask_a_constant_number_of_queries(client_for, django_assert_num_queries, many, url, queries):
    make_department()
    for _ in range(many):
        chantier = make_chantier(theme=make_theme())
        make_date(territory=chantier.territories.get())
    client = client_for()
    with django_assert_num_queries(queries):
        client.get(url)
