"""What each figure of governance is, in words, and how it is computed."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: code → (label, definition, how it is computed).
WORDS: dict[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    "participants": (
        _("Participants"),
        _("Les personnes qui ont parlé pour un organisme membre d’un chantier pendant la période."),
        _("Chaque personne compte une fois, même dans plusieurs groupes. Une partie de la période suffit."),
    ),
    "organisations": (
        _("Organismes"),
        _("Les organismes membres d’un chantier pendant la période, par nature."),
        _("Chaque organisme compte une fois, même dans plusieurs groupes ou avec plusieurs rôles."),
    ),
    "meetings": (
        _("Séances tenues"),
        _("Les séances des groupes qui ont eu lieu pendant la période."),
        _("Les séances levées ou closes ; ni les séances annulées, ni celles dont personne n’a noté la fin."),
    ),
    "attendance": (
        _("Présence aux séances"),
        _("La part des organismes attendus qui étaient présents ou représentés."),
        _("Présents et représentés, sur toutes les présences notées. Une présence qui n’a pas été notée ne compte pas."),
    ),
    "minutes": (
        _("Comptes-rendus publiés à temps"),
        _("La part des séances dont le compte-rendu a paru dans les {minutes} jours."),
        _("Sur les séances de la période dont le compte-rendu a paru, ou dont les {minutes} jours sont passés."),
    ),
    "remarks": (
        _("Remarques qui ont reçu une suite"),
        _(
            "La part des remarques (comptes-rendus, feuilles de route, documents, livrables) auxquelles le groupe a donné une suite."
        ),
        _(
            "Retenues, non retenues avec un motif ou portées à l’ordre du jour avant la fin de la période, sur les remarques reçues."
        ),
    ),
    "demands": (
        _("Délai de réponse aux demandes à rejoindre un groupe"),
        _("Le temps qu’attend la moitié des personnes qui demandent à rejoindre un groupe."),
        _("Médiane des délais entre la demande et la réponse, oui ou non, pour les réponses données pendant la période."),
    ),
    "contribution_delay": (
        _("Délai de réponse aux contributions"),
        _("Le temps qu’attend la moitié des auteurs de contributions."),
        _("Médiane des délais entre la réception et l’envoi de la réponse, pour les réponses envoyées pendant la période."),
    ),
    "contributions": (
        _("Contributions qui ont reçu une réponse"),
        _("La part des contributions reçues dont l’auteur a reçu une réponse."),
        _(
            "Réponses envoyées avant la fin de la période, sur les contributions reçues, hors brouillons, retraits et regroupements."
        ),
    ),
    "weather": (
        _("Météos récentes"),
        _("La part des groupes au travail dont la météo a moins de {fresh} jours."),
        _("Au dernier jour de la période, sur les chantiers ouverts qui ne sont ni en pause, ni achevés, ni arrêtés."),
    ),
    "decisions": (
        _("Décisions appliquées"),
        _("La part des décisions prises en séance qui sont appliquées."),
        _("Décisions marquées « appliquée » au jour du calcul, sur celles des séances de la période, hors décisions remplacées."),
    ),
    "actions": (
        _("Actions en retard"),
        _("La part des actions attendues pendant la période qui n’étaient pas faites à la fin."),
        _(
            "Échéance passée et action non faite au dernier jour, sur les actions dont l’échéance tombe dans la période, hors abandons."
        ),
    ),
}


def words_of(code: str, **numbers: int) -> tuple[str, str, str]:
    """Label, definition, computation, in the reader's language."""
    label, definition, how = (str(text).format(**numbers) for text in WORDS[code])
    return label, definition, how
