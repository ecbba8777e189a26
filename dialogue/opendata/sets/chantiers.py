"""Chantiers, their roadmap in force, their member organisations, and the contributions that they take up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, ContributionLink, Member, Representative, Roadmap
from dialogue.chantiers.stages import Reason, RoadmapStage, Role, Stage
from dialogue.ledger.models import Entry
from dialogue.opendata.fields import boolean, choice, day, integer, link, moment, objects, text, words
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
from dialogue.territories.models import Territory

OPENED = [stage for stage in Stage.values if stage != Stage.PROPOSED]
#: What the public reads of a chantier: what nobody asks for is not even read.
HEAVY = ("search_text",)


def moves() -> QuerySet[Entry]:
    """Changes of stage of the chantier: public facts, unlike what else its group does."""
    return Entry.objects.filter(thing_type="chantiers.chantier", thing_id=OuterRef("pk")).exclude(stage_to="")


def chantiers() -> Rows:
    """With `moved_at`, `changed_at` (3 queries)."""
    last = Subquery(moves().order_by("-pk").values("at")[:1])
    rows = Chantier.objects.visible_to(PUBLIC).select_related("theme", "council").prefetch_related("territories")
    changed = Greatest("updated_at", Coalesce(last, F("updated_at")))
    return rows.annotate(changed_at=changed).defer(*HEAVY).order_by("number")


def with_outlines(rows: Rows) -> Rows:
    places = Prefetch("territories", queryset=Territory.objects.select_related("outline"))
    return rows.prefetch_related(None).prefetch_related(places)


def outline_of(row: Chantier) -> dict[str, Any] | None:
    """The outlines of its territories, as one MultiPolygon."""
    shapes: list[Any] = []
    for territory in row.territories.all():
        outline = getattr(territory, "outline", None)
        if outline is not None:
            found = outline.geometry
            shapes += found["coordinates"] if found["type"] == "MultiPolygon" else [found["coordinates"]]
    return {"type": "MultiPolygon", "coordinates": shapes} if shapes else None


def whole(rows: Rows) -> Rows:
    """With what the answer for one chantier adds: organisations, roadmap, contributions (3 to 6 queries more)."""
    speaker = Representative.objects.active().filter(member=OuterRef("pk"), person__is_active=True)
    members = Member.objects.visible_to(PUBLIC).active().select_related("organisation")
    members = members.filter(organisation__in=Organisation.objects.visible_to(PUBLIC))
    members = members.annotate(speaker=Subquery(speaker.values("person__name")[:1])).order_by("role", "organisation__name", "pk")
    links = ContributionLink.objects.visible_to(PUBLIC).select_related("contribution").order_by("contribution__number")
    return rows.prefetch_related(
        Prefetch("members", queryset=members, to_attr="open_members"),
        Prefetch("roadmaps", queryset=in_force(), to_attr="open_roadmaps"),
        Prefetch("contribution_links", queryset=links, to_attr="open_links"),
    )


def in_force() -> Rows:
    return Roadmap.objects.visible_to(PUBLIC).filter(stage=RoadmapStage.ADOPTED).with_items()


def _changed(rows: Rows, value: datetime) -> Rows:
    return rows.filter(Q(updated_at__gte=value) | Q(Exists(moves().filter(at__gte=value))))


def _of_council(row: Chantier) -> str | None:
    """The council's own circle decides whether it may be named."""
    return row.council.title if row.council and row.council.readable_by(PUBLIC) else None


def _sponsor(row: Any) -> str | None:
    """The elected sponsor is the one person named in public (product.md)."""
    return next((m.speaker for m in row.open_members if m.role == Role.SPONSOR), None)


OBJECTIVE = (
    text("intitule", _("L’objectif."), lambda r: r.title),
    text("indicateur", _("Comment on le mesure."), lambda r: r.indicator),
    text("depart", _("Valeur de départ."), lambda r: r.start_value),
    text("cible", _("Valeur à atteindre."), lambda r: r.target_value),
)
PLANNED = (
    text("intitule", _("Le livrable."), lambda r: r.title),
    day("attendu_le", _("Date prévue."), lambda r: r.due_on),
    day("publie_le", _("Date de publication."), lambda r: r.published_on),
    boolean("abandonne", _("Le groupe y a renoncé."), lambda r: bool(r.abandon_motive)),
)
STEP = (
    text("intitule", _("L’étape."), lambda r: r.title),
    day("echeance", _("Date prévue."), lambda r: r.due_on, can_be_empty=False),
    day("faite_le", _("Date à laquelle elle a été faite."), lambda r: r.done_on),
)
ROADMAP = (
    integer("version", _("Numéro de la version en vigueur."), lambda r: r.version),
    day("arretee_le", _("Date à laquelle le groupe l’a arrêtée."), lambda r: r.adopted_on, can_be_empty=False),
    text("rythme", _("Rythme des séances."), lambda r: r.rhythm),
    objects("objectifs", _("Objectifs."), lambda r: r.objectives.all(), *OBJECTIVE),
    objects("livrables", _("Livrables prévus."), lambda r: r.deliverables.all(), *PLANNED),
    objects("etapes", _("Étapes."), lambda r: r.steps.all(), *STEP),
)
MEMBER = (
    integer("organisme", _("Identifiant de l’organisme."), lambda r: r.organisation_id),
    text("nom", _("Nom de l’organisme."), lambda r: r.organisation.name),
    choice("role", _("Rôle dans le chantier."), Role, lambda r: r.role),
    text("role_libelle", _("Le rôle, en toutes lettres."), lambda r: r.get_role_display()),
    day("depuis", _("Membre depuis."), lambda r: r.since, can_be_empty=False),
)
CHANTIERS = Resource(
    code="chantiers",
    title=_("Chantiers"),
    about=_("Les groupes de travail du Département et de ses partenaires : thème, territoires, raison, objectif, livrable attendu, étape. Un par un, avec leur feuille de route et leurs organismes membres."),
    item="Chantier",
    key="slug",
    key_field="code",
    rows=chantiers,
    one=whole,
    geometry=outline_of,
    with_geometry=with_outlines,
    fields=(
        integer("numero", _("Numéro du chantier."), lambda r: r.number),
        text("code", _("Nom court du chantier dans les adresses, stable."), lambda r: r.slug),
        text("titre", _("Titre."), lambda r: r.title),
        text("theme", _("Code du thème."), lambda r: r.theme.code),
        text("theme_nom", _("Nom du thème."), lambda r: r.theme.name),
        words("territoires", _("Codes des territoires."), lambda r: [t.code for t in r.territories.all()]),
        words("territoires_noms", _("Noms des territoires."), lambda r: [t.name for t in r.territories.all()]),
        choice("etape", _("Où en est le chantier : open, launched, working, delivered, completed, evaluated, archived, suspended, abandoned."), Stage, lambda r: r.stage),
        text("etape_libelle", _("L’étape, comme ce site la montre."), lambda r: r.shown_state.label),
        choice("raison", _("Pourquoi il a été ouvert : many (beaucoup de contributions), few (une priorité avec peu de contributions), structuring (un projet structurant)."), Reason, lambda r: r.reason),
        text("raison_expliquee", _("La raison, en toutes lettres."), lambda r: r.reason_text),
        text("conseil", _("Le conseil de territoire qui l’a décidé."), _of_council, can_be_empty=True),
        text("objectif", _("Objectif opérationnel."), lambda r: r.objective),
        text("livrable", _("Livrable attendu."), lambda r: r.deliverable),
        day("livrable_attendu_le", _("Date prévue du livrable."), lambda r: r.deliverable_due_on),
        day("ouvert_le", _("Date d’ouverture."), lambda r: r.opened_on),
        day("propositions_transmises_le", _("Propositions transmises à l’assemblée."), lambda r: r.tabled_on),
        day("inscrit_au_pacte_le", _("Inscription au pacte."), lambda r: r.in_pact_on),
        text("motif", _("Motif de la pause ou de l’arrêt."), lambda r: r.motive),
        moment("modifie_le", _("Dernière modification de la fiche ou de l’étape."), lambda r: r.changed_at, can_be_empty=False),
        link("page", _("Page du chantier sur ce site."), lambda r: absolute(r.get_absolute_url())),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/chantiers/{r.slug}/")),
        text("elu_porteur", _("Nom de l’élue ou de l’élu qui porte le chantier."), _sponsor, can_be_empty=True, detail=True),
        objects("membres", _("Organismes membres."), lambda r: r.open_members, *MEMBER, detail=True),
        objects("feuilles_de_route", _("La feuille de route en vigueur, si elle est publique."), lambda r: r.open_roadmaps, *ROADMAP, detail=True),
        words("contributions", _("Numéros des contributions publiques qu’il reprend."), lambda r: [link.contribution.number for link in r.open_links], detail=True),
    ),
    filters=(
        by_code("theme", _("Code du thème."), "theme__code"),
        Filter("territoire", Typed.CODE, _("Code d’un de ses territoires."), lambda rows, value: rows.filter(pk__in=Chantier.objects.filter(territories__code=value).values("pk"))),
        among("etape", _("Étape."), "stage", OPENED),
        since(_("Ouverts à partir de ce jour."), "opened_on"),
        until(_("Ouverts jusqu’à ce jour compris."), "opened_on"),
        Filter("modifie_apres", Typed.MOMENT, _("Modifiés depuis ce moment."), _changed),
        Filter("q", Typed.WORDS, _("Mots du titre, de l’objectif, du livrable, du thème ou du territoire."), lambda rows, value: rows.matching(value)),
    ),
    keywords=("chantiers", "concertation", "groupes de travail"),
    page="portal:chantiers",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A line of a roadmap in force, whatever it says."""

    roadmap: Roadmap
    nature: str
    row: Any

    @property
    def due_on(self) -> Any:
        return getattr(self.row, "due_on", None)

    @property
    def done_on(self) -> Any:
        return getattr(self.row, "done_on", None) or getattr(self.row, "published_on", None)


def lines_of(roadmap: Roadmap) -> Iterator[Line]:
    for nature, rows in (("objectif", roadmap.objectives), ("livrable", roadmap.deliverables), ("etape", roadmap.steps)):
        yield from (Line(roadmap, nature, row) for row in rows.all())


ROADMAPS = Resource(
    code="feuilles-de-route",
    title=_("Feuilles de route"),
    about=_("Les feuilles de route publiques en vigueur : objectifs, livrables prévus, étapes. Dans les fichiers, une ligne par engagement."),
    item="FeuilleDeRoute",
    key="chantier__slug",
    key_field="chantier",
    rows=lambda: in_force().select_related("chantier").order_by("chantier__number"),
    fields=(
        text("chantier", _("Code du chantier."), lambda r: r.chantier.slug),
        text("chantier_titre", _("Titre du chantier."), lambda r: r.chantier.title),
        *ROADMAP,
        link("page", _("Page du chantier sur ce site."), lambda r: absolute(r.chantier.get_absolute_url())),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/feuilles-de-route/{r.chantier.slug}/")),
    ),
    table=(
        text("chantier", _("Code du chantier."), lambda r: r.roadmap.chantier.slug),
        text("chantier_titre", _("Titre du chantier."), lambda r: r.roadmap.chantier.title),
        integer("version", _("Numéro de la version en vigueur."), lambda r: r.roadmap.version),
        day("arretee_le", _("Date à laquelle le groupe l’a arrêtée."), lambda r: r.roadmap.adopted_on),
        text("nature", _("objectif, livrable ou etape."), lambda r: r.nature),
        text("identifiant", _("Identifiant de la ligne, le même d’une version à l’autre."), lambda r: r.row.key),
        text("intitule", _("Ce à quoi le groupe s’engage."), lambda r: r.row.title),
        text("indicateur", _("Pour un objectif : comment on le mesure."), lambda r: getattr(r.row, "indicator", "")),
        text("depart", _("Pour un objectif : valeur de départ."), lambda r: getattr(r.row, "start_value", "")),
        text("cible", _("Pour un objectif : valeur à atteindre."), lambda r: getattr(r.row, "target_value", "")),
        day("prevu_le", _("Pour un livrable ou une étape : date prévue."), lambda r: r.due_on),
        day("fait_le", _("Pour un livrable ou une étape : date réelle."), lambda r: r.done_on),
        boolean("abandonne", _("Pour un livrable : le groupe y a renoncé."), lambda r: bool(getattr(r.row, "abandon_motive", ""))),
    ),
    expand=lines_of,
    filters=(
        by_code("chantier", _("Code du chantier."), "chantier__slug"),
        by_code("theme", _("Code du thème."), "chantier__theme__code"),
        since(_("Arrêtées à partir de ce jour."), "adopted_on"),
    ),
    keywords=("feuille de route", "objectifs", "livrables"),
    page="portal:chantiers",
)  # fmt: skip
MEMBERS = Resource(
    code="membres",
    title=_("Organismes membres des chantiers"),
    about=_("Qui travaille sur quoi : un organisme, un chantier, un rôle. Aucune personne n’y est nommée."),
    item="Membre",
    key="pk",
    key_field="identifiant",
    key_type=int,
    rows=lambda: Member.objects.visible_to(PUBLIC).active().filter(organisation__in=Organisation.objects.visible_to(PUBLIC)).select_related("organisation", "chantier").order_by("chantier__number", "pk"),
    fields=(
        integer("identifiant", _("Identifiant stable."), lambda r: r.pk),
        text("chantier", _("Code du chantier."), lambda r: r.chantier.slug),
        text("chantier_titre", _("Titre du chantier."), lambda r: r.chantier.title),
        *MEMBER,
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/membres/{r.pk}/")),
    ),
    filters=(
        by_code("chantier", _("Code du chantier."), "chantier__slug"),
        Filter("organisme", Typed.INTEGER, _("Identifiant de l’organisme."), lambda rows, value: rows.filter(organisation=value)),
        among("role", _("Rôle."), "role", Role.values),
        since(_("Membres depuis ce jour ou plus tard."), "since"),
    ),
    keywords=("partenaires", "gouvernance"),
    page="people:organisations",
)  # fmt: skip
PROVENANCE = Resource(
    code="provenance",
    title=_("Provenance : des contributions aux chantiers"),
    about=_("Quel chantier reprend quelle contribution, et lesquelles ont pesé dans son ouverture."),
    item="Provenance",
    key="pk",
    key_field="identifiant",
    key_type=int,
    rows=lambda: ContributionLink.objects.visible_to(PUBLIC).select_related("chantier", "contribution").order_by("chantier__number", "contribution__number", "pk"),
    fields=(
        integer("identifiant", _("Identifiant stable."), lambda r: r.pk),
        integer("contribution", _("Numéro de la contribution."), lambda r: r.contribution.number),
        text("contribution_titre", _("Titre de la contribution."), lambda r: r.contribution.title),
        text("chantier", _("Code du chantier."), lambda r: r.chantier.slug),
        text("chantier_titre", _("Titre du chantier."), lambda r: r.chantier.title),
        boolean("a_l_origine", _("Elle était parmi les raisons d’ouvrir le chantier."), lambda r: r.is_origin),
        moment("depuis_le", _("Depuis quand elle est reprise."), lambda r: r.at, can_be_empty=False),
        link("contribution_page", _("Page de la contribution."), lambda r: absolute(reverse("portal:contribution", args=[r.contribution.number]))),
        link("chantier_page", _("Page du chantier."), lambda r: absolute(r.chantier.get_absolute_url())),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/provenance/{r.pk}/")),
    ),
    filters=(
        by_code("chantier", _("Code du chantier."), "chantier__slug"),
        Filter("contribution", Typed.INTEGER, _("Numéro de la contribution."), lambda rows, value: rows.filter(contribution__number=value)),
        changed_after(_("Liens faits depuis ce moment."), "at"),
    ),
    keywords=("provenance", "traçabilité"),
    page="portal:contributions",
)  # fmt: skip
RESOURCES = (CHANTIERS, ROADMAPS, MEMBERS, PROVENANCE)
