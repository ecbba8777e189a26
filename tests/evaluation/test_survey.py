"""The anonymous survey: single-use links, nothing below five answers, closed for good."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from dialogue.chantiers.stages import Stage
from dialogue.evaluation import tasks, urn
from dialogue.evaluation.acts import survey as acts
from dialogue.evaluation.exports import personal_data
from dialogue.evaluation.models import Survey, SurveyToken
from dialogue.evaluation.results import answers_in, results_of
from dialogue.evaluation.stages import QUESTIONS, Choice, SurveyStage
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.message import as_mail
from dialogue.mailer.models import Letter
from dialogue.people.acts import close_account
from dialogue.people.exports import archive_of
from tests import factories as make
from tests.chantiers.races import at_once
from tests.evaluation.surveys import CLOSES, answer, closed, group, lead_of, opened, sheet
from tests.factories import NOW, TODAY
from tests.factories_evaluation import make_token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_6_november_2017(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: NOW)
    make.make_department()


# Opening -----------------------------------------------------------------------------------------------------------


def test_the_lead_opens_it_and_everyone_who_speaks_for_a_member_gets_a_link_of_their_own():
    chantier = group()
    with pytest.raises(NotAllowed):
        acts.open_survey(chantier, by=make.make_person(), now=NOW, closes_on=CLOSES)
    survey = acts.open_survey(chantier, by=lead_of(chantier), now=NOW, closes_on=CLOSES)
    assert (survey.asked, survey.tokens.count()) == (6, 6)
    letters = Letter.objects.filter(kind="evaluation.survey")
    assert letters.count() == 6
    for token in survey.tokens.all():
        letter = letters.get(person=token.person)
        assert token.token not in letter.text + letter.html
        mail = as_mail(letter)
        assert f"/enquete/{token.token}/" in mail.body
        assert f"/enquete/{token.token}/" in mail.alternatives[0].content
    with pytest.raises(Refused, match="déjà été interrogés"):
        acts.open_survey(chantier, by=lead_of(chantier), now=NOW, closes_on=CLOSES)


def test_neither_too_short_nor_too_few_nor_too_early():
    few, early = group(4), group(stage=Stage.WORKING)
    with pytest.raises(Refused, match="moins de cinq personnes"):
        acts.open_survey(few, by=lead_of(few), now=NOW, closes_on=CLOSES)
    with pytest.raises(Refused):
        acts.open_survey(early, by=lead_of(early), now=NOW, closes_on=CLOSES)
    chantier = group()
    for days in (0, 6, 91):
        with pytest.raises(Refused, match="sept et quatre-vingt-dix"):
            acts.open_survey(chantier, by=lead_of(chantier), now=NOW, closes_on=TODAY + timedelta(days=days))


# Links -------------------------------------------------------------------------------------------------------------


def test_a_link_serves_once_and_not_after_the_last_day():
    survey = opened()
    token = survey.tokens.first()
    assert token is not None
    urn.put(token.token, sheet(), {}, today=TODAY)
    with pytest.raises(urn.Shut):
        urn.put(token.token, sheet(Choice.NO), {}, today=TODAY)
    other = survey.tokens.filter(used=False).first()
    assert other is not None
    with pytest.raises(urn.Shut):
        urn.put(other.token, sheet(), {}, today=CLOSES + timedelta(days=1))
    with pytest.raises(urn.Shut):
        urn.put("x" * 64, sheet(), {}, today=TODAY)
    assert answers_in(survey) == 1
    assert survey.tokens.filter(used=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sheets_by_one_link_at_once_count_once_and_two_links_lose_nothing():
    survey = opened()
    one, two, three = survey.tokens.order_by("pk")[:3]
    results = at_once(
        lambda: urn.put(one.token, sheet(), {}, today=TODAY), lambda: urn.put(one.token, sheet(Choice.NO), {}, today=TODAY)
    )
    assert sorted(results) == ["Shut", "done"]
    results = at_once(
        lambda: urn.put(two.token, sheet(), {}, today=TODAY), lambda: urn.put(three.token, sheet(), {}, today=TODAY)
    )
    assert results.count("done") == 2
    assert answers_in(survey) == 3


def test_the_page_of_the_link_asks_for_no_account_and_tells_the_link_to_nobody(client_for: Any):
    survey = opened()
    token = survey.tokens.first()
    assert token is not None
    url, client = reverse("evaluation:answer", args=[token.token]), client_for()
    page = client.get(url)
    assert page.status_code == 200
    assert (page["Referrer-Policy"], page["Cache-Control"]) == ("same-origin", "private, no-store")
    assert not page.cookies.get("sessionid")
    refused = client.post(url, {"kept": "Les visites."})
    assert refused.status_code == 422
    assert "Les visites." in refused.content.decode()
    assert "Choisissez une réponse" in refused.content.decode()
    done = client.post(url, {question.code: "rather" for question in QUESTIONS} | {"kept": "Les visites."})
    assert (done.status_code, done["Location"]) == (302, reverse("evaluation:thanks"))
    assert "déjà servi" in client.get(url).content.decode()
    assert client.get(reverse("evaluation:answer", args=["y" * 64])).status_code == 404
    assert answers_in(survey) == 1


def test_who_is_signed_in_does_not_matter_to_the_page(client_for: Any):
    survey = opened()
    token = survey.tokens.first()
    assert token is not None
    other = client_for(make.make_coordinator())
    answers = {question.code: "no" for question in QUESTIONS}
    assert other.post(reverse("evaluation:answer", args=[token.token]), answers).status_code == 302
    assert not Entry.objects.filter(act__startswith="evaluation.", by__office="coordination").exists()


# Reminding, closing, forgetting ------------------------------------------------------------------------------------


def test_the_reminder_goes_once_to_the_links_that_have_not_served():
    survey = opened()
    answer(survey, 2)
    unused = set(survey.tokens.filter(used=False).values_list("person", flat=True))
    tasks.remind_surveys(NOW + timedelta(days=2))
    assert Survey.objects.get().reminded_at is None
    for _twice in range(2):
        tasks.remind_surveys(NOW + timedelta(days=11))
    reminded = Letter.objects.filter(dedupe__endswith="-reminded")
    assert set(reminded.values_list("person", flat=True)) == unused
    assert reminded.count() == 4
    with pytest.raises(Refused, match="déjà été rappelée"):
        acts.remind_survey(Survey.objects.get(), by=SYSTEM, now=NOW + timedelta(days=11))


def test_a_reminder_that_is_refused_does_not_stop_those_of_the_others(monkeypatch):
    first, second = opened(), opened()
    Survey.objects.filter(pk=first.pk).update(opened_at=NOW + timedelta(hours=1))  # comes before the other
    monkeypatch.setattr(acts.remind_survey, "guards", [lambda survey, **_facts: "Non." if survey.pk == first.pk else None])
    tasks.remind_surveys(NOW + timedelta(days=11))
    assert list(Survey.objects.exclude(reminded_at=None)) == [second]


def test_it_is_closed_after_its_last_day_and_for_good():
    survey = opened()
    answer(survey, 5)
    assert tasks.close_surveys(NOW + timedelta(days=14)) == 0
    assert tasks.close_surveys(NOW + timedelta(days=15)) == 1
    assert tasks.close_surveys(NOW + timedelta(days=15)) == 0
    survey = Survey.objects.get()
    assert (survey.stage, survey.asked, survey.answered) == (SurveyStage.CLOSED, 6, 5)
    with pytest.raises(Refused):
        acts.close_survey(survey, by=SYSTEM, now=NOW, answered=5)
    with pytest.raises(urn.Shut):
        answer(survey, 1)


def test_a_closing_that_did_not_see_the_last_answer_is_refused():
    survey = opened()
    answer(survey, 2)
    with pytest.raises(Refused, match="vient d’arriver"):
        acts.close_survey(survey, by=lead_of(survey.chantier), now=NOW, answered=1)


def test_the_links_are_destroyed_thirty_days_after_the_closing_and_the_answers_stay():
    closed()
    tasks.forget_surveys(NOW + timedelta(days=29))
    assert SurveyToken.objects.count() == 6
    tasks.forget_surveys(NOW + timedelta(days=30))
    assert SurveyToken.objects.count() == 0
    assert results_of(Survey.objects.get()).answered == 5
    tasks.forget_surveys(NOW + timedelta(days=31))
    assert Entry.objects.filter(act="evaluation.forget_survey").count() == 1
    with pytest.raises(NotAllowed):
        acts.forget_survey(Survey.objects.get(), by=make.make_coordinator(), now=NOW)


def test_whoever_closes_their_account_takes_their_link_away_and_leaves_the_urn_as_it_is():
    survey = opened()
    answer(survey, 6)
    person = make.make_member(survey.chantier).person
    make_token(survey, person=person)
    close_account(person, by=person, now=NOW)
    assert not SurveyToken.objects.filter(person=person).exists()
    assert Entry.objects.filter(act="evaluation.forget_person", thing_id=person.pk).exists()
    assert answers_in(survey) == 6
    with pytest.raises(NotAllowed):
        acts.forget_person(person, by=person, now=NOW)


def test_the_export_of_one_s_data_has_neither_the_link_nor_any_answer():
    survey = opened()
    token = survey.tokens.first()
    assert token is not None
    urn.put(token.token, sheet(), {"kept": "Les visites du mardi."}, today=TODAY)
    rows = personal_data(token.person)["enquetes"]
    assert rows == [
        {
            "chantier": survey.chantier.title,
            "ouverte_le": survey.opened_at.isoformat(),
            "dernier_jour": "2017-11-20",
            "a_repondu": True,
        }
    ]
    everything = unzipped(archive_of(token.person))
    for secret in (token.token, token.nonce, token.token_hash, "Les visites du mardi."):
        assert secret not in json.dumps(rows)
        assert secret not in everything


def unzipped(data: bytes) -> str:
    import io
    import zipfile

    archive = zipfile.ZipFile(io.BytesIO(data))
    return "\n".join(archive.read(name).decode() for name in archive.namelist())


# Results -----------------------------------------------------------------------------------------------------------


def test_nothing_is_shown_while_it_is_open_nor_below_five_answers():
    survey = opened(8)
    answer(survey, 7, text="Les visites.")
    assert not results_of(survey).is_shown
    few = closed(6, answers=4)
    assert (results_of(few).answered, results_of(few).is_shown, results_of(few).words) == (4, False, [])


def test_from_five_answers_on_it_says_how_many_agree_of_those_who_have_an_opinion():
    survey = opened(7)
    answer(survey, 3, Choice.YES, text="Les visites.")
    answer(survey, 2, Choice.LITTLE)
    answer(survey, 1, Choice.NONE)
    acts.close_survey(survey, by=lead_of(survey.chantier), now=NOW, answered=6)
    results = results_of(survey)
    assert results.is_shown
    first = results.questions[0]
    assert (first.agree, first.voiced, first.share) == (3, 5, 60)
    assert [n for _label, n in first.rows] == [3, 0, 2, 0, 1]
    assert [(question.code, len(texts)) for question, texts in results.words] == [("kept", 3)]


def test_the_group_reads_the_results_and_the_texts_others_do_not(client_for: Any):
    survey = closed()
    url = reverse("evaluation:survey", args=[survey.chantier.slug])
    member = client_for(lead_of(survey.chantier)).get(url).content.decode()
    assert "Les visites." in member
    assert client_for(make.make_person()).get(url).status_code == 403
    few = closed(6, answers=4)
    coordination = client_for(make.make_coordinator())
    page = coordination.get(reverse("evaluation:survey", args=[few.chantier.slug])).content.decode()
    assert "Moins de cinq réponses" in page
    assert "Les visites." not in page


def test_opening_and_closing_have_pages_that_say_the_consequence(client_for: Any):
    chantier = group()
    client = client_for(lead_of(chantier))
    url = reverse("evaluation:survey_open", args=[chantier.slug])
    assert "6 personnes recevront" in client.get(url).content.decode().replace("\u00a0", " ")
    assert client.post(url, {"closes_on": ""}).status_code == 422
    assert client.post(url, {"closes_on": "2017-11-07"}).status_code == 422
    assert client.post(url, {"closes_on": CLOSES.isoformat()}).status_code == 302
    answer(Survey.objects.get(), 1)
    page = client.get(reverse("evaluation:survey", args=[chantier.slug])).content.decode()
    assert "1 personne a répondu sur 6." in " ".join(page.replace("\u00a0", " ").split())
    close = reverse("evaluation:survey_close", args=[chantier.slug])
    assert "rien ne sera montré" in client.get(close).content.decode()
    assert client.post(close).status_code == 302
    assert Survey.objects.get().stage == SurveyStage.CLOSED
    partner = client_for(make.make_member(chantier).person)
    assert partner.get(url).status_code == 403
    assert partner.get(close).status_code == 403
