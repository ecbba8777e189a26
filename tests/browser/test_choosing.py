"""From a file in the morning to a chantier in the afternoon: one officer, one browser, every step on the screen."""

from __future__ import annotations

import re

import pytest

from dialogue.chantiers.models import Candidate, Chantier, ContributionLink
from dialogue.contributions.models import Cluster, Contribution
from dialogue.mailer import jobs
from tests import factories as make
from tests.contributions.imports_made import csv_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
HEADER = ("Identifiant", "Titre", "Texte", "Commune", "Nom", "Courriel", "Date")
BUSES = ("Un bus le soir", "Le car du collège", "Aller à la gare", "Sans voiture", "Un vélo pour la gare")
TRIPS = ("entre le bourg et la gare", "jusqu’au lycée", "vers l’hôpital", "pour aller travailler", "le samedi, jour de marché")
ASKS = (
    "Le dernier bus part à 17 h.",
    "L’arrêt de car n’a pas d’abri.",
    "La gare est à douze kilomètres.",
    "Le vélo est trop dangereux.",
)
MEALS = ("Des légumes à la cantine", "Manger local", "Un maraîcher pour l’école", "La cuisine centrale", "Moins de gaspillage")
FARMS = ("avec les fermes du canton", "au collège", "dans les écoles", "à la maison de retraite", "deux jours par semaine")
WANTS = ("Les maraîchers ne livrent pas.", "La cantine jette trop.", "Il manque une légumerie.", "Les légumes viennent de loin.")


def rows(titles, places, wants, *, commune, first, count):
    """`count` requests of as many people, none written like another."""
    for n in range(first, first + count):
        title, place, want = titles[n % 5], places[n // 5 % 5], wants[n // 25 % 4]
        text = f"Nous sommes {n} à le demander, {place}. {want} Il faudrait {n % 7 + 2} passages de plus, dit le numéro {n}."
        yield [f"D-{n}", f"{title} {place}", text, commune, f"Camille Numéro{n}", f"camille{n}@exemple.fr", "14/11/2016"]


@pytest.fixture
def officer():
    make.make_department()
    medoc, libournais = make.make_territory(name="Médoc", code="medoc"), make.make_territory(name="Libournais", code="libournais")
    make.make_commune(name="Pauillac", insee_code="33314", territory=medoc)
    make.make_commune(name="Libourne", insee_code="33243", territory=libournais)
    trips = make.make_theme(name="Mobilité", code="mobilite", keywords=["bus", "car", "gare", "vélo", "voiture"])
    make.make_theme(
        name="Alimentation", code="alimentation", keywords=["cantine", "légumes", "maraîcher", "cuisine", "légumerie"]
    )
    make.make_priority(territory=medoc, theme=trips, statement="Se déplacer sans voiture")
    make.make_campaign(slug="pactes", title="Pactes de 2018")
    make.make_date(territory=medoc, title="Conseil du Médoc")
    return make.make_coordinator(name="Camille Roux")


def test_a_real_file_in_the_morning_a_well_argued_chantier_in_the_afternoon(visit, officer):
    page = visit(officer)
    page.set_default_timeout(40_000)
    data = csv_of(
        *rows(BUSES, TRIPS, ASKS, commune="Pauillac", first=1, count=90),
        *rows(MEALS, FARMS, WANTS, commune="Pauillac", first=101, count=20),
        *rows(BUSES, TRIPS, ASKS, commune="Libourne", first=201, count=30),
        *rows(MEALS, FARMS, WANTS, commune="Libourne", first=301, count=110),
        header=HEADER,
        encoding="cp1252",
    )
    bring(page, data)
    assert Contribution.objects.filter(stage="received").count() == 250
    analyse(page)
    sort(page)
    assert Contribution.objects.filter(stage="qualified").count() == 250
    count = Contribution.objects.filter(theme__code="mobilite", territory__code="medoc").count()
    assert 85 <= count <= 95
    group(page)
    read(page, count)
    put_and_retain(page, count)
    open_chantier(page, count)
    assert page.errors == []


def button(page, name):
    return page.locator("main").get_by_role("button", name=re.compile(name)).first


def finish_jobs():
    while jobs.run_ready():
        pass


def bring(page, data):
    page.goto("/pilotage/contributions/imports/nouveau/")
    page.set_input_files("input[type=file]", {"name": "pactes.csv", "mimeType": "text/csv", "buffer": data})
    button(page, "Lire ce fichier").click()
    page.get_by_role("definition").filter(has_text="Windows (cp1252)").wait_for()
    page.get_by_label(re.compile("J’affirme que les auteurs ont accepté")).check()
    button(page, "Vérifier à blanc").click()
    page.get_by_role("link", name=re.compile("Importer.250.contributions")).click()
    button(page, "Importer").click()
    finish_jobs()  # the page looks for itself, and shows the end
    page.get_by_text(re.compile("250 contributions sont entrées")).wait_for()


def analyse(page):
    page.goto("/pilotage/contributions/analyses/")
    button(page, "Analyser maintenant").click()
    finish_jobs()
    page.goto("/pilotage/contributions/analyses/")
    page.get_by_text(re.compile("a lu 250 contributions")).wait_for()


def sort(page):
    """One at the keyboard, then all that the machine is sure of, then those that are left."""
    page.goto("/pilotage/contributions/trier/")
    page.get_by_text("Suggestions de la machine").wait_for()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.get_by_text("vous avez classé").wait_for()
    page.locator("[name=action]").select_option("accept")
    page.locator("[name=scope]").select_option("all")
    page.locator("[name=confidence]").fill("50")
    button(page, "Voir ce que cela ferait").click()
    button(page, "Oui, le faire").click()
    page.get_by_text(re.compile("Vous avez traité .* contributions")).wait_for(timeout=60_000)  # it goes on by itself
    for _each in range(Contribution.objects.filter(stage="received").count()):
        page.goto("/pilotage/contributions/trier/")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.get_by_text("vous avez classé").wait_for()


def group(page):
    page.goto("/pilotage/contributions/regroupements/?theme=mobilite&territoire=medoc")
    button(page, "Regrouper par les mots").click()
    page.locator(".contrib h3 a").first.click()
    page.get_by_label(re.compile("Nom du regroupement")).fill("Aller à la gare sans voiture")
    button(page, "Enregistrer le nom").click()
    page.get_by_role("heading", name=re.compile("Aller à la gare sans voiture")).wait_for()
    assert Cluster.objects.filter(name="Aller à la gare sans voiture").exists()


def read(page, count):
    """The public page: the matrix, and a number that opens what it counts."""
    page.goto("/contributions/")
    page.locator(".matrice a").filter(has_text=re.compile(f"^{count}$")).first.click()
    page.get_by_role("heading", name=re.compile(f"{count} contributions")).wait_for()
    page.get_by_role("link", name=re.compile("Aller à la gare sans voiture")).first.wait_for()


def put_and_retain(page, count):
    page.goto("/pilotage/choix/")
    page.get_by_role("link", name="Mobilité, Médoc").first.click()
    page.get_by_text(re.compile(f"{count} auteurs, .* attendus")).first.wait_for()
    page.get_by_label(re.compile("Ce qui plaide pour lui")).fill("Le lycée et l’hôpital demandent la même ligne.")
    button(page, "Poser ce candidat").click()
    page.goto("/pilotage/choix/candidats/")
    page.locator(".conseils a").first.click()
    page.get_by_role("button", name=re.compile("^Retenir")).click()
    page.get_by_text(re.compile("Retenu le")).first.wait_for()
    assert Candidate.objects.get().evidence["authors"] == count


def open_chantier(page, count):
    page.get_by_role("link", name=re.compile("Ouvrir le chantier")).click()
    page.get_by_text(re.compile(f"{count} contributions seront attachées")).wait_for()
    assert f"{count} auteurs" in page.get_by_label(re.compile("Explication")).input_value()
    page.get_by_label("Titre", exact=True).fill("Une ligne vers la gare")
    page.get_by_label("Objectif opérationnel").fill("Relier le bourg à la gare avant l’été.")
    page.get_by_label("Livrable attendu", exact=True).fill("Le tracé et les horaires d’une ligne d’essai.")
    button(page, "Proposer ce chantier").click()
    page.get_by_text(re.compile("est proposé, avec ses contributions")).wait_for()
    chantier = Chantier.objects.get()
    assert (chantier.evidence_count, ContributionLink.objects.filter(chantier=chantier).count()) == (count, count)
