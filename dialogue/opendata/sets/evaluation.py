"""The published evaluations of the chantiers: always the last frozen version."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from dialogue.evaluation.models import Evaluation, EvaluationVersion
from dialogue.opendata.fields import integer, link, moment, objects, text
from dialogue.opendata.resources import PUBLIC, Resource, Rows, absolute, by_code, changed_after


def evaluations() -> Rows:
    versions = Prefetch("versions", queryset=EvaluationVersion.objects.order_by("-number"), to_attr="out")
    rows = Evaluation.objects.published_to(PUBLIC).select_related("chantier").prefetch_related(versions)
    return rows.order_by("chantier__number")


def said(row: Any, name: str) -> Any:
    return row.out[0].content.get(name, "") if row.out else ""


def rated(row: Any, name: str, rating: str) -> int:
    return sum(line.get("rating") == rating for line in said(row, name) or ())


EVALUATIONS = Resource(
    code="evaluations",
    title=_("Évaluations des chantiers"),
    about=_("Chaque objectif et chaque livrable de la première feuille de route, comparé à ce qui a été fait, et ce que le groupe en retient."),
    item="Evaluation",
    key="chantier__slug",
    key_field="chantier",
    rows=evaluations,
    fields=(
        text("chantier", _("Code du chantier."), lambda r: r.chantier.slug),
        text("chantier_titre", _("Titre du chantier."), lambda r: r.chantier.title),
        integer("version", _("Numéro de la version publiée."), lambda r: r.out[0].number if r.out else 0),
        moment("publiee_le", _("Date de publication."), lambda r: r.published_at),
        integer("objectifs_atteints", _("Objectifs atteints."), lambda r: rated(r, "objectives", "reached")),
        integer("objectifs_partiels", _("Objectifs partiellement atteints."), lambda r: rated(r, "objectives", "partly")),
        integer("objectifs_non_atteints", _("Objectifs non atteints."), lambda r: rated(r, "objectives", "not")),
        integer("livrables_faits", _("Livrables remis comme prévu."), lambda r: rated(r, "deliverables", "reached")),
        integer("livrables_partiels", _("Livrables remis en partie."), lambda r: rated(r, "deliverables", "partly")),
        integer("livrables_non_faits", _("Livrables non remis."), lambda r: rated(r, "deliverables", "not")),
        text("ce_qui_a_marche", _("Ce qui a bien marché."), lambda r: said(r, "worked")),
        text("ce_qui_n_a_pas_marche", _("Ce qui n’a pas marché."), lambda r: said(r, "fell_short")),
        text("autrement", _("Ce que le groupe ferait autrement."), lambda r: said(r, "differently")),
        text("empreinte", _("SHA-256 du contenu, tel qu’il est écrit sur le PDF."), lambda r: r.out[0].sha256 if r.out else ""),
        link("page", _("L’évaluation sur ce site."), lambda r: absolute(r.get_absolute_url())),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/evaluations/{r.chantier.slug}/")),
        objects(
            "objectifs", _("Objectif par objectif."), lambda r: said(r, "objectives") or (),
            text("intitule", _("L’objectif."), lambda o: o["title"]),
            text("indicateur", _("Comment on le mesure."), lambda o: o["indicator"]),
            text("cible", _("Valeur à atteindre."), lambda o: o["target"]),
            text("mesure", _("Valeur mesurée."), lambda o: o["measured"]),
            text("appreciation", _("reached : atteint ; partly : en partie ; not : non."), lambda o: o["rating"]),
            text("pourquoi", _("Pourquoi, en une phrase."), lambda o: o["why"]),
            detail=True,
        ),
    ),
    filters=(
        by_code("theme", _("Code du thème du chantier."), "chantier__theme__code"),
        by_code("territoire", _("Code d’un territoire du chantier."), "chantier__territories__code"),
        changed_after(_("Publiées depuis ce moment."), "published_at"),
    ),
    keywords=("évaluation",),
    page="evaluation:process",
)  # fmt: skip
RESOURCES = (EVALUATIONS,)
