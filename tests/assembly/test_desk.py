"""The desk of the assembly's secretariat: what waits, what is to be corrected and where, a session recorded afterwards."""


import pytest
from django.urls import reverse

from dialogue.assembly.models import Resolution
from dialogue.assembly.stages import PropositionStage
from dialogue.chantiers.stages import Stage
from tests import factories as make
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
S = PropositionStage


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """Pages are asked on the day of the tests."""
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: NOW)


@pytest.fixture
def chantier():
    return make.make_chantier(stage=Stage.DELIVERED)


@pytest.fixture
def desk(client):
    client.force_login(make.make_secretary())
    return client


def words(answer):
    """The page, with plain spaces."""
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")


def typed(proposition, **values):
    name = f"p{proposition.number}"
    facts = {
        "outcome": "adopted", "votes_for": "58", "votes_against": "4", "abstentions": "2", "number": f"CD-{proposition.number}",
        "matter_code": "7.5", "date": proposition.session.date.isoformat(), "object": proposition.title,
        "adopted_text": proposition.text, "members_count": "66",
    } | values  # fmt: skip
    return {f"{name}-{field}": value for field, value in facts.items()}


# What is to be corrected ------------------------------------------------------------------------------------------


def test_adopted_with_changes_the_text_is_not_the_one_that_the_group_proposed(desk, chantier):
    made = make.make_proposition(chantier, stage=S.TABLED)
    url = reverse("assembly:session", args=[made.session_id])
    same = made.text.replace(" ", "  ") + "\r\n"
    answer = desk.post(url, typed(made, outcome="adopted_amended", adopted_text=same))
    field = answer.context["rows"][0].form["adopted_text"]
    assert (answer.status_code, Resolution.objects.count()) == (422, 0)
    sentence = (
        "C’est le texte proposé par le groupe, sans changement : écrivez-y ce que l’assemblée a modifié, "
        "ou choisissez l’issue « Adoptée »."
    )
    assert list(field.errors) == [sentence]
    assert desk.post(url, typed(made, outcome="adopted_amended", adopted_text="Un autre texte.")).status_code == 302
    assert Resolution.objects.get().adopted_text == "Un autre texte."


def test_a_vote_that_is_corrected_is_not_amended_without_a_change(desk, chantier):
    made = make.make_proposition(chantier, stage=S.ADOPTED)
    row = made.resolution
    facts = {name.partition("-")[2]: value for name, value in typed(made, outcome="adopted_amended", number=row.number).items()}
    answer = desk.post(reverse("assembly:correct", args=[row.pk]), facts | {"motive": "Amendée.", "revision": "0"})
    assert answer.status_code == 422
    assert "sans changement" in answer.context["form"].errors["adopted_text"][0]


def test_the_errors_of_the_quick_screen_are_summed_up_at_its_head_and_in_its_title(desk, chantier):
    session = make.make_session(date=TODAY)
    first, second = (make.make_proposition(chantier, stage=S.TABLED, session=session) for _n in range(2))
    url = reverse("assembly:session", args=[session.pk])
    assert "<title>Erreur :" not in words(desk.get(url))
    text = words(desk.post(url, typed(first, number="") | typed(second, matter_code="")))
    assert "<title>Erreur : " in text
    summary = text.partition('role="alert"')[2].partition("</ul>")[0]
    assert text.count('role="alert"') == 1
    assert "2 réponses à corriger" in summary
    said = [
        (first, "number", "Écrivez le numéro de la délibération."),
        (second, "matter_code", "Écrivez le code de la matière, par exemple 7.5."),
    ]
    for made, name, sentence in said:
        assert f'<li><a href="#id_p{made.number}-{name}">P{made.number} · {sentence}</a></li>' in summary


def test_the_quick_screen_says_how_to_write_the_matter_and_to_choose_the_outcome(desk, chantier):
    made = make.make_proposition(chantier, stage=S.TABLED)
    text = words(desk.get(reverse("assembly:session", args=[made.session_id])))
    assert "Son code, par exemple 7.5, ou son nom : une liste s’ouvre quand vous écrivez." in text
    assert "tapez les premières lettres de l’issue, ou choisissez-la avec les flèches" in text


def test_more_voices_than_members_is_said_beside_the_voices_with_the_field_to_look_at(desk, chantier):
    made = make.make_proposition(chantier, stage=S.TABLED)
    answer = desk.post(reverse("assembly:session", args=[made.session_id]), typed(made, votes_for="66"))
    sentence = (
        "Pour, contre, abstentions et membres qui ne prennent pas part font 72, pour 66 membres : "
        "vérifiez ces nombres, ou le champ « Effectif »."
    )
    assert answer.context["rows"][0].form.errors == {"votes_for": [sentence]}
