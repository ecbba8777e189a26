"""The acts of the deposit, one by one: what the pages rest on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile

from dialogue.chantiers.acts import choosing
from dialogue.chantiers.models import ContributionLink
from dialogue.chantiers.stages import CandidateStage
from dialogue.contributions.acts import campaigns, deposit, deposit_files, privacy, receiving, support
from dialogue.contributions.models import AddressProof, Attachment, Campaign, Contribution, Support
from dialogue.contributions.stages import Naming, Stage
from dialogue.files.stages import Scan
from dialogue.inbox.acts.contributions import contribute_mail
from dialogue.inbox.stages import MailStage
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.people.stages import Circle
from tests import factories as make
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()


@pytest.fixture
def campaign():
    return make.make_campaign()


def draft(campaign, by=ANYBODY, **fields):
    fields = {"title": "Des bus le soir", "text": "Pour rentrer du lycée.", "author_email": "anne@habitant.example"} | fields
    return deposit.start_draft(campaign, by=by, now=NOW, **fields)


def test_a_campaign_is_opened_changed_announced_closed_and_opened_again():
    coordinator = make.make_coordinator()
    common = {"by": coordinator, "now": NOW}
    fields = {"title": "Hiver", "opens_on": TODAY - timedelta(days=3), "closes_on": None, "circle": Circle.PUBLIC}
    campaign = campaigns.open_campaign(None, **common, **fields)
    assert (campaign.slug, campaign.is_announced) == ("hiver", False)
    campaigns.change_campaign(campaign, **common, **(fields | {"title": "Hiver 2018"}))
    campaigns.announce_campaign(campaign, **common)
    assert (campaign.title, campaign.is_open(TODAY)) == ("Hiver 2018", True)
    campaigns.close_campaign(campaign, **common)
    assert (campaign.is_open(TODAY), campaign.closes_on) == (False, TODAY - timedelta(days=1))
    campaigns.reopen_campaign(campaign, **common, closes_on=date(2018, 1, 31))
    assert Campaign.objects.get().is_open(TODAY)
    with pytest.raises(NotAllowed):
        campaigns.open_campaign(None, by=make.make_person(), now=NOW, **fields)


def test_a_draft_is_kept_taken_over_and_discarded_with_its_files(campaign):
    row = draft(campaign)
    deposit.keep_draft(row, by=ANYBODY, now=NOW, title="Des bus le soir, et le dimanche")
    person = make.make_person()
    deposit.take_over_draft(row, by=person, now=NOW)
    row.refresh_from_db()
    assert (row.title, row.person) == ("Des bus le soir, et le dimanche", person)
    with pytest.raises(NotAllowed):
        deposit.keep_draft(row, by=make.make_person(), now=NOW, title="Volé")
    file = deposit_files.attach_file(row, by=person, now=NOW, file=SimpleUploadedFile("plan.txt", b"Un plan."))
    deposit_files.note_scan(file, by=SYSTEM, now=NOW, scan=Scan.CLEAN)
    assert Attachment.objects.get().scan == Scan.CLEAN
    deposit_files.remove_file(row, by=person, now=NOW, attachment=file)
    assert not Attachment.objects.exists()
    assert deposit.discard_draft(row, by=person, now=NOW) == campaign
    assert not Contribution.objects.exists()


def test_a_draft_that_nobody_proves_is_purged_by_the_platform_alone(campaign):
    row = draft(campaign)
    with pytest.raises(NotAllowed):
        deposit.purge_draft(row, by=make.make_coordinator(), now=NOW)
    deposit.purge_draft(row, by=SYSTEM, now=NOW)
    assert not Contribution.objects.exists()


def test_a_code_proves_the_address_it_was_sent_to_and_a_wrong_one_proves_nothing(campaign):
    row = draft(campaign)
    deposit.ask_code(row, by=ANYBODY, now=NOW)
    proof = AddressProof.objects.get()
    assert (proof.email, proof.contribution) == ("anne@habitant.example", row)
    assert deposit.try_code(proof, by=ANYBODY, now=NOW, code="wrong") is False
    proof.refresh_from_db()
    assert proof.tries == 1
    with pytest.raises(Refused):
        deposit.send_draft(row, by=ANYBODY, now=NOW)


def test_the_author_decides_of_the_publication_and_of_the_letters(campaign):
    row = make.make_contribution(campaign=campaign, circle="group", may_publish=False, author_name="Anne")
    deposit.change_consent(row, by=ANYBODY, now=NOW, may_publish=True, naming=Naming.NAME)
    assert (row.circle, row.shown_name) == (Circle.PUBLIC, "Anne")
    deposit.stop_mail(row, by=ANYBODY, now=NOW)
    assert row.mail_stopped_at == NOW
    deposit.resume_mail(row, by=ANYBODY, now=NOW)
    assert row.mail_stopped_at is None


def test_a_support_whose_address_is_not_proven_is_asked_again_then_purged(campaign):
    row = make.make_contribution(campaign=campaign)
    given = support.support(row, by=ANYBODY, now=NOW, organisation_name="Amicale", author_email="amicale@asso.example")
    support.ask_support_code(given, by=ANYBODY, now=NOW)
    assert AddressProof.objects.get().support == given
    support.purge_support(given, by=SYSTEM, now=NOW)
    assert not Support.objects.exists()


def test_whoever_leaves_takes_their_name_away_and_a_merged_organisation_keeps_its_texts(campaign):
    person, source, into = make.make_person(), make.make_organisation(), make.make_organisation()
    named = make.make_contribution(campaign=campaign, person=person, author_name="Anne", author_email=person.email)
    privacy.forget_author(None, by=SYSTEM, now=NOW, person=person)
    named.refresh_from_db()
    assert (named.person, named.author_name, named.author_email) == (None, "", "")
    theirs = make.make_contribution(campaign=campaign, organisation=source, naming="organisation")
    privacy.move_to_organisation(None, by=SYSTEM, now=NOW, source=source, into=into)
    theirs.refresh_from_db()
    assert (theirs.organisation, theirs.shown_name) == (into, into.name)


def test_a_mail_is_a_contribution_of_the_platform_alone(campaign):
    words = {"title": "Des bus", "text": "Le soir.", "sender": "anne@habitant.example", "sender_name": "Anne"}
    with pytest.raises(NotAllowed):
        receiving.receive_by_mail(campaign, by=make.make_person(), now=NOW, **words)
    row = receiving.receive_by_mail(campaign, by=SYSTEM, now=NOW, **words)
    assert (row.stage, row.circle) == (Stage.RECEIVED, Circle.GROUP)
    mail = make.make_mail(None, stage=MailStage.RECEIVED, reason="")
    facts = {"subject": "Un banc", "text": "Au bord du fleuve.", "sender": "luc@habitant.example", "sender_name": "Luc"}
    contribute_mail(mail, by=SYSTEM, now=NOW, facts=facts, campaign=campaign)
    assert (mail.stage, Contribution.objects.latest("pk").title) == (MailStage.DEPOSITED, "Un banc")


def test_a_chantier_that_exists_already_carries_the_contributions_of_its_candidate(campaign):
    coordinator, theme, territory = make.make_coordinator(), make.make_theme(), make.make_territory()
    row = make.make_contribution(campaign=campaign, theme=theme, territory=territory, stage=Stage.QUALIFIED)
    common = {"theme": theme, "territory": territory}
    candidate = make.make_candidate(stage=CandidateStage.RETAINED, decided_on=TODAY, **common)
    other = make.make_chantier(theme=make.make_theme(), territories=[territory])
    with pytest.raises(Refused):
        choosing.tie_candidate(candidate, by=coordinator, now=NOW, chantier=other)
    chantier = make.make_chantier(theme=theme, territories=[territory])
    choosing.tie_candidate(candidate, by=coordinator, now=NOW, chantier=chantier)
    candidate.refresh_from_db()
    row.refresh_from_db()
    assert (candidate.stage, candidate.chantier, row.stage) == (CandidateStage.OPENED, chantier, Stage.LINKED)
    assert ContributionLink.objects.get().is_origin
