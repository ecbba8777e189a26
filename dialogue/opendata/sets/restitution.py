"""The published progress points ("points d’étape") of the territories."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.opendata.fields import choice, integer, link, moment, text
from dialogue.opendata.resources import PUBLIC, Filter, Resource, Typed, absolute, among, by_code, changed_after
from dialogue.restitution.models import ProgressPoint
from dialogue.restitution.stages import Where

POINTS = Resource(
    code="points-d-etape",
    title=_("Points d’étape des territoires"),
    about=_("Où en sont les chantiers de chaque territoire, pour un conseil ou une conférence : la page, le PDF et les diapositives publiés."),
    item="PointDEtape",
    key="pk",
    key_field="identifiant",
    key_type=int,
    rows=lambda: ProgressPoint.objects.visible_to(PUBLIC).select_related("territory").order_by("series", "kind", "territory__order", "pk"),
    fields=(
        integer("identifiant", _("Identifiant stable."), lambda r: r.pk),
        choice("occasion", _("council : conseil de territoire ; conference : conférence départementale."), Where, lambda r: r.kind),
        integer("serie", _("Numéro de la série : 5 pour les conseils n° 5."), lambda r: r.series),
        text("territoire", _("Code du territoire."), lambda r: r.territory.code),
        text("territoire_nom", _("Nom du territoire."), lambda r: r.territory.name),
        moment("publie_le", _("Date de publication."), lambda r: r.published_at),
        link("page", _("Le point d’étape sur ce site."), lambda r: absolute(r.get_absolute_url())),
        link("pdf", _("Le PDF accessible."), lambda r: absolute(reverse("restitution:point_pdf", args=[r.gathering.slug, r.territory.code]))),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/points-d-etape/{r.pk}/")),
    ),
    filters=(
        by_code("territoire", _("Code du territoire."), "territory__code"),
        among("occasion", _("Conseil ou conférence."), "kind", Where.values),
        Filter("serie", Typed.INTEGER, _("Numéro de la série."), lambda rows, value: rows.filter(series=value)),
        changed_after(_("Publiés ou rectifiés depuis ce moment."), "published_at"),
    ),
    keywords=("restitution", "conseils de territoire"),
    page="restitution:index",
)  # fmt: skip
RESOURCES = (POINTS,)
