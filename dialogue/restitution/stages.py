"""The path of what is told to a council or to the conference, and where it is told."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaperStage(TextChoices):
    """`drafting → frozen → published`; a correction goes back to `drafting`, and what was published stays readable."""

    DRAFTING = "drafting", _("En préparation")
    FROZEN = "frozen", _("Figé, à publier")
    PUBLISHED = "published", _("Publié")


class Where(TextChoices):
    """The gatherings at which one tells how far the groups are (the guide, "Restitution")."""

    COUNCIL = "council", _("conseil de territoire")
    CONFERENCE = "conference", _("conférence départementale")


#: A météo that is older says little of the day of the council.
STALE_DAYS = 30
