"""Progress points and conferences in the small world of the house tests: published with two versions, and in preparation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dialogue.restitution import content, facts, wording
from dialogue.restitution.models import Conference, ConferenceVersion, PointLine, PointVersion, ProgressPoint
from dialogue.restitution.stages import PaperStage, Where
from tests import factories as make

#: Series: councils with published points, councils in preparation, conference published, conference in preparation.
OUT, COMING, HELD, NEXT = 6, 9, 3, 4


def build(world: Any) -> None:
    by = world.people["coordination"]
    for territory in world.territories:
        published = _point(territory, by, series=OUT, stage=PaperStage.PUBLISHED, published_at=make.NOW - timedelta(days=2))
        for number in (1, 2):
            ProgressPoint.objects.filter(pk=published.pk).update(conclusion=f"Version {number}.")
            published.refresh_from_db()
            _version(PointVersion, {"point": published}, content.of_point(published, _lines(published)), number, by)
        _point(territory, by, series=COMING)
    out = Conference.objects.create(
        series=HELD,
        stage=PaperStage.PUBLISHED,
        introduction="Un an de travail.",
        figures=content.figures(),
        gathered_at=make.NOW,
        drafted_at=make.NOW,
        drafted_by=by,
        published_at=make.NOW,
    )
    points = list(PointVersion.objects.select_related("point__territory"))
    for number in (1, 2):
        out.conclusion = f"Version {number}."
        _version(ConferenceVersion, {"conference": out}, content.of_conference(out, points), number, by)
    Conference.objects.create(
        series=NEXT, introduction="À venir.", figures=content.figures(), gathered_at=make.NOW, drafted_at=make.NOW, drafted_by=by
    )


def _lines(point: ProgressPoint) -> list[PointLine]:
    return list(point.lines.select_related("chantier").order_by("order", "pk"))


def _point(territory: Any, by: Any, **fields: Any) -> ProgressPoint:
    values = {"kind": Where.COUNCIL, "introduction": "Trois chantiers avancent.", "drafted_at": make.NOW, "drafted_by": by}
    point: ProgressPoint = ProgressPoint.objects.create(territory=territory, **values | fields)
    chantiers = facts.chantiers_in([territory])
    gathered = facts.gather(chantiers, now=make.NOW)
    for order, chantier in enumerate(chantiers, 1):
        data, reserved = gathered[chantier.pk]
        PointLine.objects.create(
            point=point,
            chantier=chantier,
            order=order,
            data=data,
            reserved=reserved,
            gathered_at=make.NOW,
            asked="Une salle.",
            **wording.drafted(data, reserved),
        )
    return point


def _version(model: Any, owner: dict[str, Any], told: Any, number: int, by: Any) -> None:
    sealed, reserved = content.seals(*told)
    at = make.NOW - timedelta(days=5 - number)
    model.objects.create(
        **owner,
        number=number,
        content=told[0],
        reserved=told[1],
        sha256=sealed,
        sha256_reserved=reserved,
        made_at=at,
        made_by=by,
        published_at=at,
        change_note="Chiffres corrigés" if number > 1 else "",
    )
