"""The chantier, its members, its roadmap, its météo."""

from dialogue.chantiers.models.candidate import Candidate, ContributionLink
from dialogue.chantiers.models.chantier import Chantier, Cooperation, Follow, WeatherReport
from dialogue.chantiers.models.member import Invitation, JoinRequest, Member, Representative, groups_of
from dialogue.chantiers.models.roadmap import Objective, PlannedDeliverable, Roadmap, Step

__all__ = [
    "Candidate",
    "Chantier",
    "ContributionLink",
    "Cooperation",
    "Follow",
    "Invitation",
    "JoinRequest",
    "Member",
    "Objective",
    "PlannedDeliverable",
    "Representative",
    "Roadmap",
    "Step",
    "WeatherReport",
    "groups_of",
]
