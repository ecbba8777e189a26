"""The life of an evaluation, of a survey, of the evaluation of the whole process; the fixed questions of the survey."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class EvaluationStage(TextChoices):
    """`correcting`: published once, open again; the last version stays on line meanwhile."""

    DRAFT = "draft", _("Brouillon")
    PUBLISHED = "published", _("Publiée")
    CORRECTING = "correcting", _("En correction")


#: The lead and the coordination write.
OPEN_STAGES = [EvaluationStage.DRAFT, EvaluationStage.CORRECTING]


class SurveyStage(TextChoices):
    OPEN = "open", _("Ouverte")
    CLOSED = "closed", _("Close")


class ProcessStage(TextChoices):
    DRAFT = "draft", _("En préparation")
    PUBLISHED = "published", _("Publiée")


class Choice(TextChoices):
    """An answer to a question of the survey; `none` counts as an answer, not in the shares."""

    YES = "yes", _("Tout à fait")
    RATHER = "rather", _("Plutôt")
    LITTLE = "little", _("Plutôt pas")
    NO = "no", _("Pas du tout")
    NONE = "none", _("Sans avis")


#: What counts as agreeing.
AGREES = (Choice.YES, Choice.RATHER)
#: Nothing is shown of a survey below this number of answers, not even to the coordination.
FEWEST = 5


@dataclass(frozen=True)
class Question:
    code: str
    text: str | Promise
    #: For tables and figures.
    short: str | Promise


QUESTIONS = (
    Question("useful", _("Ce chantier a été utile à mon organisme."), _("utile")),
    Question("heard", _("La parole de mon organisme a été entendue."), _("entendus")),
    Question("clear", _("Les décisions étaient claires, et suivies d’effet."), _("décisions suivies")),
    Question("rhythm", _("Le rythme et l’horaire des séances me convenaient."), _("rythme")),
    Question("again", _("Je participerais de nouveau à un tel groupe."), _("prêts à recommencer")),
)
#: Free text, facultative.
WORDS = (
    Question("kept", _("Qu’est-ce qu’il faut garder ?"), _("à garder")),
    Question("change", _("Qu’est-ce qu’il faudrait changer ?"), _("à changer")),
)


class Verdict(TextChoices):
    """What the ratings of one chantier say together (see `dialogue.evaluation.table.verdict_of` for the rule)."""

    KEPT = "kept", _("Promesses tenues")
    PARTLY = "partly", _("Tenues en partie")
    NOT = "not", _("Non tenues")
    WAITING = "waiting", _("À évaluer")
    RESERVED = "reserved", _("Évalué, non publié ici")
    GOING_ON = "going_on", _("Se poursuit")
    STOPPED = "stopped", _("Arrêté")
