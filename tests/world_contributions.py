"""Contributions in the small world of the house tests: of each circle, at each stage, with what the machine and people said of them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from dialogue.chantiers.models import ContributionLink
from dialogue.contributions.models import (
    Attachment,
    ClusterChange,
    Contribution,
    ImportProblem,
    SecondReading,
    SortingChange,
    Suggestion,
    Support,
)
from dialogue.contributions.stages import TO_ANSWER, Stage
from tests import factories as make

#: Those whose key is tried by every visitor: nothing of theirs is a secret.
TRACKED = ("tracked", "tracked-draft")


def build(world: Any) -> None:
    campaign = make.make_campaign(slug="campagne", introduction="Dites ce qui manque.", question="Que voulez-vous dire ?")
    world.campaigns["open"] = campaign
    for n in range(world.size):
        if n:
            make.make_campaign(slug=f"campagne-de-plus-{n}")
        world.campaigns.setdefault("prepared", make.make_campaign(slug=f"preparee-{n}", is_announced=False))
        make.make_template(kind="closed")
        make.make_template(kind="to_complete")
        _texts(world, campaign, n)
        _machine(world, n)
        _import(world, campaign)
    _choice(world)


def _keep(world: Any, key: str, n: int, **fields: Any) -> Contribution:
    row = make.make_contribution(theme=world.themes[0], territory=world.territories[0], **fields)
    world.contributions.setdefault(key if n == 0 else f"{key}-{n}", row)
    return row


def _texts(world: Any, campaign: Any, n: int) -> None:
    """One of each: circles first, then stages."""
    same = {"campaign": campaign, "commune": world.territories[0].communes.first(), "place": "le bourg"}
    hidden = same | {"is_published": False, "circle": "group", "may_publish": False}
    own = hidden | {"person": world.people["partner"]}
    public = _keep(world, "public", n, shown_name="Habitante du bourg", naming="name", **same)
    _keep(world, "partners", n, circle="partners", shown_name="Un voisin", naming="name", **same)
    _keep(world, "unconsented", n, circle="group", may_publish=False, **same)
    _keep(world, "own", n, stage="received", **own)
    _keep(world, "draft", n, stage="draft", **own)
    _keep(world, "tracked", n, stage="received", **hidden)
    _keep(world, "tracked-draft", n, stage="draft", **hidden)
    _keep(world, "to-complete", n, stage=Stage.TO_COMPLETE, motive="Précisez le lieu.", **hidden)
    _keep(world, "inadmissible", n, stage=Stage.INADMISSIBLE, motive="Le Département n’y peut rien.", **hidden)
    _keep(world, "merged", n, stage=Stage.MERGED, merged_into=public, **hidden)
    for stage in (Stage.RECEIVED, Stage.QUALIFIED, Stage.LINKED, Stage.REFERRED, Stage.CLOSED):
        outcome = str(stage) if stage in TO_ANSWER else ""
        _keep(world, str(stage), n, stage=stage, answer="Le Département y travaille." if outcome else "", outcome=outcome, **same)
    _keep(world, "answered", n, stage=Stage.ANSWERED, outcome="closed", answer="Voici l’aide.", answered_at=make.NOW, **same)
    _keep(world, "late", n, stage=Stage.QUALIFIED, due_on=make.TODAY - timedelta(days=3), **same)
    _around(world, public, n)


def _around(world: Any, public: Contribution, n: int) -> None:
    """A support, a step of sorting, files."""
    Support.objects.create(
        contribution=public, organisation_name=f"Amicale {n}", author_email=f"amicale{n}@asso.example", author_key=f"{n:064d}",
        at=make.NOW, confirmed_at=make.NOW,
    )  # fmt: skip
    SortingChange.objects.create(
        contribution=world.contributions["qualified"], act="contributions.qualify", revision=0, by=world.people["coordination"],
        at=make.NOW, group=uuid.uuid4(), before={"stage": "received"},
    )  # fmt: skip
    for key in ("public", "own", "tracked"):
        attachment = Attachment(
            contribution=world.contributions[key], filename=f"plan{n}.txt", size=4, content_type="text/plain", sha256=f"{n:064d}",
            scan="unchecked", added_at=make.NOW,
        )  # fmt: skip
        attachment.file.save(attachment.filename, make.ContentFile(b"Plan"), save=False)
        attachment.save()


def _machine(world: Any, n: int) -> None:
    """A run, its suggestions, a pair to judge, a group named and one that is not, a second reading."""
    run = make.make_run(quality={"accuracy": 0.8, "top3": 0.95, "confident_half": 0.9, "n": 100, "protocol": "5"}, labelled=100)
    theme, territory = world.themes[0], world.territories[0]
    rows = list(Contribution.objects.filter(suggestion=None))
    for row in rows:
        themes = [{"theme": theme.code, "confidence": 0.6, "words": ["cantines"]}]
        Suggestion.objects.create(contribution=row, run=run, themes=themes)
    waiting = world.contributions["received"] if n == 0 else world.contributions[f"received-{n}"]
    Contribution.objects.filter(pk=waiting.pk).update(doubt=0.9, suggested_theme=theme)
    older = make.make_contribution(campaign=waiting.campaign, stage="received", is_published=False, doubt=0.5)
    world.pairs.append(make.make_pair(first=older, second=waiting))
    named = make.make_cluster(
        theme=theme, territory=territory, name="Légumes à la cantine", named_by=world.people["coordination"]
    )
    bare = make.make_cluster(theme=theme, territory=territory)
    world.clusters += [named, bare]
    Contribution.objects.filter(pk__in=[world.contributions[k].pk for k in ("public", "partners")]).update(cluster=named)
    ClusterChange.objects.create(cluster=named, before={}, at=make.NOW)
    read = world.contributions["qualified"] if n == 0 else world.contributions[f"qualified-{n}"]
    other = world.contributions["late"] if n == 0 else world.contributions[f"late-{n}"]
    for row, fields in ((read, {}), (other, {"theme": theme, "read_at": make.NOW})):
        SecondReading.objects.create(contribution=row, first_theme=theme, drawn_at=make.NOW, **fields)


def _import(world: Any, campaign: Any) -> None:
    """A file at each step."""
    for stage, fields in (
        ("uploaded", {}),
        ("checked", {"rows": 1}),
        ("done", {"rows": 1, "created": 1, "finished_at": make.NOW}),
    ):
        batch = make.make_batch(
            campaign=campaign, stage=stage, by=world.people["coordination"], header=["titre", "texte"], **fields
        )
        ImportProblem.objects.create(batch=batch, line=3, column="titre", code="no_text", value="", is_fatal=True)
        world.batches.setdefault(stage, batch)


def _choice(world: Any) -> None:
    """Priorities, candidates at each stage, contributions that chantiers took up."""
    theme, council = world.themes[0], world.dates["public"]
    for territory in world.territories:
        make.make_priority(territory=territory, theme=theme, statement="Bien manger partout.")
    for territory in world.territories:
        for key, fields in {
            "to examine": {"reason": "many"},
            "announced": {"reason": "few", "is_announced": True},
            "retained": {"reason": "structuring", "stage": "retained", "decided_on": make.TODAY, "council": council},
            "set aside": {
                "reason": "many",
                "stage": "set_aside",
                "decided_on": make.TODAY,
                "motive": "Déjà porté par un syndicat.",
            },
        }.items():
            row = make.make_candidate(theme=theme, territory=territory, note="Les maires le demandent.", **fields)
            world.candidates.setdefault(key, row)
    for key in ("ours", "theirs", "ours-partners", "theirs-partners"):
        for name in ("public", "partners", "linked"):
            ContributionLink.objects.create(
                chantier=world.chantiers[key], contribution=world.contributions[name], at=make.NOW, is_origin=True
            )
