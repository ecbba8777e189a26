"""From a real file to a chantier, as an officer does it in a day: import, analysis, sorting, groups, matrix, candidate, council."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from dialogue.chantiers.models import Candidate, Chantier, ContributionLink
from dialogue.contributions.models import AnalysisRun, Cluster, Contribution
from dialogue.demo.contributions import COMMUNES, generate
from dialogue.mailer import jobs
from dialogue.territories import frame
from dialogue.territories.models import Commune, Territory, Theme
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.minutes]
HEADER = ["N°", "Intitulé", "Votre contribution", "Territoire", "Commune", "Organisme", "Courriel", "Déposée le"]


@pytest.fixture
def department(settings: Any) -> Any:
    """The frame of 2017 without its chantiers: they are what the day is about."""
    settings.ANALYSIS_EMBEDDINGS = False  # as installed: the reading of meaning is an extra
    make.make_department()
    told = json.loads(frame.GIRONDE_2017.read_text(encoding="utf-8"))
    for theme in told["themes"]:
        make.make_theme(code=theme["code"], name=theme["name"], short_name=theme["short_name"], keywords=theme["keywords"])
    places = {row["code"]: make.make_territory(code=row["code"], name=row["name"]) for row in told["territories"]}
    with COMMUNES.open(encoding="utf-8", newline="") as file:
        Commune.objects.bulk_create(
            Commune(
                insee_code=row["code_insee"],
                name=row["nom"],
                population=row["population_2023"],
                territory=places[row["territoire"]],
            )
            for row in csv.DictReader(file)
        )
    make.make_campaign(
        title="Contributions aux pactes", opens_on=timezone.now().date() - timedelta(days=90), moderate_first=False
    )
    today = timezone.now().date()
    make.make_date(title="Conseil du Sud Gironde", territory=places["sud-gironde"], starts_on=today, precision="day")
    return make.make_coordinator(name="Camille Roux")


def spreadsheet(folder: Path) -> Path:
    """3,800 contributions without any theme, as Excel writes them in France: cp1252, semicolons, day/month/year."""
    names = dict(Territory.objects.values_list("code", "name"))
    communes = dict(Commune.objects.values_list("insee_code", "name"))
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";")
    writer.writerow(HEADER)
    for one in generate():
        place, day = communes.get(one.commune, ""), f"{one.written_at:%d/%m/%Y}"
        writer.writerow(
            [one.external_id, one.title, one.text, names[one.territory], place, one.organisation, one.author_email, day]
        )
    path = folder / "contributions 2016.csv"
    path.write_bytes(lines.getvalue().encode("cp1252", "replace"))
    return path


def work_off() -> None:
    """What the worker of the platform would do beside the server."""
    while jobs.run_ready():
        pass


def bring(page: Any, file: Path) -> None:
    """Morning: the file, its columns, the dry run, the import."""
    page.goto("/pilotage/contributions/imports/nouveau/")
    page.get_by_label("Fichier").set_input_files(file)
    page.get_by_role("button", name="Lire ce fichier").click()
    page.get_by_role("heading", name="Que contient chaque colonne").wait_for()
    assert page.locator("#id_col_text option:checked").inner_text() == "Votre contribution"
    assert page.locator("#id_col_external_id option:checked").inner_text() == "N°"
    page.get_by_label("J’affirme que les auteurs").check()
    page.get_by_role("button", name="Vérifier à blanc").click()
    work_off()
    page.get_by_role("link", name="Importer").wait_for()
    page.get_by_role("link", name="Importer").click()
    page.get_by_role("button", name="Importer").click()
    work_off()
    page.get_by_role("link", name="Trier ces contributions").wait_for()


def understand(page: Any) -> None:
    """The machine reads all and suggests; a person accepts what is surest, at one go; texts alike are gathered and named."""
    page.goto("/pilotage/contributions/analyses/")
    page.get_by_role("button", name="Analyser maintenant").click()
    work_off()
    page.get_by_text("ont reçu une suggestion de thème").wait_for()
    page.goto("/pilotage/contributions/trier/")
    page.get_by_label("Que faire ?").select_option("accept")
    page.get_by_label("Pour lesquelles ?").select_option("all")
    page.get_by_label("Confiance d’au moins").fill("50")
    page.get_by_role("button", name="Voir ce que cela ferait").click()
    page.get_by_role("button", name="Oui, le faire").click()
    page.wait_for_url("**/pilotage/contributions/trier/", timeout=120_000)
    page.goto("/pilotage/contributions/regroupements/?theme=alimentaire&territoire=sud-gironde")
    page.get_by_role("button", name="Regrouper par les mots").click()
    page.locator("ol.contrib h3 a").first.click()
    page.get_by_label("Nom du regroupement").fill("Des légumes d’ici dans les cantines")
    page.get_by_role("button", name="Enregistrer le nom").click()
    page.get_by_role("heading", name="Des légumes d’ici dans les cantines").wait_for()


def choose(page: Any) -> None:
    """Afternoon: what the pact poses as important, the matrix, the evidence, the candidate."""
    page.goto("/pilotage/priorites/")
    page.get_by_label("Alimentaire, Sud Gironde").check(force=True)
    page.get_by_role("button", name="Enregistrer les priorités").click()
    page.goto("/pilotage/choix/")
    assert int(page.locator("table.croisement tbody tr").first.locator("td").nth(8).locator("a").first.inner_text()) > 20
    page.locator("#suggestions").get_by_role("link", name="Alimentaire, Sud Gironde").click()
    page.get_by_label("Ce qui plaide pour lui").fill("Les maires en ont parlé à chaque réunion.")
    page.get_by_role("button", name="Poser ce candidat").click()
    page.get_by_text("Le candidat est posé").wait_for()


def decide(page: Any, council: Any) -> None:
    """Evening: the council retains it, the chantier opens with its reason, numbers and contributions."""
    page.goto(f"/pilotage/choix/conseil/{council.pk}/")
    page.get_by_role("button", name="Retenir").click()
    page.get_by_role("link", name="Ouvrir le chantier").click()
    page.get_by_label("Titre").fill("Des produits d’ici dans les cantines du Sud Gironde")
    page.get_by_label("Objectif opérationnel").fill("Dix cantines servent deux repas locaux par semaine.")
    page.get_by_label("Livrable attendu", exact=True).fill("Une convention de commande groupée, signée par dix communes.")
    page.get_by_role("button", name="Proposer ce chantier").click()
    page.get_by_text("est proposé, avec ses contributions").wait_for()
    page.get_by_role("link", name="Ouvrir le chantier").click()
    page.get_by_role("button", name="Ouvrir le chantier").click()
    page.get_by_text("C’est fait").wait_for()


def test_a_file_of_the_morning_opens_a_chantier_in_the_evening(
    department: Any, visit: Callable[..., Any], tmp_path: Path
) -> None:
    page = visit(department)
    bring(page, spreadsheet(tmp_path))
    assert Contribution.objects.count() == 3800
    understand(page)
    assert AnalysisRun.objects.get().stage == "done"
    assert Cluster.objects.filter(name="Des légumes d’ici dans les cantines").count() == 1
    choose(page)
    candidate = Candidate.objects.get()
    assert (candidate.theme.code, candidate.territory.code, candidate.reason) == ("alimentaire", "sud-gironde", "many")
    decide(page, candidate.territory.dates.get())
    chantier = Chantier.objects.get()
    taken_up = ContributionLink.objects.filter(chantier=chantier)
    assert (chantier.stage, chantier.reason, chantier.evidence_count) == ("open", "many", taken_up.count())
    number = taken_up.first().contribution.number
    visitor = visit()
    visitor.goto(f"/contributions/{number}/")
    visitor.get_by_role("link", name="Des produits d’ici dans les cantines du Sud Gironde").first.click()
    assert visitor.get_by_text("contributions").first.is_visible()
    assert [error for error in page.errors if "422" not in error] == []
    assert Theme.objects.count() == 14
