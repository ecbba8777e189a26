"""Organisations, and the people who speak for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date
from dialogue.people import hooks, letters, logos, rules  # noqa: F401 (the permissions of these acts)
from dialogue.people.acts.checks import fill
from dialogue.people.models import Mandate, Organisation, Person
from dialogue.people.stages import AccountStage, OrganisationStage

FACTS = ("name", "kind", "commune", "website", "contact_email", "contact_phone")


@act("people.propose_organisation", creates=True)
def propose_organisation(
    _nothing: None, *, by: Any, now: datetime, name: str, kind: str, speaks: bool = False, title: str = "", **facts: Any
) -> Organisation:
    """A new organisation, for the coordination to validate. `speaks`: whoever proposes it also speaks for it.

    `facts`: commune, website, contact_email, contact_phone.
    """
    organisation = Organisation()
    _write(organisation, {"name": name, "kind": kind} | facts)
    if speaks:
        Mandate.objects.create(person=by, organisation=organisation, title=title.strip(), since=local_date(now))
    if not getattr(by, "is_coordination", False):
        letters.organisation_waiting(organisation, now=now)
    return organisation


@act("people.change_organisation", come_from=[OrganisationStage.PROPOSED, OrganisationStage.VALIDATED])
def change_organisation(
    organisation: Organisation,
    *,
    by: Any,
    now: datetime,
    logo: Any = None,
    remove_logo: bool = False,
    **facts: Any,
) -> Organisation:
    """Change what is said of an organisation. Once validated, only the coordination changes its name and its kind.

    `logo`: an uploaded PNG, JPEG or WebP of 500 kB at most, checked by its content.
    """
    renamed = any(key in facts and facts[key] != getattr(organisation, key) for key in ("name", "kind"))
    if renamed and organisation.stage == OrganisationStage.VALIDATED and not by.is_coordination:
        raise Refused(_("Le nom et la nature d’un organisme validé se changent avec la coordination."))
    before = organisation.logo.name
    if remove_logo:
        organisation.logo = ""
    _write(organisation, facts)
    if logo:
        _set_logo(organisation, logo)
    if before and before != organisation.logo.name:
        transaction.on_commit(lambda: organisation.logo.storage.delete(before))
    return organisation


@act("people.validate_organisation", come_from=[OrganisationStage.PROPOSED], go_to=OrganisationStage.VALIDATED)
def validate_organisation(organisation: Organisation, *, by: Any, now: datetime) -> Organisation:
    """It enters the public directory and may join chantiers."""
    letters.organisation_validated(organisation, by=by, now=now)
    return organisation


@act("people.merge_organisations", record=("into",))
def merge_organisations(source: Organisation, *, by: Any, now: datetime, into: Organisation) -> Organisation:
    """`source` was a double of `into`: everything it holds moves there. It stays as a row that says where it went."""
    rows = Organisation.objects.select_for_update().order_by("pk").in_bulk([source.pk, into.pk])
    if source.pk == into.pk:
        raise Refused(_("Choisissez un autre organisme : celui-ci ne peut pas être fusionné avec lui-même."))
    if any(row.stage == OrganisationStage.MERGED for row in rows.values()):
        raise Refused(_("L’un des deux organismes a déjà été fusionné."))
    if rows[into.pk].stage != OrganisationStage.VALIDATED:
        raise Refused(_("Validez d’abord l’organisme à garder."))
    for mandate in source.mandates.select_related("person"):
        _move_mandate(mandate, into, local_date(now))
    for move in hooks.on_merge:
        move(source, into, by=by, now=now)
    Organisation.objects.filter(merged_into=source).update(merged_into=into)
    source.stage, source.merged_into = OrganisationStage.MERGED, into
    source.save(update_fields=["stage", "merged_into"])
    return source


@act("people.grant_mandate", creates=True, record=("person", "organisation", "since"))
def grant_mandate(
    _nothing: None,
    *,
    by: Any,
    now: datetime,
    person: Person,
    organisation: Organisation,
    title: str = "",
    since: date | None = None,
) -> Mandate:
    """`person` speaks for `organisation` from `since` (today unless said)."""
    if person.stage in {AccountStage.CLOSED, AccountStage.REFUSED}:
        raise Refused(_("Ce compte n’est pas ouvert."))
    if organisation.stage == OrganisationStage.MERGED:
        raise Refused(_("Cet organisme a été fusionné avec un autre."))
    mandate = Mandate(person=person, organisation=organisation, since=since or local_date(now))
    fill(mandate, title=title)
    try:
        with transaction.atomic():
            mandate.save()
    except IntegrityError as error:
        raise Refused(_("Cette personne représente déjà cet organisme.")) from error
    return mandate


@act("people.end_mandate")
def end_mandate(mandate: Mandate, *, by: Any, now: datetime) -> Mandate:
    """The person speaks for the organisation no more: today is the last day. What they hold for it ends in every room."""
    until = max(mandate.since, local_date(now))
    if Mandate.objects.open().filter(pk=mandate.pk).update(until=until) != 1:
        raise Refused(_("Ce mandat est déjà terminé."))
    mandate.until = until
    for end in hooks.on_mandate_ended:
        end(mandate, by=by, now=now)
    return mandate


def _write(organisation: Organisation, facts: dict[str, Any]) -> None:
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"an organisation has no {', '.join(sorted(unknown))}")
    fill(organisation, **facts)
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        raise Refused(_("Un organisme de cette nature porte déjà ce nom : choisissez-le dans la liste.")) from error


def _set_logo(organisation: Organisation, upload: Any) -> None:
    """The last thing written: a file does not come back with the transaction."""
    try:
        extension = logos.check(upload)
    except ValidationError as error:
        raise Refused(*error.messages) from error
    organisation.logo.save(f"{organisation.pk}.{extension}", ContentFile(upload.read()), save=False)
    organisation.save(update_fields=["logo"])


def _move_mandate(mandate: Mandate, into: Organisation, today: date) -> None:
    """Nobody holds two open mandates of one organisation: the moved one is closed, the standing one keeps the older date."""
    standing = into.mandates.open().filter(person=mandate.person).first() if mandate.until is None else None
    if standing is not None:
        mandate.until = max(mandate.since, today)
        Mandate.objects.filter(pk=standing.pk).update(since=min(mandate.since, standing.since))
    mandate.organisation = into
    mandate.save(update_fields=["organisation", "until"])
