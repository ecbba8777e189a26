"""What comes of the groups' work: propositions and their votes, pacts, evaluations, progress points. What is frozen is found by its
published words alone, so that nobody finds what they would not read on the page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from dialogue.assembly.models import Proposition
from dialogue.chantiers.still import still_read
from dialogue.evaluation.models import Evaluation, ProcessEvaluation
from dialogue.pacts.models import PactAction, PactEdition
from dialogue.restitution.models import Conference, ProgressPoint
from dialogue.search.kinds.base import Kind, Telling, lines, moment


def _proposition(row: Proposition) -> Telling:
    """With the vote that settled it: a vote is read with its proposition."""
    vote = row.resolution
    voted = (vote.number, vote.object, vote.adopted_text, vote.reason) if vote else ()
    return Telling(
        title=row.title,
        text=lines(str(row.get_stage_display()), row.text, row.reasons, row.expected_effect, row.motive, *voted),
        also=f"{row.label} {row.chantier.title}",
        path=row.get_absolute_url(),
        circle=row.circle,
        at=(vote.recorded_at if vote else None) or row.edited_at or row.created_at,
        chantier_id=row.chantier_id,
    )


def _action(row: PactAction) -> Telling:
    return Telling(
        title=row.title,
        text=lines(str(row.get_state_display()), row.text, row.leader, row.origin_words, row.motive),
        also=f"{row.pact.territory.name} {row.theme.name}",
        path=row.get_absolute_url(),
        at=moment(row.published_on) or row.pact.opened_at,
        territory_id=row.pact.territory_id,
    )


def _edition(row: PactEdition) -> Telling:
    """Its frozen words; its actions are found for themselves."""
    content: Any = row.content
    issues = [issue["statement"] for issue in content.get("issues", [])]
    notes = [action["note"] for action in content.get("actions", [])]
    words = {"territory": row.pact.territory.name, "year": row.year}
    return Telling(
        title=now_("Pacte %(year)s, %(territory)s") % words,
        text=lines(content.get("introduction"), content.get("report"), *issues, *notes),
        path=row.get_absolute_url(),
        at=row.published_at,
        territory_id=row.pact.territory_id,
    )


def _last(versions: Any) -> Any:
    """What the last published version says."""
    return versions.order_by("-number").values_list("content", flat=True).first() or {}


def _evaluation(row: Evaluation) -> Telling:
    content = _last(row.versions)
    told = [content.get("worked"), content.get("fell_short"), content.get("differently")]
    for line in (*content.get("objectives", []), *content.get("deliverables", [])):
        told += [line["title"], line["why"]]
    return Telling(
        title=now_("Évaluation du chantier"),
        text=lines(*told),
        also=row.chantier.title,
        path=row.get_absolute_url(),
        circle=row.circle,
        at=row.published_at,
        chantier_id=row.chantier_id,
    )


def _process(row: ProcessEvaluation) -> Telling:
    content = _last(row.editions)
    return Telling(
        title=now_("Évaluation de la démarche, %(year)s") % {"year": row.year},
        text=lines(content.get("introduction"), content.get("lessons")),
        path=row.get_absolute_url(),
        at=row.published_at,
    )


def _entries(content: Any) -> list[str]:
    """What a progress point says of each chantier, to everybody; of those that were withdrawn from the public since, nothing."""
    told: list[str] = []
    seen = still_read(AnonymousUser(), (entry["facts"]["number"] for entry in content.get("entries", [])))
    for entry in content.get("entries", []):
        if entry["facts"]["number"] not in seen:
            continue
        told += [entry["facts"]["title"], entry["done"], entry["left"], entry["asked"], entry["call"]]
    return told


def _point(row: ProgressPoint) -> Telling:
    content = _last(row.versions.filter(published_at__isnull=False))
    return Telling(
        title=now_("Point d’étape, %(territory)s : %(gathering)s")
        % {"territory": row.territory.name, "gathering": row.gathering.title_of_one},
        text=lines(content.get("introduction"), *_entries(content), content.get("conclusion")),
        path=row.get_absolute_url(),
        at=row.published_at,
        territory_id=row.territory_id,
    )


def _conference(row: Conference) -> Telling:
    """Its own words: the points of the territories are found for themselves."""
    content = _last(row.versions.filter(published_at__isnull=False))
    return Telling(
        title=row.gathering.title,
        text=lines(content.get("introduction"), content.get("conclusion")),
        path=row.get_absolute_url(),
        at=row.published_at,
    )


def _out(model: Any) -> Any:
    return model.objects.filter(published_at__isnull=False)


KINDS = [
    Kind(
        "proposition",
        _("Proposition"),
        "propositions",
        rows=lambda: Proposition.objects.select_related("chantier", "resolution"),
        tell=_proposition,
        readable=Proposition.objects.visible_to,
        because={"chantiers.chantier": "chantier__in", "assembly.resolution": "resolution__in"},
    ),
    Kind(
        "pact_action",
        _("Action d’un pacte"),
        "pactes",
        rows=lambda: PactAction.objects.select_related("pact__territory", "theme", "lead"),
        tell=_action,
        readable=PactAction.objects.visible_to,
        # The first published edition makes its actions everybody's.
        because={"pacts.pactedition": "lines__edition__in", "people.organisation": "lead__in"},
    ),
    Kind(
        "pact",
        _("Pacte de territoire"),
        "pactes",
        rows=lambda: PactEdition.objects.in_force().select_related("pact__territory"),
        tell=_edition,
        readable=lambda _reader: PactEdition.objects.in_force(),  # everybody's
        because={"pacts.pactedition": "corrections__in"},
    ),
    Kind(
        "evaluation",
        _("Évaluation"),
        "evaluations",
        rows=lambda: _out(Evaluation).select_related("chantier"),
        tell=_evaluation,
        readable=Evaluation.objects.published_to,
        because={"chantiers.chantier": "chantier__in", "evaluation.evaluationversion": "versions__in"},
    ),
    Kind(
        "process",
        _("Évaluation de la démarche"),
        "evaluations",
        rows=lambda: _out(ProcessEvaluation),
        tell=_process,
        readable=lambda reader: ProcessEvaluation.objects.visible_to(reader).filter(published_at__isnull=False),
        because={"evaluation.processedition": "editions__in"},
    ),
    Kind(
        "point",
        _("Point d’étape"),
        "points",
        rows=lambda: _out(ProgressPoint).select_related("territory"),
        tell=_point,
        readable=lambda reader: ProgressPoint.objects.visible_to(reader).filter(published_at__isnull=False),
        because={"restitution.pointversion": "versions__in", "chantiers.chantier": "lines__chantier__in"},
    ),
    Kind(
        "conference",
        _("Conférence départementale"),
        "points",
        rows=lambda: _out(Conference),
        tell=_conference,
        readable=lambda reader: Conference.objects.visible_to(reader).filter(published_at__isnull=False),
        because={"restitution.conferenceversion": "versions__in"},
    ),
]
