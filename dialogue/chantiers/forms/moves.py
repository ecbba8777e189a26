"""What the settings page of a chantier offers: each turn of its life, with the words that go with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.acts import life
from dialogue.chantiers.forms.life import MotiveForm, NothingForm, OpenedForm
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
        "achever", life.complete, _("Déclarer le chantier achevé"),
        _("Le travail du groupe est fini. On ne pourra plus demander à le rejoindre, et l’évaluation commence."),
        told=True,
    ),
    Move(
        "revenir-sur-l-achevement", life.reopen_delivery, _("Revenir sur l’achèvement"),
        _("Le chantier redevient « Livrable publié »."),
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


def moves_for(chantier: Chantier, reader: Any) -> Iterator[Move]:
    """What the settings page offers to `reader` at this stage; guards may still hold it back."""
    already = {"rendre-public": Circle.PUBLIC, "reserver-aux-partenaires": Circle.PARTNERS}
    for move in _MOVES:
        if move.act.offered(reader, chantier) and already.get(move.code) != chantier.circle:
            yield move
