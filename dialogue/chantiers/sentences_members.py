"""What the letters on membership say: subject, paragraphs, words of the link. Rendered in the language of each reader."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """A letter; `{…}` are filled by letters: title, organisation, person, role, day, inviter, email, other."""

    subject: str | Promise
    paragraphs: tuple[str | Promise, ...]
    action: str | Promise = ""
    #: Introduces a text typed by somebody (motivation, motive, message).
    quote: str | Promise = ""
    #: Last lines, after the link.
    closing: tuple[str | Promise, ...] = ()


IS_NOT_VALIDATED = _("Son compte ou son organisme attend encore la coordination : vous pourrez accepter ensuite.")
NOBODY_ANSWERS = _("Ce chantier n’a ni élu porteur ni direction référente : cette demande revient à la coordination.")
ESCALATED = _("Quatorze jours ont passé : la coordination reçoit aussi ce rappel. C’est le dernier.")

WORDS: dict[str, Words] = {
    "asked": Words(
        _("Réponse attendue avant le {day} : {organisation} demande à rejoindre « {title} »"),
        (
            _("{person}, pour « {organisation} », demande à rejoindre le chantier « {title} »."),
            _("Répondez avant le {day}. Sans réponse, vous recevrez un rappel, puis la coordination avec vous."),
        ),
        _("Répondre à la demande"),
        _("Sa motivation :"),
    ),
    "receipt": Words(
        _("Votre demande est envoyée : {title}"),
        (
            _("Vous demandez à rejoindre le chantier « {title} » pour « {organisation} »."),
            _("Vous recevrez une réponse avant le {day}. Passé ce délai, un rappel part automatiquement à ceux qui répondent."),
        ),
        _("Voir ou retirer ma demande"),
    ),
    "accepted": Words(
        _("Bienvenue dans le groupe : {title}"),
        (
            _("Votre demande est acceptée : « {organisation} » fait maintenant partie du chantier « {title} »."),
            _("L’espace du groupe vous est ouvert. Vous y trouvez la feuille de route et les coordonnées des membres."),
        ),
        _("Ouvrir l’espace du groupe"),
    ),
    "refused": Words(
        _("Réponse à votre demande : {title}"),
        (_("Votre demande de rejoindre le chantier « {title} » pour « {organisation} » n’est pas acceptée."),),
        _("Revoir le chantier"),
        _("Le motif :"),
        (_("Si votre situation change, vous pouvez envoyer une nouvelle demande."),),
    ),
    "reminded": Words(
        _("Rappel : une demande attend votre réponse, « {title} »"),
        (
            _("{person}, pour « {organisation} », a demandé le {day} à rejoindre le chantier « {title} »."),
            _("Personne n’a encore répondu. Une réponse est promise à chaque demande."),
        ),
        _("Répondre à la demande"),
        _("Sa motivation :"),
    ),
    "invited": Words(
        _("{inviter} vous invite à rejoindre le chantier « {title} »"),
        (
            _("{inviter} vous invite à rejoindre le groupe de travail « {title} » pour « {organisation} ». Votre rôle : {role}."),
            _("L’objectif du groupe : {objective}"),
        ),
        _("Lire l’invitation et répondre"),
        _("Son message :"),
        (
            _("Cette invitation vaut pour l’adresse {email}, une seule fois, pendant soixante jours."),
            _("Si elle ne vous concerne pas, ignorez-la : vous recevrez un seul rappel, puis plus rien."),
        ),
    ),
    "invitation_reminded": Words(
        _("Rappel : une invitation vous attend pour le chantier « {title} »"),
        (_("Le {day}, {inviter} vous a envoyé une invitation à rejoindre le chantier « {title} » pour « {organisation} »."),),
        _("Lire l’invitation et répondre"),
        "",
        (_("Cette invitation vaut pour l’adresse {email}. Ce rappel est le seul."),),
    ),
    "invitation_accepted": Words(
        _("Invitation acceptée : {organisation} rejoint « {title} »"),
        (_("{person} a accepté l’invitation à rejoindre le chantier « {title} » pour « {organisation} »."),),
        _("Voir les membres du groupe"),
    ),
    "invitation_declined": Words(
        _("Invitation déclinée : {title}"),
        (_("La personne invitée pour « {organisation} » à l’adresse {email} ne rejoindra pas le chantier « {title} »."),),
        _("Voir les membres du groupe"),
    ),
    "entered": Words(
        _("Vous faites partie du groupe : {title}"),
        (
            _("Vous représentez désormais « {organisation} » dans le chantier « {title} ». Votre rôle : {role}."),
            _("L’espace du groupe vous est ouvert."),
        ),
        _("Ouvrir l’espace du groupe"),
    ),
    "role_changed": Words(
        _("Votre rôle change dans le chantier « {title} »"),
        (_("« {organisation} », que vous représentez, a maintenant ce rôle dans le chantier « {title} » : {role}."),),
        _("Ouvrir l’espace du groupe"),
    ),
    "left_confirmed": Words(
        _("Fin de votre participation : {title}"),
        (
            _("« {organisation} » ne fait plus partie du groupe du chantier « {title} »."),
            _("Ce que vous y avez fait reste au nom de votre organisme. Vous ne recevrez plus les messages du groupe."),
        ),
        _("Voir la page du chantier"),
        _("Le motif :"),
    ),
    "left": Words(
        _("« {organisation} » quitte le chantier « {title} »"),
        (_("« {organisation} » ({role}) ne fait plus partie du groupe du chantier « {title} »."),),
        _("Voir les membres du groupe"),
        _("Le motif :"),
    ),
    "replaced_by": Words(
        _("Une autre personne représente « {organisation} » : {title}"),
        (
            _("{other} représente maintenant « {organisation} » à votre place dans le chantier « {title} »."),
            _("Ce que vous y avez fait reste à votre nom. Vous ne recevrez plus les messages du groupe."),
        ),
        _("Voir la page du chantier"),
    ),
    "replaced": Words(
        _("Nouvelle personne pour « {organisation} » : {title}"),
        (_("{person} représente maintenant « {organisation} » dans le chantier « {title} », à la place de {other}."),),
        _("Voir les membres du groupe"),
    ),
    "representation_ended": Words(
        _("Fin de votre participation : {title}"),
        (
            _("Vous ne représentez plus « {organisation} » dans le chantier « {title} »."),
            _("Ce que vous y avez fait reste à votre nom. Vous ne recevrez plus les messages du groupe."),
        ),
        _("Voir la page du chantier"),
    ),
    "without_voice": Words(
        _("Plus personne ne représente « {organisation} » : {title}"),
        (
            _("La personne qui représentait « {organisation} » ({role}) dans le chantier « {title} » ne parle plus pour lui."),
            _("L’organisme reste membre. Demandez-lui qui le représentera."),
        ),
        _("Voir les membres du groupe"),
    ),
}
