"""The frame: territories and their outlines, communes, themes, priorities, dates of the process, organisations."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from dialogue.opendata.fields import choice, day, integer, link, moment, text
from dialogue.opendata.resources import (
    PUBLIC,
    Filter,
    Resource,
    Rows,
    Typed,
    absolute,
    among,
    by_code,
    changed_after,
    since,
    until,
)
from dialogue.people.models import Organisation
from dialogue.people.stages import Kind as OrganisationKind
from dialogue.territories.models import CalendarDate, Commune, Priority, Territory, Theme
from dialogue.territories.stages import DateKind, Precision


def searched(*paths: str) -> Filter:
    """`q`: the letters stand in one of these columns."""

    def apply(rows: Rows, value: str) -> Rows:
        found = Q()
        for path in paths:
            found |= Q(**{f"{path}__icontains": value})
        return rows.filter(found)

    return Filter("q", Typed.WORDS, _("Lettres du nom."), apply)


def normalised(rows: Rows, value: str) -> Rows:
    return rows.matching(value)  # type: ignore[attr-defined]


def outline_of(row: Territory) -> dict[str, Any] | None:
    outline = getattr(row, "outline", None)
    return outline.geometry if outline else None


TERRITORIES = Resource(
    code="territoires",
    title=_("Territoires"),
    about=_("Les territoires du dialogue, avec leur population, et leur contour quand il est connu."),
    item="Territoire",
    key="code",
    key_field="code",
    rows=lambda: Territory.objects.annotate(inhabitants=Sum("communes__population")).order_by("order", "code"),
    with_geometry=lambda rows: rows.select_related("outline"),
    geometry=outline_of,
    fields=(
        text("code", _("Code du territoire, stable : c’est lui qui sert à filtrer."), lambda r: r.code),
        text("nom", _("Nom du territoire."), lambda r: r.name),
        text("nom_court", _("Nom court."), lambda r: r.short_name),
        integer("population", _("Nombre d’habitants des communes du territoire."), lambda r: r.inhabitants or 0),
        text("presentation", _("Présentation."), lambda r: r.description),
        link("page", _("Page du territoire sur ce site."), lambda r: absolute(r.get_absolute_url())),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/territoires/{r.code}/")),
    ),
    filters=(searched("name"),),
    keywords=("territoires", "contours"),
    page="portal:territories",
)
COMMUNES = Resource(
    code="communes",
    title=_("Communes"),
    about=_("Les communes de chaque territoire, avec leur code INSEE et leur population."),
    item="Commune",
    key="insee_code",
    key_field="code_insee",
    rows=lambda: Commune.objects.select_related("territory").order_by("insee_code"),
    fields=(
        text("code_insee", _("Code INSEE de la commune."), lambda r: r.insee_code),
        text("nom", _("Nom de la commune."), lambda r: r.name),
        text("territoire", _("Code du territoire."), lambda r: r.territory.code),
        text("territoire_nom", _("Nom du territoire."), lambda r: r.territory.name),
        text("intercommunalite", _("Nom de l’intercommunalité."), lambda r: r.epci_name),
        integer("population", _("Nombre d’habitants."), lambda r: r.population),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/communes/{r.insee_code}/")),
    ),
    filters=(by_code("territoire", _("Code du territoire."), "territory__code"), searched("name")),
    keywords=("communes", "INSEE"),
    page="portal:territories",
)
THEMES = Resource(
    code="themes",
    title=_("Thèmes"),
    about=_("Les thèmes sur lesquels travaillent les chantiers et qui classent les contributions."),
    item="Theme",
    key="code",
    key_field="code",
    rows=lambda: Theme.objects.order_by("order", "code"),
    fields=(
        text("code", _("Code du thème, stable : c’est lui qui sert à filtrer."), lambda r: r.code),
        text("nom", _("Nom du thème."), lambda r: r.name),
        text("nom_court", _("Nom court."), lambda r: r.short_name),
        text("presentation", _("Présentation."), lambda r: r.description),
        link("page", _("Page du thème sur ce site."), lambda r: absolute(r.get_absolute_url())),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/themes/{r.code}/")),
    ),
    filters=(searched("name"),),
    keywords=("thèmes",),
    page="portal:themes",
)
PRIORITIES = Resource(
    code="priorites",
    title=_("Enjeux prioritaires"),
    about=_("Les thèmes que le pacte de chaque territoire tient pour prioritaires, avec l’enjeu en une phrase."),
    item="Priorite",
    key="pk",
    key_field="identifiant",
    key_type=int,
    rows=lambda: Priority.objects.select_related("theme", "territory").order_by("territory__order", "theme__order", "pk"),
    fields=(
        integer("identifiant", _("Identifiant stable."), lambda r: r.pk),
        text("territoire", _("Code du territoire."), lambda r: r.territory.code),
        text("territoire_nom", _("Nom du territoire."), lambda r: r.territory.name),
        text("theme", _("Code du thème."), lambda r: r.theme.code),
        text("theme_nom", _("Nom du thème."), lambda r: r.theme.name),
        text("enjeu", _("L’enjeu, en une phrase."), lambda r: r.statement),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/priorites/{r.pk}/")),
    ),
    filters=(
        by_code("territoire", _("Code du territoire."), "territory__code"),
        by_code("theme", _("Code du thème."), "theme__code"),
    ),
    keywords=("pacte territorial", "priorités"),
    page="portal:territories",
)
DATES = Resource(
    code="dates",
    title=_("Calendrier de la démarche"),
    about=_("Conseils de territoire, conférences, séances de l’assemblée et temps de la démarche, passés et à venir."),
    item="DateDeLaDemarche",
    key="pk",
    key_field="identifiant",
    key_type=int,
    rows=lambda: CalendarDate.objects.visible_to(PUBLIC).select_related("territory").order_by("starts_on", "pk"),
    fields=(
        integer("identifiant", _("Identifiant stable."), lambda r: r.pk),
        choice("nature", _("council : conseil de territoire ; conference : conférence départementale ; assembly : séance de l’assemblée ; phase : temps de la démarche."), DateKind, lambda r: r.kind),
        integer("serie", _("Numéro de la série : 5 pour les conseils n° 5."), lambda r: r.series, can_be_empty=True),
        text("titre", _("Titre."), lambda r: r.title),
        text("territoire", _("Code du territoire, s’il y en a un."), lambda r: r.territory.code if r.territory else None, can_be_empty=True),
        choice("precision", _("Ce que l’on sait de la date : month (le mois), day (le jour), time (l’heure)."), Precision, lambda r: r.precision),
        day("debut", _("Premier jour ; pour un mois, le premier du mois."), lambda r: r.starts_on, can_be_empty=False),
        day("fin", _("Dernier jour, s’il n’est pas le premier."), lambda r: r.ends_on),
        text("heure", _("Heure de début, HH:MM."), lambda r: f"{r.starts_at:%H:%M}" if r.starts_at else None, can_be_empty=True),
        text("lieu", _("Lieu."), lambda r: r.place),
        text("description", _("Description."), lambda r: r.description),
        moment("modifie_le", _("Dernière modification."), lambda r: r.updated_at, can_be_empty=False),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/dates/{r.pk}/")),
    ),
    filters=(
        by_code("territoire", _("Code du territoire."), "territory__code"),
        among("nature", _("Nature de la date."), "kind", DateKind.values),
        since(_("À partir de ce jour."), "starts_on"),
        until(_("Jusqu’à ce jour compris."), "starts_on"),
        changed_after(_("Modifiées depuis ce moment."), "updated_at"),
        searched("title", "place"),
    ),
    keywords=("conseils de territoire", "agenda"),
    page="portal:agenda",
)  # fmt: skip
ORGANISATIONS = Resource(
    code="organismes",
    title=_("Organismes"),
    about=_("Les organismes qui prennent part au dialogue. Aucune personne n’y est nommée."),
    item="Organisme",
    key="pk",
    key_field="identifiant",
    key_type=int,
    rows=lambda: Organisation.objects.visible_to(PUBLIC).select_related("commune").order_by("name", "pk"),
    fields=(
        integer("identifiant", _("Identifiant stable."), lambda r: r.pk),
        text("nom", _("Nom de l’organisme."), lambda r: r.name),
        choice("nature", _("Nature de l’organisme."), OrganisationKind, lambda r: r.kind),
        text("nature_libelle", _("La nature, en toutes lettres."), lambda r: r.get_kind_display()),
        text("commune", _("Code INSEE de la commune, s’il est connu."), lambda r: r.commune_id, can_be_empty=True),
        text("site", _("Site internet."), lambda r: r.website),
        link("page", _("Page de l’organisme sur ce site."), lambda r: absolute(r.get_absolute_url())),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/organismes/{r.pk}/")),
    ),
    filters=(
        among("nature", _("Nature de l’organisme."), "kind", OrganisationKind.values),
        Filter("q", Typed.WORDS, _("Mots du nom."), normalised),
    ),
    keywords=("organismes", "associations", "collectivités"),
    page="people:organisations",
)
RESOURCES = (DATES, PRIORITIES, TERRITORIES, COMMUNES, THEMES, ORGANISATIONS)
