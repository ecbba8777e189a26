"""The life of a meeting (séance), its agenda, its minutes, and what is captured in session."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MeetingStage(TextChoices):
    """`draft → (poll) → convened → in_session → held → closed`; `postponed` waits for a new date (same UID); `cancelled`."""

    DRAFT = "draft", _("En préparation")
    POLL = "poll", _("Date à choisir")
    CONVENED = "convened", _("Convoquée")
    IN_SESSION = "in_session", _("En cours")
    HELD = "held", _("Tenue")
    CLOSED = "closed", _("Close")
    POSTPONED = "postponed", _("Reportée")
    CANCELLED = "cancelled", _("Annulée")


#: Seen by the group alone: it has no date yet, or lost the one it had.
UNDATED = (MeetingStage.DRAFT, MeetingStage.POLL, MeetingStage.POSTPONED)
#: What a calendar shows as taking place, or as having taken place.
STANDING = (MeetingStage.CONVENED, MeetingStage.IN_SESSION, MeetingStage.HELD, MeetingStage.CLOSED)
#: It took place.
PAST = (MeetingStage.HELD, MeetingStage.CLOSED)


class ItemKind(TextChoices):
    INFORMATION = "information", _("Information")
    DISCUSSION = "discussion", _("Discussion")
    DECISION = "decision", _("Décision")


class ItemState(TextChoices):
    """`carried`: not treated, it comes back in the next agenda."""

    TO_DO = "to_do", _("à venir")
    DONE = "done", _("traité")
    CARRIED = "carried", _("reporté à la séance suivante")


class Available(TextChoices):
    """An answer to a date poll."""

    YES = "yes", _("oui")
    IF_NEED_BE = "if_need_be", _("si besoin")
    NO = "no", _("non")


class Rsvp(TextChoices):
    """An answer to a convocation: PARTSTAT of RFC 5545."""

    ACCEPTED = "accepted", _("Je viens")
    TENTATIVE = "tentative", _("Peut-être")
    REPLACED = "replaced", _("Quelqu’un me remplace")
    DECLINED = "declined", _("Excusez-moi")


class Presence(TextChoices):
    """Attendance, by organisation."""

    UNKNOWN = "", _("À noter")
    PRESENT = "present", _("Présent")
    REPRESENTED = "represented", _("Représenté")
    EXCUSED = "excused", _("Excusé")
    ABSENT = "absent", _("Absent")


class DecisionState(TextChoices):
    STANDING = "standing", _("En cours")
    APPLIED = "applied", _("Appliquée")
    REPLACED = "replaced", _("Remplacée")
    DROPPED = "dropped", _("Abandonnée")


class MaterialKind(TextChoices):
    """What is gathered for the carnet de voyage (the guide: at each meeting)."""

    VERBATIM = "verbatim", _("Parole")
    STORY = "story", _("Récit")
    FIGURE = "figure", _("Chiffre")
    STEP = "step", _("Étape")
    PHOTO = "photo", _("Photo")
    SOUND = "sound", _("Son")


class MinutesStage(TextChoices):
    """`drafting → in_review (deadline) → approved → published → rectified (version n)`."""

    DRAFTING = "drafting", _("Brouillon")
    IN_REVIEW = "in_review", _("Relecture")
    APPROVED = "approved", _("Approuvé")
    PUBLISHED = "published", _("Publié")
    RECTIFIED = "rectified", _("Rectifié")


#: Out of the group: published, in whatever version.
OUT = (MinutesStage.PUBLISHED, MinutesStage.RECTIFIED)
