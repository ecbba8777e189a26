"""The life of a chantier, of its roadmap, of the demands made to it; and what is shown of it."""

from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    PROPOSED = "proposed", _("Proposé")
    OPEN = "open", _("Ouvert")
    LAUNCHED = "launched", _("Lancé")
    WORKING = "working", _("En travail")
    DELIVERED = "delivered", _("Livré")
    COMPLETED = "completed", _("Achevé")
    EVALUATED = "evaluated", _("Évalué")
    ARCHIVED = "archived", _("Archivé")
    SUSPENDED = "suspended", _("Suspendu")
    ABANDONED = "abandoned", _("Abandonné")


#: One may ask to join until completion (product.md, "Members").
JOINABLE = [Stage.OPEN, Stage.LAUNCHED, Stage.WORKING, Stage.DELIVERED, Stage.SUSPENDED]
#: The group is at work.
ACTIVE = [Stage.OPEN, Stage.LAUNCHED, Stage.WORKING, Stage.DELIVERED]
#: Nothing changes any more.
ENDED = [Stage.ARCHIVED, Stage.ABANDONED]


class Reason(TextChoices):
    """The guide's three reasons to open a chantier."""

    MANY = "many", _("Beaucoup de contributions sur un thème prioritaire")
    FEW = "few", _("Une priorité qui a reçu peu de contributions")
    STRUCTURING = "structuring", _("Un projet structurant pour le territoire")


class CandidateStage(TextChoices):
    """What a territorial council said of a candidate."""

    TO_EXAMINE = "to_examine", _("À examiner")
    RETAINED = "retained", _("Retenu")
    SET_ASIDE = "set_aside", _("Écarté")
    OPENED = "opened", _("Ouvert")


class Weather(TextChoices):
    """Météo: given by the lead officer, never computed."""

    CLEAR = "clear", _("Temps clair")
    CLOUDY = "cloudy", _("Nuageux")
    GALE = "gale", _("Avis de vent")


class Role(TextChoices):
    SPONSOR = "sponsor", _("élu porteur")
    LEAD = "lead", _("direction référente")
    RESOURCE = "resource", _("service ressource")
    PARTNER = "partner", _("partenaire")
    OBSERVER = "observer", _("observateur")


#: The two who answer for a chantier: one each, named by the coordination alone.
OFFICERS = [Role.SPONSOR, Role.LEAD]
#: What whoever answers for a chantier may grant.
ORDINARY = [Role.RESOURCE, Role.PARTNER, Role.OBSERVER]


class RoadmapStage(TextChoices):
    DRAFT = "draft", _("Brouillon")
    ADOPTED = "adopted", _("Arrêtée")
    SUPERSEDED = "superseded", _("Remplacée")


class RequestStage(TextChoices):
    WAITING = "waiting", _("En attente")
    ACCEPTED = "accepted", _("Acceptée")
    REFUSED = "refused", _("Refusée")
    WITHDRAWN = "withdrawn", _("Retirée")


class InvitationStage(TextChoices):
    SENT = "sent", _("Envoyée")
    ACCEPTED = "accepted", _("Acceptée")
    DECLINED = "declined", _("Déclinée")
    REVOKED = "revoked", _("Annulée")
    EXPIRED = "expired", _("Expirée")


class Rating(TextChoices):
    REACHED = "reached", _("Atteint")
    PARTLY = "partly", _("Partiellement atteint")
    NOT = "not", _("Non atteint")


@dataclass(frozen=True)
class Shown:
    """What a page says of a chantier (design.md §3): `k` is the class number, the word always goes with the icon."""

    code: str
    k: int
    icon: str
    label: str | Promise


class ShownState(Enum):
    """Derived, never stored (product.md, "Shown state"). The order is that of the tide on the home page."""

    PROPOSED = Shown("propose", 1, "n1", _("Proposé"))
    CONSTITUTION = Shown("constitution", 1, "n1", _("Groupe en constitution"))
    ROADMAP = Shown("feuille-de-route", 2, "n2", _("Feuille de route"))
    MEETINGS = Shown("seances", 3, "n3", _("Séances en cours"))
    DELIVERABLE = Shown("livrable", 4, "n4", _("Livrable publié"))
    PROPOSITIONS = Shown("propositions", 5, "n5", _("Propositions à voter"))
    PACT = Shown("pacte", 6, "n6", _("Inscrit au pacte"))
    PAUSED = Shown("pause", 0, "n0", _("En pause"))
    COMPLETED = Shown("acheve", 4, "n4", _("Achevé"))
    ABANDONED = Shown("abandonne", 0, "n0", _("Abandonné"))

    @property
    def code(self) -> str:
        return self.value.code

    @property
    def k(self) -> int:
        return self.value.k

    @property
    def icon(self) -> str:
        return self.value.icon

    @property
    def label(self) -> str | Promise:
        return self.value.label
