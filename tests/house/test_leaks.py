"""The leak sweep: a word planted in each text that is not for everyone is looked for in all that each visitor can fetch."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from tests.house.doors import Visitors, body, doors
from tests.house.secrets import MACHINE, OPEN, Secret, house_models, plant, text_fields
from tests.world import VISITORS, build

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
#: Texts that their readers must have met somewhere: the sweep would prove nothing if it saw nothing.
MET = {
    "chantiers.chantier.title": "partner",
    "chantiers.objective.title": "member",
    "chantiers.step.title": "member",
    "chantiers.roadmap.rhythm": "member",
    "chantiers.weatherreport.sentence": "partner",
    "chantiers.joinrequest.motivation": "lead",
    "chantiers.invitation.email": "lead",
    "meetings.meeting.place": "member",
    "people.person.email": "member",
    "people.person.declared_reason": "coordination",
    "people.organisation.name": "coordination",
    "territories.calendardate.title": "partner",
}


@pytest.fixture(scope="module")
def sweep(django_db_setup: Any, django_db_blocker: Any) -> tuple[list[Secret], dict[str, dict[str, str]]]:
    """The secrets, and for each visitor: path → all the text that was answered."""
    from django.db import transaction
    from django.test import Client, override_settings

    from dialogue.ledger import clock
    from tests.factories import NOW

    def client_for(person: Any = None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    patch = pytest.MonkeyPatch()
    patch.setattr(clock, "now", lambda: NOW)
    read: dict[str, dict[str, str]] = defaultdict(dict)
    with django_db_blocker.unblock(), override_settings(ACCOUNT_RATE_LIMITS=False), transaction.atomic():
        world = build(1)
        secrets = plant(world)
        visitors = Visitors(world, client_for)
        for door in doors(world):
            for name in VISITORS:
                if door.label.startswith("key of ") and door.label != f"key of {name}":
                    continue  # whoever holds a secret address reads through it: only its owner knocks
                response = visitors.knock(name, door.path)
                location = response.headers.get("Location", "")
                read[name][door.path] = body(response) + "\n" + location
        transaction.set_rollback(True)
    patch.undo()
    return secrets, read


def test_no_word_reaches_someone_outside_its_circle(sweep):
    secrets, read = sweep
    leaks: dict[str, set[str]] = defaultdict(set)
    for name, texts in read.items():
        forbidden = [secret for secret in secrets if name not in secret.readers]
        for path, text in texts.items():
            for secret in forbidden:
                if secret.word in text:
                    leaks[f"{secret.where} read by {name}"].add(path)
    assert not leaks, "\n".join(f"{what}: {', '.join(sorted(where)[:4])}" for what, where in sorted(leaks.items()))


def test_those_who_may_read_do_find_the_words(sweep):
    secrets, read = sweep
    missing = []
    for where, name in MET.items():
        words = [secret.word for secret in secrets if secret.where == where and name in secret.readers]
        if not any(word in text for word in words for text in read[name].values()):
            missing.append(f"{where} for {name}")
    assert missing == []


def test_every_text_field_of_the_house_has_its_readers(sweep):
    secrets, _ = sweep
    planted = {secret.where for secret in secrets}
    unknown = [
        f"{model._meta.label_lower}.{field.name}"
        for model in house_models()
        for field in text_fields(model)
        if not {model._meta.label_lower, f"{model._meta.label_lower}.{field.name}"} & (OPEN | set(MACHINE) | planted)
    ]
    assert unknown == [], "say in tests/house/secrets.py who may read them"
