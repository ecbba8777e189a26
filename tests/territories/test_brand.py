# ruff: noqa: E501 — a sentence beside what causes it reads best on one line
"""The brand's screen, style sheet and logo."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.territories import acts, contrast, logos
from dialogue.territories.models import Department
from tests.factories import NOW, make_coordinator, make_department, make_person

pytestmark = pytest.mark.django_db

PNG = (
    logos.PNG
    + b"\x00\x00\x00\rIHDR"
    + (8).to_bytes(4) * 2
    + b"\x08\x02\x00\x00\x00"
    + b"1234"
    + b"\x00\x00\x00\x00"
    + logos.PNG_END
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 20 + b"\xff\xd9"
WEBP = b"RIFF" + (12).to_bytes(4, "little") + b"WEBPVP8 abcd"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Gironde", "site_name": "Chantiers", "tagline": "Dialogue des territoires", "hue": "150", "accent_hue": "45",
        "earth_hue": "130", "vividness": "0.8", "title_font": "round", "radius": "1", "contact_service": "Mission dialogue",
        "contact_email": "contact@gironde.example", "contact_phone": "", "publisher": "", "host": "", "privacy_contact": "",
        "presentation": "",
    } | changes  # fmt: skip


def test_the_brand_is_saved_and_served_as_six_properties(client_for: Any) -> None:
    department = make_department()
    before = department.brand_version
    client = client_for(make_coordinator())
    response = client.post(reverse("territories:brand"), typed())
    assert response.status_code == 302
    department.refresh_from_db()
    assert department.has_own_brand
    assert department.brand_version != before
    css = client_for().get(reverse("territories:brand_css"), {"v": department.brand_version})
    assert css.content.decode() == (
        "@layer jetons{:root,.dep{--dep-teinte:150;--dep-teinte-accent:45;--dep-teinte-terre:130;--dep-vivacite:0.8;--dep-rayon:1rem;"
        '--dep-titre:ui-rounded,"SF Pro Rounded","Arial Rounded MT Bold",Nunito,Quicksand,Comfortaa,var(--police)}}\n'
    )
    assert css["Content-Type"] == "text/css; charset=utf-8"
    assert "max-age=31536000" in css["Cache-Control"]
    assert "max-age=60" in client_for().get(reverse("territories:brand_css"), {"v": "old"})["Cache-Control"]
    assert Entry.objects.filter(act="territories.set_brand", thing_id=department.pk).count() == 1


def test_the_preview_shows_what_is_typed_and_saves_nothing(client_for: Any) -> None:
    department = make_department()
    client = client_for(make_coordinator())
    response = client.post(reverse("territories:brand"), typed(preview="1", site_name="Essai"))
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="Essai"' in page
    assert "apercu.css?hue=150&amp;accent_hue=45&amp;earth_hue=130&amp;vividness=0.8" in page
    department.refresh_from_db()
    assert (department.hue, department.site_name) == (218, "Chantiers")
    css = client.get(response.context["preview_query"].join([reverse("territories:brand_preview_css") + "?", ""]))
    assert css.content.decode().startswith("@layer jetons{.dep.essai{--dep-teinte:150;")


@pytest.mark.parametrize(
    "query", ["", "hue=red", "hue=1&accent_hue=2&earth_hue=3&vividness=9&title_font=serif&radius=1", "hue=1}body{"]
)
def test_the_preview_takes_settings_only(client_for: Any, query: str) -> None:
    make_department()
    assert client_for(make_coordinator()).get(f"{reverse('territories:brand_preview_css')}?{query}").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("hue", "361", "Indiquez un angle de 0 à 360."),
        ("hue", "-1", "Indiquez un angle de 0 à 360."),
        ("hue", "bleu", "Indiquez un angle de 0 à 360."),
        ("vividness", "1.3", "Indiquez une vivacité de 0,5 à 1,2."),
        ("vividness", "0.4", "Indiquez une vivacité de 0,5 à 1,2."),
        ("title_font", "comic", "Sélectionnez un choix valide. comic n’en fait pas partie."),
        ("contact_email", "mission", "Saisissez une adresse de courriel valide."),
        ("site_name", "", "Écrivez le nom du site."),
        ("site_name", "x" * 61, "Assurez-vous que cette valeur comporte au plus 60 caractères (actuellement 61)."),
    ],
)
def test_bad_settings_are_refused_beside_their_field_and_what_was_typed_is_kept(
    client_for: Any, field: str, value: str, sentence: str
) -> None:
    make_department()
    response = client_for(make_coordinator()).post(reverse("territories:brand"), typed(**{field: value}))
    assert response.status_code == 422
    errors = [
        text.replace("\xa0", " ").replace("'", "’").replace("\u202f", " ") for text in response.context["form"].errors[field]
    ]
    assert errors == [sentence]
    assert Department.objects.get().hue == 218
    assert response.context["form"]["tagline"].value() == "Dialogue des territoires"


def test_colours_that_cannot_be_read_are_refused_with_the_pair_named(client_for: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    make_department()
    monkeypatch.setattr(contrast, "PAIRS", [("marque", "fond", 22.0)])
    response = client_for(make_coordinator()).post(reverse("territories:brand"), typed())
    assert response.status_code == 422
    assert "couleur principale sur fond de page, thème clair" in response.context["form"].non_field_errors()[0]
    assert Department.objects.get().hue == 218


@pytest.mark.parametrize(("content", "kind"), [(PNG, "png"), (JPEG, "jpg"), (WEBP, "webp")])
def test_a_logo_is_judged_by_its_content_and_served_with_a_long_cache(client_for: Any, content: bytes, kind: str) -> None:
    department = make_department()
    client = client_for(make_coordinator())
    client.post(reverse("territories:brand"), typed(logo_file=SimpleUploadedFile("logo.exe", content)))
    department.refresh_from_db()
    assert department.logo.name.endswith(f".{kind}")
    response = client_for().get(reverse("territories:logo"), {"v": department.logo_version})
    assert b"".join(response.streaming_content) == content
    assert response["Content-Type"] == {"jpg": "image/jpeg"}.get(kind, f"image/{kind}")
    assert "immutable" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (SVG, "Choisissez un logo en PNG, en JPEG ou en WebP. Les fichiers SVG ne sont pas acceptés."),
        (b"<html>", "Choisissez un logo en PNG, en JPEG ou en WebP. Les fichiers SVG ne sont pas acceptés."),
        (PNG[:30], "Choisissez un logo en PNG, en JPEG ou en WebP. Les fichiers SVG ne sont pas acceptés."),
        (PNG + b"x" * 300_000, "Ce logo pèse plus de 300 Ko. Réduisez-le, puis choisissez-le de nouveau."),
        (PNG.replace((8).to_bytes(4), (5000).to_bytes(4)), "Ce logo a plus de 4 000 points de côté. Réduisez-le, puis choisissez-le de nouveau."),
    ],
)  # fmt: skip
def test_what_is_no_logo_is_refused_and_the_old_one_stays(client_for: Any, content: bytes, sentence: str) -> None:
    department = make_department()
    acts.set_brand(department, by=SYSTEM, now=NOW, values={}, logo=JPEG)
    response = client_for(make_coordinator()).post(
        reverse("territories:brand"), typed(logo_file=SimpleUploadedFile("logo.png", content))
    )
    assert response.status_code == 422
    assert response.context["form"].errors["logo_file"] == [sentence]
    assert Department.objects.get().logo.name.endswith(".jpg")


def test_a_new_logo_replaces_the_file_and_removing_it_goes_back_to_the_drawing(django_capture_on_commit_callbacks: Any) -> None:
    department = make_department()
    first = acts.set_brand(department, by=SYSTEM, now=NOW, values={}, logo=JPEG).logo
    with django_capture_on_commit_callbacks(execute=True):
        second = acts.set_brand(department, by=SYSTEM, now=NOW, values={}, logo=PNG).logo
    assert not first.storage.exists(first.name)
    assert second.storage.exists(second.name)
    with django_capture_on_commit_callbacks(execute=True):
        acts.set_brand(department, by=SYSTEM, now=NOW, values={}, remove_logo=True)
    assert not Department.objects.get().logo
    assert not second.storage.exists(second.name)


def test_without_logo_or_department_there_is_nothing_to_serve(client_for: Any) -> None:
    assert client_for().get(reverse("territories:brand_css")).status_code == 404
    make_department()
    assert client_for().get(reverse("territories:logo")).status_code == 404


def test_before_the_frame_is_loaded_the_page_says_what_to_do(client_for: Any) -> None:
    page = client_for(make_coordinator()).get(reverse("territories:brand")).content.decode()
    assert "manage.py load_frame" in page


def test_only_the_coordination_sets_the_brand(client_for: Any) -> None:
    department = make_department()
    assert client_for(make_person()).get(reverse("territories:brand")).status_code == 403
    assert client_for().get(reverse("territories:brand")).status_code == 302
    with pytest.raises(NotAllowed):
        acts.set_brand(department, by=make_person(), now=NOW, values={"hue": 1})
    with pytest.raises(TypeError):
        acts.set_brand(department, by=SYSTEM, now=NOW, values={"code": "34"})
    with pytest.raises(Refused):
        acts.set_brand(department, by=SYSTEM, now=NOW, values={"hue": 400})
    assert Department.objects.get().hue == 218
