"""The path of a deliverable, its licences, how it can be read by everyone, what the group says of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """`PLANNED` is shown for a line of the roadmap that nobody has begun: it has no row."""

    PLANNED = "planned", _("Attendu")
    IN_PROGRESS = "in_progress", _("En préparation")
    SUBMITTED = "submitted", _("Soumis au groupe")
    VALIDATED = "validated", _("Validé")
    PUBLISHED = "published", _("Publié")
    SUPERSEDED = "superseded", _("Remplacé")
    ABANDONED = "abandoned", _("Abandonné")


#: Circulated: stays readable for good.
OUT = [Stage.PUBLISHED, Stage.SUPERSEDED]
#: On the way to publication.
UNDER_WAY = [Stage.IN_PROGRESS, Stage.SUBMITTED, Stage.VALIDATED]


class Licence(TextChoices):
    OPEN = "lo-2.0", _("Licence Ouverte 2.0")
    BY = "cc-by-4.0", _("CC BY 4.0")
    BY_SA = "cc-by-sa-4.0", _("CC BY-SA 4.0")
    RESERVED = "reserved", _("Tous droits réservés")


#: Where each licence is written.
LICENCE_URLS = {
    Licence.OPEN: "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    Licence.BY: "https://creativecommons.org/licenses/by/4.0/deed.fr",
    Licence.BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/deed.fr",
}


class Access(TextChoices):
    """How someone who cannot see or hear the file reads the result (RGAA 13.3)."""

    FILE = "file", _("Le fichier lui-même est accessible")
    VERSION = "version", _("Une version accessible est jointe")
    TEXT = "text", _("Le texte complet est écrit sur la page")


class Finding(TextChoices):
    """What was seen of a file, as far as a machine can see: it proves an obstacle, never an accessible file."""

    TAGGED = "tagged", _("PDF avec des balises")
    UNTAGGED = "untagged", _("PDF sans balises : un lecteur d’écran ne peut pas le suivre")
    OFFICE = "office", _("format que les lecteurs d’écran savent ouvrir")
    OPAQUE = "opaque", _("image ou son : sans texte à lire")
    UNKNOWN = "unknown", _("rien n’a pu être vérifié")


#: What cannot be declared accessible.
CLOSED = [Finding.UNTAGGED, Finding.OPAQUE]


class Verdict(TextChoices):
    """What a member says of a deliverable that was submitted."""

    AGREES = "agrees", _("d’accord")
    CHANGE = "change", _("demande une modification")
