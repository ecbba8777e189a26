"""Answers ready to leave, and the templates they are written with."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from dialogue.contributions.acts import answers
from dialogue.contributions.answers import filled
from dialogue.contributions.models import AnswerTemplate, Contribution
from dialogue.mailer.models import Letter
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief():
    return make.make_coordinator()


@pytest.fixture
def desk(client_for, chief):
    make.make_department()
    return client_for(chief)


def ready(**fields):
    return make.make_contribution(**{"stage": "closed", "outcome": "closed", "answer": "Pas cette année."} | fields)


def test_the_late_ones_come_first_and_nothing_leaves_before_the_confirmation(desk):
    soon, late, unreached = ready(due_on=date(2030, 1, 1)), ready(due_on=date(2017, 1, 1)), ready(due_on=None, author_email="")
    page = desk.get(reverse("contributions:answers"))
    assert [row for row, _reached, _late in page.context["rows"]] == [late, soon, unreached]
    url = reverse("contributions:send_answers")
    page = desk.post(url, {"portee": "tout"})
    assert page.context["consequence"] == (
        "2 personnes recevront un courriel. 1 contribution n’a pas d’adresse : sa réponse sera montrée sur sa page."
    )
    assert Letter.objects.count() == 0
    desk.post(url, {"confirme": "1", "numero": [row.number for row in (soon, late, unreached)]})
    assert (Letter.objects.count(), Contribution.objects.filter(stage="answered").count()) == (2, 3)
    desk.post(url, {"confirme": "1", "numero": [soon.number]})
    assert Letter.objects.count() == 2


def test_a_template_says_where_it_is_wrong_beside_its_text(desk):
    url, fields = reverse("contributions:new_template"), {"kind": "closed", "title": "Sans suite"}
    page = desk.post(url, fields | {"text": "Bonjour {prenom}, {titre}"})
    assert page.status_code == 422
    assert page.context["form"].errors["text"] == [
        "{prenom} ne veut rien dire ici : seuls {titre}, {chantier} et {territoire} sont remplacés."
    ]
    page = desk.post(url, fields | {"text": "« {titre} » : non.", "apercu": "1"})
    assert (page.context["preview"], AnswerTemplate.objects.count()) == ("« Titre de la contribution » : non.", 0)
    desk.post(url, fields | {"text": "« {titre} » : non."})
    template = AnswerTemplate.objects.get()
    desk.post(reverse("contributions:template", args=[template.pk]), fields | {"text": "Non."})
    assert AnswerTemplate.objects.get().text == "Non."
    desk.post(reverse("contributions:delete_template", args=[template.pk]))
    assert AnswerTemplate.objects.count() == 0


def test_templates_are_acts_of_the_coordination(chief):
    template = answers.write_template(None, by=chief, now=NOW, kind="closed", title="A", text="B {titre}")
    answers.change_template(template, by=chief, now=NOW, kind="referred", title="C", text="D")
    assert (template.kind, template.title, template.text, template.changed_by) == ("referred", "C", "D", chief)
    answers.delete_template(template, by=chief, now=NOW)
    assert not AnswerTemplate.objects.exists()


def test_placeholders_are_filled_and_the_unknown_stays_to_be_written():
    row = make.make_contribution(title="Des bancs", territory=make.make_territory(name="Médoc"))
    assert filled("{titre}, {territoire}, {chantier}", row) == "Des bancs, Médoc, {chantier}"
    assert filled("{chantier}", row, chantier="Les quais") == "Les quais"


def test_a_template_fills_the_answer_of_the_dossier_and_the_answer_is_written_and_sent(desk):
    row = make.make_contribution(stage="qualified", qualified_at=NOW, title="Des bancs")
    template = make.make_template(kind="referred", text="Pour « {titre} », voyez l’aide aux communes.")
    url = reverse("contributions:file", args=[row.number])
    page = desk.get(f"{url}?modele={template.pk}")
    assert page.context["answer_form"]["answer"].value() == "Pour « Des bancs », voyez l’aide aux communes."
    answer = reverse("contributions:answer", args=[row.number])
    page = desk.post(answer, {"revision": 0, "outcome": "referred", "answer": "Voyez {chantier}."})
    assert page.status_code == 422
    desk.post(answer, {"revision": 0, "outcome": "referred", "answer": "Voyez l’aide.", "envoyer": "1"})
    row.refresh_from_db()
    assert (row.stage, row.answer, Letter.objects.count()) == ("answered", "Voyez l’aide.", 1)


def test_the_dossier_does_each_act_that_its_stage_allows(desk):
    theme = make.make_theme()
    older = make.make_contribution()
    row = make.make_contribution(stage="qualified", qualified_at=NOW, theme=theme)

    def post(door, **data):
        return desk.post(reverse(f"contributions:{door}", args=[row.number]), data)

    def stage():
        return Contribution.objects.get(pk=row.pk).stage

    other = make.make_theme()
    assert post("reclassify", revision=0, other_theme=other.code).status_code == 302
    assert Contribution.objects.get(pk=row.pk).theme == other
    assert post("reclassify", revision=0, other_theme=theme.code).status_code == 422
    assert post("merge", into=999999).status_code == 422
    assert post("merge", into=older.number).status_code == 302
    assert stage() == "merged"
    assert desk.get(reverse("contributions:file", args=[older.number])).context["merged"] == [row]
    post("unmerge")
    assert stage() == "qualified"
    assert post("reopen", reason="").status_code == 422
    post("reopen", reason="À relire.")
    assert stage() == "admissible"
    post("undo")
    assert stage() == "qualified"
    sentences = [line.sentence for line in desk.get(reverse("contributions:file", args=[row.number])).context["history"]]
    assert sentences[0] == "a annulé le dernier geste sur la contribution"
    assert post("send").status_code == 302
    assert stage() == "qualified"
