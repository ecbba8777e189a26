"""Closing an account: the row stays, everything that names its owner goes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date
from dialogue.mailer import outbox
from dialogue.mailer.models import Letter, LetterStage
from dialogue.people import hooks, letters, rules  # noqa: F401 (the permissions of these acts)
from dialogue.people.acts.checks import keep_a_coordinator
from dialogue.people.models import Mandate, Person, secret_address
from dialogue.people.stages import AccountStage, Office

#: What a closed account says of its owner: nothing.
EMPTY = dict.fromkeys(
    ("name", "job", "phone", "declared_organisation", "declared_reason", "refusal_motive", "search_text"), ""
)


@act("people.close_account")
def close_account(person: Person, *, by: Any, now: datetime) -> Person:
    """Close and pseudonymise: what the person did stays (minutes and decisions are public archives), unnamed."""
    keep_a_coordinator(person)
    for leave in hooks.on_leaving:
        leave(person, by=by, now=now)
    _end_mandates(person, local_date(now))
    _take_keys(person)
    closed = EMPTY | {
        "stage": AccountStage.CLOSED,
        "office": Office.NONE,
        "email": f"parti-{person.pk}@invalid",
        "password": make_password(None),
        "calendar_key": secret_address(),
        "is_active": False,
        "is_staff": False,
        "is_superuser": False,
        "share_contact": False,
        "closed_at": now,
        "consented_at": None,
        "last_login": None,
        "closing_on": None,
    }
    if Person.objects.filter(pk=person.pk).exclude(stage=AccountStage.CLOSED).update(**closed) != 1:
        raise Refused(_("Ce compte est déjà fermé."))
    person.refresh_from_db()
    return person


@act("people.warn_inactive", come_from=[AccountStage.PENDING, AccountStage.VALIDATED], record=("closing_on",))
def warn_inactive(person: Person, *, by: Any, now: datetime, warning: int, closing_on: date) -> Person:
    """Tell an absent person on which day their account will be closed. `warning`: 1 (thirty days) or 2 (seven days)."""
    person.inactivity_warnings, person.closing_on, person.warned_at = warning, closing_on, now
    person.save(update_fields=["inactivity_warnings", "closing_on", "warned_at"])
    letters.inactive(person, now=now)
    return person


def _end_mandates(person: Person, today: date) -> None:
    for mandate in person.mandates.open():
        mandate.until = max(mandate.since, today)
        mandate.save(update_fields=["until"])
    Mandate.objects.filter(person=person).update(title="")


def _take_keys(person: Person) -> None:
    """Sign-in is over: sessions, second factors, addresses, outside identities, letters that wait."""
    for session in UserSession.objects.filter(user=person):
        session.end()
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    person.groups.clear()
    person.user_permissions.clear()
    _forget_letters(person)
    if apps.is_installed("django.contrib.admin"):
        entries = apps.get_model("admin", "LogEntry").objects
        entries.filter(content_type__app_label="people", content_type__model="person", object_id=str(person.pk)).delete()


def _forget_letters(person: Person) -> None:
    """Letters carry the address and the name of their reader, and those of others may name them: none stays.

    A letter to someone else that still waits is left alone, except ours about this very account: it says what happened.
    """
    outbox.forget(person)
    ours = [f"account/{person.pk}", f"account/{person.pk}/reminder"]
    Letter.objects.filter(kind="people.account_waiting", dedupe__in=ours).delete()
    named = Q(text__contains=person.email)
    if " " in person.name.strip():
        named |= Q(text__contains=person.name) | Q(subject__contains=person.name)
    Letter.objects.exclude(stage__in=[LetterStage.QUEUED, LetterStage.SENDING]).filter(named).delete()
