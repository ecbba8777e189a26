"""The desk of the assembly's secretariat: what waits, what is to be corrected and where, a session recorded afterwards."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dialogue.assembly.acts import instruction
from dialogue.assembly.models import AssemblySession, Resolution
from dialogue.assembly.stages import PropositionStage
from tests import factories as make
from tests.factories import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
S = PropositionStage


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
    assert "Son code, par exemple 7.5, ou son nom." in text
    assert "tapez les premières lettres de l’issue, ou choisissez-la avec les flèches" in text


def test_more_voices_than_members_is_said_beside_the_voices_with_the_field_to_look_at(desk, chantier):
    made = make.make_proposition(chantier, stage=S.TABLED)
    answer = desk.post(reverse("assembly:session", args=[made.session_id]), typed(made, votes_for="66"))
    sentence = (
        "Pour, contre, abstentions et membres qui ne prennent pas part font 72, pour 66 membres : "
        "vérifiez ces nombres, ou le champ « Effectif »."
    )
    assert answer.context["rows"][0].form.errors == {"votes_for": [sentence]}


# A session recorded afterwards ------------------------------------------------------------------------------------


def test_a_session_that_took_place_is_added_filled_and_recorded(desk, chantier):
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    held = TODAY - timedelta(days=5)
    facts = {
        "date": held.isoformat(),
        "kind": "plenary",
        "title": "Séance du mercredi",
        "members_count": "66",
        "number_pattern": "",
    }
    text = words(desk.post(reverse("assembly:create_session"), facts, follow=True))
    assert "La séance est ajoutée. Inscrivez-y les propositions qu’elle a examinées." in text
    assert "La date de cette séance est passée : inscrivez ce que l’assemblée a examiné, puis enregistrez les votes." in text
    assert "on n’y inscrit plus rien" not in text
    session = AssemblySession.objects.get()
    url = reverse("assembly:agenda", args=[session.pk])
    assert desk.post(url, {"propositions": [made.pk]}).status_code == 302
    made.refresh_from_db()
    chantier.refresh_from_db()
    assert (made.stage, made.session, chantier.tabled_on) == (S.TABLED, session, held)
    assert desk.post(reverse("assembly:session", args=[session.pk]), typed(made)).status_code == 302
    assert Resolution.objects.get().date == held


def test_nothing_is_put_on_a_past_session_that_is_recorded_or_old(desk, chantier):
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    recorded = make.make_session(date=TODAY - timedelta(days=5))
    make.make_resolution(make.make_proposition(chantier, stage=S.TABLED, session=recorded))
    said = {
        "Des votes de cette séance passée sont enregistrés : on n’y inscrit plus rien.": recorded,
        "Cette séance date de plus de 62 jours : on n’y inscrit plus rien.": make.make_session(date=TODAY - timedelta(days=63)),
    }
    for sentence, session in said.items():
        url = reverse("assembly:agenda", args=[session.pk])
        page = desk.get(url)
        assert sentence in words(page)
        assert '<form method="post" class="pile"' not in words(page)
        answer = desk.post(url, {"propositions": [made.pk]})
        assert answer.status_code == 422
        assert sentence in words(answer)
    made.refresh_from_db()
    assert made.stage == S.UNDER_REVIEW


def test_a_proposition_is_not_put_on_a_session_before_its_adoption_or_its_last_passage(desk, chantier):
    session = make.make_session(date=TODAY - timedelta(days=20))
    late = make.make_proposition(chantier, stage=S.UNDER_REVIEW, adopted_by_group_on=session.date + timedelta(days=1))
    seen = make.make_proposition(
        chantier, stage=S.ADJOURNED, session=make.make_session(date=TODAY - timedelta(days=9)), adopted_by_group_on=session.date
    )
    instruction.return_to_instruction(seen, by=make.make_coordinator(), now=NOW)
    answer = desk.post(reverse("assembly:agenda", args=[session.pk]), {"propositions": [late.pk, seen.pk]})
    assert answer.context["form"].errors["propositions"] == [
        f"P{late.number} : Le groupe a adopté cette proposition après cette séance.",
        f"P{seen.number} : L’assemblée a examiné cette proposition à une séance plus récente.",
    ]


# What waits -------------------------------------------------------------------------------------------------------


def back_from(session, chantier, stage):
    made = make.make_proposition(chantier, stage=stage, session=session)
    instruction.return_to_instruction(made, by=make.make_coordinator(), now=NOW)
    return made


def test_the_agenda_says_which_propositions_this_session_has_seen_already(desk, chantier):
    session = make.make_session(date=TODAY)
    url = reverse("assembly:agenda", args=[session.pk])
    one = back_from(session, chantier, S.ADJOURNED)
    text = words(desk.get(url))
    assert f"P{one.number} a déjà été ajournée à cette séance : inscrivez-la à une autre." in text
    assert "Aucune proposition n’est à l’instruction." not in text
    two, three = (back_from(session, chantier, stage) for stage in (S.ADJOURNED, S.REFERRED_BACK))
    make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    text = words(desk.get(url))
    assert f"P{one.number}, P{two.number} ont déjà été ajournées à cette séance : inscrivez-les à une autre." in text
    assert f"P{three.number} a déjà été renvoyée à cette séance : inscrivez-la à une autre." in text
    assert "Inscrire à la séance" in text


def test_the_desk_names_what_waits_for_a_session_by_pages_that_the_secretariat_reads(desk, chantier):
    made = [make.make_proposition(chantier, stage=S.UNDER_REVIEW) for _n in range(7)]
    section = words(desk.get(reverse("assembly:desk"))).partition('id="t-att"')[2].partition("</section>")[0]
    assert "7 propositions sont à l’instruction." in section
    shown = [row for row in made if f'<a href="/propositions/{row.number}/">P{row.number} · {row.title}</a>' in section]
    assert shown == made[:5]
    assert desk.get(made[0].get_absolute_url()).status_code == 200
    assert '<a href="/propositions/?etat=en-cours">Toutes les propositions en cours</a>' in section
    assert made[6].title in words(desk.get("/propositions/?etat=en-cours"))
