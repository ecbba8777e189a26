"""The natures of documents (folders), and what the scan of a file said."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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


class Scan(TextChoices):
    """What the antivirus said of a version; nothing is handed out while it waits or when it is infected."""

    WAITING = "waiting", _("en cours de vérification")
    CLEAN = "clean", _("vérifié")
    INFECTED = "infected", _("refusé par l’antivirus")
    UNCHECKED = "unchecked", _("non vérifié")


class Reading(TextChoices):
    """Whether the words of a version were read, for the search."""

    WAITING = "waiting", _("à lire")
    DONE = "done", _("lu")
    NOTHING = "nothing", _("sans texte")
    FAILED = "failed", _("illisible")
