"""Votes that a tool of the Département records with a token: the same checks as the secretariat's screen, never twice."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dialogue.assembly.acts.votes import record_vote
from dialogue.assembly.models import Proposition, Resolution
from dialogue.assembly.stages import Outcome, PropositionStage
from dialogue.chantiers.stages import Stage
from dialogue.ledger.models import Entry
from dialogue.opendata import api_votes
from tests import factories as make

pytestmark = pytest.mark.django_db
SECRET = "dt_" + "v" * 43


@pytest.fixture
def tabled() -> Proposition:
    return make.make_proposition(make.make_chantier(stage=Stage.DELIVERED), stage=PropositionStage.TABLED)


@pytest.fixture
def coordinator() -> Any:
    make.make_department()
    return make.make_coordinator()


def token(owner: Any, *scopes: str) -> None:
    make.make_token(owner=owner, secret=SECRET, scopes=list(scopes or ("votes",)))


def post(client: Any, proposition: Proposition, **changes: Any) -> Any:
    given = {
        "proposition": proposition.number, "issue": "adopted", "date": proposition.session.date.isoformat(), "deliberation": "CD-1",
        "matiere_code": "7.5", "pour": 58, "contre": 4, "abstentions": 2, "ne_prennent_pas_part": 1, "effectif": 66,
    } | changes  # fmt: skip
    headers = {"authorization": f"Bearer {SECRET}"}
    return client.post("/api/v1/votes/", json.dumps(given), content_type="application/json", headers=headers)


def test_a_vote_is_recorded_once_in_the_name_of_the_owner_of_the_token(client, coordinator, tabled):
    token(coordinator)
    answer = post(client, tabled)
    assert (answer.status_code, answer.json()["nouveau"]) == (201, True)
    made = Resolution.objects.get()
    assert (made.outcome, made.number, made.votes_for, made.votes_cast) == ("adopted", "CD-1", 58, 64)
    assert Proposition.objects.get().stage == PropositionStage.ADOPTED
    assert Entry.objects.get(act="assembly.record_vote").by == coordinator
    again = post(client, tabled)
    assert (again.status_code, again.json()) == (200, answer.json() | {"nouveau": False})
    assert Resolution.objects.count() == 1


def test_another_vote_of_what_was_voted_is_refused(client, coordinator, tabled):
    token(coordinator)
    post(client, tabled)
    assert post(client, tabled, issue="rejected", pour=4, contre=58, deliberation="CD-2").status_code == 409
    assert Resolution.objects.count() == 1


def test_the_same_vote_brought_by_another_request_meanwhile_is_no_error(client, coordinator, tabled, monkeypatch):
    token(coordinator)
    real = api_votes._known
    seen = []

    def late(proposition: Any, given: Any) -> Any:
        """At the first look it was not there; the other request records it just after."""
        seen.append(given)
        if len(seen) == 1:
            post_other()
            return None
        return real(proposition, given)

    def post_other() -> None:
        record_vote(
            Proposition.objects.get(), by=coordinator, now=make.NOW, outcome=Outcome.ADOPTED, date=tabled.session.date,
            number="CD-1", matter_code="7.5", votes_for=58, votes_against=4, abstentions=2,
        )  # fmt: skip

    monkeypatch.setattr(api_votes, "_known", late)
    answer = post(client, tabled)
    assert (answer.status_code, answer.json()["nouveau"]) == (200, False)
    assert Resolution.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"matiere_code": ""}, "matiere_code"),
        ({"effectif": 10}, "pour"),
        ({"issue": "adopted_amended"}, "texte_adopte"),
        ({"date": 1509321600}, "date"),
        ({"date": "1509321600"}, "date"),
    ],
)
def test_what_is_wrong_is_said_with_our_own_names(client, coordinator, tabled, changes, where):
    token(coordinator)
    answer = post(client, tabled, **changes)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert where in answer.content.decode()
    assert not Resolution.objects.exists()


def test_a_token_for_contributions_records_no_vote(client, coordinator, tabled):
    token(coordinator, "contributions")
    assert post(client, tabled).status_code == 403
    assert not Resolution.objects.exists()


def test_an_unknown_proposition_is_not_found(client, coordinator, tabled):
    token(coordinator)
    tabled.number += 1
    assert post(client, tabled).status_code == 404
