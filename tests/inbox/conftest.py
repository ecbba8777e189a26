"""A group, its talk, and somebody who answers by mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from dialogue.chantiers.stages import Role
from dialogue.inbox import sorting
from dialogue.inbox.models import Mail
from dialogue.mailer import replying
from dialogue.mailer.models import Letter
from tests import factories as make
from tests.inbox.letters import mail, received


@dataclass
class Group:
    chantier: Any
    thread: Any
    jeanne: Any
    lead: Any
    address: str

    def letters(self, kind: str = "inbox.problem") -> list[Letter]:
        return list(Letter.objects.filter(kind=kind).order_by("pk"))


@pytest.fixture
def group(db: Any) -> Group:
    chantier = make.make_chantier(number=12, title="Cantines")
    jeanne = make.make_member(chantier, person=make.make_person(email="jeanne@partenaire.example", name="Jeanne Martin")).person
    lead = make.make_member(chantier, role=Role.LEAD, person=make.make_person(name="Paul Lead")).person
    thread = chantier.threads.create(title="Cantines", started_at=make.NOW, last_at=make.NOW)
    return Group(chantier, thread, jeanne, lead, replying.address(jeanne, "thread", thread.pk))


@pytest.fixture
def arrives(group: Group) -> Callable[..., Mail]:
    """`arrives(text, …)`: a mail received at the reply address (or `at`), and sorted; its row."""

    def come(
        text: str = "Nous serons deux.\n", *, at: str = "", envelope_from: str = "jeanne@partenaire.example", **options: Any
    ) -> Mail:
        row = received(mail(text, **options), at or group.address, envelope_from=envelope_from)
        sorting.sort_due()
        row.refresh_from_db()
        return row

    return come
