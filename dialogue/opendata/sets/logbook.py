"""The published carnets de voyage."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.logbook.models import Edition
from dialogue.opendata.fields import integer, link, moment, text
from dialogue.opendata.resources import PUBLIC, Resource, absolute, changed_after

EDITIONS = Resource(
    code="carnets",
    title=_("Carnets de voyage"),
    about=_("Les carnets de voyage publiés : la page, le PDF et l’EPUB, avec leur empreinte."),
    item="Carnet",
    key="number",
    key_field="numero",
    key_type=int,
    rows=lambda: Edition.objects.visible_to(PUBLIC).published().light().order_by("number"),
    fields=(
        integer("numero", _("Numéro du carnet."), lambda r: r.number),
        integer("edition", _("Rang de l’édition : 1 à la première publication, 2 une fois corrigée."), lambda r: r.edition),
        text("titre", _("Titre."), lambda r: r.title),
        text("periode", _("Période."), lambda r: r.period),
        moment("publie_le", _("Date de publication."), lambda r: r.published_at, can_be_empty=False),
        text("empreinte", _("SHA-256 du contenu."), lambda r: r.sha256),
        link("page", _("Le carnet sur ce site."), lambda r: absolute(r.get_absolute_url())),
        link("pdf", _("Le carnet en PDF."), lambda r: absolute(reverse("logbook:download", args=[r.slug, "pdf"]))),
        link("epub", _("Le carnet en EPUB."), lambda r: absolute(reverse("logbook:download", args=[r.slug, "epub"]))),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/carnets/{r.number}/")),
    ),
    filters=(changed_after(_("Publiés depuis ce moment."), "published_at"),),
    keywords=("carnet de voyage",),
    page="logbook:home",
)  # fmt: skip
RESOURCES = (EDITIONS,)
