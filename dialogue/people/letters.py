"""What the people room mails. Each function is called by an act (or by the sign-in adapter) and queues letters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.mailer import kinds, outbox
from dialogue.people.models import Organisation, Person
from dialogue.people.stages import Office

kinds.register("people.code", label=gettext_lazy("Codes et sécurité de mon compte"), default="immediate", mandatory=True)
kinds.register("people.account_answered", label=gettext_lazy("Réponse à ma demande de compte"), default="immediate", mandatory=True)
kinds.register("people.inactive", label=gettext_lazy("Fermeture d’un compte inutilisé"), default="immediate", mandatory=True)
kinds.register(
    "people.account_waiting", label=gettext_lazy("Comptes et organismes à valider"), default="digest", per_space=False
)
kinds.register(
    "people.organisation_answered", label=gettext_lazy("Suites données à mon organisme"), default="immediate", per_space=False
)
kinds.register(
    "people.office_changed", label=gettext_lazy("Changement de ma charge"), default="immediate", per_space=False
)


def absolute(name: str, *args: Any) -> str:
    """The full address of one of our pages, as a letter needs it."""
    return settings.BASE_URL + reverse(name, args=args)


def account_waiting(person: Person, *, now: datetime) -> None:
    context = {"name": str(person), "organisation": person.declared_organisation, "url": absolute("people:accounts_detail", person.pk)}
    _to_coordination(
        lambda: _("Un compte à valider : %(name)s") % {"name": person},
        "people/mail/account_waiting",
        context,
        now=now,
        dedupe=f"account/{person.pk}",
    )


def account_still_waiting(person: Person, *, now: datetime) -> None:
    context = {"name": str(person), "asked_at": person.asked_at, "url": absolute("people:accounts_detail", person.pk)}
    _to_coordination(
        lambda: _("%(name)s attend toujours une réponse") % {"name": person},
        "people/mail/account_still_waiting",
        context,
        now=now,
        dedupe=f"account/{person.pk}/reminder",
    )


def account_validated(person: Person, organisation: Organisation | None, *, now: datetime) -> None:
    context = {"name": str(person), "organisation": str(organisation or ""), "url": settings.BASE_URL + settings.LOGIN_REDIRECT_URL}
    _send("people.account_answered", person, lambda: _("Votre compte est ouvert"), "people/mail/account_validated", context, now=now)


def account_refused(person: Person, *, now: datetime) -> None:
    context = {"name": str(person), "motive": person.refusal_motive}
    # By address: a refused account receives nothing more, this answer excepted.
    _send(
        "people.account_answered",
        person.email,
        lambda: _("Votre demande de compte n’est pas acceptée"),
        "people/mail/account_refused",
        context,
        now=now,
        mandatory=True,
    )


def office_changed(person: Person, *, now: datetime) -> None:
    context = {"name": str(person), "office": person.get_office_display() if person.office != Office.NONE else ""}
    _send("people.office_changed", person, lambda: _("Votre charge change"), "people/mail/office_changed", context, now=now)


def organisation_waiting(organisation: Organisation, *, now: datetime) -> None:
    _to_coordination(
        lambda: _("Un organisme à valider : %(name)s") % {"name": organisation},
        "people/mail/organisation_waiting",
        {"name": str(organisation), "url": absolute("people:organisations_pilot")},
        now=now,
        dedupe=f"organisation/{organisation.pk}",
    )


def organisation_validated(organisation: Organisation, *, by: Any, now: datetime) -> None:
    """To those who speak for it, except to whoever validates it."""
    url = absolute("people:organisation", organisation.pk)
    speakers = Person.objects.active().filter(mandates__organisation=organisation, mandates__until=None)
    for person in speakers.exclude(pk=getattr(by, "pk", None)):
        _send(
            "people.organisation_answered",
            person,
            lambda: _("%(name)s entre dans l’annuaire") % {"name": organisation},
            "people/mail/organisation_validated",
            {"name": str(organisation), "url": url},
            now=now,
        )


def inactive(person: Person, *, now: datetime) -> None:
    context = {"name": str(person), "closing_on": person.closing_on, "url": absolute("account_login")}
    _send(
        "people.inactive",
        person,
        lambda: _("Votre compte sera bientôt fermé"),
        "people/mail/inactive",
        context,
        now=now,
        dedupe=f"{person.closing_on}/{person.inactivity_warnings}",
    )


def security(to: Person | str, template: str, context: dict[str, Any], subject: Callable[[], str], *, now: datetime) -> None:
    """A code, or a notice that a way of signing in has changed: at once, whatever the person's choices."""
    _send("people.code", to, subject, template, context, now=now, mandatory=True)


def _to_coordination(
    subject: Callable[[], str], template: str, context: dict[str, Any], *, now: datetime, dedupe: str
) -> None:
    for coordinator in Person.objects.coordinators():
        _send("people.account_waiting", coordinator, subject, template, context, now=now, dedupe=dedupe)


def _send(
    kind: str,
    to: Person | str,
    subject: Callable[[], str],
    template: str,
    context: dict[str, Any],
    *,
    now: datetime,
    dedupe: str = "",
    mandatory: bool = False,
) -> None:
    outbox.send(
        kind, to, subject=subject, template=template, context=context, now=now, dedupe=dedupe, mandatory=mandatory
    )
