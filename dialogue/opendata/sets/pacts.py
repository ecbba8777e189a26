"""The actions of the pacts, and the published editions of their operational part."""

from __future__ import annotations

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.assembly.models import Proposition
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
from dialogue.pacts.models import PactAction, PactEdition
from dialogue.pacts.stages import ActionState, Origin


def actions() -> Rows:
    """The proposition that an action comes from is named if it may be read (2 queries)."""
    known = Prefetch("proposition", queryset=Proposition.objects.visible_to(PUBLIC).only("number"))
    rows = PactAction.objects.visible_to(PUBLIC).select_related("theme", "lead", "pact__territory").prefetch_related(known)
    return rows.order_by("number")


ACTIONS = Resource(
    code="actions-des-pactes",
    title=_("Actions des pactes"),
    about=_("Le volet opérationnel des pactes territoriaux : ce qui sera fait, par qui, pour quand, et d’où vient chaque action."),
    item="ActionDuPacte",
    key="number",
    key_field="numero",
    key_type=int,
    rows=actions,
    fields=(
        integer("numero", _("Numéro de l’action, stable."), lambda r: r.number),
        text("titre", _("Intitulé."), lambda r: r.title),
        text("texte", _("Ce qui sera fait."), lambda r: r.text),
        text("territoire", _("Code du territoire."), lambda r: r.pact.territory.code),
        text("territoire_nom", _("Nom du territoire."), lambda r: r.pact.territory.name),
        text("theme", _("Code du thème."), lambda r: r.theme.code),
        integer("annee", _("Année d’entrée au pacte."), lambda r: r.entered_year),
        choice("etat", _("planned : prévue ; under_way : en cours ; done : réalisée ; dropped : abandonnée."), ActionState, lambda r: r.state),
        text("etat_libelle", _("L’état, en toutes lettres."), lambda r: r.get_state_display()),
        text("pilote", _("Organisme pilote."), lambda r: r.leader),
        integer("cout", _("Coût prévu, en euros."), lambda r: r.cost, can_be_empty=True),
        day("commence_le", _("Début."), lambda r: r.starts_on),
        day("a_terminer_pour_le", _("Échéance."), lambda r: r.due_on),
        day("realisee_le", _("Date de réalisation."), lambda r: r.done_on),
        choice("origine", _("contribution : des contributions ; proposition : une proposition votée ; other : une autre origine."), Origin, lambda r: r.origin),
        integer("proposition", _("Numéro de la proposition votée dont elle vient."), lambda r: r.proposition.number if r.proposition else None, can_be_empty=True),
        link("page", _("L’action sur ce site."), lambda r: absolute(r.get_absolute_url())),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/actions-des-pactes/{r.number}/")),
    ),
    filters=(
        by_code("territoire", _("Code du territoire."), "pact__territory__code"),
        by_code("theme", _("Code du thème."), "theme__code"),
        among("etat", _("État de l’action."), "state", ActionState.values),
        Filter("annee", Typed.INTEGER, _("Année d’entrée au pacte."), lambda rows, value: rows.filter(entered_year=value)),
        since(_("À terminer à partir de ce jour."), "due_on"),
        until(_("À terminer jusqu’à ce jour compris."), "due_on"),
    ),
    keywords=("pactes territoriaux", "actions"),
    page="pacts:index",
)  # fmt: skip
EDITIONS = Resource(
    code="editions-des-pactes",
    title=_("Éditions annuelles des pactes"),
    about=_("Les volets opérationnels publiés, année par année, avec leur empreinte : ce qui est figé ne change plus."),
    item="EditionDuPacte",
    key="pk",
    key_field="identifiant",
    key_type=int,
    rows=lambda: PactEdition.objects.visible_to(PUBLIC).select_related("pact__territory").defer("content", "figures").order_by("year", "pact__territory__order", "number", "pk"),
    fields=(
        integer("identifiant", _("Identifiant stable."), lambda r: r.pk),
        text("territoire", _("Code du territoire."), lambda r: r.pact.territory.code),
        integer("annee", _("Année."), lambda r: r.year),
        integer("edition", _("Rang de l’édition dans l’année : une correction est la suivante."), lambda r: r.number),
        day("adoptee_le", _("Date d’adoption."), lambda r: r.adopted_on),
        moment("publiee_le", _("Date de publication."), lambda r: r.published_at),
        text("bilan", _("Bilan de l’année écoulée."), lambda r: r.report),
        text("empreinte", _("SHA-256 du contenu, tel qu’il est écrit sur le PDF."), lambda r: r.sha256),
        link("page", _("L’édition sur ce site."), lambda r: absolute(r.get_absolute_url())),
        link("pdf", _("Le PDF accessible de l’année."), lambda r: absolute(reverse("pacts:pdf", args=[r.pact.territory.code, r.year]))),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/editions-des-pactes/{r.pk}/")),
    ),
    filters=(
        by_code("territoire", _("Code du territoire."), "pact__territory__code"),
        Filter("annee", Typed.INTEGER, _("Année."), lambda rows, value: rows.filter(year=value)),
        changed_after(_("Publiées depuis ce moment."), "published_at"),
    ),
    keywords=("pactes territoriaux",),
    page="pacts:index",
)  # fmt: skip
RESOURCES = (ACTIONS, EDITIONS)
