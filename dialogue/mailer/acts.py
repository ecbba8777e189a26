"""What people decide about their mail, and the coordination about the letters that failed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused, act
from dialogue.mailer import bounces, kinds, quiet, unsubscribing
from dialogue.mailer import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.mailer.kinds import Frequency, Mode
from dialogue.mailer.models import Choice, Letter, LetterStage, Rhythm, Suspension
from dialogue.mailer.unsubscribing import Wish


@act("mailer.choose")
def choose(
    person: Any,
    *,
    by: Any,
    now: datetime,
    choices: dict[str, str],
    space: str = "",
    frequency: str | None = None,
    quiet_hours: bool | None = None,
) -> None:
    """One's choices by kind, for everything or for one `space`, how often the digest leaves, whether mail keeps silent hours.

    An empty mode, or an empty frequency, goes back to the default. Raises Refused for a kind that is unknown or
    mandatory, and for an unknown mode or frequency.
    """
    for code, mode in choices.items():
        kind = kinds.REGISTRY.get(code)
        if kind is None or kind.mandatory or (space and not kind.per_space) or (mode and mode not in Mode.values):
            raise Refused(_("Choisissez parmi les réponses proposées."))
        _set(person, code, space, mode)
    if frequency is not None:
        if frequency and frequency not in Frequency.values:
            raise Refused(_("Choisissez parmi les réponses proposées."))
        _set_rhythm(person, frequency)
    if quiet_hours is not None:
        Rhythm.objects.update_or_create(person=person, defaults={"quiet": quiet_hours})
        if not quiet_hours:
            quiet.release(person, timezone.now())


@act("mailer.unsubscribe")
def unsubscribe(person: Any, *, by: Any, now: datetime, token: str) -> None:
    """Whoever holds the signed address of a letter stops letters like it. Raises Refused when the address is not ours."""
    wish = _wish(person, token)
    if wish.is_digest:
        _set_rhythm(person, Frequency.NEVER)
    else:
        _set(person, wish.kind.code, wish.space, Mode.NEVER)


@act("mailer.subscribe_again")
def subscribe_again(person: Any, *, by: Any, now: datetime, token: str, before: str = "") -> None:
    """Undo: back to the choice that stood `before`, or to none. Raises Refused as `unsubscribe` does."""
    wish = _wish(person, token)
    if wish.is_digest:
        _set_rhythm(person, before if before in Frequency.values else "")
    else:
        _set(person, wish.kind.code, wish.space, before if before in Mode.values else "")


@act("mailer.retry_letter", come_from=[LetterStage.FAILED], go_to=LetterStage.QUEUED)
def retry_letter(letter: Letter, *, by: Any, now: datetime) -> None:
    """The letter goes back to the outbox, as if new; the same mail, with the same Message-ID."""
    Letter.objects.filter(pk=letter.pk).update(attempts=0, next_attempt_at=timezone.now(), error="")


@act("mailer.lift_suspension")
def lift_suspension(suspension: Suspension, *, by: Any, now: datetime) -> None:
    """The address may be written to again; its past refusals are forgotten."""
    bounces.forget(suspension.address)
    if Suspension.objects.filter(pk=suspension.pk).delete()[0] == 0:
        raise Refused(_("Cette adresse n’est déjà plus suspendue."))


@act("mailer.note_bounce")
def note_bounce(
    _nothing: None = None, *, by: Any, now: datetime, address: str, status: str, reason: str = ""
) -> Suspension | None:
    """A notice says that a letter of ours did not reach `address`; `status` is that of RFC 3463 ("5.1.1").

    5.x.x suspends the address, three 4.x.x (or 5.2.2, mailbox full) in ten days too; what speaks of us or of the message (5.7.x,
    5.2.3, 5.3.4, 5.6.x) counts for nothing. Returns the
    suspension, None while mail still goes there. The caller has made sure that the notice is about a letter of ours.
    """
    return bounces.note(address, status, reason, now)


def _wish(person: Any, token: str) -> Wish:
    wish = unsubscribing.read(token)
    if wish is None or wish.person_id != person.pk:
        raise Refused(_("Cette adresse de désinscription n’est pas valable."))
    return wish


def _set(person: Any, code: str, space: str, mode: str) -> None:
    if mode:
        Choice.objects.update_or_create(person=person, kind=code, space=space, defaults={"mode": mode})
    else:
        Choice.objects.filter(person=person, kind=code, space=space).delete()


def _set_rhythm(person: Any, frequency: str) -> None:
    if frequency:
        Rhythm.objects.update_or_create(person=person, defaults={"frequency": frequency})
    else:
        Rhythm.objects.filter(person=person, quiet=True).delete()
        Rhythm.objects.filter(person=person).update(frequency=Frequency.WEEKLY)
