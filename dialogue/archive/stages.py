"""The life of a year of the process."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class YearStage(TextChoices):
    OPEN = "open", _("En cours")
    CLOSED = "closed", _("Close")
