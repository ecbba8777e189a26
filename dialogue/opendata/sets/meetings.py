"""Dates of the groups' meetings, their published minutes and decisions."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.meetings.models import Decision, Meeting, Minutes, MinutesVersion
from dialogue.meetings.stages import OUT, DecisionState, MeetingStage
from dialogue.opendata.fields import choice, integer, link, moment, objects, text, words
from dialogue.opendata.resources import PUBLIC, Resource, Rows, absolute, among, by_code, changed_after, since, until

DATED = [stage for stage in MeetingStage.values if stage not in {"draft", "poll", "postponed"}]
MEETINGS = Resource(
    code="seances",
    title=_("Séances des chantiers"),
    about=_("Les dates des séances des groupes, passées et à venir. Les lieux et les liens restent entre les membres."),
    item="Seance",
    key="uid",
    key_field="identifiant",
    rows=lambda: Meeting.objects.visible_to(PUBLIC).select_related("chantier").defer("introduction", "place", "online_url").order_by("starts_at", "pk"),
    fields=(
        text("identifiant", _("Identifiant stable (UUID), le même que dans les calendriers."), lambda r: r.uid),
        text("chantier", _("Code du chantier."), lambda r: r.chantier.slug),
        text("chantier_titre", _("Titre du chantier."), lambda r: r.chantier.title),
        integer("numero", _("Rang de la séance dans le chantier."), lambda r: r.number),
        moment("debut", _("Début. Vide pour une séance annulée avant d’avoir eu une date."), lambda r: r.starts_at),
        moment("fin", _("Fin."), lambda r: r.ends_at),
        choice("etat", _("convened : convoquée ; in_session : en cours ; held : tenue ; closed : close ; cancelled : annulée."), MeetingStage, lambda r: r.stage),
        text("etat_libelle", _("L’état, en toutes lettres."), lambda r: r.get_stage_display()),
        moment("modifie_le", _("Dernière modification."), lambda r: r.updated_at, can_be_empty=False),
        link("page", _("Page du chantier sur ce site."), lambda r: absolute(r.chantier.get_absolute_url())),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/seances/{r.uid}/")),
    ),
    filters=(
        by_code("chantier", _("Code du chantier."), "chantier__slug"),
        by_code("theme", _("Code du thème du chantier."), "chantier__theme__code"),
        by_code("territoire", _("Code d’un territoire du chantier."), "chantier__territories__code"),
        among("etat", _("État de la séance."), "stage", DATED),
        since(_("À partir de ce jour."), "starts_at__date"),
        until(_("Jusqu’à ce jour compris."), "starts_at__date"),
        changed_after(_("Modifiées depuis ce moment."), "updated_at"),
    ),
    keywords=("séances", "calendrier"),
    page="portal:agenda",
)  # fmt: skip


def minutes() -> Rows:
    """Published ones, with their last published version."""
    versions = MinutesVersion.objects.exclude(published_at=None).order_by("-number")
    rows = Minutes.objects.visible_to(PUBLIC).filter(stage__in=OUT).select_related("meeting", "chantier")
    return rows.prefetch_related(Prefetch("versions", queryset=versions, to_attr="out")).order_by("meeting__starts_at", "pk")


def last(row: Any) -> MinutesVersion | None:
    return row.out[0] if row.out else None


def content(row: Any, name: str) -> list[Any]:
    version = last(row)
    return version.content.get(name, []) if version else []


def _page(row: Any, name: str, *more: str) -> str:
    return absolute(reverse(f"meetings:{name}", args=[row.chantier.slug, row.meeting.number, *more]))


def _about_meeting(row: Any) -> Any:
    return row.meeting.starts_at


MINUTES = Resource(
    code="comptes-rendus",
    title=_("Comptes-rendus publiés"),
    about=_("Les comptes-rendus de séance publiés : décisions, actions, notes, organismes présents. La dernière version publiée, avec son empreinte."),
    item="CompteRendu",
    key="meeting__uid",
    key_field="identifiant",
    rows=minutes,
    fields=(
        text("identifiant", _("Identifiant stable : celui de la séance."), lambda r: r.meeting.uid),
        text("chantier", _("Code du chantier."), lambda r: r.chantier.slug),
        text("chantier_titre", _("Titre du chantier."), lambda r: r.chantier.title),
        integer("seance", _("Rang de la séance dans le chantier."), lambda r: r.meeting.number),
        moment("seance_le", _("Date de la séance."), _about_meeting),
        integer("version", _("Numéro de la version publiée."), lambda r: last(r).number if last(r) else 0),  # type: ignore[union-attr]
        moment("publie_le", _("Date de publication de cette version."), lambda r: last(r).published_at if last(r) else None),  # type: ignore[union-attr]
        text("empreinte", _("SHA-256 du contenu, tel qu’il est écrit sur le PDF."), lambda r: last(r).sha256 if last(r) else ""),  # type: ignore[union-attr]
        text("changement", _("Pour une rectification : ce qui change et pourquoi."), lambda r: last(r).change_note if last(r) else ""),  # type: ignore[union-attr]
        words("presents", _("Organismes présents."), lambda r: [one["name"] for one in content(r, "present")]),
        link("page", _("Le compte-rendu sur ce site."), lambda r: _page(r, "minutes")),
        link("pdf", _("Le compte-rendu en PDF accessible."), lambda r: _page(r, "pdf", "compte-rendu")),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/comptes-rendus/{r.meeting.uid}/")),
        objects(
            "decisions", _("Décisions prises."), lambda r: content(r, "decisions"),
            text("numero", _("Numéro dans le chantier, pour toujours : D1, D2…"), lambda d: f"D{d['number']}"),
            text("texte", _("La décision."), lambda d: d["text"]),
            text("accord", _("Comment elle a été prise."), lambda d: d["agreement"]),
            detail=True,
        ),
        objects(
            "actions", _("Actions décidées."), lambda r: content(r, "actions"),
            text("numero", _("Numéro dans le chantier, pour toujours : A1, A2…"), lambda a: f"A{a['number']}"),
            text("texte", _("L’action."), lambda a: a["text"]),
            text("responsable", _("Organisme qui s’en charge."), lambda a: a["owner"]),
            text("echeance", _("Pour quand (AAAA-MM-JJ), s’il y a une date."), lambda a: a["due_on"] or None, can_be_empty=True),
            detail=True,
        ),
        objects(
            "points", _("Points de l’ordre du jour, et ce qui en a été noté."), lambda r: content(r, "items"),
            text("titre", _("Le point."), lambda i: i["title"]),
            text("notes", _("Ce qui en a été dit."), lambda i: i["notes"]),
            detail=True,
        ),
    ),
    filters=(
        by_code("chantier", _("Code du chantier."), "chantier__slug"),
        by_code("theme", _("Code du thème du chantier."), "chantier__theme__code"),
        since(_("Séances tenues à partir de ce jour."), "meeting__starts_at__date"),
        until(_("Séances tenues jusqu’à ce jour compris."), "meeting__starts_at__date"),
        changed_after(_("Publiés ou rectifiés depuis ce moment."), "published_at"),
    ),
    keywords=("comptes-rendus",),
    page="portal:chantiers",
)  # fmt: skip
DECISIONS = Resource(
    code="decisions",
    title=_("Décisions des groupes"),
    about=_("Les relevés de décisions publiés : une phrase par décision, sa séance, et où elle en est."),
    item="Decision",
    key="pk",
    key_field="identifiant",
    key_type=int,
    rows=lambda: Decision.objects.visible_to(PUBLIC).filter(meeting__minutes__stage__in=OUT).select_related("meeting__minutes", "chantier").order_by("chantier__number", "number", "pk"),
    fields=(
        integer("identifiant", _("Identifiant stable."), lambda r: r.pk),
        text("numero", _("Numéro dans le chantier, pour toujours : D1, D2…"), lambda r: r.label),
        text("chantier", _("Code du chantier."), lambda r: r.chantier.slug),
        text("chantier_titre", _("Titre du chantier."), lambda r: r.chantier.title),
        integer("seance", _("Rang de la séance dans le chantier."), lambda r: r.meeting.number),
        moment("seance_le", _("Date de la séance."), _about_meeting),
        text("texte", _("La décision, lisible seule."), lambda r: r.text),
        text("accord", _("Comment elle a été prise."), lambda r: r.agreement),
        choice("etat", _("standing : en cours ; applied : appliquée ; replaced : remplacée ; dropped : abandonnée."), DecisionState, lambda r: r.state),
        text("etat_libelle", _("L’état, en toutes lettres."), lambda r: r.get_state_display()),
        link("page", _("La décision sur ce site."), lambda r: absolute(r.get_absolute_url())),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/decisions/{r.pk}/")),
    ),
    filters=(
        by_code("chantier", _("Code du chantier."), "chantier__slug"),
        by_code("theme", _("Code du thème du chantier."), "chantier__theme__code"),
        among("etat", _("État de la décision."), "state", DecisionState.values),
        since(_("Prises à partir de ce jour."), "meeting__starts_at__date"),
        until(_("Prises jusqu’à ce jour compris."), "meeting__starts_at__date"),
        changed_after(_("Publiées depuis ce moment."), "meeting__minutes__published_at"),
    ),
    keywords=("décisions",),
    page="meetings:register",
)  # fmt: skip
RESOURCES = (MEETINGS, MINUTES, DECISIONS)
