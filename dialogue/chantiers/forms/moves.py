"""What the settings page of a chantier offers: each turn of its life, with the words that go with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.acts import life
from dialogue.chantiers.forms.life import MotiveForm, NoFollowUpForm, NothingForm, OpenedForm, PactForm, TabledForm
from dialogue.chantiers.models import Chantier
from dialogue.ledger.acts import Act
from dialogue.people.stages import Circle


@dataclass(frozen=True)
class Move:
    """A button of the settings page: the act, its words, what it entails, what it asks."""

    code: str
    act: Act
    label: str | Promise
    consequence: str | Promise
    form: type[forms.Form] = NothingForm
    #: Whether the people of the group receive a letter.
    told: bool = False


_MOVES = [
    Move(
        "ouvrir", life.open_chantier, _("Ouvrir le chantier"),
        _("Le chantier paraît : son objectif et son livrable se lisent, et l’on peut demander à le rejoindre."),
        OpenedForm, told=True,
    ),
    Move(
        "lancer", life.launch, _("Lancer le chantier"),
        _("Le groupe est constitué. À sa première séance, il arrêtera sa feuille de route."),
        told=True,
    ),
    Move(
        "reconstituer", life.reopen_launch, _("Revenir à la constitution du groupe"),
        _("Le chantier n’est plus lancé. Rien de ce qui est écrit n’est perdu."),
    ),
    Move(
        "livrer", life.deliver, _("Déclarer les livrables remis"),
        _("Le groupe a remis ce qu’il avait promis. Ses propositions peuvent aller à l’assemblée."),
        told=True,
    ),
    Move(
        "reprendre-le-travail", life.reopen_work, _("Revenir au travail"),
        _("Le chantier redevient « Séances en cours »."),
    ),
    Move(
        "transmettre", life.record_tabling, _("Enregistrer la transmission à l’assemblée"),
        _("La page dira que les propositions sont à voter. La plateforme enregistre, elle ne vote pas."),
        TabledForm,
    ),
    Move(
        "inscrire-au-pacte", life.record_pact_entry, _("Enregistrer l’inscription au pacte"),
        _("La page dira que le chantier est inscrit au pacte territorial."),
        PactForm,
    ),
    Move(
        "sans-suite", life.record_no_follow_up, _("Enregistrer l’absence de suite"),
        _("Aucune proposition n’entre au pacte. La page le dira."),
        NoFollowUpForm,
    ),
    Move(
        "achever", life.complete, _("Déclarer le chantier achevé"),
        _("Le travail du groupe est fini. On ne pourra plus demander à le rejoindre, et l’évaluation commence."),
        told=True,
    ),
    Move(
        "revenir-sur-l-achevement", life.reopen_delivery, _("Revenir sur l’achèvement"),
        _("Le chantier redevient « Livrable publié »."),
    ),
    Move(
        "clore-l-evaluation", life.evaluate, _("Clore l’évaluation"),
        _("Les appréciations ne changeront plus."),
    ),
    Move(
        "rouvrir-l-evaluation", life.reopen_evaluation, _("Rouvrir l’évaluation"),
        _("Les appréciations pourront de nouveau changer."),
    ),
    Move(
        "archiver", life.archive, _("Archiver le chantier"),
        _("Plus rien ne changera. Le chantier reste lisible. C’est définitif."),
    ),
    Move(
        "mettre-en-pause", life.suspend, _("Mettre en pause"),
        _("La page dira que le chantier est en pause, et pourquoi."),
        MotiveForm, told=True,
    ),
    Move(
        "reprendre", life.resume, _("Reprendre le chantier"),
        _("Le chantier revient à l’état d’avant la pause. Le motif disparaît de la page."),
        told=True,
    ),
    Move(
        "rendre-public", life.widen_circle, _("Rendre la page publique"),
        _("Tout le monde lira la page du chantier : objectif, livrable, calendrier, organismes membres."),
    ),
    Move(
        "reserver-aux-partenaires", life.narrow_circle, _("Réserver la page aux partenaires"),
        _("Seuls les partenaires connectés liront la page du chantier."),
    ),
    Move(
        "abandonner", life.abandon, _("Abandonner le chantier"),
        _("Le chantier s’arrête, et la page dira pourquoi. C’est définitif."),
        MotiveForm, told=True,
    ),
]
MOVES = {move.code: move for move in _MOVES}
#: What the assembly does with the propositions of a group. Its secretariat records it without being of the group.
VOTES = ("transmettre", "inscrire-au-pacte", "sans-suite")


def moves_for(chantier: Chantier, reader: Any) -> Iterator[Move]:
    """What the settings page offers to `reader` at this stage; guards may still hold it back."""
    already = {"rendre-public": Circle.PUBLIC, "reserver-aux-partenaires": Circle.PARTNERS}
    for move in _MOVES:
        if move.code in VOTES and move.code not in votes_left(chantier):
            continue
        if move.act.offered(reader, chantier) and already.get(move.code) != chantier.circle:
            yield move


def votes_left(chantier: Chantier) -> tuple[str, ...]:
    """What is still to record of the assembly's work: the tabling, then one outcome, then nothing."""
    if chantier.in_pact_on or chantier.no_follow_up_on:
        return ()
    return VOTES[1:] if chantier.tabled_on else VOTES[:1]
