"""The API held against its own description: requests that its OpenAPI allows, and requests that it forbids, through WSGI. None breaks
it, and every answer is one that the description announces."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import negative_data_rejection

from dialogue.contributions.models import Contribution
from dialogue.opendata import sets
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.sqlite]
EXAMPLES = 8
SECRET = "dt_" + "t" * 43
PLAIN = {"Accept-Encoding": "identity"}
#: A moment without its seconds or its zone is not RFC 3339, which the description names, and is read all the same.
LENIENT = [negative_data_rejection]
#: Always the same requests, few of each.
BOUNDED = settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def schema(world: Any, settings: Any) -> Iterator[Any]:
    """The description as the application gives it, on a world with something of everything."""
    from config.wsgi import application

    settings.API_REQUESTS_PER_MINUTE = 0
    settings.ALLOWED_HOSTS = ["*"]
    make.make_token(owner=world.people["coordination"], secret=SECRET, scopes=["contributions", "votes"])
    # As Django's own test client does: the test's connection stays.
    request_started.disconnect(close_old_connections)
    request_started.disconnect(reset_queries)
    request_finished.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    request_started.connect(reset_queries)
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def held(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> int:
    """How many requests of one kind were made of one operation; a breach raises."""
    made = itertools.count(1)
    last = 0

    @given(case=operation.as_strategy(generation_mode=mode))
    @BOUNDED
    def one(case: Any) -> None:
        nonlocal last
        last = next(made)
        case.call_and_validate(headers=headers, excluded_checks=LENIENT)

    one()
    return last


def test_every_operation_keeps_its_word(schema):
    told: dict[str, int] = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        headers = PLAIN | ({"Authorization": f"Bearer {SECRET}"} if operation.method.upper() == "POST" else {})
        told[operation.label] = held(operation, GenerationMode.POSITIVE, headers)
        told[operation.label] += held(operation, GenerationMode.NEGATIVE, headers) if _can_be_wrong(operation) else 0
    assert len(told) >= 2 * len(sets.ALL) + 2
    assert sum(told.values()) > 150


def _can_be_wrong(operation: Any) -> bool:
    """Whether there is anything to get wrong."""
    return bool(operation.query or operation.path_parameters or operation.body)


def test_nothing_enters_without_a_token_whatever_is_sent(schema, world):
    before = Contribution.objects.count()
    deposit = schema["/api/v1/contributions/"]["POST"]

    @given(case=deposit.as_strategy())
    @BOUNDED
    def one(case: Any) -> None:
        case.headers.pop("Authorization", None)
        assert case.call(headers=PLAIN).status_code == 401

    one()
    assert Contribution.objects.count() == before
