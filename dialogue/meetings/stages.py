"""The life of a meeting (séance). The poll, the session and the minutes come with their own stages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MeetingStage(TextChoices):
    CONVENED = "convened", _("Convoquée")
    HELD = "held", _("Tenue")
    CANCELLED = "cancelled", _("Annulée")
