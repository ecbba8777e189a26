"""The kinds of dates in the calendar of the process."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DateKind(TextChoices):
    COUNCIL = "council", _("conseil de territoire")
    CONFERENCE = "conference", _("conférence départementale")
    ASSEMBLY = "assembly", _("séance de l’assemblée départementale")
    PHASE = "phase", _("temps de la démarche")


class Precision(TextChoices):
    """How much of a date is known: the guide of 2017 often gives the month alone."""

    MONTH = "month", _("mois")
    DAY = "day", _("jour")
    TIME = "time", _("heure")


class TitleFont(TextChoices):
    SERIF = "serif", _("à empattements")
    SANS = "sans", _("sans empattements")
    ROUND = "round", _("arrondie")
