"""The whole collection of mails of French clients, from the mail server's door to the comment."""

from __future__ import annotations

from typing import Any

import pytest

from dialogue.discussion.models import Comment
from dialogue.inbox import sorting
from dialogue.inbox.models import Mail
from dialogue.language import mime
from dialogue.mailer import replying
from dialogue.people.models import Person
from tests import factories as make
from tests.inbox.lmtp_server import Server
from tools.bench_mail import MAILS, fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def expected(message: Any, new: str) -> str:
    """The stage in which a mail of this kind ends, sent by the person to whom we wrote."""
    if message.bounce is not None:
        return "bounce"
    if message.auto == "auto_reply" or not message.return_path.strip("<> "):
        return "ignored"
    return "posted" if new else "refused"


def test_every_mail_of_the_collection_ends_where_it_should_word_for_word(tmp_path):
    server, chantier, wanted = Server(tmp_path), make.make_chantier(), {}
    try:
        for one in [*fixtures(MAILS), *fixtures(MAILS / "held_out")]:
            message = mime.read(one.raw)
            person = Person.objects.filter(email=message.sender).first() or make.make_person(email=message.sender)
            if not person.representations.exists():
                make.make_member(chantier, person=person)
            thread = chantier.threads.create(title=one.name, started_at=make.NOW, last_at=make.NOW)
            address = replying.address(person, "thread", thread.pk)
            server.send(one.raw, address, message.return_path.strip("<> "))
            wanted[address] = (one.name, expected(message, one.new), message.split().new.strip())
    finally:
        server.stop()
    while sorting.sort_due():
        pass
    found = {mail.envelope_to: mail for mail in Mail.objects.select_related("comment")}
    said = {
        address: (name, found[address].stage, found[address].comment.text if stage == "posted" else new)
        for address, (name, stage, new) in wanted.items()
        if found[address].stage != "posted" or found[address].comment
    }
    assert list(said.values()) == list(wanted.values())
    # All the text stays readable: what was not said anew is folded under it.
    assert Comment.objects.exclude(folded="").count() > 40
    assert not Comment.objects.filter(text__contains="<script").exists()
