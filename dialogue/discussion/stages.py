"""What a thread is about, where a comment comes from, what became of a remark."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Subject(TextChoices):
    """What a thread is about: the group's own talk, or the remarks on one thing."""

    GROUP = "group", _("Discussion du groupe")
    ROADMAP = "roadmap", _("Feuille de route")
    DOCUMENT = "document", _("Document")
    MINUTES = "minutes", _("Compte-rendu")
    DELIVERABLE = "deliverable", _("Livrable")


class Via(TextChoices):
    """The way something came in: page and mail count the same (the guide)."""

    PAGE = "page", _("sur la plateforme")
    MAIL = "mail", _("par courriel")


class Outcome(TextChoices):
    """What becomes of a remark: none is dropped without a word (product.md, "Never")."""

    OPEN = "open", _("À examiner")
    KEPT = "kept", _("Retenue")
    NOT_KEPT = "not_kept", _("Non retenue")
    TO_DISCUSS = "to_discuss", _("À discuter en séance")
