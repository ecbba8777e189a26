"""Published contributions: never who wrote them, but for the name that the author chose to show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import ContributionLink
from dialogue.contributions.models import Contribution, Support
from dialogue.contributions.stages import Nature, Outcome
from dialogue.fulltext.query import parse
from dialogue.opendata.fields import choice, integer, link, moment, text, words
from dialogue.opendata.resources import PUBLIC, Filter, Resource, Rows, Typed, absolute, among, by_code, since, until

#: Personal data, and what is not said in public, is not even read.
HIDDEN = ("author_name", "author_email", "author_phone", "author_key", "key", "motive", "answer")


def contributions() -> Rows:
    """With how many support each, and the chantiers that take it up (2 queries)."""
    signed = Support.objects.filter(contribution=OuterRef("pk")).confirmed().order_by().values("contribution")
    count = Coalesce(Subquery(signed.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
    links = ContributionLink.objects.visible_to(PUBLIC).select_related("chantier").order_by("chantier__number")
    rows = Contribution.objects.published_to(PUBLIC).annotate(supports_count=count)
    rows = rows.select_related("theme", "second_theme", "territory", "campaign").defer(*HIDDEN)
    return rows.prefetch_related(Prefetch("chantier_links", queryset=links, to_attr="open_links")).order_by("number")


def _changed(rows: Rows, value: datetime) -> Rows:
    links = ContributionLink.objects.visible_to(PUBLIC).filter(contribution=OuterRef("pk"), at__gte=value)
    return rows.filter(Q(received_at__gte=value) | Q(answered_at__gte=value) | Q(qualified_at__gte=value) | Exists(links))


def _found(rows: Rows, value: str) -> Rows:
    """The full text: accents, plurals, conjugations aside."""
    query = parse(value)
    return rows.none() if query.is_empty else rows.matching(query)  # type: ignore[attr-defined]


def _code(thing: Any) -> str | None:
    return thing.code if thing is not None else None


CONTRIBUTIONS = Resource(
    code="contributions",
    title=_("Contributions publiées"),
    about=_("Ce que disent les habitantes, les habitants et les organismes, quand ils ont accepté la publication, et ce qu’il en est advenu. Aucune coordonnée ; le nom seulement si l’auteur l’a voulu."),
    item="Contribution",
    key="number",
    key_field="numero",
    key_type=int,
    rows=contributions,
    fields=(
        integer("numero", _("Numéro de la contribution, stable."), lambda r: r.number),
        text("titre", _("La contribution en une phrase."), lambda r: r.title),
        text("texte", _("Le texte."), lambda r: r.text),
        choice("nature", _("initiative : initiative en cours ; need : besoin ; idea : idée."), Nature, lambda r: r.nature, can_be_empty=True),
        text("theme", _("Code du thème qu’une personne a dit ; jamais une suggestion de la machine."), lambda r: _code(r.theme), can_be_empty=True),
        text("second_theme", _("Code du second thème."), lambda r: _code(r.second_theme), can_be_empty=True),
        text("territoire", _("Code du territoire."), lambda r: _code(r.territory), can_be_empty=True),
        text("commune", _("Code INSEE de la commune."), lambda r: r.commune_id, can_be_empty=True),
        text("lieu", _("Le lieu, comme il a été écrit."), lambda r: r.place),
        text("campagne", _("Titre de la campagne."), lambda r: r.campaign.title),
        moment("ecrite_le", _("Quand elle a été écrite."), lambda r: r.written_at, can_be_empty=False),
        moment("recue_le", _("Quand elle est arrivée."), lambda r: r.received_at),
        text("nom_affiche", _("Le nom que l’auteur a choisi de montrer, ou rien."), lambda r: r.shown_name),
        choice("suite", _("linked : reprise dans un chantier ; pact : reprise dans le pacte du territoire ; referred : orientée vers une aide ou un service ; closed : sans suite, avec une réponse."), Outcome, lambda r: r.outcome, can_be_empty=True),
        moment("reponse_le", _("Quand la réponse est partie."), lambda r: r.answered_at),
        words("chantiers", _("Codes des chantiers qui la reprennent."), lambda r: [link.chantier.slug for link in r.open_links]),
        integer("soutiens", _("Nombre de soutiens confirmés."), lambda r: r.supports_count),
        link("page", _("La contribution sur ce site."), lambda r: absolute(r.get_absolute_url())),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/contributions/{r.number}/")),
    ),
    filters=(
        by_code("theme", _("Code du thème."), "theme__code"),
        by_code("territoire", _("Code du territoire."), "territory__code"),
        by_code("commune", _("Code INSEE de la commune."), "commune"),
        by_code("campagne", _("Nom de la campagne dans son adresse."), "campaign__slug"),
        among("nature", _("Nature."), "nature", [str(nature) for nature in Nature]),
        among("suite", _("Suite donnée."), "outcome", [str(outcome) for outcome in Outcome]),
        Filter("chantier", Typed.CODE, _("Code d’un chantier qui la reprend."), lambda rows, value: rows.filter(Exists(ContributionLink.objects.visible_to(PUBLIC).filter(contribution=OuterRef("pk"), chantier__slug=value)))),
        since(_("Écrites à partir de ce jour."), "written_at__date"),
        until(_("Écrites jusqu’à ce jour compris."), "written_at__date"),
        Filter("modifie_apres", Typed.MOMENT, _("Reçues, classées, reprises ou répondues depuis ce moment."), _changed),
        Filter("q", Typed.WORDS, _("Mots du texte : accents, pluriels et conjugaisons sont égaux."), _found),
    ),
    keywords=("contributions", "consultation"),
    page="portal:contributions",
)  # fmt: skip
RESOURCES = (CONTRIBUTIONS,)
