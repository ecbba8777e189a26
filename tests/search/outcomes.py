"""Pacts, evaluations and progress points to be found, each with a word found nowhere else; and what nobody may find yet."""

from __future__ import annotations

from typing import Any

from dialogue.chantiers.models import Chantier
from dialogue.pacts import content as pact_content
from dialogue.people.stages import Circle
from dialogue.restitution import content as restitution
from dialogue.restitution.models import Conference, ConferenceVersion, PointVersion, ProgressPoint
from dialogue.restitution.stages import PaperStage, Where
from tests import factories as make
from tests import factories_evaluation as evaluations
from tests import factories_pacts as pacts

NOW = make.NOW
DRAFTED = "Une phrase zqattendu, écrite depuis la publication."
OUT: dict[str, Any] = {"published_at": NOW, "stage": "published"}


def plant_outcomes(chantier: Chantier) -> None:
    """`chantier`: of which the evaluation is published to the partners. What is drafted since says « zqattendu »."""
    _pacts(chantier)
    _evaluations(chantier)
    _points(chantier)


def _pacts(chantier: Chantier) -> None:
    pact = pacts.make_pact(territory=chantier.territories.get())
    done = pacts.make_action(pact, title="Ouvrir zqengagee")
    pacts.make_action(pact, title="Ouvrir zqprevue", published_on=None)
    edition = pacts.make_edition(pact, stage="published", introduction="Un pacte zqpacte")
    pacts.make_line(edition, done)
    edition.content = pact_content.content_of(edition)
    edition.introduction = DRAFTED
    edition.save()


def _evaluations(chantier: Chantier) -> None:
    published = evaluations.make_evaluation(chantier, circle=Circle.PARTNERS, worked="Le groupe zqbilan", **OUT)
    evaluations.make_version(published)
    published.worked = DRAFTED
    published.save()
    evaluations.make_evaluation(make.make_chantier(), worked=DRAFTED)
    process = evaluations.make_process(lessons="Écouter zqdemarche", **OUT)
    evaluations.make_edition(process)
    process.lessons = DRAFTED
    process.save()


def _points(chantier: Chantier) -> None:
    said: dict[str, Any] = {"drafted_at": NOW, "introduction": DRAFTED}
    council: dict[str, Any] = {"kind": Where.COUNCIL, "territory": chantier.territories.get()}
    point = ProgressPoint.objects.create(series=2, **council, **said | OUT | {"introduction": "Un point zqetape"})
    _freeze(PointVersion, {"point": point}, restitution.of_point(point, []))
    ProgressPoint.objects.create(series=3, **council, **said)
    words = said | OUT | {"introduction": "Ensemble zqconference", "figures": restitution.figures(), "gathered_at": NOW}
    conference = Conference.objects.create(series=2, **words)
    _freeze(ConferenceVersion, {"conference": conference}, restitution.of_conference(conference, []))


def _freeze(model: Any, owner: dict[str, Any], told: tuple[Any, Any]) -> None:
    sealed, reserved = restitution.seals(*told)
    model.objects.create(
        **owner, number=1, content=told[0], reserved=told[1], sha256=sealed, sha256_reserved=reserved, made_at=NOW, published_at=NOW
    )
    paper = next(iter(owner.values()))
    paper.introduction = DRAFTED
    paper.stage = PaperStage.DRAFTING  # a correction is being written
    paper.save()
