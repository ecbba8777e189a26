"""Propositions that are before the assembly, and what it voted."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dialogue.assembly.models import Proposition, Resolution
from dialogue.assembly.stages import Outcome, PropositionStage
from dialogue.opendata.fields import choice, day, integer, link, text
from dialogue.opendata.resources import PUBLIC, Resource, absolute, among, by_code, changed_after, since, until

PROPOSITIONS = Resource(
    code="propositions",
    title=_("Propositions des groupes à l’assemblée"),
    about=_("Ce que les groupes proposent à l’assemblée départementale de décider, à partir de leur inscription à une séance, et ce qu’il en est advenu."),
    item="Proposition",
    key="number",
    key_field="numero",
    key_type=int,
    rows=lambda: Proposition.objects.visible_to(PUBLIC).select_related("chantier__theme", "resolution").order_by("number"),
    fields=(
        integer("numero", _("Numéro de la proposition, stable."), lambda r: r.number),
        text("titre", _("Titre."), lambda r: r.title),
        text("texte", _("Ce que le groupe propose de décider."), lambda r: r.text),
        text("pourquoi", _("Pourquoi il le propose."), lambda r: r.reasons),
        text("effet_attendu", _("L’effet attendu."), lambda r: r.expected_effect),
        integer("cout_estime", _("Coût estimé, en euros."), lambda r: r.estimated_cost, can_be_empty=True),
        text("chantier", _("Code du chantier."), lambda r: r.chantier.slug),
        text("chantier_titre", _("Titre du chantier."), lambda r: r.chantier.title),
        text("theme", _("Code du thème du chantier."), lambda r: r.chantier.theme.code),
        choice("etape", _("Où elle en est : tabled (inscrite à une séance), adopted, adopted_amended, rejected, adjourned, referred_back, withdrawn, in_pact, no_follow_up…"), PropositionStage, lambda r: r.stage),
        text("etape_libelle", _("L’étape, en toutes lettres."), lambda r: r.get_stage_display()),
        day("adoptee_par_le_groupe_le", _("Adoptée par le groupe le."), lambda r: r.adopted_by_group_on),
        text("deliberation", _("Numéro de la délibération qui l’a tranchée."), lambda r: r.resolution.number if r.resolution else None, can_be_empty=True),
        day("inscrite_au_pacte_le", _("Inscription au pacte."), lambda r: r.in_pact_on),
        link("page", _("La proposition sur ce site."), lambda r: absolute(r.get_absolute_url())),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/propositions/{r.number}/")),
    ),
    filters=(
        by_code("chantier", _("Code du chantier."), "chantier__slug"),
        by_code("theme", _("Code du thème du chantier."), "chantier__theme__code"),
        by_code("territoire", _("Code d’un territoire du chantier."), "chantier__territories__code"),
        among("etape", _("Étape."), "stage", PropositionStage.values),
    ),
    keywords=("propositions", "assemblée départementale"),
    page="assembly:list",
)  # fmt: skip
VOTES = Resource(
    code="votes",
    title=_("Votes de l’assemblée"),
    about=_("Ce que l’assemblée départementale a décidé des propositions : issue, numéro de délibération, voix. La plateforme enregistre les votes, elle ne les organise pas."),
    item="Vote",
    key="pk",
    key_field="identifiant",
    key_type=int,
    rows=lambda: Resolution.objects.visible_to(PUBLIC).select_related("proposition__chantier").order_by("date", "pk"),
    fields=(
        integer("identifiant", _("Identifiant stable."), lambda r: r.pk),
        integer("proposition", _("Numéro de la proposition."), lambda r: r.proposition.number),
        text("chantier", _("Code du chantier."), lambda r: r.proposition.chantier.slug),
        choice("issue", _("adopted : adoptée ; adopted_amended : adoptée avec des modifications ; rejected : rejetée ; adjourned : ajournée ; referred_back : renvoyée."), Outcome, lambda r: r.outcome),
        text("issue_libelle", _("L’issue, en toutes lettres."), lambda r: r.get_outcome_display()),
        day("date", _("Date du vote."), lambda r: r.date, can_be_empty=False),
        text("deliberation", _("Numéro de la délibération."), lambda r: r.number),
        text("matiere_code", _("Code de la matière (nomenclature Actes)."), lambda r: r.matter_code),
        text("matiere_nom", _("Nom de la matière."), lambda r: r.matter_name),
        text("objet", _("Objet de la délibération."), lambda r: r.object),
        text("texte_adopte", _("Le texte adopté, s’il diffère de celui du groupe."), lambda r: r.adopted_text),
        integer("pour", _("Voix pour."), lambda r: r.votes_for, can_be_empty=True),
        integer("contre", _("Voix contre."), lambda r: r.votes_against, can_be_empty=True),
        integer("abstentions", _("Abstentions."), lambda r: r.abstentions, can_be_empty=True),
        integer("ne_prennent_pas_part", _("Ne prennent pas part au vote."), lambda r: r.not_voting, can_be_empty=True),
        text("adresse", _("Adresse de la délibération, si elle est en ligne."), lambda r: r.url),
        link("page", _("La proposition sur ce site."), lambda r: absolute(r.proposition.get_absolute_url())),
        link("api", _("Adresse de cet élément dans l’API."), lambda r: absolute(f"/api/v1/votes/{r.pk}/")),
    ),
    filters=(
        by_code("chantier", _("Code du chantier."), "proposition__chantier__slug"),
        among("issue", _("Issue du vote."), "outcome", Outcome.values),
        since(_("Votés à partir de ce jour."), "date"),
        until(_("Votés jusqu’à ce jour compris."), "date"),
        changed_after(_("Enregistrés ou corrigés depuis ce moment."), "recorded_at", "corrected_at"),
    ),
    keywords=("délibérations", "votes"),
    page="assembly:list",
)  # fmt: skip
RESOURCES = (PROPOSITIONS, VOTES)
