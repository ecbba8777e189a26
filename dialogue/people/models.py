"""People, the organisations they speak for, and since when."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.language.text import normalise
from dialogue.people.stages import AccountStage, Kind, Office, OrganisationStage


def secret_address() -> str:
    """An unguessable part of a URL (personal calendar): 160 bits."""
    return secrets.token_urlsafe(20)


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, reader: Any) -> PersonQuerySet:
        """Accounts: the coordination sees all, a person sees their own. Group members see each other through the
        chantiers room (Representative), the directory through consent."""
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(pk=reader.pk) if getattr(reader, "pk", None) else self.none()

    def active(self) -> PersonQuerySet:
        return self.filter(is_active=True)

    def coordinators(self) -> PersonQuerySet:
        return self.filter(stage=AccountStage.VALIDATED, is_active=True, office=Office.COORDINATION)

    def waiting(self) -> PersonQuerySet:
        """Accounts that the coordination has to answer: the address is proven, nobody answered yet."""
        return self.filter(stage=AccountStage.PENDING, asked_at__isnull=False)

    def for_pilot(self) -> PersonQuerySet:
        """Those who wait for an answer first, the oldest on top; then everyone by name."""
        waits = Case(When(stage=AccountStage.PENDING, asked_at__isnull=False, then=Value(0)), default=Value(1))
        return self.annotate(rank=waits).order_by("rank", F("asked_at").asc(nulls_last=True), "name", "pk")

    def matching(self, text: str) -> PersonQuerySet:
        """Every word of `text` stands in the name, the address or the declared organisation, accents aside."""
        rows = self
        for word in normalise(text).split():
            rows = rows.filter(search_text__contains=word)
        return rows


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        fields = {"stage": AccountStage.VALIDATED, "office": Office.COORDINATION} | fields
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone with an account. Erasure keeps the row and takes away everything that names its owner."""

    email = models.EmailField(_("adresse électronique"), max_length=254, unique=True)
    name = models.CharField(_("nom"), max_length=120, blank=True)
    job = models.CharField(_("fonction"), max_length=120, blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    language = models.CharField(_("langue"), max_length=2, choices=[("fr", "français"), ("en", "English")], default="fr")
    stage = models.CharField(max_length=12, choices=AccountStage, default=AccountStage.PENDING)
    office = models.CharField(max_length=12, choices=Office, default=Office.NONE, blank=True)
    declared_organisation = models.CharField(_("organisme"), max_length=160, blank=True)
    declared_reason = models.TextField(_("motif de l’inscription"), max_length=2000, blank=True)
    refusal_motive = models.TextField(max_length=2000, blank=True)
    # When the person agreed to the privacy notice, and when their proven address made the request reach the coordination.
    consented_at = models.DateTimeField(null=True, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    refused_at = models.DateTimeField(null=True, editable=False)
    share_contact = models.BooleanField(
        _("montrer mes coordonnées aux partenaires, dans l’annuaire des groupes"), default=False
    )
    calendar_key = models.CharField(max_length=40, unique=True, default=secret_address, editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    validated_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    # Inactivity (docs/retention.yaml): how many of the two warnings were sent, the last one when, and the announced day.
    inactivity_warnings = models.PositiveSmallIntegerField(default=0, editable=False)
    warned_at = models.DateTimeField(null=True, editable=False)
    closing_on = models.DateField(null=True, editable=False)
    search_text = models.CharField(max_length=600, blank=True, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="people_email_once"),
            models.CheckConstraint(
                name="people_closed_is_inactive",
                condition=Q(stage="closed", is_active=False, closed_at__isnull=False)
                | (~Q(stage="closed") & Q(is_active=True, closed_at=None)),
            ),
            models.CheckConstraint(
                name="people_office_needs_validation", condition=Q(office="") | Q(stage__in=["validated", "closed"])
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Personne partie")) if self.stage == AccountStage.CLOSED else self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        closed = self.stage == AccountStage.CLOSED
        self.search_text = "" if closed else normalise(f"{self.name} {self.email} {self.declared_organisation}")[:600]
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)

    @property
    def is_partner(self) -> bool:
        """Reads the partners circle: signed in, with an account validated by the coordination."""
        return self.is_active and self.stage == AccountStage.VALIDATED

    @property
    def is_coordination(self) -> bool:
        return self.is_partner and self.office == Office.COORDINATION

    @property
    def is_secretariat(self) -> bool:
        return self.is_partner and self.office == Office.ASSEMBLY

    @property
    def can_receive_mail(self) -> bool:
        """A person who left, or was refused, gets nothing."""
        return self.is_active and self.stage in {AccountStage.PENDING, AccountStage.VALIDATED}

    def get_short_name(self) -> str:
        return str(self)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, reader: Any) -> OrganisationQuerySet:
        """Validated organisations are public; one being proposed is seen by the coordination and by those who speak
        for it."""
        if getattr(reader, "is_coordination", False):
            return self
        rows = Q(stage=OrganisationStage.VALIDATED)
        if getattr(reader, "pk", None):
            rows |= Q(
                stage=OrganisationStage.PROPOSED,
                pk__in=Mandate.objects.filter(person_id=reader.pk).values("organisation_id"),
            )
        return self.filter(rows)

    def validated(self) -> OrganisationQuerySet:
        return self.filter(stage=OrganisationStage.VALIDATED)

    def standing(self) -> OrganisationQuerySet:
        """Validated or proposed: everything but what was merged into another."""
        return self.exclude(stage=OrganisationStage.MERGED)

    def for_list(self) -> OrganisationQuerySet:
        """What a line of a list needs, in one query."""
        return self.select_related("commune")

    def matching(self, text: str) -> OrganisationQuerySet:
        """Every word of `text` stands in the name, accents and case aside."""
        rows = self
        for word in normalise(text).split():
            rows = rows.filter(search_text__contains=word)
        return rows


class Organisation(models.Model):
    """A structure that takes part: commune, association, service… A person always speaks for one."""

    name = models.CharField(_("nom"), max_length=160)
    kind = models.CharField(_("nature"), max_length=12, choices=Kind)
    # The commune is a row of a room above; the table is named, nothing is imported (docs/adr/0003).
    commune = models.ForeignKey(
        "territories.Commune", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("commune")
    )
    website = models.URLField(_("site internet"), max_length=300, blank=True)
    logo = models.FileField(_("logo"), upload_to="logos/", max_length=200, blank=True)
    contact_email = models.EmailField(
        _("adresse du service"), max_length=254, blank=True, help_text=_("Une adresse de service, montrée au public.")
    )
    contact_phone = models.CharField(_("téléphone du service"), max_length=30, blank=True)
    stage = models.CharField(max_length=12, choices=OrganisationStage, default=OrganisationStage.PROPOSED)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField(auto_now_add=True)
    search_text = models.CharField(max_length=200, blank=True, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), F("kind"), name="people_organisation_once", condition=~Q(stage="merged")
            ),
            models.CheckConstraint(
                name="people_merged_says_into",
                condition=Q(stage="merged", merged_into__isnull=False) | (~Q(stage="merged") & Q(merged_into=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = normalise(self.name)[:200]
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("people:organisation", args=[self.pk])

    def readable_by(self, reader: Any) -> bool:
        """The predicate of `visible_to`; a house test holds the two together."""
        if getattr(reader, "is_coordination", False) or self.stage == OrganisationStage.VALIDATED:
            return True
        speaks = getattr(reader, "pk", None) is not None and self.mandates.filter(person_id=reader.pk).exists()
        return self.stage == OrganisationStage.PROPOSED and speaks


class MandateQuerySet(models.QuerySet["Mandate"]):
    def visible_to(self, reader: Any) -> MandateQuerySet:
        """Who speaks for whom names people: one's own, and all for the coordination."""
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(person_id=reader.pk) if getattr(reader, "pk", None) else self.none()

    def open(self) -> MandateQuerySet:
        return self.filter(until=None)

    def on(self, day: date) -> MandateQuerySet:
        """Mandates in force that day."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class Mandate(models.Model):
    """A person speaks for an organisation, from a day, until another."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mandates")
    title = models.CharField(_("fonction dans l’organisme"), max_length=120, blank=True)
    since = models.DateField(_("depuis le"))
    until = models.DateField(_("jusqu’au"), null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(until=None), name="people_one_open_mandate"
            ),
            models.CheckConstraint(
                name="people_mandate_dates", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation}"
