"""Received mails in the small world of the house tests: some wait, some are posted, refused or ignored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dialogue.chantiers.models import Chantier
from dialogue.inbox.models import Mail
from dialogue.inbox.stages import MailStage, Reason
from tests import factories as make

STAGES = (
    (MailStage.TO_FILE, Reason.OTHER_SENDER),
    (MailStage.SET_ASIDE, Reason.GROUP),
    (MailStage.REFUSED, Reason.CLOSED),
    (MailStage.IGNORED, Reason.AUTOMATIC),
)


def build(chantier: Chantier, size: int) -> None:
    """A mail in each list of the group's queue, `size` of each."""
    thread = chantier.threads.filter(subject="group").order_by("pk").first()
    meeting = chantier.meetings.order_by("pk").first()
    member = chantier.members.filter(role="partner").order_by("pk").first().representatives.first().person
    for n in range(size):
        for stage, reason in STAGES:
            make.make_mail(chantier, stage=stage, reason=reason, thread=thread, at=make.NOW - timedelta(hours=n))
        make.make_mail(chantier, stage=MailStage.TO_FILE, reason=Reason.IN_WORDS, meeting=meeting, person=member)


def general(size: int) -> None:
    """Mails of no group, and one that could not be read."""
    for _ in range(size):
        make.make_mail(None, stage=MailStage.TO_FILE, reason=Reason.CONTACT, envelope_to="contact@localhost")
        make.make_mail(None, stage=MailStage.FAILED, reason=Reason.UNREADABLE, error="ValueError")


def samples(world: Any) -> dict[str, dict[str, dict[str, Any]]]:
    """Sample values of the addresses of the inbox (tests/house/samples.py)."""

    def first(chantier: Any, stage: MailStage, **more: Any) -> dict[str, int]:
        return {"pk": Mail.objects.filter(chantier=chantier, stage=stage, **more).order_by("pk").first().pk}

    ours, theirs = world.chantiers["ours"], world.chantiers["theirs-partners"]
    waiting = {
        "ours": first(ours, MailStage.TO_FILE, reason=Reason.OTHER_SENDER),
        "theirs": first(theirs, MailStage.TO_FILE, reason=Reason.OTHER_SENDER),
    }
    general_mail = {"of no group": first(None, MailStage.TO_FILE)}
    aside = {"ours": first(ours, MailStage.SET_ASIDE)}
    return {
        "inbox:mail": waiting | general_mail | {"set aside": aside["ours"], "refused": first(ours, MailStage.REFUSED)}
        | {"in words": first(ours, MailStage.TO_FILE, reason=Reason.IN_WORDS), "failed": first(None, MailStage.FAILED)},
        "inbox:original": waiting | general_mail,
        **dict.fromkeys(("inbox:file", "inbox:presence", "inbox:assign", "inbox:set_aside", "inbox:reject"), waiting),
        "inbox:take_back": aside,
        "inbox:retry": {"": first(None, MailStage.FAILED)},
        "inbox:webhook": {name: {"provider": name} for name in ("postmark", "inconnu")},
    }  # fmt: skip
