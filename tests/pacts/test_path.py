"""From any contribution to the action of the pact, and back; only what the reader may read."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dialogue.chantiers.models import ContributionLink
from dialogue.chantiers.stages import RoadmapStage, Stage
from dialogue.meetings.models import Decision, Minutes
from dialogue.pacts import path
from dialogue.pacts.differences import between
from dialogue.people.stages import Circle
from tests import factories as make
from tests import factories_pacts as pacts
from tests.factories_deliverables import make_result

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


@pytest.fixture
def chain():
    """A contribution, its chantier, a decision, a deliverable, a voted proposition and the action that carries it."""
    territory = make.make_territory(name="Sud Gironde")
    chantier = make.make_chantier(title="Cantines", territories=[territory], stage=Stage.DELIVERED, tabled_on=date(2017, 9, 20))
    said = make.make_contribution(title="Des légumes frais", territory=territory)
    ContributionLink.objects.create(chantier=chantier, contribution=said, at=make.NOW)
    meeting = make.make_meeting(chantier, number=1)
    decision = Decision.objects.create(
        chantier=chantier, meeting=meeting, number=1, text="Cuisiner ensemble.", by=make.make_person(), at=make.NOW
    )
    moments = dict.fromkeys(("approved_at", "published_at", "deadline", "reviewed_at"), make.NOW)
    published = {"stage": "published"} | moments
    Minutes.objects.create(meeting=meeting, chantier=chantier, circle=Circle.PUBLIC, **published)
    roadmap = make.make_roadmap(chantier, stage=RoadmapStage.ADOPTED, circle="public")
    deliverable = make.make_deliverable(roadmap, title="Un schéma", published_on=date(2017, 9, 1))
    voted = pacts.make_voted(chantier, title="Une cuisine commune")
    voted.decisions.add(decision)
    action = pacts.make_action(
        pacts.make_pact(territory=territory), title="Ouvrir la cuisine", origin="proposition", origin_words="", proposition=voted
    )
    told = {"contribution": said, "chantier": chantier, "decision": decision, "deliverable": deliverable}
    return told | {"proposition": voted, "action": action}


WHOLE = ["contribution", "chantier", "decision", "deliverable", "proposition", "vote", "action"]


def kinds(found):
    return [leg.kind for leg in found.legs]


def titles(found):
    return {leg.kind: [stop.title for stop in leg.stops] for leg in found.legs}


def through(chain, kind, reader=NOBODY):
    if kind == "deliverable":
        return path.of_deliverable(chain[kind], chain["chantier"], reader)
    return getattr(path, f"of_{kind}")(chain[kind], reader)


def test_the_page_of_a_decision_draws_it_for_those_who_may_read_the_decision(chain, client):
    page = client.get(chain["decision"].get_absolute_url())
    html = page.content.decode()
    for drawn in ('id="chemin"', chain["action"].get_absolute_url(), "vous êtes ici"):
        assert drawn in html
    Minutes.objects.update(circle=Circle.PARTNERS)
    assert client.get(chain["decision"].get_absolute_url()).status_code == 404


def test_the_page_of_a_result_draws_it(chain, client):
    lead = make.make_member(chain["chantier"]).person
    result = make_result(chain["chantier"], lead, key=chain["deliverable"].key, title="Un schéma")
    html = client.get(result.get_absolute_url()).content.decode()
    for drawn in ('id="chemin"', chain["action"].get_absolute_url(), "vous êtes ici"):
        assert drawn in html


@pytest.mark.parametrize("kind", ["contribution", "chantier", "decision", "deliverable", "proposition", "action"])
def test_the_whole_path_is_walked_from_each_of_its_stops(chain, kind):
    found = through(chain, kind)
    assert kinds(found) == WHOLE
    told = titles(found)
    assert told["contribution"] == ["Des légumes frais"]
    assert told["chantier"] == ["Cantines"]
    assert told["decision"] == ["D1 : Cuisiner ensemble."]
    assert told["deliverable"] == ["Un schéma"]
    assert told["proposition"] == ["Une cuisine commune"]
    assert told["vote"] == [f"Délibération n° {chain['proposition'].resolution.number}"]
    assert told["action"] == ["Ouvrir la cuisine"]
    assert [leg.kind for leg in found.legs if leg.is_here] == [kind]


def test_each_stop_has_its_day_and_its_page(chain):
    stops = {leg.kind: leg.stops[0] for leg in through(chain, "action").legs}
    assert list(stops) == WHOLE
    assert (stops["vote"].on, stops["vote"].note) == (date(2017, 10, 16), "Adoptée")
    assert stops["chantier"].url == chain["chantier"].get_absolute_url()
    note = f"Prévue, pacte 2017, {chain['action'].pact.territory.short_name}"
    assert stops["action"] == path.Stop(
        "Ouvrir la cuisine", f"/pactes/actions/{chain['action'].number}/", date(2017, 4, 3), note, here=True
    )


def test_the_api_gives_it_as_data_from_each_of_its_stops(chain, client, settings):
    settings.API_REQUESTS_PER_MINUTE = 1000
    lead = make.make_member(chain["chantier"]).person
    result = make_result(chain["chantier"], lead, key=chain["deliverable"].key, title="Un schéma")
    keys = {
        "contributions": chain["contribution"].number, "chantiers": chain["chantier"].slug, "decisions": chain["decision"].pk,
        "resultats": result.number, "propositions": chain["proposition"].number, "actions-des-pactes": chain["action"].number,
    }  # fmt: skip
    for nature, key in keys.items():
        answer = client.get(f"/api/v1/chemins/{nature}/{key}/")
        legs = answer.json()["etapes"]
        assert (answer.status_code, [leg["nature"] for leg in legs]) == (200, WHOLE)
        assert sum(stop["ici"] for leg in legs for stop in leg["elements"]) == 1
    action = next(leg for leg in legs if leg["nature"] == "action")["elements"][0]
    assert (action["titre"], action["le"]) == ("Ouvrir la cuisine", "2017-04-03")
    assert action["adresse"].endswith(f"/pactes/actions/{chain['action'].number}/")
    type(chain["action"]).objects.update(published_on=None)
    for absent in ("actions-des-pactes/1", "contributions/99999999999", "propositions/un", "chantiers/rien"):
        assert client.get(f"/api/v1/chemins/{absent}/").status_code == 404
    assert client.get("/api/v1/chemins/themes/1/").status_code == 422


def test_a_reader_follows_only_what_they_may_read(chain):
    chain["contribution"].circle = Circle.PARTNERS
    chain["contribution"].save()
    type(chain["action"]).objects.update(published_on=None)
    chain["action"].refresh_from_db()
    assert kinds(through(chain, "proposition")) == ["chantier", "decision", "deliverable", "proposition", "vote"]
    assert kinds(through(chain, "proposition", make.make_person())) == WHOLE[:-1]
    assert kinds(through(chain, "proposition", make.make_coordinator())) == WHOLE


def test_a_chantier_that_the_reader_does_not_read_hides_all_that_is_its_own(chain):
    type(chain["chantier"]).objects.update(circle=Circle.PARTNERS)
    assert kinds(path.of_action(type(chain["action"]).objects.get(), NOBODY)) == ["action"]
    assert not path.of_action(type(chain["action"]).objects.get(), NOBODY).leads_somewhere


def test_a_contribution_tied_to_an_action_itself_leads_straight_to_it(chain):
    said = make.make_contribution(title="Un four")
    pacts.tie(chain["action"], said)
    assert kinds(path.of_contribution(said, NOBODY)) == ["contribution", "action"]
    assert titles(through(chain, "action"))["contribution"] == ["Des légumes frais", "Un four"]


def test_the_text_of_a_decision_that_only_the_group_reads_is_not_told(chain):
    Minutes.objects.update(stage="in_review", published_at=None)
    assert "decision" not in kinds(through(chain, "action"))


@pytest.mark.parametrize("kind", ["contribution", "chantier", "decision", "deliverable", "proposition", "action"])
def test_the_number_of_queries_does_not_grow_with_what_is_told(chain, kind):
    def asked():
        with CaptureQueriesContext(connection) as found:
            through(chain, kind)
        return len(found)

    one = asked()
    for _ in range(3):
        said = make.make_contribution()
        ContributionLink.objects.create(chantier=chain["chantier"], contribution=said, at=make.NOW)
        voted = pacts.make_voted(chain["chantier"])
        pacts.make_action(chain["action"].pact, origin="proposition", origin_words="", proposition=voted)
    assert asked() == one <= 9


def test_beyond_three_the_others_are_counted(chain):
    for _ in range(4):
        said = make.make_contribution()
        ContributionLink.objects.create(chantier=chain["chantier"], contribution=said, at=make.NOW)
    leg = through(chain, "proposition").legs[0]
    assert (len(leg.stops), leg.more) == (3, 2)
    assert leg.more_url == f"/contributions/?chantier={chain['chantier'].slug}#liste"


# Differences ---------------------------------------------------------------------------------------------------------------


def row(number, **fields):
    common = {
        "number": number, "title": f"Action {number}", "text": "", "theme": "Alimentaire", "situation": "carried", "state": "planned",
        "motive": "", "lead": "", "cost": None, "starts_on": "", "due_on": "", "done_on": "", "note": "",
    }  # fmt: skip
    return common | fields


def content(year, *actions, **fields):
    return {"year": year, "introduction": "", "report": "", "actions": list(actions)} | fields


def numbers(changes):
    return [change.row["number"] for change in changes]


def test_two_years_differ_by_what_comes_what_stays_and_what_ends():
    before = content(2017, row(1), row(2), row(3), row(4, cost=10))
    after = content(
        2018, row(1), row(2, situation="done", state="done", done_on="2017-10-02"),
        row(3, situation="dropped", state="dropped", motive="Inondable"), row(4, cost=20_000), row(5, situation="new"),
    )  # fmt: skip
    found = between(before, after)
    assert (numbers(found.added), numbers(found.done), numbers(found.dropped), numbers(found.carried)) == ([5], [2], [3], [1, 4])
    parts = {change.row["number"]: [part.label for part in change.parts] for change in found.carried}
    assert parts == {1: [], 4: ["Coût prévu"]}


def test_what_is_no_longer_listed_is_said():
    assert numbers(between(content(2018, row(1), row(2)), content(2018, row(2))).left) == [1]


def test_two_editions_that_say_the_same_do_not_differ():
    assert between(content(2018, row(1)), content(2018, row(1))).is_empty


def test_the_reports_of_two_years_are_not_compared_those_of_a_correction_are():
    one, other = content(2017, report="Un"), content(2018, report="Deux")
    assert between(one, other).texts == []
    assert [part.label for part in between(content(2018, report="Un"), other).texts] == ["Bilan"]
