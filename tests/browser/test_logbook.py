"""From a telephone in a meeting room to a book that one opens: a photo is sent, chosen, laid out, published, downloaded."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from dialogue.logbook import tasks
from dialogue.logbook.models import BoundFile, LogbookEntry
from dialogue.logbook.stages import Treatment
from tests import factories as make
from tests.browser.conftest import PHONE
from tests.logbook.epubs import complaints, needs_epubcheck

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def cast(settings: Any) -> dict[str, Any]:
    from django.utils import timezone

    settings.CLOCK_OFFSET = make.NOW - timezone.now()
    make.make_department()
    chantier = make.make_chantier(slug="manger-local", title="Manger local dans les cantines")
    return {"member": make.make_member(chantier).person, "coordination": make.make_coordinator()}


def sound(page: Any, name: str) -> None:
    """Nothing overflows, nothing complains, axe finds nothing."""
    page.wait_for_load_state("networkidle")
    page.emulate_media(reduced_motion="reduce")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), name
    assert page.errors == [], name
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [f"{name} {fault['id']}: {fault['nodes'][0]['html'][:140]}" for fault in found] == []


def send_a_photo(page: Any, file: Path) -> None:
    page.goto("/chantiers/manger-local/espace/")
    page.get_by_role("link", name="Proposer quelque chose").click()
    sound(page, "natures")
    page.get_by_role("link", name="Photo").click()
    page.get_by_label("La photo", exact=True).set_input_files(file)
    page.get_by_label("Ce que l’on voit, en une phrase").fill("Trois femmes autour d’une table couverte de plans.")
    page.get_by_label("Légende").fill("La même table.")
    page.get_by_label("Les personnes reconnaissables sont d’accord").check()
    page.get_by_label("Qui a donné son accord ?").fill("Les trois personnes")
    sound(page, "form")
    page.get_by_role("button", name="Envoyer à l’équipe du carnet").click()
    page.get_by_text("L’équipe du carnet le lira").wait_for()


def make_the_carnet(page: Any) -> None:
    page.goto("/pilotage/carnet/")
    sound(page, "table")
    page.get_by_role("button", name="Retenir").click()
    page.get_by_role("link", name="Ouvrir un carnet").click()
    page.get_by_label("Titre", exact=True).fill("À mi-marée")
    page.get_by_role("button", name="Ouvrir le carnet").click()
    page.get_by_role("link", name="Ajouter une escale").first.click()
    page.get_by_label("Titre de l’escale").fill("La cuisine où l’on épluche ensemble")
    page.get_by_label("Récit").fill("Tout a commencé par une carotte.\n\nUne vraie, terreuse.")
    page.get_by_role("button", name="Ajouter l’escale").click()
    page.get_by_role("button", name="Placer").click()
    sound(page, "layout")
    page.get_by_role("link", name="Voir comme les lecteurs").click()
    sound(page, "preview")
    page.get_by_role("link", name="Revenir à la table").click()
    page.get_by_role("link", name="Publier…").click()
    page.get_by_role("button", name="Publier pour tout le monde").click()
    page.get_by_text("Le carnet est publié.").wait_for()


@needs_epubcheck
def test_from_a_telephone_to_a_book_that_one_opens(visit, cast, tmp_path):
    photo = tmp_path / "IMG_2041.jpg"
    photo.write_bytes(make.make_jpeg(1800, 1200))
    send_a_photo(visit(cast["member"], size=PHONE), photo)
    entry = LogbookEntry.objects.get()
    tasks.prepare.call(entry.pk)
    make_the_carnet(visit(cast["coordination"], js=True))
    for bound in BoundFile.objects.filter(treatment=Treatment.WAITING):
        tasks.bind.call(bound.pk)
    reader = visit(size=PHONE)
    reader.goto("/carnet/")
    sound(reader, "home")
    reader.get_by_role("link", name="Lire ce carnet").click()
    reader.get_by_role("img", name="Trois femmes autour d’une table").scroll_into_view_if_needed()
    reader.wait_for_function("[...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    assert reader.evaluate("document.querySelector('picture img').currentSrc").endswith(".avif")
    sound(reader, "carnet")
    with reader.expect_download() as waiting:
        reader.get_by_role("link", name="Pour liseuse et téléphone").click()
    data = Path(waiting.value.path()).read_bytes()
    assert waiting.value.suggested_filename == "carnet-1-a-mi-maree.epub"
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        stop = book.read("EPUB/escale-1.xhtml").decode()
        picture = book.read(f"EPUB/{entry.key.hex}.jpg")
    assert "Tout a commencé par une carotte." in stop
    assert 'alt="Trois femmes autour d’une table couverte de plans."' in stop
    assert b"Zqdevicex" not in picture
    assert complaints(data, tmp_path) == []
