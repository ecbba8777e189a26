"""What a token may do."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    CONTRIBUTIONS = "contributions", _("Déposer des contributions")
    VOTES = "votes", _("Enregistrer les votes de l’assemblée")
