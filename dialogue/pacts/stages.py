"""The life of an action of a pact, and of an edition of its operational part (volet opérationnel)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActionState(TextChoices):
    PLANNED = "planned", _("Prévue")
    UNDER_WAY = "under_way", _("En cours")
    DONE = "done", _("Réalisée")
    DROPPED = "dropped", _("Abandonnée")


#: Still to do: the next yearly update carries them on.
OPEN = [ActionState.PLANNED, ActionState.UNDER_WAY]
OVER = [ActionState.DONE, ActionState.DROPPED]


class Origin(TextChoices):
    """Where an action comes from (product.md: "each action says where it comes from")."""

    CONTRIBUTION = "contribution", _("des contributions déposées")
    PROPOSITION = "proposition", _("une proposition votée")
    OTHER = "other", _("une autre origine")


class EditionStage(TextChoices):
    """An adopted edition is frozen; a correction is another one, with the next number."""

    DRAFT = "draft", _("En préparation")
    ADOPTED = "adopted", _("Adoptée")
    PUBLISHED = "published", _("Publiée")


#: Frozen.
FROZEN = [EditionStage.ADOPTED, EditionStage.PUBLISHED]


class Situation(TextChoices):
    """What an edition says of an action, compared with the year before. The order is that of the page."""

    NEW = "new", _("Nouvelle")
    CARRIED = "carried", _("Poursuivie")
    DONE = "done", _("Terminée")
    DROPPED = "dropped", _("Arrêtée")
