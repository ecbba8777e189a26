"""One world for a whole file of house tests: it is only looked at, every knock is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import override_settings

from tests.factories import NOW


@pytest.fixture
def reference_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Domain time stands still on the reference date."""
    from dialogue.ledger import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture(scope="module")
def standing(request: Any, django_db_setup: Any, django_db_blocker: Any) -> Iterator[Callable[[], Any]]:
    """The world and its visitors, built once for the module and taken away after it."""
    from django.db import transaction

    from dialogue.ledger import clock
    from tests.house.doors import Visitors
    from tests.world import build

    patch = pytest.MonkeyPatch()
    patch.setattr(clock, "now", lambda: NOW)
    with django_db_blocker.unblock(), override_settings(ACCOUNT_RATE_LIMITS=False), transaction.atomic():
        world = build(getattr(request.module, "WORLD_SIZE", 1))

        def client_for(person: Any = None) -> Any:
            from django.test import Client

            client = Client()
            if person is not None:
                client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
            return client

        yield world, Visitors(world, client_for)
        transaction.set_rollback(True)
    patch.undo()
