"""The life of what is gathered for the carnet, of its files, and of its editions; how an entry is laid out."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from dialogue.meetings.stages import MaterialKind

#: The same natures as at a meeting: photo, words, figure, story, step, sound.
EntryKind = MaterialKind


class EntryStage(TextChoices):
    """`proposed → chosen | refused`; `withdrawn` by its author before it is published. Published: an edition says so."""

    PROPOSED = "proposed", _("À lire")
    CHOSEN = "chosen", _("Retenu")
    REFUSED = "refused", _("Pas retenu")
    WITHDRAWN = "withdrawn", _("Retiré")


class Treatment(TextChoices):
    """What became of a file that was sent: nothing of it is shown before it is ready."""

    NONE = "", _("sans fichier")
    WAITING = "waiting", _("en préparation")
    READY = "ready", _("prêt")
    FAILED = "failed", _("illisible")
    REMOVED = "removed", _("retiré")


class EditionStage(TextChoices):
    """`draft → published → superseded` by a corrected edition, never erased."""

    DRAFT = "draft", _("En préparation")
    PUBLISHED = "published", _("Publié")
    SUPERSEDED = "superseded", _("Remplacé par une édition corrigée")


#: Read by everybody.
OUT = (EditionStage.PUBLISHED, EditionStage.SUPERSEDED)


class Layout(TextChoices):
    """How an entry stands in its chapter. The last three: a promise, and what became of it."""

    TEXT = "text", _("Dans le texte")
    FULL = "full", _("Pleine largeur")
    BESIDE = "beside", _("À côté du texte")
    QUOTE = "quote", _("En exergue")
    FIGURE = "figure", _("En chiffre")
    KEPT = "kept", _("Promesse tenue")
    GOING = "going", _("Promesse en bonne voie")
    MISSED = "missed", _("Promesse qui ne sera pas tenue")


PROMISES = (Layout.KEPT, Layout.GOING, Layout.MISSED)
#: How a nature is laid out unless the editor says otherwise.
USUAL = {
    EntryKind.PHOTO: Layout.FULL,
    EntryKind.VERBATIM: Layout.QUOTE,
    EntryKind.FIGURE: Layout.FIGURE,
    EntryKind.STORY: Layout.TEXT,
    EntryKind.STEP: Layout.KEPT,
    EntryKind.SOUND: Layout.TEXT,
}
#: What suits each nature.
LAYOUTS = {
    EntryKind.PHOTO: (Layout.FULL, Layout.BESIDE),
    EntryKind.VERBATIM: (Layout.QUOTE, Layout.BESIDE),
    EntryKind.FIGURE: (Layout.FIGURE,),
    EntryKind.STORY: (Layout.TEXT, Layout.BESIDE),
    EntryKind.STEP: (*PROMISES, Layout.TEXT),
    EntryKind.SOUND: (Layout.TEXT,),
}


class Format(TextChoices):
    """The files made of one edition."""

    PDF = "pdf", _("PDF")
    EPUB = "epub", _("EPUB")


__all__ = [
    "LAYOUTS", "OUT", "PROMISES", "USUAL", "EditionStage", "EntryKind", "EntryStage", "Format", "Layout", "Treatment",
]  # fmt: skip
