"""Lists for other sites: who may frame them, what they show, the HTML to copy."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db
PATHS = ("/integrer/chantiers/", "/integrer/chantiers/ours/", "/integrer/agenda/")


def page(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.unescape(answer.content.decode()).replace("\u202f", " ").replace("\xa0", " ")


def test_they_alone_may_be_framed_and_they_set_no_cookie(client, client_for, world):
    for reader in (client, client_for(world.people["coordination"])):
        kept = dict(reader.cookies)
        for path in PATHS:
            answer = reader.get(path)
            assert "X-Frame-Options" not in answer.headers
            assert "frame-ancestors *" in answer["Content-Security-Policy"]
            assert "script" not in answer.content.decode()
            assert answer.cookies == {}
            assert "Cookie" not in answer["Vary"]
        assert dict(reader.cookies) == kept
    assert client.get("/integrer/")["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in client.get("/")["Content-Security-Policy"]


def test_they_show_what_is_public_and_lead_out_of_the_frame(client_for, world):
    client = client_for(world.people["coordination"])
    found = page(client, "/integrer/chantiers/")
    assert world.chantiers["ours"].title in found
    assert world.chantiers["theirs-partners"].title not in found
    assert client.get("/integrer/chantiers/theirs-partners/").status_code == 404
    assert client.get("/integrer/chantiers/proposed/").status_code == 404
    for path in PATHS:
        links = re.findall(r"<a [^>]*>", client.get(path).content.decode())
        assert links
        assert all('target="_top"' in link and 'href="http://localhost:8000/' in link for link in links), path


def test_the_list_is_filtered_and_says_how_many_there_are(client):
    theme, north = make.make_theme(code="mobilite"), make.make_territory(code="nord")
    for n in range(3):
        make.make_chantier(title=f"Vélo {n}", theme=theme, territories=[north])
    make.make_chantier(title="Cantines")
    found = page(client, "/integrer/chantiers/?theme=mobilite&territoire=nord&nombre=2")
    assert ("Vélo 0" in found, "Vélo 2" in found, "Cantines" in found) == (True, False, False)
    assert "Voir les 3 chantiers" in found
    assert "Aucun chantier n’est ouvert ici" in page(client, f"/integrer/chantiers/?theme={make.make_theme().code}")
    assert "Cantines" in page(client, "/integrer/chantiers/?theme=inconnu&nombre=²&apparence=rose")


def test_dates_are_those_to_come_without_their_place(client, monkeypatch):
    from dialogue.ledger import clock

    monkeypatch.setattr(clock, "now", lambda: make.NOW)
    chantier = make.make_chantier(title="Vélo")
    make.make_meeting(chantier, number=4, place="Salle des fêtes")
    make.make_meeting(chantier, number=3, starts_at=make.NOW - timedelta(days=3))
    make.make_date(title="Conseil du Nord", starts_on=make.TODAY + timedelta(days=2))
    make.make_date(title="Entre nous", circle="partners", starts_on=make.TODAY + timedelta(days=2))
    found = page(client, "/integrer/agenda/")
    assert found.index("Conseil du Nord") < found.index("Vélo : séance n° 4")
    for absent in ("séance n° 3", "Salle des fêtes", "Entre nous"):
        assert absent not in found
    assert "La prochaine séance" in page(client, f"/integrer/chantiers/{chantier.slug}/")


def test_an_hour_later_the_dates_are_asked_anew(client, monkeypatch):
    from dialogue.ledger import clock

    monkeypatch.setattr(clock, "now", lambda: make.NOW)
    first = client.get("/integrer/agenda/")["ETag"]
    assert client.get("/integrer/agenda/", headers={"if-none-match": first}).status_code == 304
    monkeypatch.setattr(clock, "now", lambda: make.NOW + timedelta(hours=1))
    assert client.get("/integrer/agenda/", headers={"if-none-match": first}).status_code == 200


def test_the_look_is_light_dark_or_the_readers(client):
    def dark(query: str) -> list[str]:
        return re.findall(r'sombre.css" media="([^"]+)"', client.get(f"/integrer/agenda/{query}").content.decode())

    assert dark("") == ["(prefers-color-scheme: dark)"]
    assert dark("?apparence=sombre") == ["all"]
    assert dark("?apparence=clair") == []


def test_the_screen_gives_a_frame_that_works(client, world):
    answer = client.get("/integrer/?quoi=dates&territoire=territoire-0&hauteur=300&apparence=sombre&nombre=3")
    text = answer.content.decode()
    area = re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    assert area
    copied = html.unescape(area[1])
    found = re.search(r'<iframe src="([^"]+)" title="([^"]+)" width="100%" height="300"', copied)
    assert found
    url = html.unescape(found[1])
    assert url == "http://localhost:8000/integrer/agenda/?territoire=territoire-0&nombre=3&apparence=sombre"
    assert found[2] == "Prochaines dates des chantiers"
    assert client.get(url.removeprefix("http://localhost:8000")).status_code == 200
    assert "frame-src 'self'" in answer["Content-Security-Policy"]


def test_the_screen_asks_for_what_is_missing(client, world):
    answer = client.get("/integrer/?quoi=chantier")
    assert answer.status_code == 422
    assert "Choisissez le chantier à montrer." in answer.content.decode()
    assert "Il manque une réponse." in answer.content.decode()
    fine = client.get("/integrer/?quoi=chantier&chantier=ours").content.decode()
    assert 'src="/integrer/chantiers/ours/"' in fine
    assert client.get("/integrer/?quoi=chantier&chantier=theirs-partners").status_code == 422
