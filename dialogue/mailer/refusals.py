"""What a failed delivery means: try again later, give up, or stop writing to that address."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from enum import Enum


class Fate(Enum):
    SENT = "sent"
    LATER = "later"
    GIVE_UP = "give up"
    SUSPEND = "suspend"


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt; `words` are the server's own."""

    fate: Fate
    words: str = ""


#: Replies that speak of the mailbox itself (RFC 5321); 552, 554 and the like speak of the message or of us.
_NO_SUCH_MAILBOX = {550, 551, 553}
_PERMANENT = 500


def outcome_of(problem: Exception) -> Outcome:
    """Read what the mail server, or the provider's API, answered."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(problem.recipients.values()))
        return _reply(code, _text(words), about_recipient=True)
    if isinstance(problem, smtplib.SMTPDataError):
        return _reply(problem.smtp_code, _text(problem.smtp_error), about_recipient=False)
    if isinstance(problem, smtplib.SMTPResponseException):
        # Sign-in, sender or greeting refused: our own installation, to be repaired; the letters wait.
        return Outcome(Fate.LATER, f"{problem.smtp_code} {_text(problem.smtp_error)}"[:500])
    name, fate = type(problem).__name__, Fate.GIVE_UP
    if name == "AnymailRecipientsRefused":
        fate = Fate.SUSPEND
    elif isinstance(problem, (smtplib.SMTPException, OSError)) or name.startswith("Anymail"):
        fate = Fate.LATER
    # What is left: a letter that cannot even be written (a header with a line break…), and never will be.
    return Outcome(fate, f"{name}: {problem}"[:500])


def _reply(code: int, words: str, *, about_recipient: bool) -> Outcome:
    said = f"{code} {words}"[:500]
    if code < _PERMANENT:
        return Outcome(Fate.LATER, said)
    # Enhanced codes (RFC 3463): 5.1.x bad address, 5.2.x mailbox out of order; 5.7.x is policy, hence not the address.
    enhanced = words.split(" ", 1)[0]
    is_coded = enhanced.startswith("5.")
    names_mailbox = enhanced.startswith(("5.1.", "5.2.")) if is_coded else about_recipient and "relay" not in words.lower()
    if code in _NO_SUCH_MAILBOX and names_mailbox:
        return Outcome(Fate.SUSPEND, said)
    return Outcome(Fate.GIVE_UP, said)


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", errors="replace") if isinstance(words, bytes) else words
