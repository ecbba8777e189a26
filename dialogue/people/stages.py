"""The states of accounts and organisations, the kinds, the offices, the circles."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Circle(TextChoices):
    """Who may read an item: three circles, nested. Every item that can be read has exactly one (product.md)."""

    GROUP = "group", _("Groupe seulement")
    PARTNERS = "partners", _("Tous les partenaires")
    PUBLIC = "public", _("Public")


class AccountStage(TextChoices):
    PENDING = "pending", _("à valider")
    VALIDATED = "validated", _("validé")
    REFUSED = "refused", _("refusé")
    CLOSED = "closed", _("fermé")


class Office(TextChoices):
    """What a person is for the whole platform; roles in a chantier are another matter (chantiers.Member)."""

    NONE = "", _("aucune charge")
    COORDINATION = "coordination", _("coordination")
    ASSEMBLY = "assembly", _("secrétariat de l’assemblée")


class OrganisationStage(TextChoices):
    PROPOSED = "proposed", _("à valider")
    VALIDATED = "validated", _("validé")
    MERGED = "merged", _("fusionné")


class Kind(TextChoices):
    COMMUNE = "commune", _("commune")
    EPCI = "epci", _("intercommunalité")
    DEPARTMENT = "department", _("Département")
    DIRECTORATE = "directorate", _("direction ou service du Département")
    STATE = "state", _("service de l’État")
    PUBLIC_BODY = "public_body", _("établissement public")
    ASSOCIATION = "association", _("association")
    BUSINESS = "business", _("entreprise")
    CHAMBER = "chamber", _("chambre ou ordre professionnel")
    SCHOOL = "school", _("établissement d’enseignement")
    CITIZENS = "citizens", _("collectif d’habitants")
    OTHER = "other", _("autre")
