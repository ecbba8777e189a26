"""What the scan of a file said."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scan(TextChoices):
    """What the antivirus said of a file; nothing is handed out while it waits or when it is infected."""

    WAITING = "waiting", _("en cours de vérification")
    CLEAN = "clean", _("vérifié")
    INFECTED = "infected", _("refusé par l’antivirus")
    UNCHECKED = "unchecked", _("non vérifié")
