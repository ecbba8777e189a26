"""The pages: the group writes, everyone reads, the services answer, the secretariat records a session on one screen."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from dialogue.assembly.models import AssemblySession, Proposition, Resolution
from dialogue.assembly.pages import counts_of, path_of, reports_of, voted_in
from dialogue.assembly.stages import PropositionStage
from dialogue.chantiers.stages import Stage
from dialogue.people.stages import Kind
from tests import factories as make
from tests.factories import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
S = PropositionStage


def words(answer):
    """The page, with plain spaces."""
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")


def page_of(client, name, *args, status=200):
    answer = client.get(reverse(f"assembly:{name}", args=args))
    assert answer.status_code == status
    return words(answer)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def test_a_group_goes_from_its_decisions_to_a_proposition_adopted_and_sent(client, chantier, lead):
    meeting = make.make_held_meeting(chantier)
    decision = make.make_decision(meeting, lead)
    service = make.make_organisation(kind=Kind.DIRECTORATE)
    client.force_login(lead)
    assert "Le groupe n’a encore rien proposé" in page_of(client, "group", chantier.slug)
    answer = client.post(reverse("assembly:start", args=[chantier.slug]), {"title": "Acheter ensemble", "decisions": [decision.pk]})
    made = Proposition.objects.get()
    assert answer.url == reverse("assembly:edit", args=[chantier.slug, made.number])
    assert "Il manque à la proposition" in page_of(client, "work", chantier.slug, made.number)
    typed = {
        "title": made.title, "text": "Article 1.", "reasons": "Parce que.", "expected_effect": "Mille repas.", "estimated_cost": "12000",
        "decisions": [decision.pk], "revision": 0,
    }  # fmt: skip
    assert client.post(answer.url, typed).status_code == 302
    move = reverse("assembly:move", args=[chantier.slug, made.number, "adopter"])
    assert "Tous les partenaires pourront le lire. " in client.get(move).content.decode()
    assert client.post(move, {"meeting": meeting.pk, "revision": 1}).status_code == 302
    move = reverse("assembly:move", args=[chantier.slug, made.number, "transmettre"])
    assert client.post(move, {"services": [service.pk], "opinions_due_on": "2017-11-20"}).status_code == 302
    made = fresh(made)
    assert (made.stage, made.estimated_cost, made.opinions.get().service) == (S.UNDER_REVIEW, 12_000, service)


def test_a_conflict_shows_both_texts_and_then_saves(client, chantier, lead):
    made = make.make_proposition(chantier)
    Proposition.objects.filter(pk=made.pk).update(text="Le leur.", revision=3, edited_by=make.make_person(name="Anne"), edited_at=NOW)
    client.force_login(lead)
    url = reverse("assembly:edit", args=[chantier.slug, made.number])
    typed = {"title": made.title, "text": "Le mien.", "reasons": "", "expected_effect": "", "estimated_cost": "", "revision": 0}
    answer = client.post(url, typed)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Anne a modifié ce texte" in text
    assert "Le leur." in text
    assert "Le mien." in text
    assert 'name="revision" value="3"' in text
    assert client.post(url, typed | {"revision": 3}).status_code == 302
    assert fresh(made).text == "Le mien."


def test_each_circle_finds_its_propositions_and_no_other(client, chantier):
    draft = make.make_proposition(chantier)
    partners = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    public = make.make_proposition(chantier, stage=S.TABLED)
    listed = page_of(client, "list")
    assert [row.title in listed for row in (draft, partners, public)] == [False, False, True]
    page_of(client, "proposition", draft.number, status=404)
    page_of(client, "proposition", partners.number, status=404)
    client.force_login(make.make_person())
    listed = page_of(client, "list")
    assert [row.title in listed for row in (draft, partners, public)] == [False, True, True]
    page_of(client, "proposition", draft.number, status=404)
    page_of(client, "work", chantier.slug, public.number, status=403)


def test_everyone_reads_what_the_assembly_changed_and_the_voices_in_words(client, chantier):
    made = make.make_proposition(chantier, stage=S.ADOPTED_AMENDED)
    text = page_of(client, "proposition", made.number)
    assert "L’assemblée a adopté la proposition en la modifiant." in text
    assert "58 voix pour, 4 contre, 2 abstentions." in text
    assert "<del>" in text
    assert "<ins>" in text
    assert made.resolution.number in text


def test_opinions_are_read_by_the_group_the_service_and_the_secretariat_alone(client, chantier, lead):
    made = make.make_proposition(chantier, stage=S.TABLED)
    opinion = make.make_opinion(made, verdict="unfavourable", text="Trop cher pour nous.", given_at=NOW)
    officer = make.make_mandate(organisation=opinion.service).person
    url = reverse("assembly:opinion", args=[made.number, opinion.pk])
    seen = {}
    for name, person in (("partner", make.make_person()), ("lead", lead), ("officer", officer), ("desk", make.make_secretary())):
        client.force_login(person)
        seen[name] = (client.get(url).status_code, "Trop cher pour nous." in page_of(client, "proposition", made.number))
    assert seen == {"partner": (404, False), "lead": (200, True), "officer": (200, True), "desk": (200, True)}


def test_a_service_answers_and_its_space_shows_what_it_is_asked(client, chantier):
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW, opinions_due_on=date(2017, 11, 20))
    opinion = make.make_opinion(made)
    client.force_login(make.make_mandate(organisation=opinion.service).person)
    assert "Donner l’avis" in client.get(reverse("portal:my_space")).content.decode()
    url = reverse("assembly:opinion", args=[made.number, opinion.pk])
    answer = client.post(url, {"verdict": "unfavourable", "text": "", "cost": "90000"})
    assert answer.status_code == 422
    assert "90000" in answer.content.decode()
    assert client.post(url, {"verdict": "unfavourable", "text": "Trop cher.", "cost": "90000"}).status_code == 302
    assert (fresh(opinion).verdict, fresh(opinion).cost) == ("unfavourable", 90_000)


def test_the_coordination_sees_what_waits_and_asks_one_service_more(client, chantier):
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW, opinions_due_on=date(2017, 11, 1))
    make.make_opinion(made)
    back = make.make_proposition(chantier, stage=S.REFERRED_BACK)
    client.force_login(make.make_coordinator())
    text = page_of(client, "queue")
    assert "délai passé le 1er novembre" in text.replace("<sup>er</sup>", "er")
    assert back.title in text
    service = make.make_organisation(kind=Kind.DIRECTORATE)
    assert client.post(reverse("assembly:ask", args=[made.number]), {"service": service.pk, "opinions_due_on": ""}).status_code == 302
    assert made.opinions.count() == 2
    assert "2 propositions : 2 en préparation" not in client.get(reverse("portal:pilot")).content.decode()


def test_the_coordination_cancels_a_request_in_one_gesture(client, chantier, lead):
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    given, asked = make.make_opinion(made, verdict="favourable", given_at=NOW), make.make_opinion(made)
    doors = [reverse("assembly:cancel_opinion", args=[made.number, each.pk]) for each in (given, asked)]
    client.force_login(lead)
    text = page_of(client, "work", chantier.slug, made.number)
    assert [door in text for door in doors] == [False, False]
    assert client.post(doors[1]).status_code == 403
    client.force_login(make.make_coordinator())
    text = page_of(client, "work", chantier.slug, made.number)
    assert [door in text for door in doors] == [False, True]
    text = words(client.post(doors[1], follow=True))
    assert f"La demande d’avis à « {asked.service.name} » est annulée. Vous pouvez la refaire." in text
    assert client.post(doors[1]).status_code == 404
    assert "il reste au dossier" in words(client.post(doors[0], follow=True))
    assert list(made.opinions.all()) == [given]
    assert "a annulé une demande d’avis à un service" in words(client.get(reverse("chantiers:history", args=[chantier.slug])))


# The secretariat --------------------------------------------------------------------------------------------------


def row(proposition, **values):
    name = f"p{proposition.number}"
    typed = {
        "outcome": "adopted", "votes_for": "58", "votes_against": "4", "abstentions": "2", "number": f"CD-{proposition.number}",
        "matter_code": "7.5 Finances locales/Subventions", "date": proposition.session.date.isoformat(), "object": proposition.title,
        "adopted_text": proposition.text, "members_count": "66",
    } | values  # fmt: skip
    return {f"{name}-{field}": value for field, value in typed.items()}


def test_the_desk_opens_for_the_secretariat_alone(client, lead):
    client.force_login(lead)
    page_of(client, "desk", status=403)
    client.force_login(make.make_secretary())
    assert "Aucune séance." in page_of(client, "desk")
    assert reverse("assembly:desk") == "/assemblee/"
    old = client.get("/chantiers/un/assemblee/transmettre/")
    assert (old.status_code, old.url) == (301, "/assemblee/")


def test_a_session_is_added_filled_and_voted_without_the_mouse(client, chantier):
    make.make_member(chantier)
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    client.force_login(make.make_secretary())
    typed = {"date": TODAY.isoformat(), "kind": "plenary", "title": "Séance du lundi", "members_count": "66", "number_pattern": "CD.##"}
    client.post(reverse("assembly:create_session"), typed)
    session = AssemblySession.objects.get()
    client.post(reverse("assembly:agenda", args=[session.pk]), {"propositions": [made.pk]})
    made = fresh(made)
    text = page_of(client, "session", session.pk)
    assert 'value="CD.01"' in text
    assert "autofocus" in text
    assert "Seront prévenus : 1 personne du groupe." in text
    answer = client.post(reverse("assembly:session", args=[session.pk]), row(made), follow=True)
    assert f"P{made.number} · Adoptée : enregistré. Seront prévenus : 1 personne du groupe." in words(answer)
    assert fresh(made).stage == S.ADOPTED


def test_each_row_is_saved_apart_and_what_was_typed_is_kept(client, chantier):
    session = make.make_session(date=TODAY)
    good, bad, waiting = (make.make_proposition(chantier, stage=S.TABLED, session=session) for _n in range(3))
    client.force_login(make.make_secretary())
    data = row(good) | row(bad, votes_for="3", votes_against="50", number="CD-X") | row(waiting, outcome="", votes_for="41")
    answer = client.post(reverse("assembly:session", args=[session.pk]), data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert Resolution.objects.get().proposition == good
    assert "Il y a plus de voix contre que pour" in text
    assert 'value="CD-X"' in text
    assert 'value="41"' in text
    assert f'id="p{good.number}"' not in text


def test_one_row_alone_is_recorded_and_the_others_stay_typed(client, chantier):
    session = make.make_session(date=TODAY)
    one, other = (make.make_proposition(chantier, stage=S.TABLED, session=session) for _n in range(2))
    client.force_login(make.make_secretary())
    answer = client.post(
        reverse("assembly:session", args=[session.pk]), row(one) | row(other, votes_for="55") | {"row": str(other.number)}
    )
    assert answer.status_code == 200
    assert Resolution.objects.get().proposition == other
    assert f'id="p{one.number}"' in answer.content.decode()


def test_a_vote_is_corrected_with_its_history(client, chantier):
    made = make.make_proposition(chantier, stage=S.ADOPTED)
    client.force_login(make.make_secretary())
    url = reverse("assembly:correct", args=[made.resolution.pk])
    assert made.resolution.number in client.get(url).content.decode()
    typed = {name.partition("-")[2]: value for name, value in row(made, number=made.resolution.number, votes_for="59").items()}
    answer = client.post(url, typed | {"motive": "", "revision": "0"})
    assert answer.status_code == 422
    assert client.post(url, typed | {"motive": "Une voix oubliée.", "revision": "0"}).status_code == 302
    assert "Une voix oubliée." in page_of(client, "proposition", made.number)
    assert "Une voix oubliée." in client.get(url).content.decode()


def test_the_desk_puts_back_under_instruction_what_came_back(client, chantier):
    made = make.make_proposition(chantier, stage=S.ADJOURNED)
    client.force_login(make.make_secretary())
    assert made.title in page_of(client, "desk")
    assert client.post(reverse("assembly:back", args=[made.number])).status_code == 302
    assert (fresh(made).stage, fresh(made).round) == (S.UNDER_REVIEW, 2)
    reader = make.make_coordinator()
    path = path_of(fresh(made), reports_of(made, reader), reader)
    assert [(step.title.partition(" · ")[0], step.state) for step in path] == [
        ("Rédaction", "done"), ("Adoption par le groupe", "done"), ("Instruction", "done"), ("Ajournée", "done"),
        ("Nouvelle instruction", "here"), ("Vote de l’assemblée", "next"), ("Pacte", "next"),
    ]  # fmt: skip


# What other rooms read --------------------------------------------------------------------------------------------


def test_the_page_of_a_chantier_counts_and_lists_its_propositions(client, chantier):
    make.make_proposition(chantier)
    made = make.make_proposition(chantier, stage=S.ADOPTED)
    make.make_proposition(chantier, stage=S.REJECTED)
    text = words(client.get(chantier.get_absolute_url()))
    assert "2 propositions : 1 adoptée, 1 sans suite" in text
    assert made.title in text
    counts = counts_of([chantier], make.make_coordinator())[chantier.pk]
    assert (counts.total, counts.before, counts.adopted, counts.not_adopted) == (3, 1, 1, 1)


def test_the_pacts_find_what_was_voted_for_their_territory(chantier):
    territory = chantier.territories.get()
    voted = make.make_proposition(chantier, stage=S.ADOPTED)
    make.make_proposition(chantier, stage=S.IN_PACT)
    make.make_proposition(make.make_chantier(stage=Stage.DELIVERED), stage=S.ADOPTED)
    assert list(voted_in(2017, territory)) == [voted]
    assert list(voted_in(2016, territory)) == []
    assert voted.resolution.date < TODAY + timedelta(days=1)
