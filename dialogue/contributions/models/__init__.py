from dialogue.contributions.models.analysis import (
    AnalysisRun,
    Cluster,
    ClusterChange,
    Pair,
    SecondReading,
    Suggestion,
    TrainedModel,
)
from dialogue.contributions.models.campaign import AnswerTemplate, Campaign
from dialogue.contributions.models.contribution import MAX_TEXT, Attachment, Contribution, ContributionWords, Support
from dialogue.contributions.models.imports import ImportBatch, ImportProblem
from dialogue.contributions.models.proof import AddressProof
from dialogue.contributions.models.sorting import SortingChange

__all__ = [
    "MAX_TEXT",
    "AddressProof",
    "AnalysisRun",
    "AnswerTemplate",
    "Attachment",
    "Campaign",
    "Cluster",
    "ClusterChange",
    "Contribution",
    "ContributionWords",
    "ImportBatch",
    "ImportProblem",
    "Pair",
    "SecondReading",
    "SortingChange",
    "Suggestion",
    "Support",
    "TrainedModel",
]
