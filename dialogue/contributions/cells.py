"""A cell: one theme in one territory. Its theme is what a person said, else what the machine suggests, told apart."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from dialogue.contributions.models import Cluster, Contribution
from dialogue.contributions.stages import ClusterStage


def cell_of(theme: Any, territory: Any, *, suggested: bool = True) -> Any:
    """The standing contributions of a cell; `suggested`: also those of which only the machine spoke."""
    of_theme = Q(theme=theme)
    if suggested:
        of_theme |= Q(theme=None, suggested_theme=theme)
    return Contribution.objects.standing().filter(of_theme, territory=territory)


def live_clusters(reader: Any) -> Any:
    """The groups in use that `reader` may see, with the texts and the authors of each."""
    rows = Cluster.objects.visible_to(reader).filter(stage=ClusterStage.LIVE).select_related("theme", "territory")
    return rows.annotate(texts=Count("contributions"), authors=Count("contributions__author_key", distinct=True))
