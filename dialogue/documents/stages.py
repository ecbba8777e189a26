"""The natures of documents (folders), and whether their words were read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from dialogue.files.stages import Scan

__all__ = ["Nature", "Reading", "Scan"]


class Nature(TextChoices):
    """The folders of a group's library (product.md, "Documents")."""

    STUDY = "study", _("Études")
    DIAGNOSIS = "diagnosis", _("Diagnostics")
    MAP = "map", _("Cartes")
    DATA = "data", _("Données")
    FEEDBACK = "feedback", _("Retours d’expérience")
    TOOL = "tool", _("Outils et méthodes")
    WORKING = "working", _("Documents de travail")
    DELIVERABLE = "deliverable", _("Livrables")


class Reading(TextChoices):
    """Whether the words of a version were read, for the search."""

    WAITING = "waiting", _("à lire")
    DONE = "done", _("lu")
    NOTHING = "nothing", _("sans texte")
    FAILED = "failed", _("illisible")
