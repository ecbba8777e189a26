"""What the groups delivered, once published to everyone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dialogue.deliverables.models import Deliverable
from dialogue.deliverables.stages import OUT, Licence, Stage
from dialogue.opendata.fields import choice, day, integer, link, moment, text
from dialogue.opendata.resources import PUBLIC, Resource, absolute, among, by_code, changed_after, since, until

RESULTS = Resource(
    code="resultats",
    title=_("Résultats des chantiers"),
    about=_("Les livrables publiés : titre, résumé, licence, adresse. Une version remplacée reste à son adresse."),
    item="Resultat",
    key="number",
    key_field="numero",
    key_type=int,
    rows=lambda: Deliverable.objects.visible_to(PUBLIC).out().select_related("chantier__theme", "replaced_by").defer("full_text", "stems").order_by("number"),
    fields=(
        integer("numero", _("Numéro du résultat, stable."), lambda r: r.number),
        text("titre", _("Titre."), lambda r: r.title),
        text("resume", _("Résumé."), lambda r: r.summary),
        text("chantier", _("Code du chantier."), lambda r: r.chantier.slug),
        text("chantier_titre", _("Titre du chantier."), lambda r: r.chantier.title),
        text("theme", _("Code du thème du chantier."), lambda r: r.chantier.theme.code),
        integer("version", _("Numéro de la version."), lambda r: r.version),
        choice("etat", _("published : publié ; superseded : remplacé par une version plus récente."), Stage, lambda r: r.stage),
        day("publie_le", _("Date de publication."), lambda r: r.published_on, can_be_empty=False),
        choice("licence", _("Licence sous laquelle il est publié."), Licence, lambda r: r.licence),
        text("licence_libelle", _("La licence, en toutes lettres."), lambda r: r.get_licence_display()),
        moment("modifie_le", _("Dernière modification."), lambda r: r.changed_at, can_be_empty=False),
        link("page", _("Le résultat sur ce site, avec ses fichiers."), lambda r: absolute(r.get_absolute_url())),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/resultats/{r.number}/")),
    ),
    filters=(
        by_code("chantier", _("Code du chantier."), "chantier__slug"),
        by_code("theme", _("Code du thème du chantier."), "chantier__theme__code"),
        by_code("territoire", _("Code d’un territoire du chantier."), "chantier__territories__code"),
        among("etat", _("État du résultat."), "stage", OUT),
        since(_("Publiés à partir de ce jour."), "published_on"),
        until(_("Publiés jusqu’à ce jour compris."), "published_on"),
        changed_after(_("Modifiés depuis ce moment."), "changed_at"),
    ),
    keywords=("résultats", "livrables"),
    page="deliverables:results",
)  # fmt: skip
RESOURCES = (RESULTS,)
