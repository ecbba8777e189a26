"""Where incoming mail comes from, what became of it, and why."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Way(TextChoices):
    LMTP = "lmtp", _("serveur local")
    IMAP = "imap", _("boîte relevée")
    WEBHOOK = "webhook", _("prestataire")


class MailStage(TextChoices):
    """`received` is on disk and acknowledged; every other stage is final but `to_file`, where a person decides."""

    RECEIVED = "received", _("reçu")
    POSTED = "posted", _("publié")
    ANSWERED = "answered", _("réponse à une convocation")
    DEPOSITED = "deposited", _("devenu une contribution")
    TO_FILE = "to_file", _("à rattacher")
    IGNORED = "ignored", _("ignoré")
    BOUNCE = "bounce", _("avis de non-remise")
    REFUSED = "refused", _("refusé")
    SET_ASIDE = "set_aside", _("classé sans suite")
    FAILED = "failed", _("en échec")


class Reason(TextChoices):
    """Why a mail waits, was ignored, refused, or what kind of notice it is; empty for what went well."""

    # It waits for a person.
    OTHER_SENDER = "other_sender", _("l’expéditeur n’est pas la personne à qui nous avions écrit")
    BROKEN_ADDRESS = "broken_address", _("l’adresse de réponse est incomplète ou n’est plus valable")
    CONTACT = "contact", _("écrit à l’adresse générale")
    GROUP = "group", _("écrit à l’adresse du groupe")
    IN_WORDS = "in_words", _("répond avec des mots à une convocation")
    # It is kept, and nothing is done with it.
    AUTOMATIC = "automatic", _("réponse automatique")
    LOOP = "loop", _("l’un de nos propres courriels, revenu")
    TWICE = "twice", _("déjà reçu")
    FLOOD = "flood", _("trop de courriels du même expéditeur en une heure")
    # Its sender was told.
    EMPTY = "empty", _("rien de nouveau au-dessus ni au-dessous de la citation")
    LEFT = "left", _("l’expéditeur ne participe plus au groupe")
    CLOSED = "closed", _("on ne peut plus écrire à cet endroit")
    FILES = "files", _("aucune pièce jointe n’a pu être gardée")
    CAMPAIGN = "campaign", _("la campagne de contributions n’est pas ouverte")
    CALENDAR = "calendar", _("la réponse à la convocation n’a pas pu être notée")
    TOO_LARGE = "too_large", _("trop lourd")
    BY_HAND = "by_hand", _("refusé par une personne")
    # A mail server speaks of one of our letters.
    HARD = "hard", _("l’adresse n’existe pas ou ne reçoit plus")
    SOFT = "soft", _("la boîte ne reçoit pas en ce moment")
    OTHER_NOTICE = "other_notice", _("avis d’un serveur de courrier")
    # Several workers tried.
    UNREADABLE = "unreadable", _("le courriel n’a pas pu être traité")


#: Stages of which the queue shows a list, with the word of its address.
LISTS = {
    "a-rattacher": (MailStage.TO_FILE, _("À rattacher")),
    "classes": (MailStage.SET_ASIDE, _("Classés sans suite")),
    "refuses": (MailStage.REFUSED, _("Refusés")),
    "ignores": (MailStage.IGNORED, _("Ignorés")),
    "publies": (MailStage.POSTED, _("Publiés")),
    "reponses": (MailStage.ANSWERED, _("Réponses aux convocations")),
    "contributions": (MailStage.DEPOSITED, _("Contributions")),
    "avis": (MailStage.BOUNCE, _("Avis de non-remise")),
    "echecs": (MailStage.FAILED, _("En échec")),
}
