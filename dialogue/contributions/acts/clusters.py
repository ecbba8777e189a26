"""Groups of contributions that use the same words: made in one cell when asked, then named, split, merged by people, with undo.

A number never changes hands: what is made anew in a cell keeps the number of the group of which it holds most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from dialogue.contributions.analyses import text_of
from dialogue.contributions.cells import cell_of
from dialogue.contributions.models import Cluster, ClusterChange, Contribution
from dialogue.contributions.rules import analysis as _rules  # noqa: F401  (declares the permissions)
from dialogue.contributions.stages import ClusterStage
from dialogue.ledger.acts import Refused, act

#: Half of the two together: the new group is the old one, grown.
SAME = 0.5
#: Fewer texts than this make no groups.
LEAST = 8
MOST_IN_A_CELL = 20_000


@act("contributions.make_clusters", record=("theme", "territory"))
def make_clusters(thing: None, *, by: Any, now: datetime, theme: Any, territory: Any) -> ClusterChange | None:
    """Groups the texts of one theme in one territory. None when there are too few; what stays alone is in no group.

    Groups that a person named, split or merged are kept as they are: only the texts outside them are grouped anew.
    """
    from dialogue.analysis.clusters import cluster

    standing = Cluster.objects.filter(theme=theme, territory=territory, stage=ClusterStage.LIVE)
    rows = cell_of(theme, territory).exclude(cluster__named_by__isnull=False)
    kept = list(rows.order_by("pk").values_list("pk", "number", "title", "text", "cluster_id")[:MOST_IN_A_CELL])
    if len(kept) < LEAST:
        return None
    found = cluster([text_of(row[2], row[3]) for row in kept])
    groups = getattr(found, "clusters", found)
    olds: dict[int, set[int]] = {}
    for pk, _number, _title, _text, old in kept:
        if old is not None:
            olds.setdefault(old, set()).add(pk)
    change = ClusterChange(by_id=getattr(by, "pk", None), at=now, before={str(row[0]): row[4] for row in kept})
    made = [_made(group, kept, olds, theme=theme, territory=territory, now=now) for group in groups]
    unused = standing.filter(named_by=None).exclude(pk__in=[row.pk for row, _fresh in made])
    change.revived = list(unused.values_list("pk", flat=True))
    unused.update(stage=ClusterStage.MERGED)
    placed = {pk for group in groups for pk in (kept[n][0] for n in group.members)}
    Contribution.objects.filter(pk__in=[row[0] for row in kept if row[0] not in placed]).update(cluster=None)
    change.ended = [row.pk for row, fresh in made if fresh]
    if made:
        change.cluster = made[0][0]
        change.save()
    return change if made else None


def _made(group: Any, kept: Sequence[Any], olds: dict[int, set[int]], **where: Any) -> tuple[Cluster, bool]:
    """The row of a group, an old one where it is mostly the same; and whether it is new."""
    now = where.pop("now")
    members = {kept[n][0] for n in group.members}
    likely = max(olds, key=lambda old: (len(olds[old] & members), -old), default=None)
    row = None
    if likely is not None and len(olds[likely] & members) >= SAME * len(olds[likely] | members):
        row = Cluster.objects.filter(pk=likely, stage=ClusterStage.LIVE).first()
        olds.pop(likely)
    fresh = row is None
    row = row or Cluster(number=_next_number(), at=now, **where)
    row.words, row.verbatims = list(group.words)[:8], [kept[n][1] for n in group.verbatims]
    row.save()
    _place(members, row)
    return row, fresh


def _next_number() -> int:
    return (Cluster.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _place(ids: Iterable[int], cluster: Cluster | None) -> None:
    Contribution.objects.filter(pk__in=list(ids)).update(cluster=cluster)


def _members(cluster: Cluster) -> list[Any]:
    return list(cluster.contributions.order_by("pk").values_list("pk", "number", "title", "text"))


def _change(cluster: Cluster, before: dict[int, int | None], *, by: Any, now: datetime, **rest: Any) -> ClusterChange:
    told = {str(pk): old for pk, old in before.items()}
    return ClusterChange.objects.create(cluster=cluster, before=told, by_id=getattr(by, "pk", None), at=now, **rest)


@act("contributions.name_cluster", come_from=[ClusterStage.LIVE])
def name_cluster(cluster: Cluster, *, by: Any, now: datetime, name: str) -> None:
    """A person says what it is about: from then on everybody may read it. An empty name gives it back to the machine."""
    name = " ".join(name.split())[:120]
    Cluster.objects.filter(pk=cluster.pk).update(name=name, named_by_id=by.pk if name else None)
    cluster.name, cluster.named_by_id = name, by.pk if name else None


@act("contributions.split_cluster", come_from=[ClusterStage.LIVE])
def split_cluster(cluster: Cluster, *, by: Any, now: datetime) -> ClusterChange:
    """Parts it in two by its words. The larger half keeps the number and the name. Raises Refused when it does not part."""
    from dialogue.analysis.clusters import split

    kept = _members(cluster)
    found = split([text_of(row[2], row[3]) for row in kept])
    groups = sorted(getattr(found, "clusters", found), key=lambda group: (-len(group.members), group.members))
    if len(groups) < 2:  # noqa: PLR2004 (two halves)
        raise Refused(_("Ces contributions se ressemblent trop pour être partagées par leurs mots."))
    before = {row[0]: cluster.pk for row in kept}
    ended = []
    for group in groups[1:]:
        born = Cluster(number=_next_number(), theme=cluster.theme, territory=cluster.territory, at=now)
        born.words, born.verbatims = list(group.words)[:8], [kept[n][1] for n in group.verbatims]
        born.save()
        ended.append(born.pk)
        _place({kept[n][0] for n in group.members}, born)
    words = list(groups[0].words)[:8]
    Cluster.objects.filter(pk=cluster.pk).update(words=words, verbatims=[kept[n][1] for n in groups[0].verbatims])
    return _change(cluster, before, by=by, now=now, ended=ended)


@act("contributions.merge_clusters", come_from=[ClusterStage.LIVE], record=("other",))
def merge_clusters(cluster: Cluster, *, by: Any, now: datetime, other: Cluster) -> ClusterChange:
    """`other` comes into `cluster`, of the same theme and territory. Raises Refused otherwise."""
    if other.pk == cluster.pk or (other.theme_id, other.territory_id) != (cluster.theme_id, cluster.territory_id):
        raise Refused(_("On ne réunit que deux regroupements du même thème et du même territoire."))
    if Cluster.objects.filter(pk=other.pk, stage=ClusterStage.LIVE).update(stage=ClusterStage.MERGED) != 1:
        raise Refused(_("Ce regroupement n’existe plus : quelqu’un l’a réuni à un autre."))
    before = dict.fromkeys(other.contributions.values_list("pk", flat=True), other.pk)
    _place(before, cluster)
    return _change(cluster, before, by=by, now=now, revived=[other.pk])


@act("contributions.move_contributions", come_from=[ClusterStage.LIVE], record=("into",))
def move_contributions(
    cluster: Cluster, *, by: Any, now: datetime, contributions: Sequence[Contribution], into: Cluster | None
) -> ClusterChange:
    """Some of its contributions go into another group of the cell, or into none."""
    if into is not None and (into.theme_id, into.territory_id) != (cluster.theme_id, cluster.territory_id):
        raise Refused(_("Choisissez un regroupement du même thème et du même territoire."))
    before = {row.pk: cluster.pk for row in contributions if row.cluster_id == cluster.pk}
    if not before:
        raise Refused(_("Cochez au moins une contribution de ce regroupement."))
    _place(before, into)
    return _change(cluster, before, by=by, now=now)


@act("contributions.undo_cluster_change")
def undo_cluster_change(change: ClusterChange, *, by: Any, now: datetime) -> None:
    """Puts everything back, as long as it is the last change of these contributions. Raises Refused otherwise."""
    ids = [int(pk) for pk in change.before]
    later = ClusterChange.objects.filter(pk__gt=change.pk, undone_at=None).order_by("pk")
    touched = {str(pk) for pk in ids}
    if change.undone_at is not None or any(touched & set(row.before) for row in later):
        raise Refused(_("D’autres changements ont suivi : annulez-les d’abord."))
    for old in set(change.before.values()):
        Contribution.objects.filter(pk__in=[int(pk) for pk, was in change.before.items() if was == old]).update(cluster_id=old)
    Cluster.objects.filter(pk__in=change.revived).update(stage=ClusterStage.LIVE)
    Cluster.objects.filter(pk__in=change.ended, stage=ClusterStage.LIVE).update(stage=ClusterStage.SPLIT)
    ClusterChange.objects.filter(pk=change.pk).update(undone_at=now)
    change.undone_at = now
