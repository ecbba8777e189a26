"""A contribution from its first word to its reception: the draft, the proof of the address, the sending; and what its author may do
afterwards with the tracking link."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from dialogue.contributions.acts import deposit_files as files
from dialogue.contributions.acts.rows import circle_for, index, next_number, published_at, write
from dialogue.contributions.authors import author_key, shown_name
from dialogue.contributions.letters import deposit as letters
from dialogue.contributions.models import MAX_TEXT, AddressProof, Campaign, Contribution, Support
from dialogue.contributions.rules import deposit as _rules  # noqa: F401  (declares the permissions)
from dialogue.contributions.stages import STANDING, Naming, Stage, ThemeSource, Via
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date

#: How long a code may be typed (real time), and how often.
CODE_MINUTES, MOST_TRIES = 30, 5
#: What the form, a correction or an agent may write.
WRITABLE = {
    "nature", "title", "text", "audiences", "territory", "commune", "place", "theme", "second_theme", "organisation",
    "organisation_name", "author_name", "author_email", "author_phone", "naming", "may_publish", "wants_news",
}  # fmt: skip
#: What an author corrects by the tracking page: not who they are.
CORRECTABLE = {"nature", "title", "text", "audiences", "territory", "commune", "place", "theme", "second_theme"}


def without_nul(value: Any) -> Any:
    return value.replace("\x00", "") if isinstance(value, str) else value


def tidy(fields: dict[str, Any], *, may: set[str] = WRITABLE, source: ThemeSource = ThemeSource.AUTHOR) -> dict[str, Any]:
    """Fields as they are kept: no NUL, a title on one line, the territory of the commune, a theme with who said it."""
    kept = {name: without_nul(value) for name, value in fields.items() if name in may}
    if "title" in kept:
        kept["title"] = " ".join(kept["title"].split())[:200]
    if len(kept.get("text", "")) > MAX_TEXT:
        raise Refused(_("Ce texte est trop long : 50 000 signes au plus."))
    if kept.get("commune"):
        kept["territory"] = kept["commune"].territory
    if "theme" in kept:
        kept["theme_source"] = source if kept["theme"] else ThemeSource.NONE
        if kept.get("second_theme") and (kept["theme"] is None or kept["second_theme"] == kept["theme"]):
            kept["second_theme"] = None
    return kept


def campaign_is_open(thing: Any, *, by: Any, now: datetime) -> str | None:
    campaign = thing if isinstance(thing, Campaign) else thing.campaign
    if campaign.is_open(local_date(now)):
        return None
    return _("« %(title)s » n’est plus ouverte : rien ne peut y être déposé.") % {"title": campaign.title}


def says_something(draft: Contribution, *, by: Any, now: datetime) -> str | None:
    return None if draft.title.strip() and draft.text.strip() else _("Votre contribution n’a pas encore de texte.")


def address_is_proven(draft: Contribution, *, by: Any, now: datetime) -> str | None:
    if needs_code(draft, by):
        return _("Confirmez d’abord votre adresse, avec le code que nous vous avons envoyé.")
    return None


def needs_code(draft: Contribution, by: Any) -> bool:
    """Whether the author's address is still to be proven: a validated person is known, the others show a code."""
    is_known = getattr(by, "is_partner", False) and draft.person_id == by.pk
    return not is_known and draft.email_proven_at is None


def author_fields(row: Contribution) -> dict[str, Any]:
    """The author told apart from others, and the name that readers see."""
    email = row.author_email or (row.person.email if row.person else "")
    who = {"organisation": row.organisation, "organisation_name": row.organisation_name, "name": row.author_name}
    return {
        "author_key": author_key(email=email, else_=row.key, **who),
        "shown_name": shown_name(row.naming, **who),
    }


@act("contributions.start_draft", guards=[campaign_is_open], creates=True)
def start_draft(campaign: Campaign, *, by: Any, now: datetime, **fields: Any) -> Contribution:
    """The first words of somebody; theirs if they are signed in, else whoever holds the key."""
    person = by if getattr(by, "is_authenticated", False) else None
    row = Contribution(number=next_number(), campaign=campaign, via=Via.PAGE, written_at=now, **tidy(fields))
    row.person_id = person.pk if person else None
    row.author_key = author_key(else_=row.key)
    row.save()
    return row


@act("contributions.keep_draft", come_from=[Stage.DRAFT])
def keep_draft(draft: Contribution, *, by: Any, now: datetime, **fields: Any) -> None:
    """What was typed at one step. Another address has to be proven anew."""
    kept = tidy(fields)
    if "author_email" in kept and kept["author_email"].lower() != draft.author_email.lower():
        kept["email_proven_at"] = None
        AddressProof.objects.filter(contribution=draft).delete()
    write(draft, written_at=now, **kept)


@act("contributions.take_over_draft", come_from=[Stage.DRAFT])
def take_over_draft(draft: Contribution, *, by: Any, now: datetime) -> None:
    """Its author signed in on the way: the draft is now in their account."""
    if draft.person_id is None:
        write(draft, person_id=by.pk)


@act("contributions.discard_draft", come_from=[Stage.DRAFT], creates=True)
def discard_draft(draft: Contribution, *, by: Any, now: datetime) -> Campaign:
    """It is erased, its files too: nobody but its author had read it."""
    campaign = draft.campaign
    files.erase_all(draft)
    Contribution.objects.filter(pk=draft.pk).delete()
    return campaign


@act("contributions.purge_draft", come_from=[Stage.DRAFT], creates=True)
def purge_draft(draft: Contribution, *, by: Any, now: datetime) -> Campaign:
    """Left for fifteen days by somebody without an account (docs/retention.yaml)."""
    files.erase_all(draft)
    campaign = draft.campaign
    Contribution.objects.filter(pk=draft.pk).delete()
    return campaign


def _hashed(code: str, key: str) -> str:
    return salted_hmac("contributions.code", f"{key}:{code}", algorithm="sha256").hexdigest()


def _thing_key(thing: Contribution | Support) -> str:
    return f"{thing._meta.model_name}:{thing.pk}"


@act("contributions.ask_code")
def ask_code(draft: Contribution, *, by: Any, now: datetime) -> None:
    """Six new digits leave for the author's address; those sent before open nothing any more."""
    if draft.stage != Stage.DRAFT or not draft.author_email:
        raise Refused(_("Indiquez d’abord votre adresse électronique."))
    mail_code(draft, now=now)


def mail_code(thing: Contribution | Support, *, now: datetime) -> None:
    code = f"{secrets.randbelow(1_000_000):06d}"
    about = {"contribution": thing} if isinstance(thing, Contribution) else {"support": thing}
    fresh = {
        "email": thing.author_email,
        "code_hash": _hashed(code, _thing_key(thing)),
        "tries": 0,
        "expires_at": timezone.now() + timedelta(minutes=CODE_MINUTES),
    }
    AddressProof.objects.update_or_create(**about, defaults=fresh)
    letters.send_code(thing, code=code, minutes=CODE_MINUTES, now=now)


@act("contributions.try_code")
def try_code(proof: AddressProof, *, by: Any, now: datetime, code: str) -> bool:
    """One try, counted whatever comes of it; True when the address is proven from now on. Raises nothing for a wrong code."""
    rows = AddressProof.objects.filter(
        pk=proof.pk, tries__lt=MOST_TRIES, expires_at__gt=timezone.now(), code_hash=proof.code_hash
    )
    if rows.update(tries=F("tries") + 1) != 1:
        return False
    thing = proof.contribution or proof.support
    if thing is None or not hmac.compare_digest(proof.code_hash, _hashed(code, _thing_key(thing))):
        return False
    if isinstance(thing, Contribution):
        same = Contribution.objects.filter(pk=thing.pk, author_email__iexact=proof.email)
        proven = same.update(email_proven_at=now) == 1
    else:
        proven = Support.objects.filter(pk=thing.pk, confirmed_at=None).update(confirmed_at=now) == 1
        if proven:
            letters.support_noted(Support.objects.get(pk=thing.pk), now=now)
    AddressProof.objects.filter(pk=proof.pk).delete()
    return proven


@act("contributions.send_draft", come_from=[Stage.DRAFT], guards=[campaign_is_open, says_something, address_is_proven])
def send_draft(draft: Contribution, *, by: Any, now: datetime) -> None:
    """It is received, and its author learns under what number and what comes next. All of it or nothing."""
    # In one write: the database refuses a received contribution without its day.
    write(draft, stage=Stage.RECEIVED, written_at=now, **reception(draft, now=now))
    settle_reception(draft, now=now)


def reception(row: Contribution, *, now: datetime) -> dict[str, Any]:
    """The columns that a reception fills in."""
    return author_fields(row) | {
        "received_at": now,
        "due_on": row.campaign.due_on(local_date(now)),
        "circle": circle_for(row.campaign, may_publish=row.may_publish),
        "is_published": published_at(Stage.RECEIVED, row.campaign),
    }


def settle_reception(row: Contribution, *, now: datetime, not_kept: list[str] | None = None) -> None:
    """What follows, in the same transaction: found by the search; acknowledged, with the files that were `not_kept`."""
    index([row])
    letters.acknowledge(row, now=now, not_kept=not_kept or [])


@act("contributions.correct", come_from=[Stage.RECEIVED])
def correct(contribution: Contribution, *, by: Any, now: datetime, **fields: Any) -> None:
    """Its author says it better, as long as nobody worked on it."""
    _rewrite(contribution, now=now, fields=fields)


@act("contributions.complete", come_from=[Stage.TO_COMPLETE], go_to=Stage.RECEIVED)
def complete(contribution: Contribution, *, by: Any, now: datetime, **fields: Any) -> None:
    """What was missing is there: it is read again."""
    _rewrite(contribution, now=now, fields=fields, motive="")
    letters.completed(contribution, now=now)


def _rewrite(row: Contribution, *, now: datetime, fields: dict[str, Any], **more: Any) -> None:
    kept = tidy(fields, may=CORRECTABLE)
    if not kept.get("title", row.title) or not kept.get("text", row.text).strip():
        raise Refused(_("Votre contribution a besoin d’un titre et d’un texte."))
    if "theme" in kept and kept["theme"] == row.theme:
        kept.pop("theme_source")
    write(row, **kept, **more)
    write(row, is_published=published_at(row.stage, row.campaign))
    index([row])


@act("contributions.withdraw", come_from=[Stage.RECEIVED, Stage.TO_COMPLETE])
def withdraw(contribution: Contribution, *, by: Any, now: datetime) -> None:
    """By its author, before anybody worked on it: nobody reads it any more, its number stays."""
    write(contribution, stage=Stage.WITHDRAWN, is_published=False, cluster_id=None)
    letters.withdrawn(contribution, now=now)


@act("contributions.change_consent", come_from=[*STANDING, Stage.TO_COMPLETE], record=("may_publish", "naming"))
def change_consent(
    contribution: Contribution, *, by: Any, now: datetime, may_publish: bool, naming: Naming, author_name: str | None = None
) -> None:
    """Whether it may be shown, and under what name: the author decides, at any time. `author_name`: None leaves it."""
    name = contribution.author_name if author_name is None else without_nul(author_name).strip()[:120]
    who = {"organisation": contribution.organisation, "organisation_name": contribution.organisation_name, "name": name}
    write(
        contribution,
        may_publish=may_publish,
        naming=naming,
        author_name=name,
        shown_name=shown_name(naming, **who),
        circle=circle_for(contribution.campaign, may_publish=may_publish),
    )
    index([contribution])


@act("contributions.stop_mail")
def stop_mail(contribution: Contribution, *, by: Any, now: datetime) -> None:
    """No more letters on this contribution; what becomes of it stays on its tracking page."""
    Contribution.objects.filter(pk=contribution.pk, mail_stopped_at=None).update(mail_stopped_at=now, wants_news=False)
    contribution.refresh_from_db(fields=["mail_stopped_at", "wants_news"])


@act("contributions.resume_mail")
def resume_mail(contribution: Contribution, *, by: Any, now: datetime) -> None:
    Contribution.objects.filter(pk=contribution.pk).update(mail_stopped_at=None)
    contribution.refresh_from_db(fields=["mail_stopped_at"])
