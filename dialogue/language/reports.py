"""What no person wrote: delivery failures, absences, receipts, lists. Used by `mime`. Pure Python, no Django."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message as Part

from dialogue.language.bodies import leaves, payload
from dialogue.language.charsets import decode, decode_header

Headers = tuple[tuple[str, str], ...]

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,250}\w")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])([45]\d\d)[ -](?=\D)")
_ID = re.compile(r"^[> ]*Message-I[Dd]:\s*(<[^<>\s]{1,990}>)", re.MULTILINE)
_MACHINES = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|mdaemon|bounces?(?:[+-].*)?)@", re.IGNORECASE)
_FAILED = re.compile(
    r"undeliver|delivery (?:status|failure|has failed)|mail delivery|returned mail|failure notice|non remis|non distribu"
    r"|[eé]chec de (?:la )?(?:remise|distribution|livraison)|impossible de remettre|n'a pas pu [eê]tre (?:remis|distribu)"
    r"|d[eé]lai de remise",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"^(?:r[eé]ponse automatique|automatic reply|auto(?:matique)?[ -]?r[eé]ponse|out of (?:the )?office|absence du bureau"
    r"|message d'absence|notification d'absence|absent\(e\)|r[eé]pondeur|autoreply|auto ?: )",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Failure:
    """One address that our mail did not reach; `status` is RFC 3463 (5.1.1) or "" when the report does not say."""

    address: str
    status: str = ""
    action: str = "failed"
    reason: str = ""


@dataclass(frozen=True)
class Bounce:
    """A delivery report: whom the mail did not reach, and the Message-ID of that mail ("" when it is not told)."""

    failures: tuple[Failure, ...] = ()
    original_id: str = ""


def bounce_of(root: Part, headers: Headers, text: str) -> Bounce | None:
    """The delivery report that this mail is, or None. Successes ("relayed", "delivered") are reports without failures."""
    parts = list(leaves(root))
    statuses = [
        part for part in parts if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}
    ]
    if not statuses and not _reads_as_failure(headers):
        return None
    failures = [found for part in statuses for found in _failures(part)]
    original_id = next(filter(None, (_original_id(part) for part in parts)), "")
    if not statuses:
        # Exim, qmail and the portals write in words: the address stands in the text or in a header of theirs.
        failed = next((value for key, value in headers if key == "x-failed-recipients"), "")
        addresses = _ADDRESS.findall(failed) or _ADDRESS.findall(text.partition("Message-ID")[0])[:1]
        failures = [Failure(address.lower(), _status_in(text), reason=_reason_in(text)) for address in addresses]
        found = _ID.search(text)
        original_id = original_id or (found[1] if found else "")
    return Bounce(tuple(failures), original_id)


def auto_of(root: Part, headers: Headers, bounce: Bounce | None) -> str:
    """ "bounce", "auto_reply", "list", or "" for what a person wrote (RFC 3834, and what programs do beside it)."""
    values = {key: value.lower() for key, value in reversed(headers)}
    if bounce is not None:
        return "bounce"
    submitted = values.get("auto-submitted", "no").partition(";")[0].strip()
    if submitted not in {"", "no"} or _is_receipt(root) or {"x-autoreply", "x-autorespond", "x-autoresponse"} & values.keys():
        return "auto_reply"
    precedence = values.get("precedence", "").strip()
    if precedence == "auto_reply" or _ABSENT.match(values.get("subject", "").replace("’", "'")):
        return "auto_reply"
    if {"list-id", "list-post", "list-unsubscribe", "x-mailing-list"} & values.keys() or precedence in {"list", "bulk", "junk"}:
        return "list"
    return ""


def _is_receipt(root: Part) -> bool:
    return any(part.get_content_type() == "message/disposition-notification" for part in leaves(root))


def _reads_as_failure(headers: Headers) -> bool:
    values = dict(reversed(headers))
    if "x-failed-recipients" in values:
        return True
    from_machine = any(_MACHINES.match(address) for address in _ADDRESS.findall(values.get("from", "")))
    empty_envelope = values.get("return-path", "").replace(" ", "") == "<>"
    says_so = bool(_FAILED.search(values.get("subject", "").replace("’", "'")))
    return (from_machine or empty_envelope) and says_so


def _failures(part: Part) -> list[Failure]:
    """The groups of fields of a delivery report (RFC 3464): one for the message, then one for each recipient."""
    inner = part.get_payload()
    blocks = [one for one in inner if isinstance(one, Part)] if isinstance(inner, list) else []
    found = []
    for block in blocks:
        fields = {name.lower(): decode_header(str(value)) for name, value in reversed(list(block.raw_items()))}
        where = fields.get("original-recipient") or fields.get("final-recipient", "")
        final = _ADDRESS.search(fields.get("final-recipient", "")) or _ADDRESS.search(where)
        action = fields.get("action", "failed").lower()
        if final is None or action in {"delivered", "relayed", "expanded"}:
            continue
        reason = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("diagnostic-code", "")
        status = _status_in(fields.get("status", "")) or _status_in(reason)
        address = _ADDRESS.search(where) or final
        found.append(Failure(address[0].lower(), status, action, reason[:500]))
    return found


def _original_id(part: Part) -> str:
    """The Message-ID of the mail that was returned, whole or by its headers."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], Part) else None
        return " ".join(str(first.get("message-id", "")).split()) if first is not None else ""
    if kind in {"text/rfc822-headers", "message/global-headers"}:
        words = payload(part) or str(part.get_payload()).encode("utf-8", "replace")
        found = _ID.search(decode(words))
        return found[1] if found else ""
    return ""


def _status_in(words: str) -> str:
    """An enhanced status; from a plain reply code (550), its class only."""
    found = _STATUS.search(words)
    if found:
        return found[1]
    code = _REPLY_CODE.search(words)
    return f"{code[1][0]}.0.0" if code else ""


def _reason_in(text: str) -> str:
    lines = [line.strip() for line in text.split("\n") if _STATUS.search(line) or _REPLY_CODE.search(line)]
    return (lines[0] if lines else "")[:500]
