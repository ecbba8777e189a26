"""A mail to the address of a campaign becomes a contribution, over the inbox's real path."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dialogue.contributions.models import Contribution
from dialogue.contributions.stages import Naming, Stage, Via
from dialogue.inbox import addresses, sorting
from dialogue.inbox.stages import MailStage, Reason
from dialogue.mailer.models import Letter
from tests import factories as make
from tests.inbox.letters import mail, received

pytestmark = pytest.mark.django_db
ADDRESS = "contribution+2017@localhost"
QUOTE = "\n\nLe 6 nov. 2017 à 09:00, Dialogue a écrit :\n> Que voulez-vous dire ?\n"


@pytest.fixture
def campaign(db: Any) -> Any:
    return make.make_campaign(slug="2017", opens_on=timezone.now().date() - timedelta(days=10))


def arrives(text: str = "Des bus le soir, pour rentrer du lycée.", *, at: str = ADDRESS, **options: Any) -> Any:
    options = {"subject": "Des bus le soir", "sender": "anne@habitant.example", "name": "Anne Habitante"} | options
    envelope = options.pop("envelope_from", options["sender"])
    row = received(mail(text, **options), at, envelope_from=envelope)
    sorting.sort_due()
    row.refresh_from_db()
    return row


def test_a_mail_is_a_contribution_that_waits_for_its_author_s_consent(campaign, client):
    row = arrives("Des bus le soir, pour rentrer du lycée." + QUOTE)
    assert (row.stage, row.reason, row.text) == (MailStage.DEPOSITED, "", "")
    found = Contribution.objects.get()
    assert (found.title, found.text) == ("Des bus le soir", "Des bus le soir, pour rentrer du lycée.")
    assert (found.stage, found.via, found.author_email, found.author_name) == (
        Stage.RECEIVED,
        Via.MAIL,
        "anne@habitant.example",
        "Anne Habitante",
    )
    assert (found.may_publish, found.circle, found.theme, found.territory) == (False, "group", None, None)
    letter = Letter.objects.get()
    assert (letter.kind, letter.address) == ("contributions.acknowledged", "anne@habitant.example")
    consent = {"may_publish": "on", "naming": "name", "author_name": "Anne"}
    client.post(f"/contributions/suivi/{found.key}/publication/", consent)
    found.refresh_from_db()
    assert (found.may_publish, found.circle, found.naming, found.shown_name) == (True, "public", Naming.NAME, "Anne")


def test_the_general_address_stands_for_the_one_open_campaign(campaign):
    assert arrives(at="contributions@localhost").stage == MailStage.DEPOSITED
    make.make_campaign(opens_on=campaign.opens_on)
    row = arrives(at="contributions@localhost")
    assert (row.stage, row.reason) == (MailStage.TO_FILE, Reason.CONTACT)
    assert Contribution.objects.count() == 1


def test_the_same_mail_is_one_contribution(campaign):
    arrives(message_id="<un@habitant.example>")
    row = arrives(message_id="<un@habitant.example>", at="contributions@localhost")
    assert (row.stage, row.reason) == (MailStage.IGNORED, Reason.TWICE)
    assert Contribution.objects.count() == 1


@pytest.mark.parametrize("options", [{"Auto_Submitted": "auto-replied"}, {"envelope_from": ""}, {"Precedence": "bulk"}])
def test_machines_deposit_nothing(campaign, options):
    assert arrives(**options).stage == MailStage.IGNORED
    assert not Contribution.objects.exists()
    assert not Letter.objects.exists()


def test_a_closed_campaign_says_why(campaign):
    type(campaign).objects.update(closes_on=timezone.now().date() - timedelta(days=1))
    row = arrives()
    assert (row.stage, row.reason) == (MailStage.REFUSED, Reason.CAMPAIGN)
    letter = Letter.objects.get()
    assert (letter.kind, letter.address) == ("inbox.problem", "anne@habitant.example")
    assert "n’est pas ouverte" in " ".join(letter.text.split())


def test_files_are_judged_and_those_refused_are_told(campaign):
    good = ("plan.txt", "text/plain", "Le plan des bus, en détail.".encode())
    bad = ("virus.exe", "application/octet-stream", b"MZ\x90\0" * 50)
    row = arrives(files=(good, bad))
    found = Contribution.objects.get()
    assert [file.filename for file in found.attachments.all()] == ["plan.txt"]
    assert "virus.exe" in Letter.objects.get().text
    assert [file["kept"] for file in row.attachments] == [True, False]


def test_an_empty_mail_and_one_of_refused_files_leave_no_half_row(campaign):
    bad = ("virus.exe", "application/octet-stream", b"MZ\x90\0" * 50)
    assert arrives("\n").reason == Reason.EMPTY
    assert arrives("\n", files=(bad,)).reason == Reason.FILES
    assert not Contribution.objects.exists()


def test_somebody_with_an_account_finds_it_in_their_space(campaign, client):
    person = make.make_person(email="anne@habitant.example")
    arrives()
    client.force_login(person)
    assert Contribution.objects.get().person == person
    assert "Des bus le soir" in client.get("/contributions/les-miennes/").text


def test_addresses_are_read_whatever_the_case():
    assert addresses.read("Contribution+2017@LOCALHOST") == addresses.Destination("campaign", slug="2017")
    assert addresses.read("contributions@localhost") == addresses.Destination("campaign")
    assert addresses.read("contribution+2017@ailleurs.example") is None
    assert addresses.best_of(["contact@localhost", ADDRESS]) == ADDRESS
