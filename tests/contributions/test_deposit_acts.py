"""The acts themselves: who may, from which stage, and what is left when one is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile

from dialogue.contributions.acts import campaigns, deposit, deposit_files, privacy, receiving, support
from dialogue.contributions.models import AddressProof, Attachment, Campaign, Contribution, Support
from dialogue.contributions.stages import Naming, Stage
from dialogue.files.stages import Scan
from dialogue.inbox.acts.contributions import contribute_mail
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from tests import factories as make
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


@pytest.fixture
def draft(db: Any) -> Contribution:
    row = deposit.start_draft(make.make_campaign(), by=VISITOR, now=NOW, nature="need", title="Des bus", text="Le soir.")
    deposit.keep_draft(row, by=VISITOR, now=NOW, author_email="anne@habitant.example", may_publish=True)
    return row


def test_only_the_coordination_opens_changes_announces_and_closes_a_campaign(db):
    fields = {"title": "Rentrée", "opens_on": TODAY - timedelta(days=3), "closes_on": None, "circle": "public"}
    campaign = make.make_campaign(opens_on=TODAY - timedelta(days=3))
    person = make.make_person()
    for refused in (
        lambda: campaigns.open_campaign(None, by=person, now=NOW, **fields),
        lambda: campaigns.change_campaign(campaign, by=person, now=NOW, **fields),
        lambda: campaigns.announce_campaign(campaign, by=person, now=NOW),
        lambda: campaigns.close_campaign(campaign, by=person, now=NOW),
        lambda: campaigns.reopen_campaign(campaign, by=person, now=NOW),
        lambda: receiving.enter(campaign, by=person, now=NOW, title="Un banc", text="Ici."),
        lambda: receiving.receive_by_mail(campaign, by=person, now=NOW, title="Un banc", text="Ici.", sender="a@b.example"),
    ):
        with pytest.raises(NotAllowed):
            refused()
    team = make.make_coordinator()
    with pytest.raises(Refused, match="Donnez un titre"):
        campaigns.open_campaign(None, by=team, now=NOW, **fields | {"title": " "})
    with pytest.raises(Refused, match="après le premier"):
        campaigns.open_campaign(None, by=team, now=NOW, **fields | {"closes_on": TODAY - timedelta(days=9)})
    with pytest.raises(Refused, match="à venir"):
        campaigns.reopen_campaign(campaign, by=team, now=NOW, closes_on=TODAY - timedelta(days=1))
    assert Campaign.objects.count() == 1


def test_a_campaign_that_opened_today_and_is_closed_at_once_goes_back_to_preparation(db):
    campaign = make.make_campaign(opens_on=TODAY)
    campaigns.close_campaign(campaign, by=make.make_coordinator(), now=NOW)
    assert (campaign.is_announced, campaign.closes_on) == (False, None)
    with pytest.raises(Refused, match="n’est pas ouverte"):
        campaigns.close_campaign(campaign, by=make.make_coordinator(), now=NOW)


def test_a_draft_is_not_sent_before_the_address_is_proven_nor_without_words(draft):
    with pytest.raises(Refused, match="Confirmez d’abord votre adresse"):
        deposit.send_draft(draft, by=VISITOR, now=NOW)
    assert draft.stage == Stage.DRAFT
    deposit.ask_code(draft, by=VISITOR, now=NOW)
    proof = AddressProof.objects.get()
    assert deposit.try_code(proof, by=VISITOR, now=NOW, code="12") is False
    Contribution.objects.filter(pk=draft.pk).update(email_proven_at=NOW, text=" ")
    draft.refresh_from_db()
    with pytest.raises(Refused, match="pas encore de texte"):
        deposit.send_draft(draft, by=VISITOR, now=NOW)
    assert Contribution.objects.get().stage == Stage.DRAFT
    assert not Letter.objects.filter(kind="contributions.acknowledged").exists()


def test_a_failure_on_the_way_leaves_no_half_row(draft, monkeypatch):
    Contribution.objects.filter(pk=draft.pk).update(email_proven_at=NOW)
    draft.refresh_from_db()

    def dies(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("dialogue.contributions.letters.deposit.acknowledge", dies)
    with pytest.raises(RuntimeError):
        deposit.send_draft(draft, by=VISITOR, now=NOW)
    row = Contribution.objects.get()
    assert (row.stage, row.received_at, hasattr(row, "words")) == (Stage.DRAFT, None, False)
    assert not Entry.objects.filter(act="contributions.send_draft").exists()


def test_the_code_is_not_kept_and_counts_for_this_draft_alone(draft):
    deposit.ask_code(draft, by=VISITOR, now=NOW)
    code = Letter.objects.get().subject[-6:]
    proof = AddressProof.objects.get()
    assert code not in proof.code_hash
    other = deposit.start_draft(draft.campaign, by=VISITOR, now=NOW, nature="need", title="Autre", text="Autre.")
    deposit.keep_draft(other, by=VISITOR, now=NOW, author_email="anne@habitant.example")
    stolen = AddressProof.objects.create(
        contribution=other, email=other.author_email, code_hash=proof.code_hash, expires_at=proof.expires_at
    )
    assert deposit.try_code(stolen, by=VISITOR, now=NOW, code=code) is False
    assert deposit.try_code(proof, by=VISITOR, now=NOW, code=code) is True


def test_somebody_s_draft_is_theirs_alone(draft):
    owner, other = make.make_person(), make.make_person()
    deposit.take_over_draft(draft, by=owner, now=NOW)
    for refused in (
        lambda: deposit.keep_draft(draft, by=other, now=NOW, title="Volée"),
        lambda: deposit.discard_draft(draft, by=other, now=NOW),
        lambda: deposit_files.attach_file(draft, by=other, now=NOW, file=ContentFile(b"Un"), name="un.txt"),
    ):
        with pytest.raises(NotAllowed):
            refused()
    with pytest.raises(NotAllowed):
        deposit.purge_draft(draft, by=other, now=NOW)
    deposit.discard_draft(draft, by=owner, now=NOW)
    assert not Contribution.objects.exists()


def test_what_was_worked_on_is_neither_corrected_nor_withdrawn_but_consent_is_always_the_author_s(db):
    row = make.make_contribution(stage=Stage.QUALIFIED)
    for refused in (
        lambda: deposit.correct(row, by=VISITOR, now=NOW, title="Autre"),
        lambda: deposit.complete(row, by=VISITOR, now=NOW, title="Autre"),
        lambda: deposit.withdraw(row, by=VISITOR, now=NOW),
    ):
        with pytest.raises(Refused):
            refused()
    deposit.change_consent(row, by=VISITOR, now=NOW, may_publish=False, naming=Naming.ANONYMOUS)
    assert (row.circle, row.shown_name) == ("group", "")
    deposit.stop_mail(row, by=VISITOR, now=NOW)
    assert row.mail_stopped_at == NOW
    deposit.resume_mail(row, by=VISITOR, now=NOW)
    assert row.mail_stopped_at is None


def test_files_are_taken_away_and_an_infected_one_is_handed_to_nobody(db):
    row = make.make_contribution(stage=Stage.RECEIVED, is_published=False)
    file = deposit_files.attach_file(row, by=VISITOR, now=NOW, file=ContentFile(b"Un texte"), name="un.txt")
    deposit_files.note_scan(file, by=SYSTEM, now=NOW, scan=Scan.INFECTED)
    assert not file.is_handed_out
    deposit_files.remove_file(row, by=VISITOR, now=NOW, attachment=file)
    assert not Attachment.objects.exists()


def test_a_support_is_confirmed_by_its_own_code_or_goes(db):
    row = make.make_contribution()
    given = support.support(row, by=VISITOR, now=NOW, author_email="anne@habitant.example")
    support.ask_support_code(given, by=VISITOR, now=NOW)
    assert Letter.objects.filter(kind="contributions.code").count() == 2
    support.purge_support(given, by=SYSTEM, now=NOW)
    assert not Support.objects.exists()
    with pytest.raises(Refused, match="Indiquez votre adresse"):
        support.support(row, by=VISITOR, now=NOW)


def test_only_the_platform_forgets_authors_and_moves_organisations(db):
    person, body = make.make_person(), make.make_organisation()
    with pytest.raises(NotAllowed):
        privacy.forget_author(None, by=person, now=NOW, person=person)
    with pytest.raises(NotAllowed):
        privacy.move_to_organisation(None, by=person, now=NOW, source=body, into=make.make_organisation())
    with pytest.raises(NotAllowed):
        contribute_mail(make.make_mail(None), by=person, now=NOW, facts={}, campaign=make.make_campaign())
