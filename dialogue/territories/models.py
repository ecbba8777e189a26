"""The frame: the Département and its brand, territories, communes, themes, the calendar of the process."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.people.circles import circle_admits, circle_q
from dialogue.people.stages import Circle
from dialogue.territories.stages import DateKind, Precision, TitleFont

#: The six settings of the brand (design.md §2), in the order of tokens.css.
BRAND_SETTINGS = ("hue", "accent_hue", "earth_hue", "vividness", "title_font", "radius")


class Department(models.Model):
    """The one Département that this installation serves, and its brand ("marque blanche")."""

    code = models.CharField(_("code"), max_length=3, help_text=_("Le numéro du département, par exemple 33."))
    name = models.CharField(_("nom du Département"), max_length=80)
    site_name = models.CharField(_("nom du site"), max_length=60, default="Chantiers")
    tagline = models.CharField(_("signature"), max_length=80, default="Dialogue des territoires", blank=True)
    logo = models.FileField(_("logo"), upload_to="brand/", max_length=200, blank=True)
    contact_service = models.CharField(_("service à contacter"), max_length=160)
    contact_email = models.EmailField(_("adresse électronique"), max_length=254)
    contact_phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    # Names the collectivité in open data (SCDL: COLL_SIRET).
    siret = models.CharField(
        _("numéro SIRET"), max_length=14, blank=True, validators=[RegexValidator(r"^\d{14}$", _("Un SIRET a quatorze chiffres."))]
    )
    publisher = models.CharField(_("directeur ou directrice de la publication"), max_length=160, blank=True)
    host = models.CharField(_("hébergeur"), max_length=300, blank=True)
    privacy_contact = models.CharField(_("délégué à la protection des données"), max_length=254, blank=True)
    # The six settings of the design (design.md §2): angles in degrees on the oklch wheel, the rest without unit.
    hue = models.PositiveSmallIntegerField(_("couleur principale"), default=218, validators=[MaxValueValidator(360)])
    accent_hue = models.PositiveSmallIntegerField(_("couleur d’accent"), default=6, validators=[MaxValueValidator(360)])
    earth_hue = models.PositiveSmallIntegerField(_("couleur des fonds"), default=82, validators=[MaxValueValidator(360)])
    vividness = models.DecimalField(
        _("vivacité"), max_digits=3, decimal_places=2, default=1, validators=[MinValueValidator(0.5), MaxValueValidator(1.2)]
    )
    title_font = models.CharField(_("police des titres"), max_length=5, choices=TitleFont, default=TitleFont.SERIF)
    radius = models.DecimalField(
        _("arrondi des coins"),
        max_digits=3,
        decimal_places=2,
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    presentation = models.TextField(_("présentation de la démarche"), max_length=4000, blank=True)
    attribution = models.TextField(_("sources des données du cadre"), max_length=2000, blank=True)
    singleton = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(name="territories_one_department", condition=Q(singleton=True))]

    def __str__(self) -> str:
        return self.name

    @property
    def brand_settings(self) -> dict[str, Any]:
        """The six settings, by name."""
        return {name: getattr(self, name) for name in BRAND_SETTINGS}

    @property
    def has_own_brand(self) -> bool:
        """Whether the six settings differ from those of the design, so that pages must link `territories:brand_css`."""
        return any(value != self._meta.get_field(name).default for name, value in self.brand_settings.items())

    @property
    def brand_version(self) -> str:
        """Changes with the six settings: the `?v=` of the style sheet, which browsers keep for a year."""
        settings = " ".join(f"{name}={value}" for name, value in self.brand_settings.items())
        return hashlib.sha256(settings.encode()).hexdigest()[:12]

    @property
    def logo_version(self) -> str:
        """Changes with the logo, of which the name holds a hash of the content; "" without a logo."""
        return self.logo.name.rpartition("/")[2].rpartition(".")[0] if self.logo else ""


class Territory(models.Model):
    """A territory of the pacts (9 in Gironde in 2017)."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("nom"), max_length=80, unique=True)
    short_name = models.CharField(_("nom court"), max_length=40)
    order = models.PositiveSmallIntegerField(_("rang"), default=0)
    # The tile of the cartogram, 1-based from the north-west.
    tile_row = models.PositiveSmallIntegerField(_("ligne de la tuile"), validators=[MinValueValidator(1)])
    tile_column = models.PositiveSmallIntegerField(_("colonne de la tuile"), validators=[MinValueValidator(1)])
    description = models.TextField(_("présentation"), max_length=4000, blank=True)

    class Meta:
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["tile_row", "tile_column"], name="territories_one_tile_each")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portal:territory", args=[self.code])


class Outline(models.Model):
    """The outline of a territory, apart from it so that lists do not carry thousands of coordinates."""

    territory = models.OneToOneField(Territory, on_delete=models.CASCADE, primary_key=True, related_name="outline")
    # A GeoJSON geometry (RFC 7946): Polygon or MultiPolygon, longitude and latitude in degrees (WGS 84).
    geometry = models.JSONField()
    source = models.CharField(_("source"), max_length=600, blank=True)

    def __str__(self) -> str:
        return str(self.territory)


class Commune(models.Model):
    insee_code = models.CharField(_("code INSEE"), max_length=5, primary_key=True)
    name = models.CharField(_("nom"), max_length=80, db_index=True)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="communes")
    population = models.PositiveIntegerField(_("population"), help_text=_("Nombre d’habitants."))
    epci_name = models.CharField(_("intercommunalité"), max_length=160, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    """A theme of the pacts (14 in Gironde in 2017)."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("nom"), max_length=120, unique=True)
    short_name = models.CharField(_("nom court"), max_length=40)
    icon = models.CharField(_("icône"), max_length=20, default="doc")
    keywords = models.JSONField(_("mots-clés"), default=list, blank=True)
    description = models.TextField(_("présentation"), max_length=4000, blank=True)
    order = models.PositiveSmallIntegerField(_("rang"), default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portal:theme", args=[self.code])


class Priority(models.Model):
    """A theme that the pact of a territory holds as a priority issue ("enjeu prioritaire"): the row is the flag."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="priorities")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="priorities")
    statement = models.CharField(_("l’enjeu, en une phrase"), max_length=300, blank=True)

    class Meta:
        ordering = ["territory", "theme"]
        constraints = [models.UniqueConstraint(fields=["territory", "theme"], name="territories_priority_once")]

    def __str__(self) -> str:
        return f"{self.theme} · {self.territory}"


class CalendarDateQuerySet(models.QuerySet["CalendarDate"]):
    def visible_to(self, reader: Any) -> CalendarDateQuerySet:
        if getattr(reader, "is_coordination", False):
            return self
        # No chantier behind a date of the process: its circle is public or partners (see the constraint).
        return self.filter(circle_q(reader))

    def upcoming(self, today: date) -> CalendarDateQuerySet:
        return self.filter(
            Q(ends_on__gte=today)
            | Q(ends_on=None, starts_on__gte=today)
            | Q(precision=Precision.MONTH, ends_on=None, starts_on__year=today.year, starts_on__month=today.month)
        )


class CalendarDate(models.Model):
    """A date of the process: a council, the conference, a session of the assembly, a phase of the work."""

    # The name of the date in the frame file; null for those written by hand.
    code = models.SlugField(max_length=80, unique=True, null=True, blank=True, editable=False)
    kind = models.CharField(_("nature"), max_length=10, choices=DateKind)
    series = models.PositiveSmallIntegerField(
        _("numéro de série"), null=True, blank=True, help_text=_("5 pour les conseils de territoire n° 5.")
    )
    title = models.CharField(_("titre"), max_length=160)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, null=True, blank=True, related_name="dates", verbose_name=_("territoire")
    )
    precision = models.CharField(_("précision"), max_length=5, choices=Precision, default=Precision.DAY)
    starts_on = models.DateField(_("date"), help_text=_("Pour un mois, le premier jour du mois."))
    ends_on = models.DateField(_("date de fin"), null=True, blank=True)
    starts_at = models.TimeField(_("heure"), null=True, blank=True)
    place = models.CharField(_("lieu"), max_length=200, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    circle = models.CharField(_("qui peut lire"), max_length=8, choices=Circle, default=Circle.PUBLIC)
    # Changes of date are seen by calendars (RFC 5545 SEQUENCE).
    sequence = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CalendarDateQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "starts_at", "pk"]
        constraints = [
            models.CheckConstraint(name="territories_date_order", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="territories_date_circle", condition=Q(circle__in=["partners", "public"])),
            models.CheckConstraint(name="territories_date_time", condition=Q(starts_at=None) | Q(precision="time")),
        ]

    def __str__(self) -> str:
        return self.title

    def readable_by(self, reader: Any) -> bool:
        """The predicate of `visible_to`; a house test holds the two together."""
        return circle_admits(reader, self.circle)
