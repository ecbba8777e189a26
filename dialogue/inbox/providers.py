"""The provider's door: Mailgun, Brevo or Postmark post what they received. Anymail reads their formats; the rest is ours.

Anymail would tell us by a signal; its views are asked directly instead, so that the answer to the provider comes after the mail is
stored, and an error makes it come again (docs/adr/0019).
"""

from __future__ import annotations

from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.base import AnymailBasicAuthMixin
from anymail.webhooks.brevo import BrevoInboundWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from dialogue.inbox import addresses
from dialogue.inbox.imap import recipient_of
from dialogue.inbox.models import Mail
from dialogue.inbox.reception import store
from dialogue.inbox.stages import Way

PROVIDERS: dict[str, Any] = {
    "mailgun": MailgunInboundWebhookView,
    "brevo": BrevoInboundWebhookView,
    "postmark": PostmarkInboundWebhookView,
}
#: Base64 and JSON make a third more of it.
LONGEST = 40_000_000


#: What Anymail, and the reading of what is not its provider's format, raise.
NOT_A_MAIL = (
    AnymailWebhookValidationFailure,
    ImproperlyConfigured,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)


class Unfit(Exception):
    """It does not come from the provider, or is not what it posts."""


def receive(provider: str, request: HttpRequest) -> list[Mail]:
    """The mails of this request, stored. Raises Unfit, and DatabaseError when they must be posted again."""
    view = PROVIDERS[provider]()
    try:
        _authenticate(view, request)
        _read_whole(request)
        view.run_validators(request)
        events = view.parse_events(request)
    except NOT_A_MAIL as problem:
        raise Unfit(str(problem)) from problem
    return [_store(event.message) for event in events]


def _authenticate(view: Any, request: HttpRequest) -> None:
    """The secret of our address comes first: nothing of a stranger's request is read."""
    AnymailBasicAuthMixin.validate_request(view, request)


def _read_whole(request: HttpRequest) -> None:
    """JSON with a mail in it is heavier than a form: Django's limit on bodies is for forms."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST:
        raise Unfit("too long")
    if request.content_type == "application/json":
        request._body = request.read()


def _store(message: Any) -> Mail:
    raw = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
    to = message.envelope_recipient or ""
    if addresses.read(to) is None:
        to = recipient_of(raw)
    sender = message.envelope_sender
    if sender is None:
        sender = message.from_email.addr_spec if message.from_email else ""
    return store(raw, sender, to, Way.WEBHOOK)
