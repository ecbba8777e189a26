"""What people decide about their mail, and the coordination about the letters that failed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused, act
from dialogue.mailer import kinds
from dialogue.mailer import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.mailer.kinds import Mode
from dialogue.mailer.models import Choice, Letter, LetterStage, Suspension


@act("mailer.choose")
def choose(person: Any, *, by: Any, now: datetime, choices: dict[str, str], space: str = "") -> None:
    """One's choices by kind, for everything or for one `space`; an empty mode goes back to the default.

    Raises Refused for a kind that is unknown or mandatory, and for an unknown mode.
    """
    for code, mode in choices.items():
        kind = kinds.REGISTRY.get(code)
        if kind is None or kind.mandatory or (mode and mode not in Mode.values):
            raise Refused(_("Choisissez parmi les réponses proposées."))
        rows = Choice.objects.filter(person=person, kind=code, space=space)
        if mode:
            Choice.objects.update_or_create(person=person, kind=code, space=space, defaults={"mode": mode})
        else:
            rows.delete()


@act("mailer.retry_letter", come_from=[LetterStage.FAILED], go_to=LetterStage.QUEUED)
def retry_letter(letter: Letter, *, by: Any, now: datetime) -> None:
    """The letter goes back to the outbox, as if new."""
    Letter.objects.filter(pk=letter.pk).update(attempts=0, next_attempt_at=timezone.now(), error="")


@act("mailer.lift_suspension")
def lift_suspension(suspension: Suspension, *, by: Any, now: datetime) -> None:
    """The address may be written to again."""
    if Suspension.objects.filter(pk=suspension.pk).delete()[0] == 0:
        raise Refused(_("Cette adresse n’est déjà plus suspendue."))
